"""How is a text of R taken apart: words, calls, assignments, functions, and what is never run?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.r.reading import Program, mentions, read
from evaluator.facts.r.tokens import tokens


def calls(text: str) -> list[str]:
    return [f"{c.package}::{c.name}" if c.package else c.name for c in read(text).calls if not c.dead]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("x <- 'it''s' # no", ["x", "<-", "it", "s"], id="strings and a comment"),
        pytest.param('r"(lm(x) "quoted")"', ['lm(x) "quoted"'], id="raw string"),
        pytest.param('R"--{a}-}--"', ["a}-"], id="raw string with dashes"),
        pytest.param("`my var` + .5e-3L", ["my var", "+", ".5e-3L"], id="quoted name and number"),
        pytest.param("a %in% b |> f()", ["a", "%in%", "b", "|>", "f", "(", ")"], id="operators"),
        pytest.param('"open', ["open"], id="a string without its end"),
        pytest.param("mañana_2 <- 1", ["mañana_2", "<-", "1"], id="names beyond ASCII"),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert [t.text for t in tokens(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("caret::train(y ~ ., d)", ["caret::train"], id="package"),
        pytest.param("# lm(x)\n'lm(x)'", [], id="comment and string"),
        pytest.param("if (FALSE) { lm(y) }\nif (F) glm(y)", [], id="never run"),
        pytest.param("if (FALSE) lm(y) else glm(y)", ["glm"], id="the other branch"),
        pytest.param("if (a)\n  f()\nelse if (b) g() else\n  h()", ["f", "g", "h"], id="chain of branches"),
        pytest.param("d %>%\n  f() %>%\n  g(x = h(1))", ["f", "g", "h"], id="pipe over lines"),
        pytest.param("for (i in 1:3) for (j in k()) l(i)", ["k", "l"], id="loops in one line"),
        pytest.param("repeat { f(); break }", ["f"], id="repeat"),
        pytest.param("sapply(x, function(v) f(v))\nsapply(x, \\(v) g(v))", ["sapply", "f", "sapply", "g"], id="functions without a name"),
        pytest.param("m$train(task)", ["$::train"], id="method"),
        pytest.param("f(\n  a,\n  g(b)\n)", ["f", "g"], id="over lines"),
        pytest.param("x[[f(1)]][g(2)]", ["f", "g"], id="in an index"),
        pytest.param("f(a))\ng(b)", ["f", "g"], id="a bracket too many"),
        pytest.param("f(a, g(b)", ["f", "g"], id="a bracket too few"),
        pytest.param("function(x) lm(x)", ["lm"], id="a body without braces"),
    ],
)  # fmt: skip
def test_calls(text: str, found: list[str]) -> None:
    assert calls(text) == found


@pytest.mark.parametrize(
    ("text", "target", "partial"),
    [
        pytest.param("x <- f()", "x", False, id="arrow"),
        pytest.param("x = f()", "x", False, id="equals"),
        pytest.param("f() -> x", "x", False, id="to the right"),
        pytest.param("x <<- f()", "x", False, id="into the session"),
        pytest.param("x$a[is.na(x$a)] <- f()", "x", True, id="a part"),
        pytest.param('assign("x", f())', "x", False, id="by assign"),
        pytest.param("x %<>% f()", "x", True, id="in place"),
        pytest.param("f(x = 1)", "", False, id="an argument is none"),
        pytest.param("if (a == b) f()", "", False, id="a comparison is none"),
    ],
)
def test_assignments(text: str, target: str, partial: bool) -> None:
    step = read(text).steps[0]

    assert (step.target, step.partial) == (target, partial)


def test_functions_hold_their_statements() -> None:
    program = read("f <- function(a, b = 2) {\n  x <- a\n  g(x)\n}\nh <- \\(y) g(y)\nf(1)")

    assert [(f.name, f.parameters, f.steps) for f in program.functions] == [("f", ("a", "b"), 2), ("h", ("y",), 1)]
    assert [(c.name, c.scope) for c in program.calls] == [("g", "f"), ("g", "h"), ("f", "")]


def test_arguments_by_name_and_position() -> None:
    call = next(iter(read("train(y ~ ., data = d, method = 'rf')").calls))

    assert [(a.name, a.text) for a in call.args] == [(None, "y~."), ("data", "d"), ("method", '"rf"')]
    assert call.given("data", at=1) is call.args[1]


def test_mentions_are_variables_that_are_read() -> None:
    step = read("f(a, n = b$c, y ~ z, pkg::d, 'e')[g(h)]").steps[0]

    assert sorted(mentions(step.value)) == ["a", "b", "h"]


def test_lines_are_those_of_the_text() -> None:
    program = read('a <- "x\ny"\n\nf(\n 1)\n')

    assert [(c.line, c.end) for c in program.calls] == [(4, 5)]


PIECES = ["lm(", ")", "{", "}", "[", "[[", "]", "x", "<-", "=", "->", "if", "(", "FALSE", "else", "for", "in", "function", "\\", "%>%", "\n", ";", '"', "'", "`", "#", "::", "$", "~", ",", 'r"(', "1e5", "repeat", "while", "é", "\x00"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=80).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_nothing_makes_it_fail(text: str) -> None:
    assert isinstance(read(text), Program)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    lines = text.count("\n") + 1

    assert all(1 <= call.line <= call.end <= lines for call in read(text).calls)


@pytest.mark.parametrize("piece", ["(", "if(a)", "f(", "x<-", "function(x)", '"', "[[", "{", "f() %>% ", "a\n"])
def test_deep_texts_are_bounded(piece: str) -> None:
    assert isinstance(read(piece * 9_000), Program)
