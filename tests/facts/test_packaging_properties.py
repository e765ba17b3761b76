"""No bytes of a candidate's make a reader of manifests raise, and what it finds lies in the file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.facts.manifests import conda, locks, pyproject, pythons, requirements, setuptools
from evaluator.facts.manifests.commands import install
from evaluator.facts.manifests.found import Found
from evaluator.facts.manifests.lines import add, bounds, poetry_specifier
from evaluator.source.snapshot import decode_text
from tests.facts import test_packaging as samples
from tests.facts.test_packaging import read

READERS: dict[str, tuple[Callable[[str, str], Found], str]] = {
    "requirements": (
        requirements.read,
        "numpy==1.2 --hash=sha256:aa\n-r x\n-e git+https://h/a@b#egg=c\nd @ file:///x ; a<'1'\n",
    ),
    "pyproject": (pyproject.read, samples.PYPROJECT + samples.POETRY.replace('[tool.poetry]\nname = "demo"\n', "")),
    "setup.cfg": (setuptools.read_cfg, samples.SETUP_CFG),
    "setup.py": (setuptools.read_py, samples.SETUP_PY),
    "pipfile": (locks.read_pipfile, samples.PIPFILE),
    "pipfile.lock": (locks.read_pipfile_lock, samples.PIPFILE_LOCK),
    "uv.lock": (locks.read_toml, samples.UV_LOCK),
    "poetry.lock": (locks.read_toml, samples.POETRY_LOCK),
    "conda-lock": (locks.read_conda_lock, samples.CONDA_LOCK),
    "environment": (conda.read, samples.ENVIRONMENT),
}
ODD = st.sampled_from(
    [
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "\\",
        "\n",
        "=",
        "==",
        "@",
        "-",
        "--",
        "#",
        ";",
        ":",
        " ",
        "\x00",
        "\ud7ff",
        "9" * 5000,
        "^",
        "~",
        "*",
        "|",
        "file:",
        "&a",
        "*a",
        "!!python/object:os.system",
    ]
)


@st.composite
def damaged(draw: st.DrawFn, whole: str) -> str:
    """Return ``whole`` with some of its pieces cut out, doubled or replaced."""
    text = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        middle = draw(st.one_of(ODD, st.text(max_size=20), st.just(text[start:end] * 2)))
        text = text[:start] + middle + text[end:]
    return text


@pytest.mark.parametrize("kind", sorted(READERS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_readers_never_raise(kind: str, data: st.DataObject) -> None:
    reader, whole = READERS[kind]
    text = data.draw(st.one_of(damaged(whole), st.text(), st.binary().map(decode_text)))

    found = reader("sub/file", text)

    lines = text.count("\n") + len(text.splitlines()) + 1
    spans = [r.at for r in found.requirements] + [at for at, _ in found.errors + found.options]
    assert all(at.path == "sub/file" and 1 <= at.start <= lines for at in spans)
    for requirement in found.requirements:
        bounds(requirement.specifier)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(ODD).map("".join)))
def test_lines_never_raise(text: str) -> None:
    found = Found("f")
    add(found, text, 1)
    poetry_specifier(text)
    pythons.workflow("w.yml", text)
    pythons.version_file("runtime.txt", text)
    install(tuple(text.split()))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "requirements.txt",
                "pyproject.toml",
                "setup.py",
                "Pipfile",
                "a/environment.yml",
                "poetry.lock",
                ".python-version",
            ]
        ),
        st.binary(max_size=300),
    )
)
def test_the_whole_reading_never_raises(files: dict[str, bytes]) -> None:
    read(dict(files))
