"""May others use it?"""

from __future__ import annotations

import re

from evaluator.facts.licences import Licences, expression
from evaluator.facts.packaging import Packaging
from evaluator.facts.prose import Block, Prose
from evaluator.model import Absence, Answer, Evidence, Measured, Missing, Span, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite

_OF_DATA = re.compile(
    r"\b(?:data|dataset|data ?sets?|images?|photos?|corpus|datos|dados|données|Daten)\b|数据|データ|данн", re.IGNORECASE
)
# "All rights reserved" and "no licence" leave others what the law does: nothing.
_WITHHELD = re.compile(
    r"\ball rights reserved\b|\bno licen[sc]e\b|\bnot (?:yet )?(?:been )?licen[sc]ed\b|\bunlicen[sc]ed\b|\b(?:tbd|todo|proprietary)\b"
    r"|\bnot permitted\b|\bwithout (?:\w+ ){0,3}permission\b|\bcopyright\b|©|\badd (?:a |your )?licen[sc]e\b|choose a licen[sc]e",
    re.IGNORECASE,
)
_TERMS = 3


@signal(
    id="communication.license",
    scope="repository",
    title="A licence says who may use it",
    question="May others use it?",
    looks_at="The text of LICENSE, COPYING and LICENSES/, the licence in the project's metadata (of Python, npm, Cargo or CITATION.cff), and the README",
    remedy="Add a LICENSE file with the whole text of a licence of your choice; for code that others may use, MIT or Apache-2.0.",
    sources=("spdx",),
    limits="A licence it does not know by its text counts as one in part; it does not judge which licence is chosen.",
    effort="minutes",
    levels=("none", "mentioned only, or terms that are not known", "a licence file or an SPDX licence in the metadata"),
)
def license_stated(licences: Licences, packaging: Packaging | Missing, prose: Prose | Missing) -> Answer:
    """Value: how plainly the project says that others may use it."""
    known = next((f for f in licences.files if f.spdx), None)
    if known:
        return _level(2, f"{known.path} is {known.spdx}", cite(Span(path=known.path), f"the text of {known.spdx}"))
    unseen = next((f for f in licences.files if f.words is None), None)
    if unseen:
        return _level(2, f"{unseen.path} is there, content not here", cite(Span(path=unseen.path), "a licence file"))
    stated = "" if isinstance(packaging, Missing) or not packaging.license else expression(packaging.license)
    if stated:
        where = "" if isinstance(packaging, Missing) or not packaging.manifests else packaging.manifests[0].path
        return _level(
            2, f"the metadata state {stated}", cite(Span(path=where or "pyproject.toml"), f"licence {stated}")
        )
    other = next(iter(licences.stated), None)
    if other:
        return _level(2, f"{other.path} states {other.spdx}", cite(Span(path=other.path), f"licence {other.spdx}"))
    unknown = next((f for f in licences.files if f.words), None)
    if unknown:
        note = "terms that are no licence we know"
        return _level(1, f"{unknown.path} holds {note}", cite(Span(path=unknown.path), note))
    mention = None if isinstance(prose, Missing) else _mentioned(prose)
    if mention:
        return _level(1, "a licence is mentioned in the README only", mention)
    empty = next(iter(licences.files), None)
    note = f"{empty.path} is empty" if empty else "no licence file, none in the metadata, none in the README"
    return _level(0, note, Absence(note=note, looked_at=("LICENSE*", "COPYING*", "LICENSES/", "metadata", "README")))


def _mentioned(prose: Prose) -> Evidence | None:
    """Return where the README names a licence of the project, not of its data."""
    for document, at, block in blocks(prose.of("readme")):
        if block.kind in {"heading", "code"} or _OF_DATA.search(block.text):
            continue
        front_matter = block.kind == "table" and at == 0 and block.text.lower().startswith("license\t")
        in_section = "license" in document.topics_at(at) and _grants(block)
        if "license" in block.says or in_section or front_matter:
            return cite(block.at, "the only mention", block.text)
    for document in prose.of("readme"):
        for link in document.links:
            if link.badge and link.image and re.search(r"/l/|licen[sc]e", link.target, re.IGNORECASE):
                return cite(link.at, "a badge is the only mention", link.text)
    return None


def _grants(block: Block) -> bool:
    """Whether a block of a section about the licence names one, or says in words who may use it; to reserve is not to grant."""
    if expression(block.text.strip(" .\n")):
        return True
    return len(block.text.split()) >= _TERMS and "placeholder" not in block.says and not _WITHHELD.search(block.text)


def _level(value: int, summary: str, evidence: Evidence) -> Measured:
    return Measured(value=value, unit=Unit.LEVEL, summary=summary, evidence=(evidence,))
