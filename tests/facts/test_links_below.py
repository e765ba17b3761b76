"""Where do links lead that stand in one folder of a repository?"""

from __future__ import annotations

import pytest

from evaluator.facts.documents.links import within
from evaluator.model import Subject
from evaluator.source.portion import portion
from evaluator.source.snapshot import Snapshot

WHOLE = Snapshot.of(
    {"images/all.png": "x", "work/churn/README.md": "x", "work/churn/docs/plot.png": "x", "work/wine/plot.png": "x"},
    subject=Subject(source="https://github.com/me/portfolio", name="portfolio"),
)
CHURN = portion(WHOLE, "work/churn", ("work/churn", "work/wine"), ("images",))


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param("docs/plot.png", "docs/plot.png", id="beside the README"),
        pytest.param("../../images/all.png", "images/all.png", id="what all projects share"),
        pytest.param("https://github.com/me/portfolio/blob/main/work/churn/docs/plot.png", "docs/plot.png", id="page"),
        pytest.param(
            "https://github.com/me/portfolio/blob/main/images/all.png", "images/all.png", id="page of the top"
        ),
        pytest.param("work/churn/docs/plot.png", "docs/plot.png", id="as the top calls it"),
        pytest.param("../wine/plot.png", None, id="another project's"),
        pytest.param("../../../etc/passwd", None, id="out of the repository"),
        pytest.param("none.png", None, id="not there"),
    ],
)
def test_a_link(target: str, path: str | None) -> None:
    found = within(target, path="README.md", snapshot=CHURN) or ()

    assert next((p for p in found if CHURN.exists(p)), None) == path
