"""How is one session of pytest started so that what happens in it is seen?

Placed into the sandbox and started there by ``supervise.py``; never imported by us. Our plug-in (``watching.py``) is
registered before any conftest or installed plug-in is loaded, and holds its own references to what it uses.

Standard library only (pytest and coverage are the environment's), Python 3.8 or later.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, Dict, List

if TYPE_CHECKING:
    from evaluator.runs.probe.watching import NAME, Tell, Watch, clip, mark_hooks, teller
else:
    from watching import NAME, Tell, Watch, clip, mark_hooks, teller

    if __name__ == "__main__":
        sys.path.pop(0)  # this folder: a project's own module of one of our names must not find ours
        del sys.modules["watching"]

QUIET = (
    "already-imported",
    "dynamic-conflict",
    "include-ignored",
    "module-not-imported",
    "module-not-measured",
    "module-not-python",
    "no-ctracer",
    "no-data-collected",
    "no-sysmon",
    "no-sysmon-context",
    "trace-changed",
)


def imported_coverage() -> Any:
    """Return the coverage package; None where there is none that can be used."""
    try:
        import coverage
        import coverage.sqldata
    except Exception:  # noqa: BLE001 - an old or broken one
        return None
    return coverage


def tracer(coverage: Any, orders: Dict[str, Any]) -> Any:
    """Return coverage, started with our settings and never theirs; None where it is not wanted or cannot be had."""
    if coverage is None or not orders["data"]:
        return None
    try:
        made = coverage.Coverage(
            data_file=os.path.join(orders["data"], f"lines.{orders['number']}"),
            config_file=False,
            branch=False,
            source=[orders["work"]],
            omit=["*/site-packages/*"],
        )
        for name, value in (("run:disable_warnings", list(QUIET)), ("run:core", "ctrace")):
            try:
                made.set_option(name, value)
            except Exception:  # noqa: BLE001, S112 - an option that this version does not know
                continue
        made.start()
    except Exception:  # noqa: BLE001 - no coverage is no reason not to run
        return None
    return made


def enter(orders: Dict[str, Any]) -> None:
    """Go where the suite starts and make the project importable, for children of the tests as well."""
    work = orders["work"]
    front, back = ([os.path.join(work, path).rstrip("/") for path in orders[side]] for side in ("front", "back"))
    os.chdir(os.path.join(work, orders["cwd"]))
    sys.path[:0] = front
    sys.path += back
    os.environ["PYTHONPATH"] = os.pathsep.join(front + back)


def arguments(orders: Dict[str, Any]) -> List[str]:
    """Return pytest's command line."""
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.join(orders["work"], orders["cwd"]).rstrip("/")
    cache = os.path.join(orders["scratch"], "cache")
    args: List[str] = [*orders["args"], "-o", "cache_dir=" + cache, "--rootdir=" + root]
    args += ["-c", os.path.join(here, "empty.ini")] if orders["bare"] else []
    return [*args, *("--ignore=" + os.path.join(root, path) for path in orders["ignore"]), *orders["paths"]]


def run(pytest: Any, measuring: Any, tell: Tell, orders: Dict[str, Any]) -> int:
    """Run one session of pytest; return its exit code."""
    mark_hooks(pytest)
    enter(orders)
    coverage = tracer(measuring, orders)
    watch = Watch(pytest, tell, orders, coverage)
    args = arguments(orders)
    sys.argv = ["pytest", *args]
    signal.signal(signal.SIGUSR2, watch.stop)
    try:
        code = int(pytest.main(args, plugins=[watch]))
    finally:
        signal.signal(signal.SIGUSR2, signal.SIG_IGN)
        if coverage is not None:
            coverage.stop()
            coverage.save()
    tell(e="end", exit=code)
    return code


def main() -> int:
    """Take the orders and import what we need, before the project can put anything in its place."""
    with os.fdopen(int(sys.argv[1]), "rb") as stream:
        orders = json.loads(stream.read())
    fd = int(sys.argv[2])
    os.set_inheritable(fd, False)
    tell = teller(fd, bytes.fromhex(orders.pop("key")))
    tell(e="starting")
    try:
        import pytest
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is reported
        tell(e="no-pytest", message=clip(str(error), NAME))
        tell(e="end", exit=4)
        return 4
    return run(pytest, imported_coverage(), tell, orders)


if __name__ == "__main__":
    leave, status = os._exit, 3
    try:
        status = main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        leave(status)  # no thread or exit handler of theirs holds the run up
