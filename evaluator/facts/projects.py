"""Which projects does the repository hold, where it holds several?"""

from __future__ import annotations

from evaluator.facts.python.modules import Modules
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Record
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

MOST = 20
"""Projects of one repository that are judged apart: those with the most code."""


class Project(Record):
    """One of several projects.

    Attributes:
        path: Its folder. why: By what it is taken for a project of its own, for a person.
        code: Characters of its own code; of a notebook those of its code cells.
        borrows: Code beside the projects that is its too, as files and folders: what it imports, and tests that import it.
    """

    path: str
    why: str
    code: int
    borrows: tuple[str, ...] = ()


class Projects(Fact):
    """The projects of a repository that holds several; empty where it holds one, which is the usual case.

    A project among others is a folder with code of its own and a README or manifest of its own, or one that the
    repository's README presents as a project; its name says which problem it works on; and nothing ties it to another:
    no import, no declared dependency, no common compose file, no data that both read. What stands beside the projects is
    small. In doubt there is one project: to judge a part of a project as if it were all is worse than to judge two
    projects as one.

    Attributes:
        items: At most ``MOST``, by path. more: How many there are beyond them, the smallest; they are not judged.
        main: The path of the one that stands for the repository: the one with the most code of its own.
        apart: Folders of all projects, those beyond ``MOST`` too.
        shared: What lies beside them and is no code, as files and folders of the top: it counts for every project.
    """

    items: tuple[Project, ...] = ()
    main: str = ""
    more: int = 0
    apart: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@provides(how="read")
def projects(snapshot: Snapshot, tree: Tree, modules: Modules) -> Projects:
    """Tell projects from parts of one. Files are read only where at least two folders look like projects."""
    from evaluator.facts.portfolio.telling import tell

    return tell(snapshot, tree, modules)
