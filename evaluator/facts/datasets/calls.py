"""What do calls and names have to do with data: read, write, fetch, make them, or nothing?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache

from evaluator import codec
from evaluator.facts.code import Call, Code, Module, Text
from evaluator.facts.documents.links import host_of
from evaluator.facts.modelling.libraries import Patterns, libraries
from evaluator.model import Record
from evaluator.resources import folder

_WRITING = re.compile(r"['\"]?[rbt+]*[wax][rbt+]*['\"]?$")
_ADDRESS = re.compile(r"(?:https?|ftp|s3|gs)://", re.IGNORECASE)
_TO_BE_FILLED = re.compile(r"path/to/|[/.=@](?:your|my)[-_.]|[/=]your[a-z]*\b|<[\w -]+>|x{4}|\.\.\.", re.IGNORECASE)
"""What stands in an address for what is to be filled in."""


_OF_A_MODEL = re.compile(
    r"\.(?:joblib|pth?|ckpt|onnx|safetensors|keras|gguf|tflite|pb)$"
    r"|(?:model|regressor|classifier|weights|checkpoint|pipeline|scaler|encoder|vectori[sz]er|ensemble)[^/]*\.(?:pkl|pickle|h5|hdf5|bin|zip)$",
    re.IGNORECASE,
)


class ButNot(Record):
    """Calls of a kind that are not meant, by name or by their first argument."""

    calls: tuple[str, ...]
    arguments: tuple[str, ...]


class Sources(Record, rename="kebab"):
    """``rubrics/data_sources.yaml`` as it stands; see the comments there."""

    built_in: tuple[str, ...]
    but_not: ButNot
    fetched: tuple[str, ...]
    asked: tuple[str, ...]
    generated: tuple[str, ...]
    drawn: tuple[str, ...]
    environment: tuple[str, ...]
    read: tuple[str, ...]
    write: tuple[str, ...]
    services: tuple[str, ...]
    commands: tuple[str, ...]
    endings: tuple[str, ...]
    tables: tuple[str, ...]
    data_folders: tuple[str, ...]
    not_data: tuple[str, ...]
    output_folders: tuple[str, ...]


@cache
def known() -> Sources:
    """Return the table that ships with the tool."""
    made: Sources = codec.decode_yaml((folder("rubrics") / "data_sources.yaml").read_bytes(), Sources)
    return made


@cache
def _patterns() -> Patterns[str]:
    table = known()
    kinds = ("built_in", "fetched", "asked", "generated", "drawn", "environment", "read", "write")
    rows = [(name, kind) for kind in kinds for name in getattr(table, kind)]
    return Patterns([*rows, *((name, "but-not") for name in table.but_not.calls)])


@cache
def kinds_of(name: str) -> frozenset[str]:
    """Return what a call of ``name`` does with data: keys of the table, with underscores."""
    found = set(_patterns().matches(libraries().canonical(name)))
    return frozenset(found - {"built_in", "but-not"} if "but-not" in found else found)


def in_play(code: Code) -> Iterator[Module]:
    """Yield the modules whose data are the project's: its own and its examples, no tests."""
    return (m for m in code.modules if m.part in {"own", "example", "docs"} and not m.is_test)


def texts_in(call: Call, module: Module) -> Iterator[str]:
    """Yield the string constants that stand within ``call``, by its lines."""
    for argument in call.args:
        if argument.value.kind == "constant" and (text := unquoted(argument.value.text)):
            yield text
    for near in _on_lines(module, call):
        yield near.text


def _on_lines(module: Module, call: Call) -> Iterator[Text]:
    for text in module.texts:
        if text.at.cell == call.at.cell and call.at.start <= text.at.start <= call.at.end:
            yield text


def unquoted(constant: str) -> str:
    """Return the text of a string constant's repr; empty for other constants."""
    bare = constant.lstrip("brfBRF")
    return bare[1:-1] if len(bare) >= 2 and bare[0] in "'\"" and bare[-1] == bare[0] else ""


def opens_for_writing(call: Call) -> bool:
    """Whether an ``open`` writes: by its mode, the second argument or ``mode=``."""
    modes = [a.value.text for n, a in enumerate(call.args) if a.keyword == "mode" or (n == 1 and a.keyword is None)]
    return any(_WRITING.fullmatch(mode) for mode in modes)


def is_data_name(name: str) -> bool:
    """Whether ``name`` is that of a data file, by its ending and by what files of results are called."""
    base = posixpath.basename(name.replace("\\", "/").rstrip("/")).lower()
    stem, _, ending = base.rpartition(".")
    if not stem or stem in {"*", "**"} or ending not in known().endings or len(base) > 120:
        return False
    return not any(fnmatchcase(stem, pattern) for pattern in known().not_data)


def as_pattern(name: str) -> str:
    """Return ``name`` with ``*`` for what only a run fills in; empty where nothing but the ending is known."""
    shown = re.sub(r"\{[^{}]*\}|%[sd\d.]*[sdf]", "*", name.strip())
    if shown.startswith(("_", ".", "-")) and "/" not in shown:
        shown = f"*{shown}"
    stem = posixpath.basename(shown.replace("\\", "/")).rpartition(".")[0]
    return shown if stem.strip("*_-. ") else ""


def has_data_ending(name: str) -> bool:
    """Whether ``name`` ends as data files do."""
    base = posixpath.basename(name.replace("\\", "/"))
    return "." in base.lstrip(".") and base.rpartition(".")[2].lower() in known().endings


def is_of_a_model(text: str) -> bool:
    """Whether the address ``text``, or that of a call written ``name(address)``, is of a trained model, which is no data."""
    address = text.rpartition("(")[2].rstrip(")").partition("?")[0]
    return bool(_ADDRESS.match(address) and _OF_A_MODEL.search(address))


def is_address(text: str) -> bool:
    """Whether ``text`` is an address on the web that may hold data: no service, nothing local, nothing to be filled in."""
    if not _ADDRESS.match(text) or _TO_BE_FILLED.search(text):
        return False
    host = host_of(text) if "://" in text[:12] else ""
    return bool(host or text.startswith(("s3:", "gs:"))) and not any(
        host == s or host.endswith("." + s) for s in known().services
    )


def is_a_data_set(path: str) -> bool:
    """Whether the committed file at ``path`` is data to work on, by its ending or its folder, where nothing names it."""
    if not is_data_name(path) or is_output_folder(path):
        return False
    folders = {part.lower() for part in path.split("/")[:-1]}
    return path.rpartition(".")[2].lower() in known().tables or bool(folders & set(known().data_folders))


def is_output_folder(path: str) -> bool:
    """Whether ``path`` lies in a folder where results are put."""
    return any(part.lower() in known().output_folders for part in path.split("/")[:-1])


def brings_data(argv: Iterable[str]) -> bool:
    """Whether a command gets data: a download of an address, a data set by its name, a pull of versioned data."""
    words = [w.strip("'\"") for w in argv]
    head = posixpath.basename(words[0]).lower() if words else ""
    rest = words[1:]
    if head == "git":
        return rest[:2] in (["lfs", "pull"], ["lfs", "fetch"])
    if head not in known().commands:
        return False
    if head == "dvc":
        return rest[:1] in (["pull"], ["get"], ["import"], ["get-url"], ["import-url"])
    if head in {"kaggle", "huggingface-cli", "hf", "aws", "gsutil", "gcloud", "kagglehub"}:
        return bool({"download", "cp", "sync", "snapshot-download"} & set(rest))
    if head in {"wget", "curl", "aria2c", "axel"}:
        goes = [w for w in rest if is_address(w) and not w.endswith((".sh", ".deb", ".whl", ".py"))]
        keeps = head != "curl" or any(
            w in {">", "-o", "-O", "--output", "--remote-name"} or w.startswith(("-o", "-LO", "-sO", "-OL"))
            for w in rest
        )
        return bool(goes) and keeps
    return bool(rest)
