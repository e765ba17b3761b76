"""Is a spread of the score told from fold scores, and from a bare number?"""

from __future__ import annotations

import pytest

from evaluator.signals.modelling.uncertainty import uncertainty_reported
from tests.experiments import HEAD, ONE, level, project
from tests.facts.programs import cell, notebook

FOLDS = "scores = cross_val_score(SVC(), X, y, cv=5)\n"
SEEDS = "accs = []\nfor seed in range(5):\n    m = RandomForestClassifier(random_state=seed).fit(X_train, y_train)\n    accs.append(m.score(X_test, y_test))\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"{FOLDS}print(scores.mean(), scores.std())"), id="spread of folds"),
        pytest.param(project(f"{FOLDS}print(f'{{np.mean(scores):.3f}} +/- {{np.std(scores):.3f}}')"), id="spread in words"),
        pytest.param(project("cv = cross_validate(SVC(), X, y)\nresult = {'std': cv['test_score'].std()}\nprint(result)"), id="spread of a dict"),
        pytest.param(project(f"{SEEDS}print(np.mean(accs), np.std(accs))"), id="seeds"),
        pytest.param(project(f"{SEEDS}import statistics\nprint(statistics.stdev(accs))"), id="seeds by the standard library"),
        pytest.param(project("accs = []\nfor i, j in KFold(5).split(X):\n    m = SVC().fit(X.iloc[i], y.iloc[i])\n    accs.append(accuracy_score(y.iloc[j], m.predict(X.iloc[j])))\nprint(np.std(accs))"), id="folds by hand"),
        pytest.param(project(f"{ONE}from sklearn.utils import resample\npreds = model.predict(X_test)\nb = []\nfor i in range(999):\n    p, t = resample(preds, y_test)\n    b.append(accuracy_score(t, p))\nprint(np.percentile(b, [2.5, 97.5]))"), id="bootstrap"),
        pytest.param(project(f"{ONE}def boot():\n    return [accuracy_score(y_test, model.predict(X_test)) for _ in range(99)]\nscores = boot()\nprint(np.quantile(scores, 0.05))"), id="bootstrap in a function"),
        pytest.param(project("s = GridSearchCV(SVC(), {'C': [1, 2]}).fit(X, y)\nprint(s.cv_results_['std_test_score'])"), id="spread of a search"),
        pytest.param(project(f"{FOLDS}plt.boxplot(scores)\nprint(scores.mean())"), id="box plot"),
        pytest.param(project(ONE, README_md="# A\n\nAccuracy: 0.86 ± 0.02 over five seeds."), id="told in the README"),
        pytest.param(project(ONE, README_md="# A\n\n| Model | F1 |\n|---|---|\n| RF | 0.86 ± 0.02 |\n"), id="told in a table"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + ONE + "print('x')", 1, printed="accuracy: 0.86 (+/- 0.02)\n"))}, id="told in an output"),
        pytest.param({"t.py": "import gymnasium as gym\nfrom stable_baselines3 import PPO\nfrom stable_baselines3.common.evaluation import evaluate_policy\nm = PPO('MlpPolicy', 'CartPole-v1')\nm.learn(9)\nmean, std = evaluate_policy(m, gym.make('CartPole-v1'))\nprint(mean, std)"}, id="episodes"),
    ],
)  # fmt: skip
def test_a_spread_is_given(files: dict[str, str]) -> None:
    assert level(uncertainty_reported, files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(f"{FOLDS}print(scores)"), id="printed"),
        pytest.param(project(f"{FOLDS}print('folds:', scores, 'mean:', scores.mean())"), id="printed beside the mean"),
        pytest.param({"n.ipynb": notebook(HEAD + "cross_val_score(SVC(), X, y)")}, id="shown by a cell"),
        pytest.param(project("for i, j in KFold(5).split(X):\n    m = SVC().fit(X.iloc[i], y.iloc[i])\n    print(m.score(X.iloc[j], y.iloc[j]))"), id="printed one by one"),
    ],
)  # fmt: skip
def test_folds_are_listed(files: dict[str, str]) -> None:
    assert level(uncertainty_reported, files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(ONE), id="one number"),
        pytest.param(project(f"{FOLDS}print(scores.mean())"), id="mean of folds"),
        pytest.param(project(f"{FOLDS}scores.std()\nprint(scores.mean())"), id="imitation: a spread that nobody reads"),
        pytest.param(project(f"{FOLDS}spread = scores.std()\nprint(scores.mean())"), id="imitation: a spread that is only bound"),
        pytest.param(project(f"{ONE}print(df['age'].std())"), id="spread of the data"),
        pytest.param(project(f"{ONE}residuals = y_test - model.predict(X_test)\nprint(residuals.std())"), id="spread of the residuals"),
        pytest.param(project(f"{FOLDS}print(scores.mean())\ndef spread():\n    return scores.std()"), id="imitation: nothing calls it"),
        pytest.param(project(ONE, README_md="# A\n\nTemperature: 20 ± 2 degrees. The accuracy is high."), id="a spread of something else"),
    ],
)  # fmt: skip
def test_a_bare_number(files: dict[str, str]) -> None:
    assert level(uncertainty_reported, files) == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "print('0.9 ± 0.1')"}, id="no model"),
        pytest.param(project("model = SVC().fit(X_train, y_train)\nprint(model.predict(X_test))"), id="no score"),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert level(uncertainty_reported, files) == "NotApplicable"
