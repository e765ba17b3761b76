"""Which promises do the documents make, and which of them are kept?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from evaluator.facts.claims import Claims
from evaluator.facts.promises import Promise, Promises
from evaluator.facts.promising import said
from evaluator.facts.promising.said import Said
from evaluator.facts.promising.shown import Ground, Shown
from evaluator.facts.promising.table import Sort, table
from evaluator.facts.prose import Prose
from evaluator.model import Span

_MOST = 300


def find(prose: Prose, ground: Ground, claims: Claims | None) -> Promises:
    """Return the promises that can be checked, each once; see the fact."""
    items = [*_things(said.things(prose), ground), *_files(prose, ground), *_measures(claims, ground)]
    return Promises(items=tuple(items[:_MOST]))


def _things(made: Iterable[Said], ground: Ground) -> Iterator[Promise]:
    first: dict[str, Said] = {}
    for one in made:
        first.setdefault(one.sort, one)
    for sort, one in first.items():
        held = table().promises[sort]
        shown = ground.of(sort)
        if shown is None and ground.is_open(held):
            continue
        yield _promise(held.title, one, shown, _looked_for(held))


def _looked_for(held: Sort) -> tuple[str, ...]:
    kinds = (
        ("tests that can fail", held.tests),
        ("workflows", held.workflows),
        (f"calls such as {held.calls[0]}" if held.calls else "", bool(held.calls)),
        (f"files such as {held.files[0]}" if held.files else "", bool(held.files)),
        (f"commands such as {held.commands[0]}" if held.commands else "", bool(held.commands)),
        ("settings", bool(held.settings)),
    )
    return tuple(text for text, there in kinds if there)


def _promise(about: str, one: Said, shown: Shown | None, looked_for: tuple[str, ...]) -> Promise:
    return Promise(
        about=about,
        said=one.text,
        at=one.at,
        kept=shown is not None,
        shown=shown.what if shown else "",
        seen=shown.at if shown else None,
        looked_for=looked_for,
    )


def _files(prose: Prose, ground: Ground) -> Iterator[Promise]:
    """Yield the files that documents name, and those that their commands start or need."""
    met: set[str] = set()
    for one in (*said.files(prose), *_of_commands(ground)):
        wanted = posixpath.normpath(one.what.replace("\\", "/").strip())
        base = posixpath.basename(wanted).lower()
        if base in met:
            continue
        met.add(base)
        path = ground.by_name.get(base)
        shown = Shown(what=path, at=Span(path=path)) if path is not None else None
        yield _promise(wanted[:200], one, shown, (wanted[:200],))


def _of_commands(ground: Ground) -> Iterator[Said]:
    for command in ground.delivery.commands if ground.delivery else ():
        named = command.names_missing or command.runs
        if command.origin == "readme" and named and said.is_promised(named):
            yield Said(sort="file", what=named, text=command.raw[:300], at=command.at)


def _measures(claims: Claims | None, ground: Ground) -> Iterator[Promise]:
    """Yield the measures that documents state, where there is code in Python that could compute them."""
    if claims is None or ground.is_open(Sort(title="", says=(), calls=("*",), elsewhere=True)) or not ground.words:
        return
    met: set[str] = set()
    for claim in claims.items:
        words = table().measures.get(claim.metric)
        if claim.standing != "measured" or claim.role == "notebook" or words is None or claim.metric in met:
            continue
        met.add(claim.metric)
        hit = next((text for text in ground.words if any(word in text for word in words)), None)
        one = Said(sort="measure", what=claim.metric, text=f"{claim.name} {claim.raw}", at=claim.at)
        shown = Shown(what=hit[:200]) if hit is not None else None
        yield _promise(f"the measure {claim.name}"[:120], one, shown, tuple(f"{w} in code" for w in words[:3]))
