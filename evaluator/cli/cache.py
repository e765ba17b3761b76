"""Where is kept what earlier evaluations found out, and how is it thrown away?"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from evaluator import cache, places
from evaluator.errors import UsageError

_FOLDERS = ("uv", "pythons", "environments")
"""What ``runs.installing`` keeps there. Nothing else is removed: the caller may have named a folder of his own."""


@click.group(name="cache")
def command() -> None:
    """Manage what is kept from one evaluation to the next."""


@command.command(name="dir")
def where() -> None:
    """Print the folder; EVALUATE_CACHE names another."""
    click.echo(_folder())


@command.command(name="clean")
def throw_away() -> None:
    """Remove verdicts, findings about unchanged files, and downloaded packages and interpreters."""
    folder = _folder()
    try:
        freed = cache.clean(folder)
        for path in (folder / name for name in _FOLDERS):
            if path.is_dir() and not path.is_symlink():
                freed += sum(p.lstat().st_size for p in path.rglob("*") if not p.is_dir())
                shutil.rmtree(path)
    except OSError as error:
        raise UsageError(f"{folder} cannot be cleaned: {error.strerror}; remove what is in it by hand") from error
    click.echo(f"{freed / 1_000_000:.1f} MB freed in {folder}")


def _folder() -> Path:
    return places.cache(otherwise=Path.cwd() / ".evaluator-cache")
