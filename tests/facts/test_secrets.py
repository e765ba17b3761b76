"""Are credentials found where they are used, told from examples, and never kept?"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator import codec
from evaluator.facts import secrets as subject
from evaluator.facts.notebooks import Cell, Notebook, Notebooks
from evaluator.facts.python.modules import Modules
from evaluator.facts.secrets import Secrets, secrets
from evaluator.facts.tree import tree
from evaluator.model import Missing
from evaluator.source.snapshot import Snapshot
from tests.facts.test_credentials import FORMS, MATERIAL, PEM
from tests.facts.test_history import bare
from tests.repositories import repository

TOKEN = FORMS["GitHub Token"]
NO_NOTEBOOKS = Notebooks(items=())


def look(
    files: Mapping[str, bytes | str], notebooks: Notebooks | Missing = NO_NOTEBOOKS, git_dir: Path | None = None
) -> Secrets:
    snapshot = dataclasses.replace(Snapshot.of(files), git_dir=git_dir)
    return secrets(snapshot, tree(snapshot), notebooks, Modules(snapshot))


@pytest.mark.parametrize(
    ("path", "line", "certain"),
    [
        pytest.param("src/client.py", f'token = "{TOKEN}"', True, id="in code"),
        pytest.param("src/client.py", f"# token: {TOKEN}", True, id="in a comment of the code"),
        pytest.param(".env", f"GITHUB_TOKEN={TOKEN}", True, id="in .env"),
        pytest.param(".env", "DB_PASSWORD=Str0ng!Pass99", True, id="a password without quotes in .env"),
        pytest.param("config.yml", "password: Str0ng!Pass99", True, id="a password in settings"),
        pytest.param("Dockerfile", f"ENV TOKEN={TOKEN}", True, id="in a Dockerfile"),
        pytest.param("deploy.sh", f"export TOKEN={TOKEN}", True, id="in a script"),
        pytest.param("notes.txt", TOKEN, True, id="in a text file"),
        pytest.param(
            "kaggle.json", '{"username":"ada","key":"83fa0c4d2b7e9165' + 'ac0d43f1b2e87d55"}', True, id="kaggle"
        ),
        pytest.param("docker-compose.yml", "  POSTGRES_PASSWORD: postgres", False, id="a stock password in compose"),
        pytest.param("README.md", f"export TOKEN={TOKEN}", False, id="looks real in the README"),
        pytest.param(".env.example", f"GITHUB_TOKEN={TOKEN}", False, id="looks real in an example"),
        pytest.param("tests/test_client.py", f'token = "{TOKEN}"', False, id="looks real in a test"),
        pytest.param("src/db.py", 'DB = "mysql://ada:Tr0ub4dor3x@db.houses.io/x"', True, id="an address in code"),
        pytest.param(
            "tests/test_db.py", 'DB = "mysql://ada:Tr0ub4dor3x@db.houses.io/x"', None, id="an address in a test"
        ),
        pytest.param("README.md", "export TOKEN=ghp_" + "x" * 36, None, id="a stand-in in the README"),
        pytest.param(".env.example", "DB_PASSWORD=Str0ng!Pass99", None, id="an example's password"),
        pytest.param(".env.example", "DB_PASSWORD=changeme", None, id="an example's stand-in"),
        pytest.param("tests/test_login.py", 'password = "hunter2x9Q"', None, id="a test's password"),
        pytest.param(".github/workflows/ci.yml", "  POSTGRES_PASSWORD: postgres", None, id="a service of the CI"),
        pytest.param("src/client.py", 'token = os.environ["GITHUB_TOKEN"]', None, id="from the environment"),
        pytest.param("data/tokens.csv", f"1,{TOKEN}", None, id="data is not read"),
        pytest.param("vendor/lib/client.py", f'token = "{TOKEN}"', None, id="other people's code"),
        pytest.param("venv/lib/python3.11/site-packages/x.py", f'token = "{TOKEN}"', None, id="an environment"),
        pytest.param("poetry.lock", f"hash = {TOKEN}", None, id="a lock file"),
    ],
)
def test_places(path: str, line: str, certain: bool | None) -> None:
    found = look({path: f"first\n{line}\nlast\n"})

    assert [s.certain for s in found.items] == ([] if certain is None else [certain])
    assert [(s.at.path, s.at.start) for s in found.items] == ([] if certain is None else [(path, 2)])


def test_what_is_found_is_nowhere_kept() -> None:
    """Neither in the fact nor in its bytes, also where one line holds two."""
    other = FORMS["AWS Access Key"]
    found = look({"a.py": f'keys = ["{TOKEN}", "{other}", "{TOKEN}"]\n{PEM}\n{MATERIAL}\n'})

    kept = codec.encode(found)

    assert found.total == 4
    assert all(part not in kept for part in (TOKEN[6:].encode(), other[6:].encode(), MATERIAL[:20].encode()))
    assert {s.shown for s in found.items} == {"ghp_…", "AKIA…", "-----BEGIN … PRIVATE KEY-----"}


def test_a_comment_cannot_silence_it() -> None:
    """detect-secrets' own pragma is the candidate's word."""
    assert look({"a.py": f'token = "{TOKEN}"  # pragma: allowlist secret\n'}).total == 1


def test_cells_are_read_as_they_are_and_pictures_are_not() -> None:
    notebook = Notebook(
        path="n.ipynb",
        kernel="python",
        cells=(
            Cell(index=0, kind="markdown", source=f"Use `{TOKEN}` here"),
            Cell(index=1, kind="code", source=f'import os\nos.environ["TOKEN"] = "{TOKEN}"'),
            Cell(index=2, kind="code", source="print(token)", printed=TOKEN),
            Cell(index=3, kind="code", source="password = input()", printed="password: hunter2x9Q"),
        ),
    )

    found = look({"n.ipynb": "{}" + TOKEN}, Notebooks(items=(notebook,)))

    assert [(s.at.cell, s.at.start, s.certain) for s in found.items] == [(0, 1, False), (1, 2, True), (2, 1, True)]
    assert found.files == 1


def test_a_notebook_that_cannot_be_parsed_is_read_as_text() -> None:
    broken = Notebooks(items=(), unreadable=(("n.ipynb", "not JSON"),))

    assert look({"n.ipynb": f'{{"source": ["t = \\"{TOKEN}\\""]'}, broken).total == 1
    assert look({"n.ipynb": TOKEN}, Missing(fact="Notebooks", cause="failed")).total == 1


def test_a_key_that_was_taken_out_is_still_in_the_history(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("Start", {"a.py": f'token = "{TOKEN}"\n', "tests/test_a.py": "pass\n"}),
        ("Take the token out", {"a.py": "import os\n"}),
        ("Log in", {"b.py": 'password = "hunter2x9Q"\n'}),
        ("No longer", {"b.py": "import os\n"}),
    )

    found = look({"a.py": "import os\n", "b.py": "import os\n"}, git_dir=bare(folder))

    assert found.history
    assert [(s.kind, s.at.path, s.at.start, s.certain) for s in found.items] == [("GitHub Token", "a.py", 1, True)]
    assert len(found.items[0].commit or "") == 40


def test_a_key_that_is_still_there_is_told_once(tmp_path: Path) -> None:
    files = {"a.py": f'token = "{TOKEN}"\n', "k.pem": f"{PEM}\n{MATERIAL}\n"}
    folder = repository(tmp_path / "r", ("Start", files))

    found = look(files, git_dir=bare(folder))

    assert [(s.at.path, s.commit) for s in found.items] == [("a.py", None), ("k.pem", None)]


def test_examples_and_tests_of_the_past_do_not_count(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r",
        ("Start", {".env.example": f"TOKEN={TOKEN}\n", "tests/test_a.py": f'"{TOKEN}"\n', "README.md": TOKEN}),
        ("Mend", {".env.example": "TOKEN=\n", "tests/test_a.py": "pass\n", "README.md": "x"}),
    )

    assert look({"tests/test_a.py": "pass\n"}, git_dir=bare(folder)).total == 0


def test_a_test_that_is_gone_was_a_test(tmp_path: Path) -> None:
    once = {"tests/test_a.py": f'"{TOKEN}"\n', "venv/lib/site-packages/x.py": f'"{TOKEN}"\n', "examples/a.py": TOKEN}
    folder = repository(tmp_path / "r", ("Start", once))

    assert look({"b.py": "pass\n"}, git_dir=bare(folder)).total == 0


def test_binary_and_odd_files_are_passed_over() -> None:
    files = {
        "a.bin": b"\0\1" + TOKEN.encode(),
        "b.txt": b"\0" * 10 + TOKEN.encode(),
        "c.txt": b"\xff\xfe" + f"token = '{TOKEN}'".encode("utf-16-le"),
        "d.txt": b"\xe9\n" + TOKEN.encode(),
    }

    assert [s.at.path for s in look(files).items] == ["c.txt", "d.txt"]


def test_limits_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_FILES", 2)
    monkeypatch.setattr(subject, "_SUSPECTS", 1)

    found = look({f"{n}.py": f'token = "{TOKEN}"\n' for n in "abc"})

    assert (found.files, found.left_out, found.total, found.unread) == (2, 1, 1, 1)


def test_many_are_counted_and_some_are_kept() -> None:
    found = look({"a.py": f'token = "{TOKEN}"\n' * 150})

    assert (len(found.items), found.total) == (100, 150)


@given(st.dictionaries(st.sampled_from(["a.py", ".env", "b.json", "README.md", "t.txt"]), st.binary(max_size=200)))
def test_looking_never_raises(files: dict[str, bytes]) -> None:
    assert look(files).files <= len(files)


HALF = len(TOKEN) // 2
ONE, TWO = TOKEN[:HALF], TOKEN[HALF:]
CODED = base64.b64encode(TOKEN.encode()).decode()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f'T = "{ONE}" + "{TWO}"\n', id="two halves"),
        pytest.param(f'T = ("{ONE}"\n     "{TWO}")\n', id="two lines"),
        pytest.param(f'A = "{ONE}"\nB = "{TWO}"\nT = A + B\nU = A + "{TWO}"\n', id="two names"),
        pytest.param(f'A = "{ONE}"\nT = f"{{A}}{TWO}"\n', id="an f-string"),
        pytest.param(f'T = "".join(["{ONE}", "{TWO}"])\n', id="joined"),
        pytest.param(f'T = "{TOKEN[::-1]}"[::-1]\n', id="backwards"),
        pytest.param(f'import base64\nT = base64.b64decode("{CODED}").decode()\n', id="in Base64"),
        pytest.param(f'T = bytes.fromhex("{TOKEN.encode().hex()}").decode()\n', id="in hexadecimals"),
    ],
)
def test_what_code_puts_together(source: str) -> None:
    found = look({"src/client.py": source})

    assert [s.kind for s in found.items] == ["GitHub Token"]
    assert all(s.certain and TOKEN[5:] not in s.excerpt and TOKEN[5:] not in s.shown for s in found.items)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('T = "ghp_" + read()\n', id="a part that only a run knows"),
        pytest.param('P = "data/" + "raw/" + "calls-of-the-year-2020.csv"\n', id="a path"),
        pytest.param('T = "".join(["a" * 3, "b" * 40])\n', id="letters"),
    ],
)
def test_other_strings_that_code_puts_together(source: str) -> None:
    assert look({"src/client.py": source}).items == ()


def test_a_secret_of_a_cluster_is_read_through_its_coding() -> None:
    text = f"apiVersion: v1\nkind: Secret\ndata:\n  hub: {CODED}\n  padded: {base64.b64encode(MATERIAL[:31].encode()).decode()}\n"

    assert [(s.kind, s.certain) for s in look({"deploy/secret.yaml": text}).items] == [("GitHub Token", True)]


def test_a_password_that_ends_in_an_equals_sign() -> None:
    value = base64.b64encode(MATERIAL[:32].encode()).decode()

    assert value.endswith("=")
    assert [s.by_form for s in look({"deploy/secret.yaml": f"data:\n  password: {value}\n"}).items] == [False]
