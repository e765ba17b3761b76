"""With whose rights, through which proxy and with which certificates does git reach a remote?"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluator.source.address import Remote
from evaluator.source.command import Running, Setting

FORGE = "https://github.com/"

# Variables with which users tell git how to reach a server, all others named GIT_* being taken away.
# Source: https://git-scm.com/docs/git#_git_transport and https://git-scm.com/docs/git-config#Documentation/git-config.txt-http
_KEPT = (
    "GIT_ASKPASS",
    "GIT_HTTP_PROXY_AUTHMETHOD",
    "GIT_HTTP_USER_AGENT",
    "GIT_PROXY_SSL_CAINFO",
    "GIT_PROXY_SSL_CERT",
    "GIT_PROXY_SSL_CERT_PASSWORD_PROTECTED",
    "GIT_PROXY_SSL_KEY",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_SSL_CAINFO",
    "GIT_SSL_CAPATH",
    "GIT_SSL_CERT",
    "GIT_SSL_CERT_PASSWORD_PROTECTED",
    "GIT_SSL_CIPHER_LIST",
    "GIT_SSL_KEY",
    "GIT_SSL_NO_VERIFY",
    "GIT_SSL_VERSION",
)
_PASSED_ON = r"^(credential|http)\.|^core\.(askpass|sshcommand)$"
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=30"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What one transfer is started with; holds secrets, so it is never shown.

    Attributes:
        settings, environ: For ``Running``; both travel by environment, never on a command line.
        uses_token: ``GITHUB_TOKEN`` is among them.
    """

    settings: Sequence[Setting] = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)
    uses_token: bool = False


def access(address: Remote, folder: Path) -> Access:
    """Return how git may reach ``address``, strongest first: the user's own settings, then ours for its transport.

    No transport but the one of ``address`` is allowed, not even after a redirect. ``GITHUB_TOKEN`` goes to GitHub only.
    """
    users = user_settings(folder)
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environ["GIT_ALLOW_PROTOCOL"] = address.transport
    asks_ssh = {"GIT_SSH", "GIT_SSH_COMMAND"} & environ.keys() or any(key == "core.sshcommand" for key, _ in users)
    if not asks_ssh:
        environ["GIT_SSH_COMMAND"] = _SSH
    settings = [
        *users,
        ("credential.interactive", "false"),
        ("http.lowSpeedLimit", "1000"),
        ("http.lowSpeedTime", "60"),
        ("http.followRedirects", "false" if address.transport == "http" else "initial"),
        (f"protocol.{address.transport}.allow", "always"),
    ]
    if address.transport == "http":
        settings.append(("http.proxy", ""))  # a loopback port is not behind the user's proxy
    token = os.environ.get("GITHUB_TOKEN", "").strip()
    if not token or not address.url.startswith(FORGE):
        return Access(settings=settings, environ=environ)
    pair = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    settings.append((f"http.{FORGE}.extraHeader", f"Authorization: Basic {pair}"))
    return Access(settings=settings, environ=environ, uses_token=True)


def without_token(full: Access) -> Access:
    """Return ``full`` without ``GITHUB_TOKEN``: an expired one is refused even for what everybody may read."""
    kept = [pair for pair in full.settings if pair[0] != f"http.{FORGE}.extraHeader"]
    return Access(settings=kept, environ=full.environ)


def user_settings(folder: Path) -> tuple[Setting, ...]:
    """Return how the user has told git to reach servers: credential helpers, proxies, certificates, the ssh command.

    Nothing else of the system's and the user's configuration is obeyed: not aliases, hooks, filters or rewritten
    URLs. ``folder`` is where git is started.
    """
    args = ["config", "-z", "--includes", "--get-regexp", _PASSED_ON]
    with Running(args, folder=folder, seconds=10, asks_user=True) as running:
        content = running.out.read(1_000_000)
    found = [record.partition("\n") for record in content.decode("utf-8", "surrogateescape").split("\0") if record]
    return tuple((key, value if mark else "true") for key, mark, value in found)
