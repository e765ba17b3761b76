"""Which files of a work tree does the project tell git not to track?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from pathspec import GitIgnoreSpec

_LINES = 5_000
_STARS = re.compile(r"\*+")


@dataclass
class IgnoreRules:
    """The rules of gitignore(5) for one tree, added folder by folder on the way down.

    The user's own ``core.excludesFile`` is left out: two machines would judge one folder differently. Where a rule
    takes an ignored folder back (``!/a`` after ``a/b``), pathspec takes back what lies in it too; git does not.
    """

    _specs: dict[bytes, GitIgnoreSpec] = field(default_factory=dict)
    _everywhere: GitIgnoreSpec | None = None

    def add(self, folder: bytes, content: bytes) -> None:
        """Add the ``.gitignore`` with ``content`` that lies in ``folder`` (relative; empty for the root)."""
        if (spec := _spec(content)) is not None:
            self._specs[folder] = spec

    def add_everywhere(self, content: bytes) -> None:
        """Add ``info/exclude`` of the repository, which every ``.gitignore`` overrules."""
        self._everywhere = _spec(content)

    def ignores(self, name: bytes, *, is_folder: bool) -> bool:
        """Whether the last rule that matches ``name`` ignores it. Its parents are the caller's to ask about first."""
        if not self._specs and self._everywhere is None:
            return False
        folder = name
        while folder:
            folder = folder.rpartition(b"/")[0]
            spec = self._specs.get(folder)
            if spec is not None:
                verdict = _verdict(spec, name[len(folder) + 1 :] if folder else name, is_folder=is_folder)
                if verdict is not None:
                    return verdict
        return bool(self._everywhere and _verdict(self._everywhere, name, is_folder=is_folder))


def _verdict(spec: GitIgnoreSpec, name: bytes, *, is_folder: bool) -> bool | None:
    text = os.fsdecode(name) + ("/" if is_folder else "")
    return spec.check_file(text, separators=()).include


def _spec(content: bytes) -> GitIgnoreSpec | None:
    lines = [
        line for line in os.fsdecode(content.removeprefix(b"\xef\xbb\xbf")).splitlines()[:_LINES] if _is_tame(line)
    ]
    try:
        return GitIgnoreSpec.from_lines(lines)
    except (ValueError, re.error):
        return GitIgnoreSpec.from_lines(line for line in lines if _is_valid(line))


def _is_valid(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _is_tame(line: str) -> bool:
    """Whether ``line`` can be matched in short time: patterns become regular expressions, and each star multiplies."""
    stars = [len(found) for found in _STARS.findall(line)]
    return len(line) <= 1_000 and stars.count(2) <= 3 and all(len(_STARS.findall(p)) <= 3 for p in line.split("/"))
