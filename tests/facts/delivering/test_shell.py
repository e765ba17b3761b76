"""Which commands does a script give, where do they run, and can their failure matter?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.delivering.shell import PIECES, moved, pieces


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        pytest.param("pytest -q", [["pytest", "-q"]], id="one"),
        pytest.param("", [], id="nothing"),
        pytest.param("# pytest\n  # more", [], id="comments"),
        pytest.param("pytest # all", [["pytest"]], id="comment behind"),
        pytest.param(
            "pip install git+https://example.org/x#egg=y",
            [["pip", "install", "git+https://example.org/x#egg=y"]],
            id="#",
        ),
        pytest.param("a && b; c || d | e", [["a"], ["b"], ["c"], ["d"], ["e"]], id="operators"),
        pytest.param("a&&b;c", [["a"], ["b"], ["c"]], id="without blanks"),
        pytest.param("pytest \\\n  -q \\\n  tests", [["pytest", "-q", "tests"]], id="continued"),
        pytest.param(
            "python -c \"\nimport x\nprint('a;b')\n\"\npytest",
            [["python", "-c", "\nimport x\nprint('a;b')\n"], ["pytest"]],
            id="open quote",
        ),
        pytest.param("cat <<EOF > x\npytest\nEOF\nmake", [["cat"], ["make"]], id="here-document"),
        pytest.param("python x.py > out.txt 2>&1 < in.txt", [["python", "x.py"]], id="redirections"),
        pytest.param("A=1 B=2 python x.py", [["python", "x.py"]], id="assignments"),
        pytest.param("A=1\nexport B=2\nmake", [["make"]], id="assignments alone"),
        pytest.param("sudo -E time make", [["make"]], id="wrappers"),
        pytest.param("uv run --extra dev --with x pytest -q", [["pytest", "-q"]], id="uv run with options"),
        pytest.param("uv run -m pytest", [["python", "-m", "pytest"]], id="uv run a module"),
        pytest.param(
            "poetry run python x.py && pipenv run pytest && pdm run a && hatch run b",
            [["python", "x.py"], ["pytest"], ["a"], ["b"]],
            id="runners",
        ),
        pytest.param("conda run -n env --no-capture-output python x.py", [["python", "x.py"]], id="conda run"),
        pytest.param("uvx pytest && pipx run ruff", [["pytest"], ["ruff"]], id="one-off tools"),
        pytest.param(
            "timeout 60 python x.py && env A=1 python y.py",
            [["python", "x.py"], ["python", "y.py"]],
            id="timeout and env",
        ),
        pytest.param("bash -c 'cd a && pytest' ; sh -lc \"make\"", [["pytest"], ["make"]], id="nested shells"),
        pytest.param("if [ -f x ]; then\n  pytest\nelse\n  make\nfi", [["pytest"], ["make"]], id="if"),
        pytest.param("for f in *.py; do python $f; done", [["python", "$f"]], id="for"),
        pytest.param("command -v uv && uv sync", [["command", "-v", "uv"], ["uv", "sync"]], id="a check for a command"),
        pytest.param(
            "$ pip install x\nCollecting x\n(venv) user@host:~/x$ python y.py\nDone",
            [["pip", "install", "x"], ["python", "y.py"]],
            id="prompts: the rest is output",
        ),
        pytest.param("mlflow server\n  --host 0.0.0.0", [["mlflow", "server"]], id="arguments on a line of their own"),
        pytest.param("echo 'open", [["echo", "'open"]], id="never closed"),
    ],
)
def test_pieces(script: str, commands: list[list[str]]) -> None:
    assert commands == [list(p.argv) for p in pieces(script)]


@pytest.mark.parametrize(
    ("script", "disarmed"),
    [
        pytest.param("pytest", [""], id="armed"),
        pytest.param("pytest || true", ["its failure is ignored", ""], id="or true"),
        pytest.param(
            "cd x && pip install y && pytest || echo failed", ["its failure is ignored"] * 2 + [""], id="a chain"
        ),
        pytest.param("pytest || exit 1", ["", ""], id="or exit 1"),
        pytest.param("pytest || make clean", ["", ""], id="or something else"),
        pytest.param("set +e\npytest\nset -e\nmake", ["after `set +e`", ""], id="set +e"),
        pytest.param("exit 0\npytest", ["", "after `exit`"], id="exit before"),
        pytest.param("if false; then\npytest\nfi\nmake", ["in `if false`", ""], id="if false"),
        pytest.param("if [ 1 = 0 ]; then pytest; else make; fi", ["in `if [ 1`", ""], id="never equal"),
        pytest.param("bash -c 'pytest' || true", ["its failure is ignored", ""], id="nested"),
    ],
)
def test_disarmed(script: str, disarmed: list[str]) -> None:
    assert disarmed == [p.disarmed for p in pieces(script)]


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        pytest.param("a\ncd x\nb\ncd y/../z\nc\ncd ..\nd", ["", "x", "x/z", "x"], id="followed"),
        pytest.param("cd $HOME\na\ncd x\nb", [None, None], id="a variable: unknown from there"),
        pytest.param("cd /srv && a", [None], id="absolute"),
        pytest.param("cd ../.. && a", [None], id="above the top"),
        pytest.param("cd x && a; cd && b", ["x", ""], id="home is the start"),
    ],
)
def test_folders(script: str, folders: list[str | None]) -> None:
    assert folders == [p.cwd for p in pieces(script)]


def test_lines_and_application() -> None:
    found = pieces("\n\nexport FLASK_APP=web.py\nflask run\n\nFLASK_APP=x flask run")

    assert [(p.line, p.app) for p in found] == [(3, "web.py"), (5, "x")]


@pytest.mark.parametrize(
    ("cwd", "target", "expected"),
    [("", ".", ""), ("a", "..", ""), ("a", "b\\c", "a/b/c"), ("a", "<name>", None), (None, "x", None), ("", "-", None)],
)
def test_moved(cwd: str | None, target: str, expected: str | None) -> None:
    assert expected == moved(cwd, target)


@given(st.text(alphabet=st.sampled_from("ab$#;&|()<>'\"\\\n -{}=/`!if then EOF<<"), max_size=200))
def test_never_raises(script: str) -> None:
    found = pieces(script)

    assert all(p.argv for p in found)


def test_bounded() -> None:
    """Scripts made to cost time: many lines, one endless line, quotes and here-documents that never close."""
    assert len(pieces("a\n" * 100_000)) == PIECES
    assert len(pieces("a;" * 100_000)) == PIECES or pieces("a;" * 100_000)
    assert isinstance(pieces("'" + "x\n" * 50_000), tuple)
    assert isinstance(pieces("cat <<A <<B\n" * 20_000), tuple)
    assert isinstance(pieces("bash -c " * 10_000), tuple)
