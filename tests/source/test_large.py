from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator.facts.tree import tree
from evaluator.source.limits import FetchLimits
from evaluator.source.listing import fair_share
from evaluator.source.opening import open_snapshot
from tests.repositories import git, write


def stored(folder: Path, kind: str, content: bytes) -> str:
    """Store an object as it is, without git's checks, and return its id."""
    (folder / "content").write_bytes(content)
    return git(folder, "hash-object", "-t", kind, "-w", "--literally", "content").strip()


def tree_of(folder: Path, *entries: tuple[str, str, str]) -> str:
    """Store a tree of (mode, name, id) and return its id."""
    raw = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries)
    return stored(folder, "tree", raw)


def committed(folder: Path, tree: str) -> None:
    git(folder, "update-ref", "refs/heads/main", git(folder, "commit-tree", "-m", "one", tree).strip())


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "vast.git")
    return tmp_path / "vast.git"


def test_hundred_thousand_files(bare: Path, scratch: Path) -> None:
    """Half of them are listed, and the images in the first folder do not hide the code in the last."""
    blob = stored(bare, "blob", b"x\n")
    images = tree_of(bare, *(("100644", f"{n:06}.png", blob) for n in range(100_000)))
    code = tree_of(bare, ("100644", "model.py", blob))
    committed(bare, tree_of(bare, ("100644", "README.md", blob), ("40000", "data", images), ("40000", "src", code)))

    with open_snapshot(str(bare), scratch=scratch) as snapshot:
        assert snapshot.truncated
        assert len(snapshot.entries) == 50_000
        assert {"README.md", "src/model.py", "data/000000.png"} <= set(snapshot.entries)
        assert snapshot.read("data/000007.png") == b"x\n"
        assert len(tree(snapshot).files) == 50_000


def test_a_tree_that_would_never_end(bare: Path, scratch: Path) -> None:
    """Ten folders within each other, each holding ten times the next: ten thousand million files in a few bytes."""
    oid, mode = stored(bare, "blob", b"x"), "100644"
    for _ in range(10):
        oid, mode = tree_of(bare, *((mode, str(n), oid) for n in range(10))), "40000"
    committed(bare, oid)

    with open_snapshot(str(bare), scratch=scratch, limits=FetchLimits(files=100, names=10_000)) as snapshot:
        assert (len(snapshot.entries), snapshot.truncated) == (100, True)


def test_very_deep_tree(bare: Path, scratch: Path) -> None:
    blob = stored(bare, "blob", b"x")
    oid = tree_of(bare, ("100644", "f", blob))
    for _ in range(150):
        oid = tree_of(bare, ("40000", "d", oid), ("100644", "f", blob))
    committed(bare, oid)

    with open_snapshot(str(bare), scratch=scratch) as snapshot:
        assert snapshot.truncated
        assert "d/d/d/f" in snapshot.entries
        assert len(snapshot.entries) == 101


def test_large_file_on_disk(tmp_path: Path, scratch: Path) -> None:
    """A sparse file of 300 MB is listed at once; it is not read."""
    write(tmp_path / "plain", {"a.txt": ""})
    with (tmp_path / "plain/big.bin").open("wb") as file:
        os.truncate(file.fileno(), 300_000_000)

    with open_snapshot(str(tmp_path / "plain"), scratch=scratch) as snapshot:
        assert snapshot.entries["big.bin"].size == 300_000_000


@pytest.mark.parametrize(
    ("names", "limit", "chosen"),
    [
        pytest.param(["b", "a"], 2, ["b", "a"], id="all fit: order kept"),
        pytest.param(["d/1", "d/2", "d/3", "e/1"], 2, ["d/1", "e/1"], id="one of each folder"),
        pytest.param(["d/1", "d/2", "d/3", "e/1"], 3, ["d/1", "d/2", "e/1"], id="then the next"),
        pytest.param(["d/e/1", "d/1", "1"], 2, ["1", "d/1"], id="the outer folders first"),
        pytest.param([], 2, [], id="nothing"),
    ],
)
def test_fair_share(names: list[str], limit: int, chosen: list[str]) -> None:
    found = fair_share([(name.encode(), name) for name in names], limit)

    assert sorted(found) == sorted(chosen)
    assert found == chosen or len(names) > limit
