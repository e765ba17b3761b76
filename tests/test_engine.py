"""What is computed, in which order, and what a failure leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from evaluator import engine
from evaluator.model import Answer, Fact, Finding, Measured, Missing, NotApplicable, Unit, Unknown
from evaluator.registry import Provider, Signal, collect, provides, signal

META: dict[str, Any] = {
    "title": "-",
    "question": "-",
    "looks_at": "-",
    "remedy": "-",
    "sources": (),
    "limits": "-",
}


class Stones(Fact):
    count: int


class Walls(Fact):
    height: int


class Doors(Fact):
    open: bool


class Quarry:
    """A port."""

    stones = 3


@provides()
def stones(quarry: Quarry) -> Stones | Missing:
    return Stones(count=quarry.stones)


@provides()
def walls(heap: Stones) -> Walls:
    return Walls(height=heap.count * 2)


@provides(executes_project=True)
def doors(wall: Walls) -> Doors | Missing:
    return Doors(open=wall.height > 1)


@signal(id="house.height", **META)
def height(wall: Walls) -> Answer:
    """Value: the height."""
    return Measured(value=wall.height, unit=Unit.COUNT, summary=f"{wall.height} high")


@signal(id="house.doors", **META)
def has_doors(door: Doors | Missing) -> Answer:
    """Value: 1 with a door."""
    if isinstance(door, Missing):
        return NotApplicable(reason=door.cause)
    return Measured(value=1, unit=Unit.COUNT, summary="a door")


PROVIDERS: dict[type[Fact], Provider[..., Any]] = {p.makes: p for p in (stones, walls, doors)}
SIGNALS: tuple[Signal[...], ...] = (height, has_doors)


def gathered(ports: dict[type[Any], Any], **extra: Any) -> engine.Facts:
    return engine.gather(engine.plan(SIGNALS, PROVIDERS), PROVIDERS, ports, **extra)


def answer(finding: Finding) -> Answer:
    return finding.answer


def test_facts_flow_to_findings_in_order_of_id() -> None:
    findings = engine.judge(SIGNALS, gathered({Quarry: Quarry()}))

    assert [f.signal for f in findings] == ["house.doors", "house.height"]
    assert answer(findings[1]) == Measured(value=6, unit=Unit.COUNT, summary="6 high")


def test_only_what_is_asked_for_is_planned() -> None:
    assert set(engine.plan([height], PROVIDERS)) == {Stones, Walls}


def test_an_absent_port_is_a_cause_not_a_crash() -> None:
    facts = gathered({})

    assert facts[Stones] == Missing(fact="Stones", cause="not-permitted", detail="no Quarry here")
    assert facts[Walls] == Missing(fact="Walls", cause="not-permitted", detail="no Quarry here")
    assert answer(engine.judge([height], facts)[0]) == Unknown(cause="not-permitted", reason="no Quarry here")


def test_a_port_that_is_missing_hands_on_its_cause() -> None:
    facts = gathered({Quarry: Missing(fact="Quarry", cause="timed-out", detail="flooded")})

    assert facts[Walls] == Missing(fact="Walls", cause="timed-out", detail="flooded")


def test_refusal_stops_only_what_executes_the_project() -> None:
    facts = gathered({Quarry: Quarry()}, refusal=Missing(fact="Sandbox", cause="not-permitted", detail="no sandbox"))

    assert facts[Walls] == Walls(height=6)
    assert facts[Doors] == Missing(fact="Doors", cause="not-permitted", detail="no sandbox")
    assert answer(engine.judge([has_doors], facts)[0]) == NotApplicable(reason="not-permitted")


def test_a_raising_provider_leaves_missing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delenv("EVALUATOR_STRICT")

    @provides()
    def collapse() -> Walls:
        raise ZeroDivisionError

    facts = engine.gather({Walls: set()}, {Walls: collapse}, {})

    assert facts[Walls] == Missing(fact="Walls", cause="failed", detail="a fault of ours: ZeroDivisionError")
    assert "provider of Walls failed" in caplog.text


def test_faults_are_raised_under_test() -> None:
    @provides()
    def collapse() -> Walls:
        raise ZeroDivisionError

    @signal(id="house.boom", **META)
    def boom(wall: Walls) -> Answer:
        """Value: none."""
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.gather({Walls: set()}, {Walls: collapse}, {})
    with pytest.raises(ZeroDivisionError):
        engine.judge([boom], {Walls: Walls(height=1)})


@pytest.mark.parametrize(
    ("value", "raises"), [pytest.param(float("nan"), False, id="nan"), pytest.param(1.0, True, id="raises")]
)
def test_a_signal_that_fails_is_unknown(value: float, raises: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVALUATOR_STRICT")

    @signal(id="house.odd", **META)
    def odd(wall: Walls) -> Answer:
        """Value: odd."""
        if raises:
            raise ZeroDivisionError
        return Measured(value=value, unit=Unit.COUNT, summary="-")

    (finding,) = engine.judge([odd], {Walls: Walls(height=1)})

    assert isinstance(answer(finding), Unknown)


def test_waiting_providers_run_beside_the_others() -> None:
    """The one that waits can only end after the other has begun."""
    begun = threading.Event()

    @provides(waits=True)
    def slow() -> Walls:
        assert begun.wait(20)
        return Walls(height=1)

    @provides()
    def quick() -> Stones:
        begun.set()
        return Stones(count=1)

    facts = engine.gather({Walls: set(), Stones: set()}, {Walls: slow, Stones: quick}, {})

    assert list(facts.values()) == [Stones(count=1), Walls(height=1)]


def test_interrupt_keeps_what_is_known() -> None:
    @provides(executes_project=True)
    def stopped(wall: Walls) -> Doors:
        raise KeyboardInterrupt

    providers = PROVIDERS | {Doors: stopped}
    with pytest.raises(engine.Interrupted) as caught:
        engine.gather(engine.plan(SIGNALS, providers), providers, {Quarry: Quarry()})

    assert caught.value.facts[Walls] == Walls(height=6)
    assert caught.value.facts[Doors] == Missing(fact="Doors", cause="not-permitted", detail="interrupted")


def test_each_provider_is_told_of() -> None:
    told: list[str] = []

    @contextmanager
    def around(provider: Provider[..., Any]) -> Iterator[None]:
        told.append(provider.about)
        yield

    gathered({Quarry: Quarry()}, told=around)

    assert told == ["stones", "walls", "doors"]


def test_a_circle_is_refused() -> None:
    @provides()
    def a(of: Walls) -> Stones:
        return Stones(count=of.height)

    @provides()
    def b(of: Stones) -> Walls:
        return Walls(height=of.count)

    with pytest.raises(ValueError, match="cycle"):
        engine.plan([height], {Stones: a, Walls: b})


def test_a_signal_cannot_ask_for_a_port() -> None:
    with pytest.raises(TypeError, match="'quarry' must be annotated with one Fact"):

        @signal(id="house.io", **META)
        def bad(quarry: Quarry) -> Answer:
            raise NotImplementedError


def test_an_id_is_checked() -> None:
    with pytest.raises(TypeError, match="category"):

        @signal(id="House", **META)
        def bad(wall: Walls) -> Answer:
            raise NotImplementedError


def test_a_provider_must_return_a_fact() -> None:
    with pytest.raises(TypeError, match="one kind of Fact"):

        @provides()
        def bad() -> Missing:
            raise NotImplementedError


def test_collect_finds_each_declaration_once() -> None:
    import sys

    here = sys.modules[__name__]

    assert list(collect([here, here], Provider)) == [stones, walls, doors]
