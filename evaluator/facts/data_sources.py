"""Which data does the project use, and where do they come from?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.delivery import Delivery
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.prose import Prose
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

Origin = Literal["committed", "built-in", "fetched", "generated", "environment", "versioned", "described"]


class DataSource(Record):
    """One way by which data come in.

    Attributes:
        origin: ``committed`` in the tree and read by code; ``built-in``: a library brings them; ``fetched`` by code or a
            command of the project; ``generated`` by the project; ``environment``: experience from a simulation;
            ``versioned``: kept by DVC at a remote that may need rights; ``described`` by a link or command in a document.
        what: The file, call, command or address, at most 200 characters.
        sure: It is plain that these are what the project works on, and something that runs leads there.
        wired: Something that runs leads there; always true where nothing of the project is seen to run.
    """

    origin: Origin
    what: str
    at: Span
    sure: bool = True
    wired: bool = True


class Wanted(Record):
    """A file or folder that code reads. ``path``: what it is in the tree; None where the tree has no such thing."""

    name: str
    at: Span
    path: str | None = None


class DataSources(Fact):
    """All ways that were found, by origin and place.

    Attributes:
        wanted: What code reads, what it writes itself left out; by name.
        reads: Calls that read data of whatever name.
    """

    sources: tuple[DataSource, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    reads: int = 0

    @property
    def used(self) -> bool:
        """Whether the project works on data at all; a link in a document is no use."""
        origins = {s.origin for s in self.sources} - {"described", "environment"}
        return bool(self.wanted or self.reads or origins)

    def of(self, *origins: Origin) -> tuple[DataSource, ...]:
        """Return the sources of these origins."""
        return tuple(s for s in self.sources if s.origin in origins)


@provides(how="parsed")
def data_sources(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    code: Code | Missing,
    reach: Reach | Missing,
    notebooks: Notebooks | Missing,
    delivery: Delivery | Missing,
    prose: Prose | Missing,
) -> DataSources:
    """Follow the calls that read, fetch and make data, and compare what they name with the tree."""
    from evaluator.facts.datasets.found import find

    return find(snapshot, tree, modules, code=code, reach=reach, notebooks=notebooks, delivery=delivery, prose=prose)
