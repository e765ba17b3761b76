"""What fixes the version of the data that the project works on?"""

from __future__ import annotations

from typing import Literal

from evaluator.facts.code import Code
from evaluator.facts.data_sources import DataSources
from evaluator.facts.delivery import Delivery
from evaluator.facts.imported import Imported
from evaluator.facts.model_work import ModelWork
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.modules import Modules
from evaluator.facts.reach import Reach
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

How = Literal["dvc", "lfs", "checksum", "release", "named-release", "library", "unpinned-library", "seed", "dated"]


class Fixation(Record):
    """One thing that fixes a version, as far as it goes.

    Attributes:
        how: ``dvc`` (a pointer or lock with checksums), ``lfs``, ``checksum`` (compared after a download, or stated in the
            call), ``release`` (an address that stands for one version for good), ``named-release`` (a document names such
            an address), ``library`` (a library that checks what
            it fetches, or one of a pinned version that holds the data), ``unpinned-library``, ``seed`` (the project makes
            the data by chance from a fixed seed), ``dated`` (an address names month or day).
        what: The file, call or address, at most 200 characters.
    """

    how: How
    what: str
    at: Span


class Unfixed(Record):
    """A source of data whose version nothing fixes."""

    what: str
    at: Span


class DataVersions(Fact):
    """All that fixes a version, by kind and place.

    Attributes:
        loose: Sources by which data come in without a version, for certain; at most 50.
    """

    fixed: tuple[Fixation, ...] = ()
    loose: tuple[Unfixed, ...] = ()

    def by(self, *ways: str) -> tuple[Fixation, ...]:
        """Return what is fixed in one of these ways."""
        return tuple(f for f in self.fixed if f.how in ways)


@provides()
def data_versions(
    snapshot: Snapshot,
    tree: Tree,
    modules: Modules,
    code: Code,
    reach: Reach,
    sources: DataSources,
    work: ModelWork | Missing,
    imported: Imported | Missing,
    packaging: Packaging | Missing,
    delivery: Delivery | Missing,
) -> DataVersions:
    """Read pointers and locks, follow checksums to where they are compared, and look at the addresses of sources."""
    from evaluator.facts.datasets.versions import Known, find

    known = Known(tree=tree, code=code, reach=reach, sources=sources)
    return find(snapshot, modules, known, work=work, imported=imported, packaging=packaging, delivery=delivery)
