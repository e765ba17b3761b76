"""Which commands does a document tell its reader to give?"""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator

from evaluator.facts.delivering.shell import unwrapped
from evaluator.facts.prose import Block, Document
from evaluator.model import Record, Span

_SHELLS = frozenset(
    {
        *(
            "",
            "bash",
            "sh",
            "shell",
            "zsh",
            "console",
            "shell-session",
            "shellsession",
            "terminal",
            "cmd",
            "bat",
            "batch",
            "dos",
        ),
        *(
            "powershell",
            "ps1",
            "pwsh",
            "ps",
            "text",
            "txt",
            "plaintext",
            "plain",
            "none",
            "fish",
            "commandline",
            "cli",
            "sh-session",
        ),
        *(
            "git",
            "conda",
            "docker",
            "makefile",
            "command",
            "cmdline",
            "bashrc",
            "source",
            "code",
            "linux",
            "windows",
            "r",
            "py",
            "python",
        ),
        *(
            "ipython",
            "ipython3",
            "python3",
            "dockerfile",
            "yaml",
            "yml",
            "md",
            "markdown",
            "properties",
            "ini",
            "ruby",
            "http",
            "js",
            "javascript",
        ),
    }
)
_FOREIGN = frozenset(
    {
        "py",
        "python",
        "python3",
        "ipython",
        "ipython3",
        "yaml",
        "yml",
        "dockerfile",
        "r",
        "js",
        "javascript",
        "ruby",
        "http",
        "ini",
    }
)
_PROMPT = re.compile(
    r"^(?:\([\w.-]{1,40}\)\s*)?(?:[\w.@~:/\\-]{1,60}[$#%]\s+|[$%]\s+|PS(?:\s[^>]{0,80})?>\s*|[A-Za-z]:\\[^>]{0,80}>\s*|[>❯➜]\s+|In \[\d*\]:\s*)"
)
_STEP = re.compile(r"^(?:\d{1,2}[.)]|[-*+•])\s+")
_MARK = re.compile(r"^[!%]{1,2}(?=[a-z])")
_CHAIN = re.compile(r"\s(?:&&|\|\||;|&)\s|;\s|\s\|\s")
_MANAGERS = frozenset({"uv", "poetry", "pipenv", "pdm", "pixi", "hatch", "rye"})
# What a written-out command begins with; a sentence may begin with some of these words, so a second word is asked for.
_HEADS = re.compile(
    r"(?:(?:sudo|uv|poetry|pipenv|pdm|pixi|hatch|rye)\s+(?:run\s+)?)?"
    r"(?:(?:python[\d.]*|py)\s+(?:-m\s+\w|[\w./\\-]+\.py\b|-\w)|pip[\d.]*\s+install\s+\S|(?:conda|mamba|micromamba)\s+(?:env|install|create|activate)\b"
    r"|uv\s+(?:sync|pip|venv|add|run)\b|poetry\s+(?:install|run|shell)\b|pipenv\s+(?:install|run|shell)\b|docker(?:-compose)?\s+(?:build|run|pull|compose|up)\b"
    r"|streamlit\s+run\s|uvicorn\s+\w|flask\s+run\b|jupyter[\s-](?:notebook|lab|nbconvert)\b|make\s+[\w-]+$|dvc\s+(?:repro|pull)\b|bash\s+\S+\.sh|sh\s+\S+\.sh"
    r"|\./\S+|npm\s+(?:install|start|run)\b|git\s+clone\s|Rscript\s+\S|mlflow\s+run\b|snakemake\b|kedro\s+run\b|torchrun\s|accelerate\s+launch\b"
    r"|(?:\./)?mvnw?\s+(?:-\S+\s+)*(?:clean|compile|package|install|verify|deploy|exec|[\w.-]+:[\w.-]+)\b|(?:\./)?gradlew?\s+(?:-\S+\s+)*(?:build|run|install\w*|assemble|bootRun|shadowJar|clean)\b"
    r"|(?:yarn|pnpm|bun)\s+(?:install|add|dev|start|build)$|npm\s+(?:ci|i)\b|cargo\s+(?:build|run|install|add|fetch)\b|go\s+(?:get\s+\S+[/.]|install\s+\S+[/.]|run\s+\S+\.|build$|build\s+\S*[./]|mod\s+(?:download|tidy))"
    r"|install\.packages\(|(?:renv|devtools|remotes|pak|BiocManager)::\w+\(|cmake\s+(?:-\S|\.|--build)|sbt\s+(?:run|compile|assembly|package)\b|dotnet\s+(?:restore|build|run)\b|bundle\s+install\b"
    r"|julia\s+-|stack\s+build\b|composer\s+install\b|swift\s+build\b|bazel\s+(?:build|run)\b)"
)
_WORDS = 40


class Instruction(Record):
    """One command that a document gives.

    Attributes:
        argv: Without prompts, prefixes (``sudo``, ``time``, ``uv run`` …) and variable assignments; never empty.
        raw: As written, at most 300 characters.
        wrapper: The prefix that also sees to the environment (``uv run``, ``poetry run`` …), else empty.
        block: Index of its block in the document.
    """

    argv: tuple[str, ...]
    raw: str
    at: Span
    block: int
    wrapper: str = ""


def instructions(document: Document) -> tuple[Instruction, ...]:
    """Return the commands of ``document``, in reading order, at most 500."""
    found: list[Instruction] = []
    for at, block in enumerate(document.blocks):
        for line, offset in _lines(block):
            for part in _CHAIN.split(line):
                argv, wrapper = split(part)
                if argv:
                    start = min(block.at.start + offset, block.at.end)
                    span = Span(path=block.at.path, start=start, end=start, cell=block.at.cell)
                    found.append(Instruction(argv=argv, raw=part.strip()[:300], at=span, block=at, wrapper=wrapper))
        if len(found) >= 500:
            break
    return tuple(found[:500])


def is_command(text: str) -> bool:
    """Whether a line of text is a command as one writes it out, and no sentence."""
    return bool(_HEADS.match(_PROMPT.sub("", _STEP.sub("", text.strip()))))


def split(line: str) -> tuple[tuple[str, ...], str]:
    """Return the words of one command without prompt, prefixes and assignments, and the prefix that sees to the environment.

    Both are empty where ``line`` is a comment or blank. A line that a shell could not read is split at blanks.
    """
    bare = _MARK.sub("", _PROMPT.sub("", _STEP.sub("", line.strip())), count=1)
    if not bare or bare.startswith(("#", "//", "REM ", "::", "<!--")):
        return (), ""
    try:
        lexer = shlex.shlex(bare[:2000].replace("\\", "/"), posix=True, punctuation_chars="")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        words = bare[:2000].split()
    wrapper = next((f"{w} run" for w, then in itertools.pairwise(words) if w in _MANAGERS and then == "run"), "")
    return unwrapped(words[:_WORDS]), wrapper


def _lines(block: Block) -> Iterator[tuple[str, int]]:
    """Yield the lines of ``block`` that may be commands, with their number within it."""
    if block.kind == "code":
        if block.info in _SHELLS:
            yield from _code_lines(block)
        return
    for piece in block.inline_code:
        if _HEADS.match(_PROMPT.sub("", piece.strip())) or " " in piece.strip():
            yield piece, 0
    for cell in re.split(r"[\n\t]", block.text):
        written = _PROMPT.sub("", _STEP.sub("", cell.strip()))
        after = written.partition(": ")[2]
        for candidate in (written, after):
            if _HEADS.match(candidate) and not any(candidate.startswith(piece) for piece in block.inline_code):
                yield candidate, 0


def _code_lines(block: Block) -> Iterator[tuple[str, int]]:
    """Yield the lines of a code block, continued lines joined; of other languages only what is meant for a shell."""
    held, first = "", 0
    for n, line in enumerate(block.text.split("\n")):
        whole = f"{held} {line.strip()}".strip() if held else line
        first = first if held else n
        if whole.rstrip().endswith(("\\", " ^", " `")) and not held.count(" ") > 200:
            held = whole.rstrip()[:-1].rstrip()
            continue
        held = ""
        shown = _PROMPT.sub("", whole.strip())
        if block.info in _FOREIGN and not (_MARK.match(shown) or _HEADS.match(shown)):
            continue
        yield whole, first
    if held:
        yield held, first
