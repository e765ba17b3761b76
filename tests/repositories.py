"""Builds the git repositories that tests evaluate."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *args: str, day: int = 0) -> str:
    """Run git in ``folder`` as a fixed author, ``day`` days after 2025-03-01; return its standard output."""
    when = f"{1740830400 + 86400 * day} +0000"
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *args],
        cwd=folder,
        env={**os.environ, **_WHO, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
        capture_output=True,
        check=True,
        text=True,
        errors="surrogateescape",
    )
    return done.stdout


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write ``files`` below ``folder``."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def repository(folder: Path, *commits: tuple[str, Mapping[str, str | bytes]]) -> Path:
    """Make a repository at ``folder`` with one commit per (message, files), a day apart; return ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    for day, (message, files) in enumerate(commits):
        write(folder, files)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "--allow-empty", "-m", message, day=day)
    return folder
