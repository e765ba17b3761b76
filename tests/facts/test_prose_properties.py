"""Foreign text never stops the reading of documents, and costs time in proportion to its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.claiming.found import find, in_sentence
from evaluator.facts.documents.instructions import instructions, split
from evaluator.facts.documents.links import kinds
from evaluator.facts.documents.topics import heading_topics, plain, sentence_topics, sentences
from evaluator.facts.licences import expression, identify
from tests.documents import prose_of

ENDINGS = [".md", ".rst", "", ".txt", ".html"]
PIECES = [
    *("# ", "## Results\n", "- ", "1. ", "> ", "```", "```bash\n", "    ", "| a | b |\n|---|---|\n", "|", "\n", "\n\n", "---\n", "***"),
    *("<!--", "-->", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<a href='", "<img src=", '"', "'>", "<", ">", "&amp;", "&#x0;"),
    *("<pre>", "</pre>", "<script>", "<li>", "<ul>", "</ul>", "<h1>", "<s>", "<b>", "[a](", ")", "![", "](", "[", "]", "`", "``", "*", "**", "_"),
    *(".. ", ".. image:: x\n", ".. |a| replace:: |a|\n", "|a|", ".. include:: /etc/passwd\n", "=====\n", "::\n\n", "`a <b>`_", ":a:`b`", ".. role:: a\n"),
    *("accuracy", " 0.93", "92%", " of ", "F1", ": ", "1,5", "±", "准确率", "。", "pip install x", "$ ", "\\", "\0", "\ufeff", "\ud800", "\u202e", "é", "%zz"),
    *(".. default-role:: math\n", ".. csv-table::\n   :file: /etc/passwd\n", ".. raw:: html\n\n   <b>\n", ".. code:: python\n\n  x\n", ".. _a: b\n", "a_\n"),
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.tuples(st.sampled_from(PIECES), st.integers(1, 200)).map(lambda pair: pair[0] * pair[1]),
)


@settings(max_examples=250, deadline=None)
@given(texts, st.sampled_from(ENDINGS))
def test_reading_never_raises(text: str, ending: str) -> None:
    prose = prose_of({f"README{ending}": text.encode("utf-8", "surrogatepass"), "docs/a.md": "x"})

    find(prose)
    for document in prose.documents:
        instructions(document)
        assert all(0 <= s.first <= s.last < len(document.blocks) for s in document.sections)
        assert all(1 <= b.at.start <= b.at.end for b in document.blocks)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
def test_bytes_never_raise(data: bytes, ending: str) -> None:
    prose_of({f"README{ending}": data})


@settings(max_examples=200, deadline=None)
@given(texts)
def test_small_readers_never_raise(text: str) -> None:
    kinds(text)
    heading_topics(text)
    for sentence in sentences(text):
        sentence_topics(sentence)
        list(in_sentence(sentence))
    split(text)
    identify(plain(text))
    expression(text)


@pytest.mark.parametrize(
    "piece",
    [
        *("<a ", '<a b="', "<!--", "<", "</", "<?", "<![", "<div\n", "<table>", "<pre>", "&", "<td>", "<a href=x>"),
        *(
            "[",
            "![",
            "[](",
            "[a](",
            "*a ",
            "**a",
            "`",
            "> ",
            "- a\n",
            "- a\n ",
            "|",
            "a|b\n-|-\n",
            "# a\n",
            "```\n",
            "\\",
            "[a]: b\n",
        ),
        *("<b>x</b> ", "https://a.b ", "0.9 accuracy ", "a" * 50 + " ", "<details>", "~~a"),
    ],
    ids=repr,
)
def test_time_grows_with_length_only(piece: str) -> None:
    """The standard library's HTML parser alone needs minutes for some of these."""
    began = time.monotonic()
    prose_of({"README.md": piece * (60_000 // len(piece))})

    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    "piece", ["*a\n", "`a\n", "|a\n", "- a\n", " - a\n  - b\n", "a\n=\n", "+-+\n|a|\n", "http://a.b\n"], ids=repr
)
def test_time_of_rst_grows_with_length_only(piece: str) -> None:
    began = time.monotonic()
    prose_of({"README.rst": piece * (60_000 // len(piece))})

    assert time.monotonic() - began < 15


def test_deep_nesting_is_cut_off() -> None:
    prose = prose_of(
        {
            "README.md": ">" * 3_000 + " a",
            "docs/a.md": "".join("  " * n + "- x\n" for n in range(300)),
            "docs/b.md": "<div>" * 5_000 + "end",
        }
    )

    assert [d.path for d in prose.documents] == ["README.md", "docs/a.md", "docs/b.md"]
