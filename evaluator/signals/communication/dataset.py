"""Do the documents say what the data are and where they come from?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from evaluator.facts.data_sources import DataSources
from evaluator.facts.documents.topics import drawn_tree, heading_topics, plain, sentence_topics, sentences
from evaluator.facts.model_work import ModelWork
from evaluator.facts.prose import Block, Document, Link, Prose
from evaluator.facts.tree import Tree
from evaluator.model import Answer, Evidence, Measured, Missing, NotApplicable, Unit
from evaluator.registry import signal
from evaluator.signals.communication.reading import blocks, cite, for_readers, nothing
from evaluator.signals.production.models import model_files

_FIELD_HEADS = frozenset(
    {
        *(
            "feature",
            "features",
            "column",
            "columns",
            "variable",
            "variables",
            "attribute",
            "attributes",
            "field",
            "fields",
            "name",
            "feature name",
        ),
        *(
            "column name",
            "variable name",
            "field name",
            "attribute name",
            "property",
            "key",
            "campo",
            "columna",
            "variable",
            "atributo",
            "coluna",
        ),
        *(
            "variavel",
            "colonne",
            "champ",
            "spalte",
            "merkmal",
            "variable name",
            "поле",
            "столбец",
            "признак",
            "колонка",
            "字段",
            "特征",
            "列名",
            "カラム",
            "項目",
            "変数",
        ),
    }
)
_MEANING_HEADS = frozenset(
    {
        *(
            "description",
            "type",
            "meaning",
            "definition",
            "dtype",
            "data type",
            "details",
            "explanation",
            "range",
            "values",
            "unit",
            "units",
            "value",
            "role",
        ),
        *(
            "descripcion",
            "tipo",
            "significado",
            "descricao",
            "beschreibung",
            "typ",
            "описание",
            "тип",
            "значение",
            "含义",
            "说明",
            "描述",
            "类型",
            "説明",
            "意味",
            "型",
            "内容",
            "example",
        ),
    }
)
_SETTING_HEADS = frozenset(
    {
        "default",
        "required",
        "default value",
        "valor por defecto",
        "padrao",
        "defaut",
        "standard",
        "по умолчанию",
        "默认",
        "默认值",
        "既定値",
    }
)
_ASIDE = frozenset({"structure", "references", "future", "license", "people", "contents", "development"})
_LIST = 3
_DICTIONARY = re.compile(
    r"(?:.*[-_. ])?(?:(?:data|dataset|variables?|features?|columns?|fields?|attributes?)[-_ ]?(?:set)?[-_ ]?"
    r"(?:descriptions?|dictionary|documentation|explanation|definitions?)|code[-_ ]?book)(?:[-_. ].*)?",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"^\W*[\w][\w .()/-]{0,40}\s*(?::|=|–|\s-)\s*\S", re.MULTILINE)
# From one step of the project to the next: that is no source of the data.
_WITHIN = re.compile(
    r"\b(?:data|data ?sets?) (?:is |are |comes? )?(?:loaded |read |taken )?from (?:the |an? |our |its |your |this |that |each )*(?:[\w`/.-]+ ){0,3}?"
    r"`?[\w./-]*(?:stages?|steps?|phases?|modules?|notebooks?|folder|directory|scripts?|csv|parquet|json|files?|disk|paths?|dataframes?|config\w*|\.py|\.ya?ml"
    r"|users?|forms?|inputs?|requests?|train(?:ing)?|test(?:ing)?|validation|splits?|raw|processed|cleaned|leak\w*|memory|cache)\b",
    re.IGNORECASE,
)
# What the software can take is no size of the data that it was made with.
_CAPACITY = re.compile(
    r"\b(?:handles?|handling|supports?|scales?|scalable|can process|copes? with|capacity|sampl(?:e|es|ed|ing) (?:large|big)|for large|(?:when|if) data(?:sets?)?)\b|[<>≥≤]\s*\d[\d.,]*\s*[km]?\s*(?:rows|records|samples)\b|\bper (?:request|second|minute|batch|call)\b",
    re.IGNORECASE,
)
_DATA = re.compile(r"\bdata\b", re.IGNORECASE)
_MADE = re.compile(r"\b(?:synthetic(?:ally)?|simulat\w+|artificial(?:ly)?|generated|invented)\b", re.IGNORECASE)


@signal(
    id="communication.data-documented",
    title="The documents say what the data are",
    question="Do the documents say what the data are and where they come from?",
    looks_at="Links to and names of sources, tables and lists of fields, and sizes, in README, docs and notebook text",
    remedy="Name and link the source, and say how many rows and which fields there are, with their meaning.",
    sources=("make-a-readme", "pineau-2021"),
    limits="It sees that a source, fields and a size are stated, not whether they are right.",
    effort="minutes",
    levels=("nothing", "the source only, or the fields only", "the source, and fields or size"),
)
def data_documented(prose: Prose, data: DataSources, work: ModelWork | Missing, tree: Tree | Missing) -> Answer:
    """Value: how much the documents tell about the data; of a model that is kept and used, those it was once fitted on."""
    source = next(_sources(prose, makes=bool(data.of("generated"))), None)
    fields = next(_fields(prose), None)
    trains = isinstance(work, Missing) or bool(work.fits)
    works = bool(data.wanted or data.of("committed", "built-in", "fetched", "versioned") or (data.reads and trains))
    if not works and not (source and fields) and not _is_inherited(work, tree):
        return NotApplicable(reason="the code uses no data, or makes its own")
    if source and fields:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary="the source, and fields or size are stated",
            evidence=(_cite(source, "the source"), _cite(fields, "fields or size")),
        )
    said = source or fields
    if said:
        note = "the source, without fields or size" if source else "fields or size, without the source"
        return Measured(value=1, unit=Unit.LEVEL, summary=note, evidence=(_cite(said, note),))
    note = "no document says what the data are"
    return Measured(value=0, unit=Unit.LEVEL, summary=note, evidence=(nothing(prose, note),))


def _is_inherited(work: ModelWork | Missing, tree: Tree | Missing) -> bool:
    """Whether a committed model is used that was trained elsewhere: it was fitted on data, wherever that was done."""
    used = isinstance(work, ModelWork) and bool(work.restores) and not work.fits
    return used and isinstance(tree, Tree) and bool(model_files(tree))


def _cite(said: Block | Link, note: str) -> Evidence:
    return cite(said.at, note, said.text if isinstance(said, Block) else f"{said.text} {said.target}")


def _sources(prose: Prose, *, makes: bool) -> Iterator[Block | Link]:
    """Yield where data come from: a link to a place that serves data, a sentence that says so, a known data set's name.

    Where the project ``makes`` them, to say so is to say where they come from.
    """
    for document in for_readers(prose):
        for link in document.links:
            if (
                "data" in link.kinds
                and not {"badge", "not-data", "placeholder"} & set(link.kinds)
                and link.resolves is None
            ):
                yield link
    for document, at, block in blocks(for_readers(prose)):
        topics = document.topics_at(at)
        if drawn_tree(block):
            said = [line.partition(" #")[2] for line in block.text.split("\n")]
            topics = frozenset()
        elif block.kind == "code" or topics & _ASIDE:
            continue
        else:
            said = list(sentences(block.text))
        for sentence in said:
            about = set(sentence_topics(_WITHIN.sub(" ", sentence)))
            of_data = bool({"data"} & (about | topics))
            made = makes and _MADE.search(sentence) and (of_data or (block.kind == "table" and _DATA.search(sentence)))
            if made or "named-data" in about or ("source" in about and of_data):
                yield block


def _fields(prose: Prose) -> Iterator[Block]:
    """Yield what tells of fields or size: a table or list of them, a dictionary of the data, a sentence about the data."""
    yield from _dictionaries(prose)
    for document, at, block in blocks(for_readers(prose)):
        topics = document.topics_at(at)
        if block.kind == "code" or topics & _ASIDE:
            continue
        if block.kind == "table":
            if _field_table(block):
                yield block
            continue
        in_data = bool(topics & {"data", "fields"})
        for sentence in sentences(block.text):
            about = set(sentence_topics(sentence))
            if (
                block.kind != "heading"
                and "size" in about
                and not _CAPACITY.search(sentence)
                and (
                    bool(about & {"data", "named-data"}) or in_data or (block.kind == "paragraph" and "fields" in about)
                )
            ):
                yield block
            if "fields" in about and ("data" in about or in_data) and _lists(document, at):
                yield block
        named = block.kind == "heading" and "fields" in heading_topics(block.text)
        of_software = "data" not in topics and "features" in plain(block.text).split()
        if named and not of_software and _lists(document, at):
            yield block


def _dictionaries(prose: Prose) -> Iterator[Block]:
    """Yield the first definition of each document whose name says that it tells what the fields mean."""
    for document in for_readers(prose):
        if _DICTIONARY.fullmatch(posixpath.splitext(posixpath.basename(document.path))[0]):
            told = [b for b in document.blocks if b.kind in {"paragraph", "item"} and _DEFINED.search(b.text)]
            yield from told[: sum(len(_DEFINED.findall(b.text)) for b in told) >= _LIST]


def _field_table(block: Block) -> bool:
    head, *rows = block.text.split("\n")
    cells = [plain(c) for c in head.split("\t")]
    if len(cells) < 2 or len(rows) < 2:
        return False
    return cells[0] in _FIELD_HEADS and bool(_MEANING_HEADS & set(cells[1:])) and not _SETTING_HEADS & set(cells)


def _lists(document: Document, at: int) -> bool:
    """Whether a list of at least three follows: what is announced is also given."""
    following = document.blocks[at + 1 : at + 2 + _LIST]
    while following and following[0].kind == "paragraph":
        following = following[1:]
    return len(following) >= _LIST and all(b.kind == "item" for b in following[:_LIST])
