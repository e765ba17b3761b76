"""Do documents or messages of merges say that there is an original elsewhere?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from evaluator.facts.credentials.masking import mask
from evaluator.facts.documents.topics import sentences
from evaluator.facts.history import History
from evaluator.facts.prose import Document
from evaluator.facts.provenance import Original
from evaluator.source.snapshot import Snapshot

_SHOWN = 10
_READ = 1_000
_THERE = (
    r"(?:[^\s/]{1,80}/|(?:[\w.-]{1,40} ){0,3}(?:repo\w*|projects?|proyecto|projeto|implementation|code\b|репозитор\w*))"
)
_SAYS = re.compile(
    r"\b(?:forked from|bifurcado de)\s|\ba fork of\s|\bthis (?:repo\w* |project )?is (?:a |my )?(?:fork|clone|copy) of\s"
    rf"|\b(?:fork|clone|copy|cloned|copied|adapted|taken|adaptado|copiado|adapté) (?:of|from|de)\s(?:the |this |el |o |le )?{_THERE}"
    r"|\b(?:code|project|repo\w*|implementation) is (?:based on|adapted from|taken from|derived from) (?:the )?(?:original|code|repo\w*|work of|[^\s/]{1,80}/)"
    r"|\bupstream repo\w*|\bфорк (?:репо|проекта)|оригинальн\w+ репозитори\w*|(?:源自|改编自)\s?\S*/|フォーク(?:した|元)",
    re.IGNORECASE,
)
_MERGED = re.compile(
    r"merge (?:remote-tracking )?branch '[^']{1,200}' of (\S{5,200})|merge remote-tracking branch 'upstream/",
    re.IGNORECASE,
)


def originals(snapshot: Snapshot, history: History, documents: Iterable[Document]) -> tuple[Original, ...]:
    """Return the signs: what READMEs say, then merges from another owner's repository; each once."""
    found = [*_said(documents), *_merged(snapshot, history)]
    return tuple({one.what: one for one in reversed(found)}.values())[::-1][:_SHOWN]


def _said(documents: Iterable[Document]) -> Iterator[Original]:
    for document in documents:
        if document.role != "readme":
            continue
        for block in document.blocks:
            if block.kind == "code" or "references" in block.topics:
                continue
            for sentence in sentences(block.text):
                if _SAYS.search(sentence[:_READ]):
                    yield Original(what=mask(sentence)[:200], how="said", at=block.at)


def _merged(snapshot: Snapshot, history: History) -> Iterator[Original]:
    """Yield the repositories of other owners that were merged from; where the own is not known, the most frequent is."""
    merges = [found for c in history.commits if c.parents > 1 and (found := _MERGED.match(c.subject))]
    named = [_owner_and_name(found[1]) if found[1] else "upstream" for found in merges]
    owners = Counter(name.partition("/")[0] for name in named if "/" in name)
    known = _owner_and_name(snapshot.subject.source).partition("/")[0] if "://" in snapshot.subject.source else ""
    own = known or max(sorted(owners), key=lambda owner: owners[owner], default="")
    for name in dict.fromkeys(named):
        if name == "upstream" or ("/" in name and name.partition("/")[0] != own):
            yield Original(what=name[:200], how="merged")


def _owner_and_name(address: str) -> str:
    """Return the end of a repository's address, in lower case: ``owner/name``."""
    bare = address.strip().lower().removesuffix(".git").replace(":", "/")
    return "/".join([part for part in bare.split("/") if part][-2:])
