"""Which part of a notebook cell is Python, line for line?

A cell may hold what only IPython understands: ``%magics``, ``!shell`` lines, ``?help``, or a ``%%cell`` magic that hands
the whole body to another language. Source: https://ipython.readthedocs.io/en/stable/interactive/magics.html
"""

from __future__ import annotations

import ast
import re

from evaluator.facts.python.parsing import Parsed, parse

_RUNS_PYTHON = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "debug", "python", "python3", "pypy"}
)
_LINE_RUNS_PYTHON = frozenset({"time", "timeit", "prun", "memit", "lprun"})
_SHELL_WORDS = frozenset(
    {"pip", "pip3", "conda", "mamba", "cd", "ls", "ll", "cat", "cp", "mv", "rm", "mkdir", "rmdir", "pwd", "head", "git"}
)
_MAGIC = re.compile(r"^(?P<indent>\s*)(?P<bind>[\w., ]+=\s*)?(?P<mark>%|!|\?)(?P<rest>.*)$")
_OPTION = re.compile(r"^(?:-\w+(?:\s+\d+|\d+)?\s+)*")


def python_of(source: str) -> Parsed | None:
    """Return the syntax tree of a code cell with its magics blanked and its line numbers kept.

    None where a cell magic hands the body to something other than Python (``%%bash``, ``%%html``, ``%%writefile``).
    """
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Parsed(ast.Module(body=[], type_ignores=[]))
    if lines[first].lstrip().startswith("%%"):
        magic = lines[first].strip()[2:].split(None, 1)
        if not magic or magic[0] not in _RUNS_PYTHON:
            return None
        lines[first] = ""
    as_it_is = parse("\n".join(lines))
    if as_it_is.tree is not None:
        return as_it_is
    without = [_blanked(line) for line in lines]
    again = parse("\n".join(without))
    if again.tree is not None:
        return again
    last = parse("\n".join(_without_shell_words(line) for line in without))
    return last if last.tree is not None else as_it_is


def _blanked(line: str) -> str:
    """Return ``line`` without its magic; ``%time f(x)`` keeps ``f(x)``, ``a = !ls`` keeps ``a``."""
    found = _MAGIC.match(line)
    if found is None:
        bare = line.rstrip()
        helped = bare.endswith("?") and not bare.lstrip().startswith("#")
        return line[: len(line) - len(line.lstrip())] + "pass" if helped else line
    indent, bind, mark, rest = found["indent"], found["bind"], found["mark"], found["rest"]
    if mark == "%":
        word, _, argument = rest.partition(" ")
        if word in _LINE_RUNS_PYTHON and argument.strip():
            return f"{indent}{bind or ''}{_OPTION.sub('', argument.strip())}"
    return f"{indent}{bind}None" if bind else f"{indent}pass"


def _without_shell_words(line: str) -> str:
    """Return ``line``, or ``pass`` where it is a bare shell command that IPython's automagic would run."""
    words = line.split()
    if len(words) > 1 and words[0] in _SHELL_WORDS and words[1][0] not in "=.([:,":
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line
