"""Apps that answer with the project's model, apps that only look as if, and projects without any."""

from __future__ import annotations

import pytest

from evaluator.model import InFile, Measured, NotApplicable
from evaluator.signals.production.serving import serving_model
from tests.facts.programs import notebook
from tests.facts.services import service
from tests.signals.production.programs import API, TRAINED

LOADED = 'import joblib\nmodel = joblib.load("model.joblib")\n'
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
PIPELINE = {
    "app.py": FASTAPI
    + """
import joblib
from asking import predict
from pipeline import Pipeline
pipeline = None

def load():
    global pipeline
    pipeline = Pipeline(joblib.load("extractor.joblib"), joblib.load("model.joblib"))

@app.on_event("startup")
def start():
    load()

@app.post("/predictions")
def prediction(text: str):
    return {"answer": predict(pipeline=pipeline, feature=text)}
""",
    "asking.py": "def predict(pipeline, feature):\n    try:\n        return pipeline.predict(feature)\n    except ValueError:\n        raise\n",
    "pipeline.py": """
class Pipeline:
    def __init__(self, extractor=None, model=None):
        self.extractor = extractor
        self.model = model

    def predict(self, text):
        found = self.model.predict(self.extractor.transform([text]))
        return found[0]
""",
    "train.py": """
import joblib
from wrapped import Wrapped
model = Wrapped()
model.fit(X, y)
joblib.dump(model, "model.joblib")
""",
    "wrapped.py": """
from sklearn.linear_model import LogisticRegression

class Wrapped:
    def __init__(self):
        self.classifier = LogisticRegression()

    def fit(self, X, y):
        self.classifier.fit(X, y)

    def predict(self, X):
        return self.classifier.predict(X)
""",
    "tests/test_wrapped.py": "from wrapped import Wrapped\n\ndef test_predict():\n    assert Wrapped().predict([[1]]) is not None\n",
}
TORCH = {
    "net.py": """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
""",
    "train.py": """
import torch
from net import Net

net = Net()
optimizer = torch.optim.Adam(net.parameters())
for x, y in torch.load("rows.pt"):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
torch.save(net.state_dict(), "net.pt")
""",
}
KERAS = """
import tensorflow as tf
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
model.save("model.keras")
"""


def level(files: dict[str, str]) -> float:
    made = service(files)
    answer = serving_model(made.serving, made.program.work, made.program.tree, made.delivery)
    assert isinstance(answer, Measured)
    assert answer.evidence
    return answer.value


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app.py": API}, id="fastapi, loaded at the top"),
        pytest.param(PIPELINE, id="fastapi, a pipeline of the project's own handed to a function"),
        pytest.param(
            {
                "app.py": FASTAPI
                + """
import joblib
from contextlib import asynccontextmanager
state = {}

@asynccontextmanager
async def lifespan(app):
    state["model"] = joblib.load("model.joblib")
    yield

@app.post("/predict")
async def predict(a: float):
    answer = state["model"].predict([[a, 1]])
    return {"y": answer.tolist()}
"""
            },
            id="fastapi, loaded in its lifespan",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + """
import joblib
model = None

@app.on_event("startup")
def load():
    global model
    model = joblib.load("model.joblib")

@app.post("/predict")
def predict(a: float):
    if model is None:
        return {"error": "not loaded"}
    return {"y": float(model.predict_proba([[a]])[0][1])}
"""
            },
            id="fastapi, a global that is filled at start",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + """
import joblib
from fastapi import Request

@app.on_event("startup")
def load():
    app.state.model = joblib.load("model.joblib")

@app.post("/predict")
def predict(a: float, request: Request):
    return {"y": int(request.app.state.model.predict([[a]])[0])}
"""
            },
            id="fastapi, state of the application",
        ),
        pytest.param(
            {
                "service.py": """
from functools import lru_cache
import joblib

class Predictor:
    def __init__(self, path):
        self.model = joblib.load(path)

    def score(self, row):
        return float(self.model.predict([row])[0])

@lru_cache
def get_predictor():
    return Predictor("model.joblib")
""",
                "app.py": FASTAPI
                + """
from fastapi import Depends
from service import Predictor, get_predictor

@app.post("/predict")
def predict(a: float, predictor: Predictor = Depends(get_predictor)):
    return {"y": predictor.score([a, 2.0])}
""",
            },
            id="fastapi, an injected predictor of its own",
        ),
        pytest.param(
            {
                "routes.py": LOADED
                + """
from fastapi import APIRouter
router = APIRouter()

@router.post("/predict")
def predict(a: float):
    return {"y": int(model.predict([[a]])[0])}
""",
                "app.py": FASTAPI + "from routes import router\napp.include_router(router)\n",
            },
            id="fastapi, a router that is included",
        ),
        pytest.param(
            {
                "app.py": """
from flask import Flask, jsonify, request
import pickle
app = Flask(__name__)
model = pickle.load(open("model.joblib", "rb"))

@app.route("/predict", methods=["POST"])
def predict():
    row = request.get_json()
    pred = model.predict([[row["a"], row["b"]]])
    label = "yes" if pred[0] == 1 else "no"
    return jsonify({"label": label})

if __name__ == "__main__":
    app.run()
"""
            },
            id="flask, a label by the prediction",
        ),
        pytest.param(
            {
                "app.py": LOADED
                + """
from flask import Flask, render_template, request
app = Flask(__name__)

@app.route("/", methods=["GET", "POST"])
def home():
    result = None
    if request.method == "POST":
        result = model.predict([[float(request.form["a"])]])[0]
    return render_template("index.html", result=result)
"""
            },
            id="flask, shown by a template",
        ),
        pytest.param(
            {
                "src/pipeline/predict_pipeline.py": """
from src.utils import load_object

class PredictPipeline:
    def predict(self, features):
        model = load_object("model.joblib")
        return model.predict(features)
""",
                "src/__init__.py": "",
                "src/pipeline/__init__.py": "",
                "src/utils.py": "import pickle\n\ndef load_object(path):\n    with open(path, 'rb') as f:\n        return pickle.load(f)\n",
                "app.py": """
from flask import Flask, render_template, request
from src.pipeline.predict_pipeline import PredictPipeline
app = Flask(__name__)

@app.route("/predict", methods=["POST"])
def predict():
    results = PredictPipeline().predict([[request.form.get("a")]])
    return render_template("home.html", results=results[0])
""",
            },
            id="flask, a pipeline class and a helper that loads",
        ),
        pytest.param(
            {
                "app.py": LOADED
                + """
import streamlit as st
a = st.number_input("a")
if st.button("Predict"):
    pred = model.predict([[a]])[0]
    if pred == 1:
        st.error("high risk")
    else:
        st.success("low risk")
"""
            },
            id="streamlit, a message by the prediction",
        ),
        pytest.param(
            {
                "app.py": """
import streamlit as st
import joblib

@st.cache_resource
def load_model():
    return joblib.load("model.joblib")

def main():
    model = load_model()
    a = st.slider("a", 0, 10)
    st.metric("y", float(model.predict([[a]])[0]))

if __name__ == "__main__":
    main()
"""
            },
            id="streamlit, in functions",
        ),
        pytest.param(
            {
                "app.py": """
import streamlit as st
from sklearn.linear_model import LogisticRegression
import pandas as pd
df = pd.read_csv("data.csv")
clf = LogisticRegression().fit(df[["a"]], df["y"])
st.write(clf.predict([[st.slider("a", 0, 3)]]))
"""
            },
            id="streamlit, fitted as it starts",
        ),
        pytest.param(
            {
                "app.py": LOADED
                + """
import gradio as gr

def classify(a, b):
    return int(model.predict([[a, b]])[0])

demo = gr.Interface(fn=classify, inputs=["number", "number"], outputs="number")
demo.launch()
"""
            },
            id="gradio interface",
        ),
        pytest.param(
            {
                "app.py": LOADED
                + """
import gradio as gr

def classify(a):
    return model.predict([[a]])[0]

with gr.Blocks() as demo:
    a = gr.Number()
    out = gr.Textbox()
    button = gr.Button("go")
    button.click(classify, inputs=a, outputs=out)

if __name__ == "__main__":
    demo.launch()
"""
            },
            id="gradio blocks",
        ),
        pytest.param(
            {
                "app.py": LOADED
                + """
from dash import Dash, Input, Output, dcc, html
app = Dash(__name__)
app.layout = html.Div([dcc.Slider(0, 9, id="a"), html.Div(id="y")])

@app.callback(Output("y", "children"), Input("a", "value"))
def update(a):
    return f"{model.predict([[a]])[0]}"

app.run()
"""
            },
            id="dash callback",
        ),
        pytest.param(
            {
                "shop/urls.py": "from django.urls import path\nfrom shop import views\nurlpatterns = [path('predict', views.predict)]\n",
                "shop/views.py": LOADED
                + """
from django.http import JsonResponse

def predict(request):
    return JsonResponse({"y": int(model.predict([[1]])[0])})
""",
                "shop/__init__.py": "",
                "manage.py": "import django\nif __name__ == '__main__':\n    django.setup()\n",
            },
            id="django view",
        ),
        pytest.param(
            {
                "service.py": LOADED
                + """
import bentoml

@bentoml.service
class Classifier:
    @bentoml.api
    def predict(self, a: float) -> int:
        return int(model.predict([[a]])[0])
"""
            },
            id="bentoml service",
        ),
        pytest.param(
            {
                "serve.py": """
from ray import serve
import joblib

@serve.deployment
class Model:
    def __init__(self):
        self.model = joblib.load("model.joblib")

    async def __call__(self, request):
        row = await request.json()
        return {"y": self.model.predict([row])[0]}

serve.run(Model.bind())
"""
            },
            id="ray serve",
        ),
        pytest.param(
            {
                "api.py": FASTAPI
                + """
import mlflow
model = mlflow.pyfunc.load_model("models:/churn/Production")

@app.post("/predict")
def predict(row: dict):
    return model.predict([row]).tolist()
"""
            },
            id="a model of the registry",
        ),
        pytest.param(
            {
                "bot.py": LOADED
                + """
import telebot
bot = telebot.TeleBot("x")

@bot.message_handler(commands=["ask"])
def ask(message):
    answer = model.predict([[float(message.text)]])[0]
    bot.reply_to(message, str(answer))

bot.polling()
"""
            },
            id="chat bot",
        ),
        pytest.param(
            {
                "gui.py": LOADED
                + """
import tkinter as tk
root = tk.Tk()
entry = tk.Entry(root)
label = tk.Label(root)

def ask():
    label.config(text=str(model.predict([[float(entry.get())]])[0]))

tk.Button(root, text="ask", command=ask).pack()
root.mainloop()
"""
            },
            id="desktop window",
        ),
        pytest.param(
            {
                "lambda_function.py": LOADED
                + """
import json

def lambda_handler(event, context):
    return {"statusCode": 200, "body": json.dumps(model.predict([event["row"]]).tolist())}
"""
            },
            id="aws lambda",
        ),
        pytest.param(
            {
                "service.py": """
import bentoml
runner = bentoml.sklearn.get("m:latest").to_runner()
svc = bentoml.Service("c", runners=[runner])

@svc.api(input=1, output=2)
def classify(x):
    return runner.predict.run(x)
"""
            },
            id="bentoml runner",
        ),
        pytest.param(
            {
                "predict_page.py": LOADED
                + """
import streamlit as st

def show_page():
    a = st.selectbox("a", [1, 2])
    if st.button("go"):
        y = model.predict([[a]])
        st.subheader(f"{y[0]:.2f}")
""",
                "app.py": "import streamlit as st\nfrom predict_page import show_page\nst.title('x')\nshow_page()\n",
            },
            id="streamlit, a page in another module",
        ),
        pytest.param(
            {
                "app.py": """
import streamlit as st
import joblib
if "model" not in st.session_state:
    st.session_state.model = joblib.load("model.joblib")
if st.button("go"):
    st.session_state["answer"] = st.session_state.model.predict([[1]])
if "answer" in st.session_state:
    st.write(st.session_state["answer"])
"""
            },
            id="streamlit, state of the session",
        ),
        pytest.param(
            {
                "app.py": """
import streamlit as st
import joblib
models = {n: joblib.load(f"models/{n}.joblib") for n in ("a", "b")}
st.write(models[st.selectbox("model", list(models))].predict([[1]])[0])
"""
            },
            id="streamlit, one of several",
        ),
        pytest.param(
            {
                "inference.py": """
import os
import joblib

def model_fn(folder):
    return joblib.load(os.path.join(folder, "model.joblib"))

def predict_fn(rows, model):
    return model.predict(rows)
"""
            },
            id="sagemaker",
        ),
        pytest.param(
            {
                "serve.py": """
import joblib
import litserve

class Api(litserve.LitAPI):
    def setup(self, device):
        self.model = joblib.load("model.joblib")

    def predict(self, row):
        return self.model.predict(row)

if __name__ == "__main__":
    litserve.LitServer(Api()).run(port=8000)
"""
            },
            id="litserve",
        ),
        pytest.param(
            {
                "web/__init__.py": "",
                "web/apps.py": """
from django.apps import AppConfig
import joblib

class WebConfig(AppConfig):
    model = joblib.load("model.joblib")
""",
                "web/views.py": """
from django.http import JsonResponse
from rest_framework.views import APIView
from web.apps import WebConfig

class Ask(APIView):
    def get(self, request):
        return JsonResponse({"y": WebConfig.model.predict([[1]])[0]})
""",
                "web/urls.py": "from django.urls import path\nfrom web import views\nurlpatterns = [path('ask', views.Ask.as_view())]\n",
            },
            id="django, kept by its configuration",
        ),
        pytest.param(
            {
                "app/__init__.py": """
from flask import Flask

def create_app():
    app = Flask(__name__)
    from app.routes import bp
    app.register_blueprint(bp)
    return app
""",
                "app/routes.py": LOADED
                + """
from flask import Blueprint, jsonify
bp = Blueprint("b", __name__)

@bp.route("/ask")
def ask():
    return jsonify(int(model.predict([[1]])[0]))
""",
                "run.py": "from app import create_app\napp = create_app()\nif __name__ == '__main__':\n    app.run()\n",
            },
            id="flask, a factory and a blueprint",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + LOADED
                + """
from fastapi.concurrency import run_in_threadpool

@app.post("/predict")
async def predict(a: float):
    found = await run_in_threadpool(model.predict, [[a]])
    return {"y": found[0]}
"""
            },
            id="asked in another thread",
        ),
    ],
)
def test_answers_with_the_model(files: dict[str, str]) -> None:
    assert level({**TRAINED, **files}) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                **TORCH,
                "app.py": """
import torch
import streamlit as st
from net import Net

net = Net()
net.load_state_dict(torch.load("net.pt"))
net.eval()
with torch.no_grad():
    logits = net(torch.tensor([[st.slider("a", 0.0, 1.0)] * 4]))
st.write(logits.argmax().item())
""",
            },
            id="torch",
        ),
        pytest.param(
            {
                **TORCH,
                "app.py": """
import torch
from flask import Flask, jsonify
from net import Net
app = Flask(__name__)

def load(path):
    net = Net()
    net.load_state_dict(torch.load(path, map_location="cpu"))
    return net.eval()

NET = load("net.pt")

def infer(values):
    with torch.no_grad():
        out = NET(torch.tensor(values))
    return out.softmax(-1).tolist()

@app.route("/predict")
def predict():
    return jsonify(infer([[1.0, 2.0, 3.0, 4.0]]))
""",
            },
            id="torch, in functions",
        ),
        pytest.param(
            {
                "train.py": KERAS,
                "app.py": """
from tensorflow.keras.models import load_model
import gradio as gr
model = load_model("model.keras")

def classify(image):
    probabilities = model.predict(image.reshape(1, 28, 28))[0]
    return {str(i): float(p) for i, p in enumerate(probabilities)}

gr.Interface(classify, gr.Image(), gr.Label()).launch()
""",
            },
            id="keras",
        ),
        pytest.param(
            {
                "train.py": """
import xgboost as xgb
booster = xgb.train({}, xgb.DMatrix("train.svm"))
booster.save_model("model.json")
""",
                "app.py": """
import xgboost as xgb
from fastapi import FastAPI
app = FastAPI()
booster = xgb.Booster()
booster.load_model("model.json")

@app.post("/predict")
def predict(a: float):
    return {"y": float(booster.predict(xgb.DMatrix([[a]]))[0])}
""",
            },
            id="xgboost booster",
        ),
        pytest.param(
            {
                "train.py": """
from transformers import AutoModelForSequenceClassification, Trainer
model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
trainer = Trainer(model=model)
trainer.train()
trainer.save_model("./tuned")
""",
                "app.py": """
from transformers import pipeline
import streamlit as st
classify = pipeline("text-classification", model="./tuned")
st.write(classify(st.text_input("text"))[0]["label"])
""",
            },
            id="a tuned transformer",
        ),
        pytest.param(
            {
                "train.py": "import torch\nfrom net import Net\ntorch.onnx.export(Net(), (), 'net.onnx')\n",
                "net.py": TORCH["net.py"],
                "fit.py": TORCH["train.py"],
                "app.py": """
import onnxruntime as ort
from fastapi import FastAPI
app = FastAPI()
session = ort.InferenceSession("net.onnx")

@app.post("/predict")
def predict(row: list[float]):
    return {"y": session.run(None, {"x": [row]})[0].tolist()}
""",
            },
            id="onnx",
        ),
        pytest.param(
            {
                "train.py": """
import pickle
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

def train(rows, y):
    dv = DictVectorizer()
    model = LogisticRegression()
    model.fit(dv.fit_transform(rows), y)
    return dv, model

dv, model = train(rows, y)
with open("model.bin", "wb") as f_out:
    pickle.dump((dv, model), f_out)
""",
                "predict.py": """
import pickle
from flask import Flask, jsonify, request
with open("model.bin", "rb") as f_in:
    dv, model = pickle.load(f_in)
app = Flask("churn")

@app.route("/predict", methods=["POST"])
def predict():
    X = dv.transform([request.get_json()])
    y_pred = model.predict_proba(X)[0, 1]
    churn = y_pred >= 0.5
    result = {"probability": float(y_pred), "churn": bool(churn)}
    return jsonify(result)
""",
            },
            id="a vectoriser and a model in one file",
        ),
        pytest.param(
            {
                "train.py": KERAS,
                "lambda_function.py": """
import tflite_runtime.interpreter as tflite
interpreter = tflite.Interpreter(model_path="model.tflite")
interpreter.allocate_tensors()

def predict(url):
    interpreter.set_tensor(0, rows_of(url))
    interpreter.invoke()
    found = interpreter.get_tensor(1)
    return dict(zip(["a", "b"], found[0].tolist()))

def lambda_handler(event, context):
    return predict(event["url"])
""",
                "convert.py": "import tensorflow as tf\nc = tf.lite.TFLiteConverter.from_saved_model('m')\nopen('model.tflite', 'wb').write(c.convert())\n",
            },
            id="tensorflow lite in a lambda",
        ),
        pytest.param(
            {
                "train.py": KERAS,
                "gateway.py": """
import grpc
from flask import Flask, jsonify
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
stub = prediction_service_pb2_grpc.PredictionServiceStub(grpc.insecure_channel("tf:8500"))
app = Flask("gateway")

@app.route("/ask")
def ask():
    found = stub.Predict(predict_pb2.PredictRequest(), timeout=20)
    return jsonify(found.outputs)
""",
            },
            id="a gateway to tensorflow serving",
        ),
        pytest.param(
            {
                "model.py": """
import pickle
import numpy as np

class LinearModel:
    def fit(self, X, y):
        self.w = np.zeros(X.shape[1])
        for _ in range(100):
            error = X @ self.w - y
            self.w -= 0.01 * X.T @ error
        return self

    def predict(self, X):
        return X @ self.w
""",
                "train.py": """
import pickle
import numpy as np
from model import LinearModel
model = LinearModel().fit(np.loadtxt("x.csv"), np.loadtxt("y.csv"))
pickle.dump(model, open("model.pkl", "wb"))
""",
                "app.py": """
import pickle
import streamlit as st
with open("model.pkl", "rb") as f:
    model = pickle.load(f)
st.metric("y", model.predict(st.slider("a", 0, 3))[0])
""",
            },
            id="written by hand",
        ),
    ],
)
def test_other_models(files: dict[str, str]) -> None:
    assert level(files) == 2


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {"app.py": "import streamlit as st\narea = st.slider('area', 1, 9)\nst.write(50000 + 1000 * area)\n"},
            id="a formula",
        ),
        pytest.param(
            {"app.py": FASTAPI + "@app.post('/predict')\ndef predict(a: float):\n    return {'y': 1}\n"},
            id="a constant",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + LOADED
                + "@app.post('/predict')\ndef predict(a: float):\n    model.predict([[a]])\n    return {'y': 1}\n"
            },
            id="the prediction is thrown away",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + LOADED
                + "@app.post('/predict')\ndef predict(a: float):\n    y = model.predict([[a]])\n    y = 0.87\n    return {'y': y}\n"
            },
            id="the prediction is overwritten",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + LOADED
                + "import logging\n@app.post('/predict')\ndef predict(a: float):\n    y = model.predict([[a]])\n"
                "    logging.info('got %s', y)\n    return {'y': 1}\n"
            },
            id="the prediction is only logged",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + LOADED
                + "@app.get('/health')\ndef health():\n    return {'model': model is not None}\n"
            },
            id="loaded, never asked",
        ),
        pytest.param(
            {
                "app.py": FASTAPI
                + "def unused(a):\n    import joblib\n    return joblib.load('model.joblib').predict(a)\n"
                "@app.get('/')\ndef home():\n    return 'hello'\n"
            },
            id="asked by a function that nothing calls",
        ),
        pytest.param(
            {
                "routes.py": LOADED
                + "from fastapi import APIRouter\nrouter = APIRouter()\n@router.post('/predict')\ndef predict(a: float):\n"
                "    return {'y': int(model.predict([[a]])[0])}\n",
                "app.py": FASTAPI + "@app.get('/')\ndef home():\n    return 'hello'\n",
            },
            id="a router that is not included",
        ),
        pytest.param({"app.py": "from src.model_loader import predict\n" + API}, id="imports what is not there"),
        pytest.param(
            {"app.py": API.replace("return {", "return {'x': threshold, ")}, id="reads a name that nothing defines"
        ),
        pytest.param({"app.py": API.replace("model.joblib", "other.pkl")}, id="loads a file that nothing makes"),
        pytest.param(
            {
                "app.py": FASTAPI
                + "from sklearn.svm import SVC\nmodel = SVC()\n@app.post('/predict')\ndef predict(a: float):\n"
                "    return {'y': int(model.predict([[a]])[0])}\n"
            },
            id="asks a model that was never fitted",
        ),
        pytest.param(
            {
                "app.py": "import openai\nimport streamlit as st\nclient = openai.OpenAI()\n"
                "r = client.chat.completions.create(model='gpt-4', messages=[])\nst.write(r.choices[0].message.content)\n"
            },
            id="asks somebody's service",
        ),
        pytest.param(
            {
                "demo.ipynb": notebook(
                    "import gradio as gr\nimport joblib\nmodel = joblib.load('model.joblib')",
                    "def f(a):\n    return model.predict([[a]])[0]",
                    "gr.Interface(f, 'number', 'number').launch()",
                )
            },
            id="only in a notebook",
        ),
        pytest.param(
            {
                "factory.py": LOADED
                + "from flask import Flask\ndef create_app():\n    app = Flask(__name__)\n    @app.route('/predict')\n"
                "    def predict():\n        return str(model.predict([[1]])[0])\n    return app\n"
            },
            id="a factory that nothing calls",
        ),
    ],
)
def test_does_not_answer_with_the_model(files: dict[str, str]) -> None:
    assert level({**TRAINED, **files}) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no app"),
        pytest.param(
            {"app.py": "# from fastapi import FastAPI\n# app = FastAPI()\nprint('app')\n"}, id="commented out"
        ),
        pytest.param(
            {"use.py": "from fastapi import FastAPI\nimport streamlit as st\nprint('done')\n"}, id="imports only"
        ),
        pytest.param({"README.md": "Serve with FastAPI: `uvicorn app:app`, see /predict.\n"}, id="in prose"),
        pytest.param(
            {"predict.py": LOADED + "import sys\nprint(model.predict([[float(sys.argv[1])]]))\n"},
            id="a command-line script",
        ),
        pytest.param(
            {"tests/test_app.py": API + "\ndef test_it():\n    assert predict(1, 2)\n"},
            id="an app that is only in tests",
        ),
    ],
)
def test_no_app(files: dict[str, str]) -> None:
    assert level({**TRAINED, **files}) == 0


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "app.py": "import streamlit as st\nimport pandas as pd\ndf = pd.read_csv('sales.csv')\n"
                "st.bar_chart(df.groupby('month').sum())\n"
            },
            2,
            id="a dashboard is seen",
        ),
        pytest.param(
            {
                "app.py": "import streamlit as st\nfrom langchain_community.vectorstores import FAISS\n"
                "from langchain_openai import ChatOpenAI, OpenAIEmbeddings\n"
                "store = FAISS.load_local('index', OpenAIEmbeddings())\nllm = ChatOpenAI()\n"
                "question = st.text_input('ask')\nfound = store.similarity_search(question)\n"
                "st.write(llm.invoke(str(found)).content)\n"
            },
            2,
            id="its own retrieval",
        ),
        pytest.param(
            {
                "app.py": "import streamlit as st\nfrom transformers import pipeline\n"
                "classify = pipeline('sentiment-analysis')\nst.write(classify(st.text_input('text')))\n"
            },
            2,
            id="a pretrained model",
        ),
        pytest.param(
            {
                "app.py": "import openai\nimport streamlit as st\nclient = openai.OpenAI()\n"
                "r = client.chat.completions.create(model='gpt-4', messages=[])\nst.write(r.choices[0].message.content)\n"
            },
            1,
            id="passes a question on",
        ),
        pytest.param({"app.py": "import streamlit as st\nst.title('Soon')\n"}, 1, id="a title only"),
        pytest.param(
            {"app.py": FASTAPI + "import random\n@app.get('/')\ndef ask():\n    return random.choice(['yes', 'no'])\n"},
            1,
            id="draws its answer",
        ),
    ],
)
def test_without_a_model(files: dict[str, str], expected: float) -> None:
    assert level(files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"Makefile": "serve:\n\tmlflow models serve -m models:/m/1\n"}, 2, id="a make target"),
        pytest.param({"README.md": "```bash\nmlflow models serve -m models:/m/1\n```\n"}, 1, id="as a document says"),
        pytest.param({"Makefile": "serve:\n\techo mlflow models serve\n"}, 0, id="echoed"),
    ],
)
def test_served_by_a_command(files: dict[str, str], expected: float) -> None:
    assert level({**TRAINED, **files}) == expected


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "print('hello')\n"}, id="a script"),
        pytest.param({"ask.py": "import openai\nprint(openai.OpenAI().chat.completions.create())\n"}, id="a question"),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    made = service(files)

    assert isinstance(serving_model(made.serving, made.program.work, made.program.tree, made.delivery), NotApplicable)


def test_evidence_leads_to_the_handler_and_to_the_question() -> None:
    made = service({**TRAINED, "app.py": API})
    answer = serving_model(made.serving, made.program.work, made.program.tree, made.delivery)

    assert isinstance(answer, Measured)
    assert [(e.at.path, e.at.start) for e in answer.evidence if isinstance(e, InFile)] == [("app.py", 7), ("app.py", 9)]
