"""Which commands does a piece of shell script give, in which folder, and can their failure matter?

No shell is emulated: quoting, operators, comments, here-documents, ``cd``, ``set +e`` and the commonest blocks are
read, variables are left as written. The words come from ``shlex``; nothing is executed or expanded.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

SCRIPT_LIMIT = 100_000
PIECES = 400
_LONGEST = 4_000
_CONTINUED = 40
_WORDS = 200
_NESTED = 3
_OPERATORS = {";", "&&", "||", "|", "&", "|&", ";;", "(", ")"}
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w{0,60})\1")
_PROMPT = re.compile(
    r"^(?:\([\w .-]{1,40}\)\s*)?(?:[\w.-]{1,40}@[\w.-]{1,60}[:\s][^$#]{0,80})?(?:\$|❯|➜|PS[^>]{0,80}>|[A-Z]:\\[^>]{0,80}>)\s+"
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_HARMLESS = {"true", ":", "echo", "printf", "exit"}
_KEYWORDS = {"then", "do", "else", "{", "}", "!", "fi", "done", "esac"}
_SHELLS = {"bash", "sh", "zsh", "dash"}
_PLAIN = {
    "sudo",
    "env",
    "nice",
    "time",
    "nohup",
    "exec",
    "command",
    "winpty",
    "stdbuf",
    "xvfb-run",
    "ionice",
    "chronic",
    "caffeinate",
    "builtin",
    "tini",
    "dumb-init",
    "opentelemetry-instrument",
    "ddtrace-run",
}
_RUNNERS = {
    "uv",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "rye",
    "pixi",
    "conda",
    "mamba",
    "micromamba",
    "dotenv",
    "doppler",
}
_ONE_OFF = {"uvx", "pipx"}
_TAKES_VALUE = {
    *(
        "-n",
        "--name",
        "-p",
        "--python",
        "--prefix",
        "--with",
        "--with-requirements",
        "--with-editable",
        "--extra",
        "--group",
    ),
    *(
        "--only-group",
        "--no-group",
        "--package",
        "--project",
        "--directory",
        "--env-file",
        "--index",
        "--default-index",
    ),
    *(
        "-i",
        "--index-url",
        "--find-links",
        "-f",
        "--config-file",
        "--cache-dir",
        "-e",
        "--environment",
        "--spec",
        "--from",
    ),
    *(
        "-u",
        "-g",
        "-s",
        "-C",
        "--cwd",
        "--manifest-path",
        "--resolution",
        "--torch-backend",
        "--link-mode",
        "--only-extra",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One simple command.

    Attributes:
        argv: Without assignments and wrappers (``sudo``, ``uv run`` …); never empty.
        raw: The line as written. line: Its 0-based place in the script.
        cwd: Folder it runs in, relative to where the script started; None once that cannot be told.
        disarmed: Why its failure or its run cannot matter; empty if it can.
        app: Value of ``FLASK_APP`` before it, or empty.
    """

    argv: tuple[str, ...]
    raw: str
    line: int
    cwd: str | None = ""
    disarmed: str = ""
    app: str = ""


@dataclass
class _State:
    """What earlier lines leave behind for later ones."""

    cwd: str | None = ""
    off: str = ""
    ended: str = ""
    blocks: list[str] = field(default_factory=list)
    app: str = ""

    @property
    def disarmed(self) -> str:
        return self.ended or next((b for b in self.blocks if b), "") or self.off


def pieces(script: str, *, cwd: str | None = "") -> tuple[Piece, ...]:
    """Return the commands of ``script``, which starts in the folder ``cwd``, in order, at most ``PIECES``; never raises."""
    state = _State(cwd=cwd)
    found: list[Piece] = []
    for line, number in _logical(_without_output(script[:SCRIPT_LIMIT])):
        found += _line(line, number, state, 0)
        if len(found) >= PIECES:
            break
    return tuple(found[:PIECES])


def _without_output(script: str) -> list[str]:
    """Return the lines; where some bear a prompt, the others are output, and become empty."""
    lines = script.split("\n")
    if not any(_PROMPT.match(line.lstrip()) for line in lines):
        return lines
    shown: list[str] = []
    continued = False
    for line in lines:
        prompt = _PROMPT.match(line.lstrip())
        kept = line.lstrip()[prompt.end() :] if prompt else line if continued else ""
        continued = kept.rstrip().endswith("\\")
        shown.append(kept)
    return shown


def _logical(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Yield lines with continuations and open quotes joined, bodies of here-documents left out."""
    number = 0
    while number < len(lines):
        first, line = number, lines[number]
        number += 1
        while line.endswith("\\") and not line.endswith("\\\\") and number < len(lines) and number - first < _CONTINUED:
            line = f"{line[:-1]} {lines[number].strip()}"
            number += 1
        for ahead in range(number, min(len(lines), first + _CONTINUED)) if _is_open(line) else ():
            line = f"{line}\n{lines[ahead]}"
            if not _is_open(line):
                number = ahead + 1
                break
        for match in _HEREDOC.finditer(line):
            end = next((n for n in range(number, len(lines)) if lines[n].strip() == match[2]), None)
            number = number if end is None else end + 1
        yield line[:_LONGEST], first


def _is_open(line: str) -> bool:
    try:
        shlex.split(line[:_LONGEST], comments=True)
    except ValueError as error:
        return "quotation" in str(error)
    return False


def _tokens(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[str] = []
    try:
        for word in lexer:
            if word.startswith("#"):
                break
            found.append(word)
            if len(found) >= _WORDS:
                break
    except ValueError:
        return line.split()[:_WORDS]
    return found


def _line(line: str, number: int, state: _State, depth: int) -> Iterator[Piece]:
    """Yield the commands of one line, and note what it means for the lines after it."""
    if line.lstrip().startswith("#"):
        return
    segments = _segments(_tokens(line.replace("\n", " ") if "<<" in line else line))
    shielded = _shielded(segments)
    for index, (words, _) in enumerate(segments):
        yield from _command(words, line, number, state, depth, "its failure is ignored" if shielded[index] else "")


def _segments(tokens: list[str]) -> list[tuple[list[str], str]]:
    """Return (words, the operator after them); redirections are left out."""
    found: list[tuple[list[str], str]] = []
    words: list[str] = []
    skip = False
    for token in tokens:
        if set(token) <= set("<>&") and ("<" in token or ">" in token):
            if words and words[-1].isdigit():
                words.pop()
            skip = True
        elif token in _OPERATORS or set(token) <= set(";&|()"):
            found.append((words, token))
            words, skip = [], False
        elif skip:
            skip = False
        else:
            words.append(token)
    return [*found, (words, "")]


def _shielded(segments: list[tuple[list[str], str]]) -> list[bool]:
    """Return for each segment whether ``|| true`` or its like swallows its failure."""
    marks = [False] * len(segments)
    for index, (_, operator) in enumerate(segments[:-1]):
        after = segments[index + 1][0]
        harmless = after[:1] and after[0] in _HARMLESS and after[:2] != ["exit", "1"]
        if operator == "||" and harmless:
            back = index
            while back >= 0 and (back == index or segments[back][1] in {"&&", "|"}):
                marks[back] = True
                back -= 1
    return marks


def _command(words: list[str], raw: str, number: int, state: _State, depth: int, shielded: str) -> Iterator[Piece]:
    words = _after_keywords(words, state)
    if not words or _changes(words, state):
        return
    for word in words:
        if word.startswith("FLASK_APP="):
            state.app = word.partition("=")[2]
    argv = unwrapped(words)
    if not argv or argv[0] in {"[", "[[", "test", "false"} or argv[0].startswith("-"):
        return  # a condition, or arguments that a line break cut off
    disarmed = state.disarmed or shielded
    if argv[0].rpartition("/")[2] in _SHELLS and (inner := _inline(argv)) is not None and depth < _NESTED:
        nested = _State(cwd=state.cwd, ended=disarmed, app=state.app)
        for line, _ in _logical(inner.split("\n")):
            yield from _line(line, number, nested, depth + 1)
        return
    yield Piece(argv=argv, raw=raw.strip(), line=number, cwd=state.cwd, disarmed=disarmed, app=state.app)
    if argv[0] == "exit" and not state.blocks and not shielded:
        state.ended = state.ended or "after `exit`"


def _inline(argv: tuple[str, ...]) -> str | None:
    """Return the script of ``bash -c``."""
    for index, word in enumerate(argv[1:-1], start=1):
        if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
            return argv[index + 1]
    return None


def _after_keywords(words: list[str], state: _State) -> list[str]:
    """Take the words of blocks off, and keep count of the blocks."""
    while words:
        first = words[0]
        if first in {"if", "elif", "while", "until"}:
            never = words[1:2] in (["false"], ["!"]) and words[1:3] in (["false"], ["!", "true"])
            never = never or words[1:] in (["[", "1", "=", "0", "]"], ["[[", "1", "==", "0", "]]"])
            if first == "elif" and state.blocks:
                state.blocks.pop()
            state.blocks.append(f"in `{' '.join(words[:3])}`" if never else "")
            words = words[1:]
        elif first in {"for", "case", "select"}:
            state.blocks.append("")
            return []
        elif first in _KEYWORDS:
            if first in {"fi", "done", "esac"} and state.blocks:
                state.blocks.pop()
            elif first == "else" and state.blocks:
                state.blocks[-1] = ""
            words = words[1:]
        else:
            break
    return words


def _changes(words: list[str], state: _State) -> bool:
    """Whether the command only changes what later ones stand in; then take it in."""
    if words[0] in {"cd", "pushd"}:
        state.cwd = moved(state.cwd, words[1]) if len(words) == 2 else None if len(words) > 2 else ""
        return True
    if words[0] == "set" and any(re.fullmatch(r"[-+][a-z]*e[a-z]*", w) for w in words[1:]):
        state.off = "after `set +e`" if any(w.startswith("+") for w in words[1:]) else ""
        return True
    if words[0] in {"export", "set"}:
        for word in words[1:]:
            if word.startswith("FLASK_APP="):
                state.app = word.partition("=")[2]
        return True
    return all(_ASSIGNMENT.match(word) for word in words)


def moved(cwd: str | None, target: str) -> str | None:
    """Return the folder after ``cd target``; None where it cannot be told (a variable, an absolute path, above the top)."""
    target = target.replace("\\", "/")
    if cwd is None or any(c in target for c in "$~<{*`") or target.startswith("/") or target == "-":
        return None
    found = posixpath.normpath(posixpath.join(cwd, target))
    return "" if found == "." else None if found.startswith("..") else found


def unwrapped(words: list[str]) -> tuple[str, ...]:
    """Return ``words`` without assignments and the commands that only start another one."""
    for _ in range(_WORDS):
        if not words:
            break
        first = words[0].rpartition("/")[2]
        if _ASSIGNMENT.match(words[0]):
            words = words[1:]
        elif first == "command" and words[1:2] in (["-v"], ["-V"]):
            break
        elif first in _PLAIN and len(words) > 1:
            words = _after_options(words[1:])
        elif first == "timeout" and len(words) > 2:
            words = _after_options(words[1:])[1:]
        elif first in _RUNNERS and words[1:2] == ["run"] and len(words) > 2:
            words = _after_options(words[2:])
        elif first == "uv" and words[1:3] == ["tool", "run"] and len(words) > 3:
            words = _after_options(words[3:])
        elif first in _ONE_OFF and len(words) > 1:
            words = _after_options([w for w in words[1:2] if w != "run"] + words[2:])
        else:
            break
    return tuple(words)


def _after_options(words: list[str]) -> list[str]:
    """Drop the options of a wrapper, with the values of those that take one."""
    while words and words[0].startswith("-"):
        if words[0] == "--":
            return words[1:]
        if words[0] in {"-m", "--module"}:  # uv run -m pytest
            return ["python", *words] if len(words) > 1 else []
        words = words[2:] if words[0] in _TAKES_VALUE else words[1:]
    return words
