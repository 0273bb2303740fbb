"""What a story's articles say together, and where they differ: of values that were read of each, and nothing more."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gazetteer.stories import figures
from gazetteer.stories.words import count
from gazetteer.types import Digest, SentenceTone

MOST_SENTENCES = 5
"""Sentences of a story's summary."""
ALIKE = 0.5
"""The share of a sentence's words that others have said, from which it says nothing new."""
_SHORTEST, _LONGEST = 40, 400  # characters of a sentence that can stand in a summary
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
class Line:
    """A sentence, and the number of its teller among those that were given."""

    words: str
    teller: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is quoted, and the numbers of those who quote it, one of each outlet."""

    words: str
    tellers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something that is named: its subject, name and label, how many tellers name it, and the tone of each
    that has one toward it.
    """

    subject: int
    name: str
    label: str
    tellers: tuple[int, ...]
    tones: tuple[tuple[int, SentenceTone], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted differently: the thing with what is said of it, and who says which figure."""

    of: str
    said: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a story's articles say together."""

    summary: tuple[Line, ...]
    names: tuple[Named, ...]
    figures: tuple[Figures, ...]
    quotes: tuple[tuple[str, tuple[Said, ...]], ...]
    only: tuple[tuple[int, tuple[Named, ...]], ...]


def coverage(tellers: Sequence[Teller], origins: Sequence[Sequence[int]]) -> Coverage:
    """Say what articles say together. `origins` part their numbers by where they come from, what leads first."""
    names = _names(tellers)
    of = {number: origin for origin, numbers in enumerate(origins) for number in numbers}
    return Coverage(
        summary=_summary(tellers, origins),
        names=names[:_NAMES],
        figures=tuple(_figures(tellers, of)),
        quotes=_quotes(tellers, names),
        only=tuple(_only(tellers, names, of)) if len(origins) > 1 else (),
    )


def _summary(tellers: Sequence[Teller], origins: Sequence[Sequence[int]]) -> tuple[Line, ...]:
    """Give sentences of the articles' own summaries, each origin's in turn, that say what was not said yet."""
    waiting = [list(_sentences(tellers, numbers)) for numbers in origins]
    said: set[int] = set()
    lines: list[Line] = []
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


def _sentences(tellers: Sequence[Teller], numbers: Iterable[int]) -> Iterator[Line]:
    for number in numbers:
        digest = tellers[number].digest
        for each in digest.annotation.summary:
            sentence = digest.annotation.sentences[each]
            words = " ".join(digest.article.text[sentence.start : sentence.end].split())
            if _SHORTEST <= len(words) <= _LONGEST and not sentence.is_quoted:
                yield Line(words=words, teller=number)


def _names(tellers: Sequence[Teller]) -> tuple[Named, ...]:
    """Give who and what is named, those that most tellers name first."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, teller in enumerate(tellers):
        for place, subject in enumerate(teller.subjects):
            found[subject].append((number, place))
    named = []
    for subject, places in found.items():
        entities = [(number, tellers[number].digest.annotation.entities[place]) for number, place in places]
        mentions = sum(len(entity.mentions) for _, entity in entities)
        tones = tuple((number, entity.tone) for number, entity in entities if entity.tone is not None)
        first = entities[0][1]
        each = Named(
            subject=subject,
            name=first.name,
            label=first.label,
            tellers=tuple(dict.fromkeys(number for number, _ in places)),
            tones=tones,
        )
        named.append((-len(each.tellers), -mentions, subject, each))
    return tuple(each for *_, each in sorted(named, key=lambda one: one[:3]))


def _figures(tellers: Sequence[Teller], of: dict[int, int]) -> Iterator[Figures]:
    """Give what articles of different origins count differently, those that most count first.

    An article that gives several figures of one thing, as of yesterday and of today, says nothing that can be compared.
    """
    said: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    called: dict[tuple[str, ...], str] = {}
    for number, teller in enumerate(tellers):
        own: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for each in figures.read(teller.digest.article.text):
            own[each.key].add(each.figure)
            called.setdefault(each.key, f"{each.of} ({each.said})")
        for key, given in own.items():
            if len(given) == 1:
                said[key][given.pop()].append(number)
    differing = [
        (called[key], found)
        for key, found in said.items()
        if len(found) > 1 and len({of.get(number, -1) for numbers in found.values() for number in numbers}) > 1
    ]
    differing.sort(key=lambda each: (-sum(map(len, each[1].values())), each[0]))
    for thing, found in differing[:_FIGURES]:
        ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
        yield Figures(of=thing, said=tuple((figure, _by_outlet(tellers, numbers)) for figure, numbers in ordered))


def _by_outlet(tellers: Sequence[Teller], numbers: Iterable[int]) -> tuple[int, ...]:
    """Give the first article of each outlet."""
    first: dict[str, int] = {}
    for number in numbers:
        first.setdefault(tellers[number].outlet, number)
    return tuple(first.values())


def _quotes(tellers: Sequence[Teller], names: Sequence[Named]) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """Give what is quoted, by who said it, those whom most tellers quote first; what several quote is given once."""
    known = {each.subject: each for each in names}
    fullest = _fullest(names)
    by: dict[int, dict[str, tuple[str, dict[str, int]]]] = defaultdict(dict)
    for number, teller in enumerate(tellers):
        annotation, text = teller.digest.annotation, teller.digest.article.text
        for quote in annotation.quotes:
            words = " ".join(text[quote.start : quote.end].split())
            if quote.entity is not None and _SHORTEST <= len(words) <= _LONGEST:
                subject = teller.subjects[quote.entity]
                own = by[fullest.get(subject, subject)]
                _, who = own.setdefault(" ".join(_words(words)), (words, {}))
                who.setdefault(teller.outlet, number)
    spoken = [
        (known[subject].name, tuple(Said(words=words, tellers=tuple(who.values())) for words, who in said.values()))
        for subject, said in by.items()
    ]
    spoken.sort(key=lambda each: (-len({one for said in each[1] for one in said.tellers}), -len(each[1]), each[0]))
    return tuple((name, said[:_OWN]) for name, said in spoken[:_SPOKEN])


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
) -> Iterator[tuple[int, tuple[Named, ...]]]:
    """Give the names that the articles of one origin alone have, and more than in passing, by its first teller.

    A name whose words stand in the text of another origin is not its alone; of a person's, the last word is enough.
    """
    said: dict[int, set[str]] = defaultdict(set)
    for number, teller in enumerate(tellers):
        said[of.get(number, -1)].update(_words(f"{teller.digest.article.headline} {teller.digest.article.text}"))
    own: dict[int, list[Named]] = defaultdict(list)
    for each in names:
        its = {of.get(number, -1) for number in each.tellers}
        words = _words(each.name)[-1:] if each.label == "PERSON" else _words(each.name)
        if len(its) == 1 and not any(said[origin].issuperset(words) for origin in said.keys() - its):
            mentions: Counter[int] = Counter()
            for number in each.tellers:
                teller = tellers[number]
                mentions[number] = len(teller.digest.annotation.entities[teller.subjects.index(each.subject)].mentions)
            if max(mentions.values()) > 1:
                own[each.tellers[0]].append(each)
    for number in sorted(own):
        yield number, tuple(own[number][:_OWN])
