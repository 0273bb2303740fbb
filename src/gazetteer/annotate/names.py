"""Which mentions of an article name the same thing, and what it is called.

Rules, in the order of an attentive reader: first the fuller names, then each shorter one goes to the fuller name that
it can stand for, the one first named (whom the article is about) where several can.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import filterfalse

from gazetteer.annotate.lexicon import (
    ALIASES,
    BODIES,
    COMPANY_FORMS,
    PARTICLES,
    PEOPLES,
    SHORT_NAMES,
    SMALL_WORDS,
    STATE_FORMS,
    STATES,
    SUFFIXES,
)
from gazetteer.annotate.mentions import without_title
from gazetteer.annotate.speech.words import GIVEN

Words = tuple[str, ...]
"""A name as it is compared: its words, made plain."""

_PLURAL_GROUP = re.compile(r"(?<=an|ch|im|st|ni|ti|li|qi|si|hi|nt|at|rn|et|ew|ic|rd|rk|ab)s$")
_APART = re.compile(r"[\s\-‐‑–—/]+")
_ASCII = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "a"})
_RUN_ON_INITIALS = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")
_OWNING = re.compile(r"[’']s\b")
_DROPPED = re.compile(r"[.,'’‘`´\"“”()]")

_LEAST_JOINED = 5
"""Letters from which words that are run together can be no other's."""

_NOBODY: frozenset[int] = frozenset()
_GIVEN = {
    word: frozenset(n for n, names in enumerate(SHORT_NAMES) if word in names)
    for word in frozenset().union(*SHORT_NAMES)
}
"""For each given name, the numbers of the groups of `SHORT_NAMES` that it is in."""


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """The words of `name` as they are compared: lower case, without accents, stops or apostrophes."""
    bare = name if name.isascii() else "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", name)))
    plain = _DROPPED.sub("", _OWNING.sub("", bare.casefold().translate(_ASCII)))
    found = tuple(word for word in _APART.split(plain) if word)
    return found[1:] if len(found) > 1 and found[0] == "the" else found


@lru_cache(maxsize=4096)
def person_words(name: str) -> Words:
    """The words of a person's `name` without titles and generations, its initials one by one ("V.V. Putin")."""
    found = words_of(_RUN_ON_INITIALS.sub(r"\1. ", without_title(name)))
    while len(found) > 1 and found[-1] in SUFFIXES:
        found = found[:-1]
    return found


def _person_form(name: str) -> Words:
    """The words of a person's `name` without titles, but with its generation: father and son may have one name."""
    bare, last = person_words(name), words_of(name)[-1:]
    return (*bare, *last) if bare and last != bare[-1:] and last[0] in SUFFIXES else bare


def generation(name: str) -> str:
    """What tells the person called `name` from an elder or younger one of that name ("jr"), else nothing."""
    return "".join(_parted(_person_form(name))[1])


def _parted(form: Words) -> tuple[Words, Words]:
    """A person's form in two: the words of the name, and the generation."""
    cut = len(form) - (len(form) > 1 and form[-1] in SUFFIXES)
    return form[:cut], form[cut:]


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, an initial, or a short form."""
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return not _GIVEN.get(one, _NOBODY).isdisjoint(_GIVEN.get(other, _NOBODY))


def is_given_name(word: str) -> bool:
    """Whether `word` is known as a given name."""
    return word.casefold() in GIVEN or word.casefold() in _GIVEN


def same_person(short: Words, full: Words) -> bool:
    """Whether the name `short` can stand for the person named `full`, which has at least as many words.

    Two generations are two people; a name without one can be either's.
    """
    if short == full:
        return True
    if not SUFFIXES.isdisjoint(short[-1:] + full[-1:]):
        (short, its), (full, other) = _parted(short), _parted(full)
        if its != other and its and other:
            return False
        short, full = sorted((short, full), key=len)
        if short == full:
            return True
    if len(short) == 1:
        return short[0] in _standing_alone(full) or _misspelt(short[0], full[-1])
    if contains(full, short):
        return True
    if not same_given(short[0], full[0]):
        return False
    if len(short) > 2 and len(short[1]) == 1 and short[1] != full[1][0]:
        return False
    if short[-1] == full[-1] or _misspelt(short[-1], full[-1]):
        middle = iter(full[1:-1])
        return all(any(same_given(word, other) for other in middle) for word in short[1:-1])
    # A second surname may be left out: "Ana Ruiz" is Ana M. Ruiz Soto.
    can_be_left = len(short[-1]) > 1 and short[-1] not in PARTICLES and len(short) < len(full)
    return can_be_left and short[-1] in full[1:-1] and short[0] == full[0]


def _standing_alone(full: Words) -> Words:
    """The words of a full name that can stand for it alone: all but particles and initials."""
    return tuple(word for word in full if len(word) > 1 and word not in PARTICLES)


def _misspelt(one: str, other: str) -> bool:
    """Whether two words of seven letters or more differ by one letter changed, added or left out, or two swapped."""
    if min(len(one), len(other)) < 7 or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    head = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if one[head + 2 :] == other[head + 2 :] and one[head : head + 2] == other[head : head + 2][::-1]:
        return True
    return one[head + (len(one) >= len(other)) :] == other[head + (len(other) >= len(one)) :]


def contains(full: Words, short: Words) -> bool:
    """Whether the words `short` stand in `full` one after the other."""
    return any(full[n : n + len(short)] == short for n in range(len(full) - len(short) + 1))


@lru_cache(maxsize=4096)
def organisation_words(name: str) -> Words:
    """The words of an organisation's `name` without its company form, a state before them in full ("U.S. Senate")."""
    found = words_of(name)
    while len(found) > 1 and found[-1] in COMPANY_FORMS:
        found = found[:-1]
    known = aliased(found)
    is_of_state = known == found and len(found) > 1 and found[0] in STATES
    return (*aliased(found[:1]), *found[1:]) if is_of_state else known


def place_words(name: str) -> Words:
    """The words of a place's `name`, under the name that it goes by, without what it lies in ("Molde, Norway")."""
    found = words_of(name.split(",", maxsplit=1)[0]) or words_of(name)
    joined = " ".join(found)
    if joined in ALIASES:
        return aliased(found)
    for form in STATE_FORMS:
        if joined.startswith(form):
            return tuple(joined.removeprefix(form).split())
    return found


def aliased(words: Words) -> Words:
    """`words`, or those of the name that they stand for in any article."""
    name = ALIASES.get(" ".join(words))
    return tuple(name.split()) if name else words


def group_words(name: str) -> Words:
    """The words of a people's or group's `name`, its last in the singular ("Belarusians", "Belarusian")."""
    found = words_of(name)
    if not found:
        return found
    last = re.sub(r"men\Z", "man", found[-1])
    singular = last if last in PEOPLES else _PLURAL_GROUP.sub("", last)
    singular = singular if singular in PEOPLES else re.sub(r"s\Z", "", last) if last[:-1] in PEOPLES else singular
    return (*found[:-1], PEOPLES.get(singular, singular))


_STATE_NAMES = {names for state in STATES for names in ((state,), aliased((state,)))}


def is_acronym(short: Words, full: Words) -> bool:
    """Whether the one word `short` is made of the initials of `full`, with or without its small words."""
    if len(short) != 1 or len(full) < 2 or not 2 <= len(short[0]) <= 8:
        return False
    return short[0] in initials(full)


def initials(full: Words) -> tuple[str, str]:
    """The initials of a name, with and without those of its small words."""
    return "".join(word[0] for word in full), "".join(word[0] for word in full if word not in SMALL_WORDS)


def same_organisation(short: Words, full: Words) -> bool:
    """Whether the name `short` can stand for the organisation named `full`, which has at least as many words.

    What a longer name says that it is of, or for, is another ("Friends of the United Nations"), and so is a state or
    union that it begins with.
    """
    if short == full or is_acronym(short, full) or _run_together(short, full):
        return True
    if len(full) == len(short):
        return len(full) == 1 and _misspelt(full[0], short[0])
    if short in _STATE_NAMES or all(word in SMALL_WORDS or len(word) == 1 for word in short):
        return False
    if full[: len(short)] == short:
        return full[-1] not in BODIES
    first = 1 if len(short) > 1 else len(full) - 1
    return any(
        full[n : n + len(short)] == short and full[n - 1] not in SMALL_WORDS
        for n in range(first, len(full) - len(short) + 1)
    )


def _run_together(short: Words, full: Words) -> bool:
    """Whether `short` is how `full` begins, with other words run together ("JPMorgan" and "J.P. Morgan Chase")."""
    joined = "".join(short)
    return len(joined) >= _LEAST_JOINED and any(
        "".join(full[:n]) == joined for n in range(len(short) + 1, len(full) + 1)
    )


def same_name(short: Words, full: Words) -> bool:
    """Whether two names are the same."""
    return short == full or is_acronym(short, full)


_RULES: dict[str, tuple[Callable[[str], Words], Callable[[Words, Words], bool]]] = {
    "PERSON": (_person_form, same_person),
    "ORG": (organisation_words, same_organisation),
    "NORP": (group_words, same_name),
    "GPE": (place_words, same_name),
    "LOC": (place_words, same_name),
    "FAC": (words_of, same_organisation),
}
_DEFAULT = (words_of, same_name)


@dataclass(slots=True)
class _Cluster:
    """Mentions of one thing: their numbers, and every form (words) that its name has."""

    members: list[int] = field(default_factory=list)
    forms: set[Words] = field(default_factory=set)


def gather(
    mentions: Sequence[tuple[str, str]],
    *,
    same: Sequence[tuple[int, int]] = (),
    two: Sequence[tuple[int, int]] = (),
) -> list[tuple[int, ...]]:
    """The numbers of the `mentions` (name, label; in reading order) that name one thing, thing by thing.

    Things come in the order of their first mention. Only mentions of one label are gathered. `same` are the numbers of
    pairs that the text itself says are one thing, a name and its acronym; `two` of those that it says are two, a man
    and his son.
    """
    clusters: list[_Cluster] = []
    for label in dict.fromkeys(label for _, label in mentions):
        words, can_be = _RULES.get(label, _DEFAULT)
        keyed = {n: words(name) for n, (name, its) in enumerate(mentions) if its == label}
        clusters += _gather_one(keyed, can_be, two)
    for one, other in same:
        clusters = _merged(clusters, one, other)
    return sorted(tuple(sorted(cluster.members)) for cluster in clusters)


def _gather_one(
    keyed: dict[int, Words], same: Callable[[Words, Words], bool], two: Sequence[tuple[int, int]]
) -> list[_Cluster]:
    """The clusters of the mentions of one label: `keyed` gives the words of each by its number.

    A full name is one person's throughout. A lone one that the text tells from its bearer's is so there alone.
    """
    by_form: dict[Words, list[int]] = {}
    for n, form in keyed.items():
        by_form.setdefault(form, []).append(n)
    others: dict[int, set[int]] = {}
    for one, other in two:
        others.setdefault(one, set()).add(other)
        others.setdefault(other, set()).add(one)
    clusters: list[_Cluster] = []
    of_mention: dict[int, _Cluster] = {}
    for form in sorted(by_form, key=lambda form: (-len(form), by_form[form][0])):
        told = [n for n in by_form[form] if len(form) == 1 and n in others]
        rest = [n for n in by_form[form] if n not in others] if told else by_form[form]
        candidates = [cluster for cluster in clusters if any(same(form, full) for full in cluster.forms)]
        for members in filter(None, [*([n] for n in told), rest]):
            rivals = {id(of_mention[other]) for n in members for other in others.get(n, ()) if other in of_mention}
            fitting = [cluster for cluster in candidates if id(cluster) not in rivals]
            if fitting:
                cluster = min(fitting, key=_first)
            else:
                cluster = _new(clusters)
                candidates.append(cluster)
            _join(cluster, form, members)
            of_mention |= dict.fromkeys(members, cluster)
    return clusters


def _first(cluster: _Cluster) -> int:
    """The number of the mention that names the thing first."""
    return min(cluster.members)


def _merged(clusters: list[_Cluster], one: int, other: int) -> list[_Cluster]:
    """`clusters` with those of the mentions `one` and `other` as one."""
    first, *more = [cluster for cluster in clusters if one in cluster.members or other in cluster.members]
    for cluster in more:
        first.members += cluster.members
        first.forms |= cluster.forms
    return [cluster for cluster in clusters if not any(cluster is its for its in more)]


def _new(clusters: list[_Cluster]) -> _Cluster:
    clusters.append(_Cluster())
    return clusters[-1]


def _join(cluster: _Cluster, form: Words, members: list[int]) -> None:
    cluster.members += members
    cluster.forms.add(form)


def fullest(names: Sequence[str], label: str) -> str:
    """What the thing with these `names` (one a mention, in reading order) and `label` is called.

    People and organisations go by their fullest name, places, peoples and the rest by the one used most; ties are the
    first read's. An organisation's one word, used before, is known by no longer name that begins with it and is read
    once ("Lindqvist", not "Lindqvist Trophy").
    """
    counts = Counter(names)
    order = {name: n for n, name in reversed(list(enumerate(names)))}
    if label == "PERSON":
        return max(counts, key=lambda name: (len(person_words(name)), len(name), counts[name], -order[name]))
    if label == "ORG":
        alone = {words: order[name] for name in reversed(counts) if len(words := organisation_words(name)) == 1}
        return max(
            filterfalse(lambda name: counts[name] == 1 and _is_compound(name, alone, order[name]), counts),
            key=lambda name: (len(words_of(name)) > 1, counts[name] > 1, len(words_of(name)), -order[name]),
        )
    return max(counts, key=lambda name: (counts[name], "," not in name, not name.isupper(), -order[name]))


def _is_compound(name: str, alone: dict[Words, int], at: int) -> bool:
    """Whether `name`, read as mention `at`, is one of the words read `alone` earlier and another noun."""
    words = organisation_words(name)
    return len(words) > 1 and words[1] not in SMALL_WORDS and alone.get(words[:1], at) < at
