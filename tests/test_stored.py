"""Facts survive being written down, and strangers' facts are refused."""

from __future__ import annotations

import pytest

from evaluator import stored
from evaluator.catalogue import catalogue
from evaluator.errors import DecodeError
from evaluator.facts.history import Commit, History
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Subject
from evaluator.runs.environment import Environment

SUBJECT = Subject(source="local", name="x")
FACTS: dict[type[Fact], Fact | Missing] = {
    History: History(total=1, commits=(Commit(sha="a" * 40, subject="Begin", author=0, parents=0, day=0),)),
    Tree: Missing(fact="Tree", cause="failed", detail="it fell"),
}


def test_round_trip() -> None:
    assert stored.decode(stored.encode(SUBJECT, FACTS), catalogue()) == stored.Known(SUBJECT, FACTS)


def test_each_of_several_projects_keeps_its_own_facts() -> None:
    apart: dict[str, dict[type[Fact], Fact | Missing]] = {"churn": FACTS, "wine": {Tree: Tree(files=())}}
    written = stored.encode(SUBJECT, FACTS, apart)

    assert stored.decode(written, catalogue()) == stored.Known(SUBJECT, FACTS, apart)
    assert b"projects" not in stored.encode(SUBJECT, FACTS)


def test_places_of_this_machine_stay_behind() -> None:
    built = Environment(
        python="/somewhere/bin/python", version="3.11.7", folders={"/a": "/b"}, strategy="given", installed={}
    )
    written = stored.encode(SUBJECT, {Environment: built})

    assert b"/somewhere" not in written
    assert b"/b" not in written


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(b'"schema": 1', b'"schema": 9', "gather them again", id="other schema"),
        pytest.param(b'"History"', b'"Mystery"', "Mystery", id="unknown fact"),
        pytest.param(b'"total": 1', b'"total": "1"', "total", id="wrong type"),
        pytest.param(b'"fact": "Tree"', b'"fact": "Bush"', "Bush", id="unknown gap"),
        pytest.param(b'"missing"', b'"misses"', "misses", id="unknown key"),
    ],
)
def test_refused(old: bytes, new: bytes, says: str) -> None:
    data = stored.encode(SUBJECT, FACTS)
    assert old in data

    with pytest.raises(DecodeError, match=says):
        stored.decode(data.replace(old, new), catalogue())
