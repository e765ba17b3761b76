"""Which tests touch how data are prepared, or how a model behaves?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.python.modules import Modules
from evaluator.facts.r_work import RWork
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class Case(Record):
    """One test function that pytest collects and that can fail.

    Attributes:
        name: Qualified name within its module.
        touches: ``model`` (something that trains, asks, scores or is a model), ``data`` (something that reads or changes
            rows, text or images), ``other`` (the project's own, but neither), ``nothing`` of the project's own.
        by: What of the project it comes to, as a person would name it; empty where nothing.
        double: What stands for the model while it runs; empty where the real thing does.
        requests: It sends a request to an address that the project answers.
    """

    name: str
    at: Span
    touches: Literal["model", "data", "other", "nothing"]
    by: str = ""
    double: str = ""
    requests: bool = False


class Tested(Fact):
    """All of them, by path and line.

    ``subjects``: places in the project's own code where there is a model or data to be tested, at most 20.
    ``elsewhere``: where there are none, files of other languages that handle data or a model; ``tests_elsewhere``: their
    tests, which are not read.
    """

    cases: tuple[Case, ...] = ()
    subjects: tuple[Span, ...] = ()
    elsewhere: tuple[str, ...] = ()
    tests_elsewhere: tuple[str, ...] = ()


@provides()
def tested(snapshot: Snapshot, modules: Modules, code: Code, reach: Reach, tree: Tree, r: RWork) -> Tested:
    """Follow what each test calls to the calls of libraries that handle data and models."""
    from evaluator.facts.r.adding import to_tested
    from evaluator.facts.testing.found import find

    return to_tested(find(snapshot, modules, code, reach, tree), r)
