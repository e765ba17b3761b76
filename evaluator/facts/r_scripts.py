"""What do the project's scripts in R hold, and what do they need?"""

from __future__ import annotations

from evaluator.facts.r_work import RFile, RPackage, RWork
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class RScript(Record):
    """One R file, or the code of one document or notebook.

    Attributes:
        top, inner: Statements outside and inside of functions that bear a name.
        functions: How many it defines.
        packages: What it needs beyond R itself, by name.
        installs: Packages that it installs itself.
        sources: Paths of the project's scripts that it sources.
        document: It is a document or a notebook.
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


@provides()
def r_scripts(snapshot: Snapshot, tree: Tree, r: RWork) -> RScripts:
    """Take the scripts as ``facts.r_work`` has read them, and read what declares their packages."""
    from evaluator.facts.r.manifests import manifests

    scripts = tuple(_script(file, r) for file in r.files if not file.is_test)
    return RScripts(scripts=scripts, manifests=tuple(manifests(snapshot, tree)) if scripts else ())


def _script(file: RFile, r: RWork) -> RScript:
    return RScript(
        path=file.path,
        top=file.top_statements,
        inner=file.inner_statements,
        functions=file.functions,
        packages=tuple(p for p in r.packages if p.at.path == file.path and not p.tests_only),
        installs=tuple(sorted({p.name for p in r.installs if p.at.path == file.path})),
        sources=file.sources,
        document=file.kind != "script",
    )
