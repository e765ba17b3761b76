"""What is to be installed, in lines that we have written, and what of the declared had to be written otherwise?"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from evaluator.facts.code import Code
from evaluator.facts.import_names import Need, canonical, installable, own_names, table, vouched_for
from evaluator.facts.manifests.following import INSTALL_LINES, LOCKS, declaring, direct_of, followed, lock_of
from evaluator.facts.manifests.found import COMPUTED, NOT_READ
from evaluator.facts.packaging import Manifest, Packaging, Requirement
from evaluator.model import Record, Span
from evaluator.runs.environment import Departure

_LATER_GONE = frozenset(
    {"distutils", "imp", "asyncore", "asynchat", "smtpd", "formatter", "parser", "symbol", "binhex"}
)
_OWN_FOLDER = re.compile(r"(?:-e\s+)?\.(?:[/\\]|$|\[)")
_PROJECT_FILES = frozenset({"pyproject", "setup.cfg", "setup.py"})
_TEST_GROUPS = re.compile(r"tests?|testing|dev|develop|development", re.IGNORECASE)
_PIN = re.compile(r"==\s*(\d[\w.!]*?)(?:\.\*)?")
_MOST = 1_500


class Line(Record):
    """One requirement as it is handed to the resolver.

    Attributes:
        text: In the form of PEP 508, written by us. open_text: The same without versions. newer: The same or a later
            version than the one it pins; empty where it pins none.
        raw: As the project wrote it.
        foreign: Declared for another installer (conda), which may know names and versions that indexes lack.
    """

    name: str
    text: str
    open_text: str
    raw: str
    newer: str = ""
    at: Span | None = None
    foreign: bool = False

    @property
    def loose(self) -> Line:
        """The same, any version."""
        return msgspec.structs.replace(self, text=self.open_text)


class Wanted(Record):
    """What a plain install takes, and what the runs would like beside it.

    Attributes:
        manifest: Path of what is installed from; empty where only imports are known.
        lines: Of the plain install. locked: Constraints of the lock file beside it.
        lock: Path of that lock file, or empty.
        tests: What the project asks for its tests.
        departures: What was not taken as written, before anything was tried.
        notes: The same for what is nobody's fault.
        spare: Requirements of the other manifests, in case an import stays unmet.
    """

    manifest: str
    lines: tuple[Line, ...]
    locked: tuple[str, ...] = ()
    lock: str = ""
    tests: tuple[Line, ...] = ()
    departures: tuple[Departure, ...] = ()
    notes: tuple[str, ...] = ()
    spare: tuple[Line, ...] = ()


def wanted(packaging: Packaging, code: Code, asked: tuple[Need, ...]) -> Wanted:
    """Take the manifest that an install follows; without one, those of ``asked`` that our tables vouch for."""
    taken = _Taken(own_names(code), canonical(packaging.name or ""))
    main = followed(packaging)
    if main is None:
        return _from_imports(packaging, asked, taken)
    lock = lock_of(main, packaging)
    direct = (direct_of(main, packaging) if main.kind in LOCKS else None) or main
    lines = list(_plain(direct, packaging, taken))
    tests = [r for m in declaring(packaging) if m.kind not in LOCKS for r in m.requirements if _for_tests(r)]
    others = [r for m in packaging.manifests if m.path != direct.path and m.kind not in LOCKS for r in m.requirements]
    aside = _Taken(taken.own, taken.project)
    return Wanted(
        manifest=direct.path,
        lines=tuple(_once(lines)),
        locked=tuple(_constraints(lock)) if lock is not None else (),
        lock=lock.path if lock is not None else "",
        tests=tuple(_once(aside.lines(tests, foreign=False))),
        departures=tuple(taken.departures),
        notes=tuple(dict.fromkeys(taken.notes)),
        spare=tuple(aside.lines(others, foreign=False)),
    )


def _from_imports(packaging: Packaging, asked: tuple[Need, ...], taken: _Taken) -> Wanted:
    """Infer: the versions that an install line of the project's names, else any; never a name that nobody vouches for."""
    stated = [r for m in packaging.manifests if m.kind in INSTALL_LINES for r in m.requirements]
    spare = list(taken.lines(stated, foreign=False))
    lines = []
    for need in asked:
        named = next((line for line in spare if line.name in need.distributions), None)
        name = installable(need.name)
        if named is not None:
            lines.append(named)
        elif name is not None:
            lines.append(Line(name=name, text=name, open_text=name, raw=f"import {need.name}", at=need.at))
    return Wanted(manifest="", lines=tuple(_once(lines)), spare=tuple(spare), notes=tuple(dict.fromkeys(taken.notes)))


def _plain(main: Manifest, packaging: Packaging, taken: _Taken) -> Iterator[Line]:
    """Yield what an install from ``main`` takes: with ``-e .`` in it also what the project's metadata asks for."""
    plain = [r for r in main.requirements if not r.group] or list(main.requirements)
    taken.unreadable(main, plain)
    yield from taken.lines(plain, foreign=main.kind in {"environment", "conda-lock"}, indexes=bool(main.options))
    if any(_OWN_FOLDER.match(option) for _, option in main.options):
        folder = main.path.rpartition("/")[0]
        for other in packaging.manifests:
            if other.kind in _PROJECT_FILES and other.path.rpartition("/")[0] == folder:
                yield from taken.lines([r for r in other.requirements if not r.group], foreign=False)


def _for_tests(requirement: Requirement) -> bool:
    return _TEST_GROUPS.fullmatch(requirement.group) is not None


def _once(lines: Iterable[Line]) -> Iterator[Line]:
    seen: set[str] = set()
    for line in lines:
        if line.text not in seen and len(seen) < _MOST:
            seen.add(line.text)
            yield line


def _constraints(lock: Manifest) -> Iterator[str]:
    """Yield the lock's versions; not of a name for which it holds several, one per platform or Python."""
    times = Counter(r.name for r in lock.requirements)
    for held in lock.requirements:
        line = plain_line(f"{held.name}{_public(held.specifier)}")
        if times[held.name] == 1 and held.specifier and not held.url and line is not None:
            yield line


def plain_line(text: str) -> str | None:
    """Return ``text`` as the library writes it, if it is a requirement from an index and nothing but that.

    Names and versions come from the candidate: one such as ``--index-url=...`` would be an option to uv.
    """
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        parsed = Parsed(text)
    except (InvalidRequirement, RecursionError, ValueError):
        return None
    written = str(parsed)
    return written if parsed.url is None and written.isprintable() and written[0].isalnum() else None


def _public(specifier: str) -> str:
    """Return ``specifier`` without the label of a local build (``+cu121``)."""
    return re.sub(r"\+[A-Za-z0-9.]+", "", specifier)


class _Taken:
    """Requirements written by us, and a record of those that could not be taken as they are."""

    def __init__(self, own: frozenset[str], project: str) -> None:
        self.own, self.project = own, project
        self.departures: list[Departure] = []
        self.notes: list[str] = []

    def lines(self, requirements: Iterable[Requirement], *, foreign: bool, indexes: bool = False) -> Iterator[Line]:
        """Yield the lines for ``requirements``. ``indexes``: their file names indexes of its own."""
        for asked in requirements:
            if not asked.name or asked.name == self.project or self._dropped(asked):
                continue
            line = self._line(asked, foreign=foreign, indexes=indexes)
            if line is None:
                self._depart(asked, "left-out", "project", f"`{asked.raw}` is no requirement")
            else:
                yield line

    def unreadable(self, manifest: Manifest, plain: list[Requirement]) -> None:
        """Record the lines of a manifest that say nothing an installer could follow."""
        understood = {r.at: r for r in plain}
        for at, reason in manifest.errors:
            held = understood.get(at)
            if held is None:
                fault = "tool" if reason == COMPUTED or reason.startswith(NOT_READ) else "project"
                stated = reason.split("`")[1] if reason.count("`") >= 2 else manifest.path
                said = f"could not be read: {reason}" if "`" not in reason else reason
                gone = Departure(requirement=stated, name="", what="left-out", fault=fault, reason=said, at=at)  # type: ignore[arg-type]
                self.departures.append(gone)
            elif "no version operator" in reason:
                self._depart(held, "replaced", "project", f"`{held.raw}` was read as `{held.name}{held.specifier}`")

    def _dropped(self, asked: Requirement) -> bool:
        name, module = asked.name, asked.name.replace("-", "_")
        if module in sys.stdlib_module_names or module in _LATER_GONE:
            if name in table().backports:
                self.notes.append(f"`{asked.raw}` was left out: it is part of Python")
            else:
                self._depart(asked, "left-out", "project", f"`{asked.raw}` is part of Python and no package")
        elif name in table().windows_only and not asked.marker:
            self._depart(asked, "left-out", "project", f"`{asked.raw}` is for Windows alone and bears no marker")
        elif module in self.own and not vouched_for(name):
            self._depart(asked, "left-out", "project", f"`{asked.raw}` is a module of the project itself")
        elif asked.url and not self._local(asked) and not vouched_for(name):
            self._depart(asked, "left-out", "tool", f"`{asked.raw}` lies at an address that is not asked")
        elif asked.url and self._local(asked) and not vouched_for(name):
            self._depart(asked, "left-out", "project", f"`{asked.raw}` lies in a folder of another machine")
        else:
            return False
        return True

    @staticmethod
    def _local(asked: Requirement) -> bool:
        return "file:" in asked.raw

    def _line(self, asked: Requirement, *, foreign: bool, indexes: bool) -> Line | None:
        name, specifier = asked.name, asked.specifier
        if asked.url:
            fault, where = (
                ("project", "a folder of another machine") if self._local(asked) else ("tool", "another address")
            )
            self._depart(asked, "replaced", fault, f"`{asked.raw}` points to {where}; the index's `{name}` was taken")
        if name in table().renamed:
            better = table().renamed[name]
            self._depart(asked, "replaced", "project", f"`{asked.raw}` refuses to install; `{better}` was taken for it")
            name, specifier = better, ""
        if "+" in specifier:
            fault = "tool" if indexes else "project"
            reason = f"`{asked.raw}` names a local build that the index does not have; `{name}{_public(specifier)}` was taken"
            self._depart(asked, "replaced", fault, reason)
            specifier = _public(specifier)
        extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
        marker = f" ; {asked.marker}" if asked.marker else ""
        text, loose = plain_line(f"{name}{extras}{specifier}{marker}"), plain_line(f"{name}{extras}{marker}")
        if text is None or loose is None:
            return None
        pin = _PIN.fullmatch(specifier)
        newer = plain_line(f"{name}{extras}>={pin[1]}{marker}") if pin else None
        return Line(
            name=name, text=text, open_text=loose, newer=newer or "", raw=asked.raw, at=asked.at, foreign=foreign
        )

    def _depart(self, asked: Requirement, what: str, fault: str, reason: str) -> None:
        gone = {"requirement": asked.raw, "name": asked.name, "what": what, "fault": fault, "reason": reason}
        self.departures.append(msgspec.convert({**gone, "at": asked.at}, Departure))
