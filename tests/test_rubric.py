"""The rubric is data, checked as strictly as anything foreign."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evaluator import codec
from evaluator.catalogue import catalogue
from evaluator.errors import RubricError
from evaluator.resources import folder
from evaluator.rubric import Rubric, check_against, for_role, load

TEXT = """
schema: 1
id: t
version: "1"
categories: {p: {title: P, weight: 3, rationale: because}}
items: {p.a: {weight: 1, rationale: because}}
bands: [{at_least: 0, name: low}]
roles: {junior: {title: Junior, rationale: because, items: {p.a: 5}}}
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "rubric.yaml"
    path.write_text(text)
    return str(path)


def test_a_role_lays_its_weights_over(tmp_path: Path) -> None:
    rubric = load(written(tmp_path, TEXT))

    assert for_role(rubric, "general") is rubric
    assert for_role(rubric, "junior").items["p.a"].weight == 5


def test_an_unknown_role_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="general, junior"):
        for_role(load(written(tmp_path, TEXT)), "astronaut")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("weight: 1,", "weight: 101,", r"items", id="weight out of range"),
        pytest.param("p.a: {weight: 1, rationale: because}", "p.a: {weight: 1}", "rationale", id="no rationale"),
        pytest.param("id: t", "id: t\ncolour: red", "colour", id="unknown key"),
        pytest.param("items: {p.a", "items: {q.a", "no category", id="item without category"),
        pytest.param("at_least: 0", "at_least: 10", "band", id="no lowest band"),
        pytest.param("items: {p.a: 5}", "items: {p.z: 5}", "junior", id="role on unknown item"),
        pytest.param("schema: 1", "schema: 2", "schema", id="other schema"),
    ],
)
def test_faults_are_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(RubricError, match=says):
        load(written(tmp_path, TEXT.replace(old, new)))


def test_no_such_rubric_says_which_there_are() -> None:
    with pytest.raises(RubricError, match="recruiter-signals"):
        load("nonsense")


def test_the_shipped_rubric_and_the_signals_fit_each_other() -> None:
    """Every stable signal is weighed or listed with a reason, and every listed id exists."""
    rubric, known = load(), catalogue().signals
    check_against(rubric, known)

    assert sorted(set(known) - set(rubric.items)) == []
    assert sorted({s.category for s in known.values()} - set(rubric.categories)) == []
    trial = {i for i, s in known.items() if s.stage == "trial"}
    assert {i: rubric.items[i].weight for i in trial} == dict.fromkeys(trial, 0)


def test_scales_of_levels_end_at_the_best_level() -> None:
    rubric = load()
    wrong = {
        s.id: rubric.items[s.id].scale.full
        for s in catalogue().signals.values()
        if s.levels and (rubric.items[s.id].scale.zero, rubric.items[s.id].scale.full) != (0, len(s.levels) - 1)
    }

    assert wrong == {}


def test_weighing_the_unknown_is_refused() -> None:
    with pytest.raises(RubricError, match=r"unknown signals: communication\.license"):
        check_against(
            msgspec.structs.replace(load(), items={"communication.license": load().items["communication.license"]}), ()
        )


def test_schema_for_editors_is_current() -> None:
    """`python scripts/generate.py` writes it."""
    assert (folder("rubrics") / "schema.json").read_bytes() == codec.pretty(msgspec.json.schema(Rubric))
