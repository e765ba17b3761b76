"""What did the user type, and what is printed in return?"""

from __future__ import annotations

import contextlib
import importlib
import signal
import sys
from typing import Any

import click

from evaluator import __version__

COMMANDS = {
    "run": "evaluate a repository (the default command)",
    "gather": "look and run, without judging",
    "judge": "judge stored facts again: no clone, no run",
    "render": "any report form from report.json",
    "explain": "what a signal asks, why, how it is found, and how to mend it",
    "signals": "all signals, a line each",
    "cache": "what is kept from one evaluation to the next",
    "doctor": "what this machine can do",
    "schema": "the JSON Schema of report.json",
}


class Commands(click.Group):
    """Commands are imported when they are called; a first word that is no command is a target."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"evaluator.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*COMMANDS, "--help", "-h", "--version"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evaluate")
def program() -> None:
    """Read, run and judge a machine-learning repository.

    `evaluate TARGET` is short for `evaluate run TARGET`. A TARGET is a URL, owner/repo, a folder, an archive, or - for
    a list on standard input; @REF after it names a branch, tag or commit.
    """


def code(args: list[str] | None = None) -> int:
    """Run the program and return the contract's exit code; no traceback reaches the user."""
    from evaluator.errors import EvaluatorError

    _hear_the_end()
    try:
        result: Any = program.main(args=args, prog_name="evaluate", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("evaluate: interrupted", err=True)
        return 130
    except EvaluatorError as error:
        click.echo(f"evaluate: {error}{_perhaps(args, error)}", err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stdout = None  # whoever read us has gone; nothing more can be said
        return 0
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback reaches the user
        from evaluator.cli.faults import explain

        click.echo(explain(error), err=True)
        return 70
    return result if isinstance(result, int) else 0


def _perhaps(args: list[str] | None, error: Exception) -> str:
    """Return a hint where a first word that was taken for a target looks like a mistyped command."""
    import difflib

    from evaluator.errors import SourceError

    first = (sys.argv[1:] if args is None else args)[:1]
    close = difflib.get_close_matches(first[0], COMMANDS, n=1) if first and isinstance(error, SourceError) else []
    return f"; did you mean `evaluate {close[0]}`?" if close else ""


def _hear_the_end() -> None:
    """Take a request to end, from a CI system or a closed terminal, as an interrupt: what was made is cleared up."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not in the main thread: whoever called us decides
                signal.signal(number, signal.default_int_handler)
