"""Pieces of programs that several tables of this folder put together."""

from __future__ import annotations

TRAIN = """
import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("data.csv").dropna()
X_train, X_test, y_train, y_test = train_test_split(df[["a", "b"]], df["y"])
model = RandomForestClassifier()
model.fit(X_train, y_train)
print(accuracy_score(y_test, model.predict(X_test)))
joblib.dump(model, "model.joblib")
"""
TRAINED = {"train.py": TRAIN}
API = """
from fastapi import FastAPI
import joblib
app = FastAPI()
model = joblib.load("model.joblib")

@app.post("/predict")
def predict(a: float, b: float):
    return {"answer": int(model.predict([[a, b]])[0])}
"""
"""A service that answers with the model of ``TRAIN``."""
