"""Where do rows come from, and where are they parted?"""

from __future__ import annotations

import ast

from evaluator.facts.flowing.calls import Call, passed_on
from evaluator.facts.flowing.events import How, Split, Training
from evaluator.facts.flowing.indexing import cut, narrowed
from evaluator.facts.flowing.state import path_of
from evaluator.facts.flowing.values import Value, container, gathered, join, nothing

_SIDES = ("split", "subset", "mode", "phase", "stage", "partition", "set_type", "data_type", "flag")
_SINGLE = frozenset({"ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit"})
_PERMUTED = frozenset({"permutation", "randperm", "arange", "range", "sample_indices"})
_WRITES = frozenset(
    {"to_csv", "to_parquet", "to_pickle", "to_feather", "to_json", "to_excel", "to_hdf", "write_csv", "write_parquet"}
)
_WRITES_SECOND = frozenset(
    {"joblib.dump", "pickle.dump", "numpy.save", "numpy.savez", "numpy.savetxt", "torch.save", "dill.dump"}
)
_ROWS = frozenset(
    {"train", "test", "val", "valid", "data", "dataset", "features", "x", "y", "labels", "xtrain", "npy", "npz"}
)
_NO_ROWS = frozenset(
    {"model", "scaler", "encoder", "encoders", "vectorizer", "pipeline", "clf", "best", "checkpoint", "preprocessor"}
)
_TEXTS = frozenset({"read_text", "read", "readlines", "read_bytes"})
_READS = frozenset({"joblib.load", "pickle.load", "numpy.load", "torch.load", "dill.load", "cloudpickle.load"})


EQUAL = "folds:equal parts:"
"""How events begin by which rows are cut into equal parts: folds, if training takes all but one, and else chunks."""


def handle(call: Call) -> Value | None:
    """Follow a call that reads, writes or parts rows; None for every other call."""
    roles = call.roles
    if "split-nested" in roles:
        return _nested(call)
    by_method = call.last == "train_test_split" and call.receiver is not None and call.receiver.rows
    if "split-pairs" in roles or by_method:
        return _pairs(call)
    if "split-parts" in roles:
        return _parts(call)
    if call.last == "split" and call.receiver is not None:
        folds = _folds(call)
        if folds is not None:
            return folds
    return _of_files(call) or _picked(call)


def _picked(call: Call) -> Value | None:
    """Follow a call that makes indices, or takes a part of rows by position."""
    if call.last in _PERMUTED and not call.rows_given():
        return Value(path="index:strides" if call.last == "range" and len(call.args) > 2 else "index")
    if call.last in {"take", "skip", "limit"} and call.receiver is not None and call.receiver.rows:
        return cut(call.receiver, f"{call.last} {ast.unparse(call.node.args[0]) if call.node.args else ''}"[:100])
    return None


def _of_files(call: Call) -> Value | None:
    """Follow a call that reads or writes a file, or says where one is."""
    if call.last in _WRITES or call.name in _WRITES_SECOND:
        return _written(call)
    if call.name in _READS:
        return _kept(call)
    if call.name in {"open", "pathlib.Path", "os.path.join", "posixpath.join", "pathlib.Path.joinpath"}:
        return _path(call)
    return _read(call) if "load" in call.roles or _is_listing(call) or _is_text(call) else None


def _kept(call: Call) -> Value:
    """Return what was kept in a file: as the project wrote it; else rows, where the file is named for rows."""
    path = join(call.args[:1] or [nothing()])
    found = call.machine.file(path)
    if found is not None:
        return found
    words = set(path_of(path).rpartition("/")[2].lower().replace(".", "_").replace("-", "_").split("_"))
    if words & _ROWS and not words & _NO_ROWS:
        return call.machine.fresh(call)
    return Value(path=f"{call.name}()")


def _path(call: Call) -> Value:
    parts = [call.receiver] if call.receiver is not None and call.last == "joinpath" else []
    parts += call.args[:1] if call.name == "open" else call.args
    said = [""]
    for part in parts:
        texts = [str(c) for c in part.constants][:6] or [
            part.path.removeprefix("path:") if part.path.startswith("path:") else "*"
        ]
        said = [f"{a}/{b}" if a else b for a in said for b in texts][:6]
    return Value(constants=tuple(s for s in said if s), path="pathlib.Path")


def _is_listing(call: Call) -> bool:
    """Whether files are listed: each is a row."""
    return call.name in {"os.listdir", "glob.glob", "glob.iglob", "os.scandir", "os.walk"} or (
        call.last in {"glob", "rglob", "iterdir"} and not (call.receiver and call.receiver.rows)
    )


def _is_text(call: Call) -> bool:
    """Whether the text of a file is read as a whole."""
    held = call.receiver
    return call.last in _TEXTS and held is not None and not held.rows and held.path.startswith(("pathlib", "open"))


def _read(call: Call) -> Value:
    """Return what is read: rows of a file, of a published data set, or of the paths that were given as rows."""
    given = call.rows_given()
    if given:
        return passed_on(call, with_receiver=False)
    found = call.machine.file(call.args[0]) if call.args and call.args[0].texts() else None
    if found is None and call.args and call.args[0].path.startswith("path:"):
        found = call.machine.file(call.args[0])
    if found is not None and found.rows:
        return found
    made = call.machine.fresh(call)
    if call.name.startswith("tensorflow_datasets") and call.is_("with_info", value=True):
        return container([_sided(call, made), nothing()])
    return _sided(call, made)


def _sided(call: Call, made: Value) -> Value:
    """Return the part of what is read that the call asks for: ``train=False``, ``split="test"``, ``subset="validation"``."""
    for keyword in ("train", "is_train", "training"):
        said = call.says(keyword)
        if said and all(isinstance(c, bool) for c in said):
            return _given(call, made, "train" if said[0] else "test")
    for keyword in _SIDES:
        asked = call.given(-1, keyword)
        if asked is None:
            continue
        if asked.items and not asked.constants:
            sides = [p.constants[0] for p in asked.items.values() if p.constants]
            return container([_given(call, made, str(s)) for s in sides])
        if asked.constants and isinstance(asked.constants[0], str):
            return _given(call, made, asked.constants[0])
    if call.name.startswith("datasets.") and len(call.args) > 1 and call.args[-1].texts():
        return made
    return made


def _given(call: Call, made: Value, side: str) -> Value:
    part = made.copy()
    part.rows = narrowed(made.rows, "given", side)
    call.machine.log.split(Split(f"given:{min(made.rows).root}", call.spot, "given", made.rows))
    return part


def _nested(call: Call) -> Value:
    """Return ``((x_train, y_train), (x_test, y_test))``."""
    made = call.machine.fresh(call)
    sides = []
    for side in ("train", "held"):
        part = made.copy()
        part.rows, part.base, part.blurred = narrowed(made.rows, f"given:{call.name}", side), None, True
        sides.append(container([part.copy(), part.copy()]))
    call.machine.log.split(Split(f"given:{call.name}", call.spot, "given", made.rows))
    return container(sides)


def _pairs(call: Call) -> Value:
    """Return the training and the held-out part of each argument, by turns."""
    arrays = list(call.args)
    if call.receiver is not None and (call.receiver.rows or not arrays):
        arrays = [call.receiver]
    for keyword in ("arrays", "X", "y", "data"):
        arrays += [call.keywords[keyword]] if keyword in call.keywords else []
    flat = []
    for array in arrays:
        found = array if array.rows else gathered(array)
        flat.append(call.machine.rooted(found if found.rows else array, call.spot))
    ordered = call.is_("shuffle", value=False) or "darts" in call.name or "pmdarima" in call.name
    event = _event(call, flat, ordered=ordered)
    _note(call, event, "ordered" if ordered else "random", flat)
    out: list[Value] = []
    for array in flat:
        for side in ("train", "held"):
            part = array.copy()
            part.rows = narrowed(array.rows, event, side)
            out.append(part)
    made = container(out)
    if len(flat) == 1 and made.items is not None:
        made.items.update({"train": out[0], "test": out[1]})
    return made


def _event(call: Call, arrays: list[Value], *, ordered: bool) -> str:
    """Return what tells a split from others: a seeded one of the same rows is the same wherever it stands."""
    seed = call.says("random_state") or call.says("seed")
    size = call.says("test_size") or call.says("train_size")
    if (seed and seed[0] is not None and size) or (ordered and size):
        return f"split:{seed}:{size}"
    at = call.spot.at
    roots = sorted({r.root for a in arrays for r in a.rows})[:2]
    return f"split:{at.path}:{at.cell or 0}:{at.start}:{call.node.col_offset}:{roots}"


def _note(call: Call, event: str, how: How, arrays: list[Value], parts: int = 2) -> None:
    rows = frozenset(r for a in arrays for r in a.rows)
    lessons = frozenset(lesson for a in arrays for lesson in a.every_lesson)
    series = frozenset(s for a in arrays for s in a.series)
    call.machine.log.split(Split(event, call.spot, how, rows, lessons, series, parts))


def _parts(call: Call) -> Value:
    """Return the parts of a random or positional split: the first is trained on."""
    given = call.args[0] if call.args else nothing()
    flat = call.machine.rooted(given if given.rows else gathered(given), call.spot)
    sizes = call.given(1, "lengths", "indices_or_sections")
    count = len(sizes.items) if sizes is not None and sizes.items and sizes.rest is None else 3
    how: How = "ordered" if call.name.startswith("numpy") else "random"
    if call.name.startswith("numpy") and not (sizes is not None and (sizes.items or sizes.rest)):
        return _equal_parts(call, flat)
    if call.name.startswith("numpy"):
        shuffled = call.args and isinstance(call.node.args[0], ast.Call)
        how, count = ("random" if shuffled else "ordered"), count + 1
    event = _event(call, [flat], ordered=False)
    _note(call, event, how, [flat], count)
    out = []
    for index in range(count):
        part = flat.copy()
        part.rows = narrowed(flat.rows, event, "train" if index == 0 else f"held {index}")
        out.append(part)
    return container(out)


def _equal_parts(call: Call, flat: Value) -> Value:
    """Return rows in equal parts: folds made by hand, of which one at a time is held out."""
    event = f"{EQUAL}{call.spot.at.path}:{call.spot.at.cell or 0}:{call.spot.at.start}"
    _note(call, event, "folds", [flat])
    part = flat.copy()
    part.rows = narrowed(flat.rows, event, "held")
    return Value(items={}, rest=part, path=f"parts:{event}")


def _folds(call: Call) -> Value | None:
    """Return what a splitter's ``split`` yields: indices of the training and of the held-out part of each fold."""
    name = next((n for n in call.names if "split-folds" in call.machine.roles(n.rpartition(".")[0])), None)
    if name is None:
        return None
    owner = name.rpartition(".")[0].rpartition(".")[2]
    rows = [call.machine.rooted(a if a.rows else gathered(a), call.spot) for a in call.args[:1]]
    once = owner in _SINGLE and call.receiver is not None and _is_once(call.receiver)
    ordered = owner == "TimeSeriesSplit"
    how: How = "random" if once else "folds"
    event = f"{'split' if once else 'folds'}:{call.spot.at.path}:{call.spot.at.cell or 0}:{call.spot.at.start}"
    _note(call, event, "ordered" if ordered and once else how, rows)
    if ordered:
        event += ":ordered"
        _note(call, event, "folds", rows)
    pair = container([Value(picks=(event, "train")), Value(picks=(event, "held"))])
    return Value(items={}, rest=pair)


def _is_once(splitter: Value) -> bool:
    said = splitter.items.get("n_splits") if splitter.items else None
    return said is not None and said.constants == (1,)


def _written(call: Call) -> Value:
    """Note what a file holds from now on."""
    if call.last in _WRITES:
        value, path = call.receiver, call.given(0, "path_or_buf", "path", "fname", "file")
    else:
        second = call.name in {"numpy.save", "numpy.savez", "numpy.savetxt"}
        value, path = (
            call.given(1 if second else 0, "arr", "obj"),
            call.given(0 if second else 1, "file", "filename", "f"),
        )
    if value is not None and path is not None:
        call.machine.written(path_of(path), value)
    return nothing()


def folded_on(call: Call, arrays: list[Value], *, search: bool) -> Training:
    """Note that models are fitted on folds of ``arrays`` and scored on the rest."""
    rows = frozenset(r for a in arrays for r in a.rows)
    lessons = frozenset(lesson for a in arrays for lesson in a.every_lesson)
    series = frozenset(s for a in arrays for s in a.series)
    cv = call.given(-1, "cv")
    ordered = keeps_order(cv)
    return call.machine.log.train(
        Training(call.spot, rows, lessons, folds=True, search=search, series=series, ordered=ordered)
    )


def keeps_order(cv: Value | None) -> bool:
    """Whether folds are made so that earlier rows train and later ones are held out."""
    return cv is not None and "TimeSeriesSplit" in cv.path
