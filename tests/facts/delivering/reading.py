"""Reads delivery files that tests write down."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.facts.delivering.reading import delivery
from evaluator.facts.delivery import Command, Delivery, Dockerfile, Workflow
from evaluator.facts.prose import prose
from evaluator.facts.tree import tree
from evaluator.model import Missing, Subject
from evaluator.source.snapshot import Snapshot


def read(files: Mapping[str, str | bytes], *, ref: str | None = None) -> Delivery:
    """Return the delivery fact of the project that consists of ``files``."""
    snapshot = Snapshot.of(files, subject=Subject(source="local", name="project", ref=ref))
    listed = tree(snapshot)
    return delivery(snapshot, listed, prose(snapshot, listed, Missing(fact="Notebooks", cause="not-found")))


def image(files: Mapping[str, str | bytes]) -> Dockerfile:
    """Return the one Dockerfile among ``files``."""
    (found,) = read(files).dockerfiles
    return found


def pipeline(path: str, text: str, *, ref: str | None = None, **others: str) -> Workflow:
    """Return the one CI file at ``path``; ``others``: further files, ``__`` for a slash and ``_`` before the suffix."""
    more = {name.replace("__", "/"): content for name, content in others.items()}
    return next(w for w in read({path: text, **more}, ref=ref).workflows if w.path == path)


def shown(commands: tuple[Command, ...]) -> list[str]:
    """Return the commands as text, with what is wrong with them behind."""
    return [" ".join(c.argv) + (f" [{c.disarmed}]" if c.disarmed else "") for c in commands]
