"""Mentions to entities: one name, one label, every place where it stands, and the article's authors left out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gazetteer.annotate.lexicon import KIN, PARTICLES
from gazetteer.annotate.mentions import LabelledSpan, without_title
from gazetteer.annotate.names import (
    contains,
    fullest,
    gather,
    generation,
    is_acronym,
    organisation_words,
    person_words,
    words_of,
)
from gazetteer.types import Entity, Mention

_CREDIT = re.compile(
    r"\bcontributed (?:to this (?:report|article|story|post)|(?:\w+ )?(?:reporting|research))\b"
    r"|\A\W*(?:\w+ )?(?:reporting|writing|editing|photographs?|compiled|edited|translated|written) by\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r",\s(?:the|an?|its?)\s(?:[\w’'-]+\s){0,5}?(?:agency|newspaper|daily|weekly|magazine|broadcaster|company|firm|bank"
    r"|party|union|association|federation|alliance|organi[sz]ation|ministry|airline|club|think tank|watchdog|regulator"
    r"|carmaker|automaker|retailer|maker|publisher|charity|network|militia)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?P<town>[A-Z][A-Z.’' -]{2,})(?P<lies>,[^\n(—–]{1,30}?)?\s*(?P<agency>\([^()\n]{2,40}\))?\s*(?:--|[—–_-])\s",
    re.MULTILINE,
)
_SMALL = frozenset(
    ("de", "del", "la", "do", "da", "dos", "das", "du", "le", "les", "of", "on", "upon", "and", "am", "an")
)
_PLACE = re.compile(r"[^\s,][^,]*")
_WITHIN = re.compile(
    r"\s[“\"‘'][^\W\d_][^“”\"\n]{0,24}[”\"’']\s"
    rf"|[ \xa0]+(?:(?:{'|'.join(sorted(PARTICLES, key=len, reverse=True))})(?:[ \xa0]+|-))+"
)
_ACRONYM = re.compile(r"[^\W\d_a-z](?:[^\W\d_]|[.&-]){0,6}[^\W\d_a-z]\.?")
_DEFINED = re.compile(
    r"\s*\((?:the\s+|or\s+|known as\s+)?[\"“‘']?|,?\s+(?:also |better )?known as (?:the )?|,\s+or (?:the )?"
)
_KNOWN = re.compile(r",?\s+(?:who is\s+)?(?:\w+\s+)?(?:known\s+as|nicknamed|dubbed)\s+[\"“‘']?")
_KIN = re.compile(
    rf"(?:[’']s?)?,?\s(?:[\w-]+\s){{0,4}}(?:{'|'.join(sorted(KIN, key=len, reverse=True))})s?(?:,|(?P<of>\sof))?\s",
    re.IGNORECASE,
)
_IN_SENTENCE = re.compile(r"[^.!?\n]{0,80}")
_JOINED = re.compile(r"[^/]+")
_HELD = re.compile(r"(?P<place>[^,\n]+),\s+(?P<holder>(?!D\.?\s?C\b)[^,\n]+)")
_SURE = 0.9
_LONGEST_CREDIT = 400

_HEADLINE_WEIGHT = 3.0
_LEAD_WEIGHT = 2.0


def entities_of(
    text: str, spans: Iterable[LabelledSpan], *, headline: str = "", authors: Sequence[str] = ()
) -> tuple[Entity, ...]:
    """The entities that `spans` of `text` name, those that the article is most about first.

    An entity weighs as much as its mentions, and more where it stands in the headline or near the beginning. People who
    can be one of `authors` are left out: they belong to the byline.
    """
    spans = apart(text, whole_names(text, with_towns(text, list(of_datelines(text, spans)))))
    spans = one_label_a_name(text, as_described(text, spans), people=authors)
    named = [(text[s.start : s.end], s.label) for s in spans] + [(author, "PERSON") for author in authors]
    entities = []
    capitals = [found.span("town") for found in _DATELINE.finditer(text)]
    for members in gather(named, same=list(defined(text, spans)), two=list(told_apart(text, spans))):
        if members[-1] >= len(spans):
            continue
        of_it = [spans[n] for n in members]
        label = "PERSON" if any(s.label == "PERSON" for s in of_it) else of_it[0].label
        name = fullest([named[n][0] for n in members], label)
        mentions = tuple(Mention(start=s.start, end=s.end, score=s.score) for s in of_it)
        if all(any(start <= each.start < end for start, end in capitals) for each in mentions):
            name = _in_small(name)
        entities.append(Entity(name=_one_line(name), label=label, mentions=mentions))
    in_headline = words_of(headline)
    return tuple(sorted(entities, key=lambda entity: -_weight(entity, text, in_headline)))


def out_of_credits(
    text: str, spans: Iterable[LabelledSpan], sentences: Iterable[tuple[int, int]]
) -> list[LabelledSpan]:
    """`spans` without those in `sentences` that credit who made the article ("… contributed reporting from Oslo")."""
    lines = [
        (start, end) for start, end in sentences if end - start < _LONGEST_CREDIT and _CREDIT.search(text[start:end])
    ]
    return [span for span in spans if not any(start <= span.start < end for start, end in lines)]


def of_datelines(text: str, spans: Iterable[LabelledSpan]) -> Iterator[LabelledSpan]:
    """`spans` with the places of a dateline ("MOLDE, Norway (NPA) —") one by one, and without its agency."""
    lines = [(found.start(), found.end(), found.start("agency")) for found in _DATELINE.finditer(text)]
    for span in spans:
        agency = next((agency for start, end, agency in lines if start <= span.start < end), None)
        if agency is None or (span.label not in ("GPE", "LOC") and (agency < 0 or span.start < agency)):
            yield span
        elif agency < 0 or span.start < agency:
            for place in _PLACE.finditer(text, span.start, span.end):
                yield replace(span, start=place.start(), end=place.end())


def with_towns(text: str, spans: Sequence[LabelledSpan]) -> Iterator[LabelledSpan]:
    """`spans` with the town of a dateline, and what has the same words, as a place: the model sees few in capitals, and
    takes some for people. Where the text names somebody more fully so ("Kate Lincoln"), that stays.
    """
    datelines = {found.start(): found for found in _DATELINE.finditer(text)}
    words = [words_of(text[span.start : span.end]) for span in spans]
    people = [its for span, its in zip(spans, words, strict=True) if span.label == "PERSON"]
    surnames = {its[-1:] for its in people if len(its) > 1}
    towns = {
        its
        for span, its in zip(spans, words, strict=True)
        if span.start in datelines and _can_be_town(span, datelines[span.start])
    }
    for span, its in zip(spans, words, strict=True):
        is_town = its in towns and (span.label == "LOC" or (span.label == "PERSON" and its not in surnames))
        yield replace(span, label="GPE") if is_town else span


def _can_be_town(span: LabelledSpan, dateline: re.Match[str]) -> bool:
    is_sure = dateline["lies"] is not None or dateline["agency"] is not None
    is_place = span.label in ("GPE", "LOC") or (span.label == "PERSON" and is_sure)
    return is_place and span.end <= dateline.end("town")


def apart(text: str, spans: Iterable[LabelledSpan]) -> Iterator[LabelledSpan]:
    """`spans` one by one of which the model took two for one.

    These are two people that a stroke joins ("Ruiz/Park"), a place and what it lies in ("Molde, Norway"), and a
    name and its acronym in brackets.
    """
    for span in spans:
        held = _HELD.fullmatch(text, span.start, span.end)
        bracket = text.rfind(" (", span.start, span.end)
        if span.label == "PERSON" and text.find("/", span.start, span.end) >= 0:
            for name in _JOINED.finditer(text, span.start, span.end):
                yield replace(span, start=name.start(), end=name.end())
        elif span.label == "PERSON":
            yield span
        elif held and span.label in ("GPE", "LOC"):
            yield replace(span, end=held.end("place"))
            yield replace(span, start=held.start("holder"))
        elif bracket > 0 and text[span.end - 1] == ")" and _ACRONYM.fullmatch(text, bracket + 2, span.end - 1):
            yield replace(span, end=bracket)
            yield replace(span, start=bracket + 2, end=span.end - 1)
        else:
            yield span


def defined(text: str, spans: Sequence[LabelledSpan]) -> Iterator[tuple[int, int]]:
    """The numbers of the pairs of `spans` of which one is given as the other's acronym, "Harbour Union (HU)", "the HU,
    or Harbour Union", or a person's other name, "Ana Ruiz, known as Nana".

    An acronym is a person's where it is made of the name's initials, whatever the model takes it for.
    """
    for n, (one, other) in enumerate(pairwise(spans)):
        is_known = bool(_KNOWN.fullmatch(text, one.end, other.start))
        if not is_known and not _DEFINED.fullmatch(text, one.end, other.start):
            continue
        short, full = sorted((text[span.start : span.end] for span in (one, other)), key=len)
        is_closed = "(" not in text[one.end : other.start] or text[other.end : other.end + 2].lstrip("”’\"'")[:1] == ")"
        if "PERSON" in (one.label, other.label):
            is_other_name = is_known and one.label == other.label
            is_same = is_other_name or (short.isupper() and is_acronym(words_of(short), person_words(full)))
        else:
            is_same = one.label == other.label and bool(_ACRONYM.fullmatch(short)) and len(words_of(full)) > 1
        if is_closed and is_same:
            yield n, n + 1


def told_apart(text: str, spans: Sequence[LabelledSpan]) -> Iterator[tuple[int, int]]:
    """The numbers of the pairs of `spans` that the text names as two people, whatever their names have in common.

    These are two of a family ("Ruiz's son Ivo Ruiz", "Ivo Ruiz, the son of Judge Ruiz"), and a name beside the same
    with another generation ("Paul Ito and Paul Ito Jr.").
    """
    people = [n for n, span in enumerate(spans) if span.label == "PERSON"]
    for one, other in pairwise(people):
        between = text[spans[one].end : spans[other].start]
        names = [text[span.start : span.end] for span in (spans[one], spans[other])]
        words = [person_words(name) for name in names]
        kin = _KIN.match(between)
        if kin and not without_title(between[kin.end() :].strip()):
            are_two = bool(kin["of"]) or len(words[1]) > 1
        else:
            are_alike = min(map(len, words)) > 1 and words[0][:1] + words[0][-1:] == words[1][:1] + words[1][-1:]
            are_two = are_alike and len(set(map(generation, names))) == 2 and bool(_IN_SENTENCE.fullmatch(between))
        if are_two:
            yield one, other


def as_described(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` with those that the text calls a body right after ("Belta, the state news agency") as organisations.

    Where the model is sure of another label, that stays.
    """
    return [
        replace(s, label="ORG") if s.score < _SURE and s.label != "ORG" and _BODY.match(text, s.end, s.end + 80) else s
        for s in spans
    ]


def whole_names(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` with a person's name as one where particles part it ("Erik ten Berg"), or a nickname in quotation marks
    ("Ana “Nana” Ruiz").
    """
    whole: list[LabelledSpan] = []
    for span in spans:
        before = whole[-1] if whole else None
        parted = before and before.label == span.label == "PERSON" and _WITHIN.fullmatch(text, before.end, span.start)
        if before and parted:
            whole[-1] = replace(before, end=span.end, score=min(before.score, span.score))
        else:
            whole.append(span)
    return whole


def one_label_a_name(text: str, spans: list[LabelledSpan], *, people: Sequence[str] = ()) -> list[LabelledSpan]:
    """`spans` with each name under one label: the one that the model is surest of over all its mentions.

    A name counts as the same with and without its company form ("Lindqvist AG", "Lindqvist").

    A single word that is also the surname of somebody named in full, and is called something other than a person less
    surely than that person a person, is that person. The names of `people` are people's.
    """
    votes: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    keys = [organisation_words(text[span.start : span.end]) for span in spans]
    for words, span in zip(keys, spans, strict=True):
        votes[words][span.label] += span.score
    label_of = {words: max(labels, key=lambda label: labels[label]) for words, labels in votes.items()}
    surnames: dict[str, float] = defaultdict(float)
    for span in spans:
        words = person_words(text[span.start : span.end])
        if span.label == "PERSON" and len(words) > 1:
            surnames[words[-1]] += span.score
    for words, labels in votes.items():
        if len(words) == 1 and surnames.get(words[0], 0.0) > max(labels.values()):
            label_of[words] = "PERSON"
    label_of |= {organisation_words(name): "PERSON" for name in people}
    return [
        span if span.label == label_of[words] else replace(span, label=label_of[words])
        for words, span in zip(keys, spans, strict=True)
    ]


def _weight(entity: Entity, text: str, headline: tuple[str, ...]) -> float:
    """How much the article is about `entity`, comparable within the article alone."""
    names = {words_of(text[m.start : m.end]) for m in entity.mentions}
    in_headline = any(words and contains(headline, words) for words in names)
    earliness = 1 - entity.mentions[0].start / max(len(text), 1)
    return len(entity.mentions) + _HEADLINE_WEIGHT * in_headline + _LEAD_WEIGHT * earliness


def _in_small(name: str) -> str:
    """A town's name as it stands elsewhere than in the capitals of a dateline: "Rio de Janeiro"."""
    return " ".join(
        word.lower() if number and word.lower() in _SMALL else word if "." in word[:-1] else word.title()
        for number, word in enumerate(name.split())
    )


def _one_line(name: str) -> str:
    """`name` with runs of white space as one space."""
    return " ".join(name.split())
