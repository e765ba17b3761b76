"""communication.limitations-discussed: statements of substance about what does not work."""

from __future__ import annotations

import pytest

from evaluator.signals.communication.limitations import limitations_discussed
from tests.documents import level, notebook, prose_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# A\n\n## Limitations\n\n- Only one city was looked at so far.\n- Holidays are not in the data.", 2, id="a section"),
        pytest.param("The model fails to separate two classes. A larger tree overfits the small sample at once.", 2, id="in passing"),
        pytest.param("# A\n\n## Limitaciones\n\nSolo se usaron datos de una ciudad. Faltan los festivos del calendario.", 2, id="es"),
        pytest.param("# A\n\n## Einschränkungen\n\nNur eine Stadt wurde bisher betrachtet. Feiertage fehlen in den Daten.", 2, id="de"),
        pytest.param("# A\n\n## 局限性\n\n模型只在一个城市的数据上训练过。数据中缺少节假日的信息。", 2, id="zh"),
        pytest.param("The ship is not consistent at this point. It gets stuck in front of the harbour, for the reward is too high there.", 2, id="what is seen to go wrong"),
        pytest.param("The model fails to separate two of the classes.", 1, id="one remark"),
        pytest.param("# A\n\n## Future Work\n\n- Add an interface\n- Try other models", 1, id="future work"),
        pytest.param("For production, restrict this to the domains that you know.", 1, id="what production would ask for"),
        pytest.param("Currently, no login is needed to call it.\n\nLimits on calls are not yet implemented.", 1, id="what is not done yet"),
        pytest.param("# A\n\n## Extending the service\n\n- Queues for many requests\n- Other models", 1, id="extensions"),
        pytest.param("If no row fits, it falls back to the nearest one. When the model is missing, the app falls back to the mean of the rows.", 2, id="edge cases"),
        pytest.param("Se o pipeline falhar, o app mostra os dados de ontem. A lista usa fallback para a média quando falta o modelo.", 2, id="pt"),
        pytest.param("# A\n\n## Limitations\n\nNo model is perfect, and results may vary. Like every model, this one has limitations.", 0, id="what is true of every model"),
        pytest.param("# A\n\n## Limitations\n\nResults may vary by up to 4 points between seeds. No model is perfect: this one misses calls from before 2008.", 2, id="the same, with what is true of this one"),
        pytest.param("# A\n\n## Limitations\n\nTBD", 0, id="a heading without content"),
        pytest.param("# A\n\n## Limitations\n", 0, id="a bare heading"),
        pytest.param("<!-- ## Limitations\n\nOnly one city was looked at. Holidays are missing. -->\n\nwords", 0, id="hidden"),
        pytest.param("# A\n\n## License\n\nThe software is provided without limitation of any kind.", 0, id="legal words"),
        pytest.param("# A\n\nEverything works as it should.", 0, id="nothing"),
        pytest.param("", 0, id="empty"),
    ],
)  # fmt: skip
def test_limitations_discussed(text: str, expected: int) -> None:
    assert expected == level(limitations_discussed(prose_of({"README.md": text})))


def test_limitations_in_other_places() -> None:
    text = "# A\n\n## Limitations\n\nOnly one city was looked at. Holidays are not in the data."

    assert level(limitations_discussed(prose_of({"MODEL_CARD.md": text}))) == 2
    assert level(limitations_discussed(prose_of({"a.ipynb": notebook(("markdown", text))}))) == 2
    assert level(limitations_discussed(prose_of({"CHANGELOG.md": text}))) == 0


def test_what_tests_cover_is_no_limit_of_the_project() -> None:
    text = "The fixtures hold edge cases such as empty rows. They cover a division by zero that fails to be seen."

    assert level(limitations_discussed(prose_of({"tests/README.md": text}))) == 0
    assert level(limitations_discussed(prose_of({"src/README.md": text}))) == 2


def test_the_same_sentence_twice_is_one() -> None:
    text = "The model fails to separate two classes. " * 2

    assert level(limitations_discussed(prose_of({"README.md": text}))) == 1
