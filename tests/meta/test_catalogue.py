"""Every signal is declared whole, explained from one text, and tested at both ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator.catalogue import catalogue, ours
from evaluator.explaining import catalogue_page, explanation, references
from evaluator.registry import Signal

ROOT = Path(__file__).parents[2]
SIGNALS = list(catalogue().signals.values())


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.id)
def test_declaration_is_whole(signal: Signal[...]) -> None:
    for text in (signal.title, signal.question, signal.looks_at, signal.remedy, signal.limits, signal.law):
        assert len(text) > 5
    assert signal.question.endswith("?")
    assert signal.law.startswith("Value")
    assert set(signal.sources) <= set(references())
    assert signal.sources
    assert len(set(signal.levels)) == len(signal.levels)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.id)
def test_the_module_is_named_after_the_category(signal: Signal[...]) -> None:
    assert signal.check.__module__.startswith(f"evaluator.signals.{signal.category}")


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.id)
def test_explain_says_all(signal: Signal[...]) -> None:
    text = explanation(signal)

    for part in (signal.id, signal.question, signal.looks_at, signal.limits, signal.remedy):
        assert part in text


def test_names_are_unique_without_their_category() -> None:
    names = [s.id.partition(".")[2] for s in SIGNALS]

    assert sorted(set(names)) == sorted(names)


def test_the_catalogue_page_is_current() -> None:
    """`python scripts/generate.py` writes it."""
    assert (ROOT / "docs" / "signals.md").read_text(encoding="utf-8") == catalogue_page()


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.id)
def test_table_cases_cover_both_ends_and_not_asked(signal: Signal[...]) -> None:
    """The tests of a signal name its function and at least three cases with ids."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests" / "signals").rglob("test_*.py")))
    name = signal.check.__name__

    assert re.search(rf"\b{name}\b", text), f"no test names {name}"


def said(source: str) -> Iterator[tuple[str, int]]:
    """Yield the string constants of ``source`` that can reach a reader, and their lines: docstrings cannot."""
    tree = ast.parse(source)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value, node.lineno


def test_signals_hold_no_verdict_words() -> None:
    """A signal says how much; good and bad are the rubric's and the reader's business."""
    words = {"good", "poor", "bad", "excellent", "terrible"}
    wrong = [
        f"{module.__name__}:{line}"
        for module in ours("signals")
        for text, line in said(Path(str(module.__file__)).read_text(encoding="utf-8"))
        if words & set(re.findall(r"[a-z]+", text.lower()))
    ]

    assert wrong == []
