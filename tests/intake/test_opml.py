import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import FeedError
from gazetteer.intake import opml
from gazetteer.intake.opml import Outline
from gazetteer.intake.text import line

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Coast"><outline text="North">
    <outline type="rss" text="Harbour &amp; Tide" xmlUrl="https://harbour.example/feed?a=1&amp;b=2" htmlUrl="https://harbour.example/"/>
  </outline>
  <outline text="Nets" xmlUrl="https://nets.example/rss"/></outline>
  <outline TEXT="Loud" XMLURL="https://loud.example/rss"/>
  <outline text="Older" url="https://older.example/rss"/>
  <outline text="A page" type="link" url="https://page.example/"/>
  <outline text="Another list" type="include" url="https://list.example/more.opml"/>
  <outline text="Bad" xmlUrl="javascript:alert(1)"/><outline text="Empty"/>
</body></opml>"""


def test_a_list_is_read_with_its_folders() -> None:
    assert opml.parse(LIST.encode()) == (
        Outline(
            url="https://harbour.example/feed?a=1&b=2",
            title="Harbour & Tide",
            site_url="https://harbour.example/",
            folders=("Coast", "North"),
        ),
        Outline(url="https://nets.example/rss", title="Nets", folders=("Coast",)),
        Outline(url="https://loud.example/rss", title="Loud"),
        Outline(url="https://older.example/rss", title="Older"),
    )


def test_a_feed_is_called_what_its_reader_calls_it() -> None:
    named = """<opml><outline text="The harbour" title="Harbour &amp; Tide" xmlUrl="https://harbour.example/feed"/>
      <outline text="" title="Nets" xmlUrl="https://nets.example/rss"/>
      <outline text="https://loud.example/rss" title="Loud" xmlUrl="https://loud.example/rss"/></opml>"""
    assert [each.title for each in opml.parse(named.encode())] == ["The harbour", "Nets", "Loud"]


def test_a_broken_list_gives_what_can_be_read() -> None:
    broken = LIST.replace("&amp;", "&").replace("</outline>", "").replace("</body></opml>", "")
    assert {outline.url for outline in opml.parse(broken.encode())} == {o.url for o in opml.parse(LIST.encode())}


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"<rss><channel/></rss>", b"\x00\x01", b"{}"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    assert not opml.is_opml(content)
    with pytest.raises(FeedError, match="no list of feeds"):
        opml.parse(content)


def test_lists_are_told_by_how_they_begin() -> None:
    assert opml.is_opml(LIST.encode())
    assert opml.is_opml(b"\xef\xbb\xbf\n<!-- mine --><opml>")


def test_hostile_lists_cost_little() -> None:
    deep = "<opml><body>" + "<outline text='a'>" * 100_000 + "<outline xmlUrl='https://a.example/'/>"
    assert all(len(outline.folders) <= opml.MAX_DEPTH for outline in opml.parse(deep.encode()))
    many = "<opml>" + "".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in range(opml.MAX_FEEDS + 9))
    assert len(opml.parse(many.encode())) == opml.MAX_FEEDS
    secret = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><outline text="&x;" xmlUrl="https://a.example/"/>'
    assert opml.parse(secret.encode())[0].title == "&x;"


_NAMES = st.text(max_size=30).map(line)
_URLS = st.text("abcö/?&=%<\"'#", max_size=20).map(lambda path: f"https://a.example/{path}")


@given(
    st.lists(
        st.builds(
            Outline,
            url=_URLS,
            title=_NAMES,
            site_url=st.none() | _URLS,
            folders=st.lists(_NAMES.filter(bool), max_size=4).map(tuple),
        ),
        max_size=8,
        unique=True,
    )
)
def test_what_is_written_comes_back_as_it_was(outlines: list[Outline]) -> None:
    assert list(opml.parse(opml.render(outlines, title="All <feeds>"))) == outlines


@given(st.binary(max_size=200))
def test_any_bytes_give_a_list_or_a_reason(content: bytes) -> None:
    for each in (content, b"<opml><outline text='" + content + b"' xmlUrl='https://a.example/'/></opml>"):
        with contextlib.suppress(FeedError):
            assert all(outline.url.startswith("http") for outline in opml.parse(each))
