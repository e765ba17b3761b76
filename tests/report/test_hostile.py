"""Whatever a candidate writes, it neither acts nor hides, neither on the page nor at the terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.report import html, terminal
from evaluator.report.document import Measurements, Report
from tests.report import pages, samples
from tests.report.hostile import ALL, TEXTS, poisoned

_OURS = {
    *("html", "head", "meta", "link", "title", "style", "body", "a", "svg", "pattern", "rect", "symbol", "path", "use"),
    *("header", "nav", "main", "section", "div", "span", "p", "b", "small", "h1", "h2", "h3", "h4", "ul", "ol", "li"),
    *(
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "pre",
        "code",
        "bdi",
    ),
}
_HIDING = {"Cf", "Zl", "Zp", "Cs", "Cc"}


def of(text: str) -> tuple[Report, Measurements]:
    report = cast("Report", poisoned(samples.rich(), lambda: text))
    return report, cast("Measurements", poisoned(samples.measured(), lambda: text))


def check(page: str) -> pages.Page:
    read = pages.read(page)
    assert {n.tag for n in read.nodes} <= _OURS
    assert len(read.all("style")) == 1
    for node in read.nodes:
        assert not [a for a in node.attributes if a.startswith("on") or a in {"src", "style", "srcdoc", "action"}]
        href = node.attributes.get("href", "#")
        assert href.startswith(("#", "https://github.com/")) or href == "data:,"
    assert not hidden(page, but="\n\t")
    page.encode()
    return read


def hidden(text: str, *, but: str) -> set[str]:
    return {c for c in text if unicodedata.category(c) in _HIDING and c not in but}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_page_shows_hostile_text_and_does_nothing(text: str) -> None:
    report, measurements = of(text)

    check(html.render(report, measurements))


def test_hostile_text_is_shown_as_it_was_written() -> None:
    """Escaping, not deleting: a reader sees what was tried."""
    report, _ = of(TEXTS["script"])

    assert TEXTS["script"] in check(html.render(report)).text


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "https://e.example/x", "http://github.com/a/b", "https://github.com@e.example/"]
)
def test_only_known_forges_are_linked(source: str) -> None:
    """A report.json may come from a stranger, whose links would bear our name."""
    report = cast("Report", poisoned(samples.rich(), lambda: source))

    hrefs = {n.attributes["href"] for n in pages.read(html.render(report)).all("a")}

    assert {h for h in hrefs if not h.startswith("#")} == set()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(sorted(TEXTS.values()))), min_size=1, max_size=6))
def test_no_string_makes_a_tag(texts: list[str]) -> None:
    """Each text field gets the next of the drawn strings."""
    place = iter(range(1_000_000))
    report = cast("Report", poisoned(samples.rich(), lambda: texts[next(place) % len(texts)]))

    check(html.render(report))


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colours"])
@pytest.mark.parametrize("text", [*TEXTS.values(), ALL], ids=[*TEXTS, "all"])
def test_a_terminal_obeys_none_of_it(text: str, color: bool) -> None:
    """Only our own colours remain; no cursor moves, no links, no markup is read."""
    report, measurements = of(text)
    shown = terminal.summary(report, measurements, width=80, color=color, path=text[:200])
    shown += terminal.table([(text, report, text, text)], width=80, color=color)

    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown) if color else shown

    assert hidden(plain, but="\n") == set()
    assert len(shown.splitlines()) < 110


def test_markup_of_our_own_library_is_text() -> None:
    report, _ = of("[bold red]x[/bold red] :boom:")

    shown = terminal.summary(report, width=100, color=True)

    assert "[bold red]x[/bold red] :boom:" in shown


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.sampled_from([40, 60, 80, 120]), st.booleans())
def test_a_terminal_never_breaks(text: str, width: int, ascii_only: bool) -> None:
    report, measurements = of(text)

    shown = terminal.summary(report, measurements, width=width, ascii_only=ascii_only, path=text)

    assert hidden(shown, but="\n") == set()
    assert shown.isascii() or not ascii_only
