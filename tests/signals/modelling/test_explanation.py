"""A model is explained where a reader is shown what moves its answers; what is built in counts for half."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.facts.analyses import analyses
from evaluator.facts.prose import prose
from evaluator.model import Answer, Measured, NotApplicable
from evaluator.signals.modelling.explanation import explainability
from tests.facts.programs import NOTHING, cell, notebook, program

START = """
import pandas as pd
import numpy as np
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
X, y = pd.read_csv("x.csv"), pd.read_csv("y.csv")
model = RandomForestClassifier()
model.fit(X, y)
"""
LINEAR = START.replace("= RandomForestClassifier()", "= LogisticRegression()")
KERAS = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
import matplotlib.pyplot as plt
model = keras.Sequential([keras.layers.Conv2D(8, 3), keras.layers.Dense(3)])
model.compile(loss="mse")
model.fit(x, y)
"""
TORCH = """
import torch
from torch import nn
import matplotlib.pyplot as plt
net = nn.Sequential(nn.Linear(4, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in train:
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
"""


def answer(files: Mapping[str, str | bytes]) -> Answer:
    made = program(files)
    found = analyses(made.modules, made.code, made.reach, made.notebooks, NOTHING)
    return explainability(made.work, found, prose(made.modules.snapshot, made.tree, made.notebooks), made.tree)


def level(files: Mapping[str, str | bytes]) -> float:
    found = answer(files)
    assert isinstance(found, Measured)
    assert found.evidence
    return found.value


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "import shap\ne = shap.TreeExplainer(model)\nv = e.shap_values(X)\nshap.summary_plot(v, X)\nplt.show()",
            2,
            id="shap",
        ),
        pytest.param(
            "import shap\nex = shap.Explainer(model)\nshap.plots.waterfall(ex(X)[0], show=False)\nplt.savefig('w.png')",
            2,
            id="shap plots",
        ),
        pytest.param(
            "from lime.lime_tabular import LimeTabularExplainer\ne = LimeTabularExplainer(X.values)\n"
            "r = e.explain_instance(X.values[0], model.predict_proba)\nprint(r.as_list())",
            2,
            id="lime",
        ),
        pytest.param(
            "from sklearn.inspection import permutation_importance\nr = permutation_importance(model, X, y)\n"
            "s = pd.Series(r.importances_mean, index=X.columns)\nprint(s.sort_values())",
            2,
            id="permutation importance",
        ),
        pytest.param(
            "from sklearn.inspection import PartialDependenceDisplay\nPartialDependenceDisplay.from_estimator(model, X, [0])\nplt.show()",
            2,
            id="partial dependence",
        ),
        pytest.param(
            "base = accuracy_score(y, model.predict(X))\nfor col in X.columns:\n    Z = X.copy()\n"
            "    Z[col] = np.random.permutation(Z[col])\n    print(col, base - accuracy_score(y, model.predict(Z)))",
            2,
            id="permutation by hand",
        ),
        pytest.param("print(model.feature_importances_)", 1, id="importances printed"),
        pytest.param(
            "s = pd.Series(model.feature_importances_, index=X.columns)\ns.plot.barh()\nplt.savefig('i.png')",
            1,
            id="importances drawn",
        ),
        pytest.param(
            "from sklearn.tree import plot_tree\nplot_tree(model.estimators_[0])\nplt.show()", 1, id="tree drawn"
        ),
        pytest.param(
            "from sklearn.tree import export_text\nprint(export_text(model.estimators_[0]))", 1, id="tree in text"
        ),
        pytest.param("print(getattr(model, 'feature_importances_'))", 1, id="importances by getattr"),
        pytest.param("import eli5\neli5.show_weights(model)", 0, id="eli5 in a script shows nothing"),
        pytest.param("print(accuracy_score(y, model.predict(X)))", 0, id="score only"),
        pytest.param("sns.heatmap(X.corr())\nplt.show()", 0, id="correlations are of the data"),
    ],
)
def test_explanations_of_trees(code: str, expected: int) -> None:
    assert level({"a.py": START + code}) == expected


def test_the_last_expression_of_a_cell_is_shown() -> None:
    assert level({"a.ipynb": notebook(START, "import eli5\neli5.show_weights(model)")}) == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("print(pd.DataFrame({'feature': X.columns, 'weight': model.coef_[0]}))", 2, id="table with names"),
        pytest.param("for name, w in zip(X.columns, model.coef_[0]):\n    print(name, w)", 2, id="zipped with names"),
        pytest.param("plt.barh(X.columns, model.coef_[0])\nplt.show()", 2, id="bars with names"),
        pytest.param("print(pd.Series(np.exp(model.coef_[0]), index=X.columns))", 2, id="odds ratios"),
        pytest.param("print(model.coef_, model.intercept_)", 1, id="bare"),
        pytest.param("x = model.coef_.shape\nprint(x)", 0, id="their number"),
        pytest.param("w = model.coef_", 0, id="thrown away"),
        pytest.param("print(X.values @ model.coef_[0])", 0, id="used to predict"),
    ],
)
def test_explanations_of_linear_models(code: str, expected: int) -> None:
    assert level({"a.py": LINEAR + code}) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "import statsmodels.api as sm\nfit = sm.Logit(y, x).fit()\nprint(fit.summary())",
            1,
            id="statsmodels summary without a word",
        ),
        pytest.param(
            "from statsmodels.tsa.arima.model import ARIMA\nfit = ARIMA(s, order=(1, 1, 1)).fit()\nprint(fit.summary())",
            0,
            id="summary of a time series explains no input",
        ),
        pytest.param(KERAS + "model.summary()", 0, id="layers of a network"),
        pytest.param(
            KERAS
            + "def cam(image):\n    with tf.GradientTape() as tape:\n        conv, out = inner(image)\n        top = out[:, 0]\n"
            "    grads = tape.gradient(top, conv)\n    w = tf.reduce_mean(grads, axis=(0, 1, 2))\n    return conv[0] * w\n"
            "heat = cam(x[:1])\nplt.matshow(heat)\nplt.show()",
            2,
            id="Grad-CAM by hand",
        ),
        pytest.param(
            KERAS + "opt = keras.optimizers.Adam()\nwith tf.GradientTape() as tape:\n    loss = model(x)\n"
            "g = tape.gradient(loss, model.trainable_variables)\nopt.apply_gradients(zip(g, model.trainable_variables))\n"
            "plt.imshow(x[0])\nplt.show()",
            0,
            id="gradients of training",
        ),
        pytest.param(
            TORCH
            + "img.requires_grad_()\nnet(img).max().backward()\nplt.imshow(img.grad.abs().max(dim=0).values)\nplt.show()",
            2,
            id="saliency by hand",
        ),
        pytest.param(
            TORCH + "kept = []\nnet[0].register_full_backward_hook(lambda m, i, o: kept.append(o[0]))\n"
            "net(x)[0].max().backward()\nplt.imshow(kept[0].mean(dim=1).squeeze())\nplt.show()",
            2,
            id="gradients that a hook keeps",
        ),
        pytest.param(
            TORCH + "kept = {}\ndef keep(module, given, out):\n    kept['g'] = out[0]\n"
            "net[0].register_full_backward_hook(keep)\nnet(x)[0].max().backward()\n"
            "plt.imshow(kept['g'].mean(dim=1).squeeze())\nplt.show()",
            2,
            id="gradients that a function keeps",
        ),
        pytest.param(
            TORCH + "kept = []\nnet[0].register_full_backward_hook(lambda m, i, o: kept.append(o[0]))\n"
            "net(x)[0].max().backward()\nprint(len(kept))\nplt.imshow(x[0][0])\nplt.show()",
            0,
            id="imitation: gradients that nothing shows",
        ),
        pytest.param(
            TORCH
            + "from captum.attr import IntegratedGradients\nig = IntegratedGradients(net)\nprint(ig.attribute(x))",
            2,
            id="captum",
        ),
        pytest.param(
            TORCH + "from pytorch_grad_cam import GradCAM\ncam = GradCAM(model=net, target_layers=[net[0]])\n"
            "plt.imshow(cam(input_tensor=x)[0])\nplt.show()",
            2,
            id="Grad-CAM of a library",
        ),
        pytest.param(
            TORCH
            + "out = net(x, output_attentions=True)\nattention = out.attentions[-1][0]\nplt.imshow(attention)\nplt.show()",
            2,
            id="attention drawn",
        ),
        pytest.param(
            "import xgboost as xgb\nimport matplotlib.pyplot as plt\nb = xgb.train({}, d)\nxgb.plot_importance(b)\nplt.show()",
            1,
            id="importance of xgboost",
        ),
        pytest.param(
            "import xgboost as xgb\nb = xgb.train({}, d)\nprint(b.predict(d, pred_contribs=True))",
            2,
            id="contributions",
        ),
        pytest.param(
            "import lightgbm as lgb\nb = lgb.train({}, d)\nprint(b.feature_importance())",
            1,
            id="importance of lightgbm",
        ),
        pytest.param(
            "from gensim.models import Word2Vec\nm = Word2Vec(s)\nprint(m.wv.most_similar('king'))",
            1,
            id="neighbours of words",
        ),
        pytest.param(
            "import pandas as pd\nfrom sklearn.cluster import KMeans\ndf = pd.read_csv('d.csv')\nkm = KMeans(3).fit(df)\n"
            "df['cluster'] = km.labels_\nprint(df.groupby('cluster').mean())",
            1,
            id="profiles of clusters",
        ),
        pytest.param(
            "import numpy as np\nclass Linear:\n    def fit(self, X, y):\n        self.weights = np.zeros(3)\n        for i in range(9):\n"
            "            self.weights -= 0.1 * X.T.dot(X.dot(self.weights) - y)\n    def predict(self, X):\n        return X.dot(self.weights)\n"
            "m = Linear()\nm.fit(X, y)\nfor name, w in zip(feature_names, m.weights):\n    print(name, w)",
            2,
            id="weights of an own model with names",
        ),
        pytest.param(
            "from stable_baselines3 import PPO\nm = PPO('MlpPolicy', 'CartPole-v1')\nm.learn(1000)",
            0,
            id="an agent that is not explained",
        ),
    ],
)
def test_explanations_of_other_libraries(code: str, expected: int) -> None:
    assert level({"a.py": code}) == expected


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import shap", id="imported only"),
        pytest.param("import shap\nv = shap.TreeExplainer(model).shap_values(X)", id="thrown away"),
        pytest.param(
            "import shap\ndef explain():\n    shap.summary_plot(shap.TreeExplainer(model)(X))\n    plt.show()",
            id="never called",
        ),
        pytest.param("print('SHAP: age matters most')", id="words"),
        pytest.param("imp = model.feature_importances_\nprint('importances computed')", id="importances thrown away"),
        pytest.param("plt.barh(['age', 'sex'], [0.7, 0.3])\nplt.show()", id="typed in"),
        pytest.param(
            "X = X.loc[:, model.feature_importances_ > 0.1]\nmodel.fit(X, y)", id="importances choose columns"
        ),
    ],
)
def test_imitations_explain_nothing(code: str) -> None:
    assert level({"a.py": START + code}) == 0


def test_a_summary_counts_fully_where_the_text_reads_it() -> None:
    code = "import statsmodels.api as sm\nfit = sm.OLS(y, x).fit()\nprint(fit.summary())"
    read = (
        "# T\n\nThe coefficient of size is positive: one unit increase in size adds 300 dollars, p-value below 0.01.\n"
    )

    assert level({"a.py": code, "README.md": read}) == 2
    assert level({"a.py": code, "README.md": "# T\n\nSalaries are predicted.\n"}) == 1


def test_a_cell_that_the_kept_run_left_out_counts_half() -> None:
    code = "import shap\nshap.summary_plot(shap.TreeExplainer(model)(X))"

    assert level({"a.ipynb": notebook(cell(START, 1, printed="1"), cell(code))}) == 1


def test_explainability_not_asked() -> None:
    assert isinstance(answer({"a.py": "import pandas as pd\nprint(pd.read_csv('d.csv').describe())"}), NotApplicable)
