"""Which known person, body, place… an article's entity is, if any: names gathered across articles.

A full name is looked for among the full names that are known, a short one among the names that one known entity alone
goes by. Where two can be meant, none is: a new entity that is merged later does less harm than two people in one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gazetteer.annotate.names import (
    Words,
    group_words,
    organisation_words,
    person_words,
    place_words,
    same_given,
    same_person,
    words_of,
)
from gazetteer.types import Place

LONE_SURNAME_FROM = 3
"""In how many articles a person must have been named before a surname alone, in another article, is theirs."""

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_WORDS: dict[str, Callable[[str], Words]] = {
    "PERSON": person_words,
    "ORG": organisation_words,
    "NORP": group_words,
    "GPE": place_words,
    "LOC": place_words,
    "FAC": place_words,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entity of earlier articles: its number, its names (the fullest and all others), and in how many articles.

    `place` is where a place is; of a body, the country that it belongs to, where that is known.
    """

    number: int
    label: str
    names: tuple[str, ...]
    place: Place | None = None
    articles: int = 1


def known_as(
    name: str, label: str, *, forms: Iterable[str] = (), place: Place | None = None, known: Iterable[Known]
) -> Known | None:
    """Which of the `known` the entity `name` is, `forms` being all that its article calls it; None where it is new.

    None too where several can be meant. `place` is the entity's own or, for a body, the country that its article is
    mostly about, where that can be told: it keeps the Congress of one country from that of another.
    """
    words = _WORDS.get(label, words_of)
    own = {words(form) for form in (name, *forms)} - {()}
    candidates = [each for each in known if _same_label(label, each.label) and _same_place(label, place, each.place)]
    if label == "PERSON":
        return _only(_person(own, candidates))
    return _only(_thing(words(name), own, [(each, [words(its) for its in each.names]) for each in candidates]))


def _only(found: list[Known]) -> Known | None:
    return found[0] if len(found) == 1 else None


def _same_label(one: str, other: str) -> bool:
    return one == other or {one, other} <= _PLACES


def _same_place(label: str, one: Place | None, other: Place | None) -> bool:
    """Whether things with these places can be one. Of places themselves, both or neither must be known."""
    if label == "ORG":
        return one is None or other is None or one.country == other.country
    if label not in _PLACES and label != "NORP":
        return True
    if one is None or other is None:
        return one is other
    if (one.country, one.subdivision) != (other.country, other.subdivision):
        return False
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return one.latitude == other.latitude
    return abs(one.latitude - other.latitude) < 1 and abs(one.longitude - other.longitude) < 1


def _thing(full: Words, own: set[Words], named: list[tuple[Known, list[Words]]]) -> list[Known]:
    """Those that go by `full` above all, else at all, else those that are known by a short form of `own` alone."""
    return (
        [each for each, names in named if full == names[0]]
        or [each for each, names in named if full in names]
        or [each for each, names in named if all(len(its) == 1 for its in names) and not own.isdisjoint(names)]
    )


def _person(own: set[Words], candidates: list[Known]) -> list[Known]:
    """Those of the `candidates` that the person called `own` can be, the most alike alone."""
    full = [each for each in own if len(each) > 1]
    named = [(each, [person_words(name) for name in each.names]) for each in candidates]
    if not full:
        return _lone(own, named)
    fitting = [
        (each, names)
        for each, names in named
        if any(len(its) > 1 for its in names)
        and all(_can_be(one, its) for one in full for its in names if len(its) > 1)
    ]
    longest = max(full, key=len)
    exact = [each for each, names in fitting if longest in names]
    return exact or [each for each, _ in fitting]


def _lone(own: set[Words], named: list[tuple[Known, list[Words]]]) -> list[Known]:
    """Those who go by one of the single words `own`: all of that surname, if known well enough or by that word alone.

    Somebody less known of the same surname makes it anybody's.
    """
    surname = {each[0] for each in own}
    bearers = [(each, names) for each, names in named if any(its and its[-1] in surname for its in names)]
    is_known = all(each.articles >= LONE_SURNAME_FROM or all(len(its) == 1 for its in names) for each, names in bearers)
    return [each for each, _ in bearers] if is_known else []


def _can_be(one: Words, other: Words) -> bool:
    """Whether two full names can be one person's, the given name the same, an initial or a short form of the other."""
    short, full = sorted((one, other), key=lambda words: (len(words), words))
    return same_given(short[0], full[0]) and same_person(short, full)
