"""Which models, searches, records and tables are found, and do the readers of tables hold whatever they are given?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts.experimenting import tables
from evaluator.facts.experimenting.wording import words
from evaluator.facts.experiments import Experiments
from tests.experiments import HEAD, ONE, found, project
from tests.facts.programs import notebook


def of(source: str, **files: str) -> Experiments:
    return found(project(source, **files))[0]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        pytest.param(ONE, ["RandomForestClassifier"], id="one"),
        pytest.param("p = make_pipeline(StandardScaler(), SVC())\np.fit(X_train, y_train)\nprint(p.score(X_test, y_test))", ["SVC"], id="pipeline"),
        pytest.param("s = GridSearchCV(Pipeline([('m', SVC())]), {'m__C': [1, 2]}).fit(X, y)\nprint(s.best_estimator_.score(X_test, y_test))", ["SVC"], id="search"),
        pytest.param("models = []\nmodels.append(('a', SVC()))\nmodels.append(('b', LogisticRegression()))\nfor n, m in models:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))", ["SVC", "LogisticRegression"], id="list that grows"),
        pytest.param("def make(kind):\n    if kind == 'svm':\n        return SVC()\n    return LogisticRegression()\nfor k in ['svm', 'lr']:\n    m = make(k).fit(X_train, y_train)\n    print(m.score(X_test, y_test))", ["SVC", "LogisticRegression"], id="factory"),
        pytest.param("class Trainer:\n    def __init__(self):\n        self.models = {'a': SVC(), 'b': Ridge()}\n    def run(self):\n        for n, m in self.models.items():\n            m.fit(X_train, y_train)\n            print(m.score(X_test, y_test))\nTrainer().run()", ["SVC", "Ridge"], id="attribute"),
        pytest.param("from sklearn.base import clone\nbase = SVC()\nm = clone(base).fit(X_train, y_train)\nprint(m.score(X_test, y_test))", ["SVC"], id="clone"),
        pytest.param("names = ['a', 'b']\nmodels = [SVC(), Ridge()]\nfor n, m in zip(names, models):\n    m.fit(X_train, y_train)\n    print(accuracy_score(y_test, m.predict(X_test)))", ["SVC", "Ridge"], id="zip"),
        pytest.param("def fit_one(m):\n    m.fit(X_train, y_train)\n    return m\na, b = fit_one(SVC()), fit_one(Ridge())\nprint(a.score(X_test, y_test), b.score(X_test, y_test))", ["SVC", "Ridge"], id="function that fits"),
    ],
)  # fmt: skip
def test_models_are_followed_to_where_they_are_made(source: str, kinds: list[str]) -> None:
    variants = of(source).variants

    assert sorted(v.kind for v in variants) == sorted(kinds)
    assert all(v.scored for v in variants)


def test_a_model_without_a_score_is_told_apart() -> None:
    variants = of(ONE + "s = SVC()\ns.fit(X_train, y_train)\n").variants

    assert [(v.kind, v.scored) for v in variants] == [("RandomForestClassifier", True), ("SVC", False)]


def test_nothing_is_looked_for_without_a_model() -> None:
    table = "# A\n\n| Model | Accuracy |\n|---|---|\n| SVM | 0.8 |\n| KNN | 0.9 |\n"

    assert found({"a.py": "print(1)", "README.md": table})[0] == Experiments()


def test_the_fact_can_be_stored() -> None:
    every = of(ONE, README_md="# A\n\n| Model | Accuracy |\n|---|---|\n| SVM | 0.8 |\n| KNN | 0.9 |\n")

    assert codec.decode(codec.encode(every), Experiments) == every


def test_a_notebook_is_one_problem() -> None:
    every, _, _ = found({"n.ipynb": notebook(HEAD + ONE, "s = SVC().fit(X_train, y_train)\ns.score(X_test, y_test)")})

    assert {v.group for v in every.variants} == {"n.ipynb"}


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        pytest.param("Model\tRMSE\nRidge\t4.1\nLasso\t4.0", ("Ridge", "Lasso"), id="rows"),
        pytest.param("\tRidge\tLasso\nRMSE\t4.1\t4.0\nMAE\t3.0\t3.1", ("Ridge", "Lasso"), id="columns"),
        pytest.param("Model\tScore A\tScore B\nSVM\t0.81\t0.8\nKNN\t0.79\t0.7", ("SVM", "KNN"), id="measures we do not know"),
        pytest.param("Class\tF1\nSVM\t0.81\nKNN\t0.79", ("SVM", "KNN"), id="models in a column for classes"),
        pytest.param("Class\tF1\ncat\t0.81\ndog\t0.79", (), id="classes"),
        pytest.param("Model\tParameters (M)\nLSTM\t6.5\nTCN\t3.8", (), id="sizes"),
        pytest.param("Split\tAccuracy\nTrain\t0.91\nTest\t0.87", (), id="parts of the data"),
        pytest.param("Metric\tTrain\tTest\nAccuracy\t0.91\t0.87\nF1\t0.9\t0.8", (), id="parts of the data as columns"),
        pytest.param("Metric\tValue\nAccuracy\t0.91\nF1\t0.9", (), id="one model"),
        pytest.param("", (), id="nothing"),
    ],
)  # fmt: skip
def test_tables(text: str, variants: tuple[str, ...]) -> None:
    assert tables.of_table(text) == variants


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        pytest.param("LR 0.81\nRF 0.86", ("LR", "RF"), id="names that the code gives"),
        pytest.param(
            "Random Forest: 0.86\nXGBoost: 0.87", ("Random Forest", "XGBoost"), id="names that everybody gives"
        ),
        pytest.param(
            "SVR Results:\n MAE: 3.05\nXGBoost Results:\n MAE: 3.9",
            ("SVR Results", "XGBoost Results"),
            id="over several lines",
        ),
        pytest.param(
            "RandomForestClassifier(max_depth=3, ccp_alpha=0.1)\nSVC(C=0.5)", (), id="models as Python shows them"
        ),
        pytest.param("Epoch 1: loss 0.5\nEpoch 2: loss 0.4", (), id="epochs"),
        pytest.param("age 0.2\nfare 0.5", (), id="columns"),
    ],
)
def test_lines(text: str, variants: tuple[str, ...]) -> None:
    assert tables.of_lines(text, ("LR", "RF")) == variants


@given(st.text(alphabet="abcRFSVM k=0123456789.,|%\t\n±()", max_size=300))
@settings(max_examples=200, deadline=None)
def test_readers_of_tables_never_raise(text: str) -> None:
    tables.of_table(text)
    tables.of_lines(text, ("RF",))
    tables.of_settings(text)
    tables.settings_of(text)
    tables.in_sentence(text)
    words().called_baseline(text)
    words().refers_to_baseline(text)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        pytest.param("Logistic Regression serves as our baseline.", "logistic regression", id="serves as"),
        pytest.param("Baseline: Logistic Regression", "logistic regression", id="label"),
        pytest.param("Ridge (baseline), Lasso and XGBoost", "ridge", id="bracket"),
        pytest.param("XGBoost beats the baseline, a logistic regression", "logistic regression", id="apposition"),
        pytest.param("XGBoost outperforms the baseline.", None, id="set against"),
        pytest.param("Baseline MAE is 50,900; Random Forest reduces it", None, id="another clause"),
        pytest.param("We rerun the baseline/Ridge/Random Forest comparison", None, id="list"),
        pytest.param("Naive Bayes", None, id="a name"),
    ],
)
def test_what_a_sentence_calls_the_baseline(sentence: str, kind: str | None) -> None:
    assert words().called_baseline(sentence) == kind
