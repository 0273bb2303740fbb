from datetime import UTC, date, datetime, timedelta

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import dates, surroundings
from gazetteer.extract.structured import declarations

PIECES = st.sampled_from(
    ["12", "3", "2024", "24", "May", "März", "-", "/", ".", ":", "T", "Z", "+02:00", " ", "pm", "ET", "年", "99"]
)


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def read(html, *, url=None, language=None, now=None):
    tree = lxml.html.document_fromstring(html)
    return dates.read(
        declarations(tree), surroundings.find(tree, "Ferry runs again"), url=url, language=language, now=now
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-09T23:30:00-05:00", utc(2024, 3, 10, 4, 30)),
        ("2024-03-09T23:30:00.123+0530", utc(2024, 3, 9, 18, 0)),
        ("2024-03-09T10:00Z", utc(2024, 3, 9, 10)),
        ("2024-03-09 10:00:05", utc(2024, 3, 9, 10, 0, 5)),
        ("20240309T101500Z", utc(2024, 3, 9, 10, 15)),
        ("2024-03-09", utc(2024, 3, 9)),
        ("1709978400", utc(2024, 3, 9, 10)),
        ("1709978400000", utc(2024, 3, 9, 10)),
        ("Sat, 09 Mar 2024 10:00:00 GMT", utc(2024, 3, 9, 10)),
        ("March 9, 2024, 4:05 p.m. ET", utc(2024, 3, 9, 21, 5)),
        ("July 9, 2024 at 4:05 PM ET", utc(2024, 7, 9, 20, 5)),
        ("Published: 9th of March 2024", utc(2024, 3, 9)),
        ("Dec. 22, 2023 12:45 a.m. PT", utc(2023, 12, 22, 8, 45)),
        ("9. März 2024, 18:05", utc(2024, 3, 9, 18, 5)),
        ("le 1er décembre 2023 à 07h30", utc(2023, 12, 1, 7, 30)),
        ("9 de marzo de 2024", utc(2024, 3, 9)),
        ("2024年3月9日", utc(2024, 3, 9)),
        ("09.03.2024", utc(2024, 3, 9)),
        ("3/25/24", utc(2024, 3, 25)),
        ("25/3/24", utc(2024, 3, 25)),
        ("February 30, 2024", None),
        ("2024-13-45", None),
        ("3024-01-01", None),
        ("99999999999999999999", None),
        ("soon", None),
        ("", None),
    ],
)
def test_parse(text, expected):
    assert dates.in_utc(dates.parse(text)) == expected


def test_the_publishers_offset_is_kept():
    assert dates.parse("2024-03-09T23:30:00-05:00").date() == date(2024, 3, 9)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (dates.Reading(), utc(2024, 3, 4)),
        (dates.Reading(day_first=True), utc(2024, 4, 3)),
        (dates.Reading(known=frozenset({date(2024, 4, 3)})), utc(2024, 4, 3)),
        (dates.Reading(day_first=True, known=frozenset({date(2024, 3, 4)})), utc(2024, 3, 4)),
    ],
)
def test_an_ambiguous_date_is_read_as_the_rest_of_the_page_suggests(reading, expected):
    assert dates.parse("03/04/2024", reading=reading) == expected


def test_the_future_is_ignored_where_the_present_is_known():
    now = utc(2024, 3, 9)
    assert dates.parse("2024-03-12", reading=dates.Reading(now=now)) is None
    assert dates.parse("2024-03-10", reading=dates.Reading(now=now)) == now + timedelta(days=1)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<script type="application/ld+json">{"@type":"Report","datePublished":"2024-03-09T01:00+02:00"}</script>',
            utc(2024, 3, 8, 23),
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":1709978400}</script>',
            utc(2024, 3, 9, 10),
        ),
        ('<meta property="article:published_time" content="2024-03-09T10:00:00Z">', utc(2024, 3, 9, 10)),
        ('<meta name="parsely-pub-date" content="2024-03-09">', utc(2024, 3, 9)),
    ],
)
def test_declared_publication(head, expected):
    assert dates.in_utc(read(f"<html><head>{head}</head><body><p>x</p></body></html>").published) == expected


def test_visible_dates_stand_in_and_those_of_other_articles_do_not():
    found = read(
        '<body><div class="related"><time datetime="2021-01-01">x</time></div><h1>Ferry runs again</h1>'
        '<p class="date">9 March 2024</p><aside><time datetime="2022-01-01">x</time></aside></body>'
    )
    assert found.published == utc(2024, 3, 9)


def test_the_address_is_the_last_resort():
    assert read("<p>x</p>", url="https://example.org/2024/03/09/ferry").published == utc(2024, 3, 9)
    assert read("<p>x</p>", url="https://example.org/ferry") == dates.Dates()


def test_a_change_before_the_publication_is_none():
    head = '<meta property="article:published_time" content="{}"><meta property="article:modified_time" content="{}">'
    assert read(head.format("2024-03-09", "2024-03-10")).modified == utc(2024, 3, 10)
    assert read(head.format("2024-03-09", "2024-03-08")).modified is None


def test_an_offset_that_the_page_tells_elsewhere_is_taken():
    found = read(
        '<meta property="article:published_time" content="2024-03-10T01:00:00Z"><h1>Ferry runs again</h1>'
        '<time datetime="2024-03-09T20:00:00-05:00">March 9</time>'
    )
    assert found.published.utcoffset() == timedelta(hours=-5)
    assert dates.in_utc(found.published) == utc(2024, 3, 10, 1)


@given(st.text(max_size=80) | st.lists(PIECES, max_size=14).map("".join))
def test_any_text_gives_an_aware_time_or_none(text):
    found = dates.parse(text)
    assert found is None or (found.tzinfo is not None and dates.in_utc(found).tzinfo is UTC)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_iso_times_come_back_as_they_were(moment, minutes):
    moment = moment.replace(microsecond=0, tzinfo=UTC).astimezone(dates.timezone(timedelta(minutes=minutes)))
    assert dates.parse(moment.isoformat()) == moment
