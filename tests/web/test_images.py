"""Lead images are fetched by the site: pictures alone, from the public internet alone, and few at a time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from digests import digest
from hypothesis import given
from hypothesis import strategies as st
from papers import NOW, SECRET, client, opened, parsed
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.errors import FetchError
from gazetteer.types import Capture
from gazetteer.web import SiteSettings
from gazetteer.web.app import create
from gazetteer.web.images import kind_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
KINDS = {
    PNG: "image/png",
    b"\xff\xd8\xff\xe0\x00\x10JFIF": "image/jpeg",
    b"GIF89a\x01\x00": "image/gif",
    b"RIFF\x24\x00\x00\x00WEBPVP8 ": "image/webp",
    b"\x00\x00\x00\x20ftypavif": "image/avif",
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as archive:
        yield archive


def asking(archive: Archive, content: bytes | FetchError, *, are_shown: bool = True) -> TestClient:
    def picture(address: str) -> Capture:
        assert address == "https://img.island-courier.example/brannoc.jpg"
        if isinstance(content, FetchError):
            raise content
        return Capture(source=address, content=content)

    return client(create(archive, SiteSettings(images=are_shown), secret=SECRET, picture=picture))


@pytest.mark.parametrize(("content", "kind"), KINDS.items(), ids=KINDS.values())
def test_a_picture_is_given_as_what_it_is_and_can_do_nothing(archive: Archive, content: bytes, kind: str) -> None:
    number = archive.save(digest(), at=NOW).id
    answer = asking(archive, content).get(f"/images/{number}")
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"].startswith("private, max-age=")


@pytest.mark.parametrize("content", [SVG, b"", b"<!doctype html>", b"\xef\xbb\xbf" + PNG, FetchError("it is slow")])
def test_what_is_no_picture_is_not_given(archive: Archive, content: bytes | FetchError) -> None:
    number = archive.save(digest(), at=NOW).id
    answer = asking(archive, content).get(f"/images/{number}")
    assert answer.status_code == 502
    assert b"<script>alert" not in answer.content


@given(st.binary(max_size=40))
def test_any_bytes_are_a_picture_or_none(content: bytes) -> None:
    assert kind_of(content) in {None, *KINDS.values()}


def test_the_page_keeps_a_place_for_it(archive: Archive) -> None:
    number = archive.save(digest(), at=NOW).id
    (shown,) = parsed(asking(archive, PNG).get(f"/articles/{number}").text).xpath("//img")
    assert shown.get("src") == f"/images/{number}"
    assert (shown.get("width"), shown.get("height"), shown.get("loading")) == ("1280", "720", "lazy")
    assert shown.get("alt")


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "/picture.png", "https://a@b.example/"])
def test_an_article_without_a_picture_has_none(archive: Archive, address: str | None) -> None:
    number = archive.save(digest(image_url=address), at=NOW).id
    asked = asking(archive, PNG)
    assert asked.get(f"/images/{number}").status_code == 404
    assert not parsed(asked.get(f"/articles/{number}").text).xpath("//img")


def test_where_pictures_are_not_shown_there_is_a_link(archive: Archive) -> None:
    number = archive.save(digest(), at=NOW).id
    asked = asking(archive, PNG, are_shown=False)
    assert asked.get(f"/images/{number}").status_code == 404
    page = parsed(asked.get(f"/articles/{number}").text)
    assert not page.xpath("//img")
    assert page.xpath("//a[@href='https://img.island-courier.example/brannoc.jpg']")
