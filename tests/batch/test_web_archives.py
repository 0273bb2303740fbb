"""Web archives are read in parts, each page once, whatever they are packed in."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcs import lines, response, warc

from gazetteer.batch import archives
from gazetteer.batch.archives import Part
from gazetteer.errors import ReadError
from gazetteer.types import Capture, Failure, OptOuts

PAGES = [
    (f"https://www.brackwater.example/{n}", f"<!doctype html><p>Page {n} of the Gazette.".encode()) for n in range(23)
]


def zipped(pages: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as inside:
        for number, (_, page) in enumerate(pages):
            inside.writestr(f"{number:02}.html", page)
        inside.writestr("logo.png", b"no page")
    return buffer.getvalue()


def tarred(pages: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as inside:
        for number, (_, page) in enumerate(pages):
            entry = tarfile.TarInfo(f"pages/{number:02}.html")
            entry.size = len(page)
            inside.addfile(entry, io.BytesIO(page))
    return buffer.getvalue()


def wacz(pages: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as inside:
        inside.writestr("datapackage.json", json.dumps({"profile": "data-package"}))
        inside.writestr("archive/a.warc.gz", warc(pages[:9]))
        inside.writestr("archive/b.warc", warc(pages[9:], packed=False))
    return buffer.getvalue()


FORMS: dict[str, Callable[[list[tuple[str, bytes]]], bytes]] = {
    "a.warc.gz": warc,
    "a.warc": lambda pages: warc(pages, packed=False),
    "packed-as-one.warc.gz": lambda pages: gzip.compress(warc(pages, packed=False)),
    "a.wacz": wacz,
    "a.jsonl": lines,
    "a.jsonl.gz": lambda pages: gzip.compress(lines(pages)),
    "a.zip": zipped,
    "a.tar.gz": tarred,
}
forms = pytest.mark.parametrize("name", FORMS)


def read(path: Path, sizes: tuple[int, ...]) -> Iterator[list[Capture | Failure]]:
    for part in archives.parts(str(path), sizes=sizes):
        assert isinstance(part, Part)
        yield list(archives.read(part))


@forms
@pytest.mark.parametrize("sizes", [(1,), (2, 3, 7), (100,)])
def test_every_page_is_in_one_part_whatever_the_parts(tmp_path: Path, name: str, sizes: tuple[int, ...]) -> None:
    path = tmp_path / name
    path.write_bytes(FORMS[name](PAGES))

    found = list(read(path, sizes))

    captures = [page for part in found for page in part]
    assert [page.content for page in captures if isinstance(page, Capture)] == [page for _, page in PAGES]
    assert len({page.source for page in captures}) == len(PAGES)
    assert all(page.source.startswith(f"{path}#") for page in captures)
    wanted = [sizes[min(number, len(sizes) - 1)] for number in range(len(found))]
    if name != "a.wacz":  # each archive in it begins a part
        assert [len(part) for part in found][:-1] == wanted[:-1]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.wacz", "a.jsonl"])
def test_addresses_and_times_come_with_the_pages(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FORMS[name](PAGES))

    captures = [page for part in read(path, (5,)) for page in part if isinstance(page, Capture)]

    assert [page.url for page in captures] == [url for url, _ in PAGES]
    if "war" in name or "wacz" in name:
        assert {page.fetched_at and page.fetched_at.isoformat() for page in captures} == {"2024-05-06T07:08:09+00:00"}


def test_a_folder_of_pages_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for number, (_, page) in enumerate(PAGES):
        folder = tmp_path / ("a" if number < 12 else "b")
        folder.mkdir(exist_ok=True)
        (folder / f"{number:02}.html").write_bytes(page)

    captures = [page for part in read(tmp_path, (4,)) for page in part]

    assert [page.content for page in captures if isinstance(page, Capture)] == [page for _, page in PAGES]


def test_patterns_and_folders_of_archives_are_opened(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.warc.gz", "c.jsonl", "notes.txt"):
        (tmp_path / name).write_bytes(b"")

    assert list(archives.found([f"{tmp_path}/*.warc.gz"])) == [f"{tmp_path}/a.warc.gz", f"{tmp_path}/b.warc.gz"]
    assert list(archives.found([str(tmp_path)])) == [f"{tmp_path}/{n}" for n in ("a.warc.gz", "b.warc.gz", "c.jsonl")]
    assert list(archives.found([f"file://{tmp_path}/*.jsonl"])) == [f"file://{tmp_path}/c.jsonl"]
    with pytest.raises(ReadError, match=r"none\.warc: there is no such archive"):
        list(archives.found([f"{tmp_path}/none.warc"]))


def test_archives_are_read_from_other_file_systems(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc(PAGES))

    parts = list(archives.parts(f"file://{tmp_path}/a.warc.gz", sizes=(20,)))

    assert [len(list(archives.read(part))) for part in parts if isinstance(part, Part)] == [20, 3]


def test_a_page_that_is_too_large_is_told_of_and_the_rest_read(tmp_path: Path) -> None:
    pages = [("https://a.example/1", b"<p>one"), ("https://a.example/2", b"x" * 5000), ("https://a.example/3", b"<p>3")]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc(pages))
    (part,) = archives.parts(str(path))

    first, second, third = archives.read(part, max_bytes=1000)

    assert isinstance(first, Capture)
    assert isinstance(third, Capture)
    assert second == Failure(source=f"{path}#https://a.example/2", reason=second.reason)
    assert "larger than" in second.reason


def test_a_record_that_is_cut_off_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(warc(PAGES, packed=False)[:-20])
    (part,) = archives.parts(str(path), sizes=(100,))

    *pages, last = archives.read(part)

    assert len(pages) == len(PAGES) - 1
    assert last == Failure(source=f"{path}#{PAGES[-1][0]}", reason="its record ends too early")


def test_lines_that_hold_no_page_are_told_of_in_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"url": "https://a.example/", "html": "<p>x"}\n\nnot json\n[1]\n{"url": 3, "html": "x"}\n{}\n')
    (part,) = archives.parts(str(path))

    first, *others = archives.read(part)

    assert isinstance(first, Capture)
    assert [isinstance(each, Failure) for each in others] == [True] * 4
    assert others[0].source == f"{path}#byte 47"


def test_an_archive_of_an_unknown_kind_says_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.rar"
    path.write_bytes(b"Rar!")

    (failure,) = archives.parts(str(path))

    assert isinstance(failure, Failure)
    assert ".warc.gz" in failure.reason


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_damaged_archives_give_what_can_be_read_and_say_so(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    whole = bytearray(FORMS[name](PAGES[:4]))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(bytes(whole[: len(whole) - cut] if data.draw(st.booleans()) else whole))

    for part in archives.parts(str(path), sizes=(2,)):
        pages = list(archives.read(part)) if isinstance(part, Part) else [part]
        assert all(page.source.startswith(str(path)) for page in pages)


def test_what_publishers_ask_is_read_from_the_headers_that_were_kept(tmp_path: Path) -> None:
    kind = "text/html\r\nX-Robots-Tag: otherbot: noindex\r\nX-Robots-Tag: noarchive\r\nTDM-Reservation: 1"
    (tmp_path / "a.warc").write_bytes(response("https://a.example/", b"<p>Page", kind=kind))
    (part,) = archives.parts(str(tmp_path / "a.warc"))
    (found,) = archives.read(part)
    assert isinstance(found, Capture)
    assert found.opt_outs == OptOuts(robots=("noarchive",), tdm_reserved=True)
