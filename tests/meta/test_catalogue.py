"""Every signal is declared whole, explained from one text, and tested at both ends."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluator import titles
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


def test_the_titles_are_current() -> None:
    """`python scripts/generate.py` writes them."""
    assert (ROOT / "rubrics" / titles.FILE).read_bytes() == titles.page()


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the tests of the signals draw from each, in a run of their own."""
    seen = tmp_path_factory.mktemp("answers") / "seen.json"
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "tests.meta.answers_seen", "-p", "no:cacheprovider"]
    argv += ["-p", "no:xdist", "-p", "no:randomly", "-o", "addopts=", "tests/signals"]
    done = subprocess.run(
        argv, cwd=ROOT, env={**os.environ, "ANSWERS_SEEN": str(seen)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    read: dict[str, list[str]] = json.loads(seen.read_text(encoding="utf-8"))
    return read


@pytest.mark.xdist_group("answers")
@pytest.mark.timeout(300)
def test_the_tests_draw_every_answer_from_every_signal(answers: dict[str, list[str]]) -> None:
    """Each level, and "not asked" where the signal can say so: no answer is left without a case."""
    lacking = {}
    for signal in SIGNALS:
        wanted = {f"level {n}" for n in range(len(signal.levels))} or {"a value"}
        if "NotApplicable(" in inspect.getsource(signal.check):
            wanted.add("not asked")
        if absent := wanted - set(answers.get(signal.id, [])):
            lacking[signal.id] = sorted(absent)

    assert lacking == {}


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
