"""How long does the static pass take, beside the least that any such pass needs, taken in the same minutes?

The floor reads every blob, parses every Python file once and runs one `git log` of metadata. Beside it: our own code in the
same process, without what the fixed packages take (pylint, ruff, radon, PyDriller); and the whole command, in a process of
its own, with its memory. Every figure is the best of several rounds, in which each of them is taken once.

Usage: python -m benchmarks.static [--rounds 3] [--write docs/benchmarks.md]
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import trees
from evaluator import engine
from evaluator.catalogue import catalogue
from evaluator.facts.python.modules import Modules
from evaluator.model import Fact, Missing
from evaluator.registry import Provider
from evaluator.runs.settings import RunSettings
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Snapshot
from tests.repositories import git

SMALL, LARGE = "10 Python files, 40 commits", "400 Python files, 20 000 commits"
PACKAGES = {"Lint": "pylint", "RuffFindings": "ruff", "Complexity": "radon", "ProcessMetrics": "PyDriller"}
"""Facts whose time is that of a fixed package."""
IMPORTS = "import git, pydriller, radon.complexity, nbformat, jinja2, markdown_it, yaml, detect_secrets"
_FLOOR = "the floor: blobs, ast.parse, git log"
_LOG = ("log", "-z", "--format=%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B")
_REFUSED = Missing(fact="Sandbox", cause="not-permitted", detail="nothing is executed here")


def main() -> None:
    """Measure both trees, print the tables, and write them where asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--write", type=Path)
    asked.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.inside:
        print(json.dumps(_inside(*given.inside, rounds=given.rounds)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = trees.repository(folder / "small", trees.files(10), commits=40)
        large = trees.repository(folder / "large", trees.files(400), commits=20_000)
        text = _page(*_measured(small, large, folder, given.rounds), rounds=given.rounds)
    print(text)
    if given.write:
        given.write.write_text(text, encoding="utf-8")


def _measured(
    small: Path, large: Path, folder: Path, rounds: int
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return seconds (and megabytes) of the small tree, of the large one, and of the slowest facts of the large one."""
    python = sys.executable
    files = [str(path) for path in sorted(small.rglob("*.py"))]
    pylint = [python, "-I", "-m", "pylint", "--exit-zero", "--rcfile=/dev/null", "--persistent=no", *files]
    few: dict[str, float] = {}
    many: dict[str, float] = {}
    for number in range(rounds):
        told = dict(os.environ, EVALUATE_CACHE=str(folder / f"cache-{number}"))
        _keep(few, {"python -c pass": _child([python, "-c", "pass"], folder)[0]})
        _keep(few, {"the imports alone": _child([python, "-c", IMPORTS], folder)[0]})
        _keep(few, {"pylint alone on the same files": _child(pylint, folder)[0]})
        for repo, kept in ((small, few), (large, many)):
            whole = [python, "-m", "evaluator", str(repo), "--run", "none", "-o", str(folder / "out")]
            seconds, megabytes = _child(whole, folder, told)
            _keep(kept, {"evaluate REPO --run none": seconds, "its memory, MB": megabytes})
            again, _ = _child(whole, folder, told)
            _keep(kept, {"the same again": again})
            _commit(repo, number)
            later, _ = _child(whole, folder, told)
            _keep(kept, {"a commit later, one file changed": later})
    inside = [python, "-m", "benchmarks.static", "--rounds", str(rounds), "--inside", str(large), str(small)]
    found = json.loads(subprocess.run(inside, check=True, capture_output=True, text=True).stdout)
    slowest: dict[str, float] = found.pop("facts")
    return few, many | found, slowest


def _commit(repo: Path, number: int) -> None:
    changed = min(repo.rglob("*.py"))
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\nROUND = {number}\n", encoding="utf-8")
    git(repo, "commit", "-q", "-a", "-m", f"Note round {number}", day=2_000 + number)


def _keep(kept: dict[str, float], found: Mapping[str, float]) -> None:
    for name, value in found.items():
        kept[name] = min(value, kept.get(name, value))


def _child(argv: list[str], folder: Path, env: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Return seconds of the wall and the largest resident size in MB of a process and those that it waited for.

    Bytecode is kept, as an installation does: compiling all modules anew is none of the work that is timed.
    """
    began = time.perf_counter()
    told = {name: value for name, value in (env or os.environ).items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(argv, cwd=folder, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in {0, 1}:
        raise RuntimeError(f"{argv[:4]} ended with {child.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


def _inside(repo: Path, other: Path, *, rounds: int) -> dict[str, Any]:
    """Return the floor of ``repo`` and what our own code takes there, in this process; ``other`` is for the imports."""
    _own(other)
    kept: dict[str, float] = {}
    facts: dict[str, float] = {}
    for _ in range(rounds):
        _keep(kept, {_FLOOR: _floor(repo)})
        seconds, steps = _own(repo)
        _keep(kept, {"our own code, without what packages take": seconds})
        _keep(facts, steps)
    return kept | {"facts": facts}


@contextmanager
def _opened(repo: Path) -> Iterator[tuple[Snapshot, Path]]:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        with open_snapshot(str(repo), scratch=scratch, subdir="", offline=True) as snapshot:
            yield snapshot, scratch


def _floor(repo: Path) -> float:
    with _opened(repo) as (snapshot, _):
        began = _processor()
        for path, entry in snapshot.entries.items():
            content = snapshot.read_blob(entry)
            if path.endswith(".py"):
                ast.parse(content)
        subprocess.run(["git", "-C", str(snapshot.git_dir), *_LOG], check=True, capture_output=True)
        used = os.times()
    return sum(used[:4]) - began


def _processor() -> float:
    """Return the seconds of processor time of this process and its children: what else runs here counts less than on a clock."""
    gc.collect()
    return sum(os.times()[:4])


def _own(repo: Path) -> tuple[float, dict[str, float]]:
    """Return the seconds of all static facts but those of the packages, and of all signals; and those of each fact."""
    known = catalogue()
    steps: dict[str, float] = {}

    @contextmanager
    def timed(provider: Provider[..., Any]) -> Iterator[None]:
        began = time.process_time()
        yield
        steps[provider.makes.__name__] = time.process_time() - began

    with _opened(repo) as (snapshot, scratch):
        providers = {fact: _without_packages(fact, provider) for fact, provider in known.providers.items()}
        settings = RunSettings(permitted="none", scratch=scratch, cache=scratch / "cache")
        ports = {Snapshot: snapshot, Modules: Modules(snapshot), RunSettings: settings}
        began = _processor()
        graph = engine.plan(known.signals.values(), providers)
        facts = engine.gather(graph, providers, ports, refusal=_REFUSED, told=timed)
        engine.judge(known.signals.values(), facts)
        ended = os.times()
    return sum(ended[:4]) - began, steps


def _without_packages(fact: type[Fact], provider: Provider[..., Any]) -> Provider[..., Any]:
    if fact.__name__ not in PACKAGES:
        return provider
    left_out = Missing(fact=fact.__name__, cause="not-permitted", detail="left out of this measurement")
    return dataclasses.replace(provider, run=lambda **_: left_out, waits=False)


def _page(few: dict[str, float], many: dict[str, float], facts: dict[str, float], *, rounds: int) -> str:
    longer = max(few["the imports alone"], few["pylint alone on the same files"])
    floor = many[_FLOOR]
    slowest = sorted(facts.items(), key=lambda pair: (-pair[1], pair[0]))[:12]
    return f"""# Benchmarks

Made by `python -m benchmarks.static --write docs/benchmarks.md`, never by hand. {os.cpu_count()} processors, Python
{platform.python_version()}. Each figure is the best of {rounds}. The trees hold modules of the standard library, scripts
that train models, and tests. Processes are timed by the clock; the floor and our own code, in one process, by processor time.

## {SMALL}

{_table(few, longer, "× the longer of pylint and the imports")}

## {LARGE}

{_table(many, floor, "× the floor")}

The slowest facts of our own code there:

{_table(dict(slowest), floor, "× the floor")}
"""


def _table(figures: Mapping[str, float], unit: float, heading: str) -> str:
    rows = [f"| | s | {heading} |", "|---|---:|---:|"]
    for what, value in figures.items():
        rows.append(
            f"| {what} | {value:.0f} | |" if what.endswith("MB") else f"| {what} | {value:.2f} | {value / unit:.2f} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
