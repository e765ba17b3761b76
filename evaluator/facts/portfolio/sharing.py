"""What of the files that all projects of a repository share belongs to one of them?

A command of the repository's CI, Makefile, compose file or README belongs to the project whose folder it runs in, starts a
file of, or names; one that names no project (``pytest`` at the top, ``ruff check .``) belongs to all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import msgspec

from evaluator.facts.delivery import Command, Delivery, Dockerfile, Workflow


@dataclass(frozen=True)
class Share:
    """One project among others.

    Attributes:
        folder: Its path. apart: The folders of all.
        hidden: Common files in whose place the project has one of its own.
    """

    folder: str
    apart: Collection[str]
    hidden: Collection[str] = ()

    def delivery(self, own: Delivery, whole: Delivery) -> Delivery:
        """Return the delivery of the project: what its own files say, and its share of what the common ones say.

        Args:
            own: As it looks from within the project, common files included.
            whole: As it looks from the top of the repository.
        """
        common = {c.at.path for c in whole.commands if self._is_common(c.at.path)}
        common |= {w.path for w in whole.workflows if self._is_common(w.path)}
        common |= {d.path for d in whole.dockerfiles if self._is_common(d.path)}
        common |= {path for path in whole.compose if self._is_common(path)}
        # A forge takes up its CI files at the top of the repository only.
        mine = [w for w in own.workflows if w.path not in common and w.system in {"jenkins", "azure", "other"}]
        images = [d for d in own.dockerfiles if d.path not in common]
        commands = [c for c in own.commands if c.at.path not in common]
        return Delivery(
            workflows=tuple(sorted((*mine, *self._workflows(whole.workflows)), key=lambda w: w.path)),
            dockerfiles=tuple(sorted((*images, *self._images(whole.dockerfiles)), key=lambda d: d.path)),
            commands=(*commands, *self._commands(c for c in whole.commands if self._is_common(c.at.path))),
            compose=own.compose,
        )

    def _is_common(self, path: str) -> bool:
        return path not in self.hidden and not any(path.startswith(f"{other}/") for other in self.apart)

    def _workflows(self, workflows: Iterable[Workflow]) -> Iterator[Workflow]:
        for workflow in workflows:
            if not self._is_common(workflow.path):
                continue
            kept = tuple(self._commands(workflow.commands))
            lost = len(kept) < len(workflow.commands)
            if not lost or any(self._names(c, self.folder) for c in workflow.commands):
                yield msgspec.structs.replace(workflow, commands=kept)

    def _images(self, images: Iterable[Dockerfile]) -> Iterator[Dockerfile]:
        for image in images:
            if not self._is_common(image.path):
                continue
            starts = None if image.starts is None else next(self._commands([image.starts]), None)
            if (starts is None) == (image.starts is None):
                yield msgspec.structs.replace(
                    image,
                    starts=starts,
                    installs=tuple(self._commands(image.installs)),
                    copies=self._inside(image.copies),
                )

    def _commands(self, commands: Iterable[Command]) -> Iterator[Command]:
        for command in commands:
            if self._names(command, self.folder) or not any(self._names(command, other) for other in self.apart):
                yield msgspec.structs.replace(
                    command, runs=self._moved(command.runs), cwd=self._moved(command.cwd) or ""
                )

    def _names(self, command: Command, folder: str) -> bool:
        """Whether a command is about what lies in ``folder``."""
        places = (command.cwd, command.runs or "")
        if any(place == folder or place.startswith(f"{folder}/") for place in places):
            return True
        if any(_lies_in(place, other) for place in places for other in self.apart):
            return False
        words = (word.removeprefix("./").rstrip("/") for word in command.argv)
        return any(_lies_in(word, folder) for word in words)

    def _moved(self, path: str | None) -> str | None:
        """Return a path of the repository as the project sees it."""
        if path is None or path == self.folder:
            return None if path is None else ""
        return path.removeprefix(f"{self.folder}/")

    def _inside(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._moved(path) or "." for path in paths)


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
