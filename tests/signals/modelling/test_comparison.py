"""Is a table of variants that a reader sees told from scattered scores, and from tables of other things?"""

from __future__ import annotations

import json

import pytest

from evaluator.signals.modelling.comparison import comparison_reported
from tests.experiments import HEAD, ONE, level, project
from tests.facts.programs import cell, notebook

LOOP = "for name, m in {'LR': LogisticRegression(), 'RF': RandomForestClassifier(), 'SVM': SVC()}.items():\n    m.fit(X_train, y_train)\n    acc = m.score(X_test, y_test)\n    print(name, acc)\n"
ROWS = "| Model | Accuracy | F1 |\n|---|---|---|\n| Logistic Regression | 0.81 | 0.78 |\n| Random Forest | 0.86 | 0.84 |\n| XGBoost | 0.87 | 0.85 |\n"


def drawn(source: str) -> dict[str, object]:
    picture = {"output_type": "display_data", "data": {"image/png": "AA=="}, "metadata": {}}
    return {**cell(source, 1), "outputs": [picture]}


def readme(text: str, source: str = ONE) -> dict[str, str]:
    return project(source, README_md=f"# A\n\n{text}")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(readme(f"## Results\n\n{ROWS}"), id="rows of models"),
        pytest.param(readme("| Metric | LR | RF | XGB |\n|---|---|---|---|\n| Accuracy | 0.8 | 0.9 | 0.91 |\n| F1 | 0.7 | 0.8 | 0.82 |\n"), id="columns of models"),
        pytest.param(readme("| Experiment | lr | dropout | Val loss |\n|---|---|---|---|\n| A | 0.1 | 0 | 0.31 |\n| B | 0.1 | 0.5 | 0.28 |\n| C | 0.01 | 0.5 | 0.25 |\n"), id="rows of settings"),
        pytest.param(readme("| Variant | BLEU |\n|---|---|\n| full | 31.2 |\n| without attention | 24.0 |\n| without dropout | 29.9 |\n"), id="ablation"),
        pytest.param(readme("<table><tr><th>Model</th><th>RMSE</th></tr><tr><td>Ridge</td><td>4.1</td></tr><tr><td>Lasso</td><td>4.2</td></tr><tr><td>XGBoost</td><td>3.1</td></tr></table>"), id="html"),
        pytest.param(readme("## Results\n\n- Logistic Regression: accuracy 81.2 %\n- Random Forest: accuracy 86.0 %\n- XGBoost: accuracy 87.1 %\n"), id="list"),
        pytest.param(readme("## Results\n\n```\nLogistic Regression  0.81\nRandom Forest        0.86\nXGBoost              0.87\n```\n"), id="printed into the README"),
        pytest.param(readme("## Resultados\n\n| Modelo | Exactitud |\n|---|---|\n| Regresión logística | 0.81 |\n| Bosque aleatorio | 0.86 |\n| XGBoost | 0.87 |\n"), id="Spanish"),
        pytest.param(readme("| 模型 | 准确率 |\n|---|---|\n| 逻辑回归 | 0.81 |\n| 随机森林 | 0.86 |\n| 支持向量机 | 0.84 |\n"), id="Chinese"),
        pytest.param(project(ONE, README_md="# A\n\nSee [the report](docs/report.md).", docs__report_md=f"# Report\n\n{ROWS}"), id="docs"),
        pytest.param(readme("![Model comparison](comparison.png)", LOOP) | {"comparison.png": "x"}, id="picture by its name"),
        pytest.param(readme("![](out/fig1.png)", "accs = {}\n" + LOOP.replace("print(name, acc)", "accs[name] = acc") + "plt.bar(list(accs), list(accs.values()))\nplt.savefig('out/fig1.png')") | {"out/fig1.png": "x"}, id="picture by its code"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + LOOP, 1, printed="LR 0.81\nRF 0.86\nSVM 0.84\n"))}, id="printed by one cell"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + LOOP.replace("print(name, acc)", "print(name)\n    print('accuracy', acc)"), 1, printed="LR\naccuracy 0.81\nRF\naccuracy 0.86\nSVM\naccuracy 0.84\n"))}, id="name and score on two lines"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + "rows = []\n" + LOOP.replace("print(name, acc)", "rows.append({'Model': name, 'Acc': acc})") + "pd.DataFrame(rows)", 1, printed="  Model   Acc\n0    LR  0.81\n1    RF  0.86\n2   SVM  0.84\n"))}, id="data frame"),
        pytest.param({"n.ipynb": notebook(HEAD + "accs = []\n" + LOOP.replace("print(name, acc)", "accs.append(acc)"), drawn("plt.bar(['LR', 'RF', 'SVM'], accs)"))}, id="chart"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + "for k in [1, 3, 5]:\n    m = KNeighborsClassifier(k).fit(X_train, y_train)\n    print(k, m.score(X_test, y_test))", 1, printed="1 0.81\n3 0.83\n5 0.82\n"))}, id="values of a setting"),
        pytest.param({"n.ipynb": notebook(HEAD + "accs = []\nfor k in range(1, 9):\n    m = KNeighborsClassifier(k).fit(X_train, y_train)\n    accs.append(m.score(X_test, y_test))", drawn("plt.plot(range(1, 9), accs)"))}, id="curve over a setting"),
        pytest.param({"n.ipynb": notebook(HEAD + "rows = []\n" + LOOP.replace("print(name, acc)", "rows.append({'m': name, 'acc': acc})"), cell("t = pd.DataFrame(rows)\nt.sort_values('acc').style.background_gradient()", 2, printed="<pandas.io.formats.style.Styler at 0x7f>"))}, id="styled table"),
        pytest.param({"n.ipynb": notebook(HEAD + "from lazypredict.Supervised import LazyClassifier", cell("LazyClassifier().fit(X_train, X_test, y_train, y_test)", 2, printed="a table"))}, id="table of a library"),
        pytest.param({"n.ipynb": notebook(HEAD + LOOP, {"cell_type": "markdown", "source": ROWS, "metadata": {}})}, id="markdown cell"),
    ],
)  # fmt: skip
def test_three_variants_together(files: dict[str, str]) -> None:
    assert level(comparison_reported, files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(readme("| Model | Accuracy |\n|---|---|\n| Logistic Regression | 0.81 |\n| Random Forest | 0.86 |\n"), id="two rows"),
        pytest.param(readme("The random forest reaches an accuracy of 0.86, logistic regression 0.81."), id="two in a sentence"),
        pytest.param({"n.ipynb": notebook(HEAD, cell("a = SVC().fit(X_train, y_train)\nprint(a.score(X_test, y_test))", 1, printed="0.81\n"), cell("b = RandomForestClassifier().fit(X_train, y_train)\nprint(b.score(X_test, y_test))", 2, printed="0.86\n"), cell("c = LogisticRegression().fit(X_train, y_train)\nprint(c.score(X_test, y_test))", 3, printed="0.80\n"))}, id="three outputs apart"),
        pytest.param({"n.ipynb": notebook(HEAD + "def run(m):\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))", cell("run(SVC())", 1, printed="0.81\n"), cell("run(LogisticRegression())", 2, printed="0.86\n"), cell("run(RandomForestClassifier())", 3, printed="0.80\n"))}, id="three outputs of one function"),
    ],
)  # fmt: skip
def test_two_variants_or_scattered(files: dict[str, str]) -> None:
    assert level(comparison_reported, files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(project(ONE), id="one model"),
        pytest.param(project(LOOP), id="printed by a script only"),
        pytest.param({"n.ipynb": notebook(HEAD + LOOP)}, id="a notebook that was never run"),
        pytest.param(readme("| Class | Precision | Recall | F1 | Support |\n|---|---|---|---|---|\n| cat | 0.9 | 0.8 | 0.85 | 10 |\n| dog | 0.8 | 0.8 | 0.8 | 12 |\n| bird | 0.7 | 0.8 | 0.75 | 9 |\n"), id="classes"),
        pytest.param(readme("| | precision | recall | f1-score |\n|---|---|---|---|\n| setosa | 1.0 | 1.0 | 1.0 |\n| virginica | 0.9 | 0.8 | 0.85 |\n| versicolor | 0.8 | 0.9 | 0.85 |\n"), id="classes without a name"),
        pytest.param(readme("| Metric | Value |\n|---|---|\n| Accuracy | 0.81 |\n| F1 | 0.78 |\n| AUC | 0.9 |\n"), id="measures of one model"),
        pytest.param(readme("| Set | Accuracy |\n|---|---|\n| Train | 0.91 |\n| Validation | 0.88 |\n| Test | 0.87 |\n"), id="parts of the data"),
        pytest.param(readme("| Column | Type | Description |\n|---|---|---|\n| age | int | 0.4 % missing |\n| sex | str | none |\n| bmi | float | 1.2 % missing |\n"), id="columns of the data"),
        pytest.param(readme("| Parameter | Value |\n|---|---|\n| learning rate | 0.01 |\n| dropout | 0.5 |\n| momentum | 0.9 |\n"), id="settings of one model"),
        pytest.param(readme("| Model | Type | Highlights |\n|---|---|---|\n| LSTM | recurrent | memory |\n| TCN | convolution | fast |\n| DeepAR | recurrent | quantiles |\n"), id="models without scores"),
        pytest.param(readme("| Fold | Accuracy |\n|---|---|\n| 1 | 0.81 |\n| 2 | 0.82 |\n| 3 | 0.8 |\n"), id="folds"),
        pytest.param(readme("| Epoch | Loss |\n|---|---|\n| 1 | 0.81 |\n| 2 | 0.62 |\n| 3 | 0.5 |\n"), id="epochs"),
        pytest.param(readme(f"<!--\n{ROWS}-->"), id="imitation: hidden"),
        pytest.param(readme("We compared logistic regression, random forests and XGBoost."), id="imitation: the word"),
        pytest.param(readme("![Model comparison](missing.png)", LOOP), id="imitation: a picture that is not there"),
        pytest.param(readme("![Survival vs age](age.png)") | {"age.png": "x"}, id="a chart of the data"),
        pytest.param({"n.ipynb": notebook(HEAD + ONE, drawn("plt.bar(df.columns, df.mean())"))}, id="a chart of columns"),
        pytest.param({"n.ipynb": notebook(cell(HEAD + ONE, 1, printed="0.9\n"), cell("print(classification_report(y_test, model.predict(X_test)))", 2, printed="   precision recall f1-score support\n0  0.9 0.8 0.85 10\n1  0.8 0.8 0.8 12\naccuracy 0.8 22\n"))}, id="a report of classes"),
    ],
)  # fmt: skip
def test_nothing_side_by_side(files: dict[str, str]) -> None:
    assert level(comparison_reported, files) == 0


def test_not_asked_without_a_model() -> None:
    assert level(comparison_reported, {"README.md": f"# A\n\n{ROWS}", "a.py": "print(1)"}) == "NotApplicable"


def test_the_picture_is_one_that_a_notebook_stores() -> None:
    assert json.loads(notebook(drawn("plt.bar(a, b)")))["cells"][0]["outputs"]
