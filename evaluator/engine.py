"""From providers and ports to facts, and from facts to findings: what is computed, and what if it fails?"""

from __future__ import annotations

import graphlib
import logging
import math
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from evaluator.model import Answer, Fact, Finding, Measured, Missing, Unknown
from evaluator.registry import Provider, Signal

log = logging.getLogger(__name__)
Facts = dict[type[Fact], Fact | Missing]
Told = Callable[[Provider[..., Any]], None]


def strict() -> bool:
    """Whether faults of ours are raised instead of recorded: set in our own tests."""
    return os.environ.get("EVALUATOR_STRICT") == "1"


def plan(
    signals: Iterable[Signal[...]], providers: Mapping[type[Fact], Provider[..., Any]]
) -> dict[type[Fact], set[type[Fact]]]:
    """Return each fact that ``signals`` need, with the facts that it needs in turn.

    Raises:
        graphlib.CycleError: Two facts need each other.
        KeyError: A fact has no provider.
    """
    graph: dict[type[Fact], set[type[Fact]]] = {}
    todo = {fact for s in signals for fact, _ in s.needs.values()}
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
    told: Told = lambda _: None,
) -> Facts:
    """Run the providers, each after those that it needs; ties by name.

    Providers that wait for a child process run beside the others. One that raises leaves a ``Missing`` behind.
    A port may itself be a ``Missing``: its dependents inherit the cause.
    """
    sorter = graphlib.TopologicalSorter(graph)
    sorter.prepare()
    facts: Facts = {}
    running: dict[Future[Fact | Missing], type[Fact]] = {}
    here: list[type[Fact]] = []
    with ThreadPoolExecutor(max_workers=4) as pool:
        while sorter.is_active():
            for fact in sorted(sorter.get_ready(), key=lambda t: t.__name__):
                if providers[fact].waits:
                    told(providers[fact])
                    running[pool.submit(_run, providers[fact], {**ports, **facts})] = fact
                else:
                    here.append(fact)
            if here:
                fact = here.pop(0)
                told(providers[fact])
                facts[fact] = _run(providers[fact], {**ports, **facts})
                sorter.done(fact)
                finished = {f for f in running if f.done()}
            else:
                finished = wait(running, return_when=FIRST_COMPLETED).done
            for future in finished:
                fact = running.pop(future)
                facts[fact] = future.result()
                sorter.done(fact)
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
