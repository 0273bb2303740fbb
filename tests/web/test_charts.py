from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gazetteer.archive.values import Day
from gazetteer.web.charts import HEIGHT, MOST, WIDTH, chart

FIRST = date(2020, 1, 1)


def day(after: int, articles: int = 1, positivity: float | None = None) -> Day:
    return Day(
        day=FIRST + timedelta(days=after),
        articles=articles,
        positivity=positivity,
        negativity=None if positivity is None else 1 - positivity,
    )


def drawn(*days: Day):
    found = chart(days)
    assert found is not None
    return found


def test_no_days_are_no_chart() -> None:
    assert chart([]) is None


def test_a_bar_is_a_day_a_week_a_month_or_years_as_the_time_asks_for() -> None:
    assert drawn(day(0)).each == "day"
    assert drawn(day(0), day(59)).each == "day"
    assert drawn(day(0), day(60)).each == "week"
    assert drawn(day(0), day(900)).each == "month"
    assert drawn(day(0), day(4_000)).each == "year"
    assert drawn(day(0), day(80_000)).each == "10 years"


def test_bars_say_what_they_are() -> None:
    assert [bar.span.words for bar in drawn(day(0), day(1)).bars] == ["1 Jan 2020", "2 Jan 2020"]
    assert drawn(day(0), day(100)).bars[0].span.words == "week of 30 Dec 2019"
    assert drawn(day(0), day(900)).bars[-1].span.words == "June 2022"
    assert drawn(day(0), day(4_000)).bars[-1].span.words == "2030"


def test_a_chart_reaches_from_its_first_day_to_its_last() -> None:
    first, middle, last = drawn(day(0), day(2), day(4)).bars
    assert first.x == WIDTH - last.x - last.width < 60
    assert middle.x + middle.width / 2 == WIDTH / 2


def test_a_span_adds_its_days_up_and_weighs_their_tone_by_articles() -> None:
    first = drawn(day(0, 3, 0.8), day(1, 1, 0.4), day(2, 6), day(300)).bars[0]
    assert first.span.articles == 10
    assert first.span.positivity is not None
    assert abs(first.span.positivity - 0.7) < 1e-9
    assert first.height == HEIGHT


def test_spans_without_tone_have_no_bar_of_it() -> None:
    assert len(drawn(day(0, 1, 0.5), day(1)).toned) == 1
    assert drawn(day(0)).toned == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 190_000), st.integers(1, 10**6), st.none() | st.floats(0, 1)),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[0],
    )
)
def test_any_days_are_drawn_within_bounds_and_none_is_lost(rows: list) -> None:
    found = drawn(*(day(*row) for row in sorted(rows)))
    assert 1 <= len(found.bars) <= MOST
    assert found.total == sum(row[1] for row in rows) == sum(bar.span.articles for bar in found.bars)
    ends = [0.0]
    for bar in found.bars:
        assert bar.x >= ends[-1] - 0.01
        assert 0 <= bar.height <= HEIGHT
        assert bar.span.positivity is None or -1e-9 <= bar.span.positivity <= 1 + 1e-9
        ends.append(bar.x + bar.width)
    assert ends[-1] <= WIDTH
