"""Do the documents tell what the project changes for someone, in numbers?"""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.facts.code import Code
from evaluator.facts.documents.effects import effect_in, is_about_effects
from evaluator.facts.documents.topics import sentence_topics, sentences
from evaluator.facts.model_work import ModelWork
from evaluator.facts.modelling.libraries import libraries
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Block, Document, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import cite, for_readers, nothing
from evaluator.signals.communication.results import has_model

_ASIDE = frozenset({"references", "license", "people", "contents", "install", "structure", "future", "development"})
_SHOWN = 3


@signal(
    id="communication.impact-in-numbers",
    title="The effect on someone is stated as a number",
    question="Is the effect on someone stated as a number with its unit?",
    looks_at=(
        "Sentences of README, docs and notebook text that say what the project saves, avoids or earns, for whom, and how much"
    ),
    remedy="Add one sentence: who gains what by it, how much, and how that was estimated.",
    effort="hour",
    sources=("make-a-readme", "huyen-2022"),
    limits=(
        "Whether the number is right is not known. Figures about an industry, and changes of a measure of quality or of the "
        "machinery alone, are no effect on someone."
    ),
    stage="trial",
    levels=("none", "an effect named without a number", "an effect with a number and its unit"),
)
def impact_in_numbers(
    prose: Prose, work: ModelWork | Missing, code: Code | Missing, tree: Tree | Missing, packaging: Packaging | Missing
) -> Answer:
    """Value: 2 where an effect of the project is given as a number, 1 where one is named, else 0."""
    found = list(_effects(prose))
    numbered = [(block, text) for block, text, effect in found if effect == "numbered"]
    named = [(block, text) for block, text, _ in found]
    if numbered:
        shown = tuple(cite(block.at, "an effect in numbers", text) for block, text in numbered[:_SHOWN])
        return Measured(
            value=2, unit=Unit.LEVEL, summary=f"{len(numbered)} effects in numbers", evidence=shown, confidence="medium"
        )
    if named:
        shown = tuple(cite(block.at, "an effect without a number", text) for block, text in named[:_SHOWN])
        return Measured(
            value=1,
            unit=Unit.LEVEL,
            summary="an effect is named, without a number",
            evidence=shown,
            confidence="medium",
        )
    if not has_model(work, code, tree) and not _is_offered(code, packaging):
        return NotApplicable(reason="no model, application or library that could have an effect")
    note = "no document says what the project changes for anyone"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(nothing(prose, note),))


def _effects(prose: Prose) -> Iterator[tuple[Block, str, str]]:
    """Yield the sentences that tell an effect, with their block."""
    for document in for_readers(prose):
        home = _home(document)
        for at, block in enumerate(document.blocks):
            if block.kind in {"heading", "code"} or set(block.topics) & _ASIDE:
                continue
            for sentence in sentences(block.text.replace("\t", " ")):
                effect = effect_in(sentence, at_home=at in home)
                if effect is not None and "placeholder" not in sentence_topics(sentence):
                    yield block, sentence, effect


def _home(document: Document) -> frozenset[int]:
    """Return the blocks that stand in parts about effects."""
    return frozenset(
        at for s in document.sections if is_about_effects(s.heading) for at in range(s.first + 1, s.last + 1)
    )


def _is_offered(code: Code | Missing, packaging: Packaging | Missing) -> bool:
    """Whether there is an application to be used, or a package to be installed."""
    if not isinstance(packaging, Missing) and packaging.name:
        return True
    modules = () if isinstance(code, Missing) else code.modules
    return any("serve" in libraries().roles(c.name) for m in modules if not m.is_test for c in m.calls)
