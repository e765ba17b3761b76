"""What does each Dockerfile put into its image, and what does the image start?"""

from __future__ import annotations

import fnmatch
import io
import json
import posixpath
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluator.facts.delivering import shell
from evaluator.facts.delivering.expanding import Expander, Place
from evaluator.facts.delivering.resolving import Files, installs_project, started
from evaluator.facts.delivery import Command, Dockerfile
from evaluator.facts.manifests.commands import install
from evaluator.model import Span

SIZE_LIMIT = 100_000
MOST = 30
_STEPS = 300
_NAME = re.compile(
    r"(?:dockerfile|containerfile)(?:[._-].{1,40})?|.{1,60}\.(?:dockerfile|containerfile)", re.IGNORECASE
)
_NO_DOCKERFILE = (".dockerignore", ".j2", ".md", ".py", ".sh", ".txt", ".yml", ".yaml", ".json", ".bak")
_HEREDOC = re.compile(r"^\s*(RUN|COPY|ADD)\s.*?<<-?\s*['\"]?(\w+)['\"]?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))")
_ASIDE = {"docker", ".docker", "deploy", "deployment", "infra", "infrastructure", "build", "containers", "ci", "ops"}
_SHELLS = {"bash", "sh", "zsh", "ash", "/bin/bash", "/bin/sh"}
_NOTEBOOK_SERVERS = {"jupyter", "jupyter-lab", "jupyter-notebook", "start-notebook.sh", "start.sh"}
# Images that start what was copied into them, without a CMD of one's own; by the beginning of their name.
_STARTING_BASES = (
    *("tiangolo/uvicorn-gunicorn", "tiangolo/meinheld-gunicorn", "tiangolo/uwsgi-nginx", "nginx", "httpd", "caddy"),
    *(
        "tensorflow/serving",
        "pytorch/torchserve",
        "rocker/shiny",
        "rstudio/plumber",
        "apache/airflow",
        "quay.io/astronomer",
    ),
)


@dataclass
class _Copy:
    """``source``: below the build context, or, with ``stage``, in that stage. ``into``: where it lies in the image."""

    source: str
    into: str
    into_folder: bool
    stage: _Stage | None = None


@dataclass
class _Stage:
    base: str
    copies: list[_Copy] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    runs: list[tuple[str, int]] = field(default_factory=list)
    workdir: str = "/"
    variables: dict[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, int] | None = None
    command: tuple[str, int] | None = None
    used: list[_Stage] = field(default_factory=list)

    def places(self, path: str, depth: int = 5) -> list[str]:
        """Return the paths below the build context that ``path`` of the image may come from, the last copy first."""
        found = []
        for copy in reversed(self.copies):
            inner = _source_of(copy, posixpath.normpath(posixpath.join(self.workdir, path)))
            if inner is None:
                continue
            if copy.stage is None:
                found.append(inner)
            elif depth > 0:
                found += copy.stage.places(inner, depth - 1)
        return found


def _source_of(copy: _Copy, path: str) -> str | None:
    """Return where ``path`` of the image was before the copy; a copied folder gives its content, not itself."""
    into, name = copy.into, posixpath.basename(copy.source)
    if path == into and not copy.into_folder:
        return copy.source
    if path == into or path.startswith(into.rstrip("/") + "/"):
        below = path[len(into.rstrip("/")) + 1 :]
        if below == name and not any(c in copy.source for c in "*?"):
            return copy.source
        return posixpath.normpath(posixpath.join(copy.source.partition("*")[0] or ".", below))
    return None


def is_dockerfile(path: str) -> bool:
    """Whether the name of the file at ``path`` is one of a Dockerfile."""
    name = posixpath.basename(path)
    return bool(_NAME.fullmatch(name)) and not name.lower().endswith(_NO_DOCKERFILE)


def read(path: str, expander: Expander, contexts: Iterable[str] = (), start: Command | None = None) -> Dockerfile:
    """Return what the final stage of the Dockerfile at ``path`` amounts to; never raises.

    Args:
        contexts: Folders that commands and compose files build it in; without any, its own and the top are tried.
        start: What a compose file starts in the image, where the Dockerfile itself starts nothing.
    """
    steps = _steps(expander.text(path)[:SIZE_LIMIT])
    stages = _stages(steps)
    if not stages:
        return Dockerfile(path=path, base="", dev_only=_is_dev(path))
    tried = [_judged(path, stages[-1], context, expander, start) for context in _contexts(path, contexts)]
    return max(tried, key=lambda d: (bool(d.starts and d.starts.runs), len(d.copies) - len(d.lost)))


def _contexts(path: str, named: Iterable[str]) -> list[str]:
    own = posixpath.dirname(path)
    aside = any(part.lower() in _ASIDE for part in own.split("/"))
    return list(dict.fromkeys(named)) or list(dict.fromkeys(["", own] if aside else [own, ""]))


def _is_dev(path: str) -> bool:
    return ".devcontainer" in path.split("/")


def _judged(path: str, final: _Stage, context: str, expander: Expander, start: Command | None) -> Dockerfile:
    stages = [final, *final.used]
    known = _Context(expander.files, context, _ignored(expander, context))
    sources = [s for stage in stages for s in stage.sources]
    starts, idle = _start(path, final, known)
    if starts is None and not idle:
        starts = start
    return Dockerfile(
        path=path,
        base=final.base[:200],
        copies=tuple(dict.fromkeys(s for s in sources if known.has(s))),
        lost=tuple(dict.fromkeys(s for s in sources if not known.has(s))),
        installs=tuple(_installs(path, stages, context, expander)),
        starts=starts,
        dev_only=_is_dev(path) or idle,
        starts_by_base=final.base.startswith(_STARTING_BASES),
    )


@dataclass(frozen=True)
class _Context:
    """A build context: the folder whose files a build can copy, less those that ``.dockerignore`` keeps out."""

    files: Files
    folder: str
    ignored: tuple[str, ...]

    def project_path(self, inside: str) -> str | None:
        """Return the project's path of a file of the context; None if the context lacks it."""
        path = posixpath.normpath(posixpath.join(self.folder, inside.lstrip("/")))
        return path if path in self.files.paths and not self._kept_out(path) else None

    def has(self, source: str) -> bool:
        """Whether a source of COPY is there."""
        clean = source.strip("/").removeprefix("./") or "."
        path = posixpath.normpath(posixpath.join(self.folder, clean))
        if any(c in clean for c in "*?["):
            return any(fnmatch.fnmatchcase(p, path) for p in self.files.paths | self.files.folders)
        if path == "." or path in self.files.folders:
            return not self._kept_out(path)
        return self.project_path(clean) is not None

    def _kept_out(self, path: str) -> bool:
        """Whether ``.dockerignore`` names the path or a folder above it; the last line that does decides."""
        below = path.removeprefix(f"{self.folder}/") if self.folder else path
        out = False
        for line in self.ignored:
            pattern = line.lstrip("!").strip("/").removeprefix("./").removesuffix("/**")
            parts = below.split("/")
            above = ("/".join(parts[: n + 1]) for n in range(len(parts)))
            if any(fnmatch.fnmatchcase(p, pattern) for p in above) or (
                pattern.startswith("**/") and any(fnmatch.fnmatchcase(p, pattern[3:]) for p in parts)
            ):
                out = not line.startswith("!")
        return out


def _ignored(expander: Expander, context: str) -> tuple[str, ...]:
    lines = expander.text(posixpath.join(context, ".dockerignore")).split("\n")
    return tuple(s for line in lines[:300] if (s := line.strip()) and not s.startswith("#"))


def _installs(path: str, stages: Iterable[_Stage], context: str, expander: Expander) -> list[Command]:
    found: list[Command] = []
    for stage in stages:
        for script, line in stage.runs:
            place = Place(path=path, line=line, origin="dockerfile", cwd=context)
            found += [c for c in expander.commands(script, place) if install(c.argv) is not None]
    return sorted(dict.fromkeys(found), key=lambda c: (c.at.path != path, c.at.start))


def _start(path: str, final: _Stage, known: _Context) -> tuple[Command | None, bool]:
    """Return what the image starts, and whether that is only something to work in."""
    entry, command = final.entrypoint, final.command
    words = [_words(part[0]) for part in (entry, command) if part]
    line = (command or entry or ("", 1))[1]
    if not words:
        return None, False
    if entry and len(words) == 2 and not words[0][1]:  # the shell form of ENTRYPOINT takes no arguments
        words = words[:1]
    argv = [w for part, _ in words for w in part]
    raw = " ".join(argv)
    pieces = shell.pieces(raw if not words[0][1] else shlex.join(argv))
    tried = [_resolved(piece, known, path, line, final) for piece in pieces]
    if entry and command and tried and tried[0].runs and tried[0].runs.endswith(".sh"):
        tried += [_resolved(piece, known, path, line, final) for piece in shell.pieces(shlex.join(words[1][0]))]
    if not tried:
        return None, True
    idle = all(_is_idle(c.argv) for c in tried)
    chosen = next((c for c in reversed(tried) if c.runs), tried[-1])
    return chosen, idle


def _inside(stage: _Stage, name: str) -> list[str]:
    """Return where a file that a command names may come from: seen from the working folder and from PYTHONPATH."""
    roots = ["", *(p for p in stage.variables.get("PYTHONPATH", "").split(":") if p)]
    return [inner for root in roots for inner in stage.places(posixpath.join(root, name))]


def _resolved(piece: shell.Piece, known: _Context, path: str, line: int, stage: _Stage) -> Command:
    def place(name: str) -> str | None:
        inside = _inside(stage, posixpath.join(piece.cwd or "", name))
        return next((found for inner in inside if (found := known.project_path(inner))), None)

    installed = any(installs_project(script) for part in (stage, *stage.used) for script, _ in part.runs)
    files = Files(paths=known.files.paths, folders=known.files.folders, place=place, installed=installed)
    found = started(piece.argv, files, ("",), piece.app or stage.variables.get("FLASK_APP", ""))
    return Command(
        argv=piece.argv,
        raw=piece.raw[:500],
        at=Span(path=path, start=line, end=line),
        origin="dockerfile",
        disarmed=piece.disarmed,
        runs=found.runs,
        names_missing=found.missing,
    )


def _is_idle(argv: tuple[str, ...]) -> bool:
    """Whether a command only keeps the container open, or gives somebody a place to work in."""
    program = posixpath.basename(argv[0])
    rest = [w for w in argv[1:] if not w.startswith("-")]
    if program in {"sleep", "tail", "true", "echo", "cat"}:
        return True
    if program in _NOTEBOOK_SERVERS:
        return not any(w.endswith(".ipynb") for w in argv) and not {"nbconvert", "execute"} & set(rest)
    return (program in _SHELLS or program.startswith(("python", "ipython"))) and len(argv) == 1


def _words(value: str) -> tuple[list[str], bool]:
    """Return the words of CMD or ENTRYPOINT, and whether they are given as a list."""
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        listed = None
    if isinstance(listed, list):
        return [str(w) for w in listed[:100]], True
    return [value], False


def _steps(source: str) -> list[tuple[str, str, int]]:
    """Return (instruction, value, 1-based line) in order."""
    from dockerfile_parse import DockerfileParser

    data = _without_heredocs(source).encode("utf-8", "replace")
    try:
        structure = DockerfileParser(fileobj=io.BytesIO(data), env_replace=False).structure
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        return []
    steps = [(s["instruction"], s["value"] or "", s["startline"] + 1) for s in structure]
    return [(str(i), str(v)[:4000], n) for i, v, n in steps if i != "COMMENT"][:_STEPS]


def _without_heredocs(source: str) -> str:
    """Return ``source`` with the bodies of here-documents put on continued lines, which the parser understands."""
    lines = source.split("\n")
    index = 0
    while index < len(lines):
        found = _HEREDOC.match(lines[index])
        end = next((n for n in range(index + 1, len(lines)) if lines[n].strip() == found[2]), None) if found else None
        if found and end is not None:
            runs = found[1].upper() == "RUN"
            lines[index] = "RUN true \\" if runs else lines[index].partition("<<")[0] + "<<EOF " + _after(lines[index])
            for n in range(index + 1, end):
                lines[n] = f"; {lines[n].strip() or 'true'} \\" if runs else ""
            lines[end] = "" if not runs else "; true"
            index = end
        index += 1
    return "\n".join(lines)


def _after(line: str) -> str:
    return line.rpartition(" ")[2]


def _stages(steps: list[tuple[str, str, int]]) -> list[_Stage]:
    stages: list[_Stage] = []
    named: dict[str, _Stage] = {}
    variables: dict[str, str] = {}
    for instruction, value, line in steps:
        if instruction == "FROM":
            words = _filled(value, variables).split()
            base = next((w for w in words if not w.startswith("--")), "")
            before = named.get(base.lower())
            stage = _continued(before) if before else _Stage(base=base, variables=dict(variables))
            stages.append(stage)
            named[str(len(stages) - 1)] = stage
            if len(words) > 2 and words[-2].lower() == "as":
                named[words[-1].lower()] = stage
        elif not stages:
            _assign(instruction, value, variables)
        else:
            _apply(instruction, value, line, stages[-1], named)
    return stages


def _continued(before: _Stage) -> _Stage:
    return _Stage(
        base=before.base,
        copies=list(before.copies),
        sources=list(before.sources),
        runs=list(before.runs),
        workdir=before.workdir,
        variables=dict(before.variables),
        entrypoint=before.entrypoint,
        command=before.command,
        used=list(before.used),
    )


def _apply(instruction: str, value: str, line: int, stage: _Stage, named: Mapping[str, _Stage]) -> None:
    if instruction in {"COPY", "ADD"}:
        _copy(_filled(value, stage.variables), stage, named)
    elif instruction == "RUN":
        stage.runs.append((re.sub(r"^(?:--\S+\s+)+", "", value), line))
    elif instruction == "WORKDIR":
        stage.workdir = posixpath.normpath(posixpath.join(stage.workdir, _filled(value, stage.variables).strip("\"' ")))
    elif instruction == "CMD":
        stage.command = (_filled(value, stage.variables), line)
    elif instruction == "ENTRYPOINT":
        stage.entrypoint, stage.command = (_filled(value, stage.variables), line), None
    else:
        _assign(instruction, value, stage.variables)


def _assign(instruction: str, value: str, variables: dict[str, str]) -> None:
    if instruction not in {"ENV", "ARG"}:
        return
    try:
        words = shlex.split(value)
    except ValueError:
        return
    if len(words) == 2 and "=" not in words[0] and instruction == "ENV":
        words = [f"{words[0]}={words[1]}"]
    for word in words:
        name, equals, content = word.partition("=")
        if equals and (instruction == "ENV" or name not in variables):
            variables[name] = _filled(content, variables)[:500]


def _filled(value: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda use: variables.get(use[1] or use[3], use[2] or use[0]), value)[:4000]


def _copy(value: str, stage: _Stage, named: Mapping[str, _Stage]) -> None:
    flags = re.match(r"(?:--\S+\s+)*", value)
    rest = value[flags.end() :] if flags else value
    words, listed = _words(rest)
    words = words if listed else rest.split()
    if len(words) < 2 or words[0].startswith("<<"):
        return
    origin = re.search(r"--from=(\S+)", flags[0]) if flags else None
    other = named.get(origin[1].lower()) if origin else None
    if origin and other is None:
        return  # from another image: nothing of this project
    *sources, into = (w.strip("\"'") for w in words)
    target = posixpath.normpath(posixpath.join(stage.workdir, into))
    folder = into.endswith(("/", ".")) or len(sources) > 1
    for source in sources:
        if "://" in source or source.startswith("git@"):
            continue
        stage.copies.append(_Copy(source if other else _clean(source), target, folder, other))
        if other is None:
            stage.sources.append(_clean(source))
        elif other not in stage.used:
            stage.used += [other, *(s for s in other.used if s not in stage.used)]


def _clean(source: str) -> str:
    return posixpath.normpath(source.strip("/") or ".")
