"""Does following a program end, whatever it is, and always in the same way?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.flow import Flow, flow
from evaluator.facts.flowing.state import _same
from tests.facts.programs import program

NAMES = st.sampled_from(["df", "X", "y", "a", "b", "m", "s", "f", "C", "self", "pd", "np"])
CALLS = st.sampled_from(
    [
        *("pd.read_csv({0})", "{0}.fillna({1})", "{0}.mean()", "{0}[{1}]", "{0}['y']", "{0}[:{1}]", "{0} + {1}"),
        *("train_test_split({0}, {1})", "StandardScaler().fit_transform({0})", "{0}.fit({1}, {0})", "{0}.predict({1})"),
        *("{0}.apply(lambda v: {1})", "[{0} for {1} in {0}]", "{{'a': {0}, {1}: {0}}}", "({0}, {1})", "{0}({1}, *{0})"),
        *("{0}.groupby({1}).mean()", "pd.concat([{0}, {1}])", "{0}.drop({1}, axis=1, inplace=True)", "{0}.{1}"),
        *("cross_val_score({0}, {1}, {0})", "max({0}, key={1})", "{0} > {1}", "{0}.pop('y')", "f({0}, **{1})", "-{0}"),
        *(
            "{0}.append({1})",
            "zip({0}, {1})",
            "range({0}, {1}, 2)",
            "f'{{{0}}}/{{{1}}}'",
            "{0}.shift({1})",
            "{0}.items()",
        ),
    ]
)
FORMS = st.sampled_from(
    [
        *("{0} = {1}", "{0}['c'] = {1}", "{0}, {2} = {1}", "{0}.t = {1}", "{0} -= {1}", "del {0}['c']", "{1}"),
        *(
            "for {0} in {1}:\n    {2} = {0}",
            "if {1}:\n    {0} = {2}\nelse:\n    {2} = {0}",
            "with {1} as {0}:\n    pass",
        ),
        *(
            "def f({0}, *{2}):\n    return {1}",
            "class C:\n    def fit(self, {0}):\n        self.t = {1}\n        return self",
        ),
        *("while {1}:\n    {0} = {2}\n    break", "try:\n    {0} = {1}\nexcept E:\n    {2} = {0}", "{0}[{2}] = {1}"),
    ]
)
HEAD = (
    "import pandas as pd, numpy as np\nfrom sklearn.preprocessing import StandardScaler\n"
    "from sklearn.model_selection import train_test_split, cross_val_score\n"
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 12))):
        made = draw(CALLS).format(draw(NAMES), draw(NAMES))
        lines.append(draw(FORMS).format(draw(NAMES), made, draw(NAMES)))
    return HEAD + "\n".join(lines) + "\n"


def followed(source: str) -> Flow:
    made = program({"a.py": source})
    return flow(made.modules, made.code, made.reach)


@settings(max_examples=150, deadline=None)
@given(programs())
def test_any_program_is_followed_to_an_end_and_twice_alike(source: str) -> None:
    assert followed(source) == followed(source)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def f(x):\n    return f(x)\nf(1)\n", id="calls itself"),
        pytest.param("f = lambda x: f(x)\nf(1)\n", id="lambda that calls itself"),
        pytest.param("a = " + " + ".join(["1"] * 3_000), id="long sum"),
        pytest.param("a = []\na.append(a)\nStandardScaler().fit(a)\n", id="list that holds itself"),
        pytest.param("class C:\n    def __init__(self):\n        self.c = C()\nStandardScaler().fit(C())\n", id="class that makes itself"),
        pytest.param("d = {}\nd['d'] = d\ntrain_test_split(d)\n", id="dict that holds itself"),
        pytest.param("".join(f"def f{i}(x):\n    return f{i + 1}(f{i + 1}(x))\n" for i in range(40)) + "f0(1)\n", id="calls that double"),
    ],
)  # fmt: skip
def test_hostile_programs_end(source: str) -> None:
    assert isinstance(followed(HEAD + source), Flow)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("data/a.csv", "data/a.csv", True, id="same"),
        pytest.param("data/a.csv", "a.csv", False, id="another folder"),
        pytest.param("*/data/a.csv", "data/a.csv", True, id="unknown folder before"),
        pytest.param("*/a.csv", "*/b.csv", False, id="another name"),
        pytest.param("*", "data/a.csv", False, id="nothing known"),
    ],
)
def test_paths(one: str, other: str, same: bool) -> None:
    assert _same(one, other) == same
