"""What a reader sees of the documents, and nothing else."""

from __future__ import annotations

import pytest

from evaluator.facts.prose import Document
from tests.documents import notebook, prose_of, readme


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, b.text) for b in document.blocks]


MARKDOWN = """\
# The *title*

A paragraph over
two lines with `code` and a [link](docs/a.md).

- one
  - inner
- [x] two

> quoted

```bash
pip install x
```

| a | b |
|---|---|
| 1 | `2` |
"""


def test_markdown_blocks_in_reading_order() -> None:
    document = readme(MARKDOWN)

    assert kinds(document) == [
        ("heading", "The title"),
        ("paragraph", "A paragraph over two lines with code and a link."),
        ("item", "one"),
        ("item", "inner"),
        ("item", "[x] two"),
        ("quote", "quoted"),
        ("code", "pip install x"),
        ("table", "a\tb\n1\t2"),
    ]
    assert [b.at.start for b in document.blocks] == [1, 3, 6, 7, 8, 10, 13, 16]
    assert document.blocks[1].inline_code == ("code",)
    assert document.blocks[6].info == "bash"
    assert document.title == "The title"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<!-- secret -->\n\nshown", [("paragraph", "shown")], id="one line"),
        pytest.param("<!--\n\n# secret\n\nmore\n\n-->\n\nshown", [("paragraph", "shown")], id="over blank lines"),
        pytest.param("shown <!-- secret --> too", [("paragraph", "shown too")], id="within a line"),
        pytest.param("shown\n\n<!-- never closed\n\n# secret", [("paragraph", "shown")], id="never closed"),
        pytest.param(
            "<div><!-- opened in a block\n\nsecret\n\n</div>-->\n\nshown", [("paragraph", "shown")], id="across blocks"
        ),
        pytest.param("[//]: # (secret)\n\nshown", [("paragraph", "shown")], id="as a link definition"),
        pytest.param("~~secret~~ shown", [("paragraph", "shown")], id="struck out"),
        pytest.param("<del>secret</del> shown <s>secret", [("paragraph", "shown")], id="struck out in HTML"),
        pytest.param("<script>secret()</script>\n\nshown", [("paragraph", "shown")], id="a script"),
        pytest.param("<style>secret {}</style>\n\nshown", [("paragraph", "shown")], id="a style"),
        pytest.param("<template>secret</template>\n\nshown", [("paragraph", "shown")], id="a template"),
    ],
)
def test_what_nobody_sees_is_left_out(text: str, expected: list[tuple[str, str]]) -> None:
    assert expected == kinds(readme(text))


HTML = """\
<h1 align="center">
  <img src="logo.png" alt="logo"> Name
</h1>
<p align="center"><b>A tag line</b></p>
<details>
<summary>Install</summary>

```sh
make setup
```

</details>
<table>
<tr><th>Model</th><th>F1</th></tr>
<tr><td>ours</td><td><b>0.9</b></td></tr>
</table>
<ul><li>one<li>two</ul>
after &amp; out
"""


def test_html_within_markdown() -> None:
    """Headings, tables, lists without end tags and collapsed parts are what they look like."""
    document = readme(HTML)

    assert kinds(document) == [
        ("heading", "Name"),
        ("heading", "A tag line"),
        ("heading", "Install"),
        ("code", "make setup"),
        ("table", "Model\tF1\nours\t0.9"),
        ("item", "one"),
        ("item", "two"),
        ("paragraph", "after & out"),
    ]
    assert [b.info for b in document.blocks if b.kind == "heading"] == ["1", "6", "6"]
    assert document.blocks[3].at.start == 9


def test_markdown_within_an_html_table() -> None:
    document = readme("<table><tr><td>\n\n**F1**\n\n</td><td>\n\n![plot](p.png)\n\n0.9\n\n</td></tr></table>\n")

    assert kinds(document) == [("table", "F1\t0.9")]
    assert [link.target for link in document.links] == ["p.png"]


def test_an_html_file_is_read_as_a_page() -> None:
    page = "<!DOCTYPE html><html><head><title>t</title></head><body><h2>Use</h2><p>Run it.</p></body></html>"

    assert kinds(prose_of({"README.html": page}).documents[0]) == [("heading", "Use"), ("paragraph", "Run it.")]


RST = """\
Title
=====

|build| Some ``code`` and a `link <https://example.org/x>`_, and other_.

.. |build| image:: https://img.shields.io/x.svg
.. _other: docs/a.rst
.. a comment that nobody sees

Usage
-----

- one

::

    python main.py

.. image:: plot.png
   :alt: a plot

.. list-table::

   * - a
     - b
   * - 1
     - 2

.. include:: /etc/passwd
.. raw:: html

   <p>secret</p>
"""


def test_restructured_text() -> None:
    """Nothing is included, nothing raw is passed on; images of substitutions are seen."""
    document = prose_of({"README.rst": RST, "plot.png": "x", "docs/a.rst": "A\n=\n"}).documents[0]

    assert kinds(document) == [
        ("heading", "Title"),
        ("paragraph", "Some code and a link, and other."),
        ("heading", "Usage"),
        ("item", "one"),
        ("code", "python main.py"),
        ("table", "a\tb\n1\t2"),
    ]
    assert [b.info for b in document.blocks if b.kind == "heading"] == ["1", "2"]
    assert [(link.target, link.badge, link.resolves) for link in document.links] == [
        ("https://img.shields.io/x.svg", True, None),
        ("https://example.org/x", False, None),
        ("docs/a.rst", False, True),
        ("plot.png", False, True),
    ]
    assert document.format == "rst"
    assert document.parsed


def test_rst_beyond_what_is_parsed_is_plain_text() -> None:
    document = prose_of({"README.rst": "*a\n" * 10_000 + "\n\nlast"}).documents[0]

    assert not document.parsed
    assert document.blocks[-1].text == "last"


def test_a_text_readme_is_read_without_html() -> None:
    document = prose_of(
        {"README": "Project\n=======\n\nRun it <b>now</b>. ![x](y.png)\n\n    python main.py\n"}
    ).documents[0]

    assert kinds(document) == [
        ("heading", "Project"),
        ("paragraph", "Run it <b>now</b>."),
        ("code", "python main.py"),
    ]
    assert document.links == ()
    assert document.format == "text"


def test_text_in_utf_16_and_latin_1() -> None:
    assert prose_of({"README.md": "Größe".encode("utf-16")}).documents[0].blocks[0].text == "Größe"
    assert prose_of({"README.md": "Größe".encode("latin-1")}).documents[0].blocks[0].text == "Größe"


def test_front_matter_is_the_table_that_forges_show() -> None:
    document = readme("---\nlicense: mit\ntags: [a]\n---\n\n# Name\n")

    assert kinds(document) == [("table", "license\tmit\ntags\t[a]"), ("heading", "Name")]
    assert document.blocks[1].at.start == 6


def test_a_readme_pasted_with_its_fence_is_read() -> None:
    """As language models give it out: the fence is a slip, and a reader reads on."""
    document = readme("```markdown\n# Name\n\nIt does things. ![x](a.png)\n\n## Usage\n\nRun it.\n```\n")

    assert kinds(document) == [
        ("heading", "Name"),
        ("paragraph", "It does things."),
        ("heading", "Usage"),
        ("paragraph", "Run it."),
    ]
    assert [b.at.start for b in document.blocks] == [2, 4, 6, 8]
    assert document.links == ()


def test_comments_in_a_shell_block_are_no_headings() -> None:
    assert kinds(readme("```\n# Install\n\npip install x\n\n# Run\n\npython a.py\n```\n")) == [
        ("code", "# Install\n\npip install x\n\n# Run\n\npython a.py")
    ]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        pytest.param("README.md", "readme", id="plain"),
        pytest.param("readme.MD", "readme", id="any case"),
        pytest.param("ReadMe", "readme", id="no ending"),
        pytest.param("README.es.md", "readme", id="a language"),
        pytest.param("README_zh-CN.md", "readme", id="a language after an underscore"),
        pytest.param("README.rst", "readme", id="rst"),
        pytest.param("README.txt", "readme", id="text"),
        pytest.param("src/README.md", "readme-below", id="below"),
        pytest.param("MODEL_CARD.md", "docs", id="at the top"),
        pytest.param("docs/guide/a.md", "docs", id="in docs"),
        pytest.param("reports/final.md", "docs", id="in reports"),
        pytest.param("CHANGELOG.md", "community", id="changelog"),
        pytest.param("CODE_OF_CONDUCT.md", "community", id="code of conduct"),
        pytest.param("CONTRIBUTING.rst", "community", id="contributing"),
        pytest.param("LICENSE.md", "community", id="licence"),
        pytest.param("CLAUDE.md", "community", id="for machines"),
        pytest.param(".github/ISSUE_TEMPLATE/bug.md", "community", id="template"),
        pytest.param("src/notes.md", None, id="nobody leads there"),
        pytest.param("requirements.txt", None, id="a manifest"),
        pytest.param("readme_generator.py", None, id="code"),
        pytest.param(".venv/lib/python3.11/site-packages/x/README.md", None, id="installed"),
        pytest.param("node_modules/x/README.md", None, id="node modules"),
    ],
)
def test_roles(path: str, role: str | None) -> None:
    found = {d.path: d.role for d in prose_of({path: "some text"}).documents}

    assert role == found.get(path)


def test_documents_that_others_lead_to() -> None:
    """By link, by path in the text, and on from there; not by the changelog."""
    files = {
        "README.md": "See [the notes](src/notes.md) and `more/deep.md`.",
        "src/notes.md": "Go on to [the next](next.md).",
        "src/next.md": "Here.",
        "more/deep.md": "Deep.",
        "other/x.md": "Alone.",
        "CHANGELOG.md": "[x](other/x.md)",
    }

    assert [d.path for d in prose_of(files).documents] == [
        "README.md",
        "more/deep.md",
        "src/next.md",
        "src/notes.md",
        "CHANGELOG.md",
    ]


@pytest.mark.parametrize(
    ("paths", "roles"),
    [
        pytest.param([".github/README.md"], ["readme"], id="of .github"),
        pytest.param(["docs/README.md"], ["readme"], id="of docs"),
        pytest.param([".github/README.md", "docs/README.md"], ["readme", "readme-below"], id="of .github first"),
        pytest.param(["README.md", "docs/README.md"], ["readme", "readme-below"], id="the own one wins"),
    ],
)
def test_another_readme_stands_for_a_missing_one(paths: list[str], roles: list[str]) -> None:
    assert roles == [d.role for d in prose_of(dict.fromkeys(paths, "text")).documents]


def test_notebooks_give_their_markdown_only() -> None:
    """Text left in a code cell that was never run is text as well; code and outputs are none."""
    cells = notebook(
        ("markdown", "## Data\n\nFrom somewhere."),
        ("code", "print('# no heading')"),
        (
            "code",
            "Interpretation\n1. The forest did best, with the lowest error of all the models we tried here.\n2. The tree overfits badly.",
        ),
        ("raw", "raw"),
    )
    document = prose_of({"a.ipynb": cells}).documents[0]

    assert document.role == "notebook"
    assert [b.at.cell for b in document.blocks] == [0, 0, 2, 2, 2]
    assert kinds(document)[:2] == [("heading", "Data"), ("paragraph", "From somewhere.")]
    assert {"item", "paragraph"} == {b.kind for b in document.blocks[2:]}


@pytest.mark.parametrize(
    ("target", "path", "resolves"),
    [
        pytest.param("docs/plot.png", "docs/plot.png", True, id="relative"),
        pytest.param("./docs/plot.png", "docs/plot.png", True, id="dot"),
        pytest.param("/docs/plot.png", "docs/plot.png", True, id="from the root"),
        pytest.param("docs/plot.png?raw=true#x", "docs/plot.png", True, id="query and anchor"),
        pytest.param("docs/a%20b.png", "docs/a b.png", True, id="percent"),
        pytest.param("<docs/a b.png>", "docs/a b.png", True, id="blank"),
        pytest.param("docs", "docs", True, id="folder"),
        pytest.param("docs/none.png", None, False, id="missing"),
        pytest.param("../docs/plot.png", None, False, id="out of the tree"),
        pytest.param("Docs/plot.png", None, False, id="case differs"),
        pytest.param("https://github.com/me/project/blob/main/docs/plot.png", "docs/plot.png", True, id="own page"),
        pytest.param("https://github.com/me/project/raw/feature/x/docs/plot.png", "docs/plot.png", True, id="branch with a slash"),
        pytest.param("https://raw.githubusercontent.com/me/project/main/docs/plot.png", "docs/plot.png", True, id="raw"),
        pytest.param("https://raw.githubusercontent.com/me/project/main/none.png", None, False, id="raw, missing"),
        pytest.param("https://raw.githubusercontent.com/you/other/main/docs/plot.png", None, None, id="another's"),
        pytest.param("https://example.org/x.png", None, None, id="elsewhere"),
        pytest.param("#usage", None, None, id="anchor"),
        pytest.param("mailto:a@example.org", None, None, id="mail"),
    ],
)  # fmt: skip
def test_links_are_resolved_against_the_tree(target: str, path: str | None, resolves: bool | None) -> None:
    files = {"README.md": f"[x]({target})", "docs/plot.png": "x", "docs/a b.png": "x"}
    link = prose_of(files, source="https://github.com/Me/Project.git").documents[0].links[0]

    assert (path, resolves) == (link.path, link.resolves)


@pytest.mark.parametrize(
    ("target", "badge"),
    [
        pytest.param("https://img.shields.io/badge/x-y.svg", True, id="shields"),
        pytest.param("https://github.com/a/b/actions/workflows/ci.yml/badge.svg", True, id="workflow"),
        pytest.param("https://codecov.io/gh/a/b/graph/badge.svg", True, id="codecov"),
        pytest.param("https://colab.research.google.com/assets/colab-badge.svg", True, id="colab"),
        pytest.param("https://komarev.com/ghpvc/?username=a", True, id="visitors"),
        pytest.param("images/architecture.png", False, id="a picture"),
        pytest.param("https://example.org/shields.png", False, id="by name only"),
    ],
)
def test_badges(target: str, badge: bool) -> None:
    document = readme(f"[![alt]({target})](https://example.org)\n\ntext")

    assert badge == document.links[0].badge
    assert badge == document.links[1].badge
    assert kinds(document) == [("paragraph", "text")]


def test_addresses_written_out_are_links() -> None:
    document = readme("Live at https://demo.streamlit.app/x. And [https://a.org](https://a.org).\n")

    assert sorted(link.target for link in document.links) == ["https://a.org", "https://demo.streamlit.app/x"]
    assert "demo" in next(link.kinds for link in document.links if "streamlit" in link.target)


def test_sections_and_what_they_are_about() -> None:
    document = readme("# Name\n\n## Results\n\nx\n\n### Model A\n\ny\n\n## 📦 Installation\n\nz\n")

    assert [(s.heading, s.topics, s.first, s.last) for s in document.sections] == [
        ("Name", (), 0, 6),
        ("Results", ("results",), 1, 4),
        ("Model A", (), 3, 4),
        ("📦 Installation", ("install",), 5, 6),
    ]
    assert {"results"} == document.topics_at(4)


def test_limits_hold() -> None:
    """A file that is too large is named, not read; a huge table does not fill the memory."""
    prose = prose_of({"README.md": "x" * 2_000_001, "docs/a.md": "| a |\n|---|\n" + "| 1 |\n" * 9_000})

    assert prose.skipped == ("README.md",)
    assert len(prose.documents[0].blocks[0].text) <= 20_000


def test_a_document_of_nothing_but_marks_is_plain_text() -> None:
    document = readme("[" * 50_000 + "\n\nlast")

    assert not document.parsed
    assert document.blocks[-1].text == "last"
