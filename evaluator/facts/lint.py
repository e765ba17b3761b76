"""What does pylint find in the project's code, with a fixed selection of messages and nobody's settings but ours?"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from evaluator import codec
from evaluator.errors import DecodeError
from evaluator.facts.credentials.masking import mask
from evaluator.facts.tree import Tree
from evaluator.model import Fact, Missing, Record, Span
from evaluator.registry import provides
from evaluator.runs.settings import RunSettings
from evaluator.sandbox.tools import run_tool
from evaluator.source.snapshot import Snapshot, Unreadable


class LintFinding(Record):
    """One message. ``symbol``: pylint's name for it; ``message``: at most 200 characters, secrets masked."""

    at: Span
    symbol: str
    message: str


class Lint(Fact):
    """What pylint found in the own .py files; tests, vendored and generated code and notebooks left out.

    Attributes:
        lines: Lines that are not empty, of the files that could be parsed.
        findings: By path, line and symbol; at most 200. total: Before that cut, syntax errors apart.
        broken: Paths that do not parse. broken_lines: Their lines that are not empty.
        suppressed: Comments that would have silenced pylint, had they been heeded.
        left_out: Files beyond ``LINES`` and the other limits; which ones are read then is as good as drawn by lot.
    """

    lines: int
    findings: tuple[LintFinding, ...]
    total: int
    broken: tuple[str, ...] = ()
    broken_lines: int = 0
    suppressed: int = 0
    left_out: int = 0


LINES = 3_000
_FILES = 200
_FILE_BYTES = 300_000
# An honest project takes a few seconds and some 100 MB; this bounds a hostile one (deep nesting costs pylint minutes).
_SECONDS = 20
_OUTPUT_BYTES = 8_000_000
_MEMORY_MB = 400
_KEPT = 200
# What reading one file is enough to see. Left out: what hangs on packages that may be installed beside us or not
# (no-member, import-error, missing-timeout), matters of form, and docstrings and size, which other signals ask about.
SELECTION = (
    *("syntax-error", "return-in-init", "init-is-generator", "function-redefined", "not-in-loop"),
    *("return-outside-function", "yield-outside-function", "nonexistent-operator", "duplicate-argument-name"),
    *("used-prior-global-declaration", "no-method-argument", "no-self-argument", "used-before-assignment"),
    *("undefined-variable", "undefined-all-variable", "bad-except-order", "misplaced-bare-raise"),
    *("notimplemented-raised", "await-outside-async"),
    *("bad-format-character", "too-many-format-args", "too-few-format-args", "bidirectional-unicode"),
    *("unreachable", "dangerous-default-value", "pointless-statement", "expression-not-assigned", "unnecessary-pass"),
    *("unnecessary-lambda", "duplicate-key", "useless-else-on-loop", "exec-used", "eval-used", "using-constant-test"),
    *("self-assigning-variable", "assert-on-string-literal", "assert-on-tuple", "lost-exception"),
    *("unnecessary-semicolon", "wildcard-import", "reimported", "global-statement", "unused-import"),
    *("unused-variable", "redefined-builtin", "undefined-loop-variable", "cell-var-from-loop", "bare-except"),
    *("duplicate-except", "try-except-raise", "broad-exception-caught", "f-string-without-interpolation"),
    *("anomalous-backslash-in-string", "bad-open-mode"),
    *("multiple-statements", "singleton-comparison", "unidiomatic-typecheck", "consider-using-enumerate"),
    *("unnecessary-negation", "unnecessary-dunder-call", "literal-comparison", "comparison-with-itself"),
    *("consider-using-with", "useless-return", "inconsistent-return-statements", "simplifiable-if-statement"),
    *("unnecessary-comprehension",),
)
# Pylint follows imports into whatever is installed where it runs. Here it stays with the file: the findings are the
# same on every machine, and come three times sooner. `sys` tells where a function ends, `typing` what is an overload.
_DRIVER = """\
import sys
from astroid import exceptions, manager
from pylint.lint import Run
followed = manager.AstroidManager.ast_from_module_name
def stay(self, modname, *args, **kwargs):
    if modname in ("builtins", "sys", "typing"):
        return followed(self, modname, *args, **kwargs)
    raise exceptions.AstroidImportError("{modname} is not followed", modname=modname)
manager.AstroidManager.ast_from_module_name = stay
Run(sys.argv[1:])
"""
_RCFILE = """\
[MAIN]
jobs=1
persistent=no
load-plugins=
unsafe-load-any-extension=no
extension-pkg-allow-list=
limit-inference-results=20
py-version=3.11
ignore-patterns=
[MESSAGES CONTROL]
disable=all
enable={enabled}
[REPORTS]
output-format=json2
reports=no
score=no
"""
_PRAGMA = re.compile(r"(?i)p(?=ylint\s*:)")
_CODING = re.compile(r"^([ \t\f]*#.*?cod)ing(?=[:=])")


class _Message(msgspec.Struct):
    """What we take of one entry of pylint's ``json2``."""

    symbol: str
    message: str
    path: str
    line: int
    endLine: int | None = None  # noqa: N815 - pylint's spelling


class _Output(msgspec.Struct):
    messages: list[_Message]


class _Found(Record):
    """What pylint said of one file by itself; kept from one evaluation to the next."""

    messages: tuple[_Message, ...]


class _Copy(Record):
    """One file as pylint sees it: under a name that means nothing, so that nothing can import it by its own."""

    path: str
    name: str
    text: str
    lines: int
    pragmas: int

    @property
    def named(self) -> tuple[str, ...]:
        """What pylint's findings in it depend on."""
        return (hashlib.sha256(self.text.encode(errors="replace")).hexdigest(), str(self.name.endswith("__init__.py")))


@provides(waits=True)
def lint(snapshot: Snapshot, tree: Tree, settings: RunSettings) -> Lint | Missing:
    """Run pylint, in a process of its own, over private copies of the own .py files.

    It starts isolated (``-I``), in a folder that holds nothing else, with our rcfile and no plug-in; comments that
    silence it are made void in the copies. Pylint parses and does not import: no line of the project is executed.

    Limits: of code made to be slow, whether pylint ends in time hangs on the machine. The fact is missing then, never
    poorer, and its signal is on trial with weight 0: no verdict on the whole hangs on the machine's speed.
    """
    own = [f.path for f in tree.files if f.part == "own" and f.path.lower().endswith(".py") and f.kind != "symlink"]
    copies = list(_copies(snapshot, own))
    if not copies:
        return Lint(lines=0, findings=(), total=0, left_out=len(own))
    known = {c.path: kept for c in copies if (kept := snapshot.cache.load(_Found, *c.named)) is not None}
    new = [c for c in copies if c.path not in known]
    found = _messages(new, settings) if new else ()
    if isinstance(found, Missing):
        return found
    for copy in new:
        known[copy.path] = _Found(messages=tuple(m for m in found if m.path == copy.name))
        snapshot.cache.keep(known[copy.path], *copy.named)
    return _read([(c, m) for c in copies for m in known[c.path].messages], copies, left_out=len(own) - len(copies))


def _messages(copies: list[_Copy], settings: RunSettings) -> tuple[_Message, ...] | Missing:
    """Return what pylint says of ``copies``, or why it could not."""
    with tempfile.TemporaryDirectory(prefix="lint-", dir=settings.scratch) as name:
        folder = Path(name)
        _write(folder, copies)
        outcome = run_tool(
            (sys.executable, "-I", "-B", "-X", "utf8", "-c", _DRIVER, "--rcfile=rc", *(c.name for c in copies)),
            cwd=folder,
            env={"HOME": name, "TMPDIR": name, "PYLINTHOME": name, "XDG_CACHE_HOME": name},
            seconds=_SECONDS,
            output_bytes=_OUTPUT_BYTES,
            memory_mb=_MEMORY_MB,
        )
    if outcome.stopped_by != "nothing":
        late = outcome.stopped_by == "seconds"
        return Missing(fact="Lint", cause="timed-out" if late else "too-large", detail=_stopped(copies, late=late))
    if b"MemoryError" in outcome.stderr:
        reason = f"pylint did not get along with {_MEMORY_MB} MB of memory on {_lines(copies)} lines"
        return Missing(fact="Lint", cause="too-large", detail=reason)
    try:
        return tuple(codec.decode(outcome.stdout, _Output).messages)
    except DecodeError:
        return Missing(fact="Lint", cause="failed", detail="pylint did not come to its end")


def _stopped(copies: list[_Copy], *, late: bool) -> str:
    if late:
        return f"pylint did not end within {_SECONDS} s on {_lines(copies)} lines"
    return f"pylint wrote more than {_OUTPUT_BYTES // 1_000_000} MB on {_lines(copies)} lines"


def _lines(copies: list[_Copy]) -> int:
    return sum(c.lines for c in copies)


def _copies(snapshot: Snapshot, paths: list[str]) -> Iterator[_Copy]:
    """Yield copies, by path, of at most ``LINES`` lines; of a larger project, of files picked by a hash of their path."""
    texts: dict[str, str] = {}
    lines = 0
    for path in sorted(paths, key=lambda p: hashlib.sha256(p.encode(errors="replace")).digest()):
        try:
            text = snapshot.text(path, limit=_FILE_BYTES)
        except Unreadable:
            continue
        lines += text.count("\n") + 1
        if (lines > LINES and texts) or len(texts) == _FILES:
            break
        texts[path] = text
    for number, path in enumerate(sorted(texts)):
        head, newline, rest = texts[path].partition("\n")
        second, newline_2, tail = rest.partition("\n")
        # The copy is UTF-8, whatever the first two lines say of the original.
        plain = _CODING.sub(r"\1_ng", head) + newline + _CODING.sub(r"\1_ng", second) + newline_2 + tail
        text, pragmas = _PRAGMA.subn("_", plain)
        package = path.endswith("__init__.py")
        yield _Copy(
            path=path,
            name=f"m{number:03}/__init__.py" if package else f"m{number:03}.py",
            text=text,
            lines=sum(1 for line in text.split("\n") if line.strip()),
            pragmas=pragmas,
        )


def _write(folder: Path, copies: list[_Copy]) -> None:
    (folder / "rc").write_text(_RCFILE.format(enabled=",".join(SELECTION)), encoding="utf-8")
    for copy in copies:
        target = folder / copy.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(copy.text.encode(errors="replace"))


def _read(messages: list[tuple[_Copy, _Message]], copies: list[_Copy], *, left_out: int) -> Lint:
    broken = sorted({c.path for c, m in messages if m.symbol == "syntax-error"})
    found = [
        LintFinding(
            at=Span(path=c.path, start=max(m.line, 1), end=max(m.endLine or m.line, m.line, 1)),
            symbol=m.symbol,
            message=mask(m.message.partition("\n")[0])[:200],
        )
        for c, m in messages
        if m.symbol in SELECTION
    ]
    found.sort(key=lambda f: (f.at.path, f.at.start, f.symbol, f.message))
    return Lint(
        lines=sum(c.lines for c in copies if c.path not in broken),
        findings=tuple(found[:_KEPT]),
        total=sum(1 for f in found if f.symbol != "syntax-error"),
        broken=tuple(broken),
        broken_lines=sum(c.lines for c in copies if c.path in broken),
        suppressed=sum(c.pragmas for c in copies),
        left_out=left_out,
    )
