"""How is the private copy of the history asked something, within bounds and without obeying anyone's settings?"""

from __future__ import annotations

import os
import re
from pathlib import Path

from evaluator.sandbox.tools import ToolOutcome, run_tool
from evaluator.source.names import original
from evaluator.source.snapshot import Snapshot

_SETTINGS = {
    "safe.bareRepository": "all",
    "core.fsmonitor": "false",
    "core.commitGraph": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.quotePath": "false",
    # A larger blob counts as binary: neither its lines nor its bytes are worth the time of a diff.
    "core.bigFileThreshold": "1m",
    "gc.auto": "0",
    "log.showSignature": "false",
}
_SECONDS = 60
_REVISION = re.compile(r"HEAD|[0-9a-f]{40}|[0-9a-f]{64}")


def environment(git_dir: Path) -> dict[str, str]:
    """Return the variables under which git reads ``git_dir`` and nothing else: no user's or system's settings, no
    helper programs, no fetch of objects that this copy lacks.

    ``GIT_NO_LAZY_FETCH`` came with git 2.45; forbidding every protocol does the same for older ones.
    """
    numbered = enumerate(sorted(_SETTINGS.items()))
    settings = {f"GIT_CONFIG_{part}_{n}": kv[at] for n, kv in numbered for at, part in enumerate(("KEY", "VALUE"))}
    return settings | {
        "GIT_DIR": str(git_dir),
        "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
    }


def ask(git_dir: Path, *args: str, output_bytes: int) -> ToolOutcome:
    """Return what git answers; it is stopped after a minute, or once it has written more than ``output_bytes``."""
    return run_tool(
        ("git", "--no-pager", f"--git-dir={git_dir}", *args),
        cwd=git_dir,
        env=environment(git_dir),
        seconds=_SECONDS,
        output_bytes=output_bytes,
    )


def revision(snapshot: Snapshot) -> str:
    """Return the judged commit's id, or ``HEAD``; never anything that git could take for an option."""
    commit = snapshot.subject.commit or ""
    return commit if _REVISION.fullmatch(commit) else "HEAD"


def below(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the arguments that keep git to the judged folder: none for the whole repository."""
    folder = _folder(snapshot)
    return ("--", folder) if folder else ("--",)


def relative(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the option that makes a diff's paths relative to the judged folder, as those of the files are."""
    folder = _folder(snapshot)
    return (f"--relative={folder}",) if folder else ()


def _folder(snapshot: Snapshot) -> str:
    return os.fsdecode(original(snapshot.subject.path.strip("/")))


def cut_off(git_dir: Path) -> frozenset[str]:
    """Return the commits at which a shallow copy ends; empty for a whole one."""
    try:
        lines = (git_dir / "shallow").read_text("ascii", errors="replace").split()
    except OSError:
        return frozenset()
    return frozenset(lines)
