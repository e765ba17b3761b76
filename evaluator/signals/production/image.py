"""Can the project be shipped as an image that runs it?"""

from __future__ import annotations

import posixpath
import re

from evaluator.facts.delivery import Command, Delivery, Dockerfile
from evaluator.facts.packaging import Packaging
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, Record, Span, Unit
from evaluator.registry import signal

_LEVELS = (
    "no image of this project",
    "one that cannot run it, or is only to develop in",
    "one that installs, copies and runs it",
)
# Commands that run what they find in the image, without naming a file of the project.
_SERVERS = frozenset(
    {
        *(
            "mlflow",
            "torchserve",
            "tensorflow_model_server",
            "supervisord",
            "dvc",
            "kedro",
            "prefect",
            "airflow",
            "bentoml",
        ),
        *(
            "make",
            "just",
            "snakemake",
            "npm",
            "node",
            "java",
            "nginx",
            "dagster",
            "zenml",
            "ray",
            "rasa",
            "mlserver",
            "plumber",
        ),
    }
)
# What a training run leaves behind and a build expects beside the code: its absence in the tree is no fault of the file.
_MADE_LATER = re.compile(
    r"(?:^|/)(?:models?|artifacts?|data|datasets?|mlruns|checkpoints?|weights|outputs?|build|dist|logs?|\.env[^/]*|reports?)(?:/|$)"
    r"|\.(?:pkl|pickle|joblib|pth?|ckpt|onnx|h5|keras|bin|csv|parquet|npy|npz|db|sqlite3?|json|safetensors|model|whl|jar)$",
    re.IGNORECASE,
)


class Judged(Record):
    """One Dockerfile's part; ``lacks``: what keeps it from a higher ``level``."""

    level: int
    lacks: tuple[str, ...]
    dockerfile: Dockerfile


@signal(
    id="production.dockerfile",
    title="A Dockerfile runs this project",
    question="Does a Dockerfile install the dependencies, copy the code, and start it?",
    looks_at="The final stage of every Dockerfile and what compose files add, against the files of the build context",
    remedy="Install the dependencies, copy the code, and end with a CMD that starts a file which is in the image.",
    effort="hour",
    sources=("docker-best-practices", "twelve-factor"),
    limits=(
        "It is read, not built. Base images are known by name only; what a training run would leave in the build context is "
        "not asked for."
    ),
    levels=_LEVELS,
)
def dockerfile(delivery: Delivery, tree: Tree, packaging: Packaging | Missing) -> Answer:
    """Value: 2 if one installs, copies and starts the project, 1 if one is there that cannot or is for development, else 0."""
    scripts = frozenset() if isinstance(packaging, Missing) else frozenset(s.name for s in packaging.scripts)
    judged = [_judged(d, scripts) for d in delivery.dockerfiles]
    best = max(judged, key=lambda j: (j.level, -len(j.lacks)), default=None)
    if best is not None and best.level:
        summary = "; ".join(best.lacks) or f"{best.dockerfile.path} installs, copies and starts the project"
        return Measured(value=best.level, unit=Unit.LEVEL, summary=summary, evidence=_evidence(best))
    if (container := _dev_container(tree)) is not None:
        note = "only a container to develop in"
        return Measured(value=1, unit=Unit.LEVEL, summary=note, evidence=(InFile(at=Span(path=container), note=note),))
    if best is not None:
        lacking = "; ".join(best.lacks)
        return Measured(value=0, unit=Unit.LEVEL, summary=lacking, evidence=_evidence(best))
    absent = Absence(note="no Dockerfile", looked_at=("Dockerfile", "Containerfile", "*.Dockerfile", ".devcontainer"))
    return Measured(value=0, unit=Unit.LEVEL, summary="no Dockerfile", evidence=(absent,))


def _judged(found: Dockerfile, scripts: frozenset[str]) -> Judged:
    parts = bool(found.base) and bool(found.copies or found.installs or found.starts)
    if not parts:
        return Judged(level=0, lacks=(f"{found.path} neither installs, copies nor starts anything",), dockerfile=found)
    lacks = tuple(_lacking(found, scripts))
    return Judged(level=1 if lacks else 2, lacks=lacks, dockerfile=found)


def _lacking(found: Dockerfile, scripts: frozenset[str]) -> list[str]:
    lacks = []
    if found.dev_only:
        lacks.append(f"{found.path} only prepares something to work in")
    if not found.installs and not found.starts_by_base:
        lacks.append(f"{found.path} installs no dependencies")
    if not found.copies:
        lacks.append(f"{found.path} copies nothing of the project")
    lost = [source for source in found.lost if not _MADE_LATER.search(source)]
    if lost:
        lacks.append(f"{found.path} copies what is not there: {', '.join(lost[:3])}")
    if found.starts is None and not found.starts_by_base:
        lacks.append(f"{found.path} starts nothing")
    elif found.starts is not None and not _starts(found.starts, scripts) and not found.dev_only:
        lacks.append(f"{found.path} starts nothing of the project that is in the image: {found.starts.raw[:100]}")
    return lacks


def _starts(command: Command, scripts: frozenset[str]) -> bool:
    if command.runs is not None:
        return command.names_missing is None
    program = posixpath.basename(command.argv[0])
    return command.names_missing is None and (program in scripts or program in _SERVERS)


def _evidence(judged: Judged) -> tuple[Evidence, ...]:
    found, path = judged.dockerfile, judged.dockerfile.path
    if judged.lacks:
        shown: list[Evidence] = [InFile(at=Span(path=path), note=note) for note in judged.lacks]
        return (
            (*shown, InFile(at=found.starts.at, note="what it starts", excerpt=found.starts.raw))
            if found.starts
            else tuple(shown)
        )
    parts: list[Evidence] = [InFile(at=c.at, note="installs dependencies", excerpt=c.raw) for c in found.installs[:1]]
    if found.starts is not None:
        parts.append(
            InFile(
                at=found.starts.at, note=f"starts {found.starts.runs or found.starts.argv[0]}", excerpt=found.starts.raw
            )
        )
    return tuple(parts) or (InFile(at=Span(path=path), note=f"the base image {found.base} starts what is copied"),)


def _dev_container(tree: Tree) -> str | None:
    """Return a dev container's configuration that is more than empty braces."""
    named = [f for f in tree.files if posixpath.basename(f.path) == "devcontainer.json" and f.part != "vendored"]
    return next((f.path for f in named if (f.size or 0) > 20), None)
