import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import view
from gazetteer.types import LABELS, Entity, Place, Quote, QuoteKind, SentenceTone, Tone
from tests.digests import annotation, words


@given(words())
def test_what_is_printable_acts_on_nothing(text: str) -> None:
    shown = view.printable(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in shown if char not in "\n\t")
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert view.printable(shown) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://a.example\x1b\\link", "link"),
        ("a\x07b\x9bc", "abc"),
        ("\u202egpj.exe", "gpj.exe"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("naïve 漢字 👩‍👧", "naïve 漢字 👩‍👧"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert view.printable(text) == shown


@pytest.mark.parametrize(
    "address",
    ["https://a.example/", "http://a.example:8080/b?c=d#e", "https://bücher.example/ä", "HTTPS://A.example/"],
)
def test_links_that_are_safe(address: str) -> None:
    assert view.safe_link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<b>",
        "//a.example/",
        "/path",
        "https:///path",
        "https://bank.example@evil.example/",
        "https://a.example/\x1b]8;;",
        "https://a.example/\u202e",
        "https://a.example/ b",
        'https://a.example/">',
        "https://[::1",
        "https://a.example:port/",
        "https://a.example/\ud800",
    ],
)
def test_links_that_are_not(address: str | None) -> None:
    assert view.safe_link(address) is None


@given(words())
def test_any_address_is_judged_and_any_headline_searched_for(text: str) -> None:
    assert view.safe_link(text) in {None, text}
    assert view.safe_link(view.coverage_link(text)) is not None


def test_coverage_link_searches_for_the_headline() -> None:
    assert view.coverage_link("“A & B”") == "https://news.google.com/search?q=%E2%80%9CA+%26+B%E2%80%9D"


def test_every_label_has_its_group_and_unknown_ones_come_last() -> None:
    assert set(view.GROUPS) == set(LABELS)
    entities = tuple(Entity(name=label, label=label, mentions=()) for label in ("DATE", *reversed(LABELS)))
    shown = view.groups(annotation(entities=entities))
    assert [group.label for group in shown] == [*view.GROUPS, "DATE"]
    assert shown[0].entities == ((11, entities[11]),)


def test_whoever_speaks_stands_once_under_a_name_or_the_texts_words_for_them() -> None:
    text = "A guard said no. Osei agreed. He left, the guard said. Ms Osei spoke."
    spans = [((0, 7), None), ((17, 21), 0), ((30, 32), None), ((39, 48), None), ((55, 62), 0), (None, None)]
    quotes = tuple(
        Quote(start=n, end=n + 1, kind=QuoteKind.DIRECT, speaker=span, entity=entity)
        for n, (span, entity) in enumerate(spans)
    )
    person = Entity(name="Abena Osei", label="PERSON", mentions=())
    voices = view.voices(annotation(text, entities=(person,), quotes=quotes), text)
    assert [(voice.name, voice.entity, [quote.start for quote in voice.quotes]) for voice in voices] == [
        ("A guard", None, [0]),
        ("Abena Osei", 0, [1, 4]),
        ("Not named", None, [2, 5]),
        ("the guard", None, [3]),
    ]


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_two_shares_of_what_is_charged_sum_to_100(positivity: float, neutral: float) -> None:
    shares = view.shares(Tone(positivity=positivity, negativity=1 - positivity, neutral=neutral))
    assert shares.positivity + shares.negativity == 100
    assert 0 <= shares.positivity <= 100


@pytest.mark.parametrize(
    ("positive", "negative", "word"), [(0.2, 0.1, "positive"), (0.1, 0.2, "negative"), (0.1, 0.1, "neutral")]
)
def test_leaning(positive: float, negative: float, word: str) -> None:
    assert view.leaning(SentenceTone(positive=positive, negative=negative, neutral=0.7)) == word
    assert view.leaning(None) == "neutral"


def test_the_charge_of_a_sentence_is_told_with_both_its_shares() -> None:
    assert view.charge(SentenceTone(positive=0.05, negative=0.14, neutral=0.81)) == "14% negative, 5% positive"
    assert view.charge(SentenceTone(positive=0.3, negative=0.001, neutral=0.699)) == "30% positive"
    assert view.charge(SentenceTone(positive=0.0, negative=0.0, neutral=1.0)) == "neutral"
    assert view.charge(None) == "neutral"


def test_times_are_told_in_utc_and_days_without_a_time() -> None:
    evening = datetime(2020, 8, 15, 20, 42, tzinfo=timezone(timedelta(hours=-4)))
    assert view.moment(evening) == "16 August 2020, 00:42 UTC"
    assert view.machine_moment(evening) == "2020-08-16T00:42:00Z"
    assert view.moment(datetime(2020, 8, 5, tzinfo=UTC)) == "5 August 2020"
    assert view.machine_moment(datetime(2020, 8, 5, tzinfo=UTC)) == "2020-08-05"


def test_counts_and_lists_in_words() -> None:
    assert [view.times(count) for count in (1, 2, 14)] == ["once", "twice", "14 times"]
    assert [view.joined(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_nothing_is_wholly_sure() -> None:
    assert view.certainty(0.93, 0.93) == "93%"
    assert view.certainty(0.5, 0.999) == "50% to over 99%"
    assert view.certainty(0.998, 1.0) == "over 99%"


@pytest.mark.parametrize(
    ("label", "place", "shown"),
    [
        ("GPE", Place(country="NO", latitude=62.7, longitude=7.2), "NO"),
        ("GPE", Place(country="US", subdivision="US-GA"), "US-GA"),
        ("GPE", Place(country="NO"), None),
        ("GPE", None, None),
        ("LOC", Place(country="RU"), "RU"),
        ("FAC", Place(country="EE"), "EE"),
        ("NORP", Place(country="GB", subdivision="GB-SCT"), None),
    ],
)
def test_what_a_place_lies_in_is_shown_where_it_tells_something(label: str, place: Place, shown: str) -> None:
    assert view.whereabouts(Entity(name="x", label=label, mentions=(), place=place)) == shown


def test_a_tone_that_is_none_by_half_is_unclear() -> None:
    assert view.tendency(SentenceTone(positive=0.39, negative=0.31, neutral=0.3)) == "unclear (positive 39%)"
    assert view.tendency(SentenceTone(positive=0.25, negative=0.5, neutral=0.25)) == "negative (50%)"


def test_outcomes_are_told_by_the_likeliest() -> None:
    read = annotation()
    outcome = SentenceTone(positive=0.6, negative=0.3, neutral=0.1)
    entities = tuple(replace(e, outcome=outcome if e.label == "ORG" else None) for e in read.entities)
    told = view.outcomes(replace(read, entities=entities))
    assert [(number, entity.name, words) for number, entity, words in told] == [
        (2, "Veridian Lines", "good news (60%)"),
        (3, "Assembly", "good news (60%)"),
    ]
    assert view.outcomes(read) == ()
