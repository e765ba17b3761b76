"""Which texts are put together from what is written out?"""

from __future__ import annotations

import base64

import pytest

from evaluator.facts.python.literals import LENGTH, Literals
from evaluator.facts.python.modules import Modules
from evaluator.source.snapshot import Snapshot

HEAD = "import base64, os\nfrom pathlib import Path\nimport settings\nfrom settings import PLACE\nNAME = 'x.csv'\n"
WORD = base64.b64encode(b"hello").decode()


def text_of(expression: str, more: str = "") -> str | None:
    """Return the text that ``T = expression`` makes."""
    files = {
        "a.py": f"{HEAD}{more}T = {expression}\n",
        "settings.py": "PLACE = 'home'\n\n\nclass Paths:\n    RAW = 'raw'\n",
    }
    modules = Modules(Snapshot.of(files))
    bound = modules.sources["a.py"].walked.module.bindings["T"][-1]
    assert bound.expr is not None
    return Literals(modules.names).text(bound.expr, bound.point)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("'/a/b'", "/a/b", id="a constant"),
        pytest.param("b'/a/b'", "/a/b", id="bytes"),
        pytest.param("('/a' '/b')", "/a/b", id="one literal beside another"),
        pytest.param("'/a' + '/b' + '/' + NAME", "/a/b/x.csv", id="plus"),
        pytest.param("Path('/') / 'home' / NAME", "/home/x.csv", id="a slash between paths"),
        pytest.param("Path('/a', 'b', NAME)", "/a/b/x.csv", id="parts of a path"),
        pytest.param("Path('/a').joinpath('b', 'c')", "/a/b/c", id="joinpath"),
        pytest.param("os.path.join('/a', 'b')", "/a/b", id="os.path.join"),
        pytest.param("'/'.join(['', 'home', PLACE])", "/home/home", id="join"),
        pytest.param("f'/{PLACE}/{NAME}'", "/home/x.csv", id="an f-string"),
        pytest.param("'/%s/%s' % (PLACE, NAME)", "/home/x.csv", id="per cent"),
        pytest.param("'/{}/{}'.format(settings.PLACE, NAME)", "/home/x.csv", id="format, and a module's constant"),
        pytest.param("settings.Paths.RAW", None, id="two steps away are not followed"),
        pytest.param(f"base64.b64decode('{WORD}').decode()", "hello", id="Base64"),
        pytest.param("bytes.fromhex('68656c6c6f').decode()", "hello", id="hexadecimals"),
        pytest.param("'olleh'[::-1]", "hello", id="backwards"),
        pytest.param("'/a/' + input()", "/a/{}", id="a part that only a run knows"),
        pytest.param("input() + input()", None, id="nothing is known"),
        pytest.param("base64.b64decode('a').decode()", None, id="no Base64"),
        pytest.param("'a' + 1 + 2", "a12", id="what fails when it runs"),
        pytest.param(f"'{'a' * LENGTH}' + 'b'", None, id="too long"),
    ],
)
def test_texts(expression: str, expected: str | None) -> None:
    assert text_of(expression) == expected


@pytest.mark.parametrize(
    ("more", "expression", "expected"),
    [
        pytest.param("U = 'a'\nU = 'b'\n", "U", "b", id="the last of two"),
        pytest.param("if NAME:\n    U = 'a'\nelse:\n    U = 'b'\n", "U", None, id="one of two"),
        pytest.param("U, V = 'a', 'b'\n", "U", None, id="unpacked"),
    ],
)
def test_names(more: str, expression: str, expected: str | None) -> None:
    assert text_of(expression, more) == expected


def test_what_is_made_of_itself_ends() -> None:
    assert (text_of("U", "U = U + 'a'\n") or "").endswith("a")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("def f(u='a'):\n    t = u\n", "a", id="a default"),
        pytest.param("def f(u):\n    t = u\n\n\nf('b')\n", "b", id="what a caller passes"),
        pytest.param("def f(u):\n    t = u\n", None, id="nobody passes anything"),
    ],
)
def test_parameters(source: str, expected: str | None) -> None:
    modules = Modules(Snapshot.of({"a.py": source}))
    scope = next(s for s in modules.sources["a.py"].walked.scopes if s.label == "f")
    assert modules.names.callers is not None
    for site in modules.sources["a.py"].walked.sites:
        modules.names.called(site.node)
    bound = scope.bindings["t"][0]
    assert bound.expr is not None

    assert Literals(modules.names).text(bound.expr, bound.point) == expected


def test_a_long_chain_is_read_in_time() -> None:
    assert (text_of(" + ".join(["'a'"] * 200)) or "").startswith("a" * 40)
