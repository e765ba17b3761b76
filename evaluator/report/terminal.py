"""What does a person at a terminal see, and take in within thirty seconds?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from evaluator.report import ladder, ranking, safe, wording
from evaluator.report.document import CategorySection, Measurements, Report, SubProjectSection
from evaluator.report.pen import Align, Pen, Piece

# Of several targets, one: its address, its report where there is one, how it ended in a word or a sentence, its folder.
TargetRow: TypeAlias = tuple[str, Report | None, str, str]
# Tones and icons in the sixteen colours that every palette defines, and in shapes of one column each.
_STYLES = {"ok": "green", "warn": "yellow", "bad": "red", "calm": ""}
_ICONS = {"pass": "●", "partial": "■", "fail": "▲", "unknown": "○", "none": "–"}
_PLAIN_ICONS = {"pass": "+", "partial": "~", "fail": "x", "unknown": "?", "none": "-"}
_COLUMNS = ("Target", "Score", "Band", "Measured", "Ended", "Folder")
# Of an address the end tells most.
_ALIGNED: tuple[Align, ...] = ("end", "right", "left", "right", "left", "left")
_OF_PROJECTS: tuple[Align, ...] = ("end", "right", "left", "left")
_PROJECTS = 8
# A longer ending is a sentence, and stands below the table.
_WORD = 16
# Longer lines are harder to read; a table may use them all.
_WIDEST = 100


def summary(
    report: Report,
    measurements: Measurements | None = None,
    *,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
    path: str = "",
) -> str:
    """Return the report in at most some thirty lines, the last without its line break.

    Args:
        report: What was found; every text in it may be hostile.
        measurements: What the runs took; without it no time is told.
        width: Columns of the terminal; 40 to 100 are used.
        color: ANSI colours are written; meaning never hangs on them.
        ascii_only: For a terminal that cannot carry other characters.
        path: Of the full report, as the last line.
    """
    pen = Pen(width=min(width, _WIDEST), color=color, ascii_only=ascii_only)
    _head(pen, report)
    _notice(pen, report)
    _dimensions(pen, report)
    _projects(pen, report)
    _ladder(pen, report, measurements)
    _fixes(pen, report)
    if path:
        pen.blank()
        pen.long(("Report: ", "bold"), (path, ""))
    return pen.drawn()


def table(rows: Iterable[TargetRow], *, width: int = 80, color: bool = False, ascii_only: bool = False) -> str:
    """Return one line for each target, and below it in full what did not fit: how a target ended."""
    pen = Pen(width=width, color=color, ascii_only=ascii_only)
    listed = list(rows)
    shown = [tuple(pen.say(cell) for cell in row) for row in (_COLUMNS, *map(_row, listed))]
    widths = pen.fitted(shown, shrink=(0, 2, 5))
    for place, row in enumerate(shown):
        cells = [pen.cell(text, wide, align) for text, wide, align in zip(row, widths, _ALIGNED, strict=True)]
        pen.line(("  ".join(cells).rstrip(), "bold" if place == 0 else ""))
    told = [(target, ended) for target, _, ended, _ in listed if len(ended) > _WORD]
    if told:
        pen.blank()
    for target, ended in told:
        pen.hung([("- ", "")], f"{safe.line(target, 200)}: {safe.line(ended, 600)}", rows=8)
    return pen.drawn()


def _row(row: TargetRow) -> tuple[str, str, str, str, str, str]:
    target, report, ended, folder = row
    score = report.score if report else None
    return (
        safe.line(target, 200),
        wording.span(score.low, score.high) if score else "",
        wording.bands(score) if score else "",
        wording.percent(score.coverage) if score and score.coverage is not None else "",
        safe.line(ended) if len(ended) <= _WORD else "see below",
        safe.line(folder, 200),
    )


def _head(pen: Pen, report: Report) -> None:
    subject, score = report.subject, report.score
    at = (
        f"{safe.line(subject.commit, 64)[:7]}{' with local changes' if subject.dirty else ''}" if subject.commit else ""
    )
    named = wording.branch(subject)
    ref = f"({safe.line(named, 40)})" if named else ""
    pen.line(
        (safe.line(subject.name, 60), "bold"),
        ("  " + " ".join(w for w in (at, ref) if w) if at else "", ""),
        (f"  role {safe.line(report.rubric.role, 30)}", ""),
        (f"  {taken}" if (taken := wording.in_short(report.project)) else "", ""),
    )
    if score.low is None:
        pen.line(("No score", "bold"))
    else:
        share = f"   {wording.percent(score.coverage)} of the rubric measured" if score.coverage is not None else ""
        points = f"{wording.span(score.low, score.high)} / 100   {wording.bands(score)}"
        pen.long((points, "bold"), (share, ""))
    pen.blank()
    pen.long((wording.sentence(report), ""))
    pen.long((wording.footing(report), ""))


def _notice(pen: Pen, report: Report) -> None:
    for place, reason in enumerate(ladder.reasons_nothing_ran(report)[:2]):
        if place == 0:
            pen.blank()
        pen.long(("Nothing was run: " if place == 0 else "  ", "bold yellow"), (reason, ""))


def _dimensions(pen: Pen, report: Report) -> None:
    parts = [c for c in report.categories if c.low is not None and c.high is not None][:10]
    if not parts:
        return
    pen.blank()
    names = [pen.say(safe.line(c.title, 24)) for c in parts]
    spans = [pen.say(wording.span(c.low, c.high)) for c in parts]
    left, right = max(map(pen.wide, names)), max(map(pen.wide, spans))
    room = min(30, pen.width - left - right - 6)
    for part, name, told in zip(parts, names, spans, strict=True):
        pen.line(
            (pen.cell(name, left), ""), ("  ", ""), *_bar(pen, part, room), ("  " + pen.cell(told, right, "right"), "")
        )


def _bar(pen: Pen, part: CategorySection, room: int) -> list[Piece]:
    """Earned, not measured and lost, in ``room`` columns that add up."""
    low, high = part.low or 0.0, part.high or 0.0
    earned, reached = round(room * low / 100), round(room * high / 100)
    full, open_, lost = "#?." if pen.ascii_only else "█▒·"
    known = 100 - (high - low)
    share = low / known if known > 0 else 0.0
    tone = "ok" if share >= 0.8 else "warn" if share >= 0.5 else "bad"
    return [(full * earned, _STYLES[tone]), (open_ * (reached - earned), ""), (lost * (room - reached), "")]


def _projects(pen: Pen, report: Report) -> None:
    """Several projects: a line each, the main one first, and what each loses most on."""
    if not report.projects:
        return
    main = report.project.facts.get("main-project")
    order = sorted(report.projects, key=lambda p: p.path != main)[:_PROJECTS]
    pen.blank()
    pen.long((wording.of_several(report), ""))
    rows = [tuple(pen.say(cell) for cell in _project(p)) for p in order]
    widths = pen.fitted(rows, shrink=(3,))
    if sum(widths) > pen.width - 2 * (len(widths) - 1):
        widths = pen.fitted(rows, shrink=(0, 3))
    for row in rows:
        cells = [pen.cell(text, wide, how) for text, wide, how in zip(row, widths, _OF_PROJECTS, strict=True)]
        pen.line(("  ".join(cells).rstrip(), ""))
    if len(report.projects) > _PROJECTS:
        pen.line((f"and {len(report.projects) - _PROJECTS} more in the full report", ""))


def _project(section: SubProjectSection) -> tuple[str, str, str, str]:
    score = section.score
    worst = max(section.signals, key=lambda s: s.points_lost, default=None)
    return (
        safe.line(section.path, 120),
        wording.span(score.low, score.high),
        wording.bands(score),
        safe.line(wording.title(worst), 90) if worst and worst.points_lost > 0 else "",
    )


def _ladder(pen: Pen, report: Report, measurements: Measurements | None) -> None:
    steps = ladder.steps(report)
    if not steps or ladder.reasons_nothing_ran(report):
        return
    icons = _PLAIN_ICONS if pen.ascii_only else _ICONS
    pen.blank()
    took = f", {wording.seconds(sum(r.seconds for r in measurements.runs))}" if measurements else ""
    pieces: list[Piece] = [(f"Run{took}:", "bold")]
    for place, step in enumerate(steps):
        pieces.append(("; " if place else " ", ""))
        pieces.append((f"{icons[step.term.icon]} {step.name} {step.term.word.lower()}", _STYLES[step.term.tone]))
        pieces.append((f" ({step.detail})" if step.detail else "", ""))
    pen.long(*pieces)


def _fixes(pen: Pen, report: Report) -> None:
    listed = ranking.fixes(report, most=3)
    if not listed:
        return
    pen.blank()
    pen.line(("Fix these first", "bold"), (" (points of 100, work)", ""))
    for place, signal in enumerate(listed, start=1):
        gain = f"{place}. +{signal.points_lost:.1f}"
        spot = ranking.spot(signal)
        where = f", {wording.where(spot)}" if spot and wording.where(spot) else ""
        remedy = safe.line(signal.remedy.text or wording.title(signal), 300)
        pen.hung([(gain, "green"), ("  ", "")], f"{wording.EFFORTS[signal.effort]}{where}: {remedy}", rows=3)
