from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.intake import headers

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta(0)),
        ("9" * 5000, headers.LONGEST),
        ("Mon, 06 May 2024 13:00:00 GMT", HOUR),
        ("Monday, 06-May-24 13:00:00 GMT", HOUR),
        ("Mon May  6 13:00:00 2024", HOUR),
        ("Mon, 06 May 2024 11:00:00 GMT", timedelta(0)),
        ("Mon, 06 May 2084 11:00:00 GMT", headers.LONGEST),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_how_long_to_wait(told: str, wait: timedelta | None) -> None:
    assert headers.retry_after({"retry-after": told}, now=NOW) == wait


@pytest.mark.parametrize(
    ("told", "fresh"),
    [
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": 'public, Max-Age="3600", s-maxage=9'}, HOUR),
        ({"cache-control": "s-maxage=9"}, None),
        ({"cache-control": "max-age=3660", "age": "60"}, HOUR),
        ({"cache-control": "max-age=60", "age": "99"}, None),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": "max-age=0", "expires": "Mon, 06 May 2024 13:00:00 GMT"}, None),
        ({"cache-control": "max-age=" + "9" * 99}, headers.LONGEST),
        ({"expires": "Mon, 06 May 2024 13:00:00 GMT"}, HOUR),
        ({"expires": "Mon, 06 May 2024 13:00:00 GMT", "date": "Mon, 06 May 2024 12:30:00 GMT"}, HOUR / 2),
        ({"expires": "0"}, None),
        ({"expires": "Mon, 06 May 2024 11:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(told: dict[str, str], fresh: timedelta | None) -> None:
    assert headers.max_age(told, now=NOW) == fresh


@pytest.mark.parametrize("value", ['"abc"', 'W/"x y"', "Mon, 06 May 2024 13:00:00 GMT"])
def test_validators_are_sent_back_as_they_came(value: str) -> None:
    assert headers.validator(value) == value


@pytest.mark.parametrize("value", [None, "", " ", "a\r\nX-Evil: 1", "\x00", "é", "x" * 5000])
def test_what_no_header_may_hold_is_not_sent_back(value: str | None) -> None:
    assert headers.validator(value) is None


@given(st.dictionaries(st.sampled_from(["retry-after", "cache-control", "age", "expires", "date"]), st.text()))
def test_any_headers_give_an_answer(told: dict[str, str]) -> None:
    for found in (headers.retry_after(told, now=NOW), headers.max_age(told, now=NOW)):
        assert found is None or timedelta(0) <= found <= headers.LONGEST
