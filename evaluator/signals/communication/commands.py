"""What would a command that a document gives do for its reader: install, run the main job, or something else?"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from evaluator.facts.documents.instructions import Instruction
from evaluator.facts.tree import Tree
from evaluator.model import Missing

Does = Literal["install", "run", "both", "other"]
_PIP = frozenset({"pip", "pip3", "pip2"})
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_SYSTEM = frozenset({"apt", "apt-get", "brew", "choco", "dnf", "yum", "pacman", "apk", "winget", "scoop", "snap"})
_NODE = frozenset({"npm", "yarn", "pnpm", "bun"})
# Build tools of other languages → what fetches or builds all that is needed.
_BUILDING: dict[str, frozenset[str]] = {
    "mvn": frozenset({"install", "package", "compile", "verify"}),
    "gradle": frozenset({"build", "assemble", "install", "installdist", "shadowjar"}),
    "cargo": frozenset({"build", "install", "fetch", "add"}),
    "go": frozenset({"get", "install", "build", "mod"}),
    "sbt": frozenset({"compile", "assembly", "package", "update"}),
    "dotnet": frozenset({"restore", "build", "add"}),
    "stack": frozenset({"build", "install", "setup"}),
    "cabal": frozenset({"build", "install"}),
    "composer": frozenset({"install", "require"}),
    "swift": frozenset({"build"}),
    "bazel": frozenset({"build"}),
    "vcpkg": frozenset({"install"}),
    "conan": frozenset({"install"}),
}
_WRAPPERS = {"mvnw": "mvn", "gradlew": "gradle"}
_R_INSTALLS = (
    "install.packages(",
    "renv::restore(",
    "devtools::install",
    "remotes::install",
    "pak::",
    "biocmanager::install(",
    "pacman::p_load(",
)
_PKG = ("pkg.instantiate(", "pkg.add(", "pkg.activate(")
_SETUP_TARGETS = (
    "install",
    "setup",
    "init",
    "env",
    "deps",
    "dependencies",
    "requirements",
    "venv",
    "bootstrap",
    "create_environment",
    "create-env",
    "dev",
    "sync",
    "build",
)
_SIDE_TARGETS = (
    "clean",
    "test",
    "tests",
    "lint",
    "format",
    "fmt",
    "check",
    "help",
    "docs",
    "coverage",
    "typecheck",
    "pre-commit",
    "docker-build",
    "quality",
    "style",
    "mypy",
    "ruff",
    "black",
)
_SETUP_SCRIPTS = ("install", "setup", "bootstrap", "environment", "env", "requirements", "create_env", "init")
_INTERPRETERS = frozenset({"python", "python3", "py", "python2", "pythonw", "ipython"})
_SHELLS = frozenset({"bash", "sh", "zsh", "source", ".", "powershell", "pwsh"})
_STARTERS = frozenset(
    {
        *(
            "uvicorn",
            "gunicorn",
            "hypercorn",
            "waitress-serve",
            "fastapi",
            "voila",
            "papermill",
            "runipy",
            "snakemake",
            "torchrun",
            "quarto",
            "chainlit",
        ),
        *(
            "deepspeed",
            "mpirun",
            "horovodrun",
            "rscript",
            "julia",
            "node",
            "spark-submit",
            "locust",
            "gradio",
            "panel",
            "bokeh",
            "solara",
            "marimo",
            "jupytext",
        ),
    }
)
# Command → the sub-commands that start a project's main job.
_STARTING: dict[str, frozenset[str]] = {
    "streamlit": frozenset({"run"}),
    "flask": frozenset({"run", "--app"}),
    "dvc": frozenset({"repro", "exp"}),
    "mlflow": frozenset({"run", "models"}),
    "kedro": frozenset({"run"}),
    "accelerate": frozenset({"launch"}),
    "dagster": frozenset({"dev", "job"}),
    "prefect": frozenset({"deployment", "run"}),
    "airflow": frozenset({"dags", "standalone"}),
    "bentoml": frozenset({"serve"}),
    "zenml": frozenset({"pipeline"}),
    "ray": frozenset({"job"}),
    "cargo": frozenset({"run"}),
    "go": frozenset({"run"}),
    "dotnet": frozenset({"run"}),
    "scrapy": frozenset({"crawl"}),
    "rasa": frozenset({"train", "run", "shell"}),
    "wandb": frozenset({"sweep", "agent", "launch"}),
    "optuna": frozenset({"study"}),
    "modal": frozenset({"run", "deploy"}),
    "langgraph": frozenset({"dev", "up"}),
    "java": frozenset({"-jar"}),
    "sbt": frozenset({"run"}),
    "bazel": frozenset({"run"}),
    "stack": frozenset({"run", "exec"}),
    "swift": frozenset({"run"}),
}
_NOT_MAIN_MODULES = frozenset(
    {
        "pip",
        "venv",
        "virtualenv",
        "pytest",
        "unittest",
        "ensurepip",
        "ipykernel",
        "build",
        "black",
        "ruff",
        "mypy",
        "flake8",
        "pylint",
        "isort",
        "coverage",
        "webbrowser",
        "site",
        "nltk.downloader",
        "spacy",
        "wget",
        "pre_commit",
        "twine",
    }
)
_SIDE_SCRIPTS = ("test", "tests", "lint", "clean", "format")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a command does; ``names``: the project's file it needs, as written, else empty."""

    does: Does
    names: str = ""


def read(command: Instruction, scripts: Iterable[str] = ()) -> Reading:
    """Say what ``command`` does. ``scripts``: the project's own console commands."""
    head, *rest = command.argv if not command.argv[0].endswith(".py") else ("python", *command.argv)
    name = posixpath.basename(head).lower().removesuffix(".exe")
    if {"-h", "--help", "--version", "-V"} & set(rest):
        return Reading(does="other")
    made = _read(name, head, rest, frozenset(scripts))
    if command.wrapper == "uv run" and made.does == "run":
        return Reading(does="both", names=made.names)
    return made


def _read(name: str, head: str, rest: list[str], scripts: frozenset[str]) -> Reading:
    sub = rest[0].lower() if rest else ""
    if name in _INTERPRETERS or (name.startswith("python") and name[6:].replace(".", "").isdigit()):
        return _python(rest)
    does = _built(_WRAPPERS.get(name, name), sub, head, rest)
    if does is not None:
        return Reading(does=does, names=_requirement_file(rest))
    if name in {"docker", "docker-compose", "podman", "podman-compose", "nerdctl"}:
        return _container(name, rest)
    if name in {"make", "just", "task", "invoke", "inv"}:
        return _target(rest)
    if name in _NODE:
        return Reading(does="run" if sub in {"start", "run", "dev", "serve"} and not _side(rest[1:2]) else "other")
    if name in _SHELLS and rest:
        return _script(rest[0])
    if name in {"jupyter", "jupyter-notebook", "jupyter-lab"}:
        return _jupyter(rest)
    if name in _STARTERS or sub in _STARTING.get(name, frozenset()) or head in scripts:
        return Reading(does="run", names=_own_file(rest))
    if head.startswith(("./", ".\\")) or name.endswith((".sh", ".bat", ".ps1", ".cmd")):
        return _script(head)
    return Reading(does="other")


def _installs(name: str, sub: str, rest: list[str]) -> bool:
    following = rest[1].lower() if len(rest) > 1 else ""
    if name in _PIP or (name.startswith("pip") and name[3:].replace(".", "").isdigit()):
        named = {w.lower() for w in rest[1:] if w not in {"-U", "--upgrade", "-q", "--quiet"}}
        return sub == "install" and bool(named - {"pip", "setuptools", "wheel"})
    if name in _CONDA:
        return sub in {"install", "create", "update"} or (sub == "env" and following in {"create", "update"})
    if name == "uv":
        return (
            sub in {"sync", "add", "lock"}
            or (sub == "pip" and following in {"install", "sync"})
            or (sub == "tool" and following == "install")
        )
    if name in {"poetry", "pipenv", "pdm", "pixi", "rye", "hatch", "renv", "bundle", "pip-sync", "flit"}:
        return sub in {"install", "sync", "add", "env"} or name == "pip-sync"
    if name in _NODE:
        return sub in {"install", "i", "ci", "add"} or (name in {"yarn", "bun"} and not sub)
    if name in _SYSTEM:
        return "install" in rest
    return name in {"nix", "nix-shell"} and (name == "nix-shell" or sub in {"develop", "shell"})


def _builds(name: str, head: str, rest: list[str]) -> bool:
    """Whether a command of another language fetches or builds what is needed."""
    if head.lower().startswith((*_R_INSTALLS, *_PKG)):
        return True
    if name in {"rscript", "r", "julia"}:
        return any(part in word.lower() for word in rest for part in (*_R_INSTALLS, *_PKG))
    if name == "cmake":
        return bool(rest)
    if name == "mvn":
        goals = [w.lower().rpartition(":")[2] for w in rest if not w.startswith("-")]
        return bool(_BUILDING["mvn"] & set(goals)) or any(g.startswith(("install-file", "resolve")) for g in goals)
    if name == "gradle":
        return any(w.lower() in _BUILDING["gradle"] for w in rest)
    return bool(rest) and rest[0].lower() in _BUILDING.get(name, frozenset())


def _built(name: str, sub: str, head: str, rest: list[str]) -> Does | None:
    """Say whether a command installs or builds, and with a tool that does both whether it also starts; None for neither."""
    goals = {w.lower().rpartition(":")[2] for w in rest}
    runs = name in {"mvn", "gradle"} and bool(goals & {"run", "bootrun", "java", "exec"})
    if _installs(name, sub, rest) or _builds(name, head, rest):
        return "both" if runs else "install"
    return "run" if runs else None


def _python(rest: list[str]) -> Reading:
    words = list(rest)
    while words and words[0].startswith("-") and words[0] not in {"-m", "-c"}:
        words = words[1:]
    if not words or words[0] == "-c":
        return Reading(does="other")
    if words[0] == "-m" and len(words) > 1:
        module = words[1]
        if module == "pip":
            return _read("pip", "pip", words[2:], frozenset())
        if module in {"uvicorn", "streamlit", "flask", "gunicorn", "jupyter", "papermill", "notebook"}:
            return _read(module, module, words[2:], frozenset())
        if (
            module.partition(".")[0] in _NOT_MAIN_MODULES
            or module in _NOT_MAIN_MODULES
            or _side([module.rpartition(".")[2]])
        ):
            return Reading(does="other")
        return Reading(does="run", names=_own_file(words[2:]) or module)
    name = posixpath.basename(words[0])
    if name == "setup.py":
        return Reading(does="install" if words[1:2] in (["install"], ["develop"]) else "other", names="setup.py")
    if _side([name.removesuffix(".py")]) or name.startswith("test_"):
        return Reading(does="other")
    if name.removesuffix(".py") == "manage":
        return Reading(does="run" if "runserver" in words else "other", names=words[0])
    return Reading(does="run", names=words[0])


def _container(name: str, rest: list[str]) -> Reading:
    words = [w for w in rest if not w.startswith("-")]
    sub = words[0].lower() if words else ""
    if sub == "compose" or name.endswith("-compose"):
        inner = words[1].lower() if sub == "compose" and len(words) > 1 else sub
        return Reading(does="both" if inner in {"up", "run"} else "install" if inner in {"build", "pull"} else "other")
    return Reading(does="both" if sub == "run" else "install" if sub in {"build", "pull", "buildx"} else "other")


def _target(rest: list[str]) -> Reading:
    targets = [w.lower() for w in rest if not w.startswith("-") and "=" not in w]
    if any(t.startswith(_SETUP_TARGETS) for t in targets):
        return Reading(does="install")
    return Reading(does="other" if targets and all(_side([t]) or t in _SIDE_TARGETS for t in targets) else "run")


def _script(path: str) -> Reading:
    stem = posixpath.basename(path.replace("\\", "/")).lower()
    if "activate" in stem or "/bin/" in path.replace("\\", "/") or stem.startswith("."):
        return Reading(does="other")
    bare = stem.rpartition(".")[0] or stem
    if bare.startswith(_SETUP_SCRIPTS):
        return Reading(does="install", names=path)
    return Reading(does="other" if _side([bare]) else "run", names=path if "." in stem else "")


def _jupyter(rest: list[str]) -> Reading:
    named = next((w for w in rest if w.endswith(".ipynb")), "")
    return Reading(does="run", names=named or "*.ipynb")


def _side(words: Iterable[str]) -> bool:
    """Whether a target or script by such a name is about something beside the main job."""
    return any(w.lower() in _SIDE_SCRIPTS or w.lower().startswith(("test", "lint", "clean")) for w in words)


def _own_file(rest: Iterable[str]) -> str:
    return next((w for w in rest if w.endswith((".py", ".ipynb", ".r", ".R", ".jl", ".qmd", ".js"))), "")


def _requirement_file(rest: list[str]) -> str:
    """The file that an install reads, as written: ``-r requirements.txt``, ``-f environment.yml``."""
    for flag, value in zip(rest, [*rest[1:], ""], strict=False):
        if flag in {"-r", "--requirement", "-f", "--file"}:
            return value
        if flag.startswith("-r") and len(flag) > 3 and not flag.startswith("--"):
            return flag[2:]
        if flag.startswith(("--file=", "--requirement=")):
            return flag.partition("=")[2]
    return ""


def is_here(name: str, tree: Tree | Missing) -> bool:
    """Whether the tree holds what a command names, wherever the reader stands: a path, a dotted module or a notebook."""
    if isinstance(tree, Missing) or not name or any(c in name for c in "<>{}$"):
        return isinstance(tree, Missing) or not name
    wanted = posixpath.normpath(name.replace("\\", "/"))
    last = posixpath.basename(wanted)
    dotted = wanted.replace(".", "/") if "/" not in wanted else wanted
    ends = (last,) if "." in last else (f"{last}.py", last)
    for file in tree.files:
        base = posixpath.basename(file.path)
        if name == "*.ipynb" and base.endswith(".ipynb"):
            return True
        if base in ends or file.path.endswith((f"{dotted}.py", f"{dotted}/__main__.py", f"{dotted}/__init__.py")):
            return True
    return False
