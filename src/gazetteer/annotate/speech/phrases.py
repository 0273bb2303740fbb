"""The phrases that say who speaks, before a verb or after it.

Where a phrase begins and ends is told by the words that cannot be inside one. Every search has a bound, so that time is
linear in the text.
"""

from typing import NamedTuple

from gazetteer.annotate.lexicon import TITLES
from gazetteer.annotate.speech.tokens import (
    SOON,
    Kind,
    Sentence,
    Token,
    Tokens,
    is_digit,
    is_finite,
    is_mark,
    is_quote,
    is_word,
)
from gazetteer.annotate.speech.words import (
    ARTICLES,
    AUXILIARIES,
    BETWEEN,
    BREAKS,
    DEPUTIES,
    DETERMINERS,
    DOCUMENTS,
    LINKS,
    PEOPLE,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    SPEAKERS,
    STATE_OWNED,
    TIMES,
)

LONGEST_PHRASE = 16
"""Words and names that a phrase may hold."""

_LONGEST_APPOSITION = 30
_BRACKETED = 3
_DEEPEST = 4
"""Appositions that may stand one within or after the other before a verb."""

_LONGEST_QUOTED_NAME = 40
_THAT = frozenset(("that",))
_WHO = frozenset(("who", "which"))
_SPEAKERS = frozenset(("PERSON", "ORG"))
_OWNED = DETERMINERS | {"'s"}
_SOMEBODY = SPEAKERS | {"them", "him", "her"}
_PARTING = LINKS | PREPOSITIONS
_NO_TITLES = _PARTING | DETERMINERS
_NEWS = frozenset(("news", "agency", "service", "newspaper", "magazine", "broadcaster", "channel", "network"))
_MORE = frozenset(("more", "less", "fewer", "other", "rather"))
_AND = frozenset(("and", "&"))
_OR = frozenset(("or",))
_ACCORDING = frozenset(("according",))
_BY = frozenset(("by",))
_PART = frozenset(("part",))
_MAKES = frozenset(("by", "from"))
_BESIDE = PREPOSITIONS - _MAKES
_POSSESSIVE = frozenset(("'s",))
_DESCRIBES = (
    ARTICLES | PREPOSITIONS | BETWEEN | {"who", "which", "whose", "where", "speaking", "writing", "aged", "according"}
)
_BETWEEN_TIMES = BETWEEN | TIMES
_LEADING = _BETWEEN_TIMES | {"and", "nor", "&", "then"}


class Phrase(NamedTuple):
    """Who is said to speak: the span of the words that name or stand for them, and the entity that these name.

    `low` is these words in small letters; `owner` is the entity that what they name belongs to ("the ministry's
    website"); `first` to `last` (inclusive) are all the tokens of the phrase, with what describes it.
    """

    start: int
    end: int
    entity: int | None
    low: tuple[str, ...]
    first: int
    last: int
    owner: int | None = None

    @property
    def head(self) -> str:
        """The noun or pronoun that the phrase turns on."""
        return self.low[-1]


def phrase_before(sentence: Sentence, end: int, *, floor: int, deepest: int = _DEEPEST) -> Phrase | None:
    """The phrase that ends before token `end`, where a verb stands: its subject, none of it before token `floor`.

    What describes it may follow it between commas or in brackets, up to `deepest` times.
    """
    tokens = sentence.tokens
    last = _before_age(tokens, end) - 1
    if last < floor or not deepest:
        return None
    if is_word(tokens, last, _WHO):
        last -= is_mark(tokens, last - 1, ",")
        described = phrase_before(sentence, last, floor=floor, deepest=deepest - 1)
        if described and described.entity is None and _describes_person(tokens, described.first, floor):
            return phrase_at(sentence, described.first - 2, described.first - 2)
        return _nearest_somebody(sentence, described, floor, last)
    if is_mark(tokens, last, ","):
        return _around_apposition(sentence, last, floor=floor, deepest=deepest - 1)
    if is_mark(tokens, last, ")"):
        opened = next((n for n in range(last, max(floor, last - 8), -1) if is_mark(tokens, n, "(")), floor)
        return phrase_before(sentence, opened, floor=floor, deepest=deepest - 1)
    first = _phrase_start(sentence, last, floor)
    if (who := _relative_before(tokens, first, floor)) is not None:
        return phrase_before(sentence, who, floor=floor, deepest=deepest - 1)
    participle = first - 1
    first = _without_adverbials(tokens, first, last)
    phrase = phrase_at(sentence, first, last) if first <= last else None
    if phrase is None and _follows_noun(tokens, participle, floor):
        return phrase_before(sentence, participle, floor=floor, deepest=deepest - 1)
    return _beside_it(sentence, phrase, (first, last), floor=floor, deepest=deepest - 1) or phrase


def _beside_it(
    sentence: Sentence, phrase: Phrase | None, at: tuple[int, int], *, floor: int, deepest: int
) -> Phrase | None:
    """Who is named before the tokens `at` (the end inclusive), which make `phrase`, where these are another name for
    them, the place where they are, or a description.
    """
    tokens = sentence.tokens
    first, last = at
    if _is_other_name(sentence, first, floor):  # "the Harbour Union, or HU, said"
        return phrase_before(sentence, first - 2, floor=floor, deepest=deepest)
    if phrase and (body := _whose_place(sentence, phrase, floor=floor, deepest=deepest)):
        return body
    if _is_place_of(tokens, first, last, floor):  # "the University of California, Los Angeles said"
        return phrase_before(sentence, first - 1, floor=floor, deepest=deepest)
    if phrase and phrase.entity is None and first - 1 > floor and _follows_person(tokens, first, floor):
        return phrase_before(sentence, first - 1, floor=floor, deepest=deepest)
    return None


def _before_age(tokens: Tokens, end: int) -> int:
    """Where what ends before token `end` does without the age that it closes with ("Osei, 24, a trader, said")."""
    is_age = is_digit(tokens, end - 1) and is_mark(tokens, end - 2, ",") and is_mark(tokens, end, ",")
    return end - 2 if is_age else end


def _is_other_name(sentence: Sentence, first: int, floor: int) -> bool:
    """Whether the name or acronym at `first` is another one of what is named before it."""
    tokens = sentence.tokens
    token = tokens[first] if first < len(tokens) else None
    is_name = token and (token.kind is Kind.NAME or sentence.text[token.start : token.end].isupper())
    return bool(is_name) and first - 2 > floor and is_word(tokens, first - 1, _OR) and is_mark(tokens, first - 2, ",")


def _whose_place(sentence: Sentence, place: Phrase, *, floor: int, deepest: int) -> Phrase | None:
    """Who is before the `place` where they are, between commas ("officials in Ostby, Norland,")."""
    tokens = sentence.tokens
    is_aside = is_mark(tokens, place.first - 1, ",") and is_mark(tokens, place.last + 1, ",")
    if not is_aside or tokens[place.last].label not in ("GPE", "LOC") or place.first - 2 < floor:
        return None
    who = phrase_before(sentence, place.first - 1, floor=floor, deepest=deepest)
    return who if who and who.entity is None and who.head in SPEAKERS else None


def _is_place_of(tokens: Tokens, first: int, last: int, floor: int) -> bool:
    """Whether tokens `first` to `last` are only the place where a body is, or a place, that is named before it."""
    if first != last or tokens[first].label != "GPE" or is_word(tokens, floor, PREPOSITIONS):
        return False
    return first - 2 >= floor and is_mark(tokens, first - 1, ",") and tokens[first - 2].label in ("ORG", "GPE")


def _phrase_start(sentence: Sentence, last: int, floor: int) -> int:
    """Where the phrase begins that ends with token `last`."""
    first = last + 1
    while first > floor and last - first < LONGEST_PHRASE and (step := _step(sentence, first, last, floor)):
        first -= step
        if sentence.tokens[first].low in PRONOUNS:
            break
    return first


def _step(sentence: Sentence, first: int, last: int, floor: int) -> int:
    """How many tokens before `first` belong to the phrase that ends with `last`: one, "(EMC)", or none."""
    if first <= last and first - _BRACKETED >= floor and _is_bracketed(sentence.tokens, first - _BRACKETED):
        return _BRACKETED
    return int(_in_phrase(sentence, first - 1))


def _is_bracketed(tokens: Tokens, at: int) -> bool:
    """Whether "(EMC)" stands at token `at`."""
    return is_mark(tokens, at, "(") and is_mark(tokens, at + _BRACKETED - 1, ")")


def _relative_before(tokens: Tokens, first: int, floor: int) -> int | None:
    """The "who" of a clause that ends with the phrase at `first` ("the man who sold the house said"), if any."""
    first -= is_word(tokens, first - 1, _THAT)
    if first <= floor or not is_finite(tokens, first - 1):
        return None
    verb = first - 1
    while verb - 1 > floor and is_finite(tokens, verb - 1):
        verb -= 1
    for n in range(verb - 1, max(floor, first - SOON), -1):
        if is_word(tokens, n, _WHO):
            return n if not is_mark(tokens, n - 1, ",") else None
        if is_finite(tokens, n) or is_mark(tokens, n, ","):
            return None
    return None


def _follows_noun(tokens: Tokens, at: int, floor: int) -> bool:
    """Whether a participle at `at` describes who speaks ("a letter signed by Osei", "a man held since Monday")."""
    if at <= floor or not is_finite(tokens, at) or is_finite(tokens, at - 1):
        return False
    return is_word(tokens, at + 1, _BY if tokens[at - 1].low not in PEOPLE else PREPOSITIONS)


def _follows_person(tokens: Tokens, at: int, floor: int) -> bool:
    """Whether the phrase at `at` describes the person named before ("Abena Osei, the mayor said")."""
    follows = _describes_person(tokens, at, floor)
    near = range(max(floor, at - _LONGEST_APPOSITION), at)
    return follows and not any(is_finite(tokens, n) for n in near)


def _nearest_somebody(sentence: Sentence, phrase: Phrase | None, floor: int, end: int) -> Phrase | None:
    """Whom "who" at token `end` takes up: `phrase`, else what follows a preposition ("help from police, who said")."""
    tokens = sentence.tokens
    if phrase and phrase.head in DOCUMENTS and is_finite(tokens, phrase.first - 1):
        author = phrase_before(sentence, phrase.first - 1, floor=floor, deepest=1)
        return phrase._replace(owner=author.entity) if author else phrase  # "Osei issued a statement which read"
    if phrase and (phrase.entity is not None or phrase.head in _SOMEBODY):
        return phrase
    near = range(end - 1, max(floor, end - LONGEST_PHRASE), -1)
    start = next((n + 1 for n in near if is_word(tokens, n, PREPOSITIONS)), end)
    nearest = phrase_at(sentence, start, end - 1) if start < end else None
    is_somebody = nearest is not None and (tokens[end - 1].label in _SPEAKERS or nearest.head in _SOMEBODY)
    return nearest if is_somebody else phrase


def _describes_person(tokens: Tokens, at: int, floor: int) -> bool:
    follows = at - 2 >= floor and is_mark(tokens, at - 1, ",") and tokens[at - 2].label == "PERSON"
    return follows and is_word(tokens, at, ARTICLES)


def phrase_after(sentence: Sentence, start: int) -> Phrase | None:
    """The phrase that begins at token `start`: the subject that follows its verb, or whom "according to" names."""
    tokens = sentence.tokens
    last = _phrase_end(sentence, start)
    phrase = phrase_at(sentence, start, last) if last >= start else None
    if phrase is None or phrase.entity is not None or not is_mark(tokens, last + 1, ","):
        return phrase
    if phrase.head not in PEOPLE and not any(is_word(tokens, n, _OWNED) for n in range(start, last)):
        return phrase
    name = last + 2
    while name + 1 < len(tokens) and tokens[name].low in TITLES:
        name += 1
    is_closed = name + 1 >= len(tokens) or tokens[name + 1].kind is not Kind.WORD
    if name < len(tokens) and tokens[name].label == "PERSON" and is_closed:
        return phrase_at(sentence, last + 2, name)
    return phrase


def _phrase_end(sentence: Sentence, start: int) -> int:
    """The last token of the phrase that begins at `start`, below `start` where there is none."""
    tokens = sentence.tokens
    at = start
    is_named = False
    while at < len(tokens) and at - start < LONGEST_PHRASE:
        if at > start and _is_bracketed(tokens, at):
            at += _BRACKETED
            continue
        if not _in_phrase(sentence, at):
            break
        low = tokens[at].low if tokens[at].kind is Kind.WORD else ""
        if at > start and (low in TIMES or low in PRONOUNS or (is_named and low in PREPOSITIONS)):
            break
        is_named = is_named or tokens[at].kind is Kind.NAME
        at += 1
        if low in PRONOUNS:
            break
    last = at - 1
    while last > start and (tokens[last].low in PREPOSITIONS or tokens[last].low in LINKS or tokens[last].low in "&."):
        last -= 1
    return last


def phrase_at(sentence: Sentence, first: int, last: int) -> Phrase | None:
    """The phrase that tokens `first` to `last` make, cut to the part that says who: what comes before "of" or "for".

    It names an entity where that part ends with a name ("Mayor Osei"), and not where it ends with a noun ("the Osei
    family"); and where the whole ends with a person's ("the minister of health Abena Osei").
    """
    tokens = sentence.tokens
    if is_word(tokens, first, _PART) and is_word(tokens, first + 1, LINKS) and first + 2 < last:
        first += 2
    core = first
    while core < last and not _parts(tokens, core + 1):
        core += 1
    titled = next((n for n in range(core + 1, last + 1) if _is_titled(tokens, n, last)), None)
    if titled is not None and tokens[core].low not in DEPUTIES:
        return _name_alone(tokens, titled, first, last)
    names = (n for n in range(core, first - 1, -1) if tokens[n].kind is Kind.NAME)
    name = next((n for n in names if not _is_bracketed(tokens, n - 1)), None)
    if name is not None and all(_is_aside(tokens, name, n) for n in range(name + 1, core + 1)):
        return _name_alone(tokens, name, first, last)
    while core > first and _is_idle(tokens[core]):
        core -= 1
    if tokens[core].kind is Kind.MARK:
        return None
    is_owned = name is not None and is_word(tokens, name + 1, _POSSESSIVE)
    owner = tokens[name].entity if name is not None and is_owned else _maker(tokens, core + 1)
    low = tuple(token.low for token in tokens[first : core + 1])
    return Phrase(tokens[first].start, tokens[core].end, None, low, first, last, owner)


def _is_titled(tokens: Tokens, at: int, last: int) -> bool:
    """Whether a person's name stands at `at` after a title with "of" in it, and nothing but "of …" after the name."""
    if tokens[at].label != "PERSON" or is_word(tokens, at - 1, _NO_TITLES):
        return False
    return at == last or is_word(tokens, at + 1, PREPOSITIONS)


def _parts(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` parts who speaks from what describes them; "and" does after a whole name or noun."""
    if not is_word(tokens, at, _PARTING):
        return False
    before = tokens[at - 1]
    is_whole = before.label in ("PERSON", "ORG") or before.low in SPEAKERS or before.low.endswith("s")
    return is_whole or tokens[at].low not in _AND


def _maker(tokens: Tokens, start: int) -> int | None:
    """Whose what stands before token `start` is, by "by" or "from" ("a report on ships by the Harbour Ministry")."""
    for at in range(start, min(start + SOON, len(tokens) - 1)):
        is_made = is_word(tokens, at + 1, _MAKES)
        if (is_finite(tokens, at) and not is_made) or is_mark(tokens, at, ",;:") or is_quote(tokens, at):
            return None
        if is_word(tokens, at, _MAKES):
            return tokens[at + 1 + is_word(tokens, at + 1, ARTICLES)].entity if at + 2 < len(tokens) else None
    return None


def _name_alone(tokens: Tokens, name: int, first: int, last: int) -> Phrase:
    token = tokens[name]
    return Phrase(token.start, token.end, token.entity, (token.low,), first, last)


def _is_idle(token: Token) -> bool:
    return token.low in BETWEEN or token.kind is Kind.MARK


def _is_aside(tokens: Tokens, name: int, at: int) -> bool:
    """Whether the word at `at` adds nothing to what is named at `name`, or its kind ("Reuters news agency")."""
    if _is_idle(tokens[at]) or _is_bracketed(tokens, at - 1):
        return True
    return tokens[name].label == "ORG" and is_word(tokens, at, _NEWS)


def _in_phrase(sentence: Sentence, at: int) -> bool:
    """Whether the token at `at` can stand within a phrase that names a speaker."""
    tokens, token = sentence.tokens, sentence.tokens[at]
    if token.kind is Kind.NAME:
        return True
    if token.kind is Kind.MARK:
        joins = token.low == "-" and at > 0 and tokens[at - 1].end == token.start
        return token.low in "&.%" or (joins and sentence.text[token.end : token.end + 1].isalnum())
    if token.kind is Kind.QUOTE:
        return token.end - token.start < _LONGEST_QUOTED_NAME and is_word(tokens, at - 1, PREPOSITIONS)
    if token.low in BREAKS or token.low in AUXILIARIES:
        return token.low == "than" and is_word(tokens, at - 1, _MORE)
    if sentence.text[token.start].isupper() or token.low in PEOPLE:
        return True
    if token.low in SAYING:
        owned = at - 2 if at > 1 and tokens[at - 1].kind is Kind.NAME else at - 1  # "the Colombian state"
        is_noun = is_word(tokens, owned, _OWNED) or is_word(tokens, at - 2, _ACCORDING)
        return is_noun or (token.low == "state" and is_word(tokens, at + 1, STATE_OWNED))
    return not is_finite(tokens, at)


def _around_apposition(sentence: Sentence, comma: int, *, floor: int, deepest: int) -> Phrase | None:
    """The subject before ", …," where what stands between the commas describes it, or is its name."""
    tokens = sentence.tokens
    near = range(comma - 1, max(floor, comma - _LONGEST_APPOSITION), -1)
    before = next((n for n in near if is_mark(tokens, n, ",")), None)
    if before is None and tokens[comma - 1].label == "PERSON":  # "Director Abena Osei, said"
        return phrase_before(sentence, comma, floor=floor, deepest=deepest)
    if before is None or before + 1 == comma:
        return None
    if before + 2 == comma and is_digit(tokens, before + 1):
        return _aged(sentence, before, floor=floor, deepest=deepest)
    start = before + 1
    end = comma - _BRACKETED if _is_bracketed(tokens, comma - _BRACKETED) else comma
    inner = None
    if end - before <= LONGEST_PHRASE and start < end and all(_in_phrase(sentence, n) for n in range(start, end)):
        inner = phrase_at(sentence, start, end - 1)
    outer = phrase_before(sentence, before, floor=floor, deepest=deepest)
    is_name = inner is not None and inner.entity is not None and tokens[end - 1].kind is Kind.NAME
    is_name = is_name and not _is_beside(tokens, start)
    if inner and is_name and _names(tokens, start, end, outer):
        is_described = outer is not None and outer.entity is None and outer.last == before - 1
        return inner._replace(first=outer.first) if outer and is_described and _opens(tokens, outer, floor) else inner
    if is_name and is_word(tokens, floor, PREPOSITIONS):
        return inner
    return outer if outer and _describes(tokens, start, end, inner, outer) else None


def _aged(sentence: Sentence, comma: int, *, floor: int, deepest: int) -> Phrase | None:
    """Whose age stands after `comma`, with what describes them before their name ("his uncle, Otto Lind, 45, said")."""
    name = sentence.tokens[comma - 1]
    found = _around_apposition(sentence, comma, floor=floor, deepest=deepest - 1) if deepest else None
    is_named = found is not None and name.entity is not None and found.entity == name.entity
    return found if is_named else phrase_before(sentence, comma, floor=floor, deepest=deepest)


def _is_beside(tokens: Tokens, start: int) -> bool:
    """Whether what begins at token `start` has somebody else's name in it ("quoting Lind", "with the mayor Lind")."""
    is_deed = tokens[start].low.endswith("ing") and (
        tokens[start + 1].kind is Kind.NAME or is_word(tokens, start + 1, DETERMINERS)
    )
    return is_deed or is_word(tokens, start, _BESIDE)


def _opens(tokens: Tokens, phrase: Phrase, floor: int) -> bool:
    """Whether nothing of its clause stands before the phrase."""
    return phrase.first == floor or tokens[phrase.first - 1].kind in (Kind.QUOTE, Kind.MARK)


def _names(tokens: Tokens, start: int, end: int, outer: Phrase | None) -> bool:
    """Whether tokens `start` to `end`, which end with a name, name whom `outer` before them describes."""
    if outer is None:
        return True
    label = tokens[end - 1].label
    is_body_of_person = tokens[outer.last].label == "PERSON" and label == "ORG"
    is_alone = tokens[start].kind is Kind.NAME or is_word(tokens, start, TITLES)
    if is_alone:
        return outer.entity is None and not is_body_of_person
    return label in _SPEAKERS and not is_body_of_person


def _describes(tokens: Tokens, start: int, end: int, phrase: Phrase | None, outer: Phrase) -> bool:
    """Whether tokens `start` to `end`, which make `phrase` where they make one, can describe `outer`."""
    if tokens[outer.last].label == "PERSON" and not any(is_finite(tokens, n) for n in range(start, end)):
        return True
    low = tokens[start].low
    is_place = end - start <= 2 and tokens[start].kind is Kind.NAME
    is_role = phrase is not None and phrase.head in PEOPLE
    return is_role or is_place or is_word(tokens, start, _DESCRIBES) or low.isdigit() or low.endswith(("ing", "ed"))


def _without_adverbials(tokens: Tokens, first: int, last: int) -> int:
    """Where the phrase begins without "On Tuesday", "In a statement", "and" or "meanwhile" before it."""
    while first < last and is_word(tokens, first, _LEADING):
        first += 1
    for at in range(last, first + 1, -1):
        if is_word(tokens, at, ARTICLES) and is_word(tokens, at - 1, TIMES):
            return at  # "a few days later the ministry"
    if not is_word(tokens, first, PREPOSITIONS):
        return first
    if tokens[last].kind is Kind.NAME and not is_word(tokens, last - 1, PREPOSITIONS):
        return last
    for at in range(last, first + 1, -1):
        starts = is_word(tokens, at, ARTICLES) or tokens[at].low in PRONOUNS
        if starts and not is_word(tokens, at - 1, PREPOSITIONS):
            return at
    at = first + 1
    while at <= last and is_word(tokens, at, _BETWEEN_TIMES):
        at += 1
    if first + 1 < at <= last:
        return at
    is_agent = is_word(tokens, first, _BY) and is_word(tokens, first + 1, ARTICLES)  # "the decree signed by the Pope"
    return last if tokens[last].low in PEOPLE and not is_agent else last + 1
