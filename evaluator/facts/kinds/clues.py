"""Which entries of the table does the project's code meet, and where first?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from evaluator.facts.code import Call, Code, Module
from evaluator.facts.kinds import shapes
from evaluator.facts.kinds.table import Named, Sign, entries, texts
from evaluator.facts.model_work import ModelWork
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.project_kind import Trait
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.model import Span

_NOT_WRITTEN_HERE = frozenset({"vendored", "generated", "environment", "cache"})
_ASKED_KEYWORDS = frozenset({"p", "weights", "parse_dates", "tokenizer"})
_CONSTANT = 60

Clues = Mapping[str, Span]


class Wired:
    """The modules that count, and which of their scopes do: those that something other than a test leads to.

    Where nothing at all is seen to be led to (a bare package of classes), all of them count: what cannot run from here is
    still what the project is about.
    """

    def __init__(self, code: Code, reach: Reach) -> None:
        self.modules = [m for m in code.modules if not m.is_test and m.part not in _NOT_WRITTEN_HERE]
        self._reach = reach
        self._known: dict[tuple[str, str], bool] = {}
        self._all = not any(reach.has(m.path, c.scope) for m in self.modules for c in m.calls)

    def has(self, path: str, scope: str) -> bool:
        """Whether code in ``scope`` of the module at ``path`` counts."""
        key = (path, scope)
        if key not in self._known:
            self._known[key] = self._all or self._reach.has(path, scope)
        return self._known[key]

    def calls(self) -> Iterator[tuple[Module, Call]]:
        """Yield the calls that count, by path and position."""
        for module in self.modules:
            for call in module.calls:
                if self.has(module.path, call.scope):
                    yield module, call


def find(wired: Wired, modules: Modules, work: ModelWork) -> Clues:
    """Return for each entry that is met the place where it is met first."""
    found: dict[str, Span] = {}
    roots = libraries().canonical
    for _, call in wired.calls():
        for name in _names(call, roots):
            for entry in _met(name):
                found.setdefault(entry, call.at)
    for name, at in _bases(wired):
        for entry in _met(roots(name)):
            found.setdefault(entry, at)
    for module in wired.modules:
        for text in module.texts:
            if text.text in texts() and wired.has(module.path, text.scope):
                found.setdefault(f"'{text.text}'", text.at)
    for name, at in shapes.find(wired, modules, work):
        found.setdefault(f":{name}", at)
    return found


_seen: dict[str, tuple[str, ...]] = {}


def _met(name: str) -> tuple[str, ...]:
    """Return the entries that ``name`` meets. Kept, for most names come often."""
    known = _seen.get(name)
    if known is None:
        if len(_seen) > 20_000:
            _seen.clear()
        known = _seen[name] = tuple(entries().matches(name))
    return known


def _names(call: Call, canonical: Callable[[str], str]) -> Iterator[str]:
    """Yield what a call may be asked for by: its names, with a keyword, and its constants."""
    last = call.name.rpartition(".")[2]
    for name in (call.name, *call.others):
        plain = canonical(name)
        yield plain
        for argument in call.args:
            if argument.keyword in _ASKED_KEYWORDS:
                yield f"{plain}({argument.keyword})"
    for argument in call.args:
        text = argument.value.text
        if argument.value.kind == "constant" and text[:1] in "'\"" and len(text) <= _CONSTANT:
            yield f"{last}={text[1:-1].replace('.', '-')}"


def _bases(wired: Wired) -> Iterator[tuple[str, Span]]:
    for module in wired.modules:
        for made in module.definitions:
            if made.kind == "class" and wired.has(module.path, made.qualname):
                yield from ((base, made.at) for base in made.bases)


def traits(named: Iterable[Named], clues: Clues, *, trained: bool) -> tuple[Trait, ...]:
    """Return those of ``named`` that show, each with its first sign, in the order of the table."""
    found: dict[str, Trait] = {}
    for one in named:
        for sign in one.signs:
            at = _shows(sign, clues, found, trained=trained)
            if at is not None:
                found[one.name] = Trait(name=one.name, why=sign.why, at=at)
                break
    return tuple(found.values())


def _shows(sign: Sign, clues: Clues, found: Mapping[str, Trait], *, trained: bool) -> Span | None:
    if (
        (sign.trained and not trained)
        or any(n in found for n in sign.unless)
        or any(n not in found for n in sign.needs)
    ):
        return None
    places: list[Span] = []
    for group in sign.groups:
        met = [clues[e] for e in group if e in clues]
        if not met:
            return None
        places.append(min(met, key=_position))
    return places[0] if places else None


def _position(at: Span) -> tuple[str, int, int]:
    return at.path, at.cell or 0, at.start


def frameworks(wired: Wired, names: Iterable[str]) -> tuple[Trait, ...]:
    """Return the libraries of ``names`` that are imported, read, and called or subclassed by code that counts."""
    wanted = set(names)
    uses: dict[str, tuple[int, Span]] = {}
    for module in wired.modules:
        imported = {root for i in module.imports if i.used and i.local is None and (root := _root(i.name, wanted))}
        if not imported:
            continue
        mentioned = [(c.name, c.at) for c in module.calls if wired.has(module.path, c.scope)]
        mentioned += [(b, d.at) for d in module.definitions for b in d.bases if wired.has(module.path, d.qualname)]
        for name, at in mentioned:
            root = _root(name, imported)
            if root is not None:
                times, first = uses.get(root, (0, at))
                uses[root] = (times + 1, first)
    order = sorted(uses, key=lambda root: (-uses[root][0], root))
    return tuple(Trait(name=r, why=f"{uses[r][0]} calls and base classes", at=uses[r][1]) for r in order)


def _root(name: str, wanted: set[str]) -> str | None:
    first, _, rest = name.partition(".")
    deeper = f"{first}.{rest.partition('.')[0]}"
    return deeper if deeper in wanted else first if first in wanted else None
