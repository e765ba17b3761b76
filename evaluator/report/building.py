"""How does a judgement become the report's document?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from evaluator import __version__, codec
from evaluator.model import (
    Absence,
    Evidence,
    Fact,
    Finding,
    InCommit,
    InFile,
    InRun,
    Measured,
    Missing,
    NotApplicable,
    Subject,
    Unit,
    Unknown,
)
from evaluator.registry import Catalogue, Signal
from evaluator.report import document as d
from evaluator.report.ledger import runs
from evaluator.report.portrait import portrait
from evaluator.rubric import Rubric, Scale
from evaluator.scoring import FULL, ItemScore, Score, earn, score

Link = Callable[[str | None, str | None, str, int | None, int | None], str | None]
Mask = Callable[[str], str]


def build(
    subject: Subject,
    facts: Mapping[type[Fact], Fact | Missing],
    findings: Iterable[Finding],
    rubric: Rubric,
    role: str,
    catalogue: Catalogue,
) -> d.Report:
    """Return the report on ``findings`` under ``rubric``, which has the role laid over it already.

    Raises:
        RubricError: A weighed signal has no finding.
    """
    listed = list(findings)
    total = score(rubric, listed)
    return d.Report(
        tool=d.Tool(name="evaluator", version=__version__),
        subject=d.SubjectSection(
            source=subject.source,
            name=f"{subject.name}/{subject.path}" if subject.path else subject.name,
            commit=subject.commit,
            ref=subject.ref,
            as_of=subject.as_of,
            dirty=subject.dirty,
        ),
        rubric=d.RubricSection(id=rubric.id, version=rubric.version, sha256=codec.digest(rubric), role=role),
        score=_score(total),
        categories=_categories(rubric, total),
        signals=_signals(listed, catalogue, rubric, total, subject),
        project=portrait(facts),
        runs=runs(facts),
        missing=tuple(
            d.MissingSection(fact=m.fact, cause=m.cause, detail=m.detail)
            for _, m in sorted((t.__name__, f) for t, f in facts.items() if isinstance(f, Missing))
        ),
    )


def part(
    subject: Subject,
    path: str,
    facts: Mapping[type[Fact], Fact | Missing],
    findings: Iterable[Finding],
    rubric: Rubric,
    catalogue: Catalogue,
) -> d.SubProjectSection:
    """Return the section on the project at ``path``, one of several of ``subject``.

    Args:
        findings: With the places of their evidence as they are called from the top of the repository.

    Raises:
        RubricError: A weighed signal has no finding.
    """
    listed = list(findings)
    total = score(rubric, listed)
    return d.SubProjectSection(
        path=path,
        project=portrait(facts),
        score=_score(total),
        categories=_categories(rubric, total),
        signals=_signals(listed, catalogue, rubric, total, subject),
    )


def _signals(
    findings: Iterable[Finding], catalogue: Catalogue, rubric: Rubric, total: Score, subject: Subject
) -> tuple[d.SignalSection, ...]:
    return tuple(_signal(f, catalogue, rubric, total, subject) for f in findings if f.signal in catalogue.signals)


def points(basis: int | None) -> float | None:
    """Return basis points of the whole as points of 100, one decimal."""
    return None if basis is None else round(basis / 100, 1)


def _score(total: Score) -> d.ScoreSection:
    return d.ScoreSection(
        low=points(total.low),
        high=points(total.high),
        coverage=None if total.coverage is None else total.coverage / FULL,
        band=total.band,
        band_high=total.band_high,
    )


def _categories(rubric: Rubric, total: Score) -> tuple[d.CategorySection, ...]:
    return tuple(
        d.CategorySection(
            id=name,
            title=rubric.categories[name].title,
            low=points(part.low),
            high=points(part.high),
            coverage=None if part.coverage is None else part.coverage / FULL,
            weight=part.weight,
        )
        for name, part in total.categories.items()
    )


def default_scale(signal: Signal[...]) -> Scale:
    """Return the scale of a signal that the rubric does not list: its levels, or a share."""
    return Scale(zero=0, full=max(1, len(signal.levels) - 1))


def verdict(finding: Finding, scale: Scale) -> d.Verdict:
    """Return the verdict: full marks on the scale are a pass, none a fail, between is partial."""
    match finding.answer:
        case NotApplicable():
            return "not-applicable"
        case Unknown():
            return "not-measured"
        case Measured(value=value):
            earned = earn(value, scale)
            return "pass" if earned == FULL else "fail" if earned == 0 else "partial"


def _signal(finding: Finding, catalogue: Catalogue, rubric: Rubric, total: Score, subject: Subject) -> d.SignalSection:
    signal, answer = catalogue.signals[finding.signal], finding.answer
    item = rubric.items.get(signal.id)
    part = total.items.get(signal.id)
    measured = answer if isinstance(answer, Measured) else None
    earned, lost = _points(part)
    return d.SignalSection(
        id=signal.id,
        category=signal.category,
        verdict=verdict(finding, item.scale if item else default_scale(signal)),
        value=measured.value if measured else None,
        unit=measured.unit.value if measured else None,
        earned=earned,
        weight=part.weight / 100 if part else 0.0,
        points_lost=lost,
        summary=_summary(signal, measured) + _capped(signal, total),
        reason="" if isinstance(answer, Measured) else answer.reason,
        confidence=measured.confidence if measured else None,
        how=catalogue.how(signal),
        evidence=tuple(_evidence(e, subject) for e in measured.evidence) if measured else (),
        remedy=d.RemedySection(text=signal.remedy, command=signal.command),
        effort=signal.effort,
    )


def _summary(signal: Signal[...], measured: Measured | None) -> str:
    if measured is None:
        return ""
    level = int(measured.value)
    if not measured.summary and measured.unit == Unit.LEVEL and level < len(signal.levels):
        return signal.levels[level]
    return measured.summary


def _capped(signal: Signal[...], total: Score) -> str:
    """Return what the reader must know where this signal holds the whole score down."""
    caps = [g for g in total.gates if g.signal == signal.id]
    return "".join(f"; the whole score is held at {g.cap / 100:g}: {g.reason}" for g in caps)


def _points(part: ItemScore | None) -> tuple[float | None, float]:
    if part is None or part.earned is None:
        return None, 0.0
    kept = part.weight * part.earned // FULL
    return (0.0 if part.deducts else kept / 100), (part.weight - kept) / 100


def _evidence(evidence: Evidence, subject: Subject) -> d.EvidenceSection:
    from evaluator.facts.credentials.masking import mask
    from evaluator.report.links import commit_page, permalink

    match evidence:
        case InFile(at=at, note=note, excerpt=excerpt):
            below = f"{subject.path}/{at.path}" if subject.path else at.path
            return d.EvidenceSection(
                kind="file",
                path=at.path,
                start=at.start,
                end=at.end,
                cell=at.cell,
                note=mask(note),
                excerpt=mask(excerpt),
                url=None if subject.dirty else permalink(subject.source, subject.commit, below, at.start, at.end),
            )
        case InCommit(sha=sha, note=note):
            return d.EvidenceSection(kind="commit", sha=sha, note=mask(note), url=commit_page(subject.source, sha))
        case InRun(run=run, note=note, excerpt=excerpt):
            return d.EvidenceSection(kind="run", run=run, note=mask(note), excerpt=mask(excerpt))
        case Absence(note=note, looked_at=looked_at):
            return d.EvidenceSection(kind="absence", note=mask(note), looked_at=looked_at)
