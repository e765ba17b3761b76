"""Real frameworks from this user's own indexes, in the real sandbox: not part of the default suite."""

from __future__ import annotations

import pytest

from evaluator import places
from evaluator.facts.imported import imported
from evaluator.model import Missing, Subject
from evaluator.runs.environment import Environment
from evaluator.runs.environment_start import environment
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.api import RunRequest
from evaluator.sandbox.choose import choose
from evaluator.source.snapshot import Snapshot
from tests.facts.test_packaging import read
from tests.runs.test_environment import code

pytestmark = [pytest.mark.frameworks, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("requirements", "imports", "as_of"),
    [
        pytest.param(
            "scikit-learn\npandas\nmatplotlib\n",
            ("sklearn", "pandas", "matplotlib"),
            "2024-03-01T00:00:00Z",
            id="as of a commit",
        ),
        pytest.param(
            "scikit-learn==1.0.2\npandas==1.3.5\n", ("sklearn", "pandas"), "2022-01-15T00:00:00Z", id="an old commit"
        ),
        pytest.param("torch==2.2.2\nnumpy<2\n", ("torch", "numpy"), "2025-03-01T00:00:00Z", id="torch"),
    ],
)
def test_it_is_built_and_works_in_the_sandbox(requirements: str, imports: tuple[str, ...], as_of: str) -> None:
    files: dict[str, str | bytes] = {"requirements.txt": requirements}
    with places.scratch() as scratch:
        sandbox = choose("auto", scratch)
        if isinstance(sandbox, Missing):
            pytest.skip(sandbox.detail)
        made = environment(
            snapshot=Snapshot.of(files, subject=Subject(source="local", name="project", as_of=as_of)),
            packaging=read(files),
            code=code(*imports),
            imported=imported(code=code(*imports)),
            settings=RunSettings(permitted="all", scratch=scratch, cache=places.cache(otherwise=scratch)),
            sandbox=sandbox,
        )
        assert isinstance(made, Environment)
        assert (made.unmet, made.repaired_for_candidate) == ((), 0)
        (scratch / "project").mkdir(mode=0o755)
        script = f"import {', '.join(imports)}, pytest, coverage; print('all there')"
        outcome = sandbox.run(
            RunRequest(
                name="import",
                argv=(made.python, "-c", script),
                project=str(scratch / "project"),
                read_only=made.folders,
            )
        )

    assert (outcome.exit_code, outcome.tail.strip()) == (0, "all there")
