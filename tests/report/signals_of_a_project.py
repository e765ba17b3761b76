"""What was found in an invented project of middling quality: a forecast of late ships, with most of what goes wrong."""

from __future__ import annotations

import msgspec

from evaluator.report.document import EvidenceSection, RemedySection, SignalSection, Verdict
from evaluator.report.links import commit_page, permalink

SOURCE = "https://github.com/quayside-example/harbour-delays"
COMMIT = "4be1f2a9c07d35e8816a20cc94f7b3d1e5f60a72"
_SHARE: dict[Verdict, float] = {"pass": 1.0, "partial": 0.5, "fail": 0.0}


def at(
    path: str, start: int | None, end: int | None = None, note: str = "", excerpt: str = "", cell: int | None = None
) -> EvidenceSection:
    """Return evidence in a file of the sample project."""
    return EvidenceSection(
        kind="file",
        path=path,
        start=start,
        end=end or start,
        cell=cell,
        note=note,
        excerpt=excerpt,
        url=permalink(SOURCE, COMMIT, path, start, end),
    )


def absent(note: str, *looked_at: str) -> EvidenceSection:
    """Return evidence that something is not there."""
    return EvidenceSection(kind="absence", note=note, looked_at=looked_at)


def signal(
    name: str,
    verdict: Verdict,
    told: str,
    weight: float,
    *evidence: EvidenceSection,
    remedy: str = "",
    command: str | None = None,
    patch: str | None = None,
    effort: str = "hour",
    how: str = "parsed",
    confidence: str = "high",
) -> SignalSection:
    """Return one signal whose points follow from its verdict."""
    known = verdict in _SHARE
    earned = weight * _SHARE[verdict] if known else None
    return msgspec.convert(
        {
            "id": name,
            "category": name.partition(".")[0],
            "verdict": verdict,
            "value": 2.0 * _SHARE[verdict] if known else None,
            "unit": "level" if known else None,
            "earned": earned,
            "weight": weight,
            "points_lost": weight - (earned or 0.0) if known else 0.0,
            "summary": told if known else "",
            "reason": "" if known else told,
            "confidence": confidence if known else None,
            "how": how,
            "evidence": evidence,
            "remedy": RemedySection(text=remedy, command=command, patch=patch),
            "effort": effort,
        },
        SignalSection,
    )


_SPLIT = """\
frame = frame.fillna(frame.mean(numeric_only=True))
scaler = StandardScaler()
X = scaler.fit_transform(frame[FEATURES])   # every row, the test rows too
X_train, X_test, y_train, y_test = train_test_split(
    X, frame["late"], test_size=0.2, random_state=SEED
)"""
_FAILED_TEST = """\
>       assert parse_eta("2024-02-30") is None
E       ValueError: day is out of range for month

tests/test_parsing.py:41: ValueError"""
_PATCH = """\
-scaler = StandardScaler()
-X = scaler.fit_transform(frame[FEATURES])
+model = make_pipeline(SimpleImputer(), StandardScaler(), GradientBoostingClassifier(random_state=SEED))"""


def _communication() -> list[SignalSection]:
    return [
        signal(
            "communication.readme-purpose",
            "pass",
            "Two paragraphs on predicting late ship arrivals for a port's berth planners",
            2.0,
            at(
                "README.md",
                3,
                9,
                "the problem, the data and whom it is for",
                "Container ships arrive late about one time in four. Berth planners need to know by noon\nwhich of tomorrow's arrivals will slip, so this project predicts it from AIS positions,\nweather and the port's own schedule.",
            ),
        ),
        signal(
            "communication.readme-install",
            "pass",
            "`uv sync` under the heading Install",
            1.5,
            at("README.md", 14, 16, "the command", "uv sync\nuv run make data"),
        ),
        signal(
            "communication.readme-run",
            "pass",
            "`make train`, then `make report`",
            1.5,
            at("README.md", 20, 22, "the commands, in order"),
        ),
        signal(
            "communication.readme-results",
            "partial",
            "An accuracy is given, for which rows is not said",
            1.5,
            at("README.md", 31, 31, "a number without its rows", "Our model reaches **0.91 accuracy**."),
            remedy="State the metric, its value and the rows it was measured on, beside the baseline's.",
            effort="minutes",
        ),
        signal(
            "communication.limitations-discussed",
            "fail",
            "No statement about where the model fails",
            1.5,
            absent(
                "no statement about limits, failures or edge cases", "README.md", "docs/", "notebooks/explore.ipynb"
            ),
            remedy="Add a section on where the model is wrong: which ships, which weather, and what you would try next.",
            effort="minutes",
            how="read",
        ),
        signal("communication.license", "pass", "MIT", 1.0, at("LICENSE", 1, None, "MIT"), how="read"),
        signal(
            "communication.demo-or-writeup",
            "fail",
            "No link to a demo, video, slides or article",
            1.0,
            absent("no such link", "README.md", "docs/"),
            remedy="Record a two-minute walk through the predictions and link it at the top of the README.",
            how="read",
        ),
    ]


def _reproducibility() -> list[SignalSection]:
    return [
        signal(
            "reproducibility.dependencies-declared",
            "pass",
            "12 of 12 third-party imports are declared",
            3.0,
            at("pyproject.toml", 11, 24, "the manifest"),
        ),
        signal(
            "reproducibility.dependencies-pinned",
            "pass",
            "uv.lock pins 61 packages",
            3.0,
            at("uv.lock", 1, None, "the lock file"),
        ),
        signal(
            "reproducibility.python-version-stated",
            "pass",
            "3.11 in pyproject.toml",
            1.0,
            at("pyproject.toml", 9, None, "requires-python", 'requires-python = ">=3.11"'),
        ),
        signal(
            "reproducibility.seeds-fixed",
            "partial",
            "3 of 5 places that draw at random are seeded",
            3.0,
            at(
                "src/harbour/train.py",
                58,
                60,
                "a split without a seed",
                "folds = KFold(n_splits=5, shuffle=True)\nfor fit_rows, check_rows in folds.split(X_train):",
            ),
            at("notebooks/explore.ipynb", 2, 2, "a sample without a seed", "sample = frame.sample(2_000)", cell=6),
            remedy="Pass the project's SEED to every split, sampler and estimator.",
            effort="minutes",
        ),
        signal(
            "reproducibility.notebooks-in-order",
            "fail",
            "1 of 3 notebooks shows one run from top to bottom",
            2.5,
            at(
                "notebooks/explore.ipynb",
                1,
                4,
                "executed as 14, after a cell executed as 31",
                "model.fit(X_train, y_train)\nmodel.score(X_test, y_test)",
                cell=8,
            ),
            at("notebooks/errors.ipynb", 1, 2, "an error was kept", "late = frame.query('eta_hours > limit')", cell=3),
            remedy="Restart the kernel, run all cells, and commit the notebooks without errors.",
            command="jupyter nbconvert --to notebook --execute --inplace notebooks/*.ipynb",
            effort="minutes",
        ),
        signal(
            "reproducibility.installs",
            "pass",
            "61 packages on Python 3.11.9, no repair",
            3.5,
            EvidenceSection(kind="run", run="install", note="the install ended without an error"),
            how="ran",
        ),
        signal(
            "reproducibility.training-runs",
            "not-measured",
            "the data (1.8 GB) is fetched by a script, and no network was given; `--network` gives it one",
            4.0,
            how="ran",
        ),
    ]


def _testing() -> list[SignalSection]:
    return [
        signal(
            "testing.tests-present",
            "pass",
            "47 test cases in 4 files, all with assertions about the project's code",
            4.0,
            at(
                "tests/test_features.py",
                12,
                19,
                "a test of a feature",
                'def test_delay_is_never_negative_for_an_early_ship() -> None:\n    ship = arrival(planned="10:00", actual="09:40")\n\n    assert delay_minutes(ship) == 0',
            ),
        ),
        signal(
            "testing.suite-passes",
            "partial",
            "45 of 46 cases passed, 1 skipped",
            5.0,
            EvidenceSection(kind="run", run="tests", note="test_parse_eta_with_impossible_day", excerpt=_FAILED_TEST),
            at(
                "src/harbour/parsing.py",
                22,
                24,
                "where it is raised",
                'def parse_eta(text: str) -> date | None:\n    year, month, day = (int(part) for part in text.split("-"))\n    return date(year, month, day)',
            ),
            remedy="Return None for a date that does not exist, as the test expects.",
            command="uv run pytest tests/test_parsing.py",
            effort="minutes",
            how="ran",
            confidence="medium",
        ),
        signal(
            "testing.line-coverage",
            "partial",
            "71% of first-party lines are covered",
            3.0,
            EvidenceSection(kind="run", run="tests", note="642 of 904 lines"),
            remedy="Test src/harbour/serve.py, of which 18% is covered.",
            effort="day",
            how="ran",
            confidence="medium",
        ),
        signal(
            "testing.ci-runs-tests",
            "pass",
            "on push and on pull requests",
            3.0,
            at(
                ".github/workflows/test.yml",
                3,
                18,
                "the workflow",
                "on: [push, pull_request]\njobs:\n  test:\n    steps:\n      - run: uv run pytest",
            ),
        ),
    ]


def _modelling() -> list[SignalSection]:
    return [
        signal(
            "modelling.metrics-in-code",
            "pass",
            "accuracy and recall on the test rows",
            4.0,
            at(
                "src/harbour/evaluate.py",
                30,
                33,
                "the metrics",
                'print("accuracy", accuracy_score(y_test, predicted))\nprint("recall", recall_score(y_test, predicted))',
            ),
        ),
        signal(
            "modelling.baseline-compared",
            "fail",
            "one model, and nothing to compare it with",
            5.0,
            absent(
                "no naive or simple model is fitted beside it",
                "src/harbour/train.py",
                "src/harbour/evaluate.py",
                "notebooks/",
            ),
            remedy="Fit a DummyClassifier on the same rows and report both scores side by side.",
            effort="hour",
        ),
        signal(
            "modelling.validation-sound",
            "partial",
            "one split at random, though the rows are ordered in time",
            5.0,
            at("src/harbour/train.py", 44, 46, "a random split of a time series"),
            remedy="Split by date: train on the months before, test on the last one.",
            effort="hour",
        ),
        signal(
            "modelling.leakage-free",
            "fail",
            "a scaler and an imputer are fitted on all rows before the split",
            6.0,
            at("src/harbour/train.py", 41, 46, "fitted before the split", _SPLIT),
            remedy="Put the imputer and the scaler into a pipeline and fit it on the training rows alone.",
            patch=_PATCH,
            effort="hour",
        ),
        signal(
            "modelling.error-analysis",
            "pass",
            "a confusion matrix, and the 20 worst cases by ship type",
            3.0,
            at("notebooks/errors.ipynb", 1, 6, "the worst cases", cell=5),
        ),
        signal(
            "modelling.hyperparameters-tuned",
            "pass",
            "RandomizedSearchCV over 40 settings",
            2.0,
            at("src/harbour/train.py", 62, 70, "the search"),
        ),
    ]


def _rest() -> list[SignalSection]:
    return [
        signal(
            "engineering.modular-code",
            "pass",
            "93% of the code is in importable modules",
            3.0,
            at("src/harbour/features.py", 1, 120, "a module of functions"),
        ),
        signal(
            "engineering.type-hints",
            "pass",
            "88% of 74 functions",
            2.5,
            at("src/harbour/features.py", 18, 18, "an annotated function", "def delay_minutes(ship: Arrival) -> int:"),
        ),
        signal(
            "engineering.docstrings",
            "partial",
            "41% of 58 public functions",
            2.0,
            at("src/harbour/serve.py", 9, 40, "none of 7 is documented"),
            remedy="Say in one line of each public function what it returns.",
            effort="hour",
        ),
        signal(
            "engineering.clean-tree",
            "pass",
            "no caches, checkpoints or editor files",
            1.0,
            how="read",
        ),
        signal(
            "engineering.no-secrets",
            "pass",
            "nothing that has the form of a key",
            1.5,
            how="read",
        ),
        signal(
            "production.dockerfile",
            "partial",
            "its command names a file that is not there",
            3.0,
            at("Dockerfile", 14, 14, "no such file", 'CMD ["python", "src/harbour/app.py"]'),
            remedy="Start the module that exists: harbour.serve.",
            patch='-CMD ["python", "src/harbour/app.py"]\n+CMD ["uvicorn", "harbour.serve:app", "--host", "0.0.0.0"]',
            effort="minutes",
        ),
        signal(
            "production.serving",
            "pass",
            "a FastAPI service loads the model and answers with it",
            4.0,
            at(
                "src/harbour/serve.py",
                21,
                29,
                "the end point",
                '@app.post("/predict")\ndef predict(arrival: ArrivalIn) -> Prediction:\n    features = to_features(arrival)\n    return Prediction(late=float(model.predict_proba(features)[0, 1]))',
            ),
        ),
        signal(
            "production.model-persisted",
            "pass",
            "joblib.dump in train.py, joblib.load in serve.py",
            3.0,
            at("src/harbour/train.py", 88, None, "saved"),
            at("src/harbour/serve.py", 12, None, "loaded"),
        ),
        signal(
            "production.monitoring",
            "fail",
            "no metrics, drift checks or logging in the service",
            2.0,
            absent("nothing is wired in", "src/harbour/serve.py"),
            remedy="Log every request with its prediction, and export a counter and a latency histogram.",
            effort="day",
        ),
        signal(
            "production.image-builds",
            "not-measured",
            "no container engine on this machine",
            3.0,
            how="ran",
        ),
        signal(
            "history.commit-hygiene",
            "pass",
            "64 commits, 58 of them with telling messages",
            5.0,
            EvidenceSection(
                kind="commit",
                sha="9d1c0b7e52f84a6630c1d7be4a09f52c8e7f1a33",
                note="Split delay features from weather features",
                url=commit_page(SOURCE, "9d1c0b7e52f84a6630c1d7be4a09f52c8e7f1a33"),
            ),
            how="read",
        ),
        signal("communication.model-card", "not-applicable", "no model is published", 0.0),
        signal(
            "modelling.explainability",
            "not-applicable",
            "not asked of this role",
            0.0,
        ),
    ]


def found() -> list[SignalSection]:
    """Return all that was found, category by category."""
    return [*_communication(), *_reproducibility(), *_testing(), *_modelling(), *_rest()]
