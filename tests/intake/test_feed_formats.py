"""Feeds of every language, broken in every way that we know, to their entries."""

import contextlib
import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import FeedError
from gazetteer.intake import feeds
from gazetteer.types import Capture, Entry, Feed

ADDRESS = "https://harbour.example/news/feed.xml"
NOON = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>Harbour &amp; Tide</title><link>https://harbour.example/</link>
  <atom:link href="https://harbour.example/news/feed.xml" rel="self" type="application/rss+xml"/>
  <ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours>
  <skipDays><day>Saturday</day><day>sunday</day></skipDays>
  <image><title>Logo</title><url>https://harbour.example/logo.png</url><link>https://elsewhere.example/</link></image>
  <item>
    <title>Ferry &lt;b&gt;late&lt;/b&gt; again</title><link>https://harbour.example/ferry</link>
    <guid isPermaLink="false">ferry-1</guid><pubDate>Mon, 06 May 2024 14:00:00 +0200</pubDate>
    <dc:creator>Ada Quill</dc:creator><dc:creator>Ben Ink</dc:creator>
  </item>
  <item>
    <title><![CDATA[Nets & pots]]></title><guid>https://harbour.example/nets</guid>
    <author>desk@harbour.example (Cleo Page)</author><pubDate>Mon, 6 May 24 12:00 GMT</pubDate>
  </item>
</channel>
</rss>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://harbour.example/a/">
  <title type="text">Harbour</title><id>urn:harbour</id>
  <link rel="self" href="feed.xml"/><link rel="alternate" type="text/html" href="/"/>
  <entry xml:base="b/">
    <title type="html">Ferry &amp;amp; &lt;i&gt;tide&lt;/i&gt;</title><id>urn:ferry</id>
    <link rel="enclosure" href="ferry.mp3"/><link rel="alternate" type="application/json" href="ferry.json"/>
    <link href="ferry"/>
    <published>2024-05-06T14:00:00+02:00</published><updated>2024-05-07T12:00:00.5Z</updated>
    <author><name>Ada Quill</name><email>ada@harbour.example</email></author>
    <source><title>Another</title><id>urn:other</id></source>
  </entry>
  <entry>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Nets <b>and</b> pots</div></title>
    <id>https://harbour.example/nets</id><updated>2024-05-06T12:00:00Z</updated>
  </entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
  <channel rdf:about="https://harbour.example/feed"><title>Harbour</title><link>https://harbour.example/</link>
    <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
    <items><rdf:Seq><rdf:li rdf:resource="https://harbour.example/ferry"/></rdf:Seq></items></channel>
  <item rdf:about="https://harbour.example/ferry"><title>Ferry late</title><link>https://harbour.example/ferry</link>
    <dc:date>2024-05-06T12:00Z</dc:date><dc:creator>Ada Quill</dc:creator></item>
</rdf:RDF>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Harbour",
    "home_page_url": "https://harbour.example/",
    "items": [
        {"id": 7, "url": "ferry", "title": "Ferry late", "date_published": "2024-05-06T14:00:00+02:00"},
        {"id": "nets", "external_url": "https://other.example/nets", "author": {"name": "Ada Quill"}},
    ],
}
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc>https://harbour.example/ferry</loc><lastmod>2024-05-07</lastmod>
    <news:news><news:publication><news:name>Harbour</news:name></news:publication>
      <news:publication_date>2024-05-06T12:00:00Z</news:publication_date><news:title>Ferry late</news:title></news:news>
  </url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>https://harbour.example/old.xml</loc><lastmod>2023-01-01</lastmod></sitemap>
  <sitemap><loc>https://harbour.example/new.xml</loc><lastmod>2024-01-01</lastmod></sitemap>
</sitemapindex>"""
ALL = (RSS, ATOM, RDF, json.dumps(JSON), NEWS, INDEX)


def parse(content: str | bytes, *, url: str | None = ADDRESS, content_type: str | None = None) -> Feed:
    content = content if isinstance(content, bytes) else content.encode()
    return feeds.parse(Capture(source="feed", content=content, url=url, content_type=content_type))


def item(inner: str) -> Entry:
    """The one entry of an RSS feed that holds it."""
    (entry,) = parse(f"<rss><channel><item>{inner}</item></channel></rss>").entries
    return entry


def refused(content: str | bytes) -> str:
    with pytest.raises(FeedError) as caught:
        parse(content)
    return caught.value.reason


def test_rss() -> None:
    feed = parse(RSS)
    assert (feed.title, feed.url) == ("Harbour & Tide", "https://harbour.example/")
    assert (feed.ttl, feed.skips.hours, feed.skips.days) == (timedelta(minutes=90), {0, 5}, {5, 6})
    assert feed.entries == (
        Entry(
            id="ferry-1",
            url="https://harbour.example/ferry",
            title="Ferry late again",
            published_at=NOON,
            authors=("Ada Quill", "Ben Ink"),
        ),
        Entry(
            id="https://harbour.example/nets",
            url="https://harbour.example/nets",
            title="Nets & pots",
            published_at=NOON,
            authors=("Cleo Page",),
        ),
    )


def test_atom() -> None:
    feed = parse(ATOM)
    assert (feed.title, feed.url, feed.ttl) == ("Harbour", "https://harbour.example/", None)
    ferry, nets = feed.entries
    assert ferry == Entry(
        id="urn:ferry",
        url="https://harbour.example/a/b/ferry",
        title="Ferry & tide",
        published_at=NOON,
        updated_at=datetime(2024, 5, 7, 12, tzinfo=UTC),
        authors=("Ada Quill",),
    )
    assert (nets.title, nets.url, nets.published_at) == ("Nets and pots", "https://harbour.example/nets", NOON)


def test_rdf() -> None:
    feed = parse(RDF)
    assert (feed.title, feed.url, feed.ttl) == ("Harbour", "https://harbour.example/", timedelta(hours=6))
    (entry,) = feed.entries
    assert (entry.id, entry.url, entry.published_at) == (entry.url, "https://harbour.example/ferry", NOON)
    assert entry.authors == ("Ada Quill",)


def test_json_feed() -> None:
    feed = parse(json.dumps(JSON))
    assert (feed.title, feed.url) == ("Harbour", "https://harbour.example/")
    assert [entry.id for entry in feed.entries] == ["7", "nets"]
    assert [entry.url for entry in feed.entries] == ["https://harbour.example/news/ferry", "https://other.example/nets"]
    assert [entry.authors for entry in feed.entries] == [(), ("Ada Quill",)]
    assert feed.entries[0].published_at == NOON


def test_maps_of_sites() -> None:
    (entry,) = parse(NEWS).entries
    assert (entry.id, entry.url, entry.title) == (entry.url, "https://harbour.example/ferry", "Ferry late")
    assert (entry.published_at, entry.updated_at) == (NOON, datetime(2024, 5, 7, tzinfo=UTC))
    assert parse(gzip.compress(NEWS.encode())) == parse(NEWS)
    assert parse(INDEX).sitemaps == ("https://harbour.example/new.xml", "https://harbour.example/old.xml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_told_by_the_bytes_first(encoding: str) -> None:
    text = RSS.replace("Harbour", "Häfen und Fähren")
    assert parse(text.encode(encoding), content_type="text/xml; charset=iso-8859-1").title == "Häfen und Fähren & Tide"


def test_encodings_that_are_declared_wrongly_or_only_in_the_header() -> None:
    text = RSS.replace("Harbour", "Häfen und Fähren").replace("UTF-8", "ISO-8859-1")
    assert parse(text).title == "Häfen und Fähren & Tide"
    assert parse(text.encode("latin-1")).title == "Häfen und Fähren & Tide"
    cyrillic = RSS.replace("Harbour", "Паром опять опаздывает").replace(' encoding="UTF-8"', "")
    assert parse(cyrillic.encode("koi8-r"), content_type="text/xml; charset=koi8-r").title.startswith("Паром опять")


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("<title>Fish &amp; chips</title>", "Fish & chips"),
        ("<title>Fish & chips & AT&T</title>", "Fish & chips & AT&T"),
        ("<title>5 < 6 &lt; 7</title>", "5 < 6 < 7"),
        ("<title>caf&eacute;&nbsp;&hellip;&#8217;&unknown;</title>", "café …’&unknown;"),
        ("<title>caf&amp;eacute;</title>", "café"),
        ("<title>a&#xD800;&#0;&#55296;&#x110000;&#9999999;&#x1F600;b</title>", "a\U0001f600b"),
        ("<title>&lt;script&gt;alert(1)&lt;/script&gt;x&lt;br/&gt;y</title>", "alert(1)x y"),
        ("<title>\n a \t b\u202e\u200b\x07 </title>", "a b"),
        ("<title>It\x92s &#146;here</title>", "It’s ’here"),
        ("<title><![CDATA[a & b <em>c</em>]]></title>", "a & b c"),
        ("<title>می\u200cخواهم</title>", "می\u200cخواهم"),
        ("<media:title>other</media:title><title>own</title>", "own"),
        ("<dc:title>other</dc:title>", "other"),
        ("<title></title><link>/x</link>", ""),
    ],
)
def test_titles_are_plain_lines(inner: str, title: str) -> None:
    assert item(inner).title == title


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>ferry?a=1&b=2</link>", "https://harbour.example/news/ferry?a=1&b=2"),
        ("<link>\n  https://harbour.example/a b\n</link>", "https://harbour.example/a%20b"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>file:///etc/passwd</link><guid>ftp://harbour.example/x</guid>", None),
        ("<link>https://user:word@harbour.example/</link>", None),
        ("<link>https://[::1/</link>", None),
        ("<guid>12345</guid>", None),
        ("<guid>https://harbour.example/x</guid>", "https://harbour.example/x"),
        ("<guid isPermaLink='false'>https://harbour.example/x</guid>", None),
        ("<link href='/atom'/>", "https://harbour.example/atom"),
        ("<link rel='self' href='/atom'/>", None),
        ("<feedburner:origLink>/real</feedburner:origLink><link>/burnt</link>", "https://harbour.example/real"),
        ("<enclosure url='https://harbour.example/x.mp3'/>", None),
    ],
)
def test_links_are_addresses_that_can_be_fetched_or_none(inner: str, url: str | None) -> None:
    assert item(inner).url == url


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 06 May 2024 12:00:00 GMT", NOON),
        ("Mon, 06 May 2024 08:00:00 EDT", NOON),
        ("Mon, 06 May 2024 14:00:00 CEST", NOON),
        ("6 May 2024 12:00", NOON),
        ("Monday, 06-May-24 12:00:00 GMT", NOON),
        ("2024-05-06T12:00:00Z", NOON),
        ("2024-05-06 14:00:00 +02:00", NOON),
        ("20240506T120000Z", NOON),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05-06T24:00:00Z", datetime(2024, 5, 7, tzinfo=UTC)),
        ("2024-05-06T12:00:60Z", datetime(2024, 5, 6, 12, 0, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("Mon, 99 Foo 2024 99:99:99", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("", None),
    ],
)
def test_times(written: str, read: datetime | None) -> None:
    assert item(f"<title>x</title><pubDate>{written}</pubDate>").published_at == read


def test_what_is_not_closed_is_closed_where_it_must_be() -> None:
    feed = parse(
        "<rss version=2.0 x='\"b' x><channel><title>Harbour</title>"
        "<item><title>One</title><description><p>a<br>b</description><link>/1</link></item>"
        "<item><title>Two</title><link>/2</link>"
        "<item><title>Three</b></title><link>/3</link></item></channel>"
    )
    assert [entry.title for entry in feed.entries] == ["One", "Two", "Three"]
    assert [entry.url for entry in feed.entries] == [f"https://harbour.example/{n}" for n in (1, 2, 3)]


def test_what_servers_print_before_a_feed_is_passed_over() -> None:
    assert parse("<br />\n<b>Warning</b>: it is noon<br />\n" + RSS).entries == parse(RSS).entries
    assert parse("\n\n <!-- <rss> -->" + RSS).entries == parse(RSS).entries


def test_of_a_feed_that_is_cut_the_whole_entries_are_given() -> None:
    for text in (RSS, ATOM):
        whole = parse(text).entries
        ends = [match.end() for match in re.finditer("</(item|entry)>", text)]
        for end in range(text.index("</title>"), len(text)):
            complete = sum(at <= end for at in ends)
            found = outcome(text[:end].encode())
            assert found == whole[:complete] if complete else not found


def test_of_a_json_feed_that_is_cut_the_whole_entries_are_given() -> None:
    text = json.dumps(JSON)
    assert [entry.id for entry in parse(text[:-5]).entries] == ["7"]
    assert "ends before its first entry" in refused(text[:170])


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><guid>1</guid><title>a</title></item><x>" + "&a" * 1_100_000 + "</x><item><guid>2</guid>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}, {"id": "2", "x": ['
        + "[], " * 200_000
        + '[]]}, {"id": "3"}]}',
    ],
    ids=["xml", "json"],
)
def test_of_a_feed_that_is_too_much_the_entries_before_that_are_given(text: str) -> None:
    assert [entry.id for entry in parse(text).entries] == ["1"]


def test_a_name_that_several_entries_have_is_none() -> None:
    entries = [f"<item><guid>same</guid><link>/{n}</link><title>{n}</title></item>" for n in (1, 2, 2)]
    feed = parse(f"<rss>{''.join(entries)}</rss>")
    assert [entry.id for entry in feed.entries] == ["https://harbour.example/1", "https://harbour.example/2"]


def test_entries_without_a_name_are_named_by_what_they_say() -> None:
    text = "<rss><item><title>a</title></item><item><description>b</description></item><item/></rss>"
    entries = parse(text).entries
    assert len({entry.id for entry in entries}) == 3
    assert parse(text.replace("</rss>", "<item><title>c</title></item></rss>")).entries[:3] == entries


def test_the_newest_are_kept_where_there_are_too_many() -> None:
    days = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(feeds.MAX_ENTRIES + 5)]
    entries = [f"<item><link>/{n}</link><pubDate>{day.isoformat()}</pubDate></item>" for n, day in enumerate(days)]
    found = parse(f"<rss>{''.join(entries)}</rss>").entries
    assert [entry.url for entry in found] == [f"https://harbour.example/{n}" for n in range(5, len(days))]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty"),
        ("<!doctype html><html><head><title>x</title></head></html>", "it is a web page"),
        ("<opml version='2.0'><body/></opml>", "it is a list of feeds"),
        ("<catalog><book/></catalog>", "it is no feed"),
        ("{}", "it is JSON, but no JSON Feed"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it is no feed"),
        (b"<rss>" + b" " * (16 * 2**20), "larger than 16 MB"),
        (gzip.compress(b" " * (17 * 2**20)), "larger than 16 MB"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(content: str | bytes, reason: str) -> None:
    assert reason in refused(content)


def test_a_feed_without_entries_is_one() -> None:
    assert parse("<rss><channel><title>Quiet</title></channel></rss>") == Feed(title="Quiet")


def test_a_document_type_says_nothing() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    outside = '<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:9/">%y;'
    text = f"<!DOCTYPE rss [{laughs}{outside}]><rss><item><title>a &l11; &x;</title></item></rss>"
    assert parse(text).entries[0].title == "a &l11; &x;"


@pytest.mark.parametrize(
    "content",
    [
        "<rss>" + "<item><x>" * 50_000,
        "<rss><item>" + "<x>" * 50_000 + "deep" + "</x>" * 50_000 + "<title>t</title></item></rss>",
        "<rss><x " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/></rss>",
        "<rss><item><title>" + "&lt;a " * 50_000 + "</title></item></rss>",
        "<rss><item><title>" + "&" * 100_000,
        "<rss><item><title>" + "&a" * 8_000_000,
        "<rss>" + "</x>" * 50_000 + "<!--" * 50_000,
        "<!--" * 100_000,
        "<rss>" + "<item/>" * 120_000,
        "<rss>" + "<x xml:base='a/'>" * 1_900 + "<item><link>b</link></item>" * 2_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + "9" * 100_000 + "}]}",
        '{"version": "https://jsonfeed.org/version/1", "items": [' + "{}," * 5_000_000 + "{}]}",
        '{"version": "https://jsonfeed.org/version/1", "items": [' + "{}," * 5_000_000,
        '{"version": "https://jsonfeed.org/version/1", "items": [{"id": [' + "[]," * 5_000_000,
    ],
    ids=range(15),
)
def test_what_is_made_to_take_long_does_not(content: str) -> None:
    """Each of these holds a parser in common use for long; here the bound is that of the whole run of tests."""
    assert len(outcome(content.encode())) <= feeds.MAX_ENTRIES


def is_sound(feed: Feed) -> bool:
    """Whether what a feed says keeps its promises, whatever its bytes were."""
    ids = [entry.id for entry in feed.entries]
    links = [entry.url for entry in feed.entries if entry.url] + [*feed.sitemaps, *filter(None, [feed.url])]
    lines = [feed.title, *ids] + [text for entry in feed.entries for text in (entry.title, *entry.authors)]
    times = [time for entry in feed.entries for time in (entry.published_at, entry.updated_at) if time]
    return (
        len(set(ids)) == len(ids) <= feeds.MAX_ENTRIES
        and all(ids)
        and all(link.startswith(("http://", "https://")) and link.isprintable() for link in links)
        and not any(set("\n\r\t\0\x1b\u202e") & set(line) or len(line) > 8_000 for line in lines)
        and all(time.utcoffset() == timedelta(0) for time in times)
        and feed.skips.hours <= set(range(24))
        and feed.skips.days <= set(range(7))
        and (feed.ttl is None or timedelta(0) < feed.ttl <= timedelta(days=7))
    )


def outcome(content: bytes, content_type: str | None = None) -> tuple[Entry, ...]:
    """The entries, once it is sure that the bytes give a sound feed, or a reason."""
    capture = Capture(source="feed", content=content, url=ADDRESS, content_type=content_type)
    feeds.discover(capture)
    feeds.is_feed(capture)
    with contextlib.suppress(FeedError):
        feed = feeds.parse(capture)
        assert is_sound(feed)
        return feed.entries
    return ()


@given(st.sampled_from(ALL), st.data())
def test_any_damage_gives_a_sound_feed_or_a_reason(text: str, data: st.DataObject) -> None:
    content = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        end = min(len(content), at + data.draw(st.integers(0, 30)))
        piece = bytes(content[at:end])
        change = data.draw(st.sampled_from(["cut", "drop", "double", "put", "move"]))
        if change == "cut":
            del content[at:]
        elif change == "put":
            content[at:end] = data.draw(
                st.binary(max_size=8) | st.sampled_from([b"<", b"&", b"]]>", b"<![CDATA[", b"</"])
            )
        else:
            content[at:end] = {"drop": b"", "double": piece * 2}.get(change, b"")
            if change == "move":
                to = data.draw(st.integers(0, len(content)))
                content[to:to] = piece
    outcome(bytes(content), data.draw(st.sampled_from([None, "text/xml; charset=utf-16", "text/xml; charset=big5"])))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_sound_feed_or_a_reason(content: bytes) -> None:
    outcome(content)
    outcome(b"<rss><item><title>" + content + b"</title></item></rss>")
    outcome(b'{"version": "https://jsonfeed.org/version/1", "items": [' + content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["title", "items", "home_page_url", "authors"]), _JSON), st.data())
def test_json_of_other_types_than_a_feed_has(feed: dict[str, object], data: st.DataObject) -> None:
    names = ["id", "url", "external_url", "title", "date_published", "authors", "author", "content_text"]
    items = st.lists(st.dictionaries(st.sampled_from(names), _JSON), max_size=3)
    version = {"version": "https://jsonfeed.org/version/1"}
    outcome(json.dumps(version | feed | {"items": data.draw(items | _JSON)}).encode())


@given(st.text(max_size=60))
def test_a_title_that_is_escaped_rightly_comes_back(title: str) -> None:
    plain = title.replace("<", "‹").replace("&", "+")
    feed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "title": plain}]}))
    assert " ".join(feed.entries[0].title.split()) == feed.entries[0].title
    assert set(feed.entries[0].title) - set(" ") <= set(plain) | set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ")


def test_feeds_are_told_from_pages_and_lists() -> None:
    def told(content: str) -> bool:
        return feeds.is_feed(Capture(source="x", content=content.encode()))

    assert all(map(told, ALL))
    assert feeds.is_feed(Capture(source="x", content=gzip.compress(NEWS.encode())))
    assert not feeds.is_feed(Capture(source="x", content=b"\x1f\x8bnonsense"))
    assert not any(map(told, ["", "<html><body><rss/></body></html>", "<opml/>", "{}", '{"version": 1}', "plain"]))
