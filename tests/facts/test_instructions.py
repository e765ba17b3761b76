"""The commands of a document, as a reader would type them."""

from __future__ import annotations

import pytest

from evaluator.facts.documents.instructions import instructions, split
from tests.documents import readme


def given(text: str) -> list[tuple[str, ...]]:
    return [i.argv for i in instructions(readme(text))]


@pytest.mark.parametrize(
    ("line", "argv"),
    [
        pytest.param("$ pip install x", ("pip", "install", "x"), id="prompt"),
        pytest.param("(venv) user@host:~/x$ python a.py", ("python", "a.py"), id="long prompt"),
        pytest.param("PS C:\\x> python a.py", ("python", "a.py"), id="powershell"),
        pytest.param("C:\\Users\\me> python a.py", ("python", "a.py"), id="cmd"),
        pytest.param("!pip install x", ("pip", "install", "x"), id="notebook"),
        pytest.param("1. pip install x", ("pip", "install", "x"), id="numbered"),
        pytest.param("uv run --extra ml python a.py", ("python", "a.py"), id="uv run"),
        pytest.param("poetry run python a.py", ("python", "a.py"), id="poetry run"),
        pytest.param("sudo PYTHONPATH=. python a.py", ("python", "a.py"), id="assignment"),
        pytest.param("python .\\src\\a.py", ("python", "./src/a.py"), id="backslashes"),
        pytest.param("# a comment", (), id="comment"),
        pytest.param("", (), id="blank"),
        pytest.param('python a.py --name "two words"', ("python", "a.py", "--name", "two words"), id="quotes"),
        pytest.param("python a.py 'never closed", ("python", "a.py", "'never", "closed"), id="open quote"),
    ],
)
def test_one_line(line: str, argv: tuple[str, ...]) -> None:
    assert argv == split(line)[0]


def test_a_wrapper_that_sees_to_the_environment_is_kept() -> None:
    assert split("uv run python a.py")[1] == "uv run"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("```bash\ncd x && pip install y\npython a.py \\\n  --flag\n```", [("cd", "x"), ("pip", "install", "y"), ("python", "a.py", "--flag")], id="block"),
        pytest.param("Run `streamlit run app.py` now.", [("streamlit", "run", "app.py")], id="inline code"),
        pytest.param("- pip install x\n", [("pip", "install", "x")], id="bare item"),
        pytest.param("Train: python -m pkg.train\n", [("python", "-m", "pkg.train")], id="after a colon"),
        pytest.param("```python\n!pip install x\nimport os\n```", [("pip", "install", "x")], id="shell lines of a cell"),
        pytest.param("```python\nimport os\nos.listdir()\n```", [], id="python"),
        pytest.param("Python is a language. Make sure to run it.", [], id="prose"),
        pytest.param("<!-- `pip install x` -->", [], id="hidden"),
        pytest.param("The `model` uses `fit`.", [], id="names"),
    ],
)  # fmt: skip
def test_documents(text: str, expected: list[tuple[str, ...]]) -> None:
    assert expected == given(text)


def test_a_command_is_cited_by_its_own_line() -> None:
    found = instructions(readme("# A\n\n```bash\n# first\n\npip install x\npython a.py\n```\n"))

    assert [(i.at.start, i.raw) for i in found] == [(6, "pip install x"), (7, "python a.py")]
