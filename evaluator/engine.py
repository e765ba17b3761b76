"""From providers and ports to facts, and from facts to findings: what is computed, and what if it fails?"""

from __future__ import annotations

import gc
import graphlib
import logging
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import MappingProxyType
from typing import Any

from evaluator.model import Answer, Fact, Finding, Measured, Missing, Unknown
from evaluator.registry import Provider, Signal

log = logging.getLogger(__name__)
Facts = dict[type[Fact], Fact | Missing]
Told = Callable[[Provider[..., Any]], AbstractContextManager[None]]


class Interrupted(KeyboardInterrupt):
    """The user ended the gathering; ``facts`` holds what was known by then, and gaps."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts


def strict() -> bool:
    """Whether faults of ours are raised instead of recorded: set in our own tests."""
    return os.environ.get("EVALUATOR_STRICT") == "1"


def plan(
    signals: Iterable[Signal[...]],
    providers: Mapping[type[Fact], Provider[..., Any]],
    *,
    also: Iterable[type[Fact]] = (),
) -> dict[type[Fact], set[type[Fact]]]:
    """Return each fact that ``signals`` need, and ``also`` those, with the facts that each needs in turn.

    Raises:
        graphlib.CycleError: Two facts need each other.
        KeyError: A fact has no provider.
    """
    graph: dict[type[Fact], set[type[Fact]]] = {}
    todo = {*also, *(fact for s in signals for fact, _ in s.needs.values())}
    while todo:
        fact = todo.pop()
        graph[fact] = {t for t, _ in providers[fact].needs.values() if issubclass(t, Fact)}
        todo |= graph[fact] - graph.keys()
    graphlib.TopologicalSorter(graph).prepare()
    return graph


def gather(
    graph: Mapping[type[Fact], set[type[Fact]]],
    providers: Mapping[type[Fact], Provider[..., Any]],
    ports: Mapping[type[Any], Any],
    *,
    refusal: Missing | None = None,
    told: Told = lambda _: nullcontext(),
    given: Mapping[type[Fact], Fact | Missing] = MappingProxyType({}),
) -> Facts:
    """Run the providers, each after those that it needs; ties by name, those that execute the project last.

    Providers that wait for a tool of ours run beside the others. One that raises leaves a ``Missing`` behind. A port
    may itself be a ``Missing``: its dependents inherit the cause. An interrupt ends the gathering: what is not known
    by then is ``Missing``, and ``Interrupted`` carries the facts.

    Args:
        refusal: Why the project's code may not be executed; None where it may.
        told: Entered around each provider, in its own thread.
        given: Facts that are known already; they are not asked for again.
    """
    facts: Facts = dict(given)
    graph = {fact: needed - given.keys() for fact, needed in graph.items() if fact not in given}

    def ask(fact: type[Fact]) -> Fact | Missing:
        provider = providers[fact]
        if provider.executes_project and refusal is not None:
            return Missing(fact=fact.__name__, cause=refusal.cause, detail=refusal.detail)
        with told(provider):
            return _run(provider, {**ports, **facts})

    with _collector_at_rest(), ThreadPoolExecutor(max_workers=2) as pool:
        try:
            _in_order(graph, providers, ask, facts, pool)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            gap = {f: Missing(fact=f.__name__, cause="not-permitted", detail="interrupted") for f in graph}
            raise Interrupted(_by_name({**gap, **facts})) from None
    return _by_name(facts)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cycle collector off: syntax trees and facts are many and none of them is garbage.

    On 400 files it took a third of the time. Counting references still frees what is not held in a circle. Afterwards all
    that was made counts as old at once, or the collector's next look at what is young would be one at everything.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _in_order(
    graph: Mapping[type[Fact], set[type[Fact]]],
    providers: Mapping[type[Fact], Provider[..., Any]],
    ask: Callable[[type[Fact]], Fact | Missing],
    facts: Facts,
    pool: ThreadPoolExecutor,
) -> None:
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    beside: dict[Future[Fact | Missing], type[Fact]] = {}
    here: list[type[Fact]] = []
    while sorter.is_active():
        for fact in sorter.get_ready():
            if providers[fact].waits:
                beside[pool.submit(ask, fact)] = fact
            else:
                here.append(fact)
        here.sort(key=lambda t: (providers[t].executes_project, t.__name__), reverse=True)
        finished: dict[type[Fact], Fact | Missing] = {}
        if here:
            fact = here.pop()
            finished[fact] = ask(fact)
        else:
            wait(beside, return_when=FIRST_COMPLETED)
        finished |= {beside.pop(f): f.result() for f in list(beside) if f.done()}
        facts.update(finished)
        sorter.done(*finished)


def _by_name(facts: Facts) -> Facts:
    return dict(sorted(facts.items(), key=lambda kv: kv[0].__name__))


def _run(provider: Provider[..., Any], have: Mapping[type[Any], Any]) -> Fact | Missing:
    name = provider.makes.__name__
    kwargs = {}
    for parameter, (wanted, optional) in provider.needs.items():
        got = have.get(wanted)
        if got is None:
            got = Missing(fact=wanted.__name__, cause="not-permitted", detail=f"no {wanted.__name__} here")
        if isinstance(got, Missing) and not optional:
            return Missing(fact=name, cause=got.cause, detail=got.detail)
        kwargs[parameter] = got
    try:
        made: Fact | Missing = provider.run(**kwargs)
    except Exception as error:
        log.exception("provider of %s failed", name)
        if strict():
            raise
        return Missing(fact=name, cause="failed", detail=f"a fault of ours: {type(error).__name__}")
    return made


def judge(signals: Iterable[Signal[...]], facts: Mapping[type[Fact], Fact | Missing]) -> tuple[Finding, ...]:
    """Ask every signal, in order of id."""
    with _collector_at_rest():
        return tuple(Finding(signal=s.id, answer=_ask(s, facts)) for s in sorted(signals, key=lambda s: s.id))


def _ask(signal: Signal[...], facts: Mapping[type[Fact], Fact | Missing]) -> Answer:
    kwargs: dict[str, Fact | Missing] = {}
    for parameter, (wanted, optional) in signal.needs.items():
        got = facts.get(wanted, Missing(fact=wanted.__name__, cause="not-found", detail="not among the stored facts"))
        if isinstance(got, Missing) and not optional:
            return Unknown(cause=got.cause, reason=got.detail or f"no {got.fact}")
        kwargs[parameter] = got
    try:
        answer = signal(**kwargs)
    except Exception as error:
        log.exception("signal %s failed", signal.id)
        if strict():
            raise
        return Unknown(cause="failed", reason=f"a fault of ours: {type(error).__name__}")
    if isinstance(answer, Measured) and not math.isfinite(answer.value):
        return Unknown(cause="failed", reason=f"the value is {answer.value}")
    return answer
