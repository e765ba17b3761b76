"""Can junk and secrets stay unseen by another name, another folder or a cut in two?"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.imitations.harness import verdict_at, withheld
from tests.imitations.honest import CODE, TABULAR, Commit, history
from tests.imitations.repo import Cell, Repo, notebook
from tests.repositories import repository

CACHE = f"{CODE}/__pycache__/data.cpython-311.pyc"


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(TABULAR.plus(CACHE, b"\xa7\r\r\n" + bytes(60)), id="ignored-by-git-and-committed-all-the-same"),
        pytest.param(
            TABULAR.plus("docs/figures/.DS_Store", b"\x00\x00\x00\x01Bud1" + bytes(40)), id="one-system-file-deep-down"
        ),
        pytest.param(
            TABULAR.plus("term-env/pyvenv.cfg", "home = python\nversion = 3.11.10\n").plus(
                "term-env/lib/python3.11/site-packages/six.py", '"""Utilities."""\n'
            ),
            id="environment-under-another-name",
        ),
        pytest.param(
            TABULAR.plus(
                "notebooks/.ipynb_checkpoints/exploration-checkpoint.ipynb",
                TABULAR.files["notebooks/exploration.ipynb"],
            ),
            id="checkpoints-in-a-folder",
        ),
        pytest.param(
            TABULAR.plus(f"{CODE}/train.py~", TABULAR.text(f"{CODE}/train.py")).plus(
                f"{CODE}/.model.py.swp", b"b0VIM 9.0" + bytes(50)
            ),
            id="what-editors-leave",
        ),
        pytest.param(
            TABULAR.plus(".idea/workspace.xml", "<project/>\n")
            .plus("Thumbs.db", b"\xd0\xcf\x11\xe0")
            .plus(".coverage", b"SQLite format 3"),
            id="settings-of-an-editor-and-a-thumbnail-cache",
        ),
        pytest.param(
            TABULAR.plus("src/term_deposit.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: term-deposit\n").plus(
                ".pytest_cache/v/cache/lastfailed", "{}\n"
            ),
            id="what-builds-and-tests-leave",
        ),
    ],
)
def test_clean_tree(repo: Repo) -> None:
    withheld(repo.files, "engineering.clean-tree")


# Made up, and put together here, so that no scanner takes this file for a leak.
LETTERS = "q8Zr3TnW5yKb7VdJ2mXc9HsLf4PgRt6A"
HUB_TOKEN = "gh" + "p_" + LETTERS + "uE1w"
CLOUD_KEY = "AK" + "IA" + "Z7QW3NVLX5RTK2PD"
CLOUD_SECRET = "wJ4r" + LETTERS + "Yx0b"
PAYMENT_KEY = "sk_" + "live_" + LETTERS[:24]
PEM = f"-----BEGIN RSA PRIVATE {'KEY'}-----\nMIIEpAIBAAKCAQEA{LETTERS * 2}\n-----END RSA PRIVATE {'KEY'}-----\n"
CELL: Cell = ("code", f'import os\n\nos.environ["GITHUB_TOKEN"] = "{HUB_TOKEN}"', "")
ENCODED = base64.b64encode(HUB_TOKEN.encode()).decode()


def settings(lines: str) -> Repo:
    """Return the project with ``lines`` after its settings."""
    return TABULAR.tail(f"{CODE}/settings.py", lines)


@pytest.mark.parametrize(
    "repo",
    [
        pytest.param(settings(f'\nTOKEN = "{HUB_TOKEN[:18]}" + "{HUB_TOKEN[18:]}"\n'), id="token-in-two-halves"),
        pytest.param(
            settings(f'\nTOKEN = base64.b64decode("{ENCODED}").decode()\n').swap(
                f"{CODE}/settings.py", "from pathlib", "import base64\nfrom pathlib"
            ),
            id="token-in-base64",
        ),
        pytest.param(
            settings(f'\nAWS_ACCESS_KEY_ID = "{CLOUD_KEY}"\nAWS_SECRET_ACCESS_KEY = "{CLOUD_SECRET}"\n'),
            id="key-of-a-cloud-in-settings",
        ),
        pytest.param(TABULAR.plus(".env", f"DB_HOST=db\nDB_PASSWORD={LETTERS[:14]}\n"), id="env-file"),
        pytest.param(
            TABULAR.plus("notebooks/upload.ipynb", notebook(CELL)),
            id="token-in-a-notebook-cell",
        ),
        pytest.param(
            settings(f'\nDATABASE = "postgresql://campaigns:{LETTERS[:14]}@db.riverbank-analytics.net:5432/calls"\n'),
            id="password-within-an-address",
        ),
        pytest.param(TABULAR.plus("deploy/keys/id_deploy.txt", PEM), id="private-key-under-another-name"),
        pytest.param(
            TABULAR.plus(
                "deploy/secret.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: campaign-db\ndata:\n"
                f"  password: {base64.b64encode(LETTERS.encode()).decode()}\n",
            ),
            id="cluster-secret",
        ),
        pytest.param(
            TABULAR.tail("docs/model_card.md", f"\n<!-- deploy with {PAYMENT_KEY} -->\n"), id="key-in-a-hidden-comment"
        ),
        pytest.param(
            TABULAR.swap(
                "compose.yaml",
                '    ports:\n      - "8000:8000"',
                f'    environment:\n      API_TOKEN: {HUB_TOKEN}\n    ports:\n      - "8000:8000"',
            ),
            id="token-in-compose",
        ),
    ],
)
def test_no_secrets(repo: Repo) -> None:
    withheld(repo.files, "engineering.no-secrets")


def test_a_secret_taken_out_later_is_still_in_the_history(tmp_path: Path) -> None:
    text = TABULAR.text(f"{CODE}/settings.py")
    leak: Commit = ("Upload the model to the registry", {f"{CODE}/settings.py": f'{text}\nTOKEN = "{HUB_TOKEN}"\n'})
    mend: Commit = ("Read the token from the environment", {f"{CODE}/settings.py": text})
    folder = repository(tmp_path / "project", *history(), leak, mend)

    assert verdict_at(folder, "engineering.no-secrets", tmp_path) in {"partial", "fail"}
