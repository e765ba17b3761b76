"""Is there a way from the repository to where the project is used?"""

from __future__ import annotations

from evaluator.facts.delivery import Delivery, Deployment, Dockerfile
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import Block, Prose
from evaluator.facts.serving import Serving
from evaluator.facts.tree import Tree
from evaluator.model import Absence, Answer, Evidence, InFile, Measured, Missing, NotApplicable, Span, Unit
from evaluator.registry import signal
from evaluator.signals.production.models import model_files

_SHOWN = 6
_PLANS = frozenset({"future", "placeholder", "contents", "references"})
_WORDS = 6
_PLATFORMS = {"modal": "Modal", "azure ml": "an Azure ML scoring script", "sagemaker": "a SageMaker inference script"}
_LOOKED = ("workflows", "compose files", "Kubernetes, Helm, Terraform", "Procfile and platform manifests", "README")


@signal(
    id="production.deployment",
    title="There is a way to deploy it",
    question="Is there automation or a manifest that brings the service, model or package to where it is used?",
    looks_at="Manifests of platforms, compose files, commands and steps of pipelines and scripts, then what documents say",
    remedy="Add the manifest of one platform, or a workflow step that publishes the image, and name only files that exist.",
    effort="hour",
    sources=("huyen-2022", "twelve-factor"),
    limits="Nothing is deployed to try it. Accounts, secrets and settings that live on a platform are not seen.",
    levels=(
        "no way to deploy",
        "described in prose, an image that is only built by hand, or a manifest that names what is not there",
        "automation or a manifest that could work",
    ),
)
def deployment(
    delivery: Delivery | Missing, serving: Serving, work: ModelWork, prose: Prose | Missing, tree: Tree
) -> Answer:
    """Value: 2 with a working manifest, pipeline or script, 1 where it is only described or lacks something, else 0."""
    kept = any(k.reached and k.what != "other" for k in serving.saves)
    committed = bool(model_files(tree)) and any(k.used and k.what != "other" for k in serving.restores)
    saved = committed or bool(work.fits and (kept or model_files(tree)))
    if not saved and not serving.served:
        return NotApplicable(reason="nothing is served, and no model is saved")
    given = () if isinstance(delivery, Missing) else delivery.deployments
    working = [d for d in given if d.kind != "prose" and not d.lacks]
    if working:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{working[0].what} in {working[0].at.path}" + _more(len(working) - 1),
            evidence=tuple(InFile(at=d.at, note=d.what) for d in working[:_SHOWN]),
        )
    platform = next((a for a in serving.served if a.framework in _PLATFORMS), None)
    if platform is not None:
        note = f"{_PLATFORMS[platform.framework]} is its own manifest"
        return Measured(
            value=2, unit=Unit.LEVEL, summary=note, evidence=(InFile(at=platform.at, note=note),), confidence="medium"
        )
    partly = [*_lacking(given), *_images(delivery, serving), *_described(given, prose)]
    absent = Absence(note="no automation and no manifest that could work", looked_at=_LOOKED)
    if partly:
        return Measured(value=1, unit=Unit.LEVEL, summary=partly[0].note, evidence=(*partly[:_SHOWN], absent))
    summary = "nothing says or does how to deploy what is " + ("served" if serving.served else "saved")
    return Measured(value=0, unit=Unit.LEVEL, summary=summary, evidence=(Absence(note=summary, looked_at=_LOOKED),))


def _more(count: int) -> str:
    return f", and {count} more" if count > 0 else ""


def _lacking(given: tuple[Deployment, ...]) -> list[InFile]:
    return [InFile(at=d.at, note=f"{d.what}: {d.lacks}") for d in given if d.lacks and d.kind != "prose"]


def _images(delivery: Delivery | Missing, serving: Serving) -> list[InFile]:
    """Return the images that start something, where there is a service: somebody can build and run one by hand."""
    if isinstance(delivery, Missing) or not serving.served:
        return []
    paths = {a.at.path for a in serving.served}
    fitting = [d for d in delivery.dockerfiles if _starts(d, paths)]
    return [
        InFile(at=Span(path=d.path), note=f"{d.path} starts the service, and nothing builds or publishes it")
        for d in fitting
    ]


def _starts(image: Dockerfile, paths: set[str]) -> bool:
    if image.dev_only:
        return False
    return image.starts_by_base or (image.starts is not None and image.starts.names_missing is None and bool(paths))


def _described(given: tuple[Deployment, ...], prose: Prose | Missing) -> list[Evidence]:
    """Return commands, sentences and links of documents that say how, or where, the project is deployed."""
    found: list[Evidence] = [InFile(at=d.at, note=f"{d.what}, as a document says") for d in given if d.kind == "prose"]
    for document in () if isinstance(prose, Missing) else prose.of("readme", "readme-below", "docs"):
        for at, block in enumerate(document.blocks):
            topics = document.topics_at(at)
            if topics & _PLANS or block.kind in {"heading", "code"}:
                continue
            if "deployment" in block.says or ("deployment" in topics and _tells(block)):
                found.append(InFile(at=block.at, note="says how or where it is deployed", excerpt=block.text[:300]))
        found += [
            InFile(at=link.at, note=f"links to {link.target[:200]}")
            for link in document.links
            if not link.badge and not link.image and "demo" in link.kinds
        ]
    return found


def _tells(block: Block) -> bool:
    return len(block.text.split()) >= _WORDS
