"""What is followed from a model to an answer, and by which names things are told apart."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.delivering.deploying import deploys
from evaluator.facts.services.flow import Flow
from evaluator.facts.services.makers import Makers
from tests.facts.programs import program
from tests.facts.services import service


def made(files: dict[str, str], name: str = "thing") -> list[str]:
    """Return what made the first argument of the call of ``name`` in ``a.py``, as source."""
    names = program(files).modules.names
    walked = names.modules.sources["a.py"].walked
    site = next(s for s in walked.sites if isinstance(s.node.func, ast.Name) and s.node.func.id == name)
    return [ast.unparse(m.expr) for m in Makers(names).of(site.node.args[0], site.point)]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": "m = load()\nthing(m)\n"}, ["load()"], id="a name"),
        pytest.param({"a.py": "m = load(1)\nm = load(2)\nthing(m)\n"}, ["load(2)"], id="the last one"),
        pytest.param({"a.py": "a, b = load(1), load(2)\nthing(b)\n"}, ["load(2)"], id="unpacked"),
        pytest.param({"a.py": "def f():\n    return load()\nthing(f())\n"}, ["load()"], id="a function's result"),
        pytest.param(
            {"a.py": "def f():\n    return load(1), load(2)\nx, y = f()\nthing(y)\n"}, ["load(2)"], id="a part of it"
        ),
        pytest.param({"a.py": "def f(m):\n    thing(m)\nf(load())\n"}, ["load()"], id="a parameter"),
        pytest.param({"a.py": "d = {'m': load(1), 's': load(2)}\nthing(d['m'])\n"}, ["load(1)"], id="a key"),
        pytest.param({"a.py": "d = {'m': load(1)}\nthing(d.get('m'))\n"}, ["load(1)"], id="a key that may lack"),
        pytest.param(
            {"a.py": "for n, m in [('a', load(1)), ('b', load(2))]:\n    thing(m)\n"},
            ["load(1)", "load(2)"],
            id="a loop",
        ),
        pytest.param(
            {
                "a.py": "class S:\n    def __init__(self):\n        self.m = load()\n    def f(self):\n        thing(self.m)\n"
            },
            ["load()"],
            id="an attribute",
        ),
        pytest.param(
            {"a.py": "app = make()\napp.state.m = load()\ndef f(request):\n    thing(request.app.state.m)\n"},
            ["load()"],
            id="state",
        ),
        pytest.param({"b.py": "m = load()\n", "a.py": "from b import m\nthing(m)\n"}, ["load()"], id="an import"),
        pytest.param(
            {
                "a.py": "from fastapi import Depends\ndef get():\n    return load()\ndef f(m=Depends(get)):\n    thing(m)\n"
            },
            ["load()"],
            id="injected",
        ),
        pytest.param({"a.py": "m = load() if flag else other()\nthing(m)\n"}, ["load()", "other()"], id="either"),
        pytest.param({"a.py": "def f():\n    return f()\nthing(f())\n"}, ["f()"], id="a circle ends"),
    ],
)
def test_makers(files: dict[str, str], expected: list[str]) -> None:
    assert sorted(made(files)) == sorted(expected)


def outcome(source: str) -> tuple[bool, bool]:
    """Return what ``f`` does with the result of ``ask()``: whether it is returned, and whether it is shown."""
    names = program({"a.py": source}).modules.names
    walked = names.modules.sources["a.py"].walked
    asked = [
        (s.point.scope, s.node) for s in walked.sites if isinstance(s.node.func, ast.Name) and s.node.func.id == "ask"
    ]
    scope = next(s for s in walked.definitions() if s.label == "f")
    found = Flow(names).outcomes(asked).get(scope)
    return (found.returned, found.shown) if found is not None else (False, False)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("return ask()", (True, False), id="returned"),
        pytest.param("y = ask()\n    return {'y': y}", (True, False), id="in a container"),
        pytest.param(
            "y = ask()\n    label = 'a' if y > 0 else 'b'\n    return label", (True, False), id="decides a value"
        ),
        pytest.param("if ask():\n        return 'a'\n    return 'b'", (True, False), id="decides what is returned"),
        pytest.param(
            "rows = []\n    for y in ask():\n        rows.append(y)\n    return rows", (True, False), id="collected"
        ),
        pytest.param("def g():\n        return ask()\n    return g()", (True, False), id="through an inner function"),
        pytest.param("show(ask())", (False, True), id="given to a call"),
        pytest.param("if ask() > 1:\n        show('high')", (False, True), id="decides what is shown"),
        pytest.param("ask()\n    return 1", (False, False), id="thrown away"),
        pytest.param("y = ask()\n    return 1", (False, False), id="never read"),
        pytest.param("y = ask()\n    y = 2\n    return y", (False, False), id="overwritten"),
        pytest.param("print(ask())\n    return 1", (False, False), id="printed"),
        pytest.param(
            "y = ask()\n    if y is None:\n        return 0\n    return 1", (False, False), id="only there or not"
        ),
        pytest.param(
            "def g():\n        return ask()\n    return 1", (False, False), id="in a function that is not called"
        ),
    ],
)
def test_flow(body: str, expected: tuple[bool, bool]) -> None:
    assert outcome(f"def f():\n    {body}\n\nf()\n") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("docker push me/api", "docker push", id="image"),
        pytest.param("kubectl -n web apply -f k8s", "kubectl apply", id="options first"),
        pytest.param("gcloud beta run deploy api", "gcloud run deploy", id="another track"),
        pytest.param("python3 -m twine upload dist/*", "twine upload", id="a module"),
        pytest.param("git push heroku main", "git push heroku", id="a host's remote"),
        pytest.param("git push origin main", "", id="another remote"),
        pytest.param("docker build -t api .", "", id="only built"),
        pytest.param("echo docker push me/api", "", id="echoed"),
        pytest.param("kubectl get pods", "", id="another command"),
        pytest.param("kubectl apply --dry-run=client -f k8s", "", id="only tried"),
        pytest.param("helm lint chart", "", id="checked"),
    ],
)
def test_deploys(words: str, expected: str) -> None:
    assert deploys(tuple(words.split())) == expected


@pytest.mark.parametrize(
    ("files", "what"),
    [
        pytest.param(
            {"a.py": "import joblib\nfrom sklearn.svm import SVC\njoblib.dump(SVC(), 'x')\n"}, "model", id="a model"
        ),
        pytest.param(
            {
                "a.py": "import joblib\nfrom sklearn.preprocessing import StandardScaler\njoblib.dump(StandardScaler(), 'x')\n"
            },
            "other",
            id="a transformer",
        ),
        pytest.param({"a.py": "import pickle\npickle.dump([1, 2], open('model.pkl', 'wb'))\n"}, "other", id="numbers"),
        pytest.param({"a.py": "import pickle\npickle.dump(best_model, open('x', 'wb'))\n"}, "model", id="by its name"),
        pytest.param(
            {"a.py": "import pickle\npickle.dump(scaler, open('x', 'wb'))\n"}, "other", id="a scaler by its name"
        ),
        pytest.param(
            {"a.py": "import pickle\npickle.dump(thing, open('model.pkl', 'wb'))\n"}, "model", id="by its file"
        ),
        pytest.param({"a.py": "import pickle\npickle.dump(thing, open('x', 'wb'))\n"}, "unknown", id="nothing tells"),
    ],
)
def test_what_is_saved(files: dict[str, str], what: str) -> None:
    (kept,) = service(files).serving.saves

    assert kept.what == what


_NAMES = st.sampled_from(
    [
        "Procfile",
        "app.yaml",
        "render.yaml",
        "vercel.json",
        "fly.toml",
        "main.tf",
        "k8s/a.yaml",
        "Chart.yaml",
        "README.md",
        "app.json",
    ]
)
_PIECES = st.sampled_from(
    [
        "apiVersion: v1\n",
        "kind: Deployment\n",
        "spec: {a: [",
        "---\n",
        "{",
        "}",
        "[",
        "services:\n",
        "  - env: docker\n",
        "x=1\n",
        '"a"',
        "\x00",
        "&a *a",
    ]
)


@settings(max_examples=60, deadline=None)
@given(name=_NAMES, pieces=st.lists(_PIECES, max_size=12))
def test_reading_manifests_never_raises(name: str, pieces: list[str]) -> None:
    service({name: "".join(pieces)})


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.sampled_from(
            [
                "import joblib, streamlit as st, fastapi\n", "app = fastapi.FastAPI()\n", "m = joblib.load(m)\n", "m = m\n",
                "@app.get(m)\ndef f(m=f):\n    return m(m).predict(f)\n", "st.write(m.predict(*m, **m))\n", "m.m = m['m'] = m\n",
                "for m in m: m += m\n", "joblib.dump(m)\n", "class A(A):\n    def predict(self): return self.predict()\n",
                "m = lambda m: m(m)\n", "m = {'a': m, **m}\n", "with m as m, m: pass\n", "m = [m for m in m]\n", "del m\n",
            ]
        ),
        max_size=10,
    )
)  # fmt: skip
def test_following_never_raises(lines: list[str]) -> None:
    service({"a.py": "".join(lines)})
