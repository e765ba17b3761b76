"""Does a sentence tell what the project changes for someone, and does it give the change as a number with its unit?"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from evaluator import codec
from evaluator.facts.documents.topics import Phrases, plain
from evaluator.model import Record
from evaluator.resources import folder

Effect = Literal["numbered", "named"]
_NUMBER = r"(?<![\d.,A-Za-z_])~?\d[\d.,]*(?:[ \u00a0\u202f]\d{3}(?!\d))*"
_SCALE = r"\s?(?:k|m|mn|bn|b|thousand|million|billion|lakh|crore|mil|mio|millones|milhões|mille|тыс\w*|млн|万|億|亿)?"
_QUANTITY = re.compile(
    rf"(?:[$€£₹¥₽]|us\$|r\$|usd|eur|inr|gbp|rs\.?)\s?\d[\d.,]*{_SCALE}"
    rf"|{_NUMBER}{_SCALE}\s?(?:[$€£₹¥₽]|dollars?|euros?|pounds?|rupees?|usd|eur|inr|pesos|reais|руб\w*|元|円)"
    rf"|{_NUMBER}{_SCALE}\s?[+-]?\s?(?:%|％|percent|per cent|процент\w*|prozent|por ciento|por cento|pour cent)"
    rf"|{_NUMBER}{_SCALE}\s?-?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|ftes?|horas?|minutos?|d[ií]as?|semanas?"
    r"|dias?|heures?|jours?|semaines?|stunden?|minuten|tagen?|wochen?|час\w*|минут\w*|дн\w*|недел\w*|小时|分钟|天|周|時間|分|日|週間)"
    rf"|{_NUMBER}\s?(?:x|×|times|-?fold|veces|vezes|fois|mal|раз\w*|倍)(?![\w])"
    rf"|{_NUMBER}{_SCALE}\s(?:[^\W\d]+\s){{0,2}}(?:customers?|clients?|patients?|lives|calls|tickets|alarms|alerts|complaints|"
    r"orders|kg|tons?|tonnes|kwh|clientes|pacientes|kunden|клиент\w*|пациент\w*)",
    re.IGNORECASE,
)
# What is counted is itself what matters to someone: money, hours of work, calls, patients.
_MATTERS = (
    rf"(?:(?:[$€£₹¥₽]|us\$|r\$|usd|eur|inr|gbp)\s?\d|{_NUMBER}{_SCALE}\s?(?:[$€£₹¥₽]|dollars?|euros?|pounds?|rupees?|usd|eur|inr)"
    rf"|{_NUMBER}{_SCALE}\s(?:[^\W\d]+\s){{0,2}}(?:calls|lives|tickets|alarms|alerts|complaints|customers?|patients?|(?:working )?hours)\b)"
)
_LONGEST = 1_000


class Words(Record):
    """``rubrics/effects.yaml`` as it stands; see the comments there."""

    changes: tuple[str, ...]
    spares: tuple[str, ...]
    helps: tuple[str, ...]
    what: tuple[str, ...]
    who: tuple[str, ...]
    subjects: tuple[str, ...]
    others: tuple[str, ...]
    technical: tuple[str, ...]
    headings: tuple[str, ...]


@cache
def _table() -> Words:
    made: Words = codec.decode_yaml((folder("rubrics") / "effects.yaml").read_bytes(), Words)
    return made


@cache
def _spared() -> re.Pattern[str]:
    """What is done for somebody's sake, and right behind it how much."""
    verbs = "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", " ") for word in _table().spares)
    return re.compile(rf"(?<!\w)(?:{verbs})(?!\w)\s{{1,3}}(?:[^\W\d]+\s{{1,3}}){{0,5}}?{_MATTERS}", re.IGNORECASE)


@cache
def _phrases() -> Phrases:
    table = _table()
    kinds = ("changes", "helps", "what", "who", "subjects", "others", "technical", "headings")
    return Phrases((phrase, kind) for kind in kinds for phrase in getattr(table, kind))


def is_about_effects(heading: str) -> bool:
    """Whether a part under ``heading`` tells what the project is worth to someone."""
    return "headings" in _phrases().found(plain(heading))


def effect_in(sentence: str, *, at_home: bool = False) -> Effect | None:
    """Return whether ``sentence`` gives an effect of the project as a number, only names one, or neither.

    ``at_home``: it stands in a part about effects, so that its subject need not be named again. Figures about the world at
    large and changes of the machinery (training time, latency, a measure of quality) are no effects.
    """
    bare = sentence[:_LONGEST]
    found = _phrases().found(plain(bare))
    spared = _spared().search(bare) is not None
    ours = at_home or "subjects" in found or (spared and "who" in found)
    changed = spared or ("changes" in found and "what" in found)
    if not ours or "others" in found:
        return None
    if changed and _QUANTITY.search(bare) and ("technical" not in found or at_home or _is_money(bare)):
        return "numbered"
    helped = "helps" in found and "who" in found
    return "named" if helped or (changed and "technical" not in found) else None


def _is_money(text: str) -> bool:
    return re.search(r"[$€£₹¥₽]\s?\d|\d\s?[€£₹₽]|\d\s?(?:hours|horas|heures|stunden|小时|時間)", text) is not None
