"""Whose work is it: by how many people, with what help, since when, and from which template or original?"""

from __future__ import annotations

from evaluator.facts.code import Code
from evaluator.facts.history import History
from evaluator.facts.prose import Prose
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot


class Assistance(Record):
    """How many commits name ``tool`` in a trailer or signature, or as their author."""

    tool: str
    commits: int


class Copied(Record):
    """Text of a known template or tutorial that stands here as it came.

    Attributes:
        name: What it is from. kind: ``template`` (a start to be filled in) or ``tutorial`` (code to learn from).
        pieces: How many of its known sentences were found. of: How many are known.
    """

    name: str
    kind: str
    pieces: int
    of: int
    at: Span


class Original(Record):
    """A sign that there is an original elsewhere.

    Attributes:
        what: Its address without scheme, or the words that say so, at most 200 characters.
        how: ``said`` in a document, or ``merged`` in a commit's message.
    """

    what: str
    how: str
    at: Span | None = None


class Provenance(Fact):
    """Plain figures; nothing of it is weighed, and nothing in it says who or at what time of day.

    Attributes:
        commits: Commits looked at, the newest of ``History``; merges included.
        people: Authors that are no automata; the same e-mail address, the same name, and a forge's login that is also a
            name count as one person.
        names: Authors before they were merged, automata included.
        main: Share of the commits of people that are the main author's, 0–1; None without any.
        bots: Commits by automata.
        assisted: Commits that name a tool which writes code; ``assistance`` says which, the most frequent first.
        first, last: Dates of the oldest and newest commit looked at, ISO 8601, UTC, without a time; None without any.
        days: Different dates with commits.
    """

    commits: int
    people: int
    names: int
    main: float | None = None
    bots: int = 0
    assisted: int = 0
    assistance: tuple[Assistance, ...] = ()
    first: str | None = None
    last: str | None = None
    days: int = 0
    originals: tuple[Original, ...] = ()
    copied: tuple[Copied, ...] = ()

    @property
    def assisted_share(self) -> float | None:
        """Share of the commits that name a tool; None without any."""
        return round(self.assisted / self.commits, 4) if self.commits else None


@provides(how="read")
def provenance(
    snapshot: Snapshot, history: History, tree: Tree, prose: Prose | Missing, code: Code | Missing
) -> Provenance | Missing:
    """Read names, dates and trailers of the newest commits once; compare texts with the kept marks of templates."""
    from evaluator.facts.commits.authorship import read
    from evaluator.facts.commits.copies import copies
    from evaluator.facts.commits.originals import originals

    documents = () if isinstance(prose, Missing) else prose.documents
    modules = () if isinstance(code, Missing) else code.modules
    return read(
        snapshot,
        history,
        originals=originals(snapshot, history, documents),
        copied=copies(snapshot, tree, documents, modules),
    )
