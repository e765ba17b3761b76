"""Somebody else's signal, fact and report form, installed beside ours."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.program import Ended, evaluate
from tests.e2e.projects import HONEST
from tests.repositories import repository, write

MODULE = '''"""Does the project count its sheep?"""

from __future__ import annotations

from evaluator.model import Answer, Fact, Measured, Unit
from evaluator.registry import provides, signal
from evaluator.report.forms import Form
from evaluator.source.snapshot import Snapshot


class Sheep(Fact):
    """``count``: files named after sheep."""

    count: int


@provides()
def sheep(snapshot: Snapshot) -> Sheep:
    """Count them."""
    return Sheep(count=sum("sheep" in p for p in snapshot.paths()))


@signal(
    id="farm.sheep",
    title="Sheep are counted",
    question="How many sheep are there?",
    looks_at="The names of files",
    remedy="Add sheep.",
    sources=(),
    limits="Sees no goats.",
)
def counted(flock: Sheep) -> Answer:
    """Value: the number of sheep."""
    return Measured(value=flock.count, unit=Unit.COUNT, summary=f"{flock.count} sheep")


FORMS = (Form(name="bleat", suffix=".txt", render=lambda report, measurements: f"baa {report.subject.name}"),)
'''


def install(folder: Path, points: str, **modules: str) -> str:
    """Lay out what an installer would leave in site-packages; return its path for PYTHONPATH."""
    write(folder, {f"{name}.py": text for name, text in modules.items()})
    write(
        folder,
        {
            "farm-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: farm\nVersion: 1.0\n",
            "farm-1.0.dist-info/entry_points.txt": points,
        },
    )
    return str(folder)


def call(tmp_path: Path, site: str, *args: str | Path) -> Ended:
    return evaluate(*args, cwd=tmp_path, PYTHONPATH=site)


def test_a_plug_in_is_asked_shown_and_rendered(tmp_path: Path) -> None:
    points = (
        "[evaluator.signals]\nfarm = farm_plugin\n[evaluator.facts]\nfarm = farm_plugin\n"
        "[evaluator.reports]\nfarm = farm_plugin\n"
    )
    site = install(tmp_path / "site", points, farm_plugin=MODULE)
    repo = repository(tmp_path / "repo", ("Add", {**HONEST, "sheep.txt": "one"}))

    done = call(tmp_path, site, repo, "--run", "none", "--format", "json=-")
    (found,) = [s for s in json.loads(done.out)["signals"] if s["id"] == "farm.sheep"]
    assert (found["summary"], found["weight"]) == ("1 sheep", 0.0)
    assert "How many sheep are there?" in call(tmp_path, site, "explain", "farm.sheep").out
    assert call(tmp_path, site, repo, "--run", "none", "--format", "bleat=-").out.strip() == "baa repo"


def test_a_broken_plug_in_is_a_line_and_nothing_more(tmp_path: Path) -> None:
    site = install(
        tmp_path / "site",
        "[evaluator.signals]\nfarm = farm_plugin\nghost = no_such_module\n",
        farm_plugin=MODULE.replace("farm.sheep", "testing.suite-passes"),
    )
    listed = call(tmp_path, site, "signals")

    assert listed.code == 0
    assert "must begin with farm." in listed.err
    assert "ghost" in listed.err
    assert "How many sheep" not in listed.out
