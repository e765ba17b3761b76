"""What is done with a model's errors and behaviour is found with its place, and followed to where it is shown."""

from __future__ import annotations

import pytest

from evaluator.facts.analyses import Analyses, Look, analyses
from tests.facts.programs import NOTHING, notebook, program

START = """
import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.svm import SVC
m = SVC().fit(x, y)
p = m.predict(xt)
print(len(p))
"""


def found(files: dict[str, str]) -> Analyses:
    made = program(files)
    return analyses(made.modules, made.code, made.reach, made.notebooks, NOTHING)


def only(code: str) -> Look:
    (look,) = found({"a.py": START + code}).errors
    return look


def test_a_look_tells_its_place_and_what_shows_it() -> None:
    look = only("cm = confusion_matrix(yt, p)\n\nprint(cm)\n")

    assert (look.place.at.path, look.place.at.start, look.kind, look.shown) == ("a.py", 9, "confusion", "shown")
    assert look.how == "printed (print, line 11)"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        pytest.param("print(confusion_matrix(yt, p))", "shown", id="argument"),
        pytest.param("print(f'matrix: {confusion_matrix(yt, p)}')", "shown", id="in a text"),
        pytest.param("a = b = confusion_matrix(yt, p)\nprint(b)", "shown", id="second name"),
        pytest.param("(cm := confusion_matrix(yt, p))\nprint(cm)", "shown", id="walrus"),
        pytest.param("all_ = []\nall_.append(confusion_matrix(yt, p))\nprint(all_)", "shown", id="appended"),
        pytest.param("for row in confusion_matrix(yt, p):\n    print(row)", "shown", id="row by row"),
        pytest.param("print([r.tolist() for r in confusion_matrix(yt, p)])", "shown", id="in a comprehension"),
        pytest.param(
            "def f():\n    return 1, confusion_matrix(yt, p)\na, cm = f()\nprint(cm)", "shown", id="second of a pair"
        ),
        pytest.param(
            "def f():\n    return 1, confusion_matrix(yt, p)\na, cm = f()\nprint(a)",
            "thrown-away",
            id="first of a pair",
        ),
        pytest.param("d = {'cm': confusion_matrix(yt, p), 'n': 1}\nprint(d['cm'])", "shown", id="its key"),
        pytest.param("d = {'cm': confusion_matrix(yt, p), 'n': 1}\nprint(d['n'])", "thrown-away", id="another key"),
        pytest.param(
            "d = {}\nd['cm'] = confusion_matrix(yt, p)\nd['n'] = 1\nprint(d['n'])", "thrown-away", id="another key, put"
        ),
        pytest.param("cm = confusion_matrix(yt, p)\ncm = 1\nprint(cm)", "thrown-away", id="bound anew"),
        pytest.param("cm = confusion_matrix(yt, p)\nif x:\n    cm = 1\nprint(cm)", "shown", id="perhaps bound anew"),
        pytest.param(
            "class R:\n    def run(self):\n        self.cm = confusion_matrix(yt, p)\n    def show(self):\n        print(self.cm)\n"
            "r = R()\nr.run()\nr.show()",
            "shown",
            id="through an attribute",
        ),
        pytest.param(
            "class R:\n    def run(self):\n        self.cm = confusion_matrix(yt, p)\n    def show(self):\n        print(self.cm)\n"
            "r = R()\nr.run()",
            "thrown-away",
            id="the method that shows it is not called",
        ),
        pytest.param(
            "import logging\nlogging.getLogger('a').info('%s', confusion_matrix(yt, p))", "shown", id="logged"
        ),
        pytest.param(
            "import logging\nlogging.getLogger('a').debug('%s', confusion_matrix(yt, p))", "thrown-away", id="debug"
        ),
        pytest.param("np.savetxt('cm.txt', confusion_matrix(yt, p))", "shown", id="as text"),
        pytest.param(
            "import pickle\npickle.dump(confusion_matrix(yt, p), open('f', 'wb'))", "thrown-away", id="pickled"
        ),
        pytest.param("np.save('cm.npy', confusion_matrix(yt, p))", "thrown-away", id="as binary"),
        pytest.param("m.fit(confusion_matrix(yt, p), y)", "thrown-away", id="learned from"),
        pytest.param("assert confusion_matrix(yt, p).any()", "thrown-away", id="asserted"),
        pytest.param(
            "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/errors')\ndef errors():\n    return confusion_matrix(yt, p).tolist()",
            "shown",
            id="answered by a service",
        ),
    ],
)
def test_values_are_followed_to_where_they_are_shown(code: str, shown: str) -> None:
    assert only(code).shown == shown


def test_code_that_nothing_runs_is_told() -> None:
    look = only("def f():\n    print(confusion_matrix(yt, p))")

    assert not look.place.reached


def test_cells_are_told_by_their_number() -> None:
    (look,) = found({"a.ipynb": notebook(START, "cm = confusion_matrix(yt, p)", "cm")}).errors

    assert (look.place.at.cell, look.shown) == (1, "shown")


def test_measures_tell_what_they_are_called() -> None:
    (measure,) = found({"a.py": START + "acc = accuracy_score(yt, p)\nprint('Accuracy:', acc)"}).measures

    assert (measure.metric, measure.said, measure.fault) == ("accuracy", ("accuracy",), "")


def test_nothing_is_found_in_nothing() -> None:
    assert found({"a.py": "print(1)"}) == Analyses()
