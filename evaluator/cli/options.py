"""Which options do several commands share, and where may their values come from?"""

from __future__ import annotations

import logging
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evaluator.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """As ``click.option``; the value may also come from ``EVALUATE_<NAME>`` in the environment."""
    long = next(n for n in names if n.startswith("--"))
    variable = "EVALUATE_" + long.strip("-").split("/")[0].replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=False, **settings)


class Duration(click.ParamType[int]):
    """Seconds, or a number with ``s``, ``m`` or ``h``; converts to whole seconds, at least 1."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = str(value).strip().lower()
        number, unit = (text[:-1], text[-1]) if text[-1:] in {"s", "m", "h"} else (text, "s")
        try:
            seconds = round(float(number) * {"s": 1, "m": 60, "h": 3600}[unit])
        except (ValueError, OverflowError):
            seconds = 0
        if seconds < 1:
            self.fail(f"{value!r} is no duration; write 90, 90s, 10m or 1h", param, ctx)
        return seconds


class Finite(click.FloatRange):
    """A number within a range; unlike Click's, ``nan`` is none: it would pass every comparison."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


def gathering(command: F) -> F:
    """Add the options on what is looked at and what may be executed."""
    for decorate in reversed(
        (
            option("--path", "subdir", default="", metavar="SUBDIR", help="Judge one folder of the target."),
            option(
                "--run",
                type=click.Choice(["none", "tests", "all"]),
                help="What of the project's code may be executed. [default: all where a sandbox works]",
            ),
            option(
                "--sandbox",
                type=click.Choice(["auto", "bwrap", "container", "landlock", "off"]),
                default="auto",
                show_default=True,
                help="Where it is executed; `off`: with your own rights, on your own word.",
            ),
            option("--budget", type=Duration(), default="10m", show_default=True, help="Time for all runs together."),
            option(
                "--env",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="An existing environment; nothing is installed.",
            ),
            option("--offline", is_flag=True, help="Nothing is fetched or downloaded."),
            option("--no-cache", is_flag=True, help="Judge afresh, whatever is known from an earlier evaluation."),
        )
    ):
        command = decorate(command)
    return command


def judging(command: F) -> F:
    """Add the options on what is judged and for whom."""
    for decorate in reversed(
        (
            option("--rubric", default="recruiter-signals", show_default=True, metavar="NAME|FILE", help="The rubric."),
            option("--role", default="general", show_default=True, help="Whom the project is judged for."),
        )
    ):
        command = decorate(command)
    return command


def speaking(command: F) -> F:
    """Add the options on what is said while at work."""
    for decorate in reversed(
        (
            option("-q", "--quiet", is_flag=True, help="No progress on standard error."),
            option("-v", "--verbose", count=True, help="More on standard error; twice for everything."),
            option("--no-progress", is_flag=True, help="Plain lines instead of a moving one."),
            option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours."),
        )
    ):
        command = decorate(command)
    return command


def user_settings(ctx: click.Context) -> None:
    """Take defaults from ``config.toml`` in the user's configuration folder; never from anywhere else.

    Raises:
        UsageError: The file cannot be read, or names an option that this command does not have.
    """
    from platformdirs import user_config_path

    try:
        path = user_config_path("evaluator") / "config.toml"
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError, RuntimeError):
        return  # no file; or no home of his own: then it is nobody's word
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}; mend or remove it") from error
    known = {o.lstrip("-"): p.name for p in ctx.command.params for o in p.opts if o.startswith("--")}
    if strange := sorted(set(settings) - set(known)):
        raise UsageError(f"{path}: no such option: {', '.join(strange)}; known: {', '.join(sorted(known))}")
    ctx.default_map = {str(known[k]): v for k, v in settings.items()}


class Configured(click.Command):
    """A command whose defaults may stand in the user's configuration file."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        probe = click.Context(self, info_name=info_name, parent=parent)
        user_settings(probe)
        extra.setdefault("default_map", probe.default_map)
        return super().make_context(info_name, args, parent=parent, **extra)


def set_logging(verbose: int) -> None:
    """Send the package's own log to standard error: warnings, then information, then everything."""
    level = {0: logging.ERROR, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    log = logging.getLogger("evaluator")
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False
