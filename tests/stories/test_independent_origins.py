from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from telling import TOLD
from test_duplicates import FIRST, REPORT, SECOND

from gazetteer.stories.origins import Source, agency, origins

AT = datetime(2026, 3, 3, tzinfo=UTC)


def test_copies_are_of_the_origin_that_came_first() -> None:
    sources = [
        Source(outlet="A", text=f"{SECOND}\n\n{FIRST}", published_at=AT + timedelta(hours=2)),
        Source(outlet="B", text=TOLD[3][2], published_at=AT),
        Source(outlet="C", text=REPORT, published_at=AT + timedelta(hours=1)),
        Source(outlet="D", text=REPORT),
    ]
    first, second = origins(sources)
    assert [text.articles for text in first.texts] == [(2, 0, 3)]
    assert [text.articles for text in second.texts] == [(1,)]


def test_a_copy_tells_of_what_and_how_much_of_it() -> None:
    own = " ".join(f"Line {number} is of our own making entirely, and nobody printed it." for number in range(20))
    sources = [
        Source(outlet="A", text=REPORT, published_at=AT),
        Source(outlet="B", text=f"{REPORT}\n\n{own}", published_at=AT + timedelta(hours=1)),
        Source(outlet="C", text=REPORT, published_at=AT + timedelta(hours=2)),
    ]
    ((text,),) = (origin.texts for origin in origins(sources))
    partly, whole = text.copies
    assert (partly.article, partly.of, partly.is_reprint) == (1, 0, False)
    assert (whole.article, whole.of, whole.share, whole.is_reprint) == (2, 0, 1.0, True)


def test_articles_of_one_outlet_have_one_origin() -> None:
    sources = [Source(outlet="A", text=text, published_at=AT) for _, _, text in TOLD[:3]]
    (only,) = origins(sources)
    assert only.articles == (0, 1, 2)
    assert len(origins([*sources, Source(outlet="B", text=TOLD[5][2])])) == 2


def test_an_outlet_that_reports_and_reprints_is_not_one_with_those_who_reprint_too() -> None:
    sources = [
        Source(outlet="A", text=REPORT, credit="Reuters", published_at=AT),
        Source(outlet="A", text=TOLD[3][2], published_at=AT + timedelta(hours=1)),
        Source(outlet="B", text=REPORT, credit="Reuters", published_at=AT + timedelta(hours=2)),
    ]
    printed, own = origins(sources)
    assert (printed.articles, printed.agency) == ((0, 2), "Reuters")
    assert (own.articles, own.agency) == ((1,), None)


def test_a_reprint_without_others_is_its_outlets() -> None:
    sources = [
        Source(outlet="A", text=TOLD[3][2], published_at=AT),
        Source(outlet="A", text=REPORT, credit="Reuters", published_at=AT + timedelta(hours=1)),
    ]
    (only,) = origins(sources)
    assert (only.agency, [text.agency for text in only.texts]) == (None, [None, "Reuters"])


def test_an_agency_is_read_from_byline_dateline_and_end() -> None:
    assert agency(Source(outlet="A", text="x", credit="By Ida Brandt, Associated Press")) == "AP"
    assert agency(Source(outlet="A", text="HOLM, March 3 (Reuters) - A ferry ran aground.")) == "Reuters"
    assert agency(Source(outlet="A", text="A ferry ran aground. (Reporting by Ida Brandt; Reuters)")) == "Reuters"
    assert agency(Source(outlet="A", text="A ferry ran aground. © AFP")) == "AFP"
    assert agency(Source(outlet="A", text="The AP said that a ferry ran aground off Holm, as it had before.")) is None
    assert agency(Source(outlet="A", text="", credit="PAUL APPLE")) is None


def test_texts_of_one_agency_need_less_in_common() -> None:
    rewritten = (
        "Ice is no cause, the coastguard said. Two tugs from Ostby pulled the ship free in the evening. "
        + " ".join(f"Line {number} is of our own making entirely." for number in range(4))
    )
    alone = [Source(outlet="A", text=REPORT), Source(outlet="B", text=rewritten)]
    named = [replace(each, credit="Reuters") for each in alone]
    assert len(origins(alone)) == 2
    assert [each.agency for each in origins(named)] == ["Reuters"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.text(max_size=80) | st.sampled_from([REPORT, TOLD[3][2], TOLD[5][2]]),
            st.text(max_size=20),
            st.none() | st.datetimes(timezones=st.just(UTC)),
        ),
        max_size=6,
    )
)
def test_every_article_has_one_origin_and_there_are_no_more_than_outlets(
    given_: list[tuple[str, str, str, datetime | None]],
) -> None:
    sources = [Source(outlet=outlet, text=text, credit=credit, published_at=at) for outlet, text, credit, at in given_]
    found = origins(sources)
    assert sorted(number for each in found for number in each.articles) == list(range(len(sources)))
    assert len(found) <= len({each.outlet for each in sources})
