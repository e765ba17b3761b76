"""Everybody can read it: contrast in both modes, on paper, on a phone, without colour. (WCAG 2.2 AA)"""

from __future__ import annotations

import re
from itertools import product

import pytest

from evaluator.report import wording
from evaluator.resources import folder

SHEET = (folder("templates") / "report.css").read_text(encoding="utf-8")
_TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
_FIRST, _SECOND = (part.partition("}")[0] for part in SHEET.split(":root {")[1:])
MODES = {"light": dict(_TOKEN.findall(_FIRST)), "dark": dict(_TOKEN.findall(_SECOND))}

TEXT = [
    *product(("fg", "muted", "link", "ok", "warn", "bad", "calm"), ("page", "card")),
    *product(("hk", "hs", "hc", "hn", "hf", "ok", "bad", "fg", "muted"), ("code",)),
    *product(("fg", "link"), ("chip", "tint")),
]
SHAPES = [
    *product(("ok-fill", "warn-fill", "bad-fill", "calm-fill", "edge"), ("card", "page")),
    *product(("ok-fill", "warn-fill", "bad-fill"), ("track",)),
    ("tint-edge", "page"),
]


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("front", "back"), TEXT, ids=lambda name: name)
def test_text_can_be_read(mode: str, front: str, back: str) -> None:
    assert contrast(MODES[mode][front], MODES[mode][back]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("front", "back"), SHAPES, ids=lambda name: name)
def test_shapes_can_be_told_apart(mode: str, front: str, back: str) -> None:
    assert contrast(MODES[mode][front], MODES[mode][back]) >= 3


def test_both_modes_define_the_same_colours() -> None:
    assert MODES["light"].keys() == MODES["dark"].keys()
    assert set(re.findall(r"var\(--([a-z-]+)\)", SHEET)) <= MODES["light"].keys()


def test_paper_is_always_light() -> None:
    """Dark colours hold for screens only, so that a page printed at night is not black."""
    assert "@media screen and (prefers-color-scheme: dark)" in SHEET
    assert SHEET.count("prefers-color-scheme") == 1


def test_paper_shows_what_is_folded() -> None:
    paper = SHEET.partition("@media print {")[2]

    assert "details::details-content { content-visibility: visible; display: block; block-size: auto; }" in paper


def test_motion_and_focus_are_heeded() -> None:
    assert "prefers-reduced-motion: reduce" in SHEET
    assert ":focus-visible { outline: 3px solid" in SHEET
    assert "outline: none" not in SHEET


def test_no_meaning_hangs_on_colour() -> None:
    """Within a kind, every term has a word and a shape of its own."""
    for terms in (wording.VERDICTS.values(), wording.STATUSES.values()):
        assert len({t.icon for t in terms}) == len({t.word for t in terms}) == len(terms)


def test_the_sheet_ends_nothing_but_itself() -> None:
    assert "<" not in SHEET.replace('content: " <"', "")
    assert SHEET.isascii()
