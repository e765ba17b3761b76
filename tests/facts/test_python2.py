"""Is text in Python 2 read as what it would be today, and is text that is neither left alone?"""

from __future__ import annotations

import ast
import time

import pytest

from evaluator.facts.python.parsing import parse
from evaluator.facts.python.python2 import LIMIT, modernised
from tests.facts.programs import program


@pytest.mark.parametrize(
    ("source", "today"),
    [
        pytest.param("print 'a'", "print('a')", id="print"),
        pytest.param("print 'a', b,", "print('a', b)", id="print with a comma at the end"),
        pytest.param("print 'a'\nprint", "print('a')\nprint()", id="print alone"),
        pytest.param("print ('a'), b", "print('a', b)", id="print with brackets around its first"),
        pytest.param("print('%s' % a)  # b", "print('%s' % a)", id="print with brackets around all"),
        pytest.param("print '%d' % (a)", "print('%d' % a)", id="print of a format"),
        pytest.param("print >>f, 'a', b", "print('a', b, file=f)", id="print to a file"),
        pytest.param("print >> sys.stderr, 'a %s' % (b,)", "print('a %s' % (b,), file=sys.stderr)", id="print to the errors"),
        pytest.param("print >>f", "print(file=f)", id="print of a line's end to a file"),
        pytest.param("if a: print 'b'; c()", "if a:\n    print('b')\n    c()", id="print on the line of an if"),
        pytest.param("print f(a,\n        b)", "print(f(a, b))", id="print over two lines"),
        pytest.param("print 'a' \\\n    'b'", "print('ab')", id="print over a continued line"),
        pytest.param('print """a\nprint b"""', "print('a\\nprint b')", id="print of text that has print in it"),
        pytest.param("print [a for a in b if a], lambda: c", "print([a for a in b if a], lambda: c)", id="print with a lambda"),
        pytest.param("try:\n    a()\nexcept E, e:\n    b()", "try:\n    a()\nexcept E as e:\n    b()", id="except"),
        pytest.param("try:\n    a()\nexcept (E, F), e: b()", "try:\n    a()\nexcept (E, F) as e:\n    b()", id="except of several"),
        pytest.param("raise E, 'a'", "raise E('a')", id="raise"),
        pytest.param("raise a[0], None, b", "raise a[0](None, b)", id="raise with a trace"),
        pytest.param("exec a in b", "exec(a, b)", id="exec"),
        pytest.param("a = 0777 + 10L + 0.001", "a = 511 + 10 + 0.001", id="numbers"),
        pytest.param("if a <> b: c = `d`", "if a != b:\n    c = repr(d)", id="signs"),
        pytest.param("a = ur'\\w'", "a = '\\\\w'", id="raw unicode"),
        pytest.param("f(async=True, g=a.async)", "f(async_=True, g=a.async_)", id="names that are keywords since"),
        pytest.param("if a:\n\tif b:\n        \tprint c", "if a:\n    if b:\n        print(c)", id="tabs and blanks"),
    ],
)  # fmt: skip
def test_modernised(source: str, today: str) -> None:
    tree = modernised(source)

    assert tree is not None
    assert ast.unparse(tree) == today


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("print 'a'\nx = f'{b}'", id="an f-string"),
        pytest.param("print 'a'\nx: int = 1", id="an annotation"),
        pytest.param("print 'a'\ndef f(x) -> int: pass", id="an annotated function"),
        pytest.param("print 'a'\nprint('b', end='')", id="print with an argument of today"),
        pytest.param("print 'a'\nasync def f(): pass", id="a coroutine"),
        pytest.param("def f(:\n    pass", id="no Python at all"),
        pytest.param("x = 1\n<<<<<<< HEAD\n", id="a conflict"),
        pytest.param("print 'a", id="text that does not end"),
        pytest.param("The model is good, print it", id="prose"),
        pytest.param("def f((a, b)):\n    pass", id="a form that is not rewritten"),
    ],
)
def test_text_of_neither(source: str) -> None:
    assert modernised(source) is None
    assert parse(source).tree is None


def test_lines_and_the_error_are_kept() -> None:
    source = "import sklearn.metrics\n\ndef f(a, b):\n    print sklearn.metrics.f1_score(a, b)\n"
    made = program({"a.py": source}).module("a.py")

    assert sorted((c.name, c.at.start) for c in made.calls) == [("print", 4), ("sklearn.metrics.f1_score", 4)]
    assert (made.error or "").startswith("python 2: ")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("print " * (LIMIT // 7), id="print"),
        pytest.param("'''\\" * (LIMIT // 5), id="quotes"),
        pytest.param("`" * (LIMIT - 1), id="backticks"),
        pytest.param("print a, " * (LIMIT // 10) + "\n", id="commas"),
        pytest.param("x" * (LIMIT + 1) + " y", id="too long"),
    ],
)
def test_it_is_bounded(source: str) -> None:
    begun = time.perf_counter()
    modernised(source)

    assert time.perf_counter() - begun < 5
