"""Mentions to entities: one name, one label, every place where it stands, and the article's authors left out."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from gazetteer.annotate.lexicon import COMMON_PEOPLE, KIN, NAMED_AFTER, PARTICLES
from gazetteer.annotate.mentions import LabelledSpan, without_title
from gazetteer.annotate.names import (
    contains,
    fullest,
    gather,
    generation,
    initials,
    is_acronym,
    is_given_name,
    organisation_words,
    person_words,
    words_of,
)
from gazetteer.annotate.speech.words import GIVEN, TITLE_GENDER
from gazetteer.furniture import is_credit
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
    r"^(?P<town>[A-Z][A-Z.’'/ -]{2,})(?P<lies>,[^\n(—–]{1,30}?)?\s*(?P<agency>\([^()\n]{2,40}\))?"
    r"\s*(?:--|[—–_-]|:(?=\s[A-Z]))\s",
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
_KNOWN = re.compile(r",?\s+(?:who is\s+)?(?:\w+\s+)?(?:known\s+as|nicknamed|dubbed)\s+[\"“‘']?|,?\s\(?n[ée]e\s+")
_KIN = re.compile(
    rf"(?:[’']s?)?,?\s(?:[\w-]+\s){{0,4}}(?:{'|'.join(sorted(KIN, key=len, reverse=True))})s?(?:,|(?P<of>\sof))?\s",
    re.IGNORECASE,
)
_IN_SENTENCE = re.compile(r"[^.!?\n]{0,80}")
_PEOPLE = re.compile(r"(?P<one>[^/]+?) (?:and|&|y|e|et|und) (?P<other>[^/\s]+ [^/]+)")
_JOINED = re.compile(r"[^/]+")
_HELD = re.compile(r"(?P<place>[^,\n]+),\s+(?P<holder>(?!D\.?\s?C\b)[^,\n]+)")
_SYMBOL = re.compile(
    r"\((?:(?i:nyse|nasdaq|amex|lse|aim|tsxv?|cse|asx|nzx|hkex|sehk|sgx|nse|bse|jse|tase|klse|krx|tyo|tse|six|xetra|fwb|otc\w*"
    r"|euronext)(?: \w+)?:\s?[A-Z0-9][\w. -]{0,14}|[A-Z0-9]{0,6}\.[A-Z]{1,6})(?:[,;][^()\n]{0,40})?\)"
)
"""A share's symbol at its exchange: "(NYSE: ACM)", "(AAPL.O)"."""

_LETTERED = re.compile(r"(?:[A-Z]\.){2,}")
_BASED = re.compile(r"(?:,\s[A-Z][\w. ]{1,20})?-(?:based|headquartered)\b")
_HOME = re.compile(r",\s\d{1,3},\s(?:of|from)\s(?:[A-Z0-9][\w’' -]{0,40},\s){0,2}\Z")
_STREET = re.compile(
    r"\b(?:street|road|lane|avenue|drive|close|way|court|terrace|crescent|gardens|grove|square|hill|row|walk|boulevard)\Z",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\b(?:LLP|LLC|PLLC|Inc|Ltd|Corp|PLC|plc|GmbH)\.?\Z")
_RESERVE = re.compile(
    r"\s(?:National Park|(?:Wildlife|Nature|Natural|Game|Forest|Biological|Biosphere|Marine|Bird)"
    r" (?:Refuge|Reserve|Sanctuary))\Z"
)
_UNION = re.compile(r"(?:the )?(?:EU|European Union)\Z", re.IGNORECASE)
_TITLE = re.compile(r"\b([^\W\d_]+)\.?\s+\Z")
_WITH = re.compile(r"\s+(?:and|&)\s+")
_COUPLE = re.compile(rf"\.?{_WITH.pattern}")
_UNEXPANDED = frozenset(("ORG", "LAW", "EVENT", "PRODUCT", "FAC", "WORK_OF_ART"))
"""The labels that an acronym and the name that it is made of may differ in."""

_SURE = 0.9
_LONGEST_CREDIT = 400
_LONGEST_TITLE = 20
_REACH = 100  # characters before a name that may tell whose home it is

_HEADLINE_WEIGHT = 3.0
_LEAD_WEIGHT = 2.0


def entities_of(
    text: str, spans: Iterable[LabelledSpan], *, headline: str = "", authors: Sequence[str] = ()
) -> tuple[Entity, ...]:
    """The entities that `spans` of `text` name, those that the article is most about first.

    An entity weighs as much as its mentions, and more where it stands in the headline or near the beginning. People who
    can be one of `authors` are left out: they belong to the byline.
    """
    spans = without_symbols(text, with_towns(text, list(of_datelines(text, joined(text, spans)))))
    spans = without_common(text, list(apart(text, whole_names(text, spans))))
    spans = one_label_a_name(text, as_described(text, spans), people=authors)
    couples = couples_names(text, spans)
    named = [(couples.get(n, text[s.start : s.end]), s.label) for n, s in enumerate(spans)]
    named += [(author, "PERSON") for author in authors]
    entities = []
    capitals = [found.span("town") for found in _DATELINE.finditer(text)]
    same = [*defined(text, spans), *initialled(text, spans)]
    for members in gather(named, same=same, two=[*told_apart(text, spans), *of_two_genders(text, spans)]):
        if members[-1] >= len(spans):
            continue
        of_it = [spans[n] for n in members]
        label = "PERSON" if any(s.label == "PERSON" for s in of_it) else of_it[0].label
        name = fullest([named[n][0] for n in members], label)
        mentions = tuple(Mention(start=s.start, end=s.end, score=s.score) for s in of_it)
        if (label != "ORG" or " " in name) and all(
            any(start <= each.start < end for start, end in capitals) for each in mentions
        ):
            name = _in_small(name)
        entities.append(Entity(name=_one_line(name), label=label, mentions=mentions))
    in_headline = words_of(headline)
    return tuple(sorted(entities, key=lambda entity: -_weight(entity, text, in_headline)))


def out_of_credits(
    text: str, spans: Iterable[LabelledSpan], sentences: Sequence[tuple[int, int]], own: Sequence[bool]
) -> list[LabelledSpan]:
    """`spans` without those in `sentences` that credit who made the article ("… contributed reporting from Oslo"), or
    that are not its `own`, unless they are a picture's caption or credit.
    """
    lines = [
        (start, end)
        for (start, end), is_own in zip(sentences, own, strict=True)
        if (not is_own and not is_credit(_line_at(text, start)))
        or (end - start < _LONGEST_CREDIT and _CREDIT.search(text[start:end]))
    ]
    return [span for span in spans if not _is_inside(span, lines)]


def _line_at(text: str, at: int) -> str:
    """The line of `text` that holds what stands at `at`."""
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)].strip()


def _is_inside(span: LabelledSpan, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span.start < end for start, end in stretches)


def _two_people(text: str, span: LabelledSpan) -> re.Match[str] | None:
    found = _PEOPLE.fullmatch(text, span.start, span.end)
    return found if found and (" " in found["one"] or is_given_name(found["one"])) else None


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


def joined(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` with those as one between which the model parts letters ("E.U."), an organisation's words, or the couple
    that a body is named after ("John D. and Catherine Ruiz Foundation").
    """

    def are_one(before: LabelledSpan, span: LabelledSpan) -> bool:
        are_letters = before.end == span.start and _LETTERED.fullmatch(text, before.start, span.end)
        are_words = before.label == span.label == "ORG" and text[before.end : span.start] == " "
        are_words = are_words and not _ACRONYM.fullmatch(text, span.start, span.end)
        return bool(are_letters) or are_words or _are_couple(text, before, span)

    return _merged(spans, are_one)


def _merged(spans: Iterable[LabelledSpan], are_one: Callable[[LabelledSpan, LabelledSpan], bool]) -> list[LabelledSpan]:
    """`spans` with each that is one with the one before it, as that may be by then, in the label of the later."""
    whole: list[LabelledSpan] = []
    for span in spans:
        before = whole[-1] if whole else None
        if before and are_one(before, span):
            whole[-1] = replace(span, start=before.start, score=min(before.score, span.score))
        else:
            whole.append(span)
    return whole


def _are_couple(text: str, one: LabelledSpan, body: LabelledSpan) -> bool:
    """Whether `one` is the first of a couple that `body` is named after: a given name, or one that `body` has too."""
    given, *initial = text[one.start : one.end].split()
    its = text[body.start : body.end].split()
    return (
        one.label in ("PERSON", "ORG", "FAC")
        and body.label in ("ORG", "FAC")
        and its[-1] in NAMED_AFTER
        and all(len(each.rstrip(".")) == 1 for each in initial)
        and (is_given_name(given) or given in its)
        and bool(_COUPLE.fullmatch(text, one.end, body.start))
    )


def without_symbols(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` without those in the brackets that give a share's symbol."""
    brackets = [found.span() for found in _SYMBOL.finditer(text)]
    return [span for span in spans if not _is_inside(span, brackets)]


def without_common(text: str, spans: Sequence[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` without common nouns for people that the model takes for a name where a capital begins them ("Gunman
    held"), unless the text names somebody so in full ("Ada Driver").
    """
    people = [words_of(text[span.start : span.end]) for span in spans if span.label == "PERSON"]
    surnames = {words[-1] for words in people if len(words) > 1}
    common = COMMON_PEOPLE - surnames
    return [s for s in spans if s.label != "PERSON" or text[s.start : s.end].casefold() not in common]


def apart(text: str, spans: Iterable[LabelledSpan]) -> Iterator[LabelledSpan]:
    """`spans` one by one of which the model took two for one.

    These are two people that a stroke joins ("Ruiz/Park") or an "and" ("Ana Ruiz y Rosa Park", "Bill and Ana Ruiz"), a
    place and what it lies in ("Molde, Norway"), and a name and its acronym in brackets.
    """
    for span in spans:
        held = _HELD.fullmatch(text, span.start, span.end)
        bracket = text.rfind(" (", span.start, span.end)
        if span.label == "PERSON" and text.find("/", span.start, span.end) >= 0:
            for name in _JOINED.finditer(text, span.start, span.end):
                yield replace(span, start=name.start(), end=name.end())
        elif span.label == "PERSON" and (both := _two_people(text, span)):
            yield replace(span, end=both.end("one"))
            yield replace(span, start=both.start("other"))
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


def of_two_genders(text: str, spans: Sequence[LabelledSpan]) -> Iterator[tuple[int, int]]:
    """The numbers of the pairs of `spans` of which one is a lone last name with a title ("Mr Crane"), the other the
    full name of somebody else: by its own title or given name of another gender ("Mrs Edith Crane") or, where the text
    has somebody who surely can be called so ("Tom Crane"), of none that is known.
    """
    named: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    lone = []
    for n, span in enumerate(spans):
        if span.label == "PERSON":
            words = person_words(text[span.start : span.end])
            title = _TITLE.search(text, max(0, span.start - _LONGEST_TITLE), span.start)
            gender = TITLE_GENDER.get(title[1].casefold()) if title else None
            if len(words) == 1 and gender:
                lone.append((n, words[0], gender))
            elif len(words) > 1:
                named[words[-1]].append((n, gender or GIVEN.get(words[0])))
    for n, surname, gender in lone:
        is_sure = any(its == gender for _, its in named[surname])
        yield from ((n, other) for other, its in named[surname] if its != gender and (its or is_sure))


def couples_names(text: str, spans: Sequence[LabelledSpan]) -> dict[int, str]:
    """The full names of those of `spans` that have their last name from the one after them ("Bill and Ana Ruiz"), by
    their numbers: given names that nobody in the text has for a last name.
    """
    people = [n for n, span in enumerate(spans) if span.label == "PERSON"]
    words = {n: text[spans[n].start : spans[n].end].split() for n in people}
    surnames = {its[-1] for its in words.values() if len(its) > 1}
    found = {}
    for one, other in pairwise(people):
        is_pair = other == one + 1 and len(words[one]) == 1 and len(words[other]) == 2
        given = words[one][0] if is_pair else ""
        is_given = is_given_name(given) and given not in surnames
        if is_given and _WITH.fullmatch(text, spans[one].end, spans[other].start):
            found[one] = f"{given} {words[other][-1]}"
    return found


def initialled(text: str, spans: Sequence[LabelledSpan]) -> Iterator[tuple[int, int]]:
    """The numbers of the pairs of `spans` of which one is made of the initials of the other, whatever the model takes
    it for ("the Clean Rivers Act", "the CRA") and with a company's form ("Lind Lines Ltd", "LLL"): the only name that
    has these.
    """
    words = {n: words_of(text[s.start : s.end]) for n, s in enumerate(spans) if s.label in _UNEXPANDED}
    first: dict[tuple[str, ...], int] = {}
    full: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for n, its in words.items():
        if len(its) > 2:
            first.setdefault(its, n)
            for letters in initials(its):
                full[letters].add(its)
    for n, its in words.items():
        found = full.get(its[0], set()) if len(its) == 1 and text[spans[n].start : spans[n].end].isupper() else set()
        if len(found) == 1:
            yield first[next(iter(found))], n


def as_described(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` with those that the text calls a body right after ("Belta, the state news agency") as organisations,
    where the model is not sure of another label; with those that end with a company's form, and the European Union, as
    such; and with those that tell where somebody lives ("Ana Ruiz, 61, of Mill Lane, Ostby") or a body is ("the
    Ostby-based firm"), and nature reserves, as places.
    """
    return [replace(span, label=_described(text, span)) for span in spans]


def _described(text: str, span: LabelledSpan) -> str:
    name = text[span.start : span.end]
    is_body = span.score < _SURE and _BODY.match(text, span.end, span.end + 80)
    if span.label != "ORG" and (is_body or _COMPANY.search(name) or _UNION.match(name)):
        return "ORG"
    if span.label in ("ORG", "PERSON") and _BASED.match(text, span.end):
        return "GPE"
    if span.label in ("FAC", "GPE", "ORG") and _RESERVE.search(name):
        return "LOC"
    if span.label == "PERSON" and _HOME.search(text, max(0, span.start - _REACH), span.start):
        return "FAC" if _STREET.search(name) else "GPE"
    return span.label


def whole_names(text: str, spans: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """`spans` with a person's name as one where particles part it ("Erik ten Berg"), or a nickname in quotation marks
    ("Ana “Nana” Ruiz").
    """

    def are_one(before: LabelledSpan, span: LabelledSpan) -> bool:
        return before.label == span.label == "PERSON" and bool(_WITHIN.fullmatch(text, before.end, span.start))

    return _merged(spans, are_one)


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
