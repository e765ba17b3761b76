"""How did each test end, as seen from beneath every hook that could change the answer?

Placed into the sandbox beside ``session.py``, which uses it; never imported by us. For each case the plug-in looks at
three places: the exception that leaves the item's own ``runtest``, the one that pytest's call holds, and the report. A
case has passed only when none of the three knows of a failure; where they disagree, it says so.

Standard library only, Python 3.8 or later.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import unittest
from typing import Any, Callable, Dict, Generator, List, Optional, Tuple

MESSAGE = 1200
NAME = 400
CHAIN = 4
WRAPPED = 20
RANK = ("passed", "skipped", "failed", "error")
Tell = Callable[..., None]
Wrapper = Generator[None, Any, None]


class Overrun(BaseException):
    """Raised in a case that outlasts its limit: no ``except Exception`` swallows it."""


def loner() -> Callable[[], None]:
    """Return a function that ends a forked copy of this process: it would run the rest of the suite a second time."""
    getpid, leave = os.getpid, os._exit
    owner = getpid()

    def alone() -> None:
        if getpid() != owner:
            leave(70)

    return alone


def teller(fd: int, key: bytes) -> Tell:
    """Return a function that writes one signed event."""
    write, dumps = os.write, json.dumps
    new, sha256 = hmac.new, hashlib.sha256
    count = [0]
    alone = loner()

    def tell(**event: Any) -> None:
        alone()
        body = dumps(event).encode()
        mark = new(key, b"%d " % count[0] + body, sha256).hexdigest()[:32].encode()
        count[0] += 1
        line = mark + b" " + body + b"\n"
        while line:
            line = line[write(fd, line) :]

    return tell


def clip(text: str, limit: int = MESSAGE) -> str:
    """Return ``text`` in a form that can be encoded, with its middle left out where it is long."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= limit else text[: limit * 2 // 3] + " [...] " + text[-limit // 4 :]


def qualified(kind: type) -> str:
    """Return the dotted name of a class."""
    return clip(f"{getattr(kind, '__module__', '?')}.{getattr(kind, '__qualname__', '?')}", NAME)


def places(error: BaseException, work: str) -> List[Tuple[str, int]]:
    """Return the lines of the project's files that ``error`` passed through, outermost first."""
    found, trace = [], error.__traceback__
    for _ in range(5000):
        if trace is None:
            break
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(work + os.sep):
            found.append((clip(path[len(work) + 1 :], NAME), trace.tb_lineno or 0))
        trace = trace.tb_next
    return found


class Assertions:
    """Counts the plain assertions that hold, where pytest's rewriting of ``assert`` lets them be counted.

    With ``enable_assertion_pass_hook`` a rewritten ``assert`` that holds asks whether a hook wants to hear of it. To
    count the question costs nothing; the hook itself would have every operand's ``__repr__`` called, and count its lines
    as covered by the test.
    """

    ASKS, READS = "_check_if_assertion_pass_impl", "_get_assertion_exprs"

    def __init__(self, pytest: Any) -> None:
        self.held = 0
        rewrite = sys.modules.get("_pytest.assertion.rewrite")
        asked = getattr(rewrite, self.ASKS, None)
        if asked is None or pytest is None:
            return

        def ask() -> bool:
            self.held += 1
            return bool(asked())

        setattr(rewrite, self.ASKS, ask)
        if hasattr(rewrite, self.READS):  # for the hook alone; of no use here, and it has had faults
            setattr(rewrite, self.READS, lambda _source: Nothing())

    def can_count(self, function: Any) -> bool:
        """Whether ``function``, or what it wraps, holds an assertion that is counted."""
        for _ in range(WRAPPED):
            inner = getattr(function, "__wrapped__", None)
            if inner is None:
                break
            function = inner
        return self.ASKS in getattr(getattr(function, "__code__", None), "co_names", ())


class Nothing(Dict[int, str]):
    """The source of any assertion: not looked up."""

    def __missing__(self, _line: int) -> str:
        return ""


def body_of(item: Any) -> Any:
    """Return the function that ``item`` calls; None where it calls none."""
    try:
        return getattr(item.obj, "__func__", item.obj)
    except BaseException:  # noqa: BLE001 - theirs to override
        return None


class Describing:
    """Writes exceptions down; paths of the project as the sandbox shows them."""

    def __init__(self, work: str) -> None:
        self.work = work

    def text(self, value: object, limit: int = MESSAGE) -> str:
        """Return ``str(value)``, clipped; empty where that fails."""
        try:
            return clip(str(value).replace(self.work, "/work"), limit)
        except BaseException:  # noqa: BLE001 - their __str__ may do anything
            return ""

    def chain(self, error: Optional[BaseException]) -> List[Dict[str, Any]]:
        """Return ``error`` and what it came from, outermost first."""
        found: List[Dict[str, Any]] = []
        seen = set()
        while error is not None and len(found) < CHAIN and id(error) not in seen:
            seen.add(id(error))
            bases = [qualified(kind) for kind in type(error).__mro__[:6]]
            name = getattr(error, "name", None) if isinstance(error, ImportError) else None
            file = error.filename if isinstance(error, OSError) else None
            found.append(
                {
                    "type": bases[0],
                    "bases": bases[1:],
                    "message": self.text(error),
                    "at": next(reversed(places(error, self.work)), None),
                    "name": self.text(name, NAME) if name else "",
                    "file": self.text(file, NAME) if file else "",
                }
            )
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return found


class Watch:
    """The plug-in.

    Attributes:
        raised: What left the running case's own ``runtest``.
        outcome, error: The worst of the case so far, and why. hidden: What it raised was kept from the report.
        bodies: By ``id`` of the item, the function it was collected with.
        replaced: Code of the project put another function in that one's place.
    """

    def __init__(self, pytest: Any, tell: Tell, orders: Dict[str, Any], coverage: Any) -> None:
        self.tell, self.coverage, self.alone = tell, coverage, loner()
        self.work, self.number = orders["work"], orders["number"]
        self.skip = frozenset(orders["skip"])
        self.only = None if orders["only"] is None else frozenset(orders["only"])
        self.skipped = (pytest.skip.Exception, unittest.SkipTest)
        self.xfailed = pytest.xfail.Exception
        self.describing = Describing(self.work)
        self.assertions = Assertions(pytest)
        self.bodies: Dict[int, Any] = {}
        self.count = self.attempts = 0
        self.overran = False
        self.forget()

    def forget(self) -> None:
        """Begin a case, or its next attempt."""
        self.raised: Optional[BaseException] = None
        self.error: Optional[BaseException] = None
        self.outcome: Optional[str] = None
        self.hidden = self.replaced = False
        self.assertions.held = 0

    def stop(self, _signal: int, _frame: Any) -> None:
        """Take the overseer's word that the limit is reached."""
        self.overran = True
        raise Overrun("cut off at the time limit of one case")

    def pytest_load_initial_conftests(self) -> Wrapper:
        """Notice conftest files that cannot be loaded."""
        outcome = yield
        if outcome.excinfo is not None:
            self.uncollected("", outcome.excinfo[1], kind="conftest")

    def pytest_make_collect_report(self, collector: Any) -> Wrapper:
        """Notice files that cannot be collected, and which one is being collected when the process ends."""
        name = clip(collector.nodeid, NAME)
        self.overran = False
        self.tell(e="collecting", id=name)
        outcome = yield
        if outcome.excinfo is not None:  # SystemExit and its like end the whole session
            self.uncollected(name, outcome.excinfo[1], fatal=True)
            return
        report = outcome.get_result()
        call = getattr(report, "call", None)
        error = call.excinfo.value if call is not None and call.excinfo is not None else None
        if error is None and report.outcome == "failed":
            error = Exception(str(report.longrepr))
        if isinstance(error, self.skipped):
            self.tell(e="left-out", id=name, message=self.describing.text(error, NAME))
        elif error is not None:
            self.uncollected(name, error)

    def uncollected(self, name: str, error: BaseException, kind: str = "module", fatal: bool = False) -> None:
        """Report a file that could not be collected."""
        if kind == "conftest" or type(error).__name__ == "ConftestImportFailure":
            passed = places(error, self.work)
            kind, name = "conftest", self.relative(getattr(error, "path", "")) or (passed[0][0] if passed else name)
        why = self.describing.chain(error)
        self.tell(e="uncollected", id=name, kind=kind, hanging=self.overran, fatal=fatal, why=why)

    def relative(self, path: object) -> str:
        """Return ``path`` below the project, or nothing."""
        text = str(path)
        return clip(text[len(self.work) + 1 :], NAME) if text.startswith(self.work + os.sep) else ""

    def pytest_itemcollected(self, item: Any) -> None:
        """Keep the function of a case before others can put another in its place."""
        self.bodies[id(item)] = body_of(item)

    def is_replaced(self, item: Any) -> bool:
        """Whether the case now calls another function, made by the project. Plug-ins that are installed may wrap it."""
        was, now = self.bodies.get(id(item)), body_of(item)
        if was is None or now is None or now is was:
            return False
        path = getattr(getattr(now, "__code__", None), "co_filename", None)
        return path is None or (path.startswith(self.work + os.sep) and "site-packages" not in path)

    def pytest_collection_modifyitems(self, items: List[Any]) -> Wrapper:
        """Count what is there before and after others choose from it; take out what has already run."""
        before = [clip(item.nodeid, NAME) for item in items]
        yield
        after = {clip(item.nodeid, NAME) for item in items}
        items[:] = [item for item in items if self.is_wanted(clip(item.nodeid, NAME))]
        self.tell(e="collected", n=len(before), dropped=sum(n not in after for n in before), left=len(items))

    def is_wanted(self, name: str) -> bool:
        """Whether this start is to run the case."""
        return name not in self.skip if self.only is None else name in self.only

    def pytest_runtest_protocol(self, item: Any) -> Wrapper:
        """Report that a case begins, and how it ended."""
        self.count += 1
        self.attempts = 0
        self.overran = False
        self.forget()
        name, context = clip(item.nodeid, NAME), f"{self.number}.{self.count}"
        self.tell(e="running", id=name, c=context)
        self.trace(context)
        self.wrap(item)
        ended = yield
        self.trace("")
        if self.outcome is None and ended.excinfo is not None:
            self.error = ended.excinfo[1]
        outcome = "hanging" if self.overran else self.outcome or "error"
        path, line = self.place(item)
        event: Dict[str, Any] = {"e": "case", "id": name, "o": outcome, "c": context, "path": path, "line": line}
        if outcome not in ("passed", "skipped"):
            event["why"] = self.describing.chain(self.error)
        if self.hidden:
            event["hidden"] = True
        if outcome == "passed":
            event.update(self.untested(item))
        if self.attempts > 1:
            event["attempts"] = self.attempts
        self.tell(**event)

    def untested(self, item: Any) -> Dict[str, bool]:
        """Return why a case that passed may not have been tested: none of its assertions held, or another ran."""
        idle = not self.assertions.held and self.assertions.can_count(self.bodies.get(id(item)))
        return {name: True for name, so in (("unchecked", idle), ("replaced", self.replaced)) if so}

    def trace(self, context: str) -> None:
        """Book the lines executed from now on to ``context``."""
        self.alone()
        if self.coverage is not None:
            try:
                self.coverage.switch_context(context)
            except Exception:  # noqa: BLE001 - a broken tracer costs the coverage, not the run
                self.coverage = None

    def wrap(self, item: Any) -> None:
        """See the exception where it leaves the test, beneath every hook that could swallow it."""
        runtest = item.runtest

        def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                return runtest(*args, **kwargs)
            except BaseException as error:
                self.raised = error
                raise

        item.runtest = watched

    def place(self, item: Any) -> Tuple[str, int]:
        """Return file and line of a case; an empty path where it lies outside of the project."""
        try:
            path, line, _ = item.location
            path = os.path.normpath(os.path.join(str(item.config.rootpath), path))
        except Exception:  # noqa: BLE001 - theirs to override
            return "", 1
        return self.relative(path), (line or 0) + 1

    def pytest_runtest_setup(self) -> Wrapper:
        """Forget the last attempt: a plug-in may run a case several times."""
        self.attempts += 1
        self.forget()
        yield

    def pytest_runtest_makereport(self, item: Any, call: Any) -> Wrapper:
        """Compare what was raised with what is reported."""
        error = call.excinfo.value if call.excinfo is not None else None
        self.replaced = self.replaced or self.is_replaced(item)
        if call.when == "call" and error is None:
            collected = getattr(item, "_excinfo", None)  # where pytest keeps what unittest's result caught
            error = collected[0].value if collected else self.raised
            self.hidden = error is self.raised and not isinstance(error, (type(None), self.xfailed, *self.skipped))
        outcome = yield
        self.judge(item, call.when, error, outcome.get_result() if outcome.excinfo is None else None)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Notice what is reported of a part of the case (a subtest) without a call of its own."""
        if getattr(report, "outcome", "") == "failed" and self.outcome in (None, "passed", "skipped"):
            self.outcome = "failed"
            self.error = Exception(self.describing.text(getattr(report, "longreprtext", "")))

    def judge(self, item: Any, when: str, error: Optional[BaseException], report: Any) -> None:
        """Keep the worst of what was raised and what is reported."""
        found = self.found(item, error, report)
        if found == "failed" and when != "call":
            found = "error"
        if when == "setup" and found == "passed":
            return
        if self.outcome is None or RANK.index(found) > RANK.index(self.outcome):
            self.outcome = found
            self.error = error
            if error is None and found != "passed":
                self.error = Exception(self.describing.text(getattr(report, "longreprtext", "")))

    def found(self, item: Any, error: Optional[BaseException], report: Any) -> str:
        """Return how one phase of a case ended; an expected failure is a skip."""
        said = getattr(report, "outcome", "failed")
        if error is None:
            return said if said in ("passed", "skipped") else "failed"
        marked = hasattr(report, "wasxfail") and item.get_closest_marker("xfail") is not None
        if isinstance(error, self.xfailed) or (marked and said == "skipped"):
            return "skipped"
        if isinstance(error, self.skipped) and said != "failed":
            return "skipped"
        self.hidden = self.hidden or said in ("passed", "skipped")
        return "failed"


def mark_hooks(pytest: Any) -> None:
    """Mark the plug-in's methods as wrappers; pytest is not imported where this module is read."""
    outer = pytest.hookimpl(hookwrapper=True, tryfirst=True)
    outer(Watch.pytest_load_initial_conftests)
    outer(Watch.pytest_make_collect_report)
    outer(Watch.pytest_collection_modifyitems)
    outer(Watch.pytest_runtest_protocol)
    outer(Watch.pytest_runtest_setup)
    pytest.hookimpl(hookwrapper=True)(Watch.pytest_runtest_makereport)
    pytest.hookimpl(tryfirst=True)(Watch.pytest_itemcollected)
    pytest.hookimpl(tryfirst=True)(Watch.pytest_runtest_logreport)
