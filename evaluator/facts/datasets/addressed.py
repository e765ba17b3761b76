"""Which addresses is a call given by constants that stand elsewhere: in settings, as a parameter's default, by a caller?"""

from __future__ import annotations

from functools import cached_property

from evaluator.facts.code import Call
from evaluator.facts.datasets.calls import is_address
from evaluator.facts.python.literals import Literals
from evaluator.facts.python.modules import Modules
from evaluator.facts.python.scopes import Site

_ARGUMENTS = 3


class Addressed:
    """Answers for one project; nothing is looked for before the first question."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules

    @cached_property
    def _literals(self) -> Literals:
        return Literals(self.modules.names)

    @cached_property
    def _sites(self) -> dict[tuple[str, int | None, int, int], list[Site]]:
        found: dict[tuple[str, int | None, int, int], list[Site]] = {}
        for path, source in self.modules.sources.items():
            for site in source.walked.sites:
                start = site.node.lineno
                key = (path, site.cell, start, max(start, site.node.end_lineno or start))
                found.setdefault(key, []).append(site)
        return found

    def of(self, call: Call) -> list[str]:
        """Return the addresses that the first arguments of ``call`` come to."""
        key = (call.at.path, call.at.cell, call.at.start, call.at.end)
        sites = [s for s in self._sites.get(key, ()) if self.modules.names.called(s.node).name == call.name]
        texts = [
            self._literals.text(given, site.point)
            for site in sites[:1]
            for given in [*site.node.args, *(k.value for k in site.node.keywords)][:_ARGUMENTS]
        ]
        return [text for text in texts if text is not None and is_address(text)]
