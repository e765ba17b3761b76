"""Which pieces of a line have the form of a credential, and which of those were only put there as an example?

Detection is detect-secrets': its detectors' ``analyze_string`` are used, which neither read files nor ask a network
(its verification hangs on ``analyze_line``, which is not called). Formats that it does not know, or of which it hands
out only a part, stand in ``_FORMATS``.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from evaluator.facts.credentials.placeholders import Rank, is_random, rank_of_form, rank_of_password


class Piece(NamedTuple):
    """A part of a line.

    Attributes:
        kind: What it is, for a person.
        start, end: Position in the line.
        by: ``format`` when its own form tells, ``name`` when only what it is assigned to does.
        rank: ``weak`` for a stock password that somebody may really use, ``placeholder`` for what stands where a
            credential goes.
    """

    kind: str
    start: int
    end: int
    by: Literal["format", "name"]
    rank: Rank


LONGEST = 2_000
"""Longer lines are not looked at: they are data, or minified."""

_NAMED_LONGEST = 400  # the detector of names is quadratic in the length
_DETECTORS = (
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("jwt", "JwtTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
)
# Prefixes as listed by GitHub's secret scanning; lengths as the services hand them out.
# Source: https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
_FORMATS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("Hugging Face token", r"(?<!\w)(hf_[A-Za-z0-9]{30,60})(?!\w)"),
        ("Anthropic API key", r"(?<!\w)(sk-ant-[A-Za-z0-9_-]{24,200})"),
        ("OpenRouter API key", r"(?<!\w)(sk-or-v1-[0-9a-f]{48,64})"),
        ("OpenAI API key", r"(?<![\w-])(sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}|sk-[A-Za-z0-9]{32,64}(?!\w))"),
        ("Google API key", r"(?<!\w)(AIza[0-9A-Za-z_-]{35})(?![\w-])"),
        ("Google OAuth secret", r"(?<!\w)(GOCSPX-[0-9A-Za-z_-]{28})"),
        ("GitHub Token", r"(?<!\w)((?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_[0-9A-Za-z_]{40,100}))"),
        (
            "GitLab Token",
            r"(?<!\w)((?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941)[A-Za-z0-9_-]{20,64})(?!\w)",
        ),
        ("Groq API key", r"(?<!\w)(gsk_[A-Za-z0-9]{40,60})(?!\w)"),
        ("Replicate API token", r"(?<!\w)(r8_[A-Za-z0-9]{37})(?!\w)"),
        ("Databricks token", r"(?<!\w)(dapi[0-9a-f]{32})(?!\w)"),
        ("Pinecone API key", r"(?<!\w)(pcsk_[A-Za-z0-9_]{40,100})"),
        ("LangSmith API key", r"(?<!\w)(lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10})(?!\w)"),
        ("Tavily API key", r"(?<!\w)(tvly-(?:dev-|prod-)?[A-Za-z0-9]{20,40})(?!\w)"),
        ("Weights & Biases API key", r"(?i:wandb|weights.{0,3}biases).{0,60}?['\"=\s]([0-9a-f]{40})(?!\w)"),
        ("Kaggle API key", r"(?i:kaggle).{0,60}?['\"=]([0-9a-f]{32})(?!\w)"),
        ("Kaggle API key", r"['\"]username['\"]\s*:\s*['\"][^'\"]+['\"]\s*,\s*['\"]key['\"]\s*:\s*['\"]([0-9a-f]{32})"),
    )
)
# Names that belong to nobody. Source: https://www.rfc-editor.org/rfc/rfc2606
_RESERVED = re.compile(r"@(?:[\w.-]+\.)?(?:example\.(?:com|net|org)|example|test|invalid)(?![\w.-])", re.IGNORECASE)
# The type of `password: str = "…"` hides the value from the keyword detector.
_ANNOTATION = re.compile(r":\s*[A-Za-z_][\w.\[\], |]*=(?!=|\s*$)")
_KEY_LINE = re.compile(r"[A-Za-z0-9+/=]{20,}")
_LEAST_MATERIAL = 60
"""Characters of the shortest key that is common: Ed25519 in PKCS #8 has 64. Source: https://www.rfc-editor.org/rfc/rfc8410"""
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
# How the Base64 of a credential begins, by the beginnings of the commonest forms.
_STEMS = tuple(
    base64.b64encode(begin.encode()).decode()[: len(begin) * 8 // 6]
    for begin in (
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "AKIA",
        "ASIA",
        "hf_",
        "sk-",
        "sk_",
        "xox",
        "glpat-",
        "AIza",
        "gsk_",
        "r8_",
        "pypi-",
    )
)
_ENCODED = re.compile(rf"(?<![\w+/])(?:{'|'.join(map(re.escape, _STEMS))})[A-Za-z0-9+/_-]{{16,400}}={{0,2}}(?![\w+/=])")
# Only a line that holds one of these can hold anything that is looked for. Looking for plain strings is thirty times
# faster than the pattern below, and both are there so that most projects are read without loading a detector.
_TRACES = (
    *("akia", "asia", "a3t", "abia", "acca", "aiza", "accountkey=", "://", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *("github_pat_", "gocspx-", "gr1348941", "glpat-", "gldt-", "glft-", "glsoat-", "glrt-", "glcbt-", "glimt-"),
    *("glptt-", "glagent-", "gloas-", "gsk_", "eyj", "hf_", "-us", "_authtoken", "sk-", "sq0csp-", "k_live_", "sg."),
    *("pypi-ag", "xox", "hooks.slack", "r8_", "dapi", "pcsk_", "lsv2_", "tvly-", "bot", "telegram", "discord"),
    *(stem.lower() for stem in _STEMS),
    *("key", "token", "secret", "passw", "pwd", "contrase", "wandb", "biases", "kaggle"),
)
_ANCHOR = re.compile(
    rf"(?:{'|'.join(map(re.escape, _STEMS))})[A-Za-z0-9+/_-]{{16}}|"
    r"A3T|ABIA|ACCA|AKIA|ASIA|AIza|AccountKey=|://[^\s/:@]+:[^\s/@]+@|gh[oprsu]_\w{20}|github_pat_|GOCSPX-|GR1348941|"
    r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|gsk_|eyJ[\w-]{10}|hf_\w{20}|[0-9a-z]{32}-us\d|_authToken|"
    r"sk-(?=[\w-]*\d)[\w-]{20}|sq0csp-|[rs]k_live_|SG\.[\w-]{10}|pypi-Ag|xox[abpors]-|hooks\.slack|\d{8}:[\w-]{35}|r8_\w{20}|"
    r"dapi[0-9a-f]{20}|pcsk_|lsv2_|tvly-|\.[\w-]{6}\.[\w-]{27}|(?i:wandb|biases|kaggle|['\"]key['\"]).{0,60}[0-9a-f]{32}|"
    r"(?i:aws).{0,60}['\"][\w/+]{40}|(?i:token|key|secret)\w{0,40}['\"\]]{0,2}\s*[:=]\s*['\"]?[\w+/=.~-]{20,200}(?![\w+/=.~(\[-])|"
    r"(?i:passw|pwd|contrase|secret|(?:api|auth|service|account|db|database|priv|private|client)_?key|key_?pass)"
    r"\w{0,40}['\"\]]{0,2}\s*(?::[^=]{0,40}=|[:=!]=?|\()\s*(?!['\"]?(?:[$<{*]|os\.|(?i:your|xxx|none\b)))\S"
)
_TOKEN = re.compile(
    r"(?i:(?:api|access|auth|bearer|bot|client|hf|hub|service|secret|private|session|signing|encryption)[\w-]{0,20}?"
    r"(?:token|key|secret)|(?:^|[\W_])token)['\"\]]{0,2}\s*[:=]\s*['\"]?([A-Za-z0-9+/=_.~-]{20,200})(?![\w(\[])"
)


def pieces(line: str, *, quoted: bool = True, named: bool = True) -> list[Piece]:
    """Return what in ``line`` may be a credential, from left to right, without overlap.

    Args:
        quoted: A value found by its name must stand in quotation marks, as in source code; False for settings files.
        named: Look for values by what they are assigned to as well, not only by their own form.
    """
    if len(line) > LONGEST or not _ANCHOR.search(line):
        return []
    found = [*_by_format(line), *_encoded(line)]
    if named and len(line) <= _NAMED_LONGEST:
        found += _by_name(line, quoted=quoted)
    found.sort(key=lambda p: (p.start, p.by, -p.end))
    kept: list[Piece] = []
    for piece in found:
        if kept and piece.start < kept[-1].end:
            kept[-1] = _joined(kept[-1], piece)
        else:
            kept.append(piece)
    return kept


def _joined(one: Piece, other: Piece) -> Piece:
    """Return two pieces that overlap as one. A form tells more than a name; of two forms the graver one counts."""
    told, second = (other, one) if one.by == "name" and other.by == "format" else (one, other)
    if second.by == told.by and second.rank == "credential":
        told = told._replace(rank="credential")
    return told._replace(start=min(one.start, other.start), end=max(one.end, other.end))


def suspects(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield those of the numbered ``lines`` that are worth handing to ``pieces``."""
    rows = [(number, line) for number, line in lines if len(line) <= LONGEST]
    lowered = [line.lower() for _, line in rows]
    whole = "\n".join(lowered)
    ends = list(itertools.accumulate(len(line) + 1 for line in lowered))
    hit: set[int] = set()
    for trace in _TRACES:
        at = whole.find(trace)
        while at >= 0:
            row = bisect_right(ends, at)
            hit.add(row)
            at = whole.find(trace, ends[row])  # one in each row is enough
    for row in sorted(hit):
        if _ANCHOR.search(rows[row][1]):
            yield rows[row]


def private_keys(text: str) -> Iterator[tuple[int, str]]:
    """Yield where in ``text`` a private key begins, a header with random material behind it, and of that the first."""
    for header in _PRIVATE_KEY.finditer(text):
        behind = "".join(_KEY_LINE.findall(text[header.end() : header.end() + 1_000]))[:200]
        if len(behind) >= _LEAST_MATERIAL and len(set(behind)) > 20:
            yield header.start(), behind


def _encoded(line: str) -> Iterator[Piece]:
    """Yield the Base64 of a credential, as in the Secrets of a cluster and before a decoder in code."""
    for match in _ENCODED.finditer(line):
        word = match[0].rstrip("=")
        try:
            text = base64.b64decode(word + "=" * (-len(word) % 4)).decode("ascii").strip()
        except (ValueError, binascii.Error):
            continue
        for piece in _by_format(text) if text.isprintable() else ():
            yield piece._replace(start=match.start(), end=match.end())


def _by_format(line: str) -> Iterator[Piece]:
    for kind, detector in _detectors():
        for value in dict.fromkeys(v for v in detector.analyze_string(line) if isinstance(v, str) and v):
            yield from _placed(kind, value, line)
    for kind, pattern in _FORMATS:
        for match in pattern.finditer(line):
            yield Piece(kind, match.start(1), match.end(1), "format", rank_of_form(kind, match[1]))


def _placed(kind: str, value: str, line: str) -> Iterator[Piece]:
    """Yield where ``value`` stands, but not where it is a part of a longer word, as by chance in encoded data."""
    start = line.find(value)
    while start >= 0:
        end = start + len(value)
        before, after = line[max(start - 1, 0) : start], line[end : end + 1]
        if kind == "JSON Web Token":
            while end < len(line) and (line[end].isalnum() or line[end] in "._=-"):
                end += 1
            whole = True
        elif kind == "Basic Auth Credentials":
            whole = before == ":" and after == "@"
        else:
            whole = not (after.isalnum() or before.isalnum() or (before and before in "+/")) or kind == "NPM tokens"
        if whole:
            reserved = kind == "Basic Auth Credentials" and _RESERVED.match(line, end)
            yield Piece(kind, start, end, "format", "placeholder" if reserved else rank_of_form(kind, line[start:end]))
        start = line.find(value, end)


def _by_name(line: str, *, quoted: bool) -> Iterator[Piece]:
    keyword, patterns = _keyword(quoted)
    for value in keyword.analyze_string(_ANNOTATION.sub("=", line), patterns):
        text = str(value).strip().strip("'\"`,;")
        start = line.rfind(text)
        if text and start >= 0:
            yield Piece("Password or key", start, start + len(text), "name", rank_of_password(text))
    for match in _TOKEN.finditer(line):
        in_quotes = line[match.start(1) - 1] in "'\""
        if (in_quotes or not quoted) and is_random(match[1]):
            yield Piece("Token or key", match.start(1), match.end(1), "name", rank_of_form("Token or key", match[1]))


@lru_cache(maxsize=1)
def _detectors() -> tuple[tuple[str, Any], ...]:
    """Return detect-secrets' detectors of known formats. Its import takes 0.3 s, for it loads an HTTP client."""
    import importlib

    made = [getattr(importlib.import_module(f"detect_secrets.plugins.{m}"), name)() for m, name in _DETECTORS]
    return tuple((str(d.secret_type), d) for d in made)


@lru_cache(maxsize=2)
def _keyword(quoted: bool) -> tuple[Any, Any]:
    from detect_secrets.plugins import keyword
    from detect_secrets.util.filetype import FileType

    return keyword.KeywordDetector(), keyword.REGEX_BY_FILETYPE[FileType.PYTHON if quoted else FileType.INI]
