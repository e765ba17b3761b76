"""How is a signal described to a reader? One text for the terminal, the catalogue page and every report form."""

from __future__ import annotations

from evaluator import codec
from evaluator.catalogue import catalogue
from evaluator.model import Record
from evaluator.registry import Signal
from evaluator.resources import folder
from evaluator.rubric import Item, load


class Reference(Record):
    """Where an idea comes from."""

    title: str
    url: str


def references() -> dict[str, Reference]:
    """Return ``rubrics/sources.yaml``."""
    read: dict[str, Reference] = codec.decode_yaml(
        (folder("rubrics") / "sources.yaml").read_bytes(), dict[str, Reference]
    )
    return read


def explanation(signal: Signal[...]) -> str:
    """Return what ``signal`` asks, why, how it is found, its limits and how to mend it, as Markdown without a title."""
    item = load().items.get(signal.id)
    lines = [f"{signal.id} — {signal.title}", "", signal.question, ""]
    if signal.levels:
        lines += ["Levels, worst first:", *(f"  {n}. {level}" for n, level in enumerate(signal.levels)), ""]
    lines += [f"Value: {signal.law.removeprefix('Value: ')}", "", f"Looks at: {signal.looks_at}"]
    lines += [f"Limits: {signal.limits}", "", f"To mend ({signal.effort}): {signal.remedy}"]
    if signal.command:
        lines.append(f"  $ {signal.command}")
    lines += ["", weighing(item)]
    known = references()
    lines += [f"Source: {known[key].title}, {known[key].url}" for key in signal.sources if key in known]
    return "\n".join(lines)


def weighing(item: Item | None) -> str:
    """Return one sentence on what the signal is worth in the rubric that ships."""
    if item is None or not item.weight:
        return "Weight: shown, not weighed." + (f" {item.rationale}" if item else "")
    kind = "taken off when it is not met" if item.deducts else "within its category"
    return f"Weight: {item.weight} {kind}. {item.rationale}"


def catalogue_page() -> str:
    """Return docs/signals.md: every signal, by category."""
    rubric, known = load(), catalogue()
    lines = ["# The signals", "", "Generated from the declarations; `evaluate explain ID` prints the same text.", ""]
    for name, category in rubric.categories.items():
        lines += [f"## {category.title} ({category.weight} of 100)", "", category.rationale, ""]
        for signal in (s for s in known.signals.values() if s.category == name):
            lines += [f"### {signal.id}", "", "```text", explanation(signal), "```", ""]
    return "\n".join(lines)
