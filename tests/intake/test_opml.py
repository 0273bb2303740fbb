import contextlib
from datetime import UTC, datetime
from time import perf_counter

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import FeedError
from gazetteer.intake import opml
from gazetteer.intake.text import line
from gazetteer.types import MAX_FOLDERS, FeedList, Outline

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)

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

DETAILS = (
    'xmlUrl="https://harbour.example/feed" htmlUrl="https://harbour.example/" '
    'description="Ships,&#10;tides" language="de-AT" version="RSS2" created="Tue, 13 Mar 2001 10:00:00 GMT" '
    'category="/Sea/Ships,/Trade" isComment="false" isBreakpoint="true" frss:cssFullContent="article &gt; p" '
    'fz:quickMode="1"'
)

RICH = """<?xml version='1.0' encoding='UTF-8'?>
<opml xmlns:frss="https://freshrss.example/opml" xmlns:fz="urn:forumzilla:" version="2.0">
  <head>
    <title>The papers &amp; more</title>
    <dateCreated>Mon, 12 Mar 2001 09:30:00 GMT</dateCreated>
    <ownerName>Ada Nordlund</ownerName>
    <ownerEmail>ada@reader.example</ownerEmail>
    <ownerId>https://reader.example/ada</ownerId>
    <docs>http://opml.org/spec2.opml</docs>
    <windowTop>61</windowTop>
    <frss:theme>dark</frss:theme>
    <dateModified>Mon, 06 May 2024 07:08:00 +0000</dateModified>
  </head>
  <body>
    <outline text="Coast" title="The  coast" isOpen="true" frss:priority="main">
      <outline text="Harbour" title="Harbour &amp; Tide" type="rss" DETAILS/>
      <outline text="Nets" type="rss" xmlUrl="https://nets.example/rss"/>
    </outline>
    <outline text="Nothing in it yet"/>
    <outline text="Coast">
      <outline type="rss" text="Harbour, again" xmlUrl="https://harbour.example/feed"/>
    </outline>
    <outline type="link" text="The pilots" url="https://pilots.example/"/>
    <outline type="rss" text="Top" xmlUrl="https://top.example/rss">
      <outline text="A note below it" isComment="true"/>
    </outline>
  </body>
</opml>""".replace("DETAILS", DETAILS)


def written(found: FeedList) -> bytes:
    return opml.render(found, title="Feeds", modified_at=NOW)


def test_a_list_is_read_with_its_folders() -> None:
    found = opml.parse(LIST.encode())
    assert [(each.depth, each.name, each.url, each.site_url) for each in found.outlines] == [
        (0, "Coast", None, None),
        (1, "North", None, None),
        (2, "Harbour & Tide", "https://harbour.example/feed?a=1&b=2", "https://harbour.example/"),
        (1, "Nets", "https://nets.example/rss", None),
        (0, "Loud", "https://loud.example/rss", None),
        (0, "Older", "https://older.example/rss", None),
        (0, "A page", None, None),
        (0, "Another list", None, None),
        (0, "Bad", None, None),
        (0, "Empty", None, None),
    ]
    assert found.head == (("title", "Mine"),)
    assert [each.name for each in found.feeds] == ["Harbour & Tide", "Nets", "Loud", "Older"]


def test_all_that_a_list_says_is_written_as_it_was() -> None:
    assert written(opml.parse(RICH.encode())).decode() == RICH


def test_names_of_attributes_are_those_of_the_specification() -> None:
    (feed,) = opml.parse(b'<opml><outline TEXT="Older" Type="rss" URL=" https://older.example/rss"/></opml>').outlines
    assert feed.attributes == (("text", "Older"), ("type", "rss"), ("xmlUrl", "https://older.example/rss"))


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_any_version_in_any_encoding_is_read(version: str, encoding: str) -> None:
    text = f"""<?xml version="1.0" encoding="{encoding}"?><opml version="{version}"><head><title>Für mich</title></head>
      <body><outline text="Länder" bemerkung="größer"/></body></opml>"""
    found = opml.parse(text.encode(encoding))
    assert found == FeedList(
        head=(("title", "Für mich"),),
        outlines=(Outline(name="Länder", attributes=(("text", "Länder"), ("bemerkung", "größer"))),),
    )


def test_prefixes_that_are_not_declared_or_mean_two_things_are_kept_apart() -> None:
    text = """<opml xmlns:a="urn:one"><body>
      <outline text="x" a:n="1" b:n="2"/><outline xmlns:a="urn:two" text="y" a:n="3" xml:lang="de"/></body></opml>"""
    found = opml.parse(text.encode())
    again = opml.parse(written(found))
    assert again.outlines == found.outlines
    assert [dict(each.attributes) for each in found.outlines] == [
        {"text": "x", "{urn:one}n": "1", "{urn:undeclared:b}n": "2"},
        {"text": "y", "{urn:two}n": "3", "{http://www.w3.org/XML/1998/namespace}lang": "de"},
    ]
    assert written(again) == written(found)
    assert lxml.etree.fromstring(written(found)).nsmap == {"a": "urn:one", "b": "urn:undeclared:b", "a-1": "urn:two"}


def test_what_counts_the_lines_of_a_list_is_not_kept() -> None:
    head = "<expansionState>1,5</expansionState><vertScrollState>3</vertScrollState><dateModified>x</dateModified>"
    found = opml.parse(f"<opml><head>{head}<windowLeft>3</windowLeft></head></opml>".encode())
    assert found.head == (("windowLeft", "3"),)


def test_a_feed_that_no_list_named_is_written_with_what_is_known_of_it() -> None:
    made = FeedList(
        outlines=(
            Outline(name="Local"),
            Outline(url="https://a.example/", name="A", site_url="https://a.example/a", depth=1),
            Outline(url="https://b.example/"),
            Outline(url="https://c.example/moved", name="C", attributes=(("xmlUrl", "https://c.example/"),)),
        )
    )
    assert [dict(each.attributes) for each in opml.parse(written(made)).outlines] == [
        {"text": "Local"},
        {
            "type": "rss",
            "text": "A",
            "title": "A",
            "xmlUrl": "https://a.example/",
            "htmlUrl": "https://a.example/a",
        },
        {"type": "rss", "text": "https://b.example/", "title": "", "xmlUrl": "https://b.example/"},
        {"text": "C", "xmlUrl": "https://c.example/moved"},
    ]


def test_a_feed_is_called_what_its_reader_calls_it() -> None:
    named = """<opml><outline text="The harbour" title="Harbour &amp; Tide" xmlUrl="https://harbour.example/feed"/>
      <outline text="" title="Nets" xmlUrl="https://nets.example/rss"/>
      <outline text="https://loud.example/rss" title="Loud" xmlUrl="https://loud.example/rss"/></opml>"""
    assert [each.name for each in opml.parse(named.encode()).feeds] == ["The harbour", "Nets", "Loud"]


def test_a_broken_list_gives_what_can_be_read() -> None:
    broken = LIST.replace("&amp;", "&").replace("</outline>", "").replace("</body></opml>", "")
    assert {each.url for each in opml.parse(broken.encode()).feeds} == {
        each.url for each in opml.parse(LIST.encode()).feeds
    }


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"<rss><channel/></rss>", b"\x00\x01", b"{}"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    assert not opml.is_opml(content)
    with pytest.raises(FeedError, match="no list of feeds"):
        opml.parse(content)


def test_lists_are_told_by_how_they_begin() -> None:
    assert opml.is_opml(LIST.encode())
    assert opml.is_opml(b"\xef\xbb\xbf\n<!-- mine --><opml>")


def test_hostile_lists_cost_little() -> None:
    deep = "<opml><body>" + "<outline text='a' x:y='1'>" * 100_000 + "<outline xmlUrl='https://a.example/'/>"
    assert max(each.depth for each in opml.parse(deep.encode()).outlines) <= MAX_FOLDERS
    many = "<opml>" + "".join(f"<outline xmlUrl='https://a.example/{n}'/>" for n in range(opml.MAX_OUTLINES + 9))
    assert len(opml.parse(many.encode()).outlines) == opml.MAX_OUTLINES
    secret = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><outline text="&x;" xmlUrl="https://a.example/"/>'
    assert opml.parse(secret.encode()).outlines[0].name == "&x;"


def test_what_strangers_say_of_a_line_is_bounded() -> None:
    many = " ".join(f"a{n}='{n}'" for n in range(1_000))
    spaces = " ".join(f"xmlns:n{n}='urn:{n}' n{n}:a='{n}'" for n in range(1_000))
    for each in (f"text='x' {many}", f"text='x' {spaces}"):
        (found,) = opml.parse(f"<opml><outline {each}/></opml>".encode()).outlines
        assert len(found.attributes) <= opml.MAX_ATTRIBUTES
    (found,) = opml.parse(f"<opml><outline text='{'x' * 100_000}' {'y' * 1_000}='z'/></opml>".encode()).outlines
    assert [len(words) for _, words in found.attributes] == [opml.MAX_VALUE]
    assert len(found.name) == 1_000
    head = opml.parse(f"<opml><head>{'<a>b</a>' * 1_000}</head></opml>".encode()).head
    assert len(head) == opml.MAX_ATTRIBUTES


def test_namespaces_of_deep_lists_are_found_in_linear_time() -> None:
    declared = " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(40))
    deep = f"<opml {declared}>" + "".join(f"<outline text='a' n{n % 40}:a='1'>" for n in range(50_000))
    began = perf_counter()
    opml.parse((deep + "</outline>" * 50_000 + "</opml>").encode())
    assert perf_counter() - began < 10


def test_characters_that_control_something_are_left_out() -> None:
    text = "<opml><outline text='a&#x7f;b&#x92;&#x202e;c' x='1&#9;2&#x85;' xmlUrl='https://a.example/'/></opml>"
    (found,) = opml.parse(text.encode()).outlines
    assert found.name == "ab’c"
    assert dict(found.attributes) == {"text": "ab’\u202ec", "x": "1\t2…", "xmlUrl": "https://a.example/"}


_WORDS = st.text(max_size=30)
_URLS = st.text("abcö/?&=%<\"'#", max_size=20).map(lambda path: f"https://a.example/{path}")
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(["text", "title", "type", "htmlUrl", "category", "größe", "{urn:a}b", "{urn:c}b", "{urn:a}c"]),
    _WORDS | _URLS,
    max_size=6,
)


@st.composite
def _outlines(draw: st.DrawFn) -> tuple[Outline, ...]:
    found: list[Outline] = []
    for _ in range(draw(st.integers(0, 8))):
        depth = draw(st.integers(0, found[-1].depth + 1 if found else 0))
        url = draw(st.none() | _URLS)
        said = draw(_ATTRIBUTES)
        said = said if url is None else dict(sorted((said | {"xmlUrl": url}).items()))
        name = line(draw(_WORDS))
        found.append(Outline(name=name, url=url, depth=depth, attributes=tuple(said.items())))
    return tuple(found)


_HEADS = st.lists(st.tuples(st.sampled_from(["title", "ownerName", "{urn:a}b", "x"]), _WORDS), max_size=4).map(tuple)


@given(
    st.builds(
        FeedList, head=_HEADS, outlines=_outlines(), prefixes=st.sampled_from([(), (("urn:a", "x"), ("urn:c", "x"))])
    )
)
def test_what_is_written_comes_back_as_it_was(made: FeedList) -> None:
    found = opml.parse(written(made))

    assert [(each.depth, each.url) for each in found.outlines if each.url] == [
        (each.depth, each.url) for each in made.outlines if each.url
    ]
    for one, other in zip(made.outlines, found.outlines, strict=True):
        said = {name: opml.without_controls(words) for name, words in one.attributes}
        if one.attributes:
            kept = {name: words for name, words in other.attributes if name in said}
            assert [*kept.items()] == [*said.items()]
    again = opml.parse(written(found))
    assert again.outlines == found.outlines
    assert again.head == found.head
    assert written(again) == written(found)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_list_or_a_reason(content: bytes) -> None:
    for each in (
        content,
        b"<opml><outline text='" + content + b"' xmlUrl='https://a.example/'/></opml>",
        b"<opml><head><" + content + b"></head><outline " + content + b"/></opml>",
    ):
        with contextlib.suppress(FeedError):
            found = opml.parse(each)
            assert all((feed.url or "").lower().startswith("http") for feed in found.feeds)
            assert opml.parse(written(found)).outlines == found.outlines
