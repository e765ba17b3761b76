"""What does the page say, and in which order? Every figure and sentence is made here; the template only lays it out."""

from __future__ import annotations

from typing import TypeAlias

from evaluator.model import Record
from evaluator.report import ladder, links, safe, wording
from evaluator.report.checks import Budget, Check, Fix, Group, Strength, anchors, fixes, groups, left_out, strengths
from evaluator.report.document import CategorySection, Measurements, Report, RunSection, SubProjectSection

Pairs: TypeAlias = tuple[tuple[str, str], ...]
# Shares of what was measured at which a bar changes its colour; length and figures say the same without it.
_TONES = ((0.8, "ok"), (0.5, "warn"), (0.0, "bad"))
_RANGE = (
    "The lower end counts what could not be measured as lost, the upper end as earned. "
    "In a bar: filled is earned, hatched not measured, empty lost."
)
_COLOUR = (
    "The share earned of what was measured: green from 80%, amber from 50%, red below. "
    "The rubric's own bands stand in words beside the score."
)


class Bar(Record):
    """A bar of 100: ``earned`` is filled, ``open`` after it hatched (not measured), the rest empty (lost)."""

    earned: str
    open: str
    tone: str
    label: str


class Dimension(Record):
    """One category of the rubric. ``measured`` and ``weight`` in words."""

    title: str
    score: str
    measured: str
    weight: str
    bar: Bar | None


class Run(Record):
    """One thing that was executed, or was to be. Empty fields are not shown."""

    anchor: str
    name: str
    id: str
    term: wording.Term
    outcome: str
    reason: str
    command: str
    facts: Pairs
    repairs: tuple[str, ...]
    outputs: tuple[str, ...]
    log: str
    before: str


class Project(Record):
    """One of several projects in the repository.

    Attributes:
        stands_for: It is the one whose answers hold for the whole.
        losses: What it fails, costliest first.
    """

    path: str
    stands_for: bool
    score: str
    bands: str
    measured: str
    about: str
    losses: tuple[tuple[str, str, str], ...]
    more: str


class Head(Record):
    """What is seen before anything is scrolled.

    Attributes:
        first: The next thing to do; ``regains``: its points and effort.
        taken_for: What the tool took the project for.
        cut: What this page leaves out.
    """

    title: str
    name: str
    role: str
    score: str
    bands: str
    bar: Bar | None
    sentence: str
    first: str
    regains: str
    certainty: str
    footing: str
    taken_for: str
    commit: str
    commit_href: str
    ref: str
    dirty: bool
    rubric: str
    nothing_ran: tuple[str, ...]
    cut: str


class Page(Record):
    """The whole page, top to bottom. What is empty has no section."""

    head: Head
    steps: tuple[ladder.Step, ...]
    run_anchors: dict[str, str]
    fixes: tuple[Fix, ...]
    dimensions: tuple[Dimension, ...]
    projects: tuple[Project, ...]
    of_several: str
    groups: tuple[Group, ...]
    strengths: tuple[Strength, ...]
    runs: tuple[Run, ...]
    missing: tuple[tuple[str, str, str], ...]
    about: Pairs
    provenance: Pairs
    machine: Pairs
    glossary: Pairs


def build(report: Report, measurements: Measurements | None, budget: Budget, cut: str) -> Page:
    """Return the page of ``report`` within ``budget``; ``cut`` says aloud what was left out, if anything was."""
    named = anchors(report.signals)
    mend = fixes(report, budget, named)
    runs = report.runs[: budget.items]
    return Page(
        head=_head(report, budget, mend, cut),
        steps=ladder.steps(report, measurements),
        run_anchors={r.id: f"run-{n}" for n, r in enumerate(runs, start=1)},
        fixes=mend,
        dimensions=tuple(_dimension(c) for c in report.categories[: budget.items]),
        projects=tuple(_project(p, report, budget) for p in report.projects[: budget.items]),
        of_several=wording.of_several(report),
        groups=groups(report, budget, named),
        strengths=strengths(report, budget, named),
        runs=tuple(_run(n, r, measurements, budget) for n, r in enumerate(runs, start=1)),
        missing=_missing(report, budget),
        about=_about(report, budget),
        provenance=_provenance(report),
        machine=_machine(measurements, budget),
        glossary=_glossary(report),
    )


def _head(report: Report, budget: Budget, mend: tuple[Fix, ...], cut: str) -> Head:
    subject, rubric, score = report.subject, report.rubric, report.score
    return Head(
        title=wording.headline(report),
        name=safe.line(subject.name, 120),
        role=safe.line(rubric.role, 60),
        score=wording.capital(wording.span(score.low, score.high)),
        bands=wording.bands(score),
        bar=_bar(score.low, score.high, score.coverage, "Score"),
        sentence=wording.sentence(report),
        first=mend[0].remedy if mend else "",
        regains=f"+{mend[0].gain} points, {mend[0].effort}" if mend else "",
        certainty=wording.certainty(report),
        footing=wording.footing(report),
        taken_for=wording.taken_for(report.project),
        commit=safe.line(subject.commit or "", 64)[:7],
        commit_href=links.commit_page(subject.source, subject.commit) or "",
        ref=safe.line(wording.branch(subject), 80),
        dirty=subject.dirty,
        rubric=f"{safe.line(rubric.id, 80)} {safe.line(rubric.version, 40)}",
        nothing_ran=tuple(wording.capital(r) for r in ladder.reasons_nothing_ran(report)[: budget.inner]),
        cut=cut,
    )


def _missing(report: Report, budget: Budget) -> tuple[tuple[str, str, str], ...]:
    kept = report.missing[: budget.items]
    return tuple((safe.line(m.fact, 80), m.cause.replace("-", " "), safe.line(m.detail, budget.text)) for m in kept)


def _bar(low: float | None, high: float | None, coverage: float | None, name: str) -> Bar | None:
    """Coloured by the share earned of what was measured: what is not known must not look lost."""
    if low is None or high is None:
        return None
    known = 100 - (high - low)
    share = low / known if known > 0 else 0.0
    tone = next(tone for least, tone in _TONES if share >= least) if coverage else "calm"
    told = f"{name}: {wording.span(low, high)} of 100"
    return Bar(earned=wording.number(low), open=wording.number(high - low), tone=tone, label=told)


def _dimension(category: CategorySection) -> Dimension:
    title = safe.line(category.title, 80)
    applies = category.low is not None
    return Dimension(
        title=title,
        score=wording.span(category.low, category.high) if applies else "does not apply",
        measured=wording.percent(category.coverage) if category.coverage is not None else "–",
        weight=f"{wording.number(category.weight)}" if applies else "–",
        bar=_bar(category.low, category.high, category.coverage, title),
    )


def _project(section: SubProjectSection, report: Report, budget: Budget) -> Project:
    lost = [s for s in section.signals if s.verdict in {"fail", "partial"}]
    ranked = sorted(lost, key=lambda s: (-s.points_lost, s.id))
    most = min(budget.inner, 12)
    losses = [
        (wording.points(s), safe.line(wording.title(s), budget.text), safe.line(wording.explained(s), budget.text))
        for s in ranked[:most]
    ]
    score = section.score
    told = section.project
    return Project(
        path=safe.line(section.path, 240),
        stands_for=section.path == report.project.facts.get("main-project"),
        score=wording.span(score.low, score.high),
        bands=wording.bands(score),
        measured=wording.percent(score.coverage) if score.coverage is not None else "–",
        about=", ".join(safe.line(w, 60) for w in (*told.kinds, *told.tasks, *told.frameworks)[:8]),
        losses=tuple(losses),
        more=left_out(len(ranked) - most, "more", "more"),
    )


def _run(place: int, run: RunSection, measurements: Measurements | None, budget: Budget) -> Run:
    log, before = safe.tail(run.log, rows=budget.log)
    started = run.status not in {"not-attempted", "blocked"} or run.exit_code is not None
    took = wording.durations(measurements).get(run.id, "not recorded")
    facts = [
        ("Cause", wording.CAUSES[run.cause]),
        ("Exit code", "" if run.exit_code is None else str(run.exit_code)),
        ("Took", took if started else ""),
        ("Stopped by", wording.stopped_by(run)),
        ("In folder", safe.line(run.cwd, 240)),
        ("Device", safe.line(run.device or "", 80)),
    ]
    return Run(
        anchor=f"run-{place}",
        name=wording.STEPS[run.kind],
        id=safe.line(run.id, 120),
        term=wording.STATUSES[run.status],
        outcome=wording.outcome(run),
        reason=safe.line(run.reason, budget.text),
        command=safe.block(run.command, rows=12, limit=budget.chars),
        facts=tuple((term, told) for term, told in facts if told),
        repairs=_listed(run.repairs, budget),
        outputs=_listed(run.outputs, budget),
        log=log,
        before=f"{wording.plural(before, 'line')} before these" if before and log else "",
    )


def _listed(texts: tuple[str, ...], budget: Budget) -> tuple[str, ...]:
    kept = [safe.line(text, min(budget.text, 240)) for text in texts[: budget.inner]]
    more = left_out(len(texts) - budget.inner, "more", "more")
    return (*kept, more) if more else tuple(kept)


def _about(report: Report, budget: Budget) -> Pairs:
    project = report.project
    named = {
        "Kind": project.kinds,
        "Tasks": project.tasks,
        "Stages": project.stages,
        "Frameworks": project.frameworks,
    }
    told = [
        (term, ", ".join(safe.line(w, 60) for w in words[: budget.inner])) for term, words in named.items() if words
    ]
    for name, value in sorted(project.facts.items())[: budget.items]:
        told.append((_spaced(safe.line(name, 80)), _said(value)))
    return tuple(told)


def _spaced(name: str) -> str:
    return wording.capital(name.replace("_", " ").replace("-", " "))


def _said(value: str | float | bool) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return safe.line(value, 200)
        case int():
            return f"{value:,}"
        case _:
            return f"{value:,.2f}".rstrip("0").rstrip(".")


def _provenance(report: Report) -> Pairs:
    subject, rubric = report.subject, report.rubric
    told = [
        ("Repository", safe.line(subject.source, 300)),
        ("Commit", safe.line(subject.commit or "", 64)),
        ("Branch or tag", safe.line(wording.branch(subject), 120)),
        ("Commit date", safe.line(subject.as_of or "", 40)),
        (
            "Local changes",
            "judged as the folder lay on disk, with changes that are in no commit" if subject.dirty else "",
        ),
        ("Rubric", f"{safe.line(rubric.id, 80)}, version {safe.line(rubric.version, 40)}"),
        ("Rubric SHA-256", safe.line(rubric.sha256, 64)),
        ("Role", safe.line(rubric.role, 60)),
        ("Written by", f"{safe.line(report.tool.name, 60)} {safe.line(report.tool.version, 40)}"),
        ("Report format", safe.line(report.schema_version, 20)),
    ]
    return tuple((term, said) for term, said in told if said)


def _machine(measurements: Measurements | None, budget: Budget) -> Pairs:
    if measurements is None:
        return ()
    told = [
        ("Started", safe.line(measurements.started, 40)),
        ("Took in all", wording.seconds(measurements.seconds)),
        ("Sandbox", safe.line(measurements.sandbox, budget.text)),
        ("Limits that held", ", ".join(safe.line(held, 80) for held in measurements.limits_held[: budget.inner])),
        *(
            (_spaced(safe.line(k, 80)), safe.line(str(v), 200))
            for k, v in sorted(measurements.host.items())[: budget.items]
        ),
    ]
    return tuple((term, said) for term, said in told if said)


def _glossary(report: Report) -> Pairs:
    """Only words that occur on this page, and those that its figures rest on."""
    verdicts = {s.verdict for s in report.signals}
    statuses = {r.status for r in report.runs}
    ways = {s.how for s in report.signals}
    told = [(t.word, t.meaning) for v, t in wording.VERDICTS.items() if v in verdicts]
    told += [(t.word, t.meaning) for v, t in wording.STATUSES.items() if v in statuses and t.word != "Passed"]
    told += [(t.word, t.meaning) for v, t in wording.WAYS.items() if v in ways]
    if report.score.low is not None:
        told += [("The range of the score", _RANGE), ("The colour of a bar", _COLOUR)]
    if any(e.start is not None or e.cell is not None for s in report.signals for e in s.evidence):
        told.append(
            ("train.py:31-34", "A file and its lines, counted from 1. In a notebook, the cell, and lines within it.")
        )
    return tuple(told)


__all__ = ["Bar", "Budget", "Check", "Page", "build"]
