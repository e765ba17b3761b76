"""Is the project free of credentials?"""

from __future__ import annotations

from evaluator.facts.secrets import Secret, Secrets
from evaluator.model import Absence, Answer, Evidence, InCommit, InFile, Measured, Unit
from evaluator.registry import signal

_SHOWN = 10


@signal(
    id="engineering.no-secrets",
    scope="repository",
    title="No credentials are committed",
    question="Are the files and the newest commits free of keys, tokens and passwords?",
    looks_at=(
        "Text files, notebook cells with their printed outputs, and the lines that the newest 50 commits added: known "
        "forms of credentials, what Python code puts together or decodes to one, and values assigned to names of passwords "
        "and keys"
    ),
    remedy=(
        "Revoke the credential at its service first: deleting the line leaves it in the history. Then read it from the "
        "environment, and keep .env out of git."
    ),
    effort="hour",
    sources=("detect-secrets", "meli-2019"),
    limits=(
        "No service is asked whether a credential is valid. Not read: data files, lock files, vendored code, files over "
        "1 MB, lines over 2 000 characters, commits beyond the newest 50 or 4 MB of changes; in the history only what has "
        "a credential's own form counts. A random-looking value that is none can be taken for one."
    ),
    levels=("a key, token or password", "an example that looks real, or a stock password in use", "none"),
)
def no_secrets(secrets: Secrets) -> Answer:
    """Value: 0 for a credential where it is used, 1 for what only looks like one, 2 for none."""
    certain = [s for s in secrets.items if s.certain]
    past = ("the lines that the newest 50 commits added",) if secrets.history else ()
    looked_at = (f"{secrets.files} text files and notebooks", *past)
    if not secrets.items:
        return Measured(
            value=2,
            unit=Unit.LEVEL,
            summary=f"no credential in {' and '.join(looked_at)}",
            evidence=(Absence(note="nothing with the form of a credential", looked_at=looked_at),),
            confidence="medium" if secrets.left_out or secrets.unread else "high",
        )
    shown = (certain or list(secrets.items))[:_SHOWN]
    kinds = ", ".join(sorted({s.kind for s in shown}))
    return Measured(
        value=0 if certain else 1,
        unit=Unit.LEVEL,
        summary=f"{len(certain) or secrets.total} places: {kinds}" + ("" if certain else ", none of them surely real"),
        evidence=tuple(_evidence(s) for s in shown),
        confidence="high" if any(s.certain and s.by_form for s in shown) else "medium",
    )


def _evidence(secret: Secret) -> Evidence:
    if secret.commit is None:
        return InFile(at=secret.at, note=f"{secret.note}: {secret.shown}", excerpt=secret.excerpt)
    where = f"added in {secret.at.path}, line {secret.at.start}, and no longer there"
    return InCommit(sha=secret.commit, note=f"{secret.note}: {secret.shown}; {where}")
