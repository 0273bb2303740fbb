import gzip
import io
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websites import PAGE

from gazetteer.intake import files
from gazetteer.types import Capture, Failure


def one(path: object, **options: object) -> Capture | Failure:
    (found,) = files.read(str(path), **options)
    return found


def reason(path: object, **options: object) -> str:
    failure = one(path, **options)
    assert isinstance(failure, Failure)
    assert failure.source == str(path)
    return failure.reason


def content(path: object, **options: object) -> bytes:
    capture = one(path, **options)
    assert isinstance(capture, Capture)
    return capture.content


def names(folder: Path) -> list[str]:
    return [str(Path(each.source).relative_to(folder)) for each in files.read(str(folder))]


def test_a_file(tmp_path: Path) -> None:
    page = tmp_path / "anything.txt"
    page.write_bytes(PAGE)
    capture = one(page, url="https://a.example/")
    assert capture == Capture(source=str(page), content=PAGE, url="https://a.example/")


def test_a_packed_file(tmp_path: Path) -> None:
    page = tmp_path / "a.html.gz"
    page.write_bytes(gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]))
    assert content(page) == PAGE
    page.write_bytes(gzip.compress(PAGE)[:-9])
    assert "ends too early" in reason(page)
    for damaged in (gzip.compress(PAGE)[:12] + b"\xff" * 20, gzip.compress(PAGE) + b"x"):
        page.write_bytes(damaged)
        assert "damaged" in reason(page)


def test_a_packed_file_does_not_unpack_beyond_its_limit(tmp_path: Path) -> None:
    page = tmp_path / "a.html.gz"
    page.write_bytes(gzip.compress(bytes(32 * 1_048_576)))
    assert "larger than 1 MB" in reason(page, max_bytes=1_048_576)


def test_a_packed_file_of_many_parts_is_read_once() -> None:
    """What is left after each part is not copied: 16 MB of them would take minutes."""
    assert content("-", stdin=io.BytesIO(gzip.compress(b"") * 100_000 + gzip.compress(PAGE))) == PAGE


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    with page.open("wb") as file:
        file.truncate(50 * 1_048_576)
    assert "larger than 16 MB" in reason(page)


def test_standard_input() -> None:
    assert content("-", stdin=io.BytesIO(PAGE)) == PAGE
    assert "larger than" in reason("-", stdin=io.BytesIO(PAGE), max_bytes=10)


@pytest.mark.parametrize("name", ["nothing.html", "a/b", "", "a\0b", "x" * 5000, "\udcff"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    assert reason(f"{tmp_path}/{name}/x")


def test_what_may_not_be_read(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes(PAGE)
    page.chmod(0)
    if os.geteuid():
        assert "permissions" in reason(page)


def test_pipes_sockets_and_devices_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    assert "pipe" in reason(tmp_path / "a.html")
    assert "device" in reason("/dev/zero")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "b.html"))
        assert reason(tmp_path / "b.html")
    assert all(isinstance(each, Failure) for each in files.read(str(tmp_path)))


def test_a_folder(tmp_path: Path) -> None:
    pages = ("b.html", "a.htm", "c.HTML.GZ", "sub/d.xhtml", "sub/e", "sub/f")
    for name in (*pages, "style.css", ".hidden.html", "b_files/ad.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PAGE)
    (tmp_path / "sub" / "f").write_bytes(b"\x00\x01")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    (tmp_path / "gone.html").symlink_to(tmp_path / "nothing")
    assert names(tmp_path) == ["a.htm", "b.html", "c.HTML.GZ", "gone.html", "loop.html", "sub/d.xhtml", "sub/e"]
    failed = [Path(each.source).name for each in files.read(str(tmp_path)) if isinstance(each, Failure)]
    assert failed == ["gone.html", "loop.html"]


def test_a_deep_folder(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(300):
        path = path / "d"
        path.mkdir()
    (path / "a.html").write_bytes(PAGE)
    assert content(tmp_path) == PAGE


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "holds no pages" in reason(tmp_path)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (b"<!-- saved from url=(0027)https://news.test/tide?a&amp;b -->", "https://news.test/tide?a&b"),
        (b"<!DOCTYPE html>\n<!-- saved from url=(0022)http://news.test/tide/ -->", "http://news.test/tide/"),
        (
            b"<!--\n Page saved with SingleFile \n url: https://news.test/tide \n saved date: x\n-->",
            "https://news.test/tide",
        ),
        (b"<!-- saved from url=(0011)file:///a.b -->", None),
        (b"<!-- saved from url=(0014)about:internet -->", None),
        (b"<html>", None),
    ],
)
def test_a_saved_page_tells_its_address(head: bytes, url: str | None) -> None:
    assert files.saved_from(head + PAGE) == url


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b", b"\x1f\x8b\x08", gzip.compress(PAGE)[:30]]))
def test_any_bytes_give_a_capture_or_a_failure(some: bytes, start: bytes) -> None:
    assert isinstance(one("-", stdin=io.BytesIO(start + some)), Capture | Failure)
    files.saved_from(b"<!-- saved from url=(0022)https://" + some)
