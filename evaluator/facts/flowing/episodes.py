"""Are episodes played that nothing is learned from, to see what an agent is worth?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluator.facts.python.modules import Source
from evaluator.facts.python.names import Names
from evaluator.facts.python.scopes import Site

_LEARNS = frozenset(
    {"backward", "learn", "train", "update", "replay", "optimize", "fit", "train_on_batch", "remember", "store", "push"}
) | {
    *("apply_gradients", "experience_replay", "optimize_model", "update_policy", "train_step", "append", "update_q"),
    *("memorize", "add_experience", "observe", "update_q_table", "learn_step", "train_model", "cache", "minimize"),
}
_EVALUATES = ("evaluate_policy", "EvalCallback", "EvaluationCallback")


def played(names: Names, source: Source) -> Iterator[tuple[ast.AST, Site, bool]]:
    """Yield places where an agent acts and nothing is learned: (place, a call in it, whether it does so over seeds)."""
    loops: dict[int, list[Site]] = {}
    for site in source.walked.sites:
        name = names.called(site.node).name
        if name.endswith(_EVALUATES):
            yield site.node, site, _over_seeds(source, site)
        if site.loops:
            loops.setdefault(site.loops[0], []).append(site)
    for number, inside in sorted(loops.items()):
        steps = [s for s in inside if _is_step(names, s)]
        loop = source.walked.loops[number]
        if steps and not any(_learns(names, s) for s in inside) and not _stores(loop):
            yield loop, steps[0], _over_seeds(source, steps[0])


def _is_step(names: Names, site: Site) -> bool:
    """Whether a call lets an environment go on by one action."""
    func = site.node.func
    if not isinstance(func, ast.Attribute) or func.attr != "step" or not site.node.args:
        return False
    owner = ast.unparse(func.value)[-40:].lower()
    return "env" in owner or names.called(site.node).name.startswith("gymnasium")


def _learns(names: Names, site: Site) -> bool:
    return names.called(site.node).name.rpartition(".")[2].lower() in _LEARNS - {"append"}


def _stores(loop: ast.stmt) -> bool:
    """Whether a loop writes into a table of values: ``q[state, action] = …``."""
    for node in ast.walk(loop):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        if any(
            isinstance(t, ast.Subscript) and isinstance(node, (ast.Assign, ast.AugAssign)) and _refers(t, node.value)
            for t in targets
        ):
            return True
        if any(isinstance(t, ast.Subscript) for t in targets) and isinstance(node, ast.AugAssign):
            return True
    return False


def _refers(target: ast.Subscript, value: ast.expr) -> bool:
    """Whether a new value is made of the table's old one."""
    table = ast.unparse(target.value)
    return any(ast.unparse(n.value) == table for n in ast.walk(value) if isinstance(n, ast.Subscript))


def _over_seeds(source: Source, site: Site) -> bool:
    loops = [source.walked.loops[n] for n in site.loops]
    return any(isinstance(loop, ast.For) and "seed" in ast.unparse(loop.target).lower() for loop in loops)
