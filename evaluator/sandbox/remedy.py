"""What is wrong with this machine's sandbox, and which line mends it?

Decisions on text only: symptoms as bubblewrap prints them, and a description of the machine. Sources: bubblewrap's
messages (bubblewrap.c, 0.8 to 0.11); Ubuntu, "Restricted unprivileged user namespaces" (23.10 and later); Docker,
``--security-opt``; user_namespaces(7) for ``user.max_user_namespaces``.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Literal

from evaluator.model import Record
from evaluator.sandbox import identity

OLDEST_BUBBLEWRAP = (0, 8, 0)

_APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
_CLONE = "kernel.unprivileged_userns_clone"
_MOST = "user.max_user_namespaces"
_INSTALL = {
    "debian": "sudo apt-get install -y {0}",
    "ubuntu": "sudo apt-get install -y {0}",
    "fedora": "sudo dnf install -y {0}",
    "rhel": "sudo dnf install -y {0}",
    "arch": "sudo pacman -S --noconfirm {0}",
    "alpine": "sudo apk add {0}",
    "suse": "sudo zypper install -y {0}",
    "opensuse": "sudo zypper install -y {0}",
}
_PROFILE = (
    "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\n"
    "profile bwrap {0} flags=(unconfined) {{\\n  userns,\\n}}\\n'"
    " | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap"
)


class Host(Record):
    """What of a machine decides about the mending line.

    Attributes:
        system: ``Linux``, ``Darwin`` …
        distributions: ``ID`` and ``ID_LIKE`` of os-release, nearest first.
        root: The caller is root, so that no ``sudo`` is needed.
        container: Inside of which kind of container, empty for none.
        wsl: Version of the Windows subsystem for Linux, 0 for none.
        github: A runner of GitHub Actions.
        settings: Kernel settings by name; those that this kernel does not have are left out.
        bwrap: Path of the program; empty when there is none.
    """

    system: str = "Linux"
    distributions: tuple[str, ...] = ()
    root: bool = False
    container: Literal["", "docker", "podman", "other"] = ""
    wsl: Literal[0, 1, 2] = 0
    github: bool = False
    settings: dict[str, str] = {}
    bwrap: str = ""


class Advice(Record):
    """What is wrong, without a full stop, and the line to type; empty where no line mends it."""

    found: str
    mend: str = ""

    def sentence(self) -> str:
        """Return both as one sentence."""
        return f"{self.found}; to mend it: {self.mend}" if self.mend else self.found


def host() -> Host:
    """Describe this machine."""
    import shutil

    names = (_APPARMOR, _CLONE, _MOST)
    settings = {name: value for name in names if (value := _read(f"/proc/sys/{name.replace('.', '/')}").strip())}
    return Host(
        system=platform.system(),
        distributions=distributions(_read("/etc/os-release")),
        root=identity.is_root(),
        container=_container(),
        wsl=_wsl(platform.release()),
        github=os.environ.get("GITHUB_ACTIONS") == "true",
        settings=settings,
        bwrap=shutil.which("bwrap") or "",
    )


def distributions(release: str) -> tuple[str, ...]:
    """Return ``ID`` and ``ID_LIKE`` from the text of ``/etc/os-release``. Source: os-release(5)."""
    fields = dict(line.partition("=")[::2] for line in release.splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").replace("'", "").split()
    return tuple(dict.fromkeys(names))


def install_line(package: str, machine: Host) -> str:
    """Return the line that installs a package of the system; empty where we do not know it."""
    line = next((_INSTALL[name] for name in machine.distributions if name in _INSTALL), "")
    return _for(machine, line.format(package))


def without_bubblewrap(machine: Host) -> Advice:
    """Say what to do where there is no ``bwrap``."""
    if machine.system != "Linux":
        return Advice(
            found=f"bubblewrap needs Linux, and this is {machine.system}", mend="use a Linux machine, virtual or not"
        )
    if machine.wsl == 1:
        return Advice(found="this is WSL 1, which has no Linux kernel", mend="wsl --set-version <distribution> 2")
    return Advice(found="bubblewrap is not installed", mend=install_line("bubblewrap", machine))


def too_old(version: str) -> Advice:
    """Say that bubblewrap is there, but lacks ``--size`` or ``--disable-userns``."""
    wanted = ".".join(map(str, OLDEST_BUBBLEWRAP))
    return Advice(
        found=f"bubblewrap {version} is too old: {wanted} or newer is needed, as Debian 12 and Ubuntu 24.04 have"
    )


def advise(symptom: str, machine: Host) -> Advice:
    """Return what is wrong when the sandbox said ``symptom``."""
    if not machine.bwrap:
        return without_bubblewrap(machine)
    if "Unknown option" in symptom:
        return too_old("of this machine")
    if "No Python" in symptom:
        return Advice(found="there is no Python that the sandbox can see", mend=install_line("python3", machine))
    if "cannot be read by user" in symptom:
        return Advice(found=_short(symptom), mend="TMPDIR=/tmp EVALUATE_CACHE=/var/cache/evaluator evaluate ...")
    if any(words in symptom for words in ("uid map: Permission denied", "RTM_NEWADDR", "RTM_NEWLINK")):
        return _confined(machine)
    if any(
        words in symptom for words in ("Creating new namespace failed", "No permissions to create", "user namespace")
    ):
        return _no_name_spaces(machine)
    if "max_user_namespaces" in symptom and machine.container:
        return _container_option("this container may not change the kernel settings of its own name spaces", machine)
    if any(words in symptom for words in ("mount proc", "mounting proc", "pivot_root", "make / slave", "Can't mount")):
        return _no_mounts(symptom, machine)
    return Advice(found=f"bubblewrap does not work here: {_short(symptom)}")


def _confined(machine: Host) -> Advice:
    """AppArmor lets a program make a user name space only where a profile of its own says so."""
    if machine.settings.get(_APPARMOR) != "1":
        return _no_name_spaces(machine)
    line = f"sudo sysctl -w {_APPARMOR}=0" if machine.github else _PROFILE.format(machine.bwrap)
    return Advice(found="AppArmor forbids user name spaces to bubblewrap", mend=_for(machine, line))


def all_confined_lines(machine: Host) -> tuple[str, str]:
    """Return both lines against AppArmor's restriction: the narrow one, and the one for machines thrown away after."""
    return _for(machine, _PROFILE.format(machine.bwrap)), _for(machine, f"sudo sysctl -w {_APPARMOR}=0")


def _no_name_spaces(machine: Host) -> Advice:
    if machine.settings.get(_MOST) == "0":
        found, line = f"the kernel allows no user name spaces ({_MOST}=0)", f"sudo sysctl -w {_MOST}=15000"
    elif machine.settings.get(_CLONE) == "0":
        found, line = f"the kernel allows user name spaces to root alone ({_CLONE}=0)", f"sudo sysctl -w {_CLONE}=1"
    elif machine.container:
        return _container_option("this container may not make user name spaces", machine)
    else:
        return Advice(found="this machine does not allow user name spaces, for a reason its settings do not show")
    return Advice(found=found, mend=_for(machine, line))


def _no_mounts(symptom: str, machine: Host) -> Advice:
    if machine.container:
        return _container_option("this container may not mount", machine)
    return Advice(found=f"bubblewrap may not mount: {_short(symptom)}")


def _container_option(found: str, machine: Host) -> Advice:
    unconfined = "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    options = {
        "docker": f"docker run {unconfined} --security-opt systempaths=unconfined ...",
        "podman": "podman run --security-opt seccomp=unconfined --security-opt unmask=ALL ...",
    }
    return Advice(
        found=found, mend=options.get(machine.container, "start it with user name spaces and an unmasked /proc")
    )


def _for(machine: Host, line: str) -> str:
    return line.replace("sudo ", "") if machine.root else line


def _short(symptom: str) -> str:
    return " ".join(symptom.split())[:300].rstrip(".")


def _container() -> Literal["", "docker", "podman", "other"]:
    if Path("/.dockerenv").exists():
        return "docker"
    if Path("/run/.containerenv").exists():
        return "podman"
    return "other" if os.environ.get("container") else ""  # noqa: SIM112 (systemd's own spelling)


def _wsl(release: str) -> Literal[0, 1, 2]:
    if "microsoft" not in release.lower():
        return 0
    return 2 if "WSL2" in release else 1


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
