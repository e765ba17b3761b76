"""What do all places together say: settings, hooks, CI, tasks, dependencies, editors and documents?"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator

import msgspec

from evaluator.facts.code import Code, Module
from evaluator.facts.delivering import yaml_tree
from evaluator.facts.delivering.yaml_tree import Text, Value, mapping, sequence, text, texts
from evaluator.facts.delivery import Command, Delivery, Workflow
from evaluator.facts.lint_setup import How, LintSetup, LintTool
from evaluator.facts.linting.settings import is_settings, language_of, settings
from evaluator.facts.linting.tools import LANGUAGE_OF, SUFFIXES, TIDYING, TYPE_CHECKERS, aim_of, named, started
from evaluator.facts.notebooks import Notebooks
from evaluator.facts.packaging import Manifest, Packaging
from evaluator.facts.tree import File, Tree
from evaluator.model import Span
from evaluator.source.snapshot import Snapshot, Unreadable

_SIZE = 200_000
_FILES = 200
_NOT_THEIRS = frozenset({"vendored", "environment", "cache", "generated"})
_ORDER = ("setting", "hook", "ci", "task", "dependency", "editor", "prose")
_EDITOR = re.compile(
    r'"(editor\.formatOnSave|editor\.defaultFormatter|python\.linting\.\w*[eE]nabled|python\.formatting\.provider'
    r'|notebook\.formatOnSave\.enabled|(?:ruff|black-formatter|flake8|pylint|isort|autopep8)\.\w+)"\s*:\s*(?!false|"none")'
)
_EXTENSION = re.compile(r"^\s*%load_ext\s+([\w.]+)", re.MULTILINE)
_IN_NOTEBOOKS = frozenset({"nb_black", "lab_black", "jupyter_black", "pycodestyle_magic", "jupyter_ruff"})
_NOT_CODE = frozenset({"ansible", "markdown", "yaml", "commit", "dockerfile", "helm", "pr", "title", "docs", "actions"})
_FROZEN = 25
_BRINGERS = {
    "black": {"kaggle", "kagglesdk", "nb-black", "datamodel-code-generator"},
    "mypy": {"kaggle", "kagglesdk"},
    "isort": {"pylint", "datamodel-code-generator"},
    "pylint": {"spyder"},
    "flake8": {"spyder", "python-lsp-server"},
    "yapf": {"spyder", "python-lsp-server", "mmcv", "mmengine"},
    "autopep8": {"spyder", "python-lsp-server"},
    "pycodestyle": {"spyder", "python-lsp-server", "flake8", "autopep8"},
    "pyflakes": {"spyder", "python-lsp-server", "flake8"},
    "pydocstyle": {"spyder", "python-lsp-server"},
}
"""Tools that an environment holds because something else asked for them, as read from those packages' metadata."""


def gather(
    snapshot: Snapshot, tree: Tree, code: Code, notebooks: Notebooks, delivery: Delivery, packaging: Packaging
) -> LintSetup:
    """Return everything found; a tool that the same place names twice counts once."""
    own = [f for f in tree.files if f.kind in {"file", "executable"} and f.part not in _NOT_THEIRS]
    found: list[LintTool] = []
    empty: list[str] = []
    for path in [f.path for f in own if is_settings(f.path)][:_FILES]:
        made = settings(path, content) if (content := _read(snapshot, path)) is not None else []
        if made is None:
            empty.append(path)
        found += made or []
    for path in [f.path for f in own if _is_hooks(f.path)][:_FILES]:
        found += _hooks(path, _read(snapshot, path) or "")
    found += [*_editors(snapshot, own), *_extensions(notebooks, code)]
    found += [t for w in delivery.workflows for t in _workflow(w)]
    found += [t for c in delivery.commands for t in _command(c, "prose" if c.origin == "readme" else "task")]
    found += [t for m in code.modules if _is_task_file(m) for t in _sessions(m)]
    found += [t for m in packaging.manifests for t in _dependencies(m, packaging)]
    found += _described(snapshot, own)
    found = list(_able(found))
    once = {(t.tool, t.how, t.at.path, t.off): t for t in reversed(found)}
    return LintSetup(
        tools=tuple(sorted(once.values(), key=lambda t: (_ORDER.index(t.how), t.at.path, t.at.start, t.tool))),
        languages=_languages(own, notebooks),
        empty=tuple(empty),
    )


def _able(found: list[LintTool]) -> Iterator[LintTool]:
    """Yield what was found; eslint ends with an error where no file configures it."""
    configured = any(t.tool == "eslint" and t.how == "setting" for t in found)
    for tool in found:
        lost = tool.tool == "eslint" and tool.how in {"task", "ci", "hook"} and not tool.off and not configured
        yield msgspec.structs.replace(tool, off="it has no settings to run by") if lost else tool


def _read(snapshot: Snapshot, path: str) -> str | None:
    try:
        return snapshot.text(path, limit=_SIZE)
    except Unreadable:
        return None


def _languages(own: list[File], notebooks: Notebooks) -> tuple[tuple[str, float], ...]:
    sizes: dict[str, int] = {}
    mine = {f.path for f in own}
    for file in own:
        language = SUFFIXES.get(posixpath.splitext(file.path)[1].lower())
        if language is not None and file.size:
            sizes[language] = sizes.get(language, 0) + min(file.size, 300_000)
    for notebook in notebooks.items:
        if notebook.path in mine:
            length = sum(len(c.source) for c in notebook.cells if c.kind == "code")
            language = "python" if notebook.is_python else notebook.kernel
            sizes[language] = sizes.get(language, 0) + length
    total = sum(sizes.values())
    order = sorted(sizes, key=lambda language: (-sizes[language], language))
    return tuple((language, round(sizes[language] / total, 4)) for language in order if sizes[language])


def _tool(tool: str, how: How, path: str, line: int, off: str = "") -> LintTool | None:
    aim = aim_of(tool)
    if aim is None:
        return None
    at = Span(path=path, start=line, end=line)
    return LintTool(tool=tool, language=language_of(tool), aim=aim, how=how, at=at, off=off)


# hooks


def _is_hooks(path: str) -> bool:
    return posixpath.basename(path) in {".pre-commit-config.yaml", ".pre-commit-config.yml", "lefthook.yml"}


def _hooks(path: str, content: str) -> Iterator[LintTool]:
    tree = mapping(yaml_tree.load(path, content))
    everywhere = _leaves_all_out(tree)
    for repo in sequence(tree.get("repos")):
        for item in sequence(mapping(repo).get("hooks")):
            hook = mapping(item)
            name = text(hook.get("id"))
            stages = [str(s) for s in texts(hook.get("stages"))]
            off = everywhere or _leaves_all_out(hook) or ("it runs only by hand" if stages == ["manual"] else "")
            for tool in _of_hook(str(name), str(text(hook.get("entry")))):
                made = _tool(tool, "hook", path, name.line, off)
                yield from [made] if made is not None else []
    for group in ("pre-commit", "pre-push"):
        for script in _scripts(tree.get(group), 5):
            for tool, off in started(_split(str(script))):
                made = _tool(tool, "hook", path, script.line, off)
                yield from [made] if made is not None else []


def _leaves_all_out(table: dict[str, Value]) -> str:
    excluded, files = str(text(table.get("exclude"))), str(text(table.get("files")))
    return "it is kept from every file" if excluded in {".*", "^.*$", "^", "."} or files in {"^$", "$^"} else ""


def _of_hook(name: str, entry: str) -> list[str]:
    """Return the tools that a hook starts: by what it executes, else by its id."""
    executed = [tool for tool, _ in started(_split(entry))] if entry else []
    if executed:
        return executed
    tool = name if name in TIDYING else named(name)
    return [tool] if tool and not (entry and _split(entry)[:1] in (("echo",), ("true",))) else []


def _scripts(value: Value, depth: int) -> Iterator[Text]:
    for key, child in mapping(value).items() if depth else ():
        if key == "run" and isinstance(child, Text):
            yield child
        else:
            yield from _scripts(child, depth - 1)


def _split(script: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(script[:2_000])) or ("",)
    except ValueError:
        return tuple(script[:2_000].split()) or ("",)


# CI and tasks


def _workflow(workflow: Workflow) -> Iterator[LintTool]:
    for command in workflow.commands:
        yield from _command(command, "ci")
    for action in workflow.actions:
        words = action.split("/")[1] if action.count("/") else action
        tool = named(words)
        if not tool and {"lint", "linter", "linters"} & set(words.split("-")) and not _NOT_CODE & set(words.split("-")):
            tool = "super-linter"
        made = _tool(tool, "ci", workflow.path, 1) if tool else None
        yield from [made] if made is not None else []


def _command(command: Command, how: How) -> Iterator[LintTool]:
    for tool, ignored in started(command.argv):
        made = _tool(tool, how, command.at.path, command.at.start, command.disarmed or ignored)
        yield from [made] if made is not None else []


def _is_task_file(module: Module) -> bool:
    return posixpath.basename(module.path) in {"noxfile.py", "tasks.py", "dodo.py", "fabfile.py"}


def _sessions(module: Module) -> Iterator[LintTool]:
    """Yield what the sessions of nox, or the tasks of invoke, start."""
    for call in module.calls:
        if not call.name.endswith((".run", ".run_always", ".sudo")):
            continue
        words = [a.value.text.strip("'\"") for a in call.args if a.keyword is None and a.value.kind == "constant"]
        for tool, off in started(_split(words[0]) if len(words) == 1 else tuple(words) or ("",)):
            made = _tool(tool, "task", module.path, call.at.start, off)
            yield from [made] if made is not None else []


# what only names a tool


def _dependencies(manifest: Manifest, packaging: Packaging) -> Iterator[LintTool]:
    if manifest.locked or manifest.kind == "readme":
        return
    names = {r.name for r in manifest.requirements}
    frozen = len(names) >= _FROZEN and all(r.pinned for r in manifest.requirements)
    chosen = any(
        m.kind in {"pyproject", "pipfile", "setup.py", "setup.cfg"} and m.requirements for m in packaging.manifests
    )
    if frozen and manifest.kind == "requirements" and chosen:
        return
    for wanted in manifest.requirements:
        tool = named(wanted.name)
        if not tool or (tool not in TYPE_CHECKERS and LANGUAGE_OF.get(tool) != "python"):
            continue
        if frozen and _BRINGERS.get(tool, set()) & names:
            continue
        made = _tool(tool, "dependency", wanted.at.path, wanted.at.start)
        yield from [made] if made is not None else []


def _described(snapshot: Snapshot, own: list[File]) -> Iterator[LintTool]:
    """Yield the linters that an R package's DESCRIPTION asks for."""
    for file in own:
        if posixpath.basename(file.path) != "DESCRIPTION":
            continue
        for number, line in enumerate((_read(snapshot, file.path) or "").split("\n")[:300], start=1):
            for tool in sorted({"lintr", "styler"} & set(re.findall(r"\w+", line))):
                made = _tool(tool, "dependency", file.path, number)
                yield from [made] if made is not None else []


def _editors(snapshot: Snapshot, own: list[File]) -> Iterator[LintTool]:
    for file in own:
        folder, name = posixpath.split(file.path)
        if (posixpath.basename(folder), name) == (".vscode", "settings.json") or name.endswith(".code-workspace"):
            content = _read(snapshot, file.path) or ""
            hit = _EDITOR.search(content)
            if hit is not None:
                yield _in_editor(hit[1], file.path, content.count("\n", 0, hit.start()) + 1)
        elif name == ".editorconfig" and file.size:
            yield _in_editor(".editorconfig", file.path, 1)


def _extensions(notebooks: Notebooks, code: Code) -> Iterator[LintTool]:
    """Yield the formatters that notebooks load for their own cells."""
    for notebook in notebooks.items:
        for cell in notebook.cells:
            for extension in _EXTENSION.findall(cell.source) if cell.kind == "code" else ():
                if extension in _IN_NOTEBOOKS:
                    at = Span(path=notebook.path, cell=cell.index)
                    yield LintTool(tool=extension, language="python", aim="style", how="editor", at=at)
    for module in code.modules:
        for made in module.imports:
            if made.name.partition(".")[0] == "jupyter_black" and made.used:
                yield LintTool(tool="jupyter_black", language="python", aim="style", how="editor", at=made.at)


def _in_editor(name: str, path: str, line: int) -> LintTool:
    return LintTool(tool=name, language="", aim="style", how="editor", at=Span(path=path, start=line, end=line))
