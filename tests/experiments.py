"""Small projects with models, and what is found of their experiments: by the providers themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from evaluator.facts.delivering.reading import delivery
from evaluator.facts.experiments import Experiments, experiments
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Measured
from evaluator.source.snapshot import Snapshot
from tests.facts.programs import program

Asks = Callable[[Experiments, ModelWork, Tree], Answer]

HEAD = """
import json, os, numpy as np, pandas as pd, matplotlib.pyplot as plt
from sklearn.model_selection import train_test_split, cross_val_score, cross_validate, GridSearchCV, RandomizedSearchCV, KFold
from sklearn.linear_model import LogisticRegression, LinearRegression, Ridge
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, confusion_matrix, classification_report
df = pd.read_csv('x.csv')
X, y = df.drop(columns='y'), df['y']
X_train, X_test, y_train, y_test = train_test_split(X, y)
"""
ONE = "model = RandomForestClassifier()\nmodel.fit(X_train, y_train)\nprint(accuracy_score(y_test, model.predict(X_test)))\n"


def project(source: str = "", **files: str) -> dict[str, str]:
    """Return a project whose ``train.py`` is ``source``; ``__`` in a name is a folder, the last ``_`` a dot."""
    named = {_path(name): text for name, text in files.items()}
    return ({"train.py": HEAD + source} if source else {}) | named


def _path(name: str) -> str:
    stem, _, ending = name.replace("__", "/").rpartition("_")
    return f"{stem}.{ending}"


def found(files: Mapping[str, str]) -> tuple[Experiments, ModelWork, Tree]:
    """Return what the signals about experiments are asked with."""
    return _found(tuple(sorted(files.items())))


@cache
def _found(items: tuple[tuple[str, str], ...]) -> tuple[Experiments, ModelWork, Tree]:
    files = dict(items)
    snapshot = Snapshot.of(files)
    bare = program(files)
    documents = prose(snapshot, bare.tree, bare.notebooks)
    delivered = delivery(snapshot, bare.tree, documents)
    made = program(files, delivery=delivered)
    every = experiments(made.modules, made.code, made.reach, made.work, documents, made.notebooks, delivered)
    return every, made.work, made.tree


def level(ask: Asks, files: Mapping[str, str]) -> int | str:
    """Return the level of the answer, or what kind of answer it is where it has none; every answer shows its evidence."""
    answer = ask(*found(files))
    if isinstance(answer, Measured):
        assert answer.evidence
        assert answer.summary
        return int(answer.value)
    return type(answer).__name__
