"""Does honest work earn what it is worth? The expected verdicts are read off the definitions of the signals."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from evaluator.catalogue import catalogue
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Snapshot
from tests.imitations.harness import verdict_at, verdicts
from tests.imitations.honest import TABULAR, VISION, history
from tests.imitations.repo import Repo
from tests.repositories import repository

# Why each is a pass by its definition: of the tabular project; after a semicolon, where it differs, of the vision project.
EARNED = {
    "communication.readme-purpose": "a paragraph: who phones whom, what is ranked, for whom, from what",
    "communication.readme-install": "a command that installs from the manifest",
    "communication.readme-run": "the exact command of each step, in order",
    "communication.readme-results": "average precision 0.451 and recall 61 % of the chosen model; accuracy 0.871",
    "communication.readme-visuals": "a committed picture of the comparison; of the overlays",
    "communication.data-documented": "source linked, size and columns described",
    "communication.limitations-discussed": "three statements of what fails, for whom and why",
    "communication.demo-or-writeup": "a Space of its own; slides",
    "communication.license": "a licence file",
    "communication.promises-kept": "tests, CI, MLflow, Prometheus, image, notebook and pages named are there",
    "communication.impact-in-numbers": "4 000 calls and 12 000 EUR a campaign; 35 hours a month",
    "communication.model-card": "use, limits, data and evaluation under headings of their own",
    "reproducibility.dependencies-declared": "every import is in the manifest",
    "reproducibility.dependencies-pinned": "every direct dependency by ==",
    "reproducibility.python-version-stated": "metadata, version file, image and CI; image and CI",
    "reproducibility.seeds-fixed": "split, models, folds, bootstrap and permutations; torch, numpy, loader and sampler",
    "reproducibility.data-available": "fetched by code that a command reaches",
    "reproducibility.run-entry-point": "a console script; root scripts",
    "reproducibility.notebooks-in-order": "counts 1 to n, outputs where something is printed",
    "reproducibility.no-absolute-paths": "none outside the image",
    "reproducibility.data-versioned": "a download that is refused with another SHA-256",
    "testing.tests-present": "eleven, with assertions about the project's functions; six",
    "testing.tests-cover-ml": "cleaning, split, scaling and model against baseline; transforms and fitting",
    "testing.ci-runs-tests": "on push and pull request, undisguised",
    "modelling.metrics-in-code": "on rows of the split that training never gets",
    "modelling.baseline-compared": "the prior, with its number in the same table; the most frequent species",
    "modelling.validation-sound": "cross-validation on training rows, test rows last; official three-way split",
    "modelling.leakage-free": "everything fitted stands in the pipeline; transforms are constant",
    "modelling.hyperparameters-tuned": "a grid search that is fitted; a study that is optimised",
    "modelling.error-analysis": "confusion matrix, recall by job, worst misses; confusions discussed",
    "modelling.explainability": "permutation importance shown; Grad-CAM overlays",
    "modelling.experiment-tracking": "MLflow in training; TensorBoard in training",
    "modelling.comparison-reported": "a table of four candidates; of four variants",
    "modelling.metric-suits-task": "average precision and recall for rare subscribers; accuracy beside mean recall",
    "modelling.uncertainty-reported": "a bootstrap interval; a spread over three seeds",
    "engineering.modular-code": "all code in functions of importable modules",
    "engineering.type-hints": "every function; all but two",
    "engineering.docstrings": "every public function and class",
    "engineering.lint-configured": "ruff configured and run in CI; flake8 likewise",
    "engineering.clean-tree": "nothing that a run or an editor leaves",
    "engineering.no-secrets": "a hash and names of secrets, no secret",
    "engineering.complexity": "short functions with few branches",
    "engineering.lint": "clean under ruff's usual rules",
    "engineering.duplication": "no block twice",
    "engineering.no-dead-code": "everything is reached from commands, routes or scripts",
    "production.dockerfile": "installs, copies, starts the server",
    "production.serving": "a route that answers with the loaded model's score",
    "production.model-persisted": "saved by training, loaded by service and evaluation",
    "production.monitoring": "Prometheus counters observed and exported; OpenTelemetry spans",
    "production.deployment": "a workflow that pushes the image and applies manifests; one that pushes the image",
    "production.end-to-end": "all six stages",
    "production.input-validated": "bounds on every field; size, format and dimensions checked by hand",
    "production.same-preprocessing": "the fitted pipeline itself; the transform that validation uses",
}
# Not asked of the vision project: whether a library's own check of its download fixes the version of the data is a
# matter of opinion (data-versioned).
EARNED_TOO = [name for name in EARNED if name != "reproducibility.data-versioned"]


@cache
def _all(name: str) -> dict[str, str]:
    repo: Repo = {"tabular": TABULAR, "vision": VISION}[name]
    return verdicts(Snapshot.of(repo.files), [i for i in EARNED if i in catalogue().signals])


@pytest.mark.parametrize("signal_id", EARNED)
def test_the_tabular_project_earns_the_pass(signal_id: str) -> None:
    assert _all("tabular")[signal_id] == "pass"


@pytest.mark.parametrize("signal_id", EARNED_TOO)
def test_the_vision_project_earns_the_pass(signal_id: str) -> None:
    assert _all("vision")[signal_id] == "pass"


def test_a_history_in_steps_earns_the_pass(tmp_path: Path) -> None:
    """Fifteen parts, each with what it is for, then a mended fault and the report of the results."""
    folder = repository(tmp_path / "project", *history())

    assert verdict_at(folder, "history.commit-hygiene", tmp_path) == "pass"


def test_a_history_holds_no_secret(tmp_path: Path) -> None:
    """The hash of the archive is none, nor are the names of secrets in the workflows."""
    folder = repository(tmp_path / "project", *history())

    with open_snapshot(str(folder), scratch=tmp_path, offline=True) as snapshot:
        assert verdicts(snapshot, ["engineering.no-secrets"]) == {"engineering.no-secrets": "pass"}
