"""Is a value a credential, a stock password that somebody may really use, or only what stands in a credential's place?"""

from __future__ import annotations

import base64
import binascii
import json
import re
from functools import lru_cache
from typing import Any, Literal, TypeAlias

Rank: TypeAlias = Literal["credential", "weak", "placeholder"]

_STAND_IN = re.compile(
    r"your|xxxx|change.?me|placeholder|example|dummy|fake|sample|redacted|removed|hidden|insert|replace|todo|fixme|"
    r"\.\.\.|…|\*\*\*|---|___|<|>|\$\{|\{\{|\}\}|%\(|%s|not.?a.?real|to.?be.?set|goes.?here|my.?(?:api|secret|access|token)"
)
_MADE_UP = re.compile(r"(.)\1{5}|0123456|1234567|7654321|abcdefg|qwerty|deadbeef", re.IGNORECASE)
_LOOKED_UP = re.compile(
    r"^[$%@{<]|environ|getenv|\bconfig\b|settings\.|secrets[.\[]|\(.*\)|\[.*\]|^(?:[~.]?/|\.\.?/|[A-Za-z]:\\)|://|"
    r"\.(?:pem|key|crt|json|txt|ya?ml|env|ini|toml|py|js|html|csv)$",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"str|string|text|char|varchar|int|integer|bool|boolean|none|null|nil|undefined|true|false|required|optional|default|"
    r"password|passwd|pwd|secret|token|key|username|user|email|empty|value|hash|bcrypt|md5|sha256|basic|bearer|type|label"
)
_NOUN = re.compile(r"pass(?:word|wd|phrase)?s?|pwds?|secrets?|tokens?|keys?|creds?|credentials?|auth", re.IGNORECASE)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WORD_LIKE = re.compile(r"[A-Za-z]+\d{0,2}(?:[._ -][A-Za-z]+\d{0,2})*")
_STOCK = re.compile(
    r"(?:my|the|this|is|not|so|a|an|very|super|ultra|top|secure|insecure|secret|key|password|passwd|pass|pwd|token|api|"
    r"jwt|flask|django|dev|devel|development|local|test|testing|demo|default|admin|administrator|root|user|guest|"
    r"postgres|postgresql|mysql|mongo|redis|rabbit|minio|airflow|mlflow|grafana|superset|change|in|prod|production|"
    r"hello|world|welcome|letmein|p@ssw0rd|passw0rd|abc|qwerty|\d|[\W_])+",
    re.IGNORECASE,
)
# Values that their own makers publish for use in examples and emulators.
_PUBLISHED = ("EXAMPLE", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq")


def rank_of_form(kind: str, value: str) -> Rank:
    """Rank what has the form of a service's credential: real ones are random."""
    if kind == "Basic Auth Credentials":
        return rank_of_password(value)
    if kind == "JSON Web Token":
        return _rank_of_web_token(value)
    if any(mark in value for mark in _PUBLISHED) or _STAND_IN.search(value.lower()) or _MADE_UP.search(value):
        return "placeholder"
    behind = re.sub(r"^[A-Za-z0-9]{1,6}[-_]", "", value)
    return "credential" if len(set(behind)) > min(9, len(behind) // 3) else "placeholder"


def rank_of_password(value: str) -> Rank:
    """Rank what is assigned to the name of a password or key: most such values are labels, lookups or stand-ins."""
    lower = value.lower()
    if not 4 <= len(value) <= 200 or _TYPES.fullmatch(lower) or len(value.split()) > 2 or not value.isprintable():
        return "placeholder"
    if _STAND_IN.search(lower) or _LOOKED_UP.search(value) or len(set(lower)) < 3:
        return "placeholder"
    if "django-insecure-" in lower:
        return "weak"
    parts = _PARTS.findall(value)
    if len(parts) > 1 and _WORD_LIKE.fullmatch(value) and any(_NOUN.fullmatch(p) for p in parts):
        # Five words are a phrase that somebody made up; fewer are a label, unless they say that they are the secret.
        phrase = len(parts) > 4 or (_STOCK.fullmatch(value) and parts[0].lower() in {"super", "my", "dev", "test"})
        return "weak" if phrase else "placeholder"
    if _STOCK.fullmatch(value) or value.isdigit() or (value.isalpha() and (value.islower() or value.istitle())):
        return "weak"
    if len(parts) > 1 and re.search(r"[._ -]", value) and _WORD_LIKE.fullmatch(value):
        return "placeholder"
    kinds = [any(map(test, value)) for test in (str.islower, str.isupper, str.isdigit)] + [not value.isalnum()]
    return "credential" if len(value) >= 8 and sum(kinds) >= 2 and not _MADE_UP.search(value) else "weak"


def is_random(value: str) -> bool:
    """Whether ``value`` looks drawn at random: the entropy that detect-secrets measures, at its own limits."""
    hexadecimal, base64_like = _entropy()
    if re.fullmatch(r"[0-9a-fA-F]+", value):
        return bool(hexadecimal.calculate_shannon_entropy(value) > hexadecimal.entropy_limit)
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and bool(base64_like.calculate_shannon_entropy(value) > min(base64_like.entropy_limit, 4.0))


def _rank_of_web_token(value: str) -> Rank:
    """A web token says in the open whom it is for: a sample's subject, and a role meant for every browser, are none."""
    try:
        middle = value.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError, binascii.Error, RecursionError):
        return "placeholder"
    if not isinstance(claims, dict) or value.count(".") != 2 or len(value.rsplit(".", 1)[-1]) < 20:
        return "placeholder"
    open_to_all = claims.get("role") == "anon" or claims.get("sub") == "1234567890" or claims.get("name") == "John Doe"
    return "placeholder" if open_to_all else "credential"


@lru_cache(maxsize=1)
def _entropy() -> tuple[Any, Any]:
    from detect_secrets.plugins.high_entropy_strings import Base64HighEntropyString, HexHighEntropyString

    return HexHighEntropyString(), Base64HighEntropyString()
