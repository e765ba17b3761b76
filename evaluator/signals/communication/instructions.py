"""Do the documents tell a reader what to install, and how to run the main job?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.code import Code
from evaluator.facts.documents.instructions import Instruction, instructions
from evaluator.facts.documents.topics import drawn_tree
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Block, Document, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Evidence, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.communication.commands import Reading, is_here, read
from evaluator.signals.communication.reading import blocks, cite, for_readers, nothing

_OTHER_CODE = (
    ".r",
    ".rmd",
    ".jl",
    ".js",
    ".ts",
    ".java",
    ".scala",
    ".go",
    ".rs",
    ".c",
    ".cc",
    ".cpp",
    ".cu",
    ".cs",
    ".m",
    ".swift",
    ".php",
    ".rb",
    ".kt",
)
_LINES = 200
_NOT_REQUIREMENTS = frozenset({"structure", "method", "future", "references", "results", "purpose"})
_NOTEBOOK = re.compile(r"[^\s`\"'()\[\]<>,;|]+\.ipynb\b", re.IGNORECASE)
_SCRIPT = re.compile(
    r"\b[\w./\\-]+\.(?:py|ipynb|sh|r|jl|bat|js|exe)\b|\b(?:scripts?|notebooks?|cells?|code|program|app|pipeline|main|celdas?|cuadernos?|guion|c[eé]lulas?|skripte?|cellules?|zellen)\b|скрипт|ноутбук|ячейк|脚本|笔记本|ノートブック|スクリプト|セル",
    re.IGNORECASE,
)


def _commands(
    documents: tuple[Document, ...], scripts: tuple[str, ...]
) -> Iterator[tuple[Instruction, Reading, Document]]:
    for document in documents:
        for command in instructions(document):
            yield command, read(command, scripts), document


@signal(
    id="communication.readme-install",
    title="The documents say how to install",
    question="Can a reader install what is needed?",
    looks_at="Commands in the README, docs and notebook text; then sentences and sections about requirements",
    remedy="Give the one command that installs everything, in a code block, and name the Python version beside it.",
    command="pip install -r requirements.txt",
    sources=("make-a-readme",),
    limits="Commands are read, not tried: whether the environment builds is asked of the run.",
    effort="minutes",
    levels=("nothing", "named in prose, or a command whose file is missing", "a command"),
)
def readme_install(prose: Prose, code: Code | Missing, packaging: Packaging | Missing, tree: Tree | Missing) -> Answer:
    """Value: how far the documents lead a reader who installs what is needed."""
    if _nothing_to_install(code, packaging, tree):
        return NotApplicable(reason="the project needs nothing beyond the language itself")
    lost: list[Evidence] = []
    for command, reading, _ in _commands(for_readers(prose), ()):
        if reading.does not in {"install", "both"}:
            continue
        if is_here(reading.names if reading.does == "install" else "", tree):
            return _level(2, "a command installs what is needed", cite(command.at, "installs", command.raw))
        lost.append(cite(command.at, f"{reading.names} is not in the tree", command.raw))
    if lost:
        return Measured(
            value=1, unit=Unit.LEVEL, summary="the install command names a missing file", evidence=tuple(lost[:3])
        )
    named = next(_requirements_in_prose(prose), None)
    if named:
        return _level(
            1, "what is needed is named, without a command", cite(named.at, "named without a command", named.text)
        )
    note = "no document says what to install"
    return _level(0, note, nothing(prose, note))


def _nothing_to_install(code: Code | Missing, packaging: Packaging | Missing, tree: Tree | Missing) -> bool:
    if isinstance(code, Missing) or isinstance(packaging, Missing) or any(m.requirements for m in packaging.manifests):
        return False
    if any(i.local is None and not i.stdlib and not i.optional for m in code.modules for i in m.imports):
        return False
    if any(m.error for m in code.modules):
        return False
    return isinstance(tree, Missing) or not any(
        f.path.lower().endswith(_OTHER_CODE) for f in tree.files if f.part == "own"
    )


def _requirements_in_prose(prose: Prose) -> Iterator[Block]:
    """Yield blocks that name what is needed: in a section about it, or in a sentence that says so."""
    for document, at, block in blocks(for_readers(prose)):
        if block.kind == "heading" or drawn_tree(block):
            continue
        topics = document.topics_at(at)
        said = "install" in block.says
        if document.role == "notebook":
            at_home = False
        else:
            at_home = "install" in topics and block.kind != "code" and (said or "run" not in topics)
        if at_home or (said and not topics & _NOT_REQUIREMENTS):
            yield block


@signal(
    id="communication.readme-run",
    title="The documents say how to run it",
    question="Can a reader run the main job?",
    looks_at="Commands and named notebooks in the README, docs and notebook text, compared with the files in the tree",
    remedy="Give the exact command that starts the main job, or name the notebooks in the order to open them.",
    sources=("make-a-readme",),
    limits="Commands are read, not tried. For a library, an example that imports it is its main job.",
    effort="minutes",
    levels=("nothing", "a hint, or a command whose file is missing", "the exact command, or the notebook to open"),
)
def readme_run(prose: Prose, code: Code | Missing, packaging: Packaging | Missing, tree: Tree | Missing) -> Answer:
    """Value: how far the documents lead a reader who runs the main job."""
    scripts = () if isinstance(packaging, Missing) else tuple(s.name for s in packaging.scripts)
    lost: list[Evidence] = []
    for command, reading, _ in _commands(for_readers(prose), scripts):
        if reading.does not in {"run", "both"}:
            continue
        if is_here(reading.names, tree):
            return _level(2, "a command starts the main job", cite(command.at, "starts it", command.raw))
        lost.append(cite(command.at, f"{reading.names} is not in the tree", command.raw))
    shown = next(_notebooks_to_open(prose, tree), None) or next(_examples(prose, code), None)
    if shown:
        return _level(2, "what to open or call is named", cite(shown.at, "what to open or call", shown.text))
    if lost:
        return Measured(value=1, unit=Unit.LEVEL, summary="the commands name missing files", evidence=tuple(lost[:3]))
    hint = next(_hints(prose), None)
    if hint:
        return _level(1, "there is a hint, without the exact command", cite(hint.at, "a hint", hint.text))
    note = "no document says how to run the project"
    return _level(0, note, nothing(prose, note))


def _notebooks_to_open(prose: Prose, tree: Tree | Missing) -> Iterator[Block]:
    """Yield blocks that send the reader to a notebook that exists: in a section about running, or by saying so."""
    linked: dict[tuple[str, int], str] = {}
    for link in (k for d in prose.documents for k in d.links if k.path and k.path.endswith(".ipynb")):
        linked[link.at.path, link.at.start] = link.path or ""
    for document, at, block in blocks(prose.of("readme", "readme-below", "docs")):
        if drawn_tree(block):
            continue
        lines = range(block.at.start, min(block.at.end, block.at.start + _LINES) + 1)
        names = [
            *_NOTEBOOK.findall(block.text),
            *(linked[block.at.path, n] for n in lines if (block.at.path, n) in linked),
        ]
        sent = "run" in block.says or document.topics_at(at) & {"run"}
        if sent and any(is_here(posixpath.basename(name), tree) for name in names):
            yield block


def _examples(prose: Prose, code: Code | Missing) -> Iterator[Block]:
    """Yield code blocks that use the project as a library: they import one of its own packages."""
    if isinstance(code, Missing):
        return
    own = {m.name.partition(".")[0] for m in code.modules if m.kind == "module" and m.part == "own" and "." in m.name}
    for _, _, block in blocks(prose.of("readme", "readme-below", "docs")):
        if block.kind == "code" and block.info in {"python", "py", "python3", "pycon", ""}:
            lines = (line.removeprefix(">>> ").split() for line in block.text.split("\n"))
            if any(
                w[0] in {"import", "from"} and len(w) > 1 and w[1].partition(".")[0].rstrip(",") in own
                for w in lines
                if w
            ):
                yield block


def _hints(prose: Prose) -> Iterator[Block]:
    for document, at, block in blocks(for_readers(prose)):
        if block.kind in {"code", "heading", "table"} or document.role == "notebook" or "run" not in block.says:
            continue
        if drawn_tree(block):
            continue
        topics = document.topics_at(at)
        if topics & {"future", "references", "license", "development", "contents"}:
            continue
        if "run" in topics or _SCRIPT.search(block.text):
            yield block


def _level(value: int, summary: str, evidence: Evidence) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=(evidence,))
