"""Which delivery files are there, and what do they amount to together?"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator

from evaluator.facts.delivering import compose, deployments, dockerfiles, expanding, github, pipelines, shell, yaml_tree
from evaluator.facts.delivering.expanding import Expander, Origin, Place
from evaluator.facts.delivering.resolving import started
from evaluator.facts.delivering.yaml_tree import Text, Value, mapping, sequence, text, texts
from evaluator.facts.delivery import Command, Delivery, Dockerfile, Workflow
from evaluator.facts.documents.instructions import Instruction, instructions
from evaluator.facts.prose import Document, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Missing
from evaluator.registry import provides
from evaluator.source.snapshot import Snapshot

_MOST = 3_000
_OF_A_KIND = 30
_OTHERS = frozenset({"vendored", "environment", "cache", "generated"})
_ORDER: tuple[Origin, ...] = (
    "readme",
    "makefile",
    "tox",
    "dvc",
    "procfile",
    "compose",
    "script",
    "other",
    "ci",
    "dockerfile",
)
_READ = frozenset({"readme", "readme-below", "docs", "community"})
_MAKE = re.compile(r"(?:gnu)?makefile|.{1,40}\.mk|\.?justfile", re.IGNORECASE)
_SHELL_BLOCKS = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession", "terminal", "cmd", "powershell"}
)
_WORD = re.compile(r"[a-z][a-z0-9_.+-]{1,40}")
_KNOWN = re.compile(
    r"python[\d.]*|py|pip[\d.]*|conda|mamba|micromamba|uv|uvx|poetry|pipenv|pdm|hatch|pixi|rye|tox|nox|pytest|make|just|docker"
    r"|docker-compose|podman|streamlit|uvicorn|gunicorn|flask|fastapi|gradio|jupyter|papermill|voila|mlflow|dvc|kedro|prefect"
    r"|snakemake|airflow|dagster|bentoml|torchrun|accelerate|deepspeed|bash|sh|source|rscript|julia|npm|yarn|node|git|cd|kubectl"
    r"|helm|terraform|gcloud|aws|az|heroku|fly|flyctl|modal|ray|wandb|kaggle|gdown|wget|curl|unzip|chainlit|panel|marimo|celery"
    r"|coverage|unittest|spark-submit|mpirun|quarto|invoke|task|poe|pre-commit|ruff|black|mypy|twine|virtualenv|activate",
    re.IGNORECASE,
)
_PROCESS = re.compile(r"^([A-Za-z0-9_-]{1,40}):\s*(\S.*)$")


@provides(how="parsed")
def delivery(snapshot: Snapshot, tree: Tree, prose: Prose | Missing) -> Delivery:
    """Read every delivery file that is the project's own, and the commands that its documents give."""
    expander = Expander.of(snapshot)
    own = [f.path for f in tree.files if f.kind in {"file", "executable"} and f.part not in _OTHERS]
    composed = [found for path in own if compose.is_compose(path) for found in compose.services(path, expander)]
    commands = [*_documents(prose, expander), *_files(own, expander), *(c for s in composed for c in s.commands)]
    workflows = (*github.workflows(expander), *pipelines.pipelines(expander))
    images = tuple(_images(own, expander, composed, commands, workflows))
    return Delivery(
        dockerfiles=images,
        workflows=tuple(sorted(workflows, key=lambda w: w.path)),
        commands=tuple(sorted(dict.fromkeys(commands), key=_place)[:_MOST]),
        compose=tuple(dict.fromkeys(s.path for s in composed)),
        deployments=deployments.deployments(own, expander, composed, commands, workflows, images),
    )


def _place(command: Command) -> tuple[int, int, str, int]:
    at = command.at
    return _ORDER.index(command.origin), at.path.count("/"), at.path, at.start


def _documents(prose: Prose | Missing, expander: Expander) -> Iterator[Command]:
    for document in () if isinstance(prose, Missing) else prose.documents:
        if document.role in _READ:
            yield from _document(document, expander)


def _document(document: Document, expander: Expander) -> Iterator[Command]:
    """Yield the commands of a document; a ``cd`` holds until the next heading, where a reader starts afresh."""
    cwd, heading = "", -1
    headings = [n for n, block in enumerate(document.blocks) if block.kind == "heading"]
    for given in instructions(document):
        under = max((n for n in headings if n < given.block), default=-1)
        cwd, heading = ("" if under != heading else cwd), under
        if not _is_command(given, document):
            continue
        if given.argv[0] == "cd":
            folder = shell.moved(cwd, given.argv[1]) if len(given.argv) > 1 else ""
            cwd = folder if folder is not None and (not folder or folder in expander.files.folders) else cwd
            continue
        bases = tuple(dict.fromkeys((cwd, posixpath.dirname(document.path), "")))
        found = started(given.argv, expander.files, bases)
        yield Command(
            argv=given.argv,
            raw=given.raw,
            at=given.at,
            origin="readme",
            runs=found.runs,
            names_missing=found.missing,
        )


def _is_command(given: Instruction, document: Document) -> bool:
    """Whether what stands where a command could is one: blocks also show output, trees of files and prose."""
    block, first = document.blocks[given.block], given.argv[0]
    if first.startswith(("./", ".\\")) or _KNOWN.fullmatch(posixpath.basename(first)):
        return True
    shown = block.kind == "code" and block.info in _SHELL_BLOCKS
    return shown and first not in {"export", "the", "your"} and bool(_WORD.fullmatch(first))


def _files(own: list[str], expander: Expander) -> Iterator[Command]:
    """Yield the commands of the files that give the project's commands their names."""
    left = dict.fromkeys(("make", "script", "yaml", "tasks"), _OF_A_KIND)
    for path in own:
        name = posixpath.basename(path)
        kind = _kind(name)
        if kind is None or left[kind] <= 0:
            continue
        left[kind] -= 1
        if kind == "make":
            yield from _makefile(path, expander)
        elif kind == "script":
            yield from expander.commands(
                expander.text(path), Place(path=path, line=1, origin="script", cwd=""), follow=False
            )
        elif kind == "yaml":
            yield from _pipeline_file(path, expander)
        else:
            yield from _tasks(path, expander)


def _kind(name: str) -> str | None:
    if _MAKE.fullmatch(name):
        return "make"
    if name.endswith((".sh", ".bash")):
        return "script"
    if name in {"dvc.yaml", "MLproject", "render.yaml", "heroku.yml", "Taskfile.yml", "Taskfile.yaml", "app.yaml"}:
        return "yaml"
    return "tasks" if name in {"Procfile", "tox.ini", "pyproject.toml"} else None


def _makefile(path: str, expander: Expander) -> Iterator[Command]:
    folder = posixpath.dirname(path)
    for target in expander.makefile(path).targets.values():
        for recipe in target.recipes:
            why = "its failure is ignored" if recipe.ignores_failure else ""
            place = Place(path=path, line=recipe.line, origin="makefile", cwd=folder, disarmed=why)
            yield from expander.commands(recipe.text, place, follow=False)


def _tasks(path: str, expander: Expander) -> Iterator[Command]:
    folder, name = posixpath.split(path)
    if name == "Procfile":
        for number, line in enumerate(expander.text(path).split("\n")[:50], start=1):
            if process := _PROCESS.match(line):
                yield from expander.commands(process[2], Place(path=path, line=number, origin="procfile", cwd=folder))
    elif name == "tox.ini":
        for number, script in expanding.tox_commands(expander.text(path)):
            yield from expander.commands(script, Place(path=path, line=number, origin="tox", cwd=folder), follow=False)
    else:
        for scripts in expander.tasks(path).values():
            for script in scripts:
                place = Place(path=path, line=1, origin="other", cwd=folder)
                yield from expander.commands(script, place, follow=False)


def _pipeline_file(path: str, expander: Expander) -> Iterator[Command]:
    folder, name = posixpath.split(path)
    tree = mapping(yaml_tree.load(path, expander.text(path)))
    if name == "dvc.yaml":
        for stage in mapping(tree.get("stages")).values():
            body = mapping(mapping(stage).get("do")) or mapping(stage)
            cwd = shell.moved(folder, text(body.get("wdir")) or ".")
            for script in texts(body.get("cmd")):
                yield from expander.commands(script, Place(path=path, line=script.line, origin="dvc", cwd=cwd))
        return
    for script in _named(tree, {"command", "cmds", "cmd", "startCommand", "entrypoint", "run"}, 8):
        yield from expander.commands(script, Place(path=path, line=script.line, origin="other", cwd=folder))


def _named(value: Value, keys: set[str], depth: int) -> Iterator[Text]:
    """Yield the scalars that stand under one of ``keys``, anywhere below ``value``."""
    if depth <= 0:
        return
    for key, child in mapping(value).items():
        if key in keys and not isinstance(child, dict):
            yield from texts(child)
        else:
            yield from _named(child, keys, depth - 1)
    for child in sequence(value) if isinstance(value, list) else ():
        yield from _named(child, keys, depth - 1)


def _images(
    own: list[str],
    expander: Expander,
    composed: list[compose.Service],
    commands: Iterable[Command],
    workflows: Iterable[Workflow],
) -> Iterator[Dockerfile]:
    contexts: dict[str, list[str]] = {}
    for service in composed:
        if service.dockerfile:
            contexts.setdefault(service.dockerfile, []).append(service.context)
    for command in (*commands, *(c for w in workflows for c in w.commands)):
        if built := _built(command, expander):
            contexts.setdefault(built[0], []).append(built[1])
    for path in [p for p in own if dockerfiles.is_dockerfile(p)][: dockerfiles.MOST]:
        starts = [c for s in composed if s.dockerfile == path for c in s.commands[:1]]
        yield dockerfiles.read(path, expander, contexts.get(path, ()), starts[0] if starts else None)


def _built(command: Command, expander: Expander) -> tuple[str, str] | None:
    """Return Dockerfile and context of ``docker build``."""
    words = list(command.argv)
    if words[:1] not in (["docker"], ["podman"]) or "build" not in words[1:3]:
        return None
    rest = words[words.index("build") + 1 :]
    path = next((b for a, b in itertools.pairwise(rest) if a in {"-f", "--file"}), "")
    path = path or next((w.partition("=")[2] for w in rest if w.startswith("--file=")), "")
    context = rest[-1] if rest and not rest[-1].startswith("-") else "."
    bases = (posixpath.dirname(command.at.path), "")
    for base in bases:
        folder = shell.moved(base, context)
        wanted = posixpath.normpath(posixpath.join(base, path)) if path else posixpath.join(folder or "", "Dockerfile")
        if folder is not None and wanted in expander.files.paths:
            return wanted, folder
    return None
