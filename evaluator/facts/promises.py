"""What do the documents say that the project has, and is it there?"""

from __future__ import annotations

from evaluator.facts.claims import Claims
from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class Promise(Record):
    """One thing that a document says is there, where that can be checked.

    Attributes:
        about: What is promised: ``tests``, ``a container image``, ``src/train.py``.
        said: The sentence or piece that promises it first, at most 300 characters.
        at: Where it stands.
        kept: It was found.
        shown: What shows it, at most 200 characters; empty where it was not found.
        seen: Where that stands; None where no single place does.
        looked_for: What was looked for, in a few words.
    """

    about: str
    said: str
    at: Span
    kept: bool
    shown: str = ""
    seen: Span | None = None
    looked_for: tuple[str, ...] = ()


class Promises(Fact):
    """All promises that can be checked: things first, then files and commands, then measures; each once."""

    items: tuple[Promise, ...] = ()


@provides()
def promises(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    prose: Prose,
    code: Code,
    reach: Reach,
    claims: Claims | Missing,
    delivery: Delivery | Missing,
    packaging: Packaging | Missing,
) -> Promises:
    """Read what documents state about the present, and look for it in code that runs, files, settings and commands."""
    from evaluator.facts.promising.found import find
    from evaluator.facts.promising.shown import Ground

    ground = Ground(
        snapshot,
        tree,
        modules,
        code,
        reach,
        delivery=None if isinstance(delivery, Missing) else delivery,
        packaging=None if isinstance(packaging, Missing) else packaging,
    )
    return find(prose, ground, None if isinstance(claims, Missing) else claims)
