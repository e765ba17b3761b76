"""Broken, absurd and hostile targets: a report or one clear line, never a traceback, never their code."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.program import evaluate, report
from tests.repositories import git, repository, write

CASES: dict[str, Mapping[str, str | bytes]] = {
    "no readme": {"train.py": "print('hello')\n"},
    "no python": {"main.go": "package main\n", "README.md": "# Go\n"},
    "python 2": {"old.py": "print 'hello'\nexec 'x'\n"},
    "syntax errors": {"a.py": "def f(:\n", "b.py": "x = \x00\n", "c.py": "(" * 5000},
    "nesting": {"deep.py": "-" * 100_000 + "1\n", "sum.py": "+".join(["1"] * 50_000), "deep.json": "[" * 100_000},
    "not notebooks": {"a.ipynb": "not json", "b.ipynb": "[]", "c.ipynb": '{"cells": 3}', "d.ipynb": "{" * 9000},
    "utf-16 manifests": {
        "requirements.txt": "pandas==2.2.0\n".encode("utf-16"),
        "pyproject.toml": "[project]\nname='x'\n".encode("utf-16"),
    },
    "broken manifests": {
        "pyproject.toml": "[[[",
        "setup.py": "import os; os.system('touch /tmp/evaluator-canary')",
        "environment.yml": "a: [",
        "Pipfile": "\x00",
        "uv.lock": "x",
        "poetry.lock": "]",
        "setup.cfg": "no section\n",
    },
    "yaml bombs": {
        ".github/workflows/a.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)),
        "docker-compose.yml": "- - - {",
    },
    "markdown mountain": {"README.md": "[" * 20_000 + "\n" + "> " * 5000 + "x\n" + "*a " * 20_000},
    "odd ignore rules": {".gitignore": "[z-a]\n\\\n!\n[[:foo:]]\n[\n", "a.py": "x = 1\n"},
    "binary everywhere": {"README.md": bytes(range(256)) * 40, "a.py": bytes(range(256)), "LICENSE": b"\xff\xfe\x00"},
    "only a licence": {"LICENSE": "MIT License\n"},
    "their settings": {
        "pylintrc": "[MAIN]\ninit-hook=open('/tmp/evaluator-canary', 'w')\n",
        ".pylintrc": "[MAIN]\ninit-hook=open('/tmp/evaluator-canary', 'w')\n",
        ".coveragerc": "[run]\nplugins = canary\n",
        "pytest.ini": "[pytest]\naddopts = -p canary\n",
        "uv.toml": "[[index]]\nurl = 'http://127.0.0.1:9/'\n",
        "canary.py": "open('/tmp/evaluator-canary', 'w')\n",
        "pylint.py": "open('/tmp/evaluator-canary', 'w')\n",
        "tokenize.py": "open('/tmp/evaluator-canary', 'w')\n",
        "astroid/__init__.py": "open('/tmp/evaluator-canary', 'w')\n",
        "conftest.py": "open('/tmp/evaluator-canary', 'w')\n",
        "test_a.py": "import canary\n",
        ".gitattributes": "* filter=canary diff=canary\n",
        ".python-version": "9.9.9\n",
    },
}


@pytest.mark.parametrize("name", CASES, ids=str)
def test_a_report_all_the_same(name: str, tmp_path: Path) -> None:
    canary = Path("/tmp/evaluator-canary")
    canary.unlink(missing_ok=True)
    repo = repository(tmp_path / "repo", ("Add things", CASES[name]))
    done = evaluate(repo, "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)

    assert done.code == 0, done.err
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000
    assert not canary.exists()


def test_names_that_are_not_text(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo", ("Add", {"a.py": "x = 1\n"}))
    for name in (b"-rf", b"new\nline.py", b'quo"te.md', b"bad-\xff\xfe.py", b"<b>.ipynb", b"back\\slash.txt"):
        with open(os.path.join(os.fsencode(repo), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes names
            file.write(b"x = 1\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "Add odd names")
    done = evaluate(repo, "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)

    assert done.code == 0, done.err
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<b>.ipynb" not in page


def test_links_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Purpose\n\nThe treasure is under the old oak by the mill, and nobody but me knows it.\n")
    repo = repository(tmp_path / "repo", ("Add", {"a.py": "x = 1\n"}))
    (repo / "README.md").symlink_to(secret)
    (repo / "all").symlink_to("/")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "Add links")
    for target in (str(repo), f"{repo}@HEAD"):
        done = evaluate(target, "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)
        assert done.code == 0, done.err
        for file in (tmp_path / "out").iterdir():
            assert "old oak" not in file.read_text(encoding="utf-8")


def test_the_targets_own_git_settings_start_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    repo = repository(tmp_path / "repo", ("Add", {"a.py": "x = 1\n", ".gitattributes": "* filter=x diff=x\n"}))
    for key, value in {
        "core.fsmonitor": f"touch {canary}; false",
        "core.sshCommand": f"touch {canary}",
        "diff.external": f"touch {canary}",
        "filter.x.smudge": f"touch {canary}",
        "filter.x.clean": f"touch {canary}",
        "diff.x.textconv": f"touch {canary}",
        "core.hooksPath": str(tmp_path / "hooks"),
        "uploadpack.packObjectsHook": f"touch {canary}",
    }.items():
        git(repo, "config", key, value)
    write(
        tmp_path / "hooks",
        dict.fromkeys(("post-checkout", "pre-auto-gc", "reference-transaction"), f"#!/bin/sh\ntouch {canary}\n"),
    )
    for hook in (tmp_path / "hooks").iterdir():
        hook.chmod(0o755)
    for target in (str(repo), f"{repo}@HEAD", f"file://{repo}"):
        assert evaluate(target, "--run", "none", "-o", tmp_path / "out", cwd=tmp_path).code == 0

    assert not canary.exists()


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    write(tmp_path / "plain", {"a.py": "x = 1\n"})
    done = evaluate(tmp_path / "plain", "--run", "none", "-o", tmp_path / "out", cwd=tmp_path)

    assert done.code == 0
    assert report(tmp_path / "out")["subject"]["commit"] is None
