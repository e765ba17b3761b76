"""How is a report shown as a page: one file, no script, nothing fetched from elsewhere?"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from evaluator.report import page
from evaluator.report.checks import Budget
from evaluator.report.document import Measurements, Report
from evaluator.report.highlight import prose
from evaluator.report.safe import visible
from evaluator.resources import folder

if TYPE_CHECKING:
    from jinja2 import Environment

# Bytes. People were handed reports of 80 MB and more by tools without a limit, and could not open them.
LIMIT = 1_000_000
# Each shows less than the one before; the last fits under the limit whatever the report holds (tested).
_BUDGETS = (
    Budget(),
    Budget(places=4, rows=6, chars=500, log=20, text=500, items=300, inner=20),
    Budget(places=2, rows=3, chars=200, log=8, text=300, items=200, inner=10),
    Budget(places=1, rows=0, chars=200, log=0, text=200, items=100, inner=5),
    Budget(places=1, rows=0, chars=120, log=0, text=120, items=16, inner=3),
)


def render(report: Report, measurements: Measurements | None = None) -> str:
    """Return ``report`` as a page of at most 1 MB in UTF-8; what had to be left out is said at its top.

    Args:
        report: What was found; every text in it may be hostile.
        measurements: What the runs took, and on which machine; without it those are not told.
    """
    made = ""
    fitting = [b for b in _BUDGETS[:-1] if _least(report, b) <= LIMIT]
    for budget in (*fitting, _BUDGETS[-1]):
        whole = budget is _BUDGETS[0] and not _overflows(report, budget)
        cut = "" if whole else _told(budget)
        made = _template(page.build(report, measurements, budget, cut))
        if len(made.encode()) <= LIMIT:
            break
    return made


def policy(style: str) -> str:
    """Return the content security policy of a page whose only style sheet is ``style``.

    Everything is forbidden but this sheet, known by its hash, and the empty icon, which keeps a browser from asking
    for one.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _least(report: Report, budget: Budget) -> int:
    """Return a number of characters below which no page of ``report`` can be, so that a hopeless one is not made."""
    texts = [
        "\n".join(place.excerpt[: budget.chars].split("\n")[: budget.rows])
        for signal in report.signals
        for place in signal.evidence[: budget.places]
    ]
    for run in report.runs[: budget.items]:
        lists = (*run.repairs[: budget.inner], *run.outputs[: budget.inner])
        texts += [run.log[-80 * budget.log :] if budget.log else "", *(text[:200] for text in lists)]
    return sum(map(len, texts))


def _overflows(report: Report, budget: Budget) -> bool:
    lists = (report.categories, report.projects, report.runs, report.missing, report.project.facts)
    return any(len(entries) > budget.items for entries in lists)


def _told(budget: Budget) -> str:
    kept = f"{budget.places} of the places of a check" if budget.places > 1 else "one place of each check"
    excerpts = f"excerpts of {budget.rows} lines" if budget.rows else "no excerpts"
    logs = f"the last {budget.log} lines of a log" if budget.log else "no logs"
    return (
        f"This page was cut to stay under 1 MB: it shows at most {kept}, {excerpts}, {logs} and {budget.items} entries "
        f"of a list. The JSON form of this report holds all of them."
    )


def _template(content: page.Page) -> str:
    from markupsafe import Markup

    style = _style()
    # The sheet is ours and part of this package; unescaped, for its hash must fit.
    sheet = Markup(style)  # noqa: S704
    return _environment().get_template("report.html.j2").render(page=content, style=sheet, policy=policy(style))


def _style() -> str:
    return (folder("templates") / "report.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["prose"] = prose
    return made


def _finish(value: object) -> object:
    """Let no value reach the page that hides something, and none that is a gap in ours."""
    from markupsafe import Markup

    if value is None:
        raise TypeError("a template printed None: a part that has no content must not be shown")
    return visible(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value
