from __future__ import annotations

import pytest

from evaluator.source.address import Remote, parse
from evaluator.source.denial import denied, reason


def remote(target: str) -> Remote:
    found = parse(target)
    assert isinstance(found, Remote)
    return found


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ("fatal: unable to access 'https://h/r/': Could not resolve host: h", "name"),
        ("ssh: Could not resolve hostname h: Name or service not known", "name"),
        ("fatal: unable to access 'https://h/r/': Could not resolve proxy: p", "name"),
        ("fatal: unable to access 'https://h/r/': Failed to connect to h port 443: Connection refused", "connection"),
        ("fatal: unable to access 'https://h/r/': Operation too slow. Less than 1000 bytes/sec", "connection"),
        ("ssh: connect to host h port 22: Network is unreachable", "connection"),
        ("error: RPC failed; curl 18 transfer closed\nfatal: early EOF", "connection"),
        ("fatal: unable to access 'https://h/r/': SSL certificate problem: self-signed certificate", "certificate"),
        ("fatal: unable to access 'https://h/r/': server certificate verification failed. CAfile: none", "certificate"),
        ("Host key verification failed.\nfatal: Could not read from remote repository.", "host-key"),
        ("fatal: could not read Username for 'https://h': terminal prompts disabled", "access"),
        ("fatal: Authentication failed for 'https://h/r/'", "access"),
        ("fatal: unable to access 'https://h/r/': The requested URL returned error: 403", "access"),
        ("git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", "access"),
        ("remote: Repository not found.\nfatal: repository 'https://h/r/' not found", "missing"),
        ("fatal: 'r' does not appear to be a git repository", "missing"),
        ("fatal: unable to access 'https://h/r/': The requested URL returned error: 404", "missing"),
        ("fatal: Remote branch nope not found in upstream origin", "ref"),
        ("fatal: remote error: upload-pack: not our ref abcd", "ref"),
        ("fatal: write error: No space left on device", "space"),
        ("fatal: something new", "other"),
        ("", "other"),
        ("remote: could not resolve host\nfatal: something new", "other"),
        ("fatal: unable to access 'https://h/tls-not-found/': The requested URL returned error: 403", "access"),
    ],
)
def test_reason(errors: str, expected: str) -> None:
    """Neither the server's own lines nor the name of the repository decide."""
    assert reason(errors) == expected


@pytest.mark.parametrize("target", ["https://h.org/o/r", "o/r", "git@h.org:o/r"])
@pytest.mark.parametrize(
    "errors",
    [
        "name or service not known",
        "connection refused",
        "ssl certificate",
        "host key verification failed",
        "error: 403",
        "error: 404",
        "not our ref",
        "no space left",
        "fatal: \x1b[31mnew at https://me:secret@h.org/r\n",
        "new",
    ],
)
def test_message(target: str, errors: str) -> None:
    address = remote(f"{target}@main")

    message = str(denied(address, errors, used_token=False))

    assert message.startswith(f"{address.shown}: ")
    assert "secret" not in message
    assert message.isprintable()


def test_advice_fits_the_way_in() -> None:
    messages = {
        token: str(denied(remote(target), "fatal: Authentication failed", used_token=used))
        for token, target, used in [
            ("ssh-agent", "git@h.org:r", False),
            ("credential helper", "https://h.org/r", False),
            ("or GITHUB_TOKEN", "o/r", False),
            ("what GITHUB_TOKEN may read", "o/r", True),
        ]
    }

    assert [token for token, message in messages.items() if token not in message] == []
    assert "GITHUB_TOKEN" not in messages["credential helper"]
