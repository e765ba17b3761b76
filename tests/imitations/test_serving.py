"""Does a service with a typed answer, an idle counter or another preparation pass for the model in use?"""

from __future__ import annotations

import pytest

from tests.imitations.bare import BARE
from tests.imitations.harness import withheld
from tests.imitations.honest import CODE, TABULAR, VISION
from tests.imitations.repo import Repo

SERVICE, TRAIN, EVALUATE = f"{CODE}/service.py", f"{CODE}/train.py", f"{CODE}/evaluate.py"
PREDICT = (
    "        row = pd.DataFrame([customer.model_dump()])\n        value = float(pipeline().predict_proba(row)[0, 1])\n"
)
HONEST = TABULAR.without("tests/test_service.py")


def answering(lines: str) -> Repo:
    """Return the project whose service comes to its value by ``lines``."""
    return HONEST.swap(SERVICE, PREDICT, "".join(f"        {line}\n" for line in lines.splitlines()))


HEALTH = '''\
"""Says that it is up."""

import joblib
from fastapi import FastAPI

from term_deposit.settings import MODEL

app = FastAPI()
model = joblib.load(MODEL)


@app.get("/health")
def health() -> dict[str, str]:
    """Return that it is up."""
    return {"status": "ok", "model": type(model).__name__}
'''
FUNCTION = '''\
"""Predicts."""

import joblib
import pandas as pd
from fastapi import FastAPI

from term_deposit.settings import MODEL

app = FastAPI()


def predict(customer: dict[str, object]) -> float:
    """Return how likely the customer is to subscribe."""
    return float(joblib.load(MODEL).predict_proba(pd.DataFrame([customer]))[0, 1])


@app.get("/")
def home() -> str:
    """Greet."""
    return "Welcome to the prediction API"
'''
HOSTED = '''\
"""Asks a hosted model."""

import os

import requests
from fastapi import FastAPI

app = FastAPI()


@app.post("/score")
def score(customer: dict[str, str]) -> dict[str, object]:
    """Return what the hosted model says."""
    answer = requests.post(
        "https://api.openai.com/v1/chat/completions",
        headers={"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
        json={"model": "gpt-4o-mini", "messages": [{"role": "user", "content": f"Will this customer subscribe? {customer}"}]},
        timeout=30,
    )
    return answer.json()
'''
PAGE = """\
import joblib
import streamlit as st

st.title("Will the customer subscribe?")
age = st.slider("Age", 18, 95)
if st.button("Predict"):
    st.success("This customer is likely to subscribe!")
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(answering("value = 0.87"), id="typed-answer-beside-an-unused-loader"),
        pytest.param(
            answering("model = pipeline()\nvalue = 0.5 + customer.age / 200"), id="model-loaded-and-rule-answers"
        ),
        pytest.param(answering("import random\nvalue = random.random()"), id="answer-by-chance"),
        pytest.param(
            answering("row = pd.DataFrame([customer.model_dump()])\npipeline().predict_proba(row)\nvalue = 0.87"),
            id="prediction-thrown-away",
        ),
        pytest.param(HONEST.plus(SERVICE, HEALTH), id="health-check-only"),
        pytest.param(HONEST.plus(SERVICE, FUNCTION), id="prediction-without-a-route"),
        pytest.param(HONEST.plus(SERVICE, HOSTED), id="somebody-elses-model"),
        pytest.param(
            HONEST.without(SERVICE, "Dockerfile", "compose.yaml", "deploy/").plus("app.py", PAGE),
            id="page-with-one-answer",
        ),
    ],
)
def test_serving(repo: Repo) -> None:
    withheld(repo.files, "production.serving")


SAVE = "    joblib.dump(pipeline, MODEL)\n"
SAVE_UNCALLED = '''


def save(pipeline: object) -> None:
    """Keep the pipeline."""
    joblib.dump(pipeline, MODEL)
'''
LOADED = BARE.without(SERVICE, "Dockerfile", "compose.yaml", "deploy/", ".github/workflows/deploy.yml")
REFIT = """\
    x_train, x_test, y_train, y_test = split(load())
    scores = forest().fit(x_train, y_train).predict_proba(x_test)[:, 1]
"""
NO_LOAD = LOADED.swap(
    EVALUATE,
    "    _, x_test, _, y_test = split(load())\n    scores = joblib.load(MODEL).predict_proba(x_test)[:, 1]\n",
    REFIT,
).swap(EVALUATE, "from term_deposit.settings", "from term_deposit.model import forest\nfrom term_deposit.settings")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(LOADED.swap(TRAIN, SAVE, "").tail(TRAIN, SAVE_UNCALLED), id="saved-by-a-function-nobody-calls"),
        pytest.param(NO_LOAD, id="saved-and-never-loaded"),
        pytest.param(
            NO_LOAD.tail(
                EVALUATE,
                '\n\ndef restore() -> object:\n    """Return the pipeline."""\n    return joblib.load(MODEL)\n',
            ),
            id="loaded-by-a-function-nobody-calls",
        ),
        pytest.param(LOADED.swap(TRAIN, SAVE, f"    # {SAVE.strip()}\n"), id="save-in-a-comment"),
        pytest.param(
            NO_LOAD.swap(TRAIN, SAVE, '    joblib.dump({"n_estimators": 300}, MODEL)\n').tail(
                EVALUATE, "    print(joblib.load(MODEL))\n"
            ),
            id="settings-saved-and-loaded-not-the-model",
        ),
        pytest.param(
            NO_LOAD.swap(TRAIN, SAVE, "").swap(TRAIN, "import joblib\n", "import pickle\n\nimport joblib\n"),
            id="imports-only",
        ),
        pytest.param(
            NO_LOAD.swap(TRAIN, SAVE, "    if False:\n        joblib.dump(pipeline, MODEL)\n").tail(
                EVALUATE, "    if False:\n        joblib.load(MODEL)\n"
            ),
            id="never-true",
        ),
    ],
)
def test_model_persisted(repo: Repo) -> None:
    withheld(repo.files, "production.model-persisted")


_TEXT = TABULAR.text(SERVICE)
DEFINED = _TEXT[_TEXT.index("REQUESTS =") : _TEXT.index("YesNo")]
UNSEEN = (
    HONEST.swap(SERVICE, DEFINED, "")
    .swap(SERVICE, "from prometheus_client import Counter, Histogram, make_asgi_app\n", "")
    .swap(SERVICE, 'app.mount("/metrics", make_asgi_app())\n', "")
    .swap(SERVICE, "    with SECONDS.time():\n" + PREDICT, PREDICT.replace("        ", "    "))
    .swap(
        SERVICE, '    REQUESTS.labels(advice="call" if advice.call else "leave").inc()\n    SCORES.observe(value)\n', ""
    )
)
UNWIRED = f'''\
"""Monitoring."""

from prometheus_client import Counter, Histogram, start_http_server

{DEFINED}
def observe(value: float) -> None:
    """Count one score."""
    REQUESTS.labels(advice="call").inc()
    SCORES.observe(value)


def start() -> None:
    """Export the counts."""
    start_http_server(9100)
'''
DRIFT = '''\
"""Drift."""

from evidently.metric_preset import DataDriftPreset
from evidently.report import Report


def check(reference, current):
    """Write a report on drift."""
    report = Report(metrics=[DataDriftPreset()])
    report.run(reference_data=reference, current_data=current)
    report.save_html("drift.html")
'''


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(UNSEEN, id="prometheus-in-compose-and-requirements-only"),
        pytest.param(UNSEEN.plus(f"{CODE}/monitoring.py", UNWIRED), id="module-that-nothing-imports"),
        pytest.param(
            UNSEEN.swap(
                SERVICE,
                "YesNo =",
                "from prometheus_client import Counter\n\nREQUESTS = Counter('requests', 'Requests')\n\nYesNo =",
            ),
            id="counter-that-nobody-counts-or-exports",
        ),
        pytest.param(UNSEEN.plus(f"{CODE}/drift.py", DRIFT), id="drift-check-that-nothing-calls"),
        pytest.param(
            UNSEEN.swap(SERVICE, "    advice = Advice", '    logger.info("score %.3f", value)\n    advice = Advice')
            .swap(SERVICE, "YesNo =", "logger = logging.getLogger(__name__)\n\nYesNo =")
            .swap(SERVICE, "from functools", "import logging\nfrom functools"),
            id="logging-only",
        ),
        pytest.param(
            UNSEEN.swap(SERVICE, "YesNo =", "instrumentator = Instrumentator()\n\nYesNo =").swap(
                SERVICE, "from pydantic", "from prometheus_fastapi_instrumentator import Instrumentator\nfrom pydantic"
            ),
            id="instrumentator-that-instruments-nothing",
        ),
        pytest.param(
            VISION.swap("serve.py", "FlaskInstrumentor().instrument_app(app)\n", "")
            .swap(
                "serve.py",
                '    with tracer.start_as_current_span("predict") as span, torch.no_grad():',
                "    with torch.no_grad():",
            )
            .swap("serve.py", '        span.set_attribute("confidence", float(confidence))\n', ""),
            id="tracer-that-traces-nothing",
        ),
    ],
)
def test_monitoring(repo: Repo) -> None:
    withheld(repo.files, "production.monitoring")


FIELDS = _TEXT[_TEXT.index("    age: int") : _TEXT.index("class Advice")]
TYPED = "".join(
    f"    {name}: {kind}\n"
    for name, kind in [
        *((n, "float") for n in ("age", "balance", "day", "campaign", "previous")),
        *(
            (n, "str")
            for n in ("job", "marital", "education", "default", "housing", "loan", "contact", "month", "poutcome")
        ),
    ]
)
DESCRIBED = TYPED.replace(": float\n", ': float = Field(description="between 18 and 110")\n')
TAKES = "def score(customer: Customer) -> Advice:"
VALIDATOR = (
    TYPED
    + '''
    @field_validator("age", "balance")
    @classmethod
    def check_range(cls, value: float) -> float:
        """Refuse impossible values."""
        return value
'''
)
CHECK_UNCALLED = '''


def validate(customer: dict[str, object]) -> None:
    """Refuse impossible customers."""
    if not 18 <= int(str(customer["age"])) <= 110:
        raise ValueError("age")
'''
SWALLOWED = """\
    try:
        Customer(**customer)
    except ValueError:
        pass
"""


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(
            HONEST.swap(SERVICE, TAKES, "def score(customer: dict) -> Advice:").swap(
                SERVICE, "customer.model_dump()", "customer"
            ),
            id="bounded-class-that-the-route-does-not-take",
        ),
        pytest.param(HONEST.swap(SERVICE, FIELDS, TYPED + "\n\n"), id="typed-only"),
        pytest.param(HONEST.swap(SERVICE, FIELDS, DESCRIBED + "\n\n"), id="bounds-in-the-description"),
        pytest.param(
            HONEST.swap(SERVICE, FIELDS, VALIDATOR + "\n\n").swap(
                SERVICE, "BaseModel, Field", "BaseModel, Field, field_validator"
            ),
            id="validator-that-lets-all-through",
        ),
        pytest.param(
            HONEST.swap(SERVICE, TAKES, "def score(customer: dict) -> Advice:")
            .swap(SERVICE, "customer.model_dump()", "customer")
            .tail(SERVICE, CHECK_UNCALLED),
            id="check-that-nothing-calls",
        ),
        pytest.param(
            HONEST.swap(SERVICE, TAKES, "def score(customer: dict) -> Advice:")
            .swap(SERVICE, "customer.model_dump()", "customer")
            .swap(SERVICE, "    with SECONDS.time():\n", f"{SWALLOWED}    with SECONDS.time():\n"),
            id="refusal-swallowed",
        ),
    ],
)
def test_input_validated(repo: Repo) -> None:
    withheld(repo.files, "production.input-validated")


BARE_MODEL = HONEST.swap(
    TRAIN, "joblib.dump(searched.best_estimator_, MODEL)", "joblib.dump(searched.best_estimator_[-1], MODEL)"
)


def prepared(lines: str, imports: str = "") -> Repo:
    """Return the project that keeps the model without its preparation; the service prepares by ``lines``."""
    return BARE_MODEL.swap(
        SERVICE,
        "        value = float(pipeline().predict_proba(row)[0, 1])\n",
        "".join(f"        {line}\n" for line in lines.splitlines())
        + "        value = float(pipeline().predict_proba(row)[0, 1])\n",
    ).swap(SERVICE, "from sklearn.pipeline import Pipeline\n", f"from sklearn.pipeline import Pipeline\n{imports}")


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(prepared(""), id="preparation-skipped"),
        pytest.param(
            prepared(
                "row = StandardScaler().fit_transform(row.select_dtypes('number'))",
                "from sklearn.preprocessing import StandardScaler\n",
            ),
            id="scaler-fitted-on-the-request",
        ),
        pytest.param(
            prepared("row = preprocessing().fit_transform(row)", "\nfrom term_deposit.model import preprocessing\n"),
            id="same-function-fitted-again-on-the-request",
        ),
        pytest.param(
            prepared(
                "row['age'] = (row['age'] - 35) / 20\nrow['balance'] = row['balance'] / 1000\nrow = row[['age', 'balance']]"
            ),
            id="other-numbers-typed-in",
        ),
        pytest.param(
            prepared("scaler = joblib.load('models/scaler.joblib')\nrow = row.select_dtypes('number')"),
            id="scaler-loaded-and-never-applied",
        ),
        pytest.param(
            prepared(
                "row = row.assign(**{c: row[c].astype('category').cat.codes for c in row.select_dtypes('object')})"
            ),
            id="codes-of-the-one-row",
        ),
    ],
)
def test_same_preprocessing(repo: Repo) -> None:
    withheld(repo.files, "production.same-preprocessing")
