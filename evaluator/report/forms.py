"""In which forms can a report be had?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from evaluator.report.document import Measurements, Report

Render: TypeAlias = Callable[[Report, Measurements | None], str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form of the report.

    Attributes:
        name: As ``--format`` takes it.
        suffix: Of the file it is usually written to, with its dot.
        render: Pure; the measurements are None where there are none.
    """

    name: str
    suffix: str
    render: Render


def forms() -> dict[str, Form]:
    """Return the forms that ship with the tool, by name; plug-ins add theirs to it."""
    ours = (
        Form(name="html", suffix=".html", render=_html),
        Form(name="json", suffix=".json", render=_json),
        Form(name="text", suffix=".txt", render=_text),
    )
    return {form.name: form for form in ours}


def _html(report: Report, measurements: Measurements | None) -> str:
    from evaluator.report import html

    return html.render(report, measurements)


def _json(report: Report, measurements: Measurements | None) -> str:
    """The report alone: measurements depend on the machine and have a file of their own."""
    from evaluator.report import document

    del measurements
    return document.encode(report).decode()


def _text(report: Report, measurements: Measurements | None) -> str:
    from evaluator.report import terminal

    return terminal.summary(report, measurements) + "\n"
