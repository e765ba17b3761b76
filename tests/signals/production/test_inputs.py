"""Services that bound their input, that only type it, and that take what comes."""

from __future__ import annotations

import pytest

from evaluator.model import Measured, NotApplicable
from evaluator.signals.production.inputs import input_validated
from tests.facts.services import service
from tests.signals.production.programs import TRAINED

HEAD = "import joblib\nmodel = joblib.load('model.joblib')\n"
FASTAPI = HEAD + "from fastapi import FastAPI\nfrom pydantic import BaseModel, Field\napp = FastAPI()\n"
FLASK = HEAD + "from flask import Flask, jsonify, request\napp = Flask(__name__)\n"
STREAMLIT = HEAD + "import streamlit as st\n"
ANSWER = "@app.post('/p')\ndef p(row: Row):\n    return {'y': model.predict([[row.a]])[0]}\n"


def level(files: dict[str, str]) -> float:
    answer = input_validated(service({**TRAINED, **files}).serving)
    assert isinstance(answer, Measured)
    assert answer.evidence
    return answer.value


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(
            FASTAPI + "class Row(BaseModel):\n    a: float = Field(..., ge=0, le=9)\n" + ANSWER,
            id="a field with bounds",
        ),
        pytest.param(
            FASTAPI + "from pydantic import conint\nclass Row(BaseModel):\n    a: conint(ge=0)\n" + ANSWER,
            id="a bounded type",
        ),
        pytest.param(
            FASTAPI + "from typing import Literal\nclass Row(BaseModel):\n    a: Literal['x', 'y']\n" + ANSWER,
            id="allowed values",
        ),
        pytest.param(
            FASTAPI
            + "from enum import Enum\nclass Kind(str, Enum):\n    X = 'x'\nclass Row(BaseModel):\n    a: Kind\n"
            + ANSWER,
            id="an enumeration",
        ),
        pytest.param(
            FASTAPI
            + "from pydantic import field_validator\nclass Row(BaseModel):\n    a: float\n    @field_validator('a')\n"
            "    def positive(cls, v):\n        assert v > 0\n        return v\n" + ANSWER,
            id="a validator",
        ),
        pytest.param(
            FASTAPI
            + "from fastapi import Query\n@app.get('/p')\ndef p(a: float = Query(..., gt=0)):\n    return {'y': model.predict([[a]])[0]}\n",
            id="a bounded query",
        ),
        pytest.param(
            FASTAPI + "class Row(BaseModel):\n    a: float = Field(gt=0)\n"
            "@app.post('/p')\ndef p(rows: list[Row]):\n    return model.predict([[r.a] for r in rows]).tolist()\n",
            id="a list of bounded rows",
        ),
        pytest.param(
            FASTAPI + "from fastapi import HTTPException\n@app.get('/p')\ndef p(a: float):\n    if not 0 <= a <= 9:\n"
            "        raise HTTPException(422, 'out of bounds')\n    return {'y': model.predict([[a]])[0]}\n",
            id="refused by hand",
        ),
        pytest.param(
            FLASK + "@app.route('/p', methods=['POST'])\ndef p():\n    a = float(request.json['a'])\n    if a < 0:\n"
            "        return jsonify(error='negative'), 400\n    return jsonify(y=model.predict([[a]])[0])\n",
            id="flask, refused by hand",
        ),
        pytest.param(
            FLASK + "import jsonschema\n@app.route('/p', methods=['POST'])\ndef p():\n    row = request.get_json()\n"
            "    jsonschema.validate(row, {'type': 'object'})\n    return jsonify(y=model.predict([[row['a']]])[0])\n",
            id="flask, a schema",
        ),
        pytest.param(
            FLASK
            + "from flask import abort\ndef row():\n    a = float(request.form['a'])\n    if a < 0:\n        abort(422)\n"
            "    return [[a]]\n@app.route('/p', methods=['POST'])\ndef p():\n    return jsonify(y=model.predict(row())[0])\n",
            id="flask, refused by a function of its own",
        ),
        pytest.param(STREAMLIT + "a = st.slider('a', 0, 9)\nst.write(model.predict([[a]])[0])\n", id="a slider"),
        pytest.param(
            STREAMLIT + "a = st.number_input('a', min_value=0, max_value=9)\nst.write(model.predict([[a]])[0])\n",
            id="a bounded number",
        ),
        pytest.param(
            STREAMLIT
            + "left, right = st.columns(2)\na = st.selectbox('a', [1, 2])\nst.write(model.predict([[a]])[0])\n",
            id="a choice",
        ),
        pytest.param(
            HEAD + "import gradio as gr\ndef f(a):\n    return model.predict([[a]])[0]\n"
            "gr.Interface(f, [gr.Slider(0, 9)], 'number').launch()\n",
            id="gradio slider",
        ),
    ],
)
def test_bounded(app: str) -> None:
    assert level({"app.py": app}) == 2


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(FASTAPI + "class Row(BaseModel):\n    a: float\n    b: int = 3\n" + ANSWER, id="types"),
        pytest.param(
            FASTAPI + "class Row(BaseModel):\n    a: float = Field(..., description='0 to 9')\n" + ANSWER,
            id="bounds in prose",
        ),
        pytest.param(
            FASTAPI
            + "from pydantic import field_validator\nclass Row(BaseModel):\n    a: float\n    @field_validator('a')\n"
            "    def check(cls, v):\n        return v\n" + ANSWER,
            id="a validator that lets all through",
        ),
        pytest.param(
            FASTAPI + "@app.get('/p')\ndef p(a: float):\n    return {'y': model.predict([[a]])[0]}\n",
            id="a typed parameter",
        ),
        pytest.param(
            FLASK + "@app.route('/p', methods=['POST'])\ndef p():\n    a = float(request.form['a'])\n"
            "    return jsonify(y=model.predict([[a]])[0])\n",
            id="converted",
        ),
        pytest.param(STREAMLIT + "a = st.number_input('a')\nst.write(model.predict([[a]])[0])\n", id="a number"),
    ],
)
def test_typed(app: str) -> None:
    assert level({"app.py": app}) == 1


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(
            FASTAPI + "@app.post('/p')\ndef p(row: dict):\n    return {'y': model.predict([[row['a']]])[0]}\n",
            id="any mapping",
        ),
        pytest.param(
            FLASK + "@app.route('/p', methods=['POST'])\ndef p():\n    row = request.get_json()\n"
            "    return jsonify(y=model.predict([[row['a']]])[0])\n",
            id="what comes",
        ),
        pytest.param(STREAMLIT + "a = st.text_input('a')\nst.write(model.predict([[a]])[0])\n", id="free text"),
        pytest.param(
            FASTAPI + "class Row(BaseModel):\n    a: float = Field(..., ge=0)\n"
            "@app.post('/p')\ndef p(row: dict):\n    return {'y': model.predict([[row['a']]])[0]}\n",
            id="a schema that nothing uses",
        ),
    ],
)
def test_not_checked(app: str) -> None:
    assert level({"app.py": app}) == 0


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing served"),
        pytest.param(
            {"app.py": FASTAPI + "@app.get('/p')\ndef p():\n    return {'y': model.predict([[1]])[0]}\n"},
            id="takes no input",
        ),
    ],
)
def test_not_asked(files: dict[str, str]) -> None:
    assert isinstance(input_validated(service({**TRAINED, **files}).serving), NotApplicable)
