"""What do documents and delivery files say of baselines, and of runs with other settings?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from evaluator.facts.delivering.yaml_tree import Value, load, mapping, text, texts
from evaluator.facts.delivery import Command, Delivery
from evaluator.facts.documents.topics import sentences
from evaluator.facts.experimenting import tables
from evaluator.facts.experimenting.wording import parts, words
from evaluator.facts.experimenting.workbench import Workbench
from evaluator.facts.experiments import Search, Shown
from evaluator.facts.prose import Block, Document
from evaluator.model import Missing, Span
from evaluator.source.snapshot import Unreadable

_LEAD = 5
_FILES = 60
_SIZE = 100_000
_HAND = frozenset({"makefile", "script", "ci", "dvc", "compose", "other"})
_MULTIRUN = frozenset({"-m", "--multirun"})
_NO_SETTING = frozenset(
    {
        "seed",
        "random",
        "state",
        "out",
        "output",
        "dir",
        "path",
        "data",
        "name",
        "n",
        "f",
        "gpu",
        "port",
        "workers",
        "file",
        "log",
        "split",
    }
)


def named_kinds(bench: Workbench) -> dict[str, str]:
    """Return the kinds of model that a document calls the baseline, each with the words that do it."""
    found: dict[str, str] = {}
    for document in bench.documents:
        if document.role == "community":
            continue
        for block in document.blocks:
            if block.kind == "code" or {"references", "future"} & set(block.topics):
                continue
            for sentence, kind in _called(block):
                found.setdefault(kind, f"{document.path} says {' '.join(sentence.split())[:80]!r}")
        for heading, kind in _headed(document):
            found.setdefault(kind, f"{document.path} puts it under {heading[:80]!r}")
    return found


def _headed(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (heading, the only kind of model that stands under it, with a score) of sections about the baseline."""
    heading, below = "", [""]
    for block in (*document.blocks, None):
        if block is not None and block.kind != "heading":
            below += [block.text] if heading else []
            continue
        said = "\n".join(below)
        kinds = {k for k in words().models(said) if k != "naive rule"} if heading else set()
        if len(kinds) == 1 and any(tables.scores(line) for line in said.split("\n")):
            yield heading, kinds.pop()
        about = block is not None and words().baseline(block.text) and not words().sets_against(block.text)
        heading = block.text if block is not None and about else ""
        below = []


def _called(block: Block) -> Iterator[tuple[str, str]]:
    """Yield (sentence, kind of model that it calls the baseline); "it serves as a baseline" means the one spoken of before."""
    if block.kind == "table":
        named = ((row, words().called_baseline(row)) for row in block.text.split("\n"))
        yield from ((row, kind) for row, kind in named if kind is not None)
        return
    lead = block.text.split("\n", 1)[0]
    subject = words().model(lead) if len(lead.split()) <= _LEAD else None
    subject = subject or (words().leading_model(block.text) if block.kind == "item" else None)
    before = ""
    for sentence in sentences(block.text):
        kind = words().called_baseline(sentence)
        if kind is None and words().refers_to_baseline(sentence):
            last = words().models(before)
            kind = subject or (last[0] if len(last) == 1 else None)
        if kind is not None:
            yield sentence, kind
        before = sentence


def spoken(bench: Workbench) -> list[Shown]:
    """Return the rows, columns and sentences of documents that give a number for something called a baseline."""
    return [s for d in bench.documents if d.role != "community" for b in d.blocks for s in _spoken_in(b)][:20]


def _spoken_in(block: Block) -> Iterator[Shown]:
    if block.kind in {"code", "heading"} or {"references", "future"} & set(block.topics):
        return
    if block.kind == "table":
        hits = [v for v in tables.of_table(block.text) if words().baseline(v)]
        if hits:
            yield Shown(form="table", variants=tuple(hits), at=block.at)
        return
    for sentence in sentences(block.text):
        if words().baseline(sentence) and tables.scores(sentence):
            yield Shown(form="list", variants=(" ".join(sentence.split())[:80],), at=block.at)
            return


def varied(bench: Workbench, delivery: Delivery | Missing) -> list[Shown]:
    """Return where settings are varied by hand: rows of a table, commands that start the same program."""
    found = []
    for document in bench.documents:
        if document.role == "community":
            continue
        for block in document.blocks:
            rows = tables.settings_of(block.text) if block.kind == "table" and "references" not in block.topics else ()
            if len(rows) >= 2:
                found.append(Shown(form="table", variants=rows, at=block.at))
    for notebook in bench.notebooks:
        for cell in notebook.cells:
            lines = tables.of_settings(cell.printed) if cell.printed else ()
            if len(lines) >= 2:
                found.append(Shown(form="table", variants=lines, at=Span(path=notebook.path, cell=cell.index)))
    return [*found, *_commands(delivery)][:20]


def _commands(delivery: Delivery | Missing) -> Iterator[Shown]:
    """Yield the programs that scripts start several times with other numbers for the same options."""
    groups: dict[tuple[str, ...], dict[tuple[str, ...], Command]] = {}
    for command in () if isinstance(delivery, Missing) else delivery.commands:
        settings = _settings(command)
        if command.origin in _HAND and not command.disarmed and settings:
            program = (command.runs or " ".join(command.argv[:3]), command.origin)
            groups.setdefault(program, {}).setdefault(settings, command)
    for found in groups.values():
        if len(found) >= 2:
            first = next(iter(found.values()))
            yield Shown(form="list", variants=tuple(" ".join(s) for s in found), at=first.at)


def _settings(command: Command) -> tuple[str, ...]:
    """Return the options of a command that take a number or a word as their value: ``--lr 0.1``, ``model.depth=3``."""
    found = []
    argv = command.argv[1:]
    for at, word in enumerate(argv):
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and word.startswith("--") and at + 1 < len(argv) and not argv[at + 1].startswith("-"):
            value = argv[at + 1]
        if value and _number(value) and not set(parts(name.replace(".", " ").replace("-", " ")).split()) & _NO_SETTING:
            found.append(f"{name}={value}")
    return tuple(sorted(found))


def _number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def sweeps(bench: Workbench, delivery: Delivery | Missing) -> Iterator[Search]:
    """Yield searches that a sweep file describes or a command starts; they run where some command starts them."""
    commands = () if isinstance(delivery, Missing) else tuple(c for c in delivery.commands if not c.disarmed)
    trained = {f.place.at.path for f in bench.work.fits}
    for command in commands:
        tried = _grid(bench, command)
        if tried and (
            command.runs in trained or command.runs is not None or command.argv[:1] in {("dvc",), ("guild",)}
        ):
            yield Search(how="command", name=command.argv[0], at=command.at, why=f"it starts runs with {tried}")
    listed = [p for p in bench.modules.snapshot.paths(".yaml", ".yml") if not p.startswith(".github/")][:_FILES]
    for path in listed:
        kind = _sweep(bench, path)
        if not kind:
            continue
        name = PurePosixPath(path).name
        started = next(
            (
                c
                for c in commands
                if name in c.raw and ("sweep" in c.raw or _MULTIRUN & set(c.argv) or "nnictl" in c.raw)
            ),
            None,
        )
        why = f"{started.raw[:60]!r} starts it" if started else "no command that starts it is seen"
        yield Search(
            how="command",
            name=f"{kind} ({path})",
            at=Span(path=path),
            runs=started is not None,
            halted=started is None,
            why=why,
        )


def _grid(bench: Workbench, command: Command) -> str:
    """Return the values of a setting that one command tries: a list for a multi-run, or the variable of a shell's loop."""
    several = _MULTIRUN & set(command.argv) or "--queue" in command.argv or command.argv[:2] == ("guild", "run")
    for word in command.argv[1:]:
        name, equals, value = word.lstrip("-").partition("=")
        if several and equals and ("," in value or value.startswith(("range(", "choice(", "interval("))):
            return f"{name} of {value[:40]}"
    for at, word in enumerate(command.argv[1:], start=1):
        value = word.partition("=")[2] or word
        variable = value.strip("\"'").removeprefix("$").strip("{}")
        if (
            value.strip("\"'").startswith("$")
            and variable.isidentifier()
            and at
            and _loops_over(bench, command, variable)
        ):
            return f"each value of ${variable}"
    return ""


def _loops_over(bench: Workbench, command: Command, variable: str) -> bool:
    if set(parts(variable).split()) & {"seed", "fold", "i", "dataset", "data", "file", "gpu", "run"}:
        return False
    try:
        script = bench.modules.snapshot.text(command.at.path, limit=_SIZE)
    except Unreadable:
        return False
    for line in script.split("\n"):
        words_of = line.strip().split()
        if words_of[:1] == ["for"] and words_of[1:3] == [variable, "in"]:
            values = [w.rstrip(";") for w in words_of[3:] if w not in {"do", ";"}]
            return len(values) >= 2 or any("{" in v or "seq" in v or "[@]" in v for v in values)
    return False


def _sweep(bench: Workbench, path: str) -> str:
    """Return which kind of search a file describes, or nothing."""
    try:
        source = bench.modules.snapshot.text(path, limit=_SIZE)
    except Unreadable:
        return ""
    if "sweep" not in source and "optuna" not in source and "parameters" not in source and "searchSpace" not in source:
        return ""
    tree = mapping(load(path, source))
    if "method" in tree and mapping(tree.get("parameters")) and ("program" in tree or "metric" in tree):
        return "a W&B sweep"
    if "searchSpace" in tree or "searchSpacePath" in tree:
        return "an NNI experiment"
    hydra = mapping(tree.get("hydra"))
    sweeper = mapping(hydra.get("sweeper")) or mapping(tree.get("sweeper"))
    chosen = mapping(sweeper.get("params")) or mapping(sweeper.get("search_space"))
    return "a Hydra sweeper" if chosen and any(_is_several(v) for v in chosen.values()) else ""


def _is_several(value: Value) -> bool:
    said = str(text(value))
    return isinstance(value, dict) or len(list(texts(value))) > 1 or "," in said or "(" in said
