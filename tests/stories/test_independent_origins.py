from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from telling import TOLD
from test_duplicates import FIRST, REPORT, SECOND

from gazetteer.stories.origins import Source, agency, origins

AT = datetime(2026, 3, 3, tzinfo=UTC)


def test_copies_are_of_the_origin_that_came_first() -> None:
    sources = [
        Source(text=f"{SECOND}\n\n{FIRST}", published_at=AT + timedelta(hours=2)),
        Source(text=TOLD[3][2], published_at=AT),
        Source(text=REPORT, published_at=AT + timedelta(hours=1)),
        Source(text=REPORT),
    ]
    first, second = origins(sources)
    assert (first.first, first.reprints) == (2, (0, 3))
    assert (second.first, second.reprints) == (1, ())


def test_an_agency_is_read_from_byline_dateline_and_end() -> None:
    assert agency(Source(text="x", credit="By Ida Brandt, Associated Press")) == "AP"
    assert agency(Source(text="HOLM, March 3 (Reuters) - A ferry ran aground.")) == "Reuters"
    assert agency(Source(text="A ferry ran aground. (Reporting by Ida Brandt; Reuters)")) == "Reuters"
    assert agency(Source(text="A ferry ran aground. © AFP")) == "AFP"
    assert agency(Source(text="The AP said that a ferry ran aground off Holm, as it had before.")) is None
    assert agency(Source(text="", credit="PAUL APPLE")) is None


def test_texts_of_one_agency_need_less_in_common() -> None:
    rewritten = (
        "Ice is no cause, the coastguard said. Two tugs from Ostby pulled the ship free in the evening. "
        + " ".join(f"Line {number} is of our own making entirely." for number in range(4))
    )
    alone = [Source(text=REPORT), Source(text=rewritten)]
    named = [Source(text=each.text, credit="Reuters") for each in alone]
    assert len(origins(alone)) == 2
    assert [each.agency for each in origins(named)] == ["Reuters"]


@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.text(max_size=20), st.none() | st.datetimes(timezones=st.just(UTC))),
        max_size=6,
    )
)
def test_every_article_has_one_origin(given_: list[tuple[str, str, datetime | None]]) -> None:
    sources = [Source(text=text, credit=credit, published_at=at) for text, credit, at in given_]
    found = origins(sources)
    assert sorted(number for each in found for number in each.articles) == list(range(len(sources)))
