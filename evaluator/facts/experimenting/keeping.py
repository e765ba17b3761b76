"""Which code keeps a record of runs: with a tracker, in files of each run's own, or in a file that the next overwrites?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.delivering.yaml_tree import load, mapping, sequence, texts
from evaluator.facts.experimenting.holding import Holding, called_a_score
from evaluator.facts.experimenting.leading import Leading
from evaluator.facts.experimenting.wording import parts
from evaluator.facts.experimenting.workbench import Call, Workbench, arguments
from evaluator.facts.experiments import Kept
from evaluator.facts.model_work import node_of
from evaluator.facts.python.modules import Source
from evaluator.facts.python.scopes import Point, Site
from evaluator.facts.python.values import Known
from evaluator.model import Span
from evaluator.source.snapshot import Unreadable

_TRACKERS = ("mlflow", "wandb", "neptune", "comet_ml", "aim", "clearml")
_KEYWORDS = ("tensorboard_log", "report_to", "tensorboard_log_dir")
_OFF = frozenset({"none", "", "no"})
_TABLES = frozenset({"to_csv", "to_json", "to_excel", "to_parquet", "to_pickle"})
_DUMPS = ("json.dump", "yaml.dump", "yaml.safe_dump", "toml.dump")
_WRITES = frozenset({"write", "writelines", "write_text", "writerow", "writerows", "savetxt", "save", "print"})
_CLOCKS = ("datetime.", "time.", "uuid.", "secrets.", "tempfile.")
_OF_A_RUN = frozenset(
    {
        "run",
        "timestamp",
        "stamp",
        "time",
        "now",
        "date",
        "exp",
        "experiment",
        "trial",
        "version",
        "uuid",
        "seed",
        "fold",
        "tag",
    }
)
_LOGS = frozenset({"info", "debug", "warning", "log", "critical", "error"})
_VALUES = frozenset({"log_metric", "log_metrics", "log", "add_scalar", "add_scalars", "scalar", "track"})
"""What records values that a run measures. Settings are another thing: those are written out by their nature."""
_LIMIT = 60


def find(bench: Workbench, leading: Leading) -> list[Kept]:
    """Return every record of runs, by place."""
    keeper = _Keeper(bench, leading)
    found = [*keeper.tracked(), *keeper.by_keyword(), *_pipelines(bench), *keeper.written(), *keeper.logged()]
    unique: dict[tuple[str, int, int, str], Kept] = {}
    for kept in found:
        unique.setdefault((kept.at.path, kept.at.cell or 0, kept.at.start, kept.how), kept)
    return [unique[key] for key in sorted(unique)][:_LIMIT]


class _Keeper:
    """Looks through the calls of one project."""

    def __init__(self, bench: Workbench, leading: Leading) -> None:
        self.bench = bench
        self.holding = Holding(bench)
        trained = {node_of(f.place) for f in bench.work.fits if f.place.reached}
        trained |= {node_of(s.place) for s in bench.work.scores if s.place.reached}
        self.near = leading.reached(leading.entries(trained))

    def is_wired(self, source: Source, site: Site) -> bool:
        """Whether some entry point that leads to training or scoring leads here."""
        return f"{source.path}::{site.label}" in self.near

    def tracked(self) -> Iterator[Kept]:
        """Yield calls of trackers, and what has a library write a record."""
        for source, site, named in self.bench.places.calls:
            names = (named.name, *named.others)
            name = next((n for n in names if "tracks" in self.bench.roles(n)), None)
            if name is None and named.name == "getattr":
                name = self._chosen_later(site)
            record = next((n for n in names if "records" in self.bench.roles(n)), None) if name is None else None
            said = name or record
            if said is None:
                continue
            wired = self.is_wired(source, site) and self._is_used(source, site, said)
            why = "training leads there" if wired else "no training that something runs leads there"
            if _is_written_out(site.node, said):
                wired, why = False, "it records only what is written out"
            at = self.bench.span(source, site.node, site.cell)
            yield Kept(how="tracker" if name else "files", name=said, at=at, wired=wired, why=why)

    def _chosen_later(self, site: Site) -> str | None:
        """Return the tracker of ``getattr(mlflow, which)``, whose function only a run chooses."""
        args = site.node.args
        if len(args) < 2 or isinstance(args[1], ast.Constant):
            return None
        found = (v for v in self.bench.names.values(args[0], site.point) if isinstance(v, Known))
        return next((f"{v.path}.*" for v in found if v.path.startswith(_TRACKERS)), None)

    def _is_used(self, source: Source, site: Site, name: str) -> bool:
        """Whether an object that does the recording is handed to something; a function does it by being called."""
        last = name.rpartition(".")[2]
        if not last[:1].isupper():
            return True
        if site.binds:
            return any(n.rpartition(".")[2] in source.walked.reads or "." in n for n in site.binds)
        return site.node not in source.walked.works

    def by_keyword(self) -> Iterator[Kept]:
        """Yield calls that are told to record: ``tensorboard_log="runs"``, ``report_to="wandb"``."""
        for source, site, named in self.bench.calls:
            for keyword in site.node.keywords:
                value = keyword.value
                off = isinstance(value, ast.Constant) and (value.value is None or str(value.value).lower() in _OFF)
                off = off or (isinstance(value, (ast.List, ast.Tuple)) and not value.elts)
                if keyword.arg in _KEYWORDS and not off and self.is_wired(source, site):
                    at = self.bench.span(source, site.node, site.cell)
                    yield Kept(how="tracker", name=f"{named.name}({keyword.arg}=)", at=at, why="training leads there")

    # files

    def written(self) -> Iterator[Kept]:
        """Yield calls that write scores into a file."""
        for source, site, named in self.bench.calls:
            place = self._target(site, named.name)
            if place is None or not self.is_wired(source, site):
                continue
            values, path, grows = place
            point = site.point
            how, why = ("files", "each run adds to it") if grows else self._per_run(path, point)
            called = (called_a_score(v, point, self.bench, surely=how == "file") for v in values)
            if not any(self.holding.holds(v, point) for v in values) and not any(called):
                continue
            yield Kept(
                how="files" if how == "files" else "file",
                name=named.name,
                at=self.bench.span(source, site.node, site.cell),
                why=why,
            )

    def _target(self, site: Site, name: str) -> tuple[list[ast.expr], ast.expr | None, bool] | None:
        """Return what a call writes, where to, and whether the file grows; None for every other call."""
        node, last = site.node, name.rpartition(".")[2]
        keywords = {k.arg: k.value for k in node.keywords}
        grows = _is(keywords.get("mode"), "a")
        owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        if last in _TABLES and owner:
            return owner, node.args[0] if node.args else keywords.get("path_or_buf"), grows
        if name in _DUMPS and node.args:
            given = node.args[1] if len(node.args) > 1 else keywords.get("fp") or keywords.get("stream")
            path, grows = self._opened(given, site.point)
            return node.args[:1], path, grows
        if name == "print" and "file" in keywords:
            path, grows = self._opened(keywords["file"], site.point)
            return list(node.args), path, grows
        if last == "savetxt" and len(node.args) > 1:
            return node.args[1:2], node.args[0], grows
        if last in _WRITES and owner and name != "print" and last not in {"save", "savetxt"}:
            if last == "write_text":
                return list(node.args), owner[0], grows
            path, grows = self._opened(owner[0], site.point)
            return (list(node.args), path, grows) if path is not None else None
        return None

    def _opened(self, expr: ast.expr | None, point: Point, depth: int = 4) -> tuple[ast.expr | None, bool]:
        """Return the path of an opened file, and whether it is opened to add to it."""
        if isinstance(expr, ast.Name) and depth:
            for binding in self.bench.names.bindings(expr.id, point):
                if binding.expr is not None:
                    path, grows = self._opened(binding.expr, binding.point, depth - 1)
                    if path is not None:
                        return path, grows
        if isinstance(expr, ast.Call):
            name = self.bench.names.called(expr).name
            if name.rpartition(".")[2] == "open":
                mode = (
                    expr.args[1]
                    if len(expr.args) > 1
                    else next((k.value for k in expr.keywords if k.arg == "mode"), None)
                )
                own = (
                    expr.func.value
                    if isinstance(expr.func, ast.Attribute) and not name.startswith(("codecs", "gzip", "io."))
                    else None
                )
                if own is not None and name != "open":
                    mode = expr.args[0] if expr.args else mode
                path = own if own is not None else expr.args[0] if expr.args else None
                return path, isinstance(mode, ast.Constant) and str(mode.value).startswith("a")
            if name.rpartition(".")[2] in {"writer", "DictWriter"} and expr.args and depth:
                return self._opened(expr.args[0], point, depth - 1)
        return None, False

    def _per_run(self, path: ast.expr | None, point: Point) -> tuple[str, str]:
        """Return whether a path is each run's own, and why."""
        why = self._varies(path, point, 5) if path is not None else ""
        return ("files", f"its name holds {why}") if why else ("file", "the next run overwrites it")

    def _varies(self, expr: ast.expr, point: Point, depth: int) -> str:
        """Return what in a path differs from run to run, or nothing."""
        for node in ast.walk(expr):
            if isinstance(node, ast.Call):
                name = self.bench.names.called(node).name
                if name.startswith(_CLOCKS) or name.endswith((".strftime", ".isoformat", ".now")):
                    return "the time"
            elif isinstance(node, (ast.Name, ast.Attribute)):
                said = node.id if isinstance(node, ast.Name) else node.attr
                spelt = set(parts(said).split())
                if spelt & _OF_A_RUN and not spelt & {"dir", "folder", "root"}:
                    return said
            why = self._bound_to(node, point, depth) if isinstance(node, ast.Name) and depth else ""
            if why:
                return why
        return ""

    def _bound_to(self, node: ast.Name, point: Point, depth: int) -> str:
        for binding in self.bench.names.bindings(node.id, point):
            if binding.how == "element":
                return f"{node.id}, which differs in each round"
            if binding.how == "value" and binding.expr is not None and not binding.steps:
                why = self._varies(binding.expr, binding.point, depth - 1)
                if why:
                    return why
        return ""

    def logged(self) -> Iterator[Kept]:
        """Yield calls that log a score where a log file is set up that grows or is each run's own."""
        files = [
            c
            for c in self.bench.calls
            if c[2].name in {"logging.FileHandler", "logging.handlers.RotatingFileHandler"} or _logs_to_file(c)
        ]
        files = [c for c in files if self.is_wired(c[0], c[1]) and not _is(_keyword(c[1].node, "filemode"), "w")]
        if not files:
            return
        for source, site, named in self.bench.calls:
            is_log = named.name.rpartition(".")[2] in _LOGS and named.name.startswith((".", "logging", "loguru"))
            if (
                is_log
                and self.is_wired(source, site)
                and any(self.holding.holds(a, site.point) for a in arguments(site.node))
            ):
                at = self.bench.span(source, site.node, site.cell)
                yield Kept(how="files", name="logging", at=at, why="scores go to a log file that keeps earlier runs")
                return


def _is_written_out(call: ast.Call, name: str) -> bool:
    """Whether a call that records a value is given constants alone."""
    given = [n for a in arguments(call) for n in ast.walk(a) if isinstance(n, (ast.Name, ast.Attribute, ast.Call))]
    return name.rpartition(".")[2] in _VALUES and bool(call.args or call.keywords) and not given


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def _logs_to_file(call: Call) -> bool:
    return call[2].name == "logging.basicConfig" and _keyword(call[1].node, "filename") is not None


def _is(expr: ast.expr | None, value: str) -> bool:
    return isinstance(expr, ast.Constant) and expr.value == value


def _pipelines(bench: Workbench) -> Iterator[Kept]:
    """Yield the metrics of DVC pipelines whose stages run the project's own training or scoring."""
    snapshot = bench.modules.snapshot
    trained = {p.place.at.path for p in bench.work.fits} | {s.place.at.path for s in bench.work.scores}
    names = {p.rpartition("/")[2] for p in trained}
    for path in snapshot.paths("dvc.yaml"):
        try:
            tree = mapping(load(path, snapshot.text(path, limit=400_000)))
        except Unreadable:
            continue
        whole = bool(sequence(tree.get("metrics")) or sequence(tree.get("plots")))
        for name, stage in mapping(tree.get("stages")).items():
            body = mapping(mapping(stage).get("do")) or mapping(stage)
            said = " ".join(texts(body.get("cmd")))
            runs = any(word.rpartition("/")[2] in names for word in said.split())
            runs = runs or any(f"-m {p.removesuffix('.py').replace('/', '.')}" in said for p in trained)
            if runs and (whole or sequence(body.get("metrics")) or sequence(body.get("plots"))):
                line = next((t.line for t in texts(body.get("cmd"))), 1)
                at = Span(path=path, start=line, end=line)
                yield Kept(how="tracker", name="dvc metrics", at=at, why=f"stage {name} keeps its metrics with DVC")
