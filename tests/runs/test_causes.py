"""Is a failure the project's own doing, or what it was denied here?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.runs.testing.causes import NOT_THE_PROJECTS, Raised, Surroundings, cause_of, cause_of_end

AROUND = Surroundings(
    paths=frozenset({"data/rows.csv", "pkg/core.py", "conf/app.yaml"}),
    names=frozenset({"rows.csv", "core.py", "app.yaml"}),
    modules=frozenset({"pkg", "core"}),
    declared=frozenset({"opencv-python", "pytest-mock", "torch"}),
    installed=frozenset({"numpy"}),
)


def raised(kind: str, message: str = "", *bases: str, name: str = "", file: str = "") -> Raised:
    if "." not in kind:
        kind = f"builtins.{kind}"
    return Raised(type=kind, bases=tuple(f"builtins.{b}" for b in bases), message=message, name=name, file=file)


def no_module(name: str) -> Raised:
    return raised("ModuleNotFoundError", f"No module named '{name}'", "ImportError", name=name)


def no_file(name: str) -> Raised:
    return raised("FileNotFoundError", f"[Errno 2] No such file: '{name}'", "OSError", file=name)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        pytest.param(raised("AssertionError", "assert 1 == 2"), "defect", id="assertion"),
        pytest.param(raised("ValueError", "shapes do not match"), "defect", id="value"),
        pytest.param(no_module("nonesuch.deep"), "undeclared-import", id="undeclared"),
        pytest.param(no_module("cv2"), "environment", id="declared and not there"),
        pytest.param(no_module("pkg.missing"), "defect", id="the project's own module"),
        pytest.param(no_module("winreg"), "platform", id="of another system"),
        pytest.param(
            raised("ImportError", "libGL.so.1: cannot open shared object file", name="cv2"),
            "environment",
            id="system library",
        ),
        pytest.param(
            raised("ImportError", "cannot import name 'float' from 'numpy'", name="numpy"),
            "environment",
            id="other version",
        ),
        pytest.param(raised("ImportError", "cannot import name 'x' from 'pkg'", name="pkg"), "defect", id="own name"),
        pytest.param(
            raised("_pytest.fixtures.FixtureLookupError", "mocker"), "environment", id="declared plug-in for a fixture"
        ),
        pytest.param(raised("Failed", "fixture 'benchmark' not found"), "undeclared-import", id="undeclared plug-in"),
        pytest.param(raised("Failed", "fixture 'my_own' not found"), "defect", id="own fixture"),
        pytest.param(
            raised("Failed", "async def functions are not natively supported."), "undeclared-import", id="async plug-in"
        ),
        pytest.param(no_file("data/more.csv"), "missing-data", id="data file"),
        pytest.param(no_file("/work/models/best.bin2"), "missing-data", id="in a folder of models"),
        pytest.param(no_file("data/rows.csv"), "missing-data", id="listed, content not here"),
        pytest.param(no_file("../rows.csv"), "defect", id="there, from another folder"),
        pytest.param(no_file("settings.yaml"), "defect", id="no data"),
        pytest.param(no_file("/home/ann/x.csv"), "absolute-path", id="somebody's home"),
        pytest.param(no_file("C:\\data\\x.csv"), "absolute-path", id="a drive"),
        pytest.param(no_file("/home/user/.cache/x.csv"), "missing-data", id="the sandbox's home"),
        pytest.param(raised("_pickle.UnpicklingError", "invalid load key, 'v'."), "missing-data", id="LFS pointer"),
        pytest.param(
            raised("socket.gaierror", "[Errno -3] Temporary failure", "OSError"), "network", id="name look-up"
        ),
        pytest.param(
            raised("requests.exceptions.ConnectionError", "HTTPSConnectionPool(host='example.org')"),
            "network",
            id="web",
        ),
        pytest.param(
            raised("requests.exceptions.ConnectionError", "host='localhost', port=5000"),
            "environment",
            id="local service",
        ),
        pytest.param(raised("ConnectionRefusedError", "[Errno 111]", "OSError"), "environment", id="no service"),
        pytest.param(
            raised("OSError", "We couldn't connect to 'https://example.org' to load the files"),
            "network",
            id="model hub",
        ),
        pytest.param(
            raised("LookupError", "Resource punkt not found. Please use the NLTK Downloader"), "network", id="nltk"
        ),
        pytest.param(raised("RuntimeError", "Found no NVIDIA driver on your system."), "hardware", id="no GPU"),
        pytest.param(raised("AssertionError", "Torch not compiled with CUDA enabled"), "hardware", id="CPU build"),
        pytest.param(raised("MemoryError"), "memory", id="memory"),
        pytest.param(raised("AssertionError", "out of memory"), "defect", id="a word in an assertion"),
        pytest.param(raised("KeyError", "'OPENAI_API_KEY'"), "secret", id="key in the environment"),
        pytest.param(raised("openai.OpenAIError", "The api_key client option must be set"), "secret", id="client"),
        pytest.param(raised("KeyError", "'token'"), "defect", id="a key of its own"),
        pytest.param(raised("OSError", "[Errno 28] No space left on device"), "tool-limit", id="our limit"),
        pytest.param(raised("_tkinter.TclError", "no display name and no $DISPLAY"), "platform", id="display"),
        pytest.param(raised("SystemExit", "2"), "arguments", id="usage error at import"),
        pytest.param(raised("SystemExit", "1"), "defect", id="other exit"),
    ],
)
def test_cause_of(error: Raised, cause: str) -> None:
    assert cause == cause_of((error,), AROUND)


def test_the_innermost_explanation_decides() -> None:
    chain = (raised("RuntimeError", "could not load"), no_file("data/x.csv"), raised("KeyError", "'x'"))

    assert cause_of(chain, AROUND) == "missing-data"


def test_what_breaks_inside_the_import_of_a_package() -> None:
    """Versions that do not fit each other; a line of the project's own below it is the project's."""
    around = Surroundings(imports=frozenset({("pkg/a.py", 3)}))

    def failing(line: int) -> Raised:
        return Raised(
            type="builtins.TypeError", bases=("builtins.Exception",), message="no such argument", at=("pkg/a.py", line)
        )

    assert cause_of((failing(3),), around) == "environment"
    assert cause_of((failing(4),), around) == "defect"


@pytest.mark.parametrize(
    ("status", "starved", "cause"),
    [
        (0, False, "defect"),
        (-11, False, "defect"),
        (-9, False, "defect"),
        (-9, True, "memory"),
        (-4, False, "platform"),
    ],
)
def test_cause_of_end(status: int, starved: bool, cause: str) -> None:
    assert cause == cause_of_end(status, starved=starved)


WORDS = {
    *(
        "environment",
        "undeclared-import",
        "missing-data",
        "absolute-path",
        "platform",
        "secret",
        "network",
        "arguments",
    ),
    *("memory", "time", "hardware", "flaky", "defect", "tool-limit", "not-permitted", "none"),
}


@given(st.text(), st.text(), st.text(), st.sampled_from(["ImportError", "FileNotFoundError", "OSError", "KeyError"]))
def test_every_answer_is_a_word_of_the_contract(message: str, name: str, file: str, kind: str) -> None:
    found = cause_of((raised(kind, message, "OSError", name=name, file=file),), AROUND)

    assert found in WORDS
    assert NOT_THE_PROJECTS < WORDS
