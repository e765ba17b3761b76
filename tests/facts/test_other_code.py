"""Are the lines of other languages counted by where they stand, and are other people's left out?"""

from __future__ import annotations

import pytest

from evaluator.facts.other_code import OtherFile
from tests.facts.programs import program

JAVA = """package a;
import b.C;
public class A {
  private int n;
  /* a comment */
  public int f(int x) {
    int y = x + n;
    return y;
  }
  public static void main(String[] a) {
    System.out.println(1);
  }
}
"""
JULIA = """using A
x = load(1)
function f(y)
    for z in y
        g(z)
    end
    return y
end
h(a) = a + 1
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("A.java", JAVA, ("Java", 2, 3, 1), id="Java: main is no function to use"),
        pytest.param("a.go", "package a\nfunc f(x int) int {\n\treturn x\n}\n", ("Go", 0, 2, 1), id="Go"),
        pytest.param("a.jl", JULIA, ("Julia", 1, 5, 2), id="Julia"),
        pytest.param("a.rb", "x = 1\ndef f(y)\n  y + 1\nend\n", ("Ruby", 1, 2, 1), id="Ruby"),
    ],
)
def test_lines_by_place(path: str, text: str, expected: tuple[str, int, int, int]) -> None:
    language, top, inner, functions = expected

    assert program({path: text}).other.files == (
        OtherFile(path=path, language=language, top=top, inner=inner, functions=functions),
    )


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"static/page.js": "load(1);\n"}, id="the script of a page"),
        pytest.param({"package.json": "{}", "vite.config.js": "export default { a: 1 }\n"}, id="settings"),
        pytest.param({"third_party/a.java": JAVA}, id="other people's"),
        pytest.param({"tests/A.java": JAVA}, id="tests"),
        pytest.param({"a.java": ""}, id="empty"),
        pytest.param({"a.cpp": "// int f() { return 1; }\n"}, id="comments"),
        pytest.param({"a.java": "x" * 300_000}, id="too large"),
        pytest.param({"a.py": "x = 1\n", "b.R": "x <- 1\n"}, id="Python and R are read elsewhere"),
    ],
)
def test_what_is_left_out(files: dict[str, str]) -> None:
    assert program(files).other.files == ()


@pytest.mark.parametrize("suffix", ["java", "cpp", "go", "rs", "jl", "php", "kt", "scala", "swift", "rb", "cs", "c"])
def test_nothing_that_is_read_raises(suffix: str) -> None:
    for text in ("{" * 5_000, "function " * 500, "\0\ufffd\"'", "class A {{{ }} (", "end\n" * 500):
        assert program({f"a.{suffix}": text}).other.left_out <= 1
