"""What does a call give: of the project's own function, of a class, of a library, of something unknown?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from evaluator.facts.flowing import (
    arrays,
    choosing,
    columns,
    estimators,
    fitted,
    frames,
    lists,
    operations,
    parting,
    torches,
    trainings,
)
from evaluator.facts.flowing.calls import Call, passed_on
from evaluator.facts.flowing.evaluating import Evaluating
from evaluator.facts.flowing.state import Env, path_of
from evaluator.facts.flowing.values import Value, join, nothing
from evaluator.facts.python import members
from evaluator.facts.python.scopes import Imported, Scope
from evaluator.facts.python.values import is_class

_HANDLERS = (
    parting.handle,
    estimators.handle,
    choosing.handle,
    torches.handle,
    lists.handle,
    frames.handle,
    arrays.handle,
)
_OF_A_MODEL = frozenset({"model", "estimator", "train_dataset", "train_data", "learner"})
"""Keywords of an object that will train a model it is given."""
_FITS = frozenset({"fit", "train", "fit_predict", "learn", "partial_fit", "fit_transform"})
_PATHS = ("root", "path", "directory", "filepath_or_buffer", "data_dir", "io", "file", "data_files", "filename")
_PREDICTS = frozenset({"predict", "predict_proba", "forward", "__call__", "predict_one", "classify"})


def _is_plain(held: Value) -> bool:
    """Whether a thing of a library is a module, not an object that a method belongs to."""
    plain = held.path and not (held.rows or held.statistics or held.inside or held.trainings or held.items)
    return bool(plain) and not is_class(held.path) and not held.instance


@dataclass(eq=False)
class Calling(Evaluating):
    """Follows calls."""

    modules: dict[str, Env] = field(default_factory=dict)
    guarded: bool = False

    def imported(self, made: Imported, env: Env) -> Value:
        """Return what an import binds."""
        path = self.names.finder.file(made, env.walked.path) if made.name else None
        if path is not None and made.name is not None and path != env.walked.path:
            found = self.module(path).get(made.name)
            if found is not None:
                return found
        if made.name is not None:
            below = self.names.finder.submodule(made, env.walked.path)
            return Value(path=f"module:{below}" if below else f"{made.module}.{made.name}")
        wanted = made.module if made.alias else made.module.partition(".")[0]
        own = self.names.finder.find(wanted, env.walked.path)
        return Value(path=f"module:{own}" if own else wanted)

    def call(self, node: ast.Call, env: Env) -> Value:
        """Follow a call."""
        func = node.func
        receiver: Value | None = None
        if isinstance(func, ast.Attribute):
            held = self.eval(func.value, env)
            last = func.attr
            callee = self._method(held, last, func, env)
            receiver = None if _is_plain(held) else held
        else:
            callee = self.eval(func, env)
            last = func.id if isinstance(func, ast.Name) else ""
            if callee.owner is not None and not _is_plain(callee.owner):
                receiver, last = callee.owner, callee.path.rpartition(".")[2]
        args, keywords = self._arguments(node, env)
        names = self._names(node, callee, receiver, last)
        roles = frozenset(role for name in names for role in self.roles(name))
        call = Call(
            self, node, env, names, last, receiver, callee, args, keywords, self.spot(node, env, names[0]), roles
        )
        return self._done(call)

    def _method(self, held: Value, last: str, func: ast.Attribute, env: Env) -> Value:
        if held.rows and held.scope is None:
            return nothing()
        return self.member(held, last, func, env)

    def _arguments(self, node: ast.Call, env: Env) -> tuple[list[Value], dict[str, Value]]:
        args: list[Value] = []
        for arg in node.args:
            value = self.eval(arg, env)
            if isinstance(arg, ast.Starred):
                args += list(value.items.values()) if value.items else [operations.element(value)]
            else:
                args.append(value)
        keywords: dict[str, Value] = {}
        for keyword in node.keywords:
            value = self.eval(keyword.value, env)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            else:
                keywords.update({str(k): v for k, v in (value.items or {}).items()})
        return args, keywords

    def _names(self, node: ast.Call, callee: Value, receiver: Value | None, last: str) -> tuple[str, ...]:
        """Return the dotted names of what is called, by what was followed and by what the resolver knows."""
        named = self.names.called(node)
        followed = callee.path
        if receiver is not None and receiver.path and not followed:
            followed = f"{receiver.path}.{last}"
        found = [named.name, *named.others]
        if followed and not followed.startswith(("module:", "path:", "index", "rows.")):
            found = [followed, *found] if named.name.startswith(".") else [*found, followed]
        return tuple(dict.fromkeys(found))

    def _done(self, call: Call) -> Value:
        own = self._own(call)
        if own is not None:
            return own
        for handle in _HANDLERS:
            made = handle(call)
            if made is not None:
                return made
        self._called_back(call)
        made = passed_on(call)
        is_made = not made.rows and made.picks is None
        if is_class(call.name) and (is_made or not _OF_A_MODEL.isdisjoint(call.keywords)):
            return fitted.built(call)
        if made.rows and call.name.startswith("numpy."):
            return columns.computed(made)
        if not (made.rows or made.statistics or made.scored):
            made.path = f"{call.name}()" if "." in call.name and not call.name.startswith(".") else ""
        return made

    def _own(self, call: Call) -> Value | None:
        """Follow a call of the project's own function, class or method; None for every other call."""
        if call.callee.function is not None:
            return self.apply(call.callee, call.args)
        scope, this = call.callee.scope, None
        if scope is not None and call.callee.instance:
            this, owner = call.callee, scope
            scope = members.method(self.names, owner, "__call__") or members.method(self.names, owner, "forward")
        elif scope is not None and scope.kind == "function" and call.callee.items:
            this = call.callee.items.get("self")
        if scope is None and call.callee.scope is None:
            target = self.names.called(call.node).target
            known = target is not None and target.kind != "module" and not (call.receiver and call.receiver.rows)
            if known and target is not None and (target.owner is None or call.receiver is not None):
                scope = target
                this = call.receiver if target.owner is not None else None
        if scope is None:
            return None
        if scope.kind == "class":
            return self._built(scope, call)
        if scope.owner is not None and operations.is_static(scope):
            this = None
        elif scope.owner is not None and this is None and "classmethod" not in operations.decorators(scope):
            this = Value(scope=scope.owner, instance=True, items={})
        return self._entered(scope, call, this)

    def _built(self, scope: Scope, call: Call) -> Value:
        """Return an instance of an own class, after its ``__init__`` ran."""
        made = Value(scope=scope, instance=True, items={}, path=operations.foreign(self.names, scope))
        init = members.method(self.names, scope, "__init__")
        if init is not None:
            self.enter(init, call.args, call.keywords, made)
        elif made.items is not None:
            fields = [
                s.target.id
                for s in getattr(scope.node, "body", ())
                if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
            ]
            made.items.update(zip(fields, call.args, strict=False))
            made.items.update(call.keywords)
        return made

    def _entered(self, scope: Scope, call: Call, this: Value | None) -> Value:
        """Follow an own function; one that fits an own model is a training, unless one was seen within."""
        before = len(self.log.trainings)
        made = self.enter(scope, call.args, call.keywords, this)
        last = scope.label.rpartition(".")[2]
        if this is None or scope.owner is None:
            return made
        fitted = self.log.trainings[before:]
        predicts = any(members.method(self.names, scope.owner, name) is not None for name in _PREDICTS)
        if last in _FITS and predicts:
            if not fitted:
                trainings.own_training(call)
                fitted = self.log.trainings[before:]
            this.trainings |= frozenset(fitted)
        if last in _PREDICTS and predicts:
            return estimators.predictions(call, this, made)
        return made

    def apply(self, function: Value, args: list[Value], this: Value | None = None) -> Value:
        """Call a function value."""
        if function.function is not None:
            around = self.lambdas.get(id(function.function))
            if around is None or self.nested > 40:
                return nothing()
            env = Env(walked=around.walked, parent=around, label=around.label, cell=around.cell, this=around.this)
            operations.bound(self, function.function, args, {}, env)
            return self.eval(function.function.body, env)
        if function.scope is not None and function.scope.kind == "function":
            held = function.items.get("self") if function.items else this
            return self.enter(function.scope, args, {}, held)
        return nothing()

    def _called_back(self, call: Call) -> None:
        """Run own functions that are handed to a library: it will call them."""
        for value in call.every():
            if (value.scope is not None and value.scope.kind == "function") or value.function is not None:
                self.apply(value, [])

    # files

    def file(self, path: Value) -> Value | None:
        """Return the rows that are read from a file, as they were written by the project, where it wrote them."""
        return self.read(path_of(path))

    def fresh(self, call: Call) -> Value:
        """Return rows that are read here for the first time: of a file by its path, else of this place."""
        named = [call.keywords[k] for k in _PATHS if k in call.keywords]
        said = path_of(join([a for a in (*call.args[:2], *named) if a.constants] or [nothing()]))
        root = self.root(call.spot, f"read {said}" if said else "")
        return Value(rows=frozenset({root}), base=root.root, path=call.name)
