"""Does one credential in use decide, and an example not?"""

from __future__ import annotations

import pytest

from evaluator.facts.secrets import Secret, Secrets
from evaluator.model import Absence, InCommit, InFile, Measured, Span
from evaluator.signals.engineering.secrets import no_secrets


def secret(*, certain: bool = True, by_form: bool = True, commit: str | None = None) -> Secret:
    return Secret(
        kind="AWS Access Key",
        shown="AKIA…",
        certain=certain,
        at=Span(path="src/store.py", start=3, end=3),
        note="AWS Access Key, by its form",
        by_form=by_form,
        excerpt='key = "AKIA…"',
        commit=commit,
    )


def found(*items: Secret, **more: int) -> Secrets:
    return Secrets(items=items, total=len(items), files=8, history=True, **more)


@pytest.mark.parametrize(
    ("secrets", "level", "confidence"),
    [
        pytest.param(found(), 2, "high", id="none"),
        pytest.param(found(left_out=3), 2, "medium", id="none, but not all was read"),
        pytest.param(found(secret(certain=False)), 1, "medium", id="an example that looks real"),
        pytest.param(found(secret(certain=False), secret(certain=False)), 1, "medium", id="examples do not add up"),
        pytest.param(found(secret()), 0, "high", id="a key"),
        pytest.param(found(secret(by_form=False)), 0, "medium", id="a password, told by its name"),
        pytest.param(found(secret(certain=False), secret()), 0, "high", id="a key among examples"),
        pytest.param(found(secret(commit="a" * 40)), 0, "high", id="a key in the history"),
    ],
)
def test_no_secrets(secrets: Secrets, level: int, confidence: str) -> None:
    answer = no_secrets(secrets)

    assert isinstance(answer, Measured)
    assert (answer.value, answer.confidence) == (level, confidence)
    assert answer.evidence


def test_evidence_names_the_place_and_masks() -> None:
    answer = no_secrets(found(secret(), secret(certain=False), secret(commit="a" * 40)))

    assert isinstance(answer, Measured)
    assert answer.evidence == (
        InFile(
            at=Span(path="src/store.py", start=3, end=3),
            note="AWS Access Key, by its form: AKIA…",
            excerpt='key = "AKIA…"',
        ),
        InCommit(
            sha="a" * 40,
            note="AWS Access Key, by its form: AKIA…; added in src/store.py, line 3, and no longer there",
        ),
    )


def test_what_was_looked_at_is_said() -> None:
    answer = no_secrets(found())

    assert isinstance(answer, Measured)
    assert answer.evidence == (
        Absence(
            note="nothing with the form of a credential",
            looked_at=("8 text files and notebooks", "the lines that the newest 50 commits added"),
        ),
    )
