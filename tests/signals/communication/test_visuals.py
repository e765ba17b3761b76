"""communication.readme-visuals: something of this project to look at."""

from __future__ import annotations

import pytest

from evaluator.signals.communication.visuals import readme_visuals
from tests.documents import level, notebook, prose_of

BOXED = "```\n┌───────┐\n│ data  │\n│  ├──► model.py\n│  └──► app.py │\n└───────┘\n```"
DRAWN = "```\n┌────────┐\n│ ingest │ ──► train\n└────────┘\n```"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("![plot](img/plot.png)", 2, id="a committed figure"),
        pytest.param('<p align="center"><img src="./img/plot.png" width=300></p>', 2, id="html"),
        pytest.param("[the plot](img/plot.png)", 2, id="linked"),
        pytest.param(
            "[the app](https://raw.githubusercontent.com/a/project/main/img/plot.png)", 2, id="linked at the forge"
        ),
        pytest.param(
            "[it](https://raw.githubusercontent.com/a/other/main/img/plot.png)", 0, id="linked in another repository"
        ),
        pytest.param("![chart icon](img/plot.png)", 1, id="an icon, by what is said of it"),
        pytest.param("![s](https://user-images.githubusercontent.com/1/x.png)", 2, id="uploaded to the forge"),
        pytest.param("![s](https://github.com/user-attachments/assets/1-2)", 2, id="uploaded as an attachment"),
        pytest.param("```mermaid\ngraph TD\nA-->B\n```", 2, id="mermaid"),
        pytest.param("![plot](img/none.png)", 1, id="dead"),
        pytest.param("![plot](img/empty.png)", 1, id="an empty file"),
        pytest.param("![logo](img/logo.png)", 1, id="decorative"),
        pytest.param("![cat](https://media.giphy.com/media/x/giphy.gif)", 1, id="from elsewhere"),
        pytest.param("![ci](https://img.shields.io/badge/a-b.svg)", 1, id="badges"),
        pytest.param(DRAWN, 1, id="drawn with characters"),
        pytest.param(BOXED, 1, id="drawn in a box, with branches"),
        pytest.param("```\n├── a\n│   ├── b\n│   └── c\n└── d\n```", 0, id="a tree of files is no diagram"),
        pytest.param("<!-- ![plot](img/plot.png) -->", 0, id="hidden"),
        pytest.param("`![plot](img/plot.png)`", 0, id="as code"),
        pytest.param("words", 0, id="none"),
    ],
)
def test_readme_visuals(text: str, expected: int) -> None:
    files = {"README.md": text, "img/plot.png": "x", "img/logo.png": "x", "img/empty.png": ""}

    assert expected == level(readme_visuals(prose_of(files)))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"README.md": "x", "img/plot.png": "x"}, 0, id="committed, shown nowhere"),
        pytest.param({"docs/a.md": "![p](p.png)", "docs/p.png": "x"}, 2, id="in docs"),
        pytest.param({"a.ipynb": notebook(("markdown", "![p](p.png)")), "p.png": "x"}, 0, id="in a notebook"),
        pytest.param({"README": "![p](p.png)", "p.png": "x"}, 0, id="plain text shows no picture"),
        pytest.param({}, 0, id="nothing"),
    ],
)
def test_readme_visuals_by_file(files: dict[str, str], expected: int) -> None:
    assert expected == level(readme_visuals(prose_of(files)))
