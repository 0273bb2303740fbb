import io
from pathlib import Path

import pytest
from websites import PAGE, Site, reply

from gazetteer.intake import sources
from gazetteer.types import Capture, Failure


def test_whatever_is_named_comes_in_its_order(site: Site, tmp_path: Path) -> None:
    site.answers["/a"] = reply()
    (tmp_path / "b.html").write_bytes(PAGE)
    named = [str(tmp_path / "b.html"), site.url("/gone"), "-", site.url("/a"), str(tmp_path), "nowhere"]
    found = list(sources.read(named, fetch=site.fetcher().fetch, max_bytes=1000, stdin=io.BytesIO(PAGE)))
    assert [type(each) for each in found] == [Capture, Failure, Capture, Capture, Capture, Failure]
    assert [each.source for each in found] == [*named[:4], named[0], "nowhere"]


def test_passwords_stay_unsaid(site: Site) -> None:
    (failure,) = sources.read(
        ["http://me:secret@news.test/"], fetch=site.fetcher().fetch, max_bytes=1, stdin=io.BytesIO()
    )
    assert "secret" not in repr(failure)


@pytest.mark.parametrize("source", ["https://a.example", "HTTP://a", "ftp://a", "view-source+https://a"])
def test_addresses(source: str) -> None:
    assert sources.is_address(source) == ("-" not in source)


@pytest.mark.parametrize("source", ["a.html", "-", "/a://b", "./https://a", "", "://"])
def test_names_of_files(source: str) -> None:
    assert not sources.is_address(source)
