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

LOGGED = API.replace("app =", "import logging\nlog = logging.getLogger(__name__)\napp =", 1).replace(
    "    return", "    LINE\n    return"
)
OPTIONAL = """
import logging

class Log:
    def __init__(self, name, path=None):
        self.log = logging.getLogger(name)
        if path:
            self.log.addHandler(logging.FileHandler(path))

    def info(self, text):
        self.log.info(text)

    def error(self, text):
        self.log.error(text)
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
            {
                "app.py": API.replace("    return", "    seen.append(a)\n    return")
                + "seen = []\n@app.get('/stats')\ndef stats():\n    return {'asked': len(seen), 'mean': sum(seen) / max(len(seen), 1)}\n"
            },
            id="figures from what was kept of the requests",
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
        pytest.param(
            {
                "app.py": LOGGED.replace("LINE", "log.error('failed')").replace(
                    "log =", "logging.basicConfig(filename='app.log')\nlog ="
                )
            },
            id="only errors, to a file",
        ),
        pytest.param(
            {
                "kept.py": "import logging\n\ndef get_logger(name):\n    made = logging.getLogger(name)\n"
                "    made.addHandler(logging.FileHandler(name + '.log'))\n    return made\n",
                "app.py": LOGGED.replace("LINE", "log.error('failed')")
                .replace("logging.getLogger", "get_logger")
                .replace("import logging", "from kept import get_logger"),
            },
            id="a handler that writes a file",
        ),
        pytest.param(
            {
                "kept.py": OPTIONAL,
                "app.py": LOGGED.replace("LINE", "log.error('failed')")
                .replace("logging.getLogger(__name__)", "Log('api', 'api.log')")
                .replace("import logging", "from kept import Log"),
            },
            id="a handler that writes a file where one is named, and it is",
        ),
        pytest.param(
            {
                "kept.py": "import json\nimport logging\n\nclass Records(logging.Formatter):\n"
                "    def format(self, record):\n        return json.dumps({'said': record.getMessage()})\n",
                "app.py": LOGGED.replace("LINE", "log.error('failed')").replace(
                    "log =",
                    "from kept import Records\nshown = logging.StreamHandler()\nshown.setFormatter(Records())\n"
                    "logging.getLogger().addHandler(shown)\nlog =",
                ),
            },
            id="records, by a formatter of its own",
        ),
        pytest.param(
            {
                "app.py": API.replace(
                    "@app.",
                    "import logging\nlog = logging.getLogger('api')\n@app.middleware('http')\nasync def seen(request, call_next):\n"
                    "    response = await call_next(request)\n    log.info('%s %s', request.url, response.status_code)\n"
                    "    return response\n\n@app.",
                    1,
                )
            },
            id="each request, by a middleware",
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
        pytest.param({"app.py": LOGGED.replace("LINE", "log.error('failed')")}, id="errors, on the console"),
        pytest.param({"app.py": LOGGED.replace("LINE", "log.error('failed for %s', a)")}, id="errors with their cause"),
        pytest.param({"app.py": LOGGED.replace("    LINE\n", "") + "log.info('started %s', app)\n"}, id="a start"),
        pytest.param(
            {
                "app.py": LOGGED.replace("    LINE\n", "")
                + "@app.post('/load')\ndef load(name: str):\n    log.info('%s is loaded', name)\n    return joblib.load(name)\n"
            },
            id="a line about loading the model",
        ),
        pytest.param(
            {
                "kept.py": OPTIONAL,
                "train_more.py": "from kept import Log\nLog('train', 'train.log').info('trained')\n",
                "app.py": LOGGED.replace("LINE", "log.error('failed')")
                .replace("logging.getLogger(__name__)", "Log('api')")
                .replace("import logging", "from kept import Log"),
            },
            id="a file that only training names",
        ),
        pytest.param(
            {
                "app.py": API.replace("    return", "    seen.append(a)\n    return")
                + "seen = []\n@app.websocket('/ws/monitor')\nasync def monitor(socket):\n    await socket.send_json(seen[-1])\n"
            },
            id="the newest record, handed on",
        ),
        pytest.param(
            {
                "app.py": API
                + "@app.websocket('/ws/monitor')\nasync def monitor(socket):\n    await socket.send_json({'accuracy': 0.97, 'latency': 12})\n"
            },
            id="invented figures in a stream",
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
