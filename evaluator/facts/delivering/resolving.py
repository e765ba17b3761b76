"""Which of the project's own files does a command start, and which that it names are not there?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

_PYTHON = re.compile(r"(?:python|pypy|ipython)[\d.]*|py|pythonw", re.IGNORECASE)
_TAKES_VALUE = {"-W", "-X", "-Q"}
_SOURCES = (".py", ".sh", ".bash", ".ipynb", ".r", ".rmd", ".qmd", ".jl", ".ps1", ".bat", ".js", ".ts", ".smk", ".cmd")
_UNKNOWN = re.compile(r"[$<>{}*`~\[\]…]|^your|path/to|^/")
_LAUNCHERS = {
    "torchrun",
    "deepspeed",
    "horovodrun",
    "mpirun",
    "mpiexec",
    "srun",
    "spark-submit",
    "accelerate",
    "ray",
    "kernprof",
}
_LAUNCHING_MODULES = {
    "torch.distributed.launch",
    "torch.distributed.run",
    "accelerate.commands.launch",
    "cProfile",
    "memory_profiler",
    "pdb",
    "ipdb",
}
_ASGI = {"uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "bentoml", "celery", "fastapi"}
_APPS = {
    "streamlit": ("run",),
    "chainlit": ("run",),
    "fastapi": ("run", "dev"),
    "gradio": (),
    "panel": ("serve",),
    "voila": (),
    "marimo": ("run", "edit"),
    "bokeh": ("serve",),
    "solara": ("run",),
    "mesop": (),
    "taipy": ("run",),
    "modal": ("run", "deploy", "serve"),
}
_NOTEBOOKS = {
    "jupyter",
    "jupyter-nbconvert",
    "jupyter-notebook",
    "jupyter-lab",
    "papermill",
    "nbconvert",
    "runipy",
    "treon",
}
_MAKE_FILES = ("Makefile", "makefile", "GNUmakefile")
_READERS = {"bash", "sh", "zsh", "source", ".", "rscript", "julia", "node", "quarto", "snakemake", "pwsh", "powershell"}
_OWN_MODULES = {
    "pytest",
    "pip",
    "venv",
    "unittest",
    "http.server",
    "build",
    "coverage",
    "ipykernel",
    "ensurepip",
    "spacy",
    "nltk",
}


@dataclass(frozen=True, kw_only=True)
class Started:
    """``runs``: path of the file that is started, or None. ``missing``: what is named and not there, or None.

    Both are set where the name as written is not there and exactly one file elsewhere bears it.
    """

    runs: str | None = None
    missing: str | None = None


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files and folders of a project, as a command sees them.

    Attributes:
        paths: All files. folders: All folders.
        place: Turns a path as a command names it into one of the project, or None; for images, whose files lie elsewhere.
        installed: Modules below ``src`` are found: the project is installed, or may be.
    """

    paths: frozenset[str]
    folders: frozenset[str]
    place: Callable[[str], str | None] | None = None
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    installed: bool = True

    @classmethod
    def of(cls, paths: Iterable[str], folders: Iterable[str]) -> Files:
        """Return the files of a tree."""
        listed = frozenset(paths)
        names: dict[str, list[str]] = {}
        for path in sorted(listed):
            names.setdefault(posixpath.basename(path), []).append(path)
        return cls(paths=listed, folders=frozenset(folders), by_name={n: tuple(p) for n, p in names.items()})

    def find(self, name: str, bases: Iterable[str]) -> str | None:
        """Return the file that ``name`` means, seen from the first of ``bases`` that has it."""
        name = name.replace("\\", "/")
        if self.place is not None:
            return next((found for base in bases if (found := self.place(posixpath.join(base, name)))), None)
        for base in bases:
            path = posixpath.normpath(posixpath.join(base, name))
            if path in self.paths:
                return path
        return None

    def has_folder(self, name: str, bases: Iterable[str]) -> bool:
        """Whether ``name`` is a folder, seen from one of ``bases``."""
        clean = name.replace("\\", "/").rstrip("/") or "."
        found = (posixpath.normpath(posixpath.join(base, clean)) for base in bases)
        return any(path == "." or path in self.folders for path in found)


def started(argv: tuple[str, ...], files: Files, bases: tuple[str, ...], app: str = "") -> Started:
    """Return what ``argv`` starts.

    Args:
        bases: Folders to look from, in order: where the command runs, where its document lies, the top.
        app: Value of ``FLASK_APP``.
    """
    named = _named(argv, app)
    if named is not None:
        return _module(named[1:], files, bases) if named.startswith("@") else _file(named, files, bases)
    if argv[0] == "make" and not any(w.startswith(("-C", "-f", "--")) for w in argv[1:]):
        there = any(files.find(name, bases) is not None for name in _MAKE_FILES)
        return Started(missing=None if there else _MAKE_FILES[0])
    wanted = _needed(argv)
    if wanted is None or _UNKNOWN.search(wanted):
        return Started()
    there = files.find(wanted, bases) is not None or files.has_folder(wanted, bases)
    return Started(missing=None if there else wanted)


def _named(argv: tuple[str, ...], app: str) -> str | None:
    """Return the file that is started, as written; ``@`` before the dotted name of a module; None without any."""
    program = posixpath.basename(argv[0].replace("\\", "/")).lower().removesuffix(".exe")
    rest = list(argv[1:])
    if _PYTHON.fullmatch(program):
        return _by_python(rest, app)
    if program in _LAUNCHERS or program == "coverage":
        return _by_launcher(rest, app)
    if program in _APPS and (not _APPS[program] or (rest[:1] and rest[0] in _APPS[program])):
        return _first_source(rest) or (_application(rest) if program in _ASGI else None)
    if program in _ASGI:
        return _application(rest)
    if program == "flask":
        return _by_flask(rest, app)
    if program in _NOTEBOOKS:
        return next((w for w in rest if w.endswith(".ipynb")), None)
    if program in _READERS:
        return _first_source(rest) or (next((w for w in rest if "/" in w), None) if program in {"bash", "sh"} else None)
    if argv[0].startswith(("./", ".\\")) or program.endswith(_SOURCES):
        return argv[0]
    return None


def _by_python(rest: list[str], app: str) -> str | None:
    while rest and rest[0].startswith("-"):
        if rest[0] == "-c":
            return None
        if rest[0] in {"-m", "-um", "-Im", "-Om", "-Bm"}:
            return _by_module(rest[1:], app)
        rest = rest[2:] if rest[0] in _TAKES_VALUE else rest[1:]
    return rest[0] if rest else None


def _by_module(rest: list[str], app: str) -> str | None:
    if not rest:
        return None
    name = rest[0]
    if name in _LAUNCHING_MODULES:
        return _by_launcher(rest[1:], app)
    top = name.partition(".")[0]
    if top in _APPS or top in _ASGI or top in _NOTEBOOKS or top in {"flask", "coverage"}:
        return _named((top, *rest[1:]), app)
    return None if top in _OWN_MODULES or name in _OWN_MODULES else f"@{name}"


def _by_launcher(rest: list[str], app: str) -> str | None:
    """Return the script after a launcher's own options; their values are told by not being scripts."""
    for index, word in enumerate(rest):
        if word in {"-m", "--module"} and index + 1 < len(rest):
            return _by_module(rest[index + 1 :], app)
        if word.endswith(".py"):
            return word
    return None


def _by_flask(rest: list[str], app: str) -> str | None:
    for index, word in enumerate(rest):
        if word in {"--app", "-A"} and index + 1 < len(rest):
            app = rest[index + 1]
        elif word.startswith("--app="):
            app = word.partition("=")[2]
    if "run" not in rest:
        return None
    app = app.partition(":")[0] or "app.py"
    return app if app.endswith(".py") or "/" in app else f"@{app}"


def _application(rest: list[str]) -> str | None:
    """Return the module of ``module:attribute``."""
    for word in rest:
        module, colon, attribute = word.partition(":")
        if colon and re.fullmatch(r"[A-Za-z_][\w.]*", module) and re.match(r"[A-Za-z_]", attribute):
            return f"@{module}"
    return None


def _first_source(rest: list[str]) -> str | None:
    return next((w for w in rest if w.lower().endswith(_SOURCES)), None)


def _needed(argv: tuple[str, ...]) -> str | None:
    """Return a file or folder that a command which starts nothing of the project cannot do without."""
    words = list(argv)
    if _PYTHON.fullmatch(posixpath.basename(words[0])) and words[1:2] == ["-m"]:
        words = words[2:]
    program = posixpath.basename(words[0]) if words else ""
    if program in {"pip", "pip3", "uv"} and "install" in words[:3]:
        return _after(words, "-r", "--requirement")
    if program in {"docker", "docker-compose", "podman"}:
        return _after(words, "-f", "--file")
    if program in {"conda", "mamba"} and "env" in words[:2]:
        return _after(words, "-f", "--file")
    if program in {"pytest", "py.test"}:
        plain = [w.partition("::")[0] for w in words[1:] if not w.startswith("-") and ("/" in w or w.endswith(".py"))]
        return next((w for w in plain if "=" not in w), None)
    return None


def _after(words: list[str], *flags: str) -> str | None:
    for index, word in enumerate(words[:-1]):
        if word in flags:
            return words[index + 1]
    return None


def _file(name: str, files: Files, bases: tuple[str, ...]) -> Started:
    if _UNKNOWN.search(name) and files.place is None:
        return Started()
    found = files.find(name, bases)
    if found is not None:
        return Started(runs=found)
    elsewhere = files.by_name.get(posixpath.basename(name.replace("\\", "/")), ())
    return Started(runs=elsewhere[0] if len(elsewhere) == 1 else None, missing=name)


def _module(name: str, files: Files, bases: tuple[str, ...]) -> Started:
    stem = name.replace(".", "/")
    if not re.fullmatch(r"[A-Za-z_][\w./-]*", name):
        return Started()
    roots = [*bases, *(posixpath.join(b, "src") for b in bases if files.installed)]
    for ending in (".py", "/__main__.py", "/__init__.py"):
        found = files.find(stem + ending, roots)
        if found is not None:
            return Started(runs=found)
    top = stem.partition("/")[0]
    own = files.has_folder(top, roots) or files.find(f"{top}.py", roots) is not None
    return Started(missing=f"{stem}.py") if own else Started()


def installs_project(script: str) -> bool:
    """Whether a command line installs the project itself, so that modules below ``src`` are found."""
    words = script.split()
    own = any(w in {".", "./", "poetry"} or w.startswith((".[", "./[")) for w in words)
    return ("install" in words and own) or ("sync" in words and not {"uv", "pdm"}.isdisjoint(words))
