"""What does the page show of one signal: its words, its points, its evidence, the way to mend it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evaluator.model import Record
from evaluator.report import links, ranking, safe, wording
from evaluator.report.document import EvidenceSection, Report, SignalSection, Verdict
from evaluator.report.highlight import coloured


class Budget(Record):
    """How much of a report the page shows.

    Attributes:
        places: Pieces of evidence per signal. rows, chars: Of one excerpt; no row means no excerpt.
        log: Lines of one log. text: Characters of one sentence.
        items: Entries of one list. inner: Entries of a list that stands within an entry.
    """

    places: int = 8
    rows: int = 12
    chars: int = 1200
    log: int = 40
    text: int = 1000
    items: int = 400
    inner: int = 40


class Place(Record):
    """One piece of evidence. ``excerpt`` is safe markup; ``searched``: where an absent thing was looked for.

    Empty fields are not shown; a place may be empty throughout, and then says no more than its signal.
    """

    where: str
    href: str
    note: str
    excerpt: str
    searched: str


class Check(Record):
    """One signal. ``anchor``: its id within the page; empty fields are not shown."""

    anchor: str
    id: str
    title: str
    term: wording.Term
    points: str
    explained: str
    category: str
    basis: str
    places: tuple[Place, ...]
    more: str
    remedy: str
    command: str
    patch: str
    effort: str
    unfolded: bool


class Group(Record):
    """The signals of one verdict. ``folded``: only its count is seen until it is opened."""

    anchor: str
    term: wording.Term
    count: int
    checks: tuple[Check, ...]
    more: str
    folded: bool


class Fix(Record):
    """One thing to mend. ``gain``: points of 100 it regains; ``check``: anchor of its signal."""

    gain: str
    effort: str
    remedy: str
    title: str
    explained: str
    place: Place | None
    command: str
    patch: str
    why: str
    check: str


class Strength(Record):
    """One thing that is there, and where to see it."""

    title: str
    explained: str
    points: str
    place: Place
    check: str


def anchors(signals: Iterable[SignalSection]) -> dict[str, str]:
    """Return for each signal's id an id of the page: stable, unique, and safe to stand in an address."""
    found: dict[str, str] = {}
    for signal in signals:
        plain = "check-" + re.sub(r"[^a-z0-9.]+", "-", signal.id.lower())[:100].strip("-")
        twin = sum(a == plain or a.startswith(f"{plain}~") for a in found.values())
        found.setdefault(signal.id, f"{plain}~{twin}" if twin else plain)
    return found


def groups(report: Report, budget: Budget, named: Mapping[str, str]) -> tuple[Group, ...]:
    """Return the report's signals by verdict: what fails first, what passed last."""
    titles = {c.id: c.title for c in report.categories}
    return tuple(
        Group(
            anchor=f"group-{verdict}",
            term=wording.VERDICTS[verdict],
            count=len(signals),
            checks=tuple(_check(s, budget, named, titles) for s in signals[: budget.items]),
            more=left_out(len(signals) - budget.items, "more check"),
            folded=verdict in {"pass", "not-applicable"},
        )
        for verdict, signals in ranking.by_verdict(report.signals)
    )


def fixes(report: Report, budget: Budget, named: Mapping[str, str]) -> tuple[Fix, ...]:
    """Return what to mend first; why a reviewer cares is told once for each category."""
    listed = ranking.fixes(report)
    first = {signal.category: signal.id for signal in reversed(listed)}
    return tuple(_fix(s, budget, named, tell_why=first[s.category] == s.id) for s in listed)


def strengths(report: Report, budget: Budget, named: Mapping[str, str]) -> tuple[Strength, ...]:
    """Return what the author can point to."""
    found = []
    for signal in ranking.strengths(report):
        proof = ranking.proof(signal)
        if proof is not None:
            found.append(
                Strength(
                    title=safe.line(wording.title(signal), budget.text),
                    explained=safe.line(wording.explained(signal), budget.text),
                    points=wording.points(signal),
                    place=_place(proof, budget, ""),
                    check=named[signal.id],
                )
            )
    return tuple(found)


def _check(signal: SignalSection, budget: Budget, named: Mapping[str, str], titles: Mapping[str, str]) -> Check:
    lost = signal.verdict in {"fail", "partial"}
    basis = [wording.WAYS[signal.how].word]
    if signal.confidence not in {None, "high"}:
        basis.append(f"{signal.confidence} confidence")
    explained = safe.line(wording.explained(signal), budget.text)
    return Check(
        anchor=named[signal.id],
        id=safe.line(signal.id, 120),
        title=safe.line(wording.title(signal), budget.text),
        term=wording.VERDICTS[signal.verdict],
        points=wording.points(signal),
        explained=explained,
        category=safe.line(titles.get(signal.category, signal.category), 80),
        basis=", ".join(basis),
        places=tuple(_place(e, budget, explained) for e in signal.evidence[: budget.places]),
        more=left_out(len(signal.evidence) - budget.places, "more place"),
        remedy=safe.line(signal.remedy.text, budget.text) if lost else "",
        command=_code(signal.remedy.command, budget) if lost else "",
        patch=_patch(signal, budget) if lost else "",
        effort=wording.EFFORTS[signal.effort] if lost else "",
        unfolded=_unfolded(signal.verdict),
    )


def _unfolded(verdict: Verdict) -> bool:
    return verdict == "fail"


def _fix(signal: SignalSection, budget: Budget, named: Mapping[str, str], *, tell_why: bool) -> Fix:
    spot = ranking.spot(signal)
    explained = safe.line(wording.explained(signal), budget.text)
    return Fix(
        gain=f"{signal.points_lost:.1f}",
        effort=wording.EFFORTS[signal.effort],
        remedy=safe.line(signal.remedy.text or wording.title(signal), budget.text),
        title=safe.line(wording.title(signal), budget.text),
        explained=explained,
        place=_place(spot, budget, explained) if spot else None,
        command=_code(signal.remedy.command, budget),
        patch=_patch(signal, budget),
        why=wording.why(signal) if tell_why else "",
        check=named[signal.id],
    )


def _place(evidence: EvidenceSection, budget: Budget, explained: str) -> Place:
    """A note that only repeats what was explained already is left out."""
    excerpt = safe.block(evidence.excerpt, rows=budget.rows, limit=budget.chars) if budget.rows else ""
    note = safe.line(evidence.note, budget.text)
    shown = "" if note == explained else note
    searched = safe.shorten(wording.looked_at(evidence), budget.text)
    return Place(
        where=safe.shorten(wording.where(evidence), max(100, budget.text)),
        href=links.trusted(evidence.url) or "",
        note=shown,
        excerpt=coloured(evidence.path, excerpt),
        searched=f"({searched})" if searched and shown else wording.capital(searched),
    )


def _code(text: str | None, budget: Budget) -> str:
    return safe.block(text or "", rows=40, limit=budget.chars)


def _patch(signal: SignalSection, budget: Budget) -> str:
    return coloured("remedy.diff", _code(signal.remedy.patch, budget))


def left_out(count: int, one: str, many: str | None = None) -> str:
    """Return that ``count`` further entries are not shown here; empty where none is left out."""
    return f"and {wording.plural(count, one, many)}, listed in the JSON form of this report" if count > 0 else ""
