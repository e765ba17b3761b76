"""Which signals and fact providers are declared, and what does each need?"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, ParamSpec, TypeVar

from evaluator.model import Answer, Fact, Missing

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
How = Literal["read", "parsed", "ran"]
Effort = Literal["minutes", "hour", "day"]
_ID = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*")


@dataclass(frozen=True, kw_only=True)
class Signal(Generic[P]):
    """A question about a project, and the pure function that answers it.

    Attributes:
        id: ``category.noun-phrase``; never renamed.
        levels: For questions of kind: the answers, worst first; ``Measured.value`` is an index into it.
        remedy: What to do, one or two sentences. ``command``: a line that does it, where one exists.
        sources: Keys into ``rubrics/sources.yaml``: where the idea comes from.
        limits: What it cannot see or is not asked.
        stage: A ``trial`` signal is shown and may not be weighed; a ``retired`` id still resolves.
        scope: Of what it is asked where a repository holds several projects: for the whole, a question about a
            ``project`` takes the main project's answer; one about the ``repository`` is asked of all that is in it.
    """

    id: str
    title: str
    question: str
    looks_at: str
    remedy: str
    sources: tuple[str, ...]
    limits: str
    command: str | None = None
    effort: Effort = "hour"
    levels: tuple[str, ...] = ()
    stage: Literal["trial", "stable", "retired"] = "stable"
    scope: Literal["project", "repository"] = "project"
    check: Callable[P, Answer]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Answer:
        return self.check(*args, **kwargs)

    @property
    def category(self) -> str:
        return self.id.partition(".")[0]

    @property
    def law(self) -> str:
        """First line of the check's docstring: what the value is."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]

    @cached_property
    def needs(self) -> dict[str, tuple[type[Fact], bool]]:
        """Parameter name → (fact type, whether the signal also accepts its absence)."""
        return _needs(self.check, only=Fact)


@dataclass(frozen=True, kw_only=True)
class Provider(Generic[P, R]):
    """A function that establishes one kind of fact from other facts and from ports.

    Attributes:
        executes_project: It runs the candidate's code, and is asked only where that is permitted.
        waits: It mostly waits for a tool of ours, so other providers go on beside it.
        how: How the fact was come by; a signal inherits the strongest of its facts.
    """

    makes: type[Fact]
    run: Callable[P, R]
    executes_project: bool = False
    waits: bool = False
    how: How = "parsed"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.run(*args, **kwargs)

    @property
    def about(self) -> str:
        """What it is busy with, in a few words: the fact's name, spelt out."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.makes.__name__).lower()

    @cached_property
    def needs(self) -> dict[str, tuple[type[Any], bool]]:
        """Parameter name → (fact or port type, whether its absence is accepted)."""
        return _needs(self.run, only=object)


def signal(**meta: Any) -> Callable[[Callable[P, Answer]], Signal[P]]:
    """Declare the decorated function as a signal. Registers nothing; see :func:`collect`.

    Raises:
        TypeError: The id is malformed, or a parameter is not annotated with exactly one kind of fact.
    """

    def wrap(check: Callable[P, Answer]) -> Signal[P]:
        made: Signal[P] = Signal(check=check, **meta)
        if not _ID.fullmatch(made.id):
            raise TypeError(f"{made.id!r}: an id is category.noun-phrase in lower case")
        made.needs  # noqa: B018 - a bad signature is an error at import, not in a run
        return made

    return wrap


def provides(
    *, executes_project: bool = False, waits: bool = False, how: How = "parsed"
) -> Callable[[Callable[P, R]], Provider[P, R]]:
    """Declare the decorated function as the provider of the fact that it returns.

    Raises:
        TypeError: The return annotation does not name exactly one kind of fact.
    """

    def wrap(run: Callable[P, R]) -> Provider[P, R]:
        returned = typing.get_type_hints(run)["return"]
        makes = [t for t in _members(returned) if t is not Missing]
        if len(makes) != 1 or not issubclass(makes[0], Fact):
            raise TypeError(f"{_name(run)}: must return one kind of Fact, or Missing")
        return Provider(
            makes=makes[0],
            run=run,
            executes_project=executes_project,
            waits=waits,
            how="ran" if executes_project else how,
        )

    return wrap


def collect(modules: typing.Iterable[types.ModuleType], kind: type[T]) -> Iterator[T]:
    """Yield what ``modules`` declare, by module and then in the order of declaration, each once."""
    seen: set[int] = set()
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, kind) and id(value) not in seen:
                seen.add(id(value))
                yield value


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that can be asked and found out: ours and the plug-ins'."""

    signals: dict[str, Signal[...]]
    providers: dict[type[Fact], Provider[..., Any]]
    diagnostics: tuple[str, ...] = ()
    facts: dict[str, type[Fact]] = field(default_factory=dict)

    def how(self, wanted: Signal[...]) -> How:
        """Return the strongest way in which ``wanted`` comes by its answer."""
        order: tuple[How, ...] = ("read", "parsed", "ran")
        ways = [self.providers[f].how for f, _ in wanted.needs.values() if f in self.providers]
        return max(ways, key=order.index, default="read")


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__qualname__", function))


def _members(hint: Any) -> tuple[Any, ...]:
    union = typing.get_origin(hint) in {types.UnionType, typing.Union}
    return typing.get_args(hint) if union else (hint,)


def _needs(function: Callable[..., Any], *, only: type) -> dict[str, tuple[type[Any], bool]]:
    hints = typing.get_type_hints(function)
    found: dict[str, tuple[type[Any], bool]] = {}
    for name in inspect.signature(function).parameters:
        members = _members(hints.get(name, type(None)))
        wanted = [t for t in members if t is not Missing]
        if len(wanted) != 1 or not isinstance(wanted[0], type) or not issubclass(wanted[0], only):
            raise TypeError(f"{_name(function)}: {name!r} must be annotated with one {only.__name__}")
        found[name] = (wanted[0], Missing in members)
    return found
