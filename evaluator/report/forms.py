"""In which forms can a report be had?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType, ModuleType
from typing import TypeAlias

from evaluator import plugins
from evaluator.errors import PluginError
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


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Return the forms that ship with the tool and those of installed plug-ins, by name.

    A plug-in's module may hold :class:`Form` values, alone or in tuples. One that cannot be loaded, or that takes a
    name which is taken, is left out; ``evaluate doctor`` names it.
    """
    ours = (
        Form(name="html", suffix=".html", render=_html),
        Form(name="json", suffix=".json", render=_json),
        Form(name="text", suffix=".txt", render=_text),
    )
    found = {form.name: form for form in ours}
    for point in plugins.points("evaluator.reports"):
        with suppress(PluginError):
            found = {form.name: form for form in declared(plugins.load(point))} | found
    return MappingProxyType(found)


def declared(module: ModuleType) -> Iterator[Form]:
    """Yield the forms that ``module`` declares."""
    for value in vars(module).values():
        yield from (form for form in (value if isinstance(value, tuple) else (value,)) if isinstance(form, Form))


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
