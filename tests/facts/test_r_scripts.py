"""What do scripts of R hold, and what declares their packages?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.facts.r_scripts import RScript, RScripts, r_scripts
from evaluator.facts.r_work import r_work
from evaluator.facts.tree import tree
from evaluator.model import Missing
from evaluator.source.snapshot import Snapshot


def read(files: dict[str, str]) -> RScripts:
    snapshot = Snapshot.of(files)
    listed = tree(snapshot)
    return r_scripts(snapshot, listed, r_work(snapshot, listed, Missing(fact="Notebooks", cause="not-found")))


def script(text: str) -> RScript:
    return read({"a.R": text}).scripts[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("library(caret)\nrequire('dplyr')\n", ["caret", "dplyr"], id="attached"),
        pytest.param("x <- readr::read_csv('a.csv')", ["readr"], id="called with its name"),
        pytest.param("pacman::p_load(caret, dplyr)", ["caret", "dplyr", "pacman"], id="several at once"),
        pytest.param('library("caret")', ["caret"], id="a name as a text"),
        pytest.param("library(stats); utils::head(x)", [], id="what comes with R"),
        pytest.param("# library(caret)\nprint('library(caret)')", [], id="in a comment and a text"),
        pytest.param("# library(caret)\nx <- 1", [], id="in a comment"),
    ],
)
def test_packages(text: str, names: list[str]) -> None:
    assert [p.name for p in script(text).packages] == names


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        pytest.param("x <- f(1)\nprint(x)\n", (2, 0, 0), id="top level"),
        pytest.param("f <- function(x) {\n  y <- g(x)\n  h(y)\n}\n", (0, 2, 1), id="a function"),
        pytest.param("if (a) {\n  x <- f(1)\n}\n", (2, 0, 0), id="a condition and what it guards"),
        pytest.param("x <- f('function(x) {')\ny <- g(2)  # }\n", (2, 0, 0), id="in a text and a comment"),
    ],
)
def test_statements_in_and_outside_of_functions(text: str, counted: tuple[int, int, int]) -> None:
    found = script(text)

    assert (found.top, found.inner, found.functions) == counted


def test_r_markdown_is_read_in_its_chunks_with_their_lines() -> None:
    found = read({"a.Rmd": "library(words)\n\n```{r setup}\nlibrary(caret)\nx <- f(1)\n```\n\nwords\n"}).scripts[0]

    assert [(p.name, p.at.start) for p in found.packages] == [("caret", 4)]
    assert (found.top, found.document) == (1, True)


def test_installs_and_sources() -> None:
    files = {"a.R": "install.packages(c('caret', \"dplyr\"))\nsource('R/b.R')\nsource('gone.R')\n", "R/b.R": "x <- 1\n"}

    found = read(files).scripts[1]

    assert (found.installs, found.sources) == (("caret", "dplyr"), ("R/b.R",))


@pytest.mark.parametrize(
    ("path", "text", "names", "locked"),
    [
        pytest.param("DESCRIPTION", "Package: x\nImports: caret (>= 6.0),\n    dplyr\nDepends: R (>= 4.0)\n", ("caret", "dplyr"), False, id="a package's own"),
        pytest.param("renv.lock", '{"Packages": {"caret": {"Version": "6.0"}}}', ("caret",), True, id="renv"),
        pytest.param("packrat/packrat.lock", "PackratFormat: 1.4\n\nPackage: caret\nVersion: 6.0\n", ("caret",), True, id="packrat"),
    ],
)  # fmt: skip
def test_manifests(path: str, text: str, names: tuple[str, ...], locked: bool) -> None:
    found = read({path: text, "a.R": "x <- 1\n"}).manifests

    assert [(m.path, m.names, m.locked) for m in found] == [(path, names, locked)]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Packages": 1}'], ids=["empty", "broken", "a list", "no table"])
def test_a_lock_without_packages_is_none(text: str) -> None:
    assert read({"renv.lock": text, "a.R": "x <- 1\n"}).manifests == ()


@given(st.text(alphabet="abf(){}[]'\"`#\\\n<-:,. ", max_size=300))
def test_reading_never_raises(text: str) -> None:
    read({"a.R": f"function({text}", "b.Rmd": text, "DESCRIPTION": f"Imports: {text}", "renv.lock": text})
