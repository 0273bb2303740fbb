"""What a story's articles say together, and where they differ: of values that were read of each, and nothing more."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gazetteer.stories import figures
from gazetteer.stories.words import count
from gazetteer.types import Digest, Mention, QuoteKind, SentenceTone

MOST_SENTENCES = 5
"""Sentences of a story's summary."""
ALIKE = 0.5
"""The share of a sentence's words that others have said, from which it says nothing new."""
_SHORTEST, _LONGEST = 40, 400  # characters of a sentence that can stand in a summary
_SHORTEST_QUOTE = 20
_PLACES = frozenset({"GPE", "LOC", "NORP"})
_NAMES = 12
_FIGURES = 8
_SPOKEN = 6
_OWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """An article that tells the story: who published it, its digest, and the number of the subject that each of its
    entities is shown as.
    """

    id: int
    outlet: str
    digest: Digest
    subjects: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand: the number of a teller among those that were given, and of its sentence, if in one."""

    teller: int
    sentence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of the articles, as they stand in the first of their places; of somebody's, how they are given."""

    words: str
    places: tuple[Place, ...]
    kind: QuoteKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something that is named: its subject, name and label, the tellers that name it, and the tone toward
    it of those that have one: the first of each outlet that is no reprint.
    """

    subject: int
    name: str
    label: str
    tellers: tuple[int, ...]
    tones: tuple[tuple[int, SentenceTone], ...]

    @property
    def leans(self) -> bool:
        """Whether any speaks well or ill of it, rather than neither."""
        return any(tone.neutral < max(tone.positive, tone.negative) for _, tone in self.tones)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted differently: the thing with what is said of it, and each figure with the sentence that has it."""

    of: str
    said: tuple[tuple[str, Said], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a story's articles say together. `only` has names with the first sentence that names them."""

    summary: tuple[Said, ...]
    names: tuple[Named, ...]
    figures: tuple[Figures, ...]
    quotes: tuple[tuple[Named, tuple[Said, ...]], ...]
    only: tuple[tuple[tuple[Named, ...], Said], ...]


def coverage(
    tellers: Sequence[Teller], origins: Sequence[Sequence[int]], *, reprints: Collection[int] = ()
) -> Coverage:
    """Say what articles say together. `origins` part their numbers by where they come from, what leads first;
    `reprints` are those of articles that only print what another said.
    """
    tellers = _as_one(tellers)
    names = _names(tellers, reprints)
    of = {number: origin for origin, numbers in enumerate(origins) for number in numbers}
    return Coverage(
        summary=_summary(tellers, origins),
        names=names[:_NAMES],
        figures=tuple(_figures(tellers, of)),
        quotes=_quotes(tellers, names),
        only=tuple(_only(tellers, names, of)) if len(origins) > 1 else (),
    )


def _as_one(tellers: Sequence[Teller]) -> list[Teller]:
    """Take what has one name in a story for one, that which most articles name; a place and what is none stay two."""
    named: dict[tuple[str, bool], Counter[int]] = defaultdict(Counter)
    for teller in tellers:
        for subject, entity in zip(teller.subjects, teller.digest.annotation.entities, strict=True):
            named[entity.name.casefold(), entity.label in _PLACES][subject] += 1
    one = {subject: min(own, key=lambda each: (-own[each], each)) for own in named.values() for subject in own}
    return [replace(teller, subjects=tuple(one[subject] for subject in teller.subjects)) for teller in tellers]


def _summary(tellers: Sequence[Teller], origins: Sequence[Sequence[int]]) -> tuple[Said, ...]:
    """Give sentences of the articles' own summaries, each origin's in turn, that say what was not said yet."""
    waiting = [list(_sentences(tellers, numbers)) for numbers in origins]
    said: set[int] = set()
    lines: list[Said] = []
    while any(waiting) and len(lines) < MOST_SENTENCES:
        for own in waiting:
            while own and len(lines) < MOST_SENTENCES:
                line = own.pop(0)
                words = set(count("", line.words).hashes.tolist())
                if words and len(words & said) < ALIKE * len(words):
                    lines.append(line)
                    said |= words
                    break
    return tuple(lines)


def _sentences(tellers: Sequence[Teller], numbers: Iterable[int]) -> Iterator[Said]:
    for number in numbers:
        annotation = tellers[number].digest.annotation
        for each in annotation.summary:
            said = _sentence(tellers, number, each)
            if len(said.words) >= _SHORTEST and not annotation.sentences[each].is_quoted:
                yield said


def _sentence(tellers: Sequence[Teller], number: int, sentence: int | None) -> Said:
    """Give a sentence of an article with its place; no words of one that is too long to be read here."""
    digest, words = tellers[number].digest, ""
    if sentence is not None:
        span = digest.annotation.sentences[sentence]
        words = " ".join(digest.article.text[span.start : span.end].split())
    return Said(words=words if len(words) <= _LONGEST else "", places=(Place(teller=number, sentence=sentence),))


def _at(digest: Digest, position: int) -> int | None:
    """Give the number of the sentence that a position of the text stands in."""
    sentences = digest.annotation.sentences
    number = bisect_right(sentences, position, key=lambda each: each.start) - 1
    return number if number >= 0 and position < sentences[number].end else None


def _names(tellers: Sequence[Teller], reprints: Collection[int]) -> tuple[Named, ...]:
    """Give who and what is named, those that most tellers name first."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, teller in enumerate(tellers):
        for place, subject in enumerate(teller.subjects):
            found[subject].append((number, place))
    named = []
    for subject, places in found.items():
        entities = [(number, tellers[number].digest.annotation.entities[place]) for number, place in places]
        mentions = sum(len(entity.mentions) for _, entity in entities)
        tones: dict[str, tuple[int, SentenceTone]] = {}
        for number, entity in entities:
            if entity.tone is not None and number not in reprints:
                tones.setdefault(tellers[number].outlet, (number, entity.tone))
        first = entities[0][1]
        each = Named(
            subject=subject,
            name=first.name,
            label=first.label,
            tellers=tuple(dict.fromkeys(number for number, _ in places)),
            tones=tuple(tones.values()),
        )
        named.append((-len(each.tellers), -mentions, subject, each))
    return tuple(each for *_, each in sorted(named, key=lambda one: one[:3]))


def _figures(tellers: Sequence[Teller], of: dict[int, int]) -> Iterator[Figures]:
    """Give what articles of different origins count differently, those that most count first.

    An article that gives several figures of one thing, as of yesterday and of today, says nothing that can be compared.
    """
    said: dict[tuple[str, ...], dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    called: dict[tuple[str, ...], str] = {}
    for number, teller in enumerate(tellers):
        own: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        for each in figures.read(teller.digest.article.text):
            own[each.key].setdefault(each.figure, each.start)
            called.setdefault(each.key, f"{each.of} ({each.said})")
        for key, given in own.items():
            if len(given) == 1:
                ((figure, start),) = given.items()
                said[key][figure].append(Place(teller=number, sentence=_at(teller.digest, start)))
    differing = [
        (called[key], found)
        for key, found in said.items()
        if len(found) > 1 and len({of.get(place.teller, -1) for places in found.values() for place in places}) > 1
    ]
    differing.sort(key=lambda each: (-sum(map(len, each[1].values())), each[0]))
    for thing, found in differing[:_FIGURES]:
        ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        yield Figures(of=thing, said=tuple((figure, _by_outlet(tellers, places)) for figure, places in ordered))


def _by_outlet(tellers: Sequence[Teller], places: Sequence[Place]) -> Said:
    """Give the sentence at the first place, with the first place of each outlet."""
    first: dict[str, Place] = {}
    for place in places:
        first.setdefault(tellers[place.teller].outlet, place)
    return replace(_sentence(tellers, places[0].teller, places[0].sentence), places=tuple(first.values()))


def _quotes(tellers: Sequence[Teller], names: Sequence[Named]) -> tuple[tuple[Named, tuple[Said, ...]], ...]:
    """Give what is quoted, by who said it, those whom most tellers quote first; what several quote is given once."""
    known = {each.subject: each for each in names}
    fullest = _fullest(names)
    by: dict[int, dict[str, tuple[str, QuoteKind, dict[str, Place]]]] = defaultdict(dict)
    for number, teller in enumerate(tellers):
        annotation, text = teller.digest.annotation, teller.digest.article.text
        for quote in annotation.quotes:
            words = " ".join(text[quote.start : quote.end].split())
            if quote.entity is not None and _SHORTEST_QUOTE <= len(words) <= _LONGEST:
                subject = teller.subjects[quote.entity]
                own = by[fullest.get(subject, subject)]
                *_, places = own.setdefault(" ".join(_words(words)), (words, quote.kind, {}))
                places.setdefault(teller.outlet, Place(teller=number, sentence=_at(teller.digest, quote.start)))
    spoken = [
        (
            known[subject],
            tuple(Said(words=words, places=tuple(places.values()), kind=kind) for words, kind, places in said.values()),
        )
        for subject, said in by.items()
    ]
    spoken.sort(
        key=lambda each: (
            -len({place.teller for said in each[1] for place in said.places}),
            -len(each[1]),
            each[0].name,
        )
    )
    return tuple((named, said[:_OWN]) for named, said in spoken[:_SPOKEN])


def _fullest(names: Sequence[Named]) -> dict[int, int]:
    """Give for people who are called by their last name alone the only one of that name who is called by more."""
    called: dict[str, list[int]] = defaultdict(list)
    alone: dict[int, str] = {}
    for each in names:
        words = _words(each.name)
        if each.label == "PERSON" and len(words) > 1:
            called[words[-1]].append(each.subject)
        elif each.label == "PERSON" and words:
            alone[each.subject] = words[0]
    return {subject: called[word][0] for subject, word in alone.items() if len(called.get(word, ())) == 1}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _only(
    tellers: Sequence[Teller], names: Sequence[Named], of: dict[int, int]
) -> Iterator[tuple[tuple[Named, ...], Said]]:
    """Give the names that the articles of one origin alone have, and more than in passing, each with the sentence that
    first names it in each of its outlets; those that one sentence names first stand together.

    A name whose words stand in the text of another origin is not its alone; of a person's, the last word is enough.
    """
    said: dict[int, set[str]] = defaultdict(set)
    for number, teller in enumerate(tellers):
        said[of.get(number, -1)].update(_words(f"{teller.digest.article.headline} {teller.digest.article.text}"))
    found: dict[int, dict[int | None, tuple[list[Named], Said]]] = defaultdict(dict)
    counted: Counter[int] = Counter()
    for each in names:
        its = {of.get(number, -1) for number in each.tellers}
        words = _words(each.name)[-1:] if each.label == "PERSON" else _words(each.name)
        if len(its) == 1 and not any(said[origin].issuperset(words) for origin in said.keys() - its):
            first = each.tellers[0]
            mentions = {number: _mentions(tellers[number], each.subject) for number in each.tellers}
            if max(map(len, mentions.values())) > 1 and counted[first] < _OWN:
                counted[first] += 1
                places = [_first(number, tellers[number].digest, spans) for number, spans in mentions.items()]
                own = found[first].setdefault(places[0].sentence, ([], _by_outlet(tellers, places)))
                own[0].append(each)
    for number in sorted(found):
        for named, sentence in found[number].values():
            yield tuple(named), sentence


def _first(number: int, digest: Digest, mentions: Iterable[Mention]) -> Place:
    """Give the first place of an article's mentions, of those that are shown."""
    start = min((each.start for each in mentions if each.start < each.end), default=-1)
    return Place(teller=number, sentence=_at(digest, start))


def _mentions(teller: Teller, subject: int) -> list[Mention]:
    return [
        mention
        for own, entity in zip(teller.subjects, teller.digest.annotation.entities, strict=True)
        if own == subject
        for mention in entity.mentions
    ]
