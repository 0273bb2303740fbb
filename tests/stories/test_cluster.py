import random
import string
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import TOLD

from gazetteer.stories.cluster import APART, PRIOR, Candidate, assign, cluster, company, of_prior
from gazetteer.stories.similar import LIKENESSES, MOST_WORDS, Features, first, likenesses, weigh
from gazetteer.stories.words import LONGEST, count

texts = st.text(st.characters(codec="utf-8"), max_size=60)


def features(headline: str, text: str, vector: tuple[float, ...] = ()) -> Features:
    words = count(headline, text)
    return weigh(words, np.zeros(len(words.hashes), dtype=np.int64), 10, vector)


def gathered(articles: list[tuple[str, str, str]]) -> set[frozenset[str]]:
    stories = defaultdict(set)
    found = cluster([count(headline, text) for _, headline, text in articles])
    for (_, headline, _), story in zip(articles, found, strict=True):
        stories[story].add(headline)
    return {frozenset(each) for each in stories.values()}


def test_articles_of_one_event_are_one_story() -> None:
    events = defaultdict(set)
    for event, headline, _ in TOLD:
        events[event].add(headline)
    assert gathered(TOLD) == {frozenset(each) for each in events.values()}


@given(st.permutations(TOLD))
def test_order_changes_nothing(articles: list[tuple[str, str, str]]) -> None:
    assert gathered(articles) == gathered(TOLD)


def test_stories_are_numbered_as_they_come() -> None:
    found = cluster([count(headline, text) for _, headline, text in TOLD])
    assert list(dict.fromkeys(found)) == list(range(max(found) + 1))


def test_articles_without_company_stay_alone() -> None:
    alone = [
        ("Minister opens tunnel under the strait", "The minister said on Monday that the tunnel cost four billion."),
        ("Storm closes two airports in the north", "Officials said flights would resume on Tuesday after the storm."),
        ("Court frees editor held for a year", "The court said on Friday that the editor should not have been held."),
        ("Farmers block roads over price of milk", "Police said the farmers would leave on Monday; the price is low."),
        ("Goalkeeper, 41, signs for one more season", "The club said on Tuesday that he would play until the summer."),
        (
            "Bank raises its rate for the third time",
            "The bank said on Thursday that prices rose faster than it thought.",
        ),
        ("Museum finds a lost map of the coast", "The museum said on Friday that the map was behind a shelf."),
        (
            "Vaccine for cattle fever is approved",
            "Officials said on Thursday that farmers would have it by the summer.",
        ),
    ]
    assert cluster([count(*each) for each in alone], np.eye(8).tolist()) == [*range(8)]


def test_rare_company_is_believed_less() -> None:
    as_learned = np.where(np.arange(1000) < 1000 * PRIOR, 6.0, -9.0)
    assert np.abs(of_prior(as_learned) - np.maximum(as_learned, -8)).max() < 0.2
    assert of_prior(np.full(1000, -4.0)).max() < -7
    often = np.full(10, 3.0)
    assert np.array_equal(of_prior(often), often)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=30))
def test_log_odds_are_never_raised_nor_out_of_bounds(log_odds: list[float]) -> None:
    given_ = np.array(log_odds)
    found = of_prior(given_)
    assert (found <= np.maximum(given_, APART + 0.01)).all()
    assert (found > APART).all()
    ends = np.array([(n, n + 1) for n in range(len(log_odds))])
    assert 0 <= company(ends, found, len(log_odds) + 1) < 20


def test_nothing_is_no_story() -> None:
    assert cluster([]) == []
    assert cluster([count("", "")]) == [0]
    assert cluster([count("", ""), count("", "")]) == [0, 1]


@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_any_texts_are_gathered(articles: list[tuple[str, str]]) -> None:
    found = cluster([count(headline, text) for headline, text in articles])
    assert sorted(set(found)) == list(range(len(set(found))))
    assert len(found) == len(articles)


@given(texts, texts)
def test_likeness_is_mutual_and_bounded(one: str, other: str) -> None:
    a, b = features(one, other), features(other, one)
    there, back = likenesses(a, [b]), likenesses(b, [a])
    np.testing.assert_allclose(there, back, atol=1e-5)
    assert (there[:4] >= 0).all()
    assert (there[:4] <= 1.0001).all()


def test_a_text_is_wholly_like_itself() -> None:
    one = features(TOLD[0][1], TOLD[0][2], (0.6, 0.8))
    np.testing.assert_allclose(likenesses(one, [one, one])[[0, 1, 2, 4]], 1, atol=1e-5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("on Tuesday", "since Tuesday", "one day"),
        ("on Monday and Tuesday", "TUESDAY, late", "one day"),
        ("on Tuesday", "on Wednesday", "next day"),
        ("on Monday", "on Sunday", "next day"),
        ("on Monday", "on Thursday or Saturday", "other day"),
        ("on Monday", "in May", None),
        ("today", "in May", None),
    ],
)
def test_the_days_of_two_leads_are_compared(one: str, other: str, expected: str | None) -> None:
    told = [features("Harbour closed", f"The harbour was closed {when}.") for when in (one, other)]
    for there, back in (told, told[::-1]):
        days = dict(zip(LIKENESSES, likenesses(there, [back])[:, 0], strict=True))
        assert [name for name in LIKENESSES[5:] if days[name]] == ([expected] if expected else [])


def test_days_are_compared_however_long_an_article_is() -> None:
    long = " ".join(f"word{number}" for number in range(2 * MOST_WORDS))
    one, other = (features("Harbour closed", f"It was closed on {day}. {long}") for day in ("Monday", "Friday"))
    assert likenesses(one, [other])[LIKENESSES.index("other day"), 0] == 1


def test_what_other_days_tell_of_is_less_surely_one_event() -> None:
    one = features("Talks over fishing go on", "Ministers of both sides met again on Monday, and hope to agree on cod.")
    others = [
        features("No end to fishing talks", f"Envoys left the table late on {day}.") for day in ("Monday", "Friday")
    ]
    same, apart = first(likenesses(one, others))
    assert same > apart + 3


def test_forms_of_a_word_are_one_and_case_is_none() -> None:
    assert set(count("Ferry runs", "").hashes) == set(count("", "FERRIES run").hashes)
    assert len(count("the and of", "").hashes) == 0


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    assert len(np.intersect1d(count("", "東京で火災").hashes, count("", "火災、東京").hashes)) == 4


def test_the_work_is_bounded_by_the_words_that_are_counted() -> None:
    rows = count("", "word " * 3 * LONGEST)
    assert rows.counts.max() == LONGEST


def test_many_articles_cost_no_pair_each() -> None:
    """Each is compared with its neighbours: all share words, and 3,000 would make four million pairs."""
    draw = random.Random(1)
    names = ["".join(draw.choices(string.ascii_lowercase, k=8)) for _ in range(1000)]
    articles = [count(f"storm {name}", f"storm over {name} and {name}port") for name in names for _ in range(3)]
    found = cluster(articles)
    assert [found[at : at + 3] for at in range(0, 3000, 3)] == [[story] * 3 for story in range(1000)]


def candidates(*numbers: int) -> list[Candidate]:
    stories = {"ferry": 1, "bank": 2, "cup": 3, "rain": 4}
    return [Candidate(features=features(TOLD[n][1], TOLD[n][2]), story=stories[TOLD[n][0]]) for n in numbers]


def test_an_article_joins_its_story() -> None:
    one = features(TOLD[1][1], TOLD[1][2])
    found = assign(one, candidates(0, 3, 5))
    assert (found.story, found.merged) == (1, ())
    assert found.log_odds is not None


def test_an_article_of_no_candidate_s_event_begins_a_story() -> None:
    one = features(TOLD[7][1], TOLD[7][2])
    assert assign(one, candidates(0, 3, 5)).story is None
    assert assign(one, []).story is None


def test_an_article_that_tells_of_two_stories_joins_them() -> None:
    split = [*candidates(0, 3), Candidate(features=candidates(2)[0].features, story=9)]
    found = assign(features(TOLD[1][1], TOLD[1][2]), split)
    assert {found.story, *found.merged} == {1, 9}


@given(st.permutations(range(8)))
def test_the_order_of_candidates_changes_nothing(order: list[int]) -> None:
    one = features("Ferry Marigold ran aground", TOLD[0][2])
    assert assign(one, candidates(*order)).story == assign(one, candidates(*range(8))).story == 1
