"""Is there something of this project to look at?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluator.facts.documents.links import PICTURES
from evaluator.facts.documents.topics import drawn_tree
from evaluator.facts.prose import Block, Link, Prose
from evaluator.model import Answer, Evidence, Measured, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite, for_visitors, nothing

_DIAGRAMS = frozenset({"mermaid", "plantuml", "dot", "graphviz", "geojson", "topojson", "stl"})
_DECORATIVE = re.compile(
    r"(?:^|[/_.-])(?:logos?|icons?|banners?|header|avatars?|footer|wave|divider|line|spacer|emoji|favicon|profile|cover)(?:[/_.\d-]|$)"
    r"|giphy|tenor\.com|unsplash|pexels|pixabay|shutterstock|freepik|flaticon|iconfinder|wikimedia|wikipedia|gstatic|bing\.net|simpleicons|devicon|iconify",
    re.IGNORECASE,
)
_ORNAMENT = re.compile(r"\b(?:icons?|logos?|banner|avatar|emoji)\b\s*$", re.IGNORECASE)
_DRAWN = re.compile("[│┌┐└┘├┤┬┴┼─╔╗╚╝═║▼▲►◄→←↓↑⇒⬇]|-->|--->|\\+--|==>|\\|\\s*v?\\s*\\|")


@signal(
    id="communication.readme-visuals",
    title="There is something to look at",
    question="Does the README or a page it leads to show a figure, diagram, screenshot or recording of this project?",
    looks_at="Images, linked pictures and diagrams of README and docs, and whether the tree has what they name",
    remedy="Commit one figure that shows the result or the app at work, and embed it near the top of the README.",
    sources=("make-a-readme",),
    limits="Pictures are not looked at, and those elsewhere on the web are not fetched: their address decides.",
    effort="minutes",
    levels=(
        "none",
        "only badges, drawn characters, or a dead or decorative image",
        "a picture of this project that resolves",
    ),
)
def readme_visuals(prose: Prose) -> Answer:
    """Value: what the best visual of README and docs is."""
    shown = next(_pictures(prose), None)
    if shown:
        certain = shown.resolves is True
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"{shown.target[:120]} is shown",
            evidence=(cite(shown.at, "a picture of this project" if certain else "a picture the author uploaded"),),
            confidence="high" if certain else "medium",
        )
    diagram = next((b for _, _, b in blocks(for_visitors(prose)) if b.kind == "code" and b.info in _DIAGRAMS), None)
    if diagram:
        return _level(2, "a diagram is drawn from its text", cite(diagram.at, "a diagram", diagram.text))
    lesser = next(_lesser(prose), None)
    if lesser:
        note, at, text = lesser
        return _level(1, note, cite(at.at, note, text))
    note = "no picture in README or docs"
    return _level(0, note, nothing(prose, note))


def _pictures(prose: Prose) -> Iterator[Link]:
    """Yield pictures that are there and belong to the project, embedded or linked."""
    for document in for_visitors(prose):
        for link in document.links:
            pictured = link.image or link.target.lower().split("?")[0].endswith(PICTURES)
            if not pictured or link.badge or "badge" in link.kinds or _DECORATIVE.search(f"{link.target} "):
                continue
            if _ORNAMENT.search(link.text):
                continue
            if link.resolves or (link.resolves is None and "upload" in link.kinds):
                yield link


def _lesser(prose: Prose) -> Iterator[tuple[str, Link | Block, str]]:
    images = [link for d in for_visitors(prose) for link in d.links if link.image]
    for link in images:
        if link.resolves is False:
            yield f"{link.target[:120]} is not in the tree", link, link.text
    for link in images:
        if not link.badge:
            yield "decorative, or from elsewhere", link, f"{link.text} {link.target}"
    for _, _, block in blocks(for_visitors(prose)):
        if block.kind == "code" and not drawn_tree(block) and len(_DRAWN.findall(block.text)) >= 4:
            yield "a diagram drawn with characters", block, block.text
    for link in images:
        yield "only badges", link, link.text


def _level(value: int, summary: str, evidence: Evidence) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=(evidence,))
