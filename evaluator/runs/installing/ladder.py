"""Which versions can the project be given: by its lock, as of its commit, as of today, or after repairs?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from evaluator.model import Record
from evaluator.runs.environment import Attempt, Departure
from evaluator.runs.installing.interpreters import Interpreter
from evaluator.runs.installing.uv import Asked, Refusal, Resolution, Uv
from evaluator.runs.installing.wanted import Line, Wanted

Strategy = Literal["lock", "as-of-commit", "as-of-today"]
_ROUNDS = 20
_CLASHES = 6
_SUSPECTS = 40
_UNKNOWN_NAME = re.compile(r"was not found in the (?:package registry|provided package locations)")
_WRONG_PYTHON = re.compile(r"no wheels with a matching Python|requires.python|Python>=|Python<|only supports? Python")


class Rung(Record):
    """One way to choose versions on one interpreter. ``newest``: see ``Asked``."""

    strategy: Strategy
    python: Interpreter
    newest: str | None = None
    constraints: tuple[str, ...] = ()


class Climbed(Record):
    """Versions that can be installed, by the first rung that held.

    Attributes:
        asked: The question that was answered. lines: What of the wanted is in it.
    """

    rung: Rung
    resolution: Resolution
    asked: Asked
    lines: tuple[Line, ...]
    attempts: tuple[Attempt, ...]
    departures: tuple[Departure, ...]


class Stuck(Record):
    """Nothing could be chosen, for a reason that is not in the requirements, or after everything was tried."""

    refusal: Refusal
    attempts: tuple[Attempt, ...]


@dataclass
class Ladder:
    """Climbs once.

    Attributes:
        moment: The commit's date, ISO 8601, clamped; None where there is none.
        pythons: Interpreters to try, the best first; never empty.
    """

    uv: Uv
    wanted: Wanted
    moment: str | None
    pythons: tuple[Interpreter, ...]
    attempts: list[Attempt] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)

    def climb(self) -> Climbed | Stuck:
        """Try every rung; where none holds, mend the lines that are at fault, and try again; at last without pins."""
        lines, rungs = self.wanted.lines, list(self._rungs())
        answer: Climbed | Refusal = Refusal(trouble="unsolvable", said="nothing was tried")
        for _ in range(_ROUNDS):
            answer = self._try(rungs, lines)
            if isinstance(answer, Climbed):
                return answer
            mended: tuple[Line, ...] | Refusal = self._mend(lines, answer) if answer.trouble == "unsolvable" else answer
            rungs = [r for r in rungs if r.python == self.pythons[0]]
            if isinstance(mended, Refusal):
                answer = mended
                break
            lines = mended
        if isinstance(answer, Refusal) and answer.trouble == "unsolvable":
            answer = self._try(rungs[-1:], self._without_pins(lines))
        return answer if isinstance(answer, Climbed) else Stuck(refusal=answer, attempts=tuple(self.attempts))

    def _try(self, rungs: list[Rung], lines: tuple[Line, ...]) -> Climbed | Refusal:
        """Return the first of ``rungs`` that holds, else why the last one on the best interpreter did not."""
        refusal = Refusal(trouble="unsolvable", said="nothing was tried")
        for rung in rungs:
            texts = tuple(line.text for line in lines)
            asked = Asked(lines=texts, constraints=rung.constraints, newest=rung.newest)
            answer = self.uv.resolve(asked, rung.python)
            self._note(rung, answer)
            if isinstance(answer, Resolution):
                return self._climbed(rung, answer, asked, lines)
            refusal = answer if rung.python == self.pythons[0] else refusal
            if answer.trouble != "unsolvable":
                return answer
            if _UNKNOWN_NAME.search(answer.said) and rung.strategy != "lock":
                break
        return refusal

    def _without_pins(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        for line in lines:
            if line.text != line.open_text:
                self._depart(line, "loosened", "tool", f"`{line.raw}` could not be brought together with the rest")
        return tuple(line.loose for line in lines)

    def _rungs(self) -> Iterator[Rung]:
        """Yield lock, commit's date, today: each on every interpreter before the next."""
        if self.wanted.locked:
            yield from (Rung(strategy="lock", python=p, constraints=self.wanted.locked) for p in self.pythons)
        if self.moment:
            yield from (Rung(strategy="as-of-commit", python=p, newest=self.moment) for p in self.pythons)
        yield from (Rung(strategy="as-of-today", python=p) for p in self.pythons)

    def _note(self, rung: Rung, answer: Resolution | Refusal) -> None:
        reason = answer.reason if isinstance(answer, Refusal) else ""
        manifest = self.wanted.lock if rung.strategy == "lock" else self.wanted.manifest
        version = ".".join(str(n) for n in rung.python.minor)
        self.attempts.append(Attempt(strategy=rung.strategy, python=version, manifest=manifest, reason=reason))

    def _climbed(self, rung: Rung, found: Resolution, asked: Asked, lines: tuple[Line, ...]) -> Climbed:
        return Climbed(
            rung=rung,
            resolution=found,
            asked=asked,
            lines=lines,
            attempts=tuple(self.attempts),
            departures=tuple(self.departures),
        )

    def _mend(self, lines: tuple[Line, ...], refusal: Refusal) -> tuple[Line, ...] | Refusal:
        """Return ``lines`` without what is at fault: first lines that fail alone, then versions that clash."""
        suspects = [line for line in lines if _mentioned(line.name, refusal.said)] or list(lines)
        fate: dict[str, Line | None] = {}
        for line in suspects[:_SUSPECTS]:
            mended = self._alone(line)
            if isinstance(mended, Refusal):
                return mended
            if mended != line:
                fate[line.text] = mended
        if not fate:
            fate = self._clash([s for s in suspects if s.text != s.open_text], lines, refusal)
        if not fate:
            return refusal
        held = (fate.get(line.text, line) for line in lines)
        return tuple(line for line in held if line is not None)

    def _ask(self, lines: tuple[str, ...], *, alone: bool = False) -> Resolution | Refusal:
        return self.uv.resolve(Asked(lines=lines, alone=alone), self.pythons[0])

    def _alone(self, line: Line) -> Line | Refusal | None:
        """Return ``line`` as it can be installed by itself: as it is, at another version, or not at all (None)."""
        answer = self._ask((line.text,))
        if isinstance(answer, Resolution):
            return line
        if answer.trouble != "unsolvable":
            return answer
        fault, why = self._fault(line, answer)
        # An older version than the code was written for would fail in it, and look like a fault of the code's.
        tries = (line.newer,) if fault == "tool" else (line.newer, line.open_text)
        for text in dict.fromkeys(tries) if not _UNKNOWN_NAME.search(answer.said) else ():
            again = self._ask((text,)) if text not in {"", line.text} else answer
            if isinstance(again, Resolution):
                self._depart(line, "loosened", fault, f"`{line.raw}` {why}; another version was taken")
                return msgspec.structs.replace(line, text=text)
            if again.trouble != "unsolvable":
                return again
        self._depart(line, "left-out", fault, f"`{line.raw}` {why}")
        return None

    def _fault(self, line: Line, refusal: Refusal) -> tuple[Literal["project", "machine", "tool"], str]:
        """Tell whose fault it is that ``line`` cannot be installed, and why, as the end of a sentence."""
        own = self._ask((line.text,), alone=True)
        version = ".".join(str(n) for n in self.pythons[0].minor)
        if isinstance(own, Resolution):
            if _WRONG_PYTHON.search(refusal.said):
                return "machine", f"needs something that has no wheel for Python {version}"
            return "tool", "needs something that exists as source alone, and nothing is built here"
        if _UNKNOWN_NAME.search(own.said):
            return ("tool", "is known to conda alone") if line.foreign else ("project", "is not known to the index")
        if _WRONG_PYTHON.search(own.said) or "platform tag" in own.said:
            return "machine", f"has no wheel for Python {version} on this platform"
        if "no usable wheels" in own.said:
            return "tool", f"has no wheel for Python {version}; it exists as source, and nothing is built here"
        return (
            ("tool", "has that version for conda alone") if line.foreign else ("project", "names no existing version")
        )

    def _clash(self, pinned: list[Line], lines: tuple[Line, ...], refusal: Refusal) -> dict[str, Line | None]:
        """Return which versions to give up so that the rest can be installed together: one if that does, else all."""
        fault: Literal["project", "machine"] = "machine" if _WRONG_PYTHON.search(refusal.said) else "project"
        for line in pinned[:_CLASHES]:
            rest = tuple(other.open_text if other == line else other.text for other in lines)
            if isinstance(self._ask(rest), Resolution):
                self._depart(line, "loosened", fault, f"`{line.raw}` cannot be installed beside the other requirements")
                return {line.text: line.loose}
        for line in pinned:
            self._depart(line, "loosened", fault, f"`{line.raw}` cannot be installed beside the other requirements")
        return {line.text: line.loose for line in pinned}

    def _depart(self, line: Line, what: str, fault: str, reason: str) -> None:
        """Record what became of ``line``; what is said of it last is what counts."""
        gone = {"requirement": line.raw, "name": line.name, "what": what, "fault": fault, "reason": reason}
        earlier = [d for d in self.departures if (d.requirement, d.at) == (line.raw, line.at)]
        self.departures = [d for d in self.departures if d not in earlier]
        fault = "project" if any(d.fault == "project" for d in earlier) else fault
        self.departures.append(msgspec.convert({**gone, "fault": fault, "at": line.at}, Departure))


def _mentioned(name: str, said: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", said) is not None
