"""reproducibility.data-available: how somebody else comes by the data."""

from __future__ import annotations

import pytest

from evaluator.facts.data_sources import DataSource, DataSources, Origin, Wanted
from evaluator.facts.model_work import Fit, ModelWork, Place
from evaluator.model import Measured, Missing, Span
from evaluator.signals.reproducibility.availability import data_available
from tests.documents import Files, known, level

AT = Span(path="a.py")
FITS = ModelWork(fits=(Fit(place=Place(name="sklearn.svm.SVC.fit", at=AT), kind="library"),))
LOST = Wanted(name="x.csv", at=AT)


def sources(*origins: Origin, sure: bool = True, wired: bool = True) -> tuple[DataSource, ...]:
    return tuple(DataSource(origin=origin, what=origin, at=AT, sure=sure, wired=wired) for origin in origins)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(DataSources(sources=sources("committed"), reads=1), 2, id="committed"),
        pytest.param(DataSources(sources=sources("built-in")), 2, id="built in"),
        pytest.param(DataSources(sources=sources("fetched")), 2, id="fetched"),
        pytest.param(DataSources(sources=sources("generated")), 2, id="generated"),
        pytest.param(
            DataSources(sources=sources("fetched", wired=False), reads=1), 1, id="fetched by what nothing calls"
        ),
        pytest.param(
            DataSources(sources=sources("built-in", wired=False), wanted=(LOST,), reads=1),
            1,
            id="built in, and not what is read",
        ),
        pytest.param(
            DataSources(sources=sources("built-in", wired=False)), 2, id="built in, nothing else, never called"
        ),
        pytest.param(
            DataSources(sources=(*sources("fetched", wired=False), *sources("committed"))),
            2,
            id="committed beside what nothing calls",
        ),
        pytest.param(DataSources(sources=sources("described"), wanted=(LOST,), reads=1), 1, id="described"),
        pytest.param(DataSources(sources=sources("versioned"), reads=1), 1, id="at a remote"),
        pytest.param(DataSources(wanted=(LOST,), reads=1), 0, id="nowhere"),
        pytest.param(DataSources(reads=1), 0, id="read by an unknown name"),
        pytest.param(DataSources(), "NotApplicable", id="no data"),
        pytest.param(DataSources(sources=sources("environment")), "NotApplicable", id="a simulation"),
        pytest.param(DataSources(sources=sources("described")), "NotApplicable", id="only a link"),
    ],
)
def test_data_available(data: DataSources, expected: int | str) -> None:
    assert expected == level(data_available(data, FITS))


def test_an_application_that_reads_what_its_user_gives_is_not_asked() -> None:
    data = DataSources(reads=1)

    assert level(data_available(data, ModelWork())) == "NotApplicable"
    assert level(data_available(data, Missing(fact="ModelWork", cause="failed"))) == 0


def test_what_is_plain_is_cited_first() -> None:
    data = DataSources(sources=(*sources("committed", sure=False), *sources("fetched")), reads=1)
    answer = data_available(data, FITS)

    assert isinstance(answer, Measured)
    assert answer.summary.startswith("fetched")
    assert answer.confidence == "high"


def test_the_file_that_is_missing_is_cited() -> None:
    answer = data_available(DataSources(wanted=(LOST,), reads=1), FITS)

    assert isinstance(answer, Measured)
    assert [e.note for e in answer.evidence] == ["x.csv is read and is not in the tree"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"a.py": "import pandas as pd\npd.read_csv('x.csv')\n", "x.csv": "a\n1\n"}, 2, id="committed"),
        pytest.param({"a.py": "import pandas as pd\npd.read_csv('x.csv')\n", "README.md": "[data](https://www.kaggle.com/datasets/a/b)"}, 1, id="described"),
        pytest.param({"a.py": "import pandas as pd\npd.read_csv('x.csv')\n", "README.md": "<!-- [data](https://www.kaggle.com/datasets/a/b) -->"}, 0, id="described where nobody sees it"),
        pytest.param({"a.py": "import pandas as pd\npd.read_csv('x.csv')\n", "x.csv": ""}, 0, id="an empty file"),
        pytest.param({"a.py": "import pandas as pd\nfrom sklearn.datasets import load_iris\npd.read_csv('x.csv')\n"}, 0, id="a loader that is never called"),
        pytest.param({"a.py": "print(1)\n"}, "NotApplicable", id="no data"),
    ],
)  # fmt: skip
def test_data_available_of_real_files(files: Files, expected: int | str) -> None:
    assert expected == level(data_available(known(DataSources, files), known(ModelWork, files)))
