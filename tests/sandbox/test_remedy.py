"""Each symptom is told in one sentence, with the line that mends it on this machine."""

from __future__ import annotations

import pytest

from evaluator.sandbox.doctor import (
    Check,
    bubblewrap_check,
    find_pythons,
    gpu_check,
    group_check,
    parse_version,
    python_check,
    sandbox_check,
)
from evaluator.sandbox.remedy import Host, advise, distributions, install_line

APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
UBUNTU = Host(distributions=("ubuntu", "debian"), settings={APPARMOR: "1"}, bwrap="/usr/bin/bwrap")
PREFIX = "The sandbox could not be started: "


def host(**change: object) -> Host:
    return Host(**{"bwrap": "/usr/bin/bwrap", **change})


# The words of bubblewrap 0.8 to 0.11, by its sources; those of a full table of namespaces and of /proc were met here.
UID_MAP = PREFIX + "bwrap: setting up uid map: Permission denied"
LOOPBACK = PREFIX + "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted"
NO_SPACE = (
    PREFIX + "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)"
)
NO_PERMISSION = (
    PREFIX + "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged "
    "user namespaces. On e.g. debian this can be enabled with 'sysctl kernel.unprivileged_userns_clone=1'."
)
NO_PROC = PREFIX + "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
NO_SLAVE = PREFIX + "bwrap: Failed to make / slave: Permission denied"
READ_ONLY = PREFIX + "bwrap: cannot open /proc/sys/user/max_user_namespaces: Read-only file system"
OLD = PREFIX + "bwrap: Unknown option --disable-userns"
NO_PYTHON = "No Python 3.8 or newer can be seen from the sandbox: install the system's python3 package"
PRIVATE = PREFIX + "/x/y cannot be read by user 1879052918, as whom the sandbox is started; it must lie where"


@pytest.mark.parametrize(
    ("symptom", "machine", "found", "mend"),
    [
        pytest.param(
            "bwrap is not installed",
            Host(distributions=("debian",)),
            "bubblewrap is not installed",
            "sudo apt-get install -y bubblewrap",
            id="Debian without bubblewrap",
        ),
        pytest.param(
            "bwrap is not installed",
            Host(distributions=("debian",), root=True),
            "bubblewrap is not installed",
            "apt-get install -y bubblewrap",
            id="the same as root",
        ),
        pytest.param(
            "bwrap is not installed",
            Host(distributions=("linuxmint", "ubuntu", "debian")),
            "bubblewrap is not installed",
            "sudo apt-get install -y bubblewrap",
            id="a relative of Ubuntu",
        ),
        pytest.param(
            "",
            Host(distributions=("rocky", "rhel")),
            "bubblewrap is not installed",
            "sudo dnf install -y bubblewrap",
            id="Rocky",
        ),
        pytest.param("", Host(distributions=("void",)), "bubblewrap is not installed", "", id="an unknown system"),
        pytest.param(
            "", Host(system="Darwin"), "bubblewrap needs Linux, and this is Darwin", "use a Linux machine", id="macOS"
        ),
        pytest.param("", Host(wsl=1), "WSL 1", "wsl --set-version <distribution> 2", id="WSL 1"),
        pytest.param(
            "",
            Host(wsl=2, distributions=("ubuntu",)),
            "not installed",
            "sudo apt-get install -y bubblewrap",
            id="WSL 2",
        ),
        pytest.param(
            UID_MAP, UBUNTU, "AppArmor forbids", "profile bwrap /usr/bin/bwrap flags=(unconfined)", id="Ubuntu 24.04"
        ),
        pytest.param(
            LOOPBACK, UBUNTU, "AppArmor forbids", "sudo apparmor_parser -r /etc/apparmor.d/bwrap", id="its other face"
        ),
        pytest.param(
            UID_MAP,
            host(github=True, settings={APPARMOR: "1"}),
            "AppArmor forbids",
            f"sudo sysctl -w {APPARMOR}=0",
            id="a runner of GitHub",
        ),
        pytest.param(
            NO_SPACE,
            host(settings={"user.max_user_namespaces": "0"}),
            "user.max_user_namespaces=0",
            "sudo sysctl -w user.max_user_namespaces=15000",
            id="none allowed",
        ),
        pytest.param(
            NO_PERMISSION,
            host(settings={"kernel.unprivileged_userns_clone": "0", "user.max_user_namespaces": "9"}),
            "kernel.unprivileged_userns_clone=0",
            "sudo sysctl -w kernel.unprivileged_userns_clone=1",
            id="allowed to root alone",
        ),
        pytest.param(
            NO_PERMISSION, host(container="docker"), "container", "--security-opt seccomp=unconfined", id="Docker"
        ),
        pytest.param(
            NO_PROC, host(container="docker"), "may not mount", "systempaths=unconfined", id="Docker, masked /proc"
        ),
        pytest.param(
            NO_SLAVE, host(container="docker"), "may not mount", "apparmor=unconfined", id="Docker's AppArmor"
        ),
        pytest.param(
            READ_ONLY, host(container="docker"), "kernel settings", "systempaths=unconfined", id="Docker, /proc/sys"
        ),
        pytest.param(NO_PROC, host(container="podman"), "may not mount", "--security-opt unmask=ALL", id="Podman"),
        pytest.param(NO_PROC, host(container="other"), "may not mount", "unmasked /proc", id="another container"),
        pytest.param(NO_PROC, host(), "may not mount: ", "", id="no container"),
        pytest.param(NO_PERMISSION, host(), "for a reason its settings do not show", "", id="no reason to be seen"),
        pytest.param(OLD, host(distributions=("ubuntu",)), "too old", "", id="Ubuntu 22.04"),
        pytest.param(
            NO_PYTHON,
            host(distributions=("debian",)),
            "no Python",
            "sudo apt-get install -y python3",
            id="no interpreter",
        ),
        pytest.param(PRIVATE, host(), "/x/y cannot be read by user", "TMPDIR=/tmp", id="a private folder"),
        pytest.param("bwrap: something new", host(), "does not work here: bwrap: something new", "", id="never seen"),
        pytest.param("", host(), "does not work here", "", id="nothing said"),
    ],
)
def test_advice(symptom: str, machine: Host, found: str, mend: str) -> None:
    advice = advise(symptom, machine)

    assert found in advice.found
    assert mend in advice.mend
    assert bool(mend) == bool(advice.mend)
    assert "\n" not in advice.sentence()


def test_the_apparmor_line_writes_a_profile_that_parses_as_one() -> None:
    """Run by a shell, without the parts that need rights: what is written is a profile."""
    import subprocess

    line = advise(UID_MAP, UBUNTU).mend.partition(" | sudo tee")[0]
    text = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout

    assert text == (
        "abi <abi/4.0>,\ninclude <tunables/global>\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\n  userns,\n}\n"
    )


@pytest.mark.parametrize(
    ("release", "names"),
    [
        pytest.param('ID=debian\nVERSION_ID="12"\n', ("debian",), id="Debian"),
        pytest.param('NAME="x"\nID=ubuntu\nID_LIKE=debian\n', ("ubuntu", "debian"), id="Ubuntu"),
        pytest.param('ID="rocky"\nID_LIKE="rhel centos fedora"\n', ("rocky", "rhel", "centos", "fedora"), id="Rocky"),
        pytest.param("", (), id="none"),
        pytest.param("ID\n=\n\0=x\n", (), id="nonsense"),
    ],
)
def test_distributions(release: str, names: tuple[str, ...]) -> None:
    assert names == distributions(release)


def test_install_lines() -> None:
    assert install_line("python3", Host(distributions=("alpine",), root=True)) == "apk add python3"


@pytest.mark.parametrize(
    ("said", "ok", "found"),
    [
        pytest.param("bubblewrap 0.8.0\n", True, "0.8.0 at /usr/bin/bwrap", id="Debian 12"),
        pytest.param("bubblewrap 0.11.0", True, "0.11.0 at", id="newer"),
        pytest.param("bubblewrap 0.6.1", False, "0.6.1 is too old: 0.8.0 or newer", id="Ubuntu 22.04"),
        pytest.param("", False, "not installed", id="none"),
    ],
)
def test_bubblewrap_check(said: str, ok: bool, found: str) -> None:
    check = bubblewrap_check(said, host() if said else Host())

    assert ok == check.ok
    assert found in check.found


def test_sandbox_check_gives_both_lines_against_apparmor() -> None:
    check = sandbox_check(UID_MAP, (), UBUNTU)

    assert not check.ok
    assert "apparmor_parser -r" in check.mend
    assert f"sudo sysctl -w {APPARMOR}=0" in check.mend.splitlines()


def test_sandbox_check_of_one_that_holds() -> None:
    assert sandbox_check("", ("memory", "time"), host()) == Check(
        name="sandbox", ok=True, found="a probe was shut in; held: memory, time"
    )


@pytest.mark.parametrize(
    ("held", "machine", "ok", "mend"),
    [
        pytest.param({"memory", "pids"}, host(), True, "", id="both"),
        pytest.param({"memory"}, host(), True, "", id="memory"),
        pytest.param({"pids"}, host(), False, "systemd-run --user --scope evaluate ...", id="processes"),
        pytest.param(set(), host(), False, "systemd-run --user --scope evaluate ...", id="none"),
        pytest.param(set(), host(container="docker"), False, "", id="none in a container"),
        pytest.param(set(), Host(system="Darwin"), False, "", id="macOS"),
    ],
)
def test_group_check(held: set[str], machine: Host, ok: bool, mend: str) -> None:
    check = group_check(frozenset(held), machine)

    assert (ok, mend) == (check.ok, check.mend)


@pytest.mark.parametrize(
    ("said", "devices", "ok", "found"),
    [
        pytest.param(
            "GPU 0: NVIDIA A100 (UUID: GPU-1)\nGPU 1: Tesla T4 (UUID: GPU-2)\n",
            [],
            True,
            "NVIDIA A100, Tesla T4",
            id="two",
        ),
        pytest.param("", ["/dev/nvidia0"], False, "/dev/nvidia0, but nvidia-smi does not answer", id="half"),
        pytest.param("", [], False, "none", id="none"),
        pytest.param("No devices were found\n", [], False, "none", id="driver alone"),
    ],
)
def test_gpu_check(said: str, devices: list[str], ok: bool, found: str) -> None:
    assert gpu_check(said, devices) == Check(name="GPU", ok=ok, found=found)


def test_python_check_sorts_by_number() -> None:
    assert python_check(["3.9.1", "3.12", "3.11.7"], host()).found == "3.9.1, 3.11.7, 3.12"
    assert not python_check([], host()).ok


@pytest.mark.parametrize(
    ("text", "version"),
    [("bubblewrap 0.8.0", (0, 8, 0)), ("3.12", (3, 12, 0)), ("no", None), ("", None)],
)
def test_versions(text: str, version: tuple[int, int, int] | None) -> None:
    assert version == parse_version(text)


def test_pythons_are_found_without_being_started(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pyenv's and uv's folders and on PATH; pyenv's shims are none."""
    for path in (
        ".pyenv/versions/3.9.18/bin/python3.9",
        ".pyenv/versions/miniconda3-latest/bin/python3.12",
        ".pyenv/shims/python3.7",
        ".local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3.13",
        "bin/python3.10",
        "bin/python3.10-config",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{tmp_path}/.pyenv/shims:")

    assert find_pythons() == ("3.9.18", "3.10", "3.12.0", "3.13.1")
