"""Runs small suites in the real sandbox."""

from __future__ import annotations

import shutil
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator.facts.code import Code, Import, code
from evaluator.facts.packaging import Packaging
from evaluator.facts.python.modules import Modules
from evaluator.model import Missing, Span
from evaluator.runs.environment import Environment
from evaluator.runs.settings import Budget, RunSettings
from evaluator.runs.suite import SuiteRun
from evaluator.runs.suite_start import suite_run
from evaluator.sandbox.api import Sandbox
from evaluator.source.snapshot import Snapshot

NO_PACKAGING = Missing(fact="Packaging", cause="not-found")
SHOWN_SITE = "/site"
PACKAGES = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "coverage")


def environment_at(folder: Path) -> Environment:
    """Return an environment of the system's interpreter that sees pytest and coverage of the one that runs these tests."""
    base = Path("/usr/bin") / f"python3.{sys.version_info.minor}"
    if not base.exists():
        pytest.skip(f"no {base}: the sandbox cannot see the interpreter of these tests")
    site = Path(pytest.__file__).parents[1]
    place = folder / "environment"
    builder = venv.EnvBuilder(symlinks=True)
    context = builder.ensure_directories(place)
    (place / "pyvenv.cfg").write_text(f"home = {base.parent}\ninclude-system-site-packages = false\n")
    Path(context.env_exe).unlink(missing_ok=True)
    Path(context.env_exe).symlink_to(base)
    packages = place / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "shown.pth").write_text(f"{SHOWN_SITE}\n")
    shutil.copy(site / "py.py", packages)
    return Environment(
        python=context.env_exe,
        version=".".join(map(str, sys.version_info[:3])),
        folders={str(place): str(place), **{f"{SHOWN_SITE}/{name}": str(site / name) for name in PACKAGES}},
        strategy="given",
        installed={"pytest": "8", "coverage": "7"},
    )


def settings_at(folder: Path, *, case: int = 4, suite: int = 120, budget: int = 600) -> RunSettings:
    """Return settings with short limits and a scratch folder of their own below ``folder``."""
    scratch = Path(tempfile.mkdtemp(dir=folder))
    scratch.chmod(0o755)
    return RunSettings(
        permitted="all",
        scratch=scratch,
        cache=folder,
        budget=Budget(seconds=budget),
        suite_seconds=suite,
        case_seconds=case,
    )


def code_of(files: Mapping[str, str | bytes]) -> Code:
    """Return what reading shows of the Python files among ``files``."""
    return code(Modules(Snapshot.of(files)))


def imported(name: str, local: str) -> Import:
    """Return an import of the project's own file."""
    return Import(name=name, at=Span(path="x.py"), local=local)


def run_suite(
    files: Mapping[str, str | bytes],
    where: Sandbox,
    environment: Environment,
    settings: RunSettings,
    packaging: Packaging | Missing = NO_PACKAGING,
) -> SuiteRun | Missing:
    """Run the suite of the project that consists of ``files``."""
    snapshot = Snapshot.of(files)
    return suite_run(environment, code_of(files), packaging, snapshot, where, settings)
