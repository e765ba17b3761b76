"""communication.demo-or-writeup: a demo, talk or article about this very project."""

from __future__ import annotations

import pytest

from evaluator.facts.tree import Tree
from evaluator.model import Missing
from evaluator.signals.communication.demo import demo_or_writeup
from tests.documents import Files, known, level, prose_of

SOURCE = "https://github.com/me/project"


def offered(files: Files) -> object:
    return level(demo_or_writeup(prose_of(files, source=SOURCE), known(Tree, files)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[Try it](https://bikes.streamlit.app)", 2, id="a running app"),
        pytest.param("Live at https://bikes.onrender.com/docs.", 2, id="an address written out"),
        pytest.param("https://huggingface.co/spaces/me/bikes", 2, id="a space"),
        pytest.param("[![Streamlit](https://static.streamlit.io/badges/streamlit_badge.svg)](https://bikes.streamlit.app)", 2, id="behind a badge"),
        pytest.param("[Video](https://youtu.be/abc)", 2, id="a video"),
        pytest.param("[Slides](https://docs.google.com/presentation/d/1)", 2, id="slides"),
        pytest.param("I wrote [a blog post](https://medium.com/@me/bikes-1) about it.", 2, id="an article"),
        pytest.param("[site](https://me.github.io/project)", 2, id="own pages"),
        pytest.param("[Final report](report.pdf)", 2, id="a report"),
        pytest.param("[Live demo](#)", 1, id="an empty link"),
        pytest.param("[Live demo](https://your-app.streamlit.app)", 1, id="a placeholder"),
        pytest.param("# A\n\n## Demo\n\nComing soon.", 1, id="announced"),
        pytest.param("[XGBoost explained](https://towardsdatascience.com/xgboost)", 1, id="about something else"),
        pytest.param("[the paper](https://arxiv.org/abs/1)", 0, id="a paper"),
        pytest.param("# A\n\n## References\n\n- [course](https://youtu.be/abc)", 0, id="references"),
        pytest.param("Inspired by this tutorial: https://youtu.be/abc", 0, id="a tutorial by others"),
        pytest.param("http://localhost:8501", 0, id="one's own machine"),
        pytest.param("[docs](https://other.github.io/lib)", 0, id="a library's pages"),
        pytest.param("[me](https://linkedin.com/in/me)", 0, id="a profile"),
        pytest.param("[data](https://www.kaggle.com/datasets/a/b)", 0, id="the data"),
        pytest.param("<!-- https://bikes.streamlit.app -->", 0, id="hidden"),
        pytest.param("Go to [Railway](https://railway.app) and connect.", 0, id="a platform's front door"),
        pytest.param("Open the [dashboard](https://dashboard.onrender.com/new).", 0, id="a platform's console"),
        pytest.param("words", 0, id="none"),
    ],
)  # fmt: skip
def test_demo_or_writeup(text: str, expected: int) -> None:
    assert expected == offered({"README.md": text, "report.pdf": ""})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"presentation/final.pptx": "x"}, 2, id="committed slides"),
        pytest.param({"Project_Report.pdf": "x"}, 2, id="a committed report"),
        pytest.param({"Project_Report.pdf": ""}, 0, id="an empty one"),
        pytest.param({"paper/main.pdf": "x"}, 2, id="an own paper"),
        pytest.param({"doc/x.md": "See report_a.html.", "doc/report_a.html": "x"}, 2, id="named by a document"),
        pytest.param({"papers/attention.pdf": "x"}, 0, id="other people's papers"),
        pytest.param({"research-paper.pdf": "x"}, 0, id="a paper of nobody knows whom"),
        pytest.param({"docs/Base Paper.pdf": "x"}, 0, id="the paper that it follows"),
        pytest.param(
            {"research-paper.pdf": "x", "README.md": "# A\n\n```\n├── research-paper.pdf\n```"},
            0,
            id="a paper that a tree of files lists",
        ),
        pytest.param(
            {"paper.pdf": "x", "README.md": "# A\n\n## References\n\n- [HAR paper](paper.pdf)"},
            0,
            id="a paper among the references",
        ),
        pytest.param(
            {"paper.pdf": "x", "README.md": "# A\n\nBased on the method of paper.pdf."},
            0,
            id="a paper that it is based on",
        ),
        pytest.param(
            {"paper.pdf": "x", "README.md": "# A\n\nOur findings are written up in paper.pdf."},
            2,
            id="a paper that the README calls its own",
        ),
        pytest.param(
            {"paper.pdf": "x", "README.md": "# A\n\nRead [our paper](paper.pdf)."},
            2,
            id="a paper that the README links",
        ),
        pytest.param({"Research_Paper_Bikes.pdf": "x"}, 2, id="a paper with a title of its own"),
        pytest.param({"report/confusion_matrix.pdf": "x"}, 0, id="a figure"),
        pytest.param({"data/scan_001.pdf": "x"}, 0, id="data"),
        pytest.param({"reports/classification_report.html": "x"}, 0, id="output of a tool"),
        pytest.param({"assignment_instructions_report.pdf": "x"}, 0, id="the task itself"),
        pytest.param({}, 0, id="nothing"),
    ],
)
def test_committed_write_ups(files: Files, expected: int) -> None:
    assert expected == offered(files)


def test_demo_or_writeup_without_a_tree() -> None:
    assert level(demo_or_writeup(prose_of({"README.md": "x"}), Missing(fact="Tree", cause="failed"))) == 0
