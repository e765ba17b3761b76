"""In which words and figures is a report told?"""

from __future__ import annotations

from collections.abc import Sequence

from evaluator import titles
from evaluator.model import Record
from evaluator.registry import Effort, How
from evaluator.report.document import (
    CountsSection,
    EvidenceSection,
    Measurements,
    ProjectSection,
    Report,
    RunCause,
    RunKind,
    RunSection,
    RunStatus,
    ScoreSection,
    SignalSection,
    SubjectSection,
    Verdict,
)
from evaluator.report.ranking import best_strength, largest_loss
from evaluator.report.safe import line


class Term(Record):
    """A word that the report uses as a term.

    Attributes:
        icon: Name of its shape; no two terms of one kind share a shape, for colour alone must not carry meaning.
        tone: ``ok``, ``warn``, ``bad`` or ``calm``.
    """

    word: str
    meaning: str
    icon: str = ""
    tone: str = "calm"


VERDICTS: dict[Verdict, Term] = {
    "fail": Term(
        word="Fails", icon="fail", tone="bad", meaning="Looked at, and not there or wrong. It earns no points."
    ),
    "partial": Term(word="Partly", icon="partial", tone="warn", meaning="There in part. It earns part of its points."),
    "not-measured": Term(
        word="Not measured",
        icon="unknown",
        meaning="It applies, but could not be looked at; the reason stands beside it. "
        "It costs nothing: it widens the range of the score.",
    ),
    "not-applicable": Term(
        word="Not applicable", icon="none", meaning="The question does not arise for this project. It leaves the score."
    ),
    "pass": Term(word="Passed", icon="pass", tone="ok", meaning="There, with evidence. It earns all its points."),
}
STATUSES: dict[RunStatus, Term] = {
    "failed": Term(word="Failed", icon="fail", tone="bad", meaning="It ended with an error."),
    "timed-out": Term(word="Out of time", icon="partial", tone="warn", meaning="It was stopped at its limit."),
    "blocked": Term(word="Blocked", icon="unknown", meaning="Something that it needs was not there."),
    "not-attempted": Term(word="Not run", icon="none", meaning="It was not started."),
    "passed": Term(word="Passed", icon="pass", tone="ok", meaning="It came to its end without an error."),
}
STEPS: dict[RunKind, str] = {
    "fetch": "Fetch data",
    "install": "Install",
    "import": "Import",
    "tests": "Tests",
    "notebook": "Notebooks",
    "training": "Training",
    "benchmark": "Benchmark",
    "service": "Service",
    "image": "Image",
}
CAUSES: dict[RunCause, str] = {
    "environment": "the environment could not be built",
    "undeclared-import": "an import that no manifest declares",
    "missing-data": "data that is not there",
    "absolute-path": "a path of one machine",
    "platform": "it needs another platform",
    "secret": "it needs a secret",
    "network": "it needs the network",
    "arguments": "it needs arguments",
    "memory": "out of memory",
    "time": "out of time",
    "hardware": "it needs other hardware",
    "flaky": "it fails now and then",
    "defect": "a defect in the project",
    "tool-limit": "a limit of this tool",
    "not-permitted": "not permitted here",
    "none": "",
}
EFFORTS: dict[Effort, str] = {"minutes": "minutes", "hour": "about an hour", "day": "about a day"}
WAYS: dict[How, Term] = {
    "ran": Term(word="ran", meaning="It was executed."),
    "parsed": Term(word="parsed", meaning="Found in the structure of code, notebooks or documents."),
    "read": Term(word="read", meaning="Read as it stands: files, names, history."),
}
WHY: dict[str, str] = {
    "communication": "The README is what a reviewer reads first, and often all that is read.",
    "reproducibility": "A result that nobody else can obtain again is a claim, not a result.",
    "testing": "Tests are the quickest proof that code does what its author believes.",
    "modelling": "A number means something beside a baseline, and on rows that the model has not seen.",
    "engineering": "Colleagues will read and change this code; a reviewer asks whether they could.",
    "production": "Teams hire for models that somebody else can use.",
    "history": "A history in steps shows how its author works.",
}


def number(value: float) -> str:
    """Return ``value`` with one decimal, or none where it is whole: ``61.5``, ``72``."""
    return f"{value:.1f}".removesuffix(".0")


def span(low: float | None, high: float | None) -> str:
    """Return an interval of points: ``61.5–72.0``, ``64`` where both ends agree, ``no score`` where there is none."""
    if low is None or high is None:
        return "no score"
    if low == high:
        return number(low)
    digits = 0 if low == round(low) and high == round(high) else 1
    return f"{low:.{digits}f}–{high:.{digits}f}"


def percent(share: float) -> str:
    """Return ``share``, 0-1, in whole percent; never 100% for less than all, never 0% for more than nothing."""
    whole = round(100 * share)
    least, most = (1 if share > 0 else 0), (99 if share < 1 else 100)
    return f"{max(least, min(whole, most))}%"


def seconds(value: float) -> str:
    """Return a duration as people say it: ``2.9 s``, ``1 min 28 s``, ``2 h 5 min``."""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def capital(text: str) -> str:
    """Return ``text`` with its first letter as a capital, as a sentence of its own begins."""
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return ``1 place``, ``2 places``; thousands are set apart."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def bands(score: ScoreSection) -> str:
    """Return the band's name, or both where the interval reaches over a border; empty without a score."""
    if score.band is None:
        return ""
    low, high = line(score.band, 60), line(score.band_high or score.band, 60)
    return low if low == high else f"{low} to {high}"


def headline(report: Report) -> str:
    """Return the verdict in a line, as the page's title."""
    score = report.score
    name = line(report.subject.name, 80)
    if score.low is None:
        return f"{name}: no score"
    return f"{name}: {span(score.low, score.high)} / 100, {bands(score)}"


def sentence(report: Report) -> str:
    """Return the verdict's one sentence: the best strength and the largest loss."""
    if report.score.low is None:
        return "Nothing in this rubric applies to what is in the repository."
    best, worst = best_strength(report), largest_loss(report)
    strong = f"Strongest on {_told(best)}" if best else "Nothing that could be looked at earns full points yet"
    if worst:
        return f"{strong}; loses most on {_told(worst)}, {number(worst.points_lost)} of 100 points."
    return f"{strong}; {'nothing else was lost' if best else 'nothing was lost either'}."


def certainty(report: Report) -> str:
    """Return how much of the rubric was measured, and what the rest may do to the score."""
    score = report.score
    if score.coverage is None:
        return ""
    if score.coverage >= 1:
        return "All of the rubric that applies was measured."
    share = percent(score.coverage)
    if score.low == score.high:
        return f"{share} of the rubric was measured."
    return f"{share} of the rubric was measured; the rest makes the score a range."


def footing(report: Report) -> str:
    """Return on what the verdicts rest: how many signals were settled by running something."""
    known = [s for s in report.signals if s.verdict in {"pass", "partial", "fail"}]
    ran = sum(s.how == "ran" for s in known)
    if not known:
        return ""
    if not ran:
        return f"{plural(len(known), 'check')} settled by reading alone."
    return f"{plural(len(known), 'check')} settled, {ran} of them by running the project."


def taken_for(project: ProjectSection) -> str:
    """Return in a line what the tool took the project for, so that its author sees a misreading; empty without any."""
    if not (project.kinds or project.tasks or project.frameworks):
        return ""
    named: dict[str, tuple[str, ...]] = {
        "": project.kinds[:4] or ("code",),
        "on ": project.tasks[:5],
        "with ": project.frameworks[:5],
    }
    told = [lead + listed([line(word, 40) for word in words]) for lead, words in named.items() if words]
    return f"Taken for: {', '.join(told)}."


def in_short(project: ProjectSection) -> str:
    """Return the same in few words: ``modelling, service: tabular, classification``."""
    told = (", ".join(line(word, 40) for word in words) for words in (project.kinds[:3], project.tasks[:3]))
    return ": ".join(words for words in told if words)


def listed(words: Sequence[str]) -> str:
    """Return ``words`` as a list within a sentence: ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def of_several(report: Report) -> str:
    """Return what the score is where the repository holds several projects; empty where it holds one."""
    figures = report.project.facts
    main, count, more = figures.get("main-project"), figures.get("projects"), figures.get("projects-not-judged")
    if not report.projects:
        return ""
    told = f"{plural(count if isinstance(count, int) else len(report.projects), 'project')}, judged apart."
    if isinstance(main, str):
        told += (
            f" The whole is judged by {line(main, 120)}, which has the most code; licence, history, junk and credentials "
            "are looked at everywhere."
        )
    return f"{told} {plural(more, 'smaller one')} left out." if isinstance(more, int) and more else told


def where(evidence: EvidenceSection) -> str:
    """Return the place that ``evidence`` names, counted from 1: ``src/train.py:31-34``, ``eda.ipynb cell 4:2``."""
    if evidence.kind == "commit":
        return f"commit {line(evidence.sha or '', 64)[:7]}"
    if evidence.kind == "run":
        return f"run {line(evidence.run or '', 80)}"
    if evidence.kind == "absence" or evidence.path is None:
        return ""
    cell = "" if evidence.cell is None else f" cell {evidence.cell + 1}"
    return f"{line(evidence.path, 240)}{cell}{_lines(evidence)}"


def looked_at(evidence: EvidenceSection, *, most: int = 6) -> str:
    """Return where an absent thing was looked for; empty where that is not told."""
    places = evidence.looked_at
    if not places:
        return ""
    more = f" and {len(places) - most:,} more" if len(places) > most else ""
    return f"looked at {', '.join(line(p, 120) for p in places[:most])}{more}"


def explained(signal: SignalSection) -> str:
    """Return the figures behind a verdict, or the reason why there is none."""
    unsettled = signal.verdict in {"not-measured", "not-applicable"}
    return (signal.reason or signal.summary) if unsettled else (signal.summary or signal.reason)


def branch(subject: SubjectSection) -> str:
    """Return the branch or tag that was judged; empty where the commit itself was asked for."""
    ref = subject.ref or ""
    return "" if (subject.commit or "").startswith(ref) else ref


def title(signal: SignalSection) -> str:
    """Return the signal's title; its name spelt out where this copy does not know it (a plug-in's, a newer one)."""
    return titles.title(signal.id)


def why(signal: SignalSection) -> str:
    """Return why a reviewer cares; empty for a category of a plug-in that gives no reason."""
    return WHY.get(signal.category, "")


def points(signal: SignalSection) -> str:
    """Return what a signal cost, earned or holds open."""
    match signal.verdict:
        case "fail" | "partial" if signal.points_lost > 0:
            return f"−{number(signal.points_lost)} of {number(signal.weight)}"
        case "pass" if signal.earned:
            return f"{number(signal.earned)} of {number(signal.weight)}"
        case "pass" | "fail" | "partial":
            return "nothing taken off" if signal.weight > 0 else "not weighed"
        case "not-measured":
            return f"up to {number(signal.weight)} open" if signal.weight > 0 else "not weighed"
        case "not-applicable":
            return ""


def counted(counts: CountsSection) -> str:
    """Return test cases in words: ``40 passed, 2 failed, 1 skipped``."""
    named = {"failed": counts.failed, "with an error": counts.errors, "skipped": counts.skipped}
    return ", ".join([f"{counts.passed:,} passed", *(f"{n:,} {word}" for word, n in named.items() if n)])


def outcome(run: RunSection) -> str:
    """Return the figures of a run: cases, cells, coverage, repairs; empty where there are none."""
    said = []
    if run.counts is not None:
        said.append(counted(run.counts))
    if run.cells is not None:
        said.append(f"{run.cells.run:,} of {plural(run.cells.all, 'cell')}")
    if run.coverage is not None:
        said.append(f"{percent(run.coverage)} of lines covered")
    if run.repairs:
        said.append(f"after {plural(len(run.repairs), 'repair')}")
    return ", ".join(said)


def stopped_by(run: RunSection) -> str:
    """Return which limit stopped a run; empty where none did."""
    named = {"seconds": "its time limit", "memory": "its memory limit", "output": "its output limit"}
    named["disk"] = "its disk limit"
    return named.get(run.stopped_by or "", line(run.stopped_by or "", 80))


def durations(measurements: Measurements | None) -> dict[str, str]:
    """Return by run what it took, in words; empty without measurements."""
    return {r.id: seconds(r.seconds) for r in measurements.runs} if measurements else {}


def _told(signal: SignalSection) -> str:
    summary = line(signal.summary, 140).rstrip(".")
    return f"“{line(title(signal), 90)}”" + (f" ({summary})" if summary else "")


def _lines(evidence: EvidenceSection) -> str:
    if evidence.start is None:
        return ""
    several = evidence.end is not None and evidence.end > evidence.start
    return f":{evidence.start}-{evidence.end}" if several else f":{evidence.start}"
