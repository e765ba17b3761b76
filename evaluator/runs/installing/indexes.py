"""Which package indexes has the user chosen, and how is uv told of them?

uv is kept from reading configuration, because the candidate's would be among it; so the user's own is read here. pip's
settings count as well: whoever has set up a mirror for pip means it for every installer.
"""

from __future__ import annotations

import configparser
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_PASSED_ON = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSL_CLIENT_CERT",
    "NETRC",
    "UV_HTTP_TIMEOUT",
    "UV_HTTP_RETRIES",
    "UV_KEYRING_PROVIDER",
    "UV_NATIVE_TLS",
    "UV_SYSTEM_CERTS",
    "UV_INSECURE_HOST",
    "UV_INDEX_STRATEGY",
)
_PIP_KEYS = ("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "cert", "client-cert", "proxy")
_UV_KEYS = {
    "index-url": "default",
    "extra-index-url": "extra",
    "find-links": "links",
    "no-index": "none",
    "index-strategy": "UV_INDEX_STRATEGY",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS",
    "allow-insecure-host": "UV_INSECURE_HOST",
}
_SIZE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Indexes:
    """The user's choice. Addresses may hold credentials: they go to uv's environment, and nowhere else.

    Attributes:
        default: The main index; None for uv's own.
        extra: Asked beside it. links: Folders or pages of files.
        none: No index is asked, links only; has an option of uv's, and no variable.
        environment: Certificates, proxies, credentials and the like, for uv's environment.
    """

    default: str | None = None
    extra: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    none: bool = False
    environment: Mapping[str, str]

    def environ(self) -> dict[str, str]:
        """Return the environment variables that tell uv all of it but ``none``."""
        told = dict(self.environment)
        if self.default:
            told["UV_DEFAULT_INDEX"] = self.default
        if self.extra:
            told["UV_INDEX"] = " ".join(self.extra)
        if self.links:
            told["UV_FIND_LINKS"] = ",".join(self.links)
        return told


def indexes(environment: Mapping[str, str] | None = None) -> Indexes:
    """Return the settings of this user: uv's over pip's, environment over files, extra places from both."""
    env = os.environ if environment is None else environment
    uv, pip = _uv_settings(env), _pip_settings(env)
    defaults = [i.url for i in uv if i.kind == "default"] or pip.get("index-url", [])
    extra = [i.url for i in uv if i.kind == "extra"]
    from_pip = [url for url in pip.get("extra-index-url", []) if url not in extra]
    links = dict.fromkeys([i.url for i in uv if i.kind == "links"] + pip.get("find-links", []))
    passed = {name: env[name] for name in _PASSED_ON if env.get(name)}
    passed |= {n: v for n, v in env.items() if n.startswith("UV_INDEX_") and n.endswith(("_USERNAME", "_PASSWORD"))}
    passed |= {i.kind: i.url for i in uv if i.kind.startswith("UV_") and i.kind not in passed}
    for key, name in (
        ("cert", "SSL_CERT_FILE"),
        ("client-cert", "SSL_CLIENT_CERT"),
        ("trusted-host", "UV_INSECURE_HOST"),
    ):
        if pip.get(key) and name not in passed:
            passed[name] = " ".join(pip[key])
    for proxy in pip.get("proxy", [])[:1]:
        passed.setdefault("ALL_PROXY", proxy)
    if from_pip:
        passed.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return Indexes(
        default=defaults[0] if defaults else None,
        extra=tuple(extra + from_pip),
        links=tuple(place for link in links if (place := _place(link))),
        none=any(i.kind == "none" for i in uv) or pip.get("no-index", ["0"])[0].lower() in {"1", "true", "yes", "on"},
        environment=passed,
    )


def _place(link: str) -> str:
    """Return a page's address as it is, a folder's as an absolute path; nothing for a folder that is not there."""
    if "://" in link:
        return link
    folder = Path(link).expanduser().absolute()
    return str(folder) if folder.exists() else ""


@dataclass(frozen=True)
class _Setting:
    """``kind`` is ``default``, ``extra``, ``links``, ``none`` or the name of an environment variable of uv's."""

    kind: str
    url: str


def _uv_settings(env: Mapping[str, str]) -> list[_Setting]:
    """Return uv's: the environment's first, then the user's file, then the machine's."""
    found = [_Setting("default", env[n]) for n in ("UV_DEFAULT_INDEX", "UV_INDEX_URL") if env.get(n)]
    for name in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        found += [_Setting("extra", url) for url in env.get(name, "").split()]
    found += [_Setting("links", link) for link in env.get("UV_FIND_LINKS", "").split(",") if link]
    for path in _uv_files(env):
        found += _from_uv_file(path)
    return found


def _uv_files(env: Mapping[str, str]) -> list[Path]:
    if env.get("UV_NO_CONFIG", "").lower() in {"1", "true"}:
        return []
    if env.get("UV_CONFIG_FILE"):
        return [Path(env["UV_CONFIG_FILE"])]
    home = Path(env.get("HOME") or Path.home())
    return [Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "uv" / "uv.toml", Path("/etc/uv/uv.toml")]


def _from_uv_file(path: Path) -> Iterator[_Setting]:
    try:
        tree = tomllib.loads(path.read_bytes()[:_SIZE].decode())
    except (OSError, ValueError, RecursionError):
        return
    below = tree.get("pip")
    for table in (tree, below if isinstance(below, dict) else {}):
        yield from _tables(table)
        yield from _values(table)


def _tables(table: Mapping[str, object]) -> Iterator[_Setting]:
    """Yield the ``[[index]]`` entries; one for named packages alone (``explicit``) is none for us."""
    held = table.get("index")
    for index in held if isinstance(held, list) else ():
        url = index.get("url") if isinstance(index, dict) else None
        if isinstance(url, str) and index.get("explicit") is not True:
            name = f"{index['name']}=" if isinstance(index.get("name"), str) else ""
            yield _Setting("default" if index.get("default") is True else "extra", name + url)


def _values(table: Mapping[str, object]) -> Iterator[_Setting]:
    for key, kind in _UV_KEYS.items():
        value = table.get(key)
        if value is True:
            yield _Setting(kind, "true")
        elif isinstance(value, str):
            yield _Setting(kind, value)
        elif isinstance(value, list) and kind.startswith("UV_"):
            yield _Setting(kind, " ".join(str(v) for v in value))
        elif isinstance(value, list):
            yield from (_Setting(kind, str(v)) for v in value)


def _pip_settings(env: Mapping[str, str]) -> dict[str, list[str]]:
    """Return pip's: later files win over earlier ones, ``[install]`` over ``[global]``, the environment over all."""
    found: dict[str, list[str]] = {}
    for path in _pip_files(env):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(path.read_bytes()[:_SIZE].decode())
        except (OSError, ValueError, configparser.Error):
            continue
        for section in ("global", "install"):
            for key in _PIP_KEYS:
                if parser.has_option(section, key):
                    found[key] = parser.get(section, key).split()
    for key in _PIP_KEYS:
        value = env.get("PIP_" + key.upper().replace("-", "_"))
        if value:
            found[key] = value.split()
    return found


def _pip_files(env: Mapping[str, str]) -> list[Path]:
    """Return pip's configuration files in the order in which it reads them (pip's documentation, "Configuration")."""
    named = env.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    home = Path(env.get("HOME") or Path.home())
    machine = [Path(d) / "pip" / "pip.conf" for d in env.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":") if d]
    users = Path(env.get("XDG_CONFIG_HOME") or home / ".config")
    files = [*machine, Path("/etc/pip.conf"), home / ".pip" / "pip.conf"]
    files += [home / "Library" / "Application Support" / "pip" / "pip.conf", users / "pip" / "pip.conf"]
    return [*files, Path(sys.prefix) / "pip.conf", *([Path(named)] if named else [])]
