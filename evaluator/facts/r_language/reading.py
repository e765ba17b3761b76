"""What stands in a script of R: which packages, which functions, how many lines in and outside of them?

R is not parsed: comments are taken off, strings set aside, and brackets counted (R Language Definition, chapter 10).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.r_scripts import RManifest, RPackage, RScript, RScripts
from evaluator.facts.tree import Tree
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot, Unreadable

_SIZE = 1_000_000
_FILES = 300
_MOST = 2_000
_OWN = frozenset({"own", "example", "docs"})
# What comes with R: https://cran.r-project.org/doc/FAQ/R-FAQ.html, "R Add-On Packages", base packages.
_BASE = frozenset(
    {
        *("base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines"),
        *("stats", "stats4", "tcltk", "tools", "utils"),
    }
)
_PIECE = re.compile(r"#[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`\n]*`", re.DOTALL)
_ATTACHED = re.compile(r"\b(?:library|require|requireNamespace|loadNamespace)\s*\(\s*[\"']?([A-Za-z][A-Za-z0-9.]+)")
_CALLED = re.compile(r"(?<![\w.:])([A-Za-z][A-Za-z0-9.]+):::?[A-Za-z.]")
_SEVERAL = re.compile(r"\bp_load\s*\(([^()]{1,2000})\)")
_INSTALLED = re.compile(r"\binstall\.packages\s*\(((?:[^()]|\([^()]*\)){1,4000})\)")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.]+")
_QUOTED = re.compile(r"[\"']([A-Za-z][A-Za-z0-9.]+)[\"']")
_SOURCED = re.compile(r"\bsource\s*\(\s*[\"']([^\"'\n]{1,300})[\"']")
_CHUNK = re.compile(r"^\s*```\s*\{[rR][ ,}]")
_STEP = re.compile(r"\bfunction\s*\(|\\\(|[{}()\n]|[^\s{}()\n]")


def read_all(snapshot: Snapshot, tree: Tree) -> RScripts:
    """Return what the scripts and manifests among the files of ``tree`` hold."""
    paths = [f.path for f in tree.files if f.part in _OWN and f.kind in {"file", "executable"}]
    written = [p for p in paths if p.lower().endswith((".r", ".rmd"))][:_FILES]
    names = {posixpath.basename(p): p for p in reversed(written)}
    texts = ((path, _text(snapshot, path)) for path in written)
    scripts = tuple(_script(path, text, names) for path, text in texts if text.strip())
    manifests = tuple(m for path in paths if (m := _manifest(snapshot, path)) is not None)
    return RScripts(scripts=scripts, manifests=manifests if scripts else ())


def _text(snapshot: Snapshot, path: str) -> str:
    try:
        return snapshot.text(path, limit=_SIZE).replace("\r\n", "\n")
    except Unreadable:
        return ""


def _script(path: str, text: str, names: dict[str, str]) -> RScript:
    document = path.lower().endswith(".rmd")
    code = _PIECE.sub(_uncommented, "\n".join(_chunks(text)) if document else text)
    bare = _PIECE.sub(lambda piece: "_" * (len(piece[0]) > 0), code)
    top, inner, functions = _count(bare)
    named = _PIECE.sub(_name_alone, code)
    sourced = (names.get(posixpath.basename(found)) for found in _SOURCED.findall(code))
    return RScript(
        path=path,
        top=top,
        inner=inner,
        functions=functions,
        packages=tuple(_packages(path, named)),
        installs=tuple(sorted({name for call in _INSTALLED.findall(named) for name in _QUOTED.findall(call)})),
        sources=tuple(sorted({p for p in sourced if p is not None and p != path})),
        document=document,
    )


def _uncommented(piece: re.Match[str]) -> str:
    return "" if piece[0].startswith("#") else piece[0]


def _name_alone(piece: re.Match[str]) -> str:
    """Keep a text that can be a name; what is written in others is no code."""
    return piece[0] if _WORD.fullmatch(piece[0][1:-1]) else "\n" * piece[0].count("\n")


def _chunks(text: str) -> Iterator[str]:
    """Yield the lines of the code chunks, and an empty one for every other: line numbers stay."""
    inside = False
    for line in text.split("\n"):
        if inside and line.lstrip().startswith("```"):
            inside = False
        yield line if inside else ""
        inside = inside or bool(_CHUNK.match(line))


def _packages(path: str, code: str) -> Iterator[RPackage]:
    first: dict[str, int] = {}
    found = [(m[1], m.start()) for pattern in (_ATTACHED, _CALLED) for m in pattern.finditer(code)]
    found += [(name, m.start()) for m in _SEVERAL.finditer(code) for name in _WORD.findall(m[1])]
    for name, start in sorted(found, key=lambda f: f[1])[:_MOST]:
        if name not in _BASE and name not in {"character.only", "install", "TRUE", "FALSE"}:
            first.setdefault(name, code.count("\n", 0, start) + 1)
    for name in sorted(first):
        yield RPackage(name=name, at=Span(path=path, start=first[name], end=first[name]))


def _count(bare: str) -> tuple[int, int, int]:
    """Return the lines of code outside and inside of function bodies in braces, and the number of functions."""
    top = inner = functions = 0
    bodies: list[bool] = []
    pending = False
    parens = 0
    written = within = False
    for step in _STEP.findall(bare):
        if step == "\n":
            top, inner = top + (written and not within), inner + (written and within)
            written, within = False, any(bodies)
        elif step == "{":
            bodies.append(pending)
            pending = False
        elif step == "}":
            bodies = bodies[:-1]
        elif step.startswith(("function", "\\")):
            functions, parens = functions + 1, (parens if pending else 0) + 1
            pending = written = True
        elif step in "()":
            parens += 1 if step == "(" else -1
        else:
            pending = pending and parens > 0
            written = True
    return top + (written and not within), inner + (written and within), functions


def _manifest(snapshot: Snapshot, path: str) -> RManifest | None:
    name = posixpath.basename(path)
    if name not in {"DESCRIPTION", "renv.lock", "packrat.lock"}:
        return None
    text = _text(snapshot, path)
    names = _described(text) if name == "DESCRIPTION" else _locked(text)
    return RManifest(path=path, names=tuple(sorted(names)), locked=name != "DESCRIPTION") if names else None


def _described(text: str) -> set[str]:
    """Return the packages of ``Imports`` and ``Depends``: Debian control format, continued lines are indented."""
    fields = re.findall(r"^(?:Imports|Depends):((?:.*)(?:\n[ \t].*)*)", text, re.MULTILINE)
    named = (part.strip().split("(")[0].strip() for field in fields for part in field.split(","))
    return {n for n in named if _WORD.fullmatch(n) and n != "R"}


def _locked(text: str) -> set[str]:
    """Return the packages of an ``renv.lock`` (JSON) or a ``packrat.lock`` (``Package: x``)."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return set(re.findall(r"^Package:\s*([\w.]+)", text, re.MULTILINE))
    held = tree.get("Packages") if isinstance(tree, dict) else None
    return {str(name) for name in held} if isinstance(held, dict) else set()
