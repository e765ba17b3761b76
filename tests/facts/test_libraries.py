"""Does the table of libraries answer for the names as they are written?"""

from __future__ import annotations

import pytest

from evaluator.facts.modelling.libraries import Patterns, libraries


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        pytest.param("a.b", "a.b", True, id="exact"),
        pytest.param("a.*", "a.b", True, id="one component"),
        pytest.param("a.*", "a.b.c", False, id="not two"),
        pytest.param("a.B*", "a.Bcd", True, id="part of a component"),
        pytest.param("a.**", "a.b.c", True, id="several"),
        pytest.param("a.**", "a", False, id="at least one at the end"),
        pytest.param("a.**.fit", "a.fit", True, id="none between"),
        pytest.param("a.**.fit", "a.b.c.fit", True, id="two between"),
        pytest.param("**.fit", ".fit", True, id="unknown receiver"),
        pytest.param("**.fit", "a.refit", False, id="whole components"),
        pytest.param("a.{b,c}.{d,e}", "a.c.d", True, id="alternatives"),
        pytest.param("a.b()", "a.b()", True, id="result"),
        pytest.param("a.b[]", "a.b[]", True, id="item"),
    ],
)
def test_patterns(pattern: str, name: str, matches: bool) -> None:
    assert bool(Patterns([(pattern, 1)]).matches(name)) is matches


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("sklearn.model_selection._split.train_test_split", "split-pairs"),
        ("sklearn.model_selection.StratifiedKFold", "split-folds"),
        ("sklearn.ensemble._forest.RandomForestClassifier.fit", "fit"),
        ("sklearn.preprocessing.StandardScaler", "transformer"),
        ("xgboost.XGBClassifier.fit", "fit"),
        ("xgboost.train", "fit"),
        ("lightgbm.LGBMRegressor.fit", "fit"),
        ("catboost.CatBoostClassifier.fit", "fit"),
        ("tensorflow.keras.Sequential.fit", "fit"),
        ("tf_keras.Model.evaluate", "score"),
        ("keras.src.models.Model.fit", "fit"),
        ("pytorch_lightning.Trainer.fit", "fit"),
        ("lightning.pytorch.Trainer.test", "score"),
        ("torch.Tensor.backward", "loop-backward"),
        ("torch.optim.adamw.AdamW.step", "loop-step"),
        ("optax.apply_updates", "loop-apply"),
        ("flax.training.train_state.TrainState.apply_gradients", "loop-apply"),
        ("transformers.Trainer.train", "fit"),
        ("transformers.AutoModelForSequenceClassification.from_pretrained", "model"),
        ("statsmodels.regression.linear_model.OLS.fit", "fit"),
        ("prophet.Prophet.fit", "fit"),
        ("stable_baselines3.PPO.learn", "fit"),
        ("sklearn.metrics.f1_score", "metric"),
        ("sklearn.model_selection.cross_val_score", "score-folds"),
        ("sklearn.model_selection.GridSearchCV", "search"),
        ("pandas.read_csv", "load"),
        ("joblib.dump", "save"),
        ("fastapi.FastAPI", "application"),
        ("mlflow.log_metric", "track"),
    ],
)
def test_roles(name: str, role: str) -> None:
    assert role in libraries().roles(name)


@pytest.mark.parametrize(
    "name", ["numpy.mean", "os.path.join", ".fit", "sklearn.utils.Bunch", "own.module.fit", "print"]
)
def test_other_calls_train_nothing(name: str) -> None:
    assert not libraries().roles(name) & {"fit", "metric", "score", "split-pairs", "load", "save"}


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("sklearn.model_selection.train_test_split", "numpy"),
        ("sklearn.tree.DecisionTreeClassifier", "numpy"),
        ("numpy.random.normal", "numpy"),
        ("random.sample", "python"),
        ("torch.utils.data.DataLoader", "torch"),
        ("tensorflow.keras.Model.fit", "tensorflow"),
        ("gym.Env.reset", "own"),
        ("xgboost.XGBRegressor", None),
        ("sklearn.linear_model.LinearRegression", None),
    ],
)
def test_where_chance_enters(name: str, family: str | None) -> None:
    found = libraries().chance(name)

    assert (found.family if found else None) == family


def test_seeds() -> None:
    assert libraries().seeds("pytorch_lightning.seed_everything") == ("python", "numpy", "torch")
    assert libraries().seeds("numpy.random.rand") is None


def test_results() -> None:
    assert libraries().returns("pandas.read_csv") == "pandas.DataFrame"
    assert libraries().returns("sklearn.svm._classes.SVC.fit") == "self"
    assert libraries().returns("own.f") is None


def test_seeding_calls_are_of_families_where_chance_enters() -> None:
    """A seed for a generator that no row of the table uses would fix nothing that is looked at."""
    table = libraries().table
    used = {row.family for row in table.random}

    assert {f for families in table.seeds.values() for f in families} - used <= {"mxnet", "cupy"}
