"""Headings and sentences mean the same in any of the languages we know."""

from __future__ import annotations

import pytest

from evaluator.facts.documents.topics import heading_topics, sentence_topics, sentences


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        pytest.param("Installation", "install", id="plain"),
        pytest.param("  🚀  QUICK START ", "run", id="emoji and case"),
        pytest.param(":rocket: Usage", "run", id="emoji by name"),
        pytest.param("2. Setup & Execution", "install", id="numbered"),
        pytest.param("Step 3: Running the pipeline", "run", id="a step"),
        pytest.param("IV. Results", "results", id="roman"),
        pytest.param("3) Dataset Description", "data", id="bracket"),
        pytest.param("Instalación", "install", id="es"),
        pytest.param("Cómo ejecutar", "run", id="es run"),
        pytest.param("Limitaciones", "limitations", id="es limits"),
        pytest.param("Instalação", "install", id="pt"),
        pytest.param("Conjunto de dados", "data", id="pt data"),
        pytest.param("Résultats", "results", id="fr"),
        pytest.param("Jeu de données", "data", id="fr data"),
        pytest.param("Übersicht", "purpose", id="de"),
        pytest.param("Ergebnisse", "results", id="de results"),
        pytest.param("Установка", "install", id="ru"),
        pytest.param("Запуск проекта", "run", id="ru run"),
        pytest.param("数据集介绍", "data", id="zh"),
        pytest.param("实验结果", "results", id="zh results"),
        pytest.param("局限性", "limitations", id="zh limits"),
        pytest.param("使い方", "run", id="ja"),
        pytest.param("データセット", "data", id="ja data"),
        pytest.param("インストール", "install", id="ja install"),
        pytest.param("📁 Project Structure", "structure", id="structure"),
        pytest.param("Licença", "license", id="licence"),
        pytest.param("Future Work", "future", id="future"),
        pytest.param("Known Issues", "limitations", id="known issues"),
    ],
)
def test_headings(heading: str, topic: str) -> None:
    assert topic in heading_topics(heading)


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        pytest.param("Data Preprocessing", "data", id="what is done to data"),
        pytest.param("Data Science Portfolio", "data", id="a field of work"),
        pytest.param("Key Features", "data", id="of software"),
        pytest.param("Running Tests", "results", id="tests"),
        pytest.param("", "purpose", id="empty"),
        pytest.param("!!!", "purpose", id="signs"),
    ],
)
def test_headings_of_something_else(heading: str, topic: str) -> None:
    assert topic not in heading_topics(heading)


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        pytest.param("We have 712 passengers.", "size", id="size"),
        pytest.param(
            "It holds 284,807 labelled credit card transactions.", "size", id="size with a gap and separators"
        ),
        pytest.param("El conjunto contiene 150 registros.", "size", id="size es"),
        pytest.param("The data were obtained from the census.", "source", id="source"),
        pytest.param("数据来自公开网站。", "source", id="source zh"),
        pytest.param("The model fails to separate two of the classes.", "limitations", id="limit"),
        pytest.param("El modelo no generaliza bien.", "limitations", id="limit es"),
        pytest.param("Модель переобучается на малых данных.", "limitations", id="limit ru"),
        pytest.param("Open the notebook and run all cells.", "run", id="run"),
        pytest.param("Released under the MIT License.", "license", id="licence"),
        pytest.param("Lorem ipsum dolor sit amet.", "placeholder", id="placeholder"),
    ],
)
def test_sentences_speak_of(sentence: str, topic: str) -> None:
    assert topic in sentence_topics(sentence)


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        pytest.param("A plot in the 2D feature space.", "size", id="2D is no number"),
        pytest.param("Everything works.", "limitations", id="nothing of the sort"),
    ],
)
def test_sentences_do_not_speak_of(sentence: str, topic: str) -> None:
    assert topic not in sentence_topics(sentence)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("One. Two! Three?", 3, id="three"),
        pytest.param("Version 2.0 of e.g. this one.", 1, id="points within"),
        pytest.param("数据集来自这里。结果很好。", 2, id="zh"),
        pytest.param("One\nTwo", 2, id="set line break"),
        pytest.param("", 0, id="none"),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert count == len(sentences(text))
