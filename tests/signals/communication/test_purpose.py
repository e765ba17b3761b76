"""communication.readme-purpose: what a reader learns of the purpose from the README alone."""

from __future__ import annotations

import pytest

from evaluator.signals.communication.purpose import readme_purpose
from tests.documents import level, prose_of

PARAGRAPH = (
    "This project predicts the hourly demand for rental bikes in a city, from weather and calendar data of two years, "
    "so that the operator can move bikes before they run out."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"# Bikes\n\n{PARAGRAPH}\n", 2, id="a paragraph after the title"),
        pytest.param(f"{PARAGRAPH}\n", 2, id="no title"),
        pytest.param(f"# Bikes\n\n![x](https://img.shields.io/x.svg)\n\n## Overview\n\n{PARAGRAPH}", 2, id="in its section"),
        pytest.param(f"# Bikes\n\n## Install\n\npip install x\n\n## 🎯 Goal\n\n{PARAGRAPH}", 2, id="further down"),
        pytest.param(f"<h1 align=center>Bikes</h1>\n<p>{PARAGRAPH}</p>", 2, id="html"),
        pytest.param("# Bikes\n\n- It reads the weather of every hour.\n- It predicts the demand for bikes.\n- It helps to move them in time.", 2, id="three sentences in a list"),
        pytest.param("# Bicis\n\n## Descripción\n\nEste proyecto predice la demanda horaria de bicicletas de alquiler a partir del clima y del calendario de dos años, para que la empresa las mueva a tiempo.", 2, id="es"),
        pytest.param("# 自行车\n\n## 项目简介\n\n本项目根据两年的天气和日历数据预测城市共享单车每小时的需求量，帮助运营方在车辆用尽之前及时调度车辆。", 2, id="zh"),
        pytest.param("# Bikes\n\nA model for the demand for bikes.", 1, id="one sentence"),
        pytest.param("# Bikes - hourly demand forecasting\n", 1, id="a tag line in the title"),
        pytest.param("# Bikes\n\n**Hourly demand forecasting**\n", 1, id="a tag line below"),
        pytest.param("# bikes", 0, id="a title"),
        pytest.param("", 0, id="empty"),
        pytest.param("# Bikes\n\n![a](https://img.shields.io/a.svg)", 0, id="badges"),
        pytest.param(f"# Bikes\n\n<!-- {PARAGRAPH} -->", 0, id="hidden"),
        pytest.param("# Bikes\n\n## Installation\n\nInstall the packages of the list with the command below and make sure that you use the right version of the language for all of it.", 0, id="instructions only"),
        pytest.param("# Bikes\n\nLorem ipsum dolor sit amet. One paragraph of project description goes here.", 0, id="placeholder"),
        pytest.param("# Bikes\n\n" + "Bikes are counted. " * 20, 1, id="one sentence many times"),
    ],
)  # fmt: skip
def test_readme_purpose(text: str, expected: int) -> None:
    assert expected == level(readme_purpose(prose_of({"README.md": text})))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"docs/about.md": PARAGRAPH}, 0, id="no README"),
        pytest.param({}, 0, id="nothing at all"),
        pytest.param({"README.md": "# Bikes", "README.es.md": PARAGRAPH}, 2, id="in another language's README"),
        pytest.param({".github/README.md": PARAGRAPH}, 2, id="the forge's folder"),
        pytest.param({"README.rst": f"Bikes\n=====\n\n{PARAGRAPH}\n"}, 2, id="rst"),
        pytest.param({"README": f"BIKES\n\n{PARAGRAPH}\n"}, 2, id="plain text"),
    ],
)
def test_readme_purpose_by_file(files: dict[str, str], expected: int) -> None:
    assert expected == level(readme_purpose(prose_of(files)))
