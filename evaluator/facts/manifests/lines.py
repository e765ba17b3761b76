"""What does one written dependency ask for?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from evaluator.facts.import_names import canonical, table
from evaluator.facts.manifests.found import RAW, Found, within
from evaluator.facts.packaging import Requirement
from evaluator.model import Span

LONGEST = 2_000
_SINGLE_EQUALS = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*=\s*([0-9][A-Za-z0-9.*!+_-]*)(?:\s*=\s*[A-Za-z0-9_.*]+)?")
_CONDA = re.compile(
    r"(?:[\w.-]+::)?(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?P<spec>[=<>!~,|*0-9A-Za-z.+_ -]*)"
)
_COMMIT = re.compile(r"@[0-9a-f]{7,64}(?=$|[#&\s;])|sha256[=:][0-9a-f]{64}")
_UNFIT = re.compile(r"[^0-9A-Za-z.*+!_-]")


def bounds(specifier: str) -> tuple[bool, bool]:
    """Return whether one version alone fits ``specifier``, and whether it is bounded on both sides.

    Raises:
        ValueError: It is no PEP 440 specifier set.
    """
    from packaging.specifiers import SpecifierSet

    below = above = exact = False
    for part in SpecifierSet(specifier):
        wild = part.version.endswith(".*")
        exact |= part.operator == "===" or (part.operator == "==" and not wild)
        below |= part.operator in {"<", "<=", "~=", "=="}
        above |= part.operator in {">", ">=", "~=", "=="}
    return exact, exact or (below and above)


def from_pep508(text: str, at: Span, group: str = "") -> Requirement:
    """Return the requirement that ``text`` states in the form of PEP 508.

    Raises:
        ValueError: It does not; the message says why.
    """
    from packaging.requirements import Requirement as Parsed

    if len(text) > LONGEST:
        raise ValueError("longer than any requirement")
    try:
        parsed = Parsed(text)
        exact, bounded = bounds(str(parsed.specifier))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    fixed = exact or bool(parsed.url and _fixed_url(parsed.url))
    return Requirement(
        name=canonical(parsed.name),
        raw=text.strip()[:RAW],
        at=at,
        specifier=str(parsed.specifier),
        marker=str(parsed.marker or ""),
        extras=tuple(sorted(parsed.extras)),
        group=group,
        pinned=fixed,
        bounded=fixed or bounded,
        url=parsed.url is not None,
    )


def _fixed_url(url: str) -> bool:
    return bool(_COMMIT.search(url)) or (url.partition("#")[0].endswith(".whl") and not url.startswith("file:"))


def add(found: Found, text: str, number: int, group: str = "") -> None:
    """Add the dependency that a line of ``found`` states, or the reason why it cannot be read.

    ``name=1.2`` and conda's ``name=1.2=build`` in a pip file are understood and kept as an error as well: no
    installer takes them.
    """
    stated = text.strip()
    if not stated:
        return
    if _is_python(stated):
        found.error(number, f"`{stated[:80]}` names the interpreter, which no installer of packages provides")
        found.states(number, re.sub(r"^python", "", stated, flags=re.IGNORECASE).strip(" ="), "environment")
        return
    try:
        found.requirements.append(from_pep508(stated, found.line(number), group))
    except ValueError as error:
        reason = str(error).strip().split("\n")[0]
        single = _SINGLE_EQUALS.fullmatch(stated)
        if single:
            found.requirements.append(mended(single[1], single[2], stated, found.line(number), group))
            reason = "`=` is no version operator; pip wants `==`"
        found.error(number, f"`{stated[:80]}`: {reason}")


def _is_python(stated: str) -> bool:
    return re.match(r"python\s*([=<>!~]|$)", stated, re.IGNORECASE) is not None


def mended(name: str, version: str, raw: str, at: Span, group: str = "") -> Requirement:
    """Return the requirement ``name==version``, or an open one where ``version`` is no version."""
    specifier = f"=={version}"
    try:
        exact, bounded = bounds(specifier)
    except ValueError:
        specifier, exact, bounded = "", False, False
    return Requirement(
        name=canonical(name), raw=raw[:RAW], at=at, specifier=specifier, group=group, pinned=exact, bounded=bounded
    )


def from_conda(text: str, at: Span, group: str = "") -> Requirement | None:
    """Return what a conda match specification asks of a Python index; None where it asks nothing of it.

    Conda's ``=1.2`` is any 1.2; with three numbers or a build string it is one version, as its exports write it.

    Raises:
        ValueError: It is no match specification.
    """
    parsed = _CONDA.fullmatch(text.partition("#")[0].strip()[:LONGEST])
    if parsed is None:
        raise ValueError("not a conda match specification")
    name = _on_the_index(parsed["name"])
    if name is None:
        return None
    specifier, fixed = _conda_specifier(parsed["spec"].strip())
    try:
        exact, bounded = bounds(specifier)
    except ValueError:
        specifier, exact, bounded, fixed = "", False, False, False
    return Requirement(
        name=canonical(name),
        raw=text[:RAW],
        at=at,
        specifier=specifier,
        group=group,
        pinned=exact or fixed,
        bounded=bounded or fixed,
    )


def _on_the_index(name: str) -> str | None:
    lower = name.lower()
    kept = table()
    if lower in kept.conda:
        return kept.conda[lower] or None
    only = any(lower.startswith(n[:-1]) if n.endswith("*") else lower == n for n in kept.conda_only)
    return None if only else lower


def _conda_specifier(spec: str) -> tuple[str, bool]:
    """Return the PEP 440 form of ``=1.2``, ``==1.2``, ``1.2 build``, ``>=1,<2``; and whether it fixes the version."""
    if not spec or spec == "*" or "|" in spec:
        return "", False
    if spec.startswith(("<", ">", "!", "~", "==")):
        return spec.replace(" ", ""), False
    version, _, build = spec.lstrip("= ").replace(" ", "=").partition("=")
    version = version.removesuffix(".*").removesuffix("*")
    if not version or _UNFIT.search(version):
        return "", False
    fixed = bool(build.strip("=*")) or version.count(".") >= 2
    return (f"=={version}" if build.strip("=*") else f"=={version}.*"), fixed


def from_poetry(name: str, value: object, at: Span, group: str = "") -> Requirement:
    """Return what ``name = value`` asks for in Poetry's tables.

    Raises:
        ValueError: The version cannot be read.
    """
    if isinstance(value, list):
        value = value[0] if value else "*"
    version = value if isinstance(value, str) else within(value, "version")
    git, rev = within(value, "git"), within(value, "rev")
    direct = isinstance(value, dict) and not isinstance(version, str)
    specifier = "" if direct else poetry_specifier(str(version or "*"))
    exact, bounded = bounds(specifier)
    fixed = exact or (isinstance(git, str) and isinstance(rev, str) and len(rev) >= 7)
    extras = within(value, "extras")
    return Requirement(
        name=canonical(name),
        raw=f"{name} = {_as_written(value)}"[:RAW],
        at=at,
        specifier=specifier,
        extras=tuple(sorted(e for e in extras if isinstance(e, str))) if isinstance(extras, list) else (),
        group=group,
        pinned=fixed,
        bounded=fixed or bounded,
        url=direct,
    )


def _as_written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k} = {_as_written(v)}" for k, v in value.items()) + "}"
    return f'"{value}"'


def poetry_specifier(version: str) -> str:
    """Return the PEP 440 form of Poetry's version constraint (``^1.2``, ``~1.2``, ``1.*``, ``1.2.3``, ``>=1,<2``).

    Poetry's documentation, "Dependency specification". Alternatives (``||``) have no PEP 440 form and are left open.
    """
    if "|" in version:
        return ""
    return ",".join(filter(None, (_poetry_part(p.strip()) for p in version.split(","))))


def _poetry_part(part: str) -> str:
    if part in {"", "*"}:
        return ""
    bare = part.lstrip("^~ ")
    if part.startswith("~="):
        return part
    if part.startswith(("^", "~")):
        ceiling = _ceiling(bare, caret=part.startswith("^"))
        return f">={bare},<{ceiling}" if ceiling else f">={bare}"
    return part if part[0] in "<>=!" else f"=={part}"


def _ceiling(version: str, *, caret: bool) -> str:
    """Return the first version that ``^version`` or ``~version`` excludes."""
    numbers = [int(n) for n in re.findall(r"\d{1,9}", re.split(r"[A-Za-z+-]", version)[0])]
    if not numbers:
        return ""
    keep = next((i for i, n in enumerate(numbers) if n), len(numbers) - 1) if caret else min(1, len(numbers) - 1)
    return ".".join(str(n) for n in [*numbers[:keep], numbers[keep] + 1])
