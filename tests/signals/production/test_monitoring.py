"""Services that are watched, that only log, and watching that nothing runs."""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable
from evaluator.signals.production.monitoring import monitoring
from tests.facts.services import service
from tests.signals.production.programs import API, TRAINED

COUNTED = """
from fastapi import FastAPI, Response
from prometheus_client import Counter, Histogram, generate_latest
import joblib
app = FastAPI()
model = joblib.load("model.joblib")
SEEN = Counter("seen", "requests")
TOOK = Histogram("took", "seconds")

@app.post("/predict")
def predict(a: float):
    SEEN.inc()
    with TOOK.time():
        return {"y": int(model.predict([[a]])[0])}
"""
EXPOSED = """
@app.get("/metrics")
def metrics():
    return Response(generate_latest())
"""
DRIFT = """
import pandas as pd
from scipy.stats import ks_2samp

def drift_of(reference, current):
    return {c: ks_2samp(reference[c], current[c]).pvalue for c in reference}

if __name__ == "__main__":
    print(drift_of(pd.read_csv("reference.csv"), pd.read_csv("current.csv")))
"""


def level(files: dict[str, str]) -> float:
    answer = monitoring(service({**TRAINED, **files}).serving)
    assert isinstance(answer, Measured)
    assert answer.evidence
    return answer.value


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app.py": COUNTED + EXPOSED}, id="prometheus, counted and exposed"),
        pytest.param(
            {
                "app.py": API.replace(
                    "model =",
                    "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app).expose(app)\nmodel =",
                )
            },
            id="prometheus, an instrumentator",
        ),
        pytest.param(
            {
                "app.py": "from flask import Flask\nfrom prometheus_flask_exporter import PrometheusMetrics\nimport joblib\n"
                "app = Flask(__name__)\nPrometheusMetrics(app)\nmodel = joblib.load('model.joblib')\n"
                "@app.route('/p')\ndef p():\n    return str(model.predict([[1]])[0])\n"
            },
            id="prometheus, an exporter of flask",
        ),
        pytest.param(
            {
                "app.py": API
                + "from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor\nFastAPIInstrumentor.instrument_app(app)\n"
            },
            id="opentelemetry",
        ),
        pytest.param(
            {"app.py": API + "import sentry_sdk\nsentry_sdk.init(dsn='https://k@sentry.io/1')\n"}, id="sentry"
        ),
        pytest.param(
            {
                "app.py": API,
                "drift.py": "import pandas as pd\nfrom evidently.report import Report\nfrom evidently.metric_preset import DataDriftPreset\n"
                "report = Report(metrics=[DataDriftPreset()])\n"
                "report.run(reference_data=pd.read_csv('a.csv'), current_data=pd.read_csv('b.csv'))\nreport.save_html('drift.html')\n",
            },
            id="evidently, a script",
        ),
        pytest.param({"app.py": API, "drift.py": DRIFT}, id="a drift check by hand"),
        pytest.param(
            {
                "app.py": """
from fastapi import FastAPI
import joblib
import time
app = FastAPI()
model = joblib.load("model.joblib")
figures = {"requests": 0, "seconds": 0.0}

@app.post("/predict")
def predict(a: float):
    begun = time.time()
    y = int(model.predict([[a]])[0])
    figures["requests"] += 1
    figures["seconds"] += time.time() - begun
    return {"y": y}

@app.get("/metrics")
def metrics():
    return figures
"""
            },
            id="figures by hand",
        ),
        pytest.param(
            {"app.py": "import os\nos.environ['LANGSMITH_TRACING'] = 'true'\n" + API}, id="traces that are switched on"
        ),
    ],
)
def test_watched(files: dict[str, str]) -> None:
    assert level(files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                "app.py": API.replace("    return", "    logger.info('asked for %s', a)\n    return").replace(
                    "app =", "import logging\nlogger = logging.getLogger(__name__)\napp ="
                )
            },
            id="logging",
        ),
        pytest.param(
            {
                "app.py": API.replace("    return", "    logger.info('asked')\n    return").replace(
                    "app =", "from loguru import logger\napp ="
                )
            },
            id="loguru",
        ),
        pytest.param(
            {
                "log.py": "import logging\n\ndef get_logger(name):\n    logging.basicConfig(filename='app.log')\n    return logging.getLogger(name)\n",
                "app.py": API.replace("    return", "    log.warning('asked')\n    return").replace(
                    "app =", "from log import get_logger\nlog = get_logger('api')\napp ="
                ),
            },
            id="a logger of its own, to a file",
        ),
        pytest.param({"app.py": COUNTED}, id="counted, and never exposed"),
        pytest.param(
            {
                "app.py": API.replace(
                    '    return {"answer": int(model.predict([[a, b]])[0])}',
                    "    prediction = int(model.predict([[a, b]])[0])\n    db.execute('insert into p values (?)', (prediction,))\n"
                    "    return {'answer': prediction}",
                ).replace("app =", "import sqlite3\ndb = sqlite3.connect('p.db')\napp =")
            },
            id="predictions kept in a database",
        ),
    ],
)
def test_logs_only(files: dict[str, str]) -> None:
    assert level(files) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app.py": API}, id="nothing"),
        pytest.param({"app.py": API.replace("    return", "    print(a, b)\n    return")}, id="prints"),
        pytest.param(
            {"app.py": API + "@app.get('/health')\ndef health():\n    return {'ok': True}\n"}, id="a health check"
        ),
        pytest.param(
            {"app.py": API, "metrics.py": COUNTED.partition("@app")[0] + "def count():\n    SEEN.inc()\n"},
            id="counters that the service does not touch",
        ),
        pytest.param(
            {"app.py": API, "r.txt": "", "requirements.txt": "evidently\nprometheus-client\n"}, id="a dependency"
        ),
        pytest.param(
            {"app.py": "import prometheus_client\nfrom evidently.report import Report\n" + API}, id="imports only"
        ),
        pytest.param(
            {"app.py": API, "drift.py": DRIFT.partition("if __name__")[0]}, id="a drift check that nothing calls"
        ),
        pytest.param(
            {"app.py": API, "drift.py": "def check_drift(df):\n    return False\n\nprint(check_drift(None))\n"},
            id="a drift check that checks nothing",
        ),
        pytest.param(
            {"app.py": API, "prometheus.yml": "scrape_configs: []\n", "README.md": "Monitored by Grafana.\n"},
            id="in prose",
        ),
        pytest.param(
            {"app.py": API, "train_more.py": "import logging\nlogging.info('training')\n"}, id="logs of something else"
        ),
        pytest.param(
            {"app.py": API + "@app.get('/metrics')\ndef metrics():\n    return {'requests': 12, 'drift': 0.01}\n"},
            id="invented figures",
        ),
        pytest.param(
            {
                "app.py": API + "from opentelemetry import trace\nfrom opentelemetry.sdk.trace import TracerProvider\n"
                "trace.set_tracer_provider(TracerProvider())\ntracer = trace.get_tracer(__name__)\n"
            },
            id="a tracer that traces nothing",
        ),
    ],
)
def test_not_watched(files: dict[str, str]) -> None:
    assert level(files) == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no app"),
        pytest.param({"log.py": "import logging\nlogging.info('x')\n"}, id="logs without a service"),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(monitoring(service({**TRAINED, **files}).serving), NotApplicable)
