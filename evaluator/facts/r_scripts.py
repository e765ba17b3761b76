"""What do the project's scripts in R hold, and what do they need?"""

from __future__ import annotations

from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class RPackage(Record):
    """A package that a script attaches or calls into (``library(x)``, ``x::f``), where it does so first."""

    name: str
    at: Span


class RScript(Record):
    """One R file, or the code of one R Markdown document.

    Attributes:
        top, inner: Lines of code outside and inside of function bodies.
        functions: How many it defines.
        packages: What it needs beyond R itself, by name.
        installs: Packages that it installs itself.
        sources: Paths of the project's scripts that it sources.
        document: It is an R Markdown document.
    """

    path: str
    top: int
    inner: int
    functions: int
    packages: tuple[RPackage, ...] = ()
    installs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    document: bool = False


class RManifest(Record):
    """A file that declares R packages: ``DESCRIPTION``, or a lock of renv or packrat. ``locked``: with exact versions."""

    path: str
    names: tuple[str, ...]
    locked: bool


class RScripts(Fact):
    """All of both, by path; tests, vendored and generated files left out."""

    scripts: tuple[RScript, ...] = ()
    manifests: tuple[RManifest, ...] = ()

    @property
    def needs(self) -> tuple[RPackage, ...]:
        """Every package that is needed, once, by name."""
        first: dict[str, RPackage] = {}
        for script in self.scripts:
            for package in script.packages:
                first.setdefault(package.name, package)
        return tuple(first[name] for name in sorted(first))


@provides(how="parsed")
def r_scripts(snapshot: Snapshot, tree: Tree) -> RScripts:
    """Read at most 300 scripts, each without its comments and strings where those do not matter."""
    from evaluator.facts.r_language.reading import read_all

    return read_all(snapshot, tree)
