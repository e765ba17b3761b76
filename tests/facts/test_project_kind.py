"""What does the code show the project to be? Many small programs, and what a reader would say of each."""

from __future__ import annotations

import pytest

from evaluator.facts.packaging import Packaging
from evaluator.facts.project_kind import ProjectKind, project_kind
from evaluator.facts.stages import Stage, Stages
from evaluator.model import Missing, Span
from tests.facts.programs import notebook, program

NONE = Missing(fact="Packaging", cause="not-found")


def kind(files: dict[str, str], packaging: Packaging | Missing = NONE, stages: Stages | Missing = NONE) -> ProjectKind:
    made = program(files, packaging=packaging)
    return project_kind.run(
        tree=made.tree,
        modules=made.modules,
        code=made.code,
        reach=made.reach,
        work=made.work,
        packaging=packaging,
        stages=stages,
        r=made.r_work,
    )


def names(traits: tuple[object, ...]) -> set[str]:
    return {t.name for t in traits}  # type: ignore[attr-defined]


TABULAR = """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
df = pd.read_csv("churn.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"])
model = RandomForestClassifier().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""
XGBOOST = """
import pandas as pd, xgboost as xgb
df = pd.read_csv("prices.csv")
booster = xgb.train({"objective": "reg:squarederror"}, xgb.DMatrix(df, label=df.pop("price")))
print(booster.predict(xgb.DMatrix(df)))
"""
SPAM = """
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
df = pd.read_csv("sms.csv")
X = TfidfVectorizer().fit_transform(df["text"])
MultinomialNB().fit(X, df["label"])
"""
TORCH_CNN = """
import torch
from torch import nn
from torchvision import datasets, transforms
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
    def forward(self, x):
        return self.conv(x)
def main():
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    loss_fn = nn.CrossEntropyLoss()
    for x, y in torch.utils.data.DataLoader(datasets.MNIST("data")):
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()
if __name__ == "__main__":
    main()
"""
KERAS_IMAGES = """
import tensorflow as tf
from tensorflow.keras import layers
train = tf.keras.utils.image_dataset_from_directory("images")
model = tf.keras.Sequential([layers.Conv2D(8, 3), layers.Dense(2)])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(train)
"""
FLAX = """
import jax, optax
from flax import linen as nn
from flax.training.train_state import TrainState
class CNN(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(10)(nn.Conv(8, (3, 3))(x))
def loss_fn(params, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(CNN().apply(params, x), y).mean()
def step(state, x, y):
    grads = jax.grad(loss_fn)(state.params, x, y)
    return state.apply_gradients(grads=grads)
state = TrainState.create(apply_fn=CNN().apply, params={}, tx=optax.adam(1e-3))
for x, y in batches:
    state = step(state, x, y)
"""
BERT = """
from datasets import load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments
data = load_dataset("imdb")
tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
trainer = Trainer(model=model, args=TrainingArguments("out"), train_dataset=data["train"])
trainer.train()
"""
ARIMA = """
import pandas as pd
from statsmodels.tsa.arima.model import ARIMA
series = pd.read_csv("sales.csv", index_col=0)["sales"]
print(ARIMA(series, order=(1, 1, 1)).fit().forecast(12))
"""
PROPHET = """
import pandas as pd
from prophet import Prophet
m = Prophet()
m.fit(pd.read_csv("visits.csv"))
print(m.predict(m.make_future_dataframe(30)))
"""
LSTM = """
import numpy as np, pandas as pd
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import LSTM, Dense
values = pd.read_csv("power.csv")["load"].values
def windows(v, n):
    X, y = [], []
    for i in range(len(v) - n):
        X.append(v[i:i + n])
        y.append(v[i + n])
    return np.array(X), np.array(y)
X, y = windows(values, 24)
model = Sequential([LSTM(8), Dense(1)])
model.compile(loss="mse", optimizer="adam")
model.fit(X, y)
"""
LAGS = """
import pandas as pd
from sklearn.linear_model import Ridge
df = pd.read_csv("d.csv")
df["date"] = pd.to_datetime(df["date"])
df["lag"] = df["y"].shift(1)
Ridge().fit(df[["lag"]], df["y"])
"""
SVD = """
from surprise import SVD, Dataset
from surprise.model_selection import cross_validate
cross_validate(SVD(), Dataset.load_builtin("ml-100k"))
"""
PIVOT = """
import pandas as pd
from sklearn.decomposition import TruncatedSVD
ratings = pd.read_csv("ratings.csv")
table = ratings.pivot_table(index="userId", columns="movieId", values="rating").fillna(0)
print(TruncatedSVD(20).fit_transform(table))
"""
SIMILAR = """
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics.pairwise import cosine_similarity
movies = pd.read_csv("movies.csv")
vectors = CountVectorizer().fit_transform(movies["tags"])
similarity = cosine_similarity(vectors)
print(similarity[0])
"""
SB3 = """
import gymnasium as gym
from stable_baselines3 import PPO
env = gym.make("LunarLander-v2")
model = PPO("MlpPolicy", env)
model.learn(10_000)
"""
DQN_KERAS = """
import gym, numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
env = gym.make("CartPole-v1")
net = Sequential([Dense(24), Dense(2)])
net.compile(loss="mse", optimizer="adam")
for episode in range(100):
    state = env.reset()
    for t in range(500):
        after, reward, done, _ = env.step(0)
        net.fit(state, reward + net.predict(after))
"""
OWN_GRID = """
import numpy as np
class Grid:
    def reset(self):
        self.at = 0
        return self.at
    def step(self, action):
        self.at += action
        return self.at, -1.0, self.at == 9
def main():
    env = Grid()
    q = np.zeros((10, 2))
    for episode in range(500):
        s = env.reset()
        done = False
        while not done:
            a = q[s].argmax()
            t, r, done = env.step(a)
            q[s, a] += 0.1 * (r + 0.9 * np.max(q[t]) - q[s, a])
            s = t
if __name__ == "__main__":
    main()
"""
REWARDED_ROWS = """
import pandas as pd
from sklearn.model_selection import train_test_split
from tf_agents.agents.dqn import dqn_agent
from tf_agents.environments import py_environment
df = pd.read_csv("fraud.csv")
train, test = train_test_split(df)
agent = dqn_agent.DdqnAgent(train)
agent.train(train)
"""
GAN = """
import torch
from torch import nn
G, D = nn.Sequential(nn.Linear(64, 784)), nn.Sequential(nn.Linear(784, 1))
g_opt, d_opt = torch.optim.Adam(G.parameters()), torch.optim.Adam(D.parameters())
bce = nn.BCEWithLogitsLoss()
for real in loader:
    fake = G(torch.randn(32, 64))
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    d_loss.backward()
    d_opt.step()
    g_loss = bce(D(fake), ones)
    g_loss.backward()
    g_opt.step()
"""
CHAR_LM = """
import torch
from torch import nn
with open("shakespeare.txt") as f:
    text = f.read()
chars = sorted(set(text))
class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(chars), 32)
        self.rnn = nn.LSTM(32, 64)
        self.out = nn.Linear(64, len(chars))
    def forward(self, x):
        return self.out(self.rnn(self.emb(x))[0])
model = LM()
opt = torch.optim.Adam(model.parameters())
for step in range(1000):
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    opt.step()
print(torch.multinomial(model(x).softmax(-1), 1))
"""
DIFFUSION = """
from diffusers import StableDiffusionPipeline
StableDiffusionPipeline.from_pretrained("x")("a cat").images[0].save("cat.png")
"""
RAG = """
import streamlit as st
from langchain_community.document_loaders import PyPDFLoader
from langchain_community.vectorstores import FAISS
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
store = FAISS.from_documents(PyPDFLoader("a.pdf").load(), OpenAIEmbeddings())
llm = ChatOpenAI()
st.title("Ask")
st.write(llm.invoke(st.text_input("?")))
"""
KMEANS = """
import pandas as pd
from sklearn.cluster import KMeans
df = pd.read_csv("mall.csv")
df["group"] = KMeans(5).fit_predict(df)
"""
OWN_KMEANS = """
import numpy as np
class KMeans:
    def __init__(self, k):
        self.k = k
    def fit(self, X):
        self.centres = X[: self.k]
        for _ in range(100):
            nearest = np.linalg.norm(X[:, None] - self.centres, axis=2).argmin(axis=1)
            self.centres = np.array([X[nearest == j].mean(axis=0) for j in range(self.k)])
        return self
    def predict(self, X):
        return np.linalg.norm(X[:, None] - self.centres, axis=2).argmin(axis=1)
print(KMeans(3).fit(np.random.rand(100, 2)).predict(np.random.rand(5, 2)))
"""
FOREST = """
import pandas as pd
from sklearn.ensemble import IsolationForest
df = pd.read_csv("sensors.csv")
print(IsolationForest().fit_predict(df))
"""
COX = """
import pandas as pd
from lifelines import CoxPHFitter
CoxPHFitter().fit(pd.read_csv("trial.csv"), "T", "E")
"""
WORD2VEC = """
from gensim.models import Word2Vec
Word2Vec([line.split() for line in open("corpus.txt")])
"""
AUTOENCODER = """
import pandas as pd
from tensorflow import keras
X = pd.read_csv("x.csv").values
model = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(30)])
model.compile(loss="mse", optimizer="adam")
model.fit(X, X)
"""
SOUND = """
import librosa, numpy as np
from sklearn.svm import SVC
def features(path):
    y, sr = librosa.load(path)
    return librosa.feature.mfcc(y=y, sr=sr).mean(axis=1)
SVC().fit(np.array([features(p) for p in paths]), labels)
"""
SCRATCH = """
import numpy as np
class Logistic:
    def fit(self, X, y, lr=0.1):
        self.w = np.zeros(X.shape[1])
        for _ in range(100):
            p = 1 / (1 + np.exp(-X @ self.w))
            self.w -= lr * X.T @ (p - y)
        return self
    def predict(self, X):
        return X @ self.w > 0
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
m = Logistic().fit(np.loadtxt("x.txt"), np.loadtxt("y.txt"))
print(sigmoid(m.predict(np.loadtxt("t.txt"))))
"""
EDA = notebook(
    "import pandas as pd\nimport seaborn as sns\ndf = pd.read_csv('sales.csv')",
    "df.groupby('region').sum()",
    "sns.histplot(df['amount'])",
)
DAG = """
import pandas as pd
from airflow import DAG
from airflow.operators.python import PythonOperator
def load():
    pd.read_csv("in.csv").to_sql("t", "postgresql://")
with DAG("etl") as dag:
    PythonOperator(task_id="load", python_callable=load)
"""
API = """
import joblib
from fastapi import FastAPI
app = FastAPI()
model = joblib.load("model.joblib")
@app.post("/predict")
def predict(x: list[float]):
    return model.predict([x])
"""
R_SCRIPT = """
library(caret)
library("randomForest")
df <- read.csv("heart.csv")  # train(glm) is not called here
fit <- randomForest(target ~ ., data = df)
confusionMatrix(predict(fit, df), df$target)
"""
R_MARKDOWN = "# Report\n\nWe call kmeans(x) below.\n\n```{r}\ndf <- read_csv('a.csv')\nggplot(df)\n```\n"


@pytest.mark.parametrize(
    ("source", "kinds", "tasks", "frameworks"),
    [
        pytest.param(TABULAR, {"modelling"}, {"tabular", "classification"}, {"sklearn"}, id="sklearn on a table"),
        pytest.param(XGBOOST, {"modelling"}, {"tabular", "regression"}, {"xgboost"}, id="xgboost"),
        pytest.param(SPAM, {"modelling"}, {"nlp", "classification"}, {"sklearn"}, id="text in a table"),
        pytest.param(TORCH_CNN, {"modelling"}, {"vision", "classification"}, {"torch", "torchvision"}, id="torch"),
        pytest.param(KERAS_IMAGES, {"modelling"}, {"vision", "classification"}, {"tensorflow"}, id="keras on images"),
        pytest.param(FLAX, {"modelling"}, {"vision", "classification"}, {"flax", "jax", "optax"}, id="flax"),
        pytest.param(BERT, {"modelling"}, {"nlp", "classification"}, {"transformers", "datasets"}, id="hf trainer"),
        pytest.param(ARIMA, {"modelling"}, {"time-series"}, {"statsmodels"}, id="statsmodels"),
        pytest.param(PROPHET, {"modelling"}, {"time-series"}, {"prophet"}, id="prophet"),
        pytest.param(LSTM, {"modelling"}, {"time-series", "regression"}, {"tensorflow"}, id="windows and lstm"),
        pytest.param(LAGS, {"modelling"}, {"time-series", "regression"}, {"sklearn"}, id="lags of dated values"),
        pytest.param(SVD, {"modelling"}, {"recommendation"}, {"surprise"}, id="surprise"),
        pytest.param(PIVOT, {"analysis"}, {"recommendation"}, {"sklearn"}, id="user-item table"),
        pytest.param(SIMILAR, set(), {"nlp", "recommendation"}, {"sklearn"}, id="items like each other"),
        pytest.param(SB3, {"modelling"}, {"reinforcement-learning"}, {"gymnasium", "stable_baselines3"}, id="sb3"),
        pytest.param(DQN_KERAS, {"modelling"}, {"reinforcement-learning"}, {"gym", "tensorflow"}, id="dqn in keras"),
        pytest.param(OWN_GRID, {"modelling"}, {"reinforcement-learning"}, set(), id="environment of its own"),
        pytest.param(GAN, {"modelling"}, {"generative"}, {"torch"}, id="gan"),
        pytest.param(CHAR_LM, {"modelling"}, {"nlp", "generative"}, {"torch"}, id="language model from scratch"),
        pytest.param(DIFFUSION, set(), {"generative"}, {"diffusers"}, id="ready-made diffusion"),
        pytest.param(RAG, {"application"}, {"nlp", "generative"}, {"langchain_community", "langchain_openai"}, id="rag"),
        pytest.param(KMEANS, {"modelling"}, {"clustering", "tabular"}, {"sklearn"}, id="kmeans"),
        pytest.param(OWN_KMEANS, {"modelling"}, {"clustering"}, set(), id="kmeans of its own"),
        pytest.param(FOREST, {"modelling"}, {"anomaly-detection", "tabular"}, {"sklearn"}, id="isolation forest"),
        pytest.param(COX, {"modelling"}, {"survival", "tabular"}, {"lifelines"}, id="survival"),
        pytest.param(WORD2VEC, {"modelling"}, {"nlp", "representation"}, {"gensim"}, id="word vectors"),
        pytest.param(AUTOENCODER, {"modelling"}, {"representation", "tabular"}, {"tensorflow"}, id="autoencoder"),
        pytest.param(SOUND, {"modelling"}, {"audio", "classification"}, {"librosa", "sklearn"}, id="sound"),
        pytest.param(SCRATCH, {"modelling"}, {"classification", "tabular"}, set(), id="logistic regression by hand"),
        pytest.param(DAG, {"data-engineering"}, {"tabular"}, {"airflow"}, id="airflow"),
        pytest.param(API, {"service"}, set(), set(), id="api alone"),
        pytest.param("print('hello')\n", set(), set(), set(), id="nothing of the sort"),
    ],
)  # fmt: skip
def test_a_program(source: str, kinds: set[str], tasks: set[str], frameworks: set[str]) -> None:
    found = kind({"main.py": source})

    assert (names(found.kinds), names(found.tasks), names(found.frameworks)) == (kinds, tasks, frameworks)
    assert all(t.at is not None and t.at.path == "main.py" for t in (*found.kinds, *found.tasks, *found.frameworks))


@pytest.mark.parametrize(
    ("files", "kinds", "tasks"),
    [
        pytest.param({"eda.ipynb": EDA}, {"analysis"}, {"tabular"}, id="analysis in a notebook"),
        pytest.param({"heart.R": R_SCRIPT}, {"modelling"}, {"classification", "tabular"}, id="R alone"),
        pytest.param({"report.Rmd": R_MARKDOWN}, {"analysis"}, {"tabular"}, id="R Markdown: its chunks, not its prose"),
        pytest.param({"a.ipynb": notebook("fit <- lm(y ~ x, data = read.csv('a.csv'))", language="R")}, {"modelling"}, {"regression", "tabular"}, id="R notebook"),
        pytest.param({"dbt_project.yml": "name: shop\n", "models/orders.sql": "select 1\n"}, {"data-engineering"}, set(), id="dbt"),
        pytest.param({"train.py": TABULAR, "app.py": API}, {"modelling", "service"}, {"classification", "tabular"}, id="model and service"),
        pytest.param({}, set(), set(), id="empty"),
    ],
)  # fmt: skip
def test_several_files(files: dict[str, str], kinds: set[str], tasks: set[str]) -> None:
    found = kind(files)

    assert (names(found.kinds), names(found.tasks)) == (kinds, tasks)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("# import gymnasium; env = gymnasium.make('CartPole-v1'); env.step(0)\n", id="comment"),
        pytest.param("'''We use reinforcement learning with gymnasium and Conv2d.'''\nprint(1)\n", id="docstring"),
        pytest.param("import gymnasium, torchvision, surprise, prophet\nprint(1)\n", id="dead imports"),
        pytest.param(
            "import gymnasium\ndef play():\n    env = gymnasium.make('x')\n    env.step(0)\nprint(1)\n", id="never called"
        ),
        pytest.param("task = 'reinforcement-learning time-series vision nlp'\nprint(task)\n", id="string"),
        pytest.param(
            "class Wizard:\n    def reset(self):\n        self.n = 0\n    def step(self):\n        self.n += 1\n"
            "w = Wizard()\nw.reset()\nw.step()\n",
            id="a step without reward",
        ),
        pytest.param("best = [0] * 10\nfor i in range(1, 10):\n    best[i] = max(best[i - 1], 3 + best[i - 2])\n", id="knapsack"),
        pytest.param("x = list(range(9))\nbatches = [x[i * 3:(i + 1) * 3] for i in range(3)]\nprint(batches)\n", id="batches"),
    ],
)  # fmt: skip
def test_what_only_looks_like_it_tells_nothing(source: str) -> None:
    found = kind({"main.py": source, "README.md": "# Reinforcement learning, vision and forecasting\n"})

    assert names(found.tasks) == set()


def test_random_split_with_group_lags_is_no_time_series() -> None:
    dated = "df['d'] = pd.to_datetime(df['d'])\ndf['l'] = df.groupby('id')['y'].shift(1)\n"
    source = TABULAR.replace("X_train,", f"{dated}X_train,", 1)

    assert names(kind({"a.py": source}).tasks) == {"tabular", "classification"}


@pytest.mark.parametrize(
    ("source", "by_steps_alone"),
    [
        pytest.param(SB3, True, id="library"),
        pytest.param(DQN_KERAS, True, id="a network fitted to what was experienced"),
        pytest.param(OWN_GRID, True, id="table"),
        pytest.param(REWARDED_ROWS, False, id="an agent rewarded for classifying rows"),
        pytest.param(SB3 + TABULAR, False, id="beside a model of rows"),
        pytest.param(TABULAR, False, id="none"),
    ],
)
def test_reinforcement_learning_is_by_steps_alone(source: str, by_steps_alone: bool) -> None:
    """Only then may a question about rows be left out."""
    assert kind({"main.py": source}).does("reinforcement-learning") is by_steps_alone


@pytest.mark.parametrize(
    ("files", "name", "expected"),
    [
        pytest.param({"tidyml/__init__.py": "", "tidyml/a.py": "def f():\n    return 1\n"}, "tidyml", True, id="library"),
        pytest.param({"src/tidy_ml/__init__.py": "", "src/tidy_ml/a.py": "def f():\n    return 1\n"}, "tidy-ml", True, id="below src"),
        pytest.param({"src/__init__.py": "", "src/train.py": TABULAR}, "src", False, id="a template's src"),
        pytest.param({"churn/__init__.py": "", "churn/train.py": TABULAR}, "churn", False, id="a package to be started"),
        pytest.param({"train.py": TABULAR}, "churn", False, id="metadata without a package"),
    ],
)  # fmt: skip
def test_library(files: dict[str, str], name: str, expected: bool) -> None:
    assert kind(files, Packaging(manifests=(), name=name)).has("library") is expected


def test_where_nothing_is_seen_to_run_all_code_tells() -> None:
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 1, 3)\n"
    )

    assert names(kind({"nets/model.py": source}).frameworks) == {"torch"}


def test_stages_are_taken_over() -> None:
    found = kind({"a.py": TABULAR}, stages=Stages(found=(Stage(name="train", why="fit", at=Span(path="a.py")),)))

    assert [(s.name, s.why, s.at) for s in found.stages] == [("train", "fit", Span(path="a.py"))]
