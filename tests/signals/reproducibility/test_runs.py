"""When does an installation count as declared, as repaired, or as failed, and when is that not ours to say?"""

from __future__ import annotations

import pytest

from evaluator.engine import judge
from evaluator.facts.packaging import Manifest, Packaging, Requirement
from evaluator.model import Answer, Measured, Missing, NotApplicable, Span, Unknown
from evaluator.runs.environment import Departure, Environment
from evaluator.signals.reproducibility.runs import installs

AT = Span(path="requirements.txt", start=1, end=1)
DECLARED = Packaging(
    manifests=(
        Manifest(
            path="requirements.txt",
            kind="requirements",
            requirements=(Requirement(name="numpy", raw="numpy==1.26", at=AT),),
        ),
    )
)


def built(
    *departures: Departure, manifest: str = "requirements.txt", strategy: str = "as-of-commit", held: str = "numpy"
) -> Environment:
    return Environment(
        python="",
        version="3.11.7",
        folders={},
        strategy=strategy,  # type: ignore[arg-type]
        installed={held: "1.26"},
        manifest=manifest,
        departures=departures,
        repaired_for_candidate=sum(d.fault == "project" for d in departures),
    )


def gone(fault: str, what: str = "left-out", *missed: str, at: Span | None = AT) -> Departure:
    return Departure(
        requirement="seabor",
        name="seabor",
        what=what,  # type: ignore[arg-type]
        fault=fault,  # type: ignore[arg-type]
        reason="`seabor` is not known to the index",
        at=at,
        missed=missed,
    )


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        pytest.param(built(), 2, id="as declared"),
        pytest.param(built(strategy="as-of-today"), 2, id="as of today"),
        pytest.param(built(strategy="lock"), 2, id="by its lock"),
        pytest.param(built(gone("project")), 1, id="a line left out that nothing needs"),
        pytest.param(built(gone("project", "loosened")), 1, id="a version loosened"),
        pytest.param(built(gone("project", "replaced", at=None)), 1, id="a name replaced"),
        pytest.param(built(gone("project"), gone("tool")), 1, id="a repair, and something we could not do"),
        pytest.param(built(gone("project", "left-out", "seaborn")), 0, id="a line left out that the code imports"),
        pytest.param(built(gone("project"), held="pytest"), 0, id="nothing declared is left"),
    ],
)
def test_installs(environment: Environment, level: int) -> None:
    answer = installs(environment=environment, packaging=DECLARED)

    assert isinstance(answer, Measured)
    assert level == answer.value
    assert answer.evidence


def test_a_manifest_that_cannot_be_read_does_not_install() -> None:
    broken = Packaging(manifests=(Manifest(path="pyproject.toml", kind="pyproject", errors=((AT, "not TOML"),)),))

    answer = installs(environment=built(manifest=""), packaging=broken)

    assert isinstance(answer, Measured)
    assert answer.value == 0


def test_a_manifest_whose_content_is_not_here_is_no_verdict() -> None:
    gone = Packaging(
        manifests=(Manifest(path="pyproject.toml", kind="pyproject", errors=((AT, "its content is not here"),)),)
    )

    assert isinstance(installs(environment=built(manifest=""), packaging=gone), Unknown)


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        pytest.param(built(manifest=""), NotApplicable, id="nothing declared"),
        pytest.param(built(strategy="given"), Unknown, id="an environment was given"),
        pytest.param(built(gone("tool")), Unknown, id="source archives alone"),
        pytest.param(built(gone("machine", "loosened")), Unknown, id="an interpreter that is not here"),
    ],
)
def test_installs_not_answered(environment: Environment, kind: type[Answer]) -> None:
    packaging = DECLARED if environment.manifest else Packaging(manifests=())

    assert isinstance(installs(environment=environment, packaging=packaging), kind)


@pytest.mark.parametrize("cause", ["not-permitted", "failed", "timed-out", "too-large"])
def test_no_environment_is_no_verdict(cause: str) -> None:
    """Our network, our limits and the caller's word cost the project nothing."""
    gap = Missing(fact="Environment", cause=cause, detail="why")  # type: ignore[arg-type]

    [finding] = judge([installs], {Environment: gap, Packaging: DECLARED})

    assert finding.answer == Unknown(cause=cause, reason="why")  # type: ignore[arg-type]
