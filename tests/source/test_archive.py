from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator.errors import EmptyError, SourceError
from evaluator.source.limits import FetchLimits
from evaluator.source.opening import open_snapshot
from evaluator.source.snapshot import Snapshot, Unreadable

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 5\n"


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: Mapping[str, str | bytes], *extra: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in extra:
            archive.addfile(entry)
    return path


def made(folder: Path, kind: str, files: Mapping[str, str | bytes]) -> Path:
    return zipped(folder / "p.zip", files) if kind == "zip" else tarred(folder / f"p.{kind}", files)


@pytest.fixture(params=["zip", "tar.gz", "tgz"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(path: Path, scratch: Path, subdir: str = "", limits: FetchLimits | None = None) -> Snapshot:
    return open_snapshot(str(path), scratch=scratch, subdir=subdir, limits=limits)


def test_archive(tmp_path: Path, scratch: Path, kind: str) -> None:
    path = made(tmp_path, kind, {"README.md": "# r\n", "src/a.py": "x = 1\n", "empty": "", "é.txt": "e"})

    with opened(path, scratch) as snapshot:
        assert list(snapshot.entries) == ["README.md", "empty", "src/a.py", "é.txt"]
        assert [snapshot.read(p) for p in snapshot.entries] == [b"# r\n", b"", b"x = 1\n", b"e"]
        subject = snapshot.subject

    assert (subject.source, subject.name, subject.commit, subject.as_of) == ("local", "p", None, None)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "paths"),
    [
        pytest.param(["top/a", "top/b/c"], ["a", "b/c"], id="one folder at the top"),
        pytest.param(["top/a", "other"], ["other", "top/a"], id="not everything lies in it"),
        pytest.param(["top/.git/HEAD", "top/a", "top/sub/.git/x"], ["a"], id="a .git in it"),
        pytest.param(["top/a", "__MACOSX/top/._a"], ["a"], id="what macOS adds"),
        pytest.param(["a", "../up", "/abs", "b/../../c", "./d", "e//f"], ["a", "d"], id="names that lead out"),
        pytest.param(["a"], ["a"], id="one file"),
    ],
)
def test_paths(tmp_path: Path, scratch: Path, kind: str, files: list[str], paths: list[str]) -> None:
    path = made(tmp_path, kind, dict.fromkeys(files, "x"))
    before = sorted(p.name for p in tmp_path.rglob("*"))

    with opened(path, scratch) as snapshot:
        # A zip knows no "./" in front; it is a name like any other there, and left out as one.
        assert [p for p in snapshot.entries if p != "d"] == [p for p in paths if p != "d"]

    assert before == sorted(p.name for p in tmp_path.rglob("*"))


def test_subdir(tmp_path: Path, scratch: Path, kind: str) -> None:
    path = made(tmp_path, kind, {"top/src/a.py": "x", "top/srcs/b.py": "", "top/c": ""})

    with opened(path, scratch, "src") as snapshot:
        assert (list(snapshot.entries), snapshot.read("a.py"), snapshot.subject.path) == (["a.py"], b"x", "src")
    with pytest.raises(SourceError, match="no folder nope"):
        opened(path, scratch, "nope")

    assert list(scratch.iterdir()) == []


def test_kinds_in_tar(tmp_path: Path, scratch: Path) -> None:
    """Links are listed and lead nowhere, a hard link has no content here, devices and FIFOs are not there."""
    extra = []
    for name, kind, target in (
        ("link", tarfile.SYMTYPE, "/etc/passwd"),
        ("hard", tarfile.LNKTYPE, "/etc/passwd"),
        ("fifo", tarfile.FIFOTYPE, ""),
        ("device", tarfile.CHRTYPE, ""),
        ("folder", tarfile.DIRTYPE, ""),
    ):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, target
        extra.append(entry)
    run = tarfile.TarInfo("run.sh")
    run.mode = 0o755
    path = tarred(tmp_path / "p.tar.gz", {"a": "1", "m.bin": POINTER}, *extra, run)

    with opened(path, scratch) as snapshot:
        assert {p: (e.kind, e.here, e.lfs) for p, e in snapshot.entries.items()} == {
            "a": ("file", True, False),
            "hard": ("file", False, False),
            "link": ("symlink", True, False),
            "m.bin": ("file", True, True),
            "run.sh": ("executable", True, False),
        }
        assert snapshot.read_blob(snapshot.entries["link"]) == b"/etc/passwd"
        for name in ("link", "hard"):
            with pytest.raises(Unreadable):
                snapshot.read(name)


def test_kinds_in_zip(tmp_path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, mode in (
            ("link", stat.S_IFLNK | 0o777),
            ("run.sh", stat.S_IFREG | 0o755),
            ("fifo", stat.S_IFIFO | 0o644),
        ):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, "/etc/passwd")
        archive.writestr("folder/", "")

    with opened(tmp_path / "p.zip", scratch) as snapshot:
        assert {p: e.kind for p, e in snapshot.entries.items()} == {"link": "symlink", "run.sh": "executable"}
        with pytest.raises(Unreadable):
            snapshot.read("link")


def test_undecodable_names(tmp_path: Path, scratch: Path) -> None:
    with tarfile.open(tmp_path / "p.tar.gz", "w:gz", encoding="utf-8", errors="surrogateescape") as archive:
        archive.addfile(tarfile.TarInfo(os.fsdecode(b"caf\xe9")))
        archive.addfile(tarfile.TarInfo("back\\slash"))
    zipped(tmp_path / "p.zip", {"cafX": "", "naiv\u00e9": ""})
    raw = (tmp_path / "p.zip").read_bytes().replace(b"cafX", b"caf\xe9")
    (tmp_path / "p.zip").write_bytes(raw)

    with opened(tmp_path / "p.tar.gz", scratch) as snapshot:
        assert list(snapshot.entries) == ["back\\\\slash", "caf\\xe9"]
    with opened(tmp_path / "p.zip", scratch) as snapshot:
        assert list(snapshot.entries) == ["caf\\xe9", "naiv\u00e9"]
        assert snapshot.read("caf\\xe9") == b""


def test_folders_of_windows(tmp_path: Path, scratch: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        entry = zipfile.ZipInfo("src/a.py")
        entry.filename, entry.create_system = "src\\a.py", 0
        archive.writestr(entry, "x")
        archive.writestr("b", "")

    with opened(tmp_path / "p.zip", scratch) as snapshot:
        assert list(snapshot.entries) == ["b", "src/a.py"]


def test_long_file_is_left_behind(tmp_path: Path, scratch: Path, kind: str) -> None:
    path = made(tmp_path, kind, {"big": b"\0" * 5_000, "small": "s"})

    with opened(path, scratch, limits=FetchLimits(blob_bytes=1_000)) as snapshot:
        assert [(e.size, e.here) for e in snapshot.entries.values()] == [(5_000, False), (1, True)]
        with pytest.raises(Unreadable):
            snapshot.read("big")


def test_too_much_altogether(tmp_path: Path, scratch: Path, kind: str) -> None:
    path = made(tmp_path, kind, {f"{n}.bin": b"\0" * 400_000 for n in range(4)})

    with pytest.raises(SourceError, match="larger than 1 MB"):
        opened(path, scratch, limits=FetchLimits(total_bytes=1_000_000))

    assert list(scratch.iterdir()) == []


def test_bomb_is_not_unpacked(tmp_path: Path, scratch: Path) -> None:
    """200 MB of zeros in 200 kB: read block by block, given up at the limit."""
    with gzip.open(tmp_path / "p.tar.gz", "wb", compresslevel=1) as stream:
        stream.write(tarfile.TarInfo("x").tobuf())
        for _ in range(200):
            stream.write(bytes(1_000_000))

    with pytest.raises(SourceError, match="larger than 10 MB"):
        opened(tmp_path / "p.tar.gz", scratch, limits=FetchLimits(total_bytes=10_000_000))

    assert list(scratch.iterdir()) == []


def test_zip_that_lies_about_its_size(tmp_path: Path, scratch: Path) -> None:
    """Declared as 10 bytes, unpacks to 50 MB: no more than the declared bytes are unpacked, and they do not add up."""
    path = zipped(tmp_path / "p.zip", {"x": bytes(50_000_000)})
    raw = path.read_bytes().replace(struct.pack("<I", 50_000_000), struct.pack("<I", 10))
    path.write_bytes(raw)

    with opened(path, scratch) as snapshot:
        assert snapshot.entries["x"].size == 10
        with pytest.raises(Unreadable):
            snapshot.read("x")


def test_tar_header_that_would_fill_the_memory(tmp_path: Path, scratch: Path) -> None:
    """A name of 100 MB, which tarfile would read whole."""
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 100_000_000
    with gzip.open(tmp_path / "p.tar.gz", "wb", compresslevel=1) as stream:
        stream.write(entry.tobuf(tarfile.GNU_FORMAT))
        for _ in range(101):
            stream.write(b"a" * 1_000_000)

    with pytest.raises(SourceError, match="not a readable tar archive"):
        opened(tmp_path / "p.tar.gz", scratch)


def test_encrypted_and_unknown_methods(tmp_path: Path, scratch: Path) -> None:
    path = zipped(tmp_path / "p.zip", {"x": "1", "y": "2"})
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1  # the flag for encryption in the first entry of the directory
    at = raw.find(b"PK\x01\x02", at + 1)
    raw[at + 10] = 9  # a method that Python cannot unpack, in the second
    path.write_bytes(raw)

    with opened(path, scratch) as snapshot:
        assert [e.here for e in snapshot.entries.values()] == [False, False]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"\x1f\x8b", b"no archive", gzip.compress(b"no tar" * 200, mtime=0)],
    ids=["nothing", "a zip begins", "a gzip begins", "text", "a gzip of text"],
)
def test_broken(tmp_path: Path, scratch: Path, kind: str, content: bytes) -> None:
    path = tmp_path / f"p.{kind}"
    path.write_bytes(content)

    with pytest.raises(SourceError) as caught:
        opened(path, scratch)

    assert str(path) in str(caught.value)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["p.zip", "p.tar.gz"])
def test_empty(tmp_path: Path, scratch: Path, name: str) -> None:
    made(tmp_path, name.partition(".")[2], {})

    with pytest.raises(EmptyError, match="an archive without a file"):
        opened(tmp_path / name, scratch)


def test_no_such_archive(tmp_path: Path, scratch: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")

    for name in ("none.zip", "none.tar.gz", "pipe.zip", "x" * 300 + ".zip"):
        with pytest.raises(SourceError, match="no such file"):
            opened(tmp_path / name, scratch)


def test_many_files(tmp_path: Path, scratch: Path, kind: str) -> None:
    path = made(tmp_path, kind, {f"data/{n}": "" for n in range(30)} | {"src/a.py": ""})

    with opened(path, scratch, limits=FetchLimits(files=5)) as snapshot:
        assert (len(snapshot.entries), snapshot.truncated) == (5, True)
        assert "src/a.py" in snapshot.entries
    with pytest.raises(SourceError, match="more than 10 names"):
        opened(path, scratch, limits=FetchLimits(names=10))


@given(st.data(), st.sampled_from(["zip", "tar.gz"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_damaged_archives_are_read_or_refused(tmp_path: Path, scratch: Path, data: st.DataObject, kind: str) -> None:
    """Bytes changed at random places, in a .tar.gz under the compression: nothing but a clear refusal is raised."""
    path = made(tmp_path, kind, {"top/a.txt": "1" * 600, "top/b/c.py": "x = 1\n", "top/d.bin": bytes(range(256))})
    packed = path.read_bytes()
    raw = bytearray(packed if kind == "zip" else gzip.decompress(packed))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    path.write_bytes(raw[:cut] if kind == "zip" else gzip.compress(bytes(raw[:cut]), compresslevel=1))

    try:
        with opened(path, scratch, limits=FetchLimits(total_bytes=10_000_000)) as snapshot:
            for entry in snapshot.entries.values():
                try:
                    snapshot.read_blob(entry)
                except Unreadable:
                    continue
    except SourceError as fault:
        message = str(fault)
        assert "\n" not in message
    assert list(scratch.iterdir()) == []


def test_checksum_is_checked(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x", "abcdef")
    assert zlib.crc32(b"abcdef") != zlib.crc32(b"abcdeX")
    path.write_bytes(path.read_bytes().replace(b"abcdef", b"abcdeX"))

    with opened(path, scratch) as snapshot, pytest.raises(Unreadable):
        snapshot.read("x")
