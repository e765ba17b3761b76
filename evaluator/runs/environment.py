"""Can the project's environment be built from its own manifests?"""

from __future__ import annotations

from typing import Literal

import msgspec

from evaluator.model import Fact, Record, Span


class Attempt(Record):
    """One rung of the ladder: what was tried, and how it ended.

    Attributes:
        strategy: ``as-of-commit`` or ``as-of-today`` or ``lock``; which versions open requirements may take.
        python: ``3.11`` …
        reason: Why it failed, one line; empty when it did not.
    """

    strategy: Literal["lock", "as-of-commit", "as-of-today"]
    python: str
    manifest: str
    reason: str = ""


class Departure(Record):
    """One declared requirement that the environment does not hold as it was declared.

    Attributes:
        requirement: As written. name: Of the distribution; empty where none could be read.
        what: ``left-out``, ``loosened`` (another version than declared) or ``replaced`` (written otherwise).
        fault: ``project`` (nobody could install it as declared), ``machine`` (another interpreter or platform might)
            or ``tool`` (an installer that builds source archives, or asks other addresses, might).
        reason: One sentence.
        missed: Imports that stay unmet for lack of it: those it provides, or whose distribution it may have meant.
    """

    requirement: str
    name: str
    what: Literal["left-out", "loosened", "replaced"]
    fault: Literal["project", "machine", "tool"]
    reason: str
    at: Span | None = None
    missed: tuple[str, ...] = ()


class Environment(Fact):
    """An environment that was built, or was given by the caller.

    Attributes:
        python: Absolute path, inside the sandbox, of the interpreter to start.
        version: ``3.11.7``.
        folders: For ``RunRequest.read_only``: interpreter and environment. Never part of the report.
        strategy: How open versions were chosen; ``given`` for ``--env``.
        installed: Distribution name → version, sorted.
        repairs: What had to be changed in the declared requirements, one sentence each, in order.
        repaired_for_candidate: How many of them are the project's own fault (others are ours or the platform's).
        unmet: Imports of the project that nothing installed provides.
        manifest: Path of the manifest it was built from; empty where only imports were known.
        departures: What of the declared requirements is not there as declared, in the order of the manifest.
        own: Distributions that are ours, added for the runs; the project asks for none of them.
    """

    python: str
    version: str
    folders: dict[str, str]
    strategy: Literal["lock", "as-of-commit", "as-of-today", "given"]
    installed: dict[str, str]
    attempts: tuple[Attempt, ...] = ()
    repairs: tuple[str, ...] = ()
    repaired_for_candidate: int = 0
    unmet: tuple[str, ...] = ()
    manifest: str = ""
    departures: tuple[Departure, ...] = ()
    own: tuple[str, ...] = ()

    def kept(self) -> Environment:
        """Return it without the places of this machine."""
        return msgspec.structs.replace(self, python="", folders={})
