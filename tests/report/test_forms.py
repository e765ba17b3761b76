"""The forms of a report are found by name, and each renders every report."""

from __future__ import annotations

import pytest

from evaluator.report import document
from evaluator.report.forms import forms
from tests.report import samples


def test_three_forms_ship() -> None:
    assert {(f.name, f.suffix) for f in forms().values()} == {("html", ".html"), ("json", ".json"), ("text", ".txt")}
    assert all(name == form.name for name, form in forms().items())


@pytest.mark.parametrize("name", ["html", "json", "text"])
@pytest.mark.parametrize(
    "report", [samples.rich(), samples.empty(), samples.not_run()], ids=["rich", "empty", "not run"]
)
def test_every_form_renders_every_report(name: str, report: document.Report) -> None:
    form = forms()[name]

    assert form.render(report, None).endswith("\n")
    assert report.subject.name in form.render(report, samples.measured())


def test_json_is_the_report_itself() -> None:
    """What depends on the machine is not in it."""
    made = forms()["json"].render(samples.rich(), samples.measured())

    assert document.decode(made.encode()) == samples.rich()


def test_text_has_no_colours() -> None:
    assert "\x1b" not in forms()["text"].render(samples.rich(), None)


def test_a_caller_cannot_change_what_ships() -> None:
    with pytest.raises(TypeError):
        forms()["html"] = forms()["json"]  # type: ignore[index]
