"""Sentences as attribution reads them: words, names and whole quotations in a row, and the phrases that say who speaks.

There is no tagger behind this: where a phrase begins and ends is told by the words that cannot be inside one. Every
search has a bound, so that time is linear in the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from gazetteer.annotate.lexicon import TITLES
from gazetteer.annotate.speech.marks import Stretch
from gazetteer.annotate.speech.words import (
    ARTICLES,
    AUXILIARIES,
    BETWEEN,
    BREAKS,
    CLAUSE_OPENERS,
    DEPUTIES,
    DETERMINERS,
    GROUP_NOUNS,
    LINKS,
    NO_ADVERBS,
    NO_PASTS,
    PASTS,
    PEOPLE,
    PREPOSITIONS,
    PRESENTS,
    PRONOUNS,
    SAYING,
    TIMES,
)

LONGEST_PHRASE = 16
"""Words and names that a phrase may hold."""

_LONGEST_APPOSITION = 30
_SOON = 14
"""Tokens within which a clause has its verb."""

_DEEPEST = 4
"""Appositions that may stand one within or after the other before a verb."""

_LONGEST_QUOTED_NAME = 40
_PIECE = re.compile(r"[^\W_]+(?:['’.-][^\W_]+|[,:]\d+)*|['’]s\b|[^\w\s]|_")
_WHO = frozenset(("who", "which"))
_NO_PRONOUNS = frozenset(("WHO", "IT", "US"))
_OWNED = DETERMINERS | {"'s"}
_AND = frozenset(("and", "&"))
_MAKES = frozenset(("by", "from"))
_POSSESSIVE = frozenset(("'s",))
_DESCRIBES = (
    ARTICLES | PREPOSITIONS | BETWEEN | {"who", "which", "whose", "where", "speaking", "writing", "aged", "according"}
)
_BEFORE_PARTICIPLE = DETERMINERS | {"most", "more", "so", "highly", "recently", "newly", "'s"}
_BEFORE_NOUN = DETERMINERS | PREPOSITIONS | {"to", "and", "'s"}
_NO_OBJECT = frozenset(("that", "which", "who", "when", "where", "although", "because", "while", "to", ";"))
_LEADING = BETWEEN | TIMES | {"and", "nor", "&", "then"}


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NAME = auto()
    QUOTE = auto()
    MARK = auto()


class Token(NamedTuple):
    """A word, a whole name, a whole quotation, or a mark; `low` is a word in small letters with plain apostrophes.

    A name has the number and the `label` of its entity.
    """

    kind: Kind
    start: int
    end: int
    low: str
    entity: int | None = None
    label: str = ""


Tokens = Sequence[Token]


class Named(NamedTuple):
    """A mention with the number and label of its entity."""

    start: int
    end: int
    entity: int
    label: str


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of `text`, with any more that its quotations reach into, as tokens."""

    text: str
    tokens: Tokens

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters of tokens `first` to `last` (exclusive)."""
        return self.tokens[first].start, self.tokens[last - 1].end


def tokens_of(text: str, start: int, end: int, names: Iterable[Named], stretches: Iterable[Stretch]) -> list[Token]:
    """The tokens of `text[start:end]`; a name within a quotation is no token of its own.

    A stop counts as a mark only where it is the last token: elsewhere it makes an abbreviation.
    """
    whole = [Token(Kind.QUOTE, s.start, s.end, "") for s in stretches]
    whole += [Token(Kind.NAME, n.start, n.end, text[n.start : n.end].lower(), n.entity, n.label) for n in names]
    found: list[Token] = []
    at = start
    for token in sorted(whole, key=lambda token: token.start):
        if token.start < at or token.end > end:
            continue
        found += _plain(text, at, token.start)
        found.append(token)
        at = token.end
    found += _plain(text, at, end)
    return [token for n, token in enumerate(found) if token.low != "." or n == len(found) - 1]


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for piece in _PIECE.finditer(text, start, end):
        word = piece[0]
        kind = Kind.WORD if word[0].isalnum() or len(word) > 1 else Kind.MARK
        low = word if word in _NO_PRONOUNS else word.lower().replace("’", "'")
        yield Token(kind, piece.start(), piece.end(), low)


def is_mark(tokens: Tokens, at: int, marks: str) -> bool:
    """Whether the token at `at` is one of `marks`."""
    return 0 <= at < len(tokens) and tokens[at].kind is Kind.MARK and tokens[at].low in marks


def is_quote(tokens: Tokens, at: int) -> bool:
    """Whether there is a quotation at `at`."""
    return 0 <= at < len(tokens) and tokens[at].kind is Kind.QUOTE


def is_word(tokens: Tokens, at: int, words: frozenset[str]) -> bool:
    """Whether the token at `at` is one of `words`."""
    return 0 <= at < len(tokens) and tokens[at].kind is Kind.WORD and tokens[at].low in words


def is_between(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` may stand between a subject and its verb ("has also", "falsely")."""
    if not (0 <= at < len(tokens)) or tokens[at].kind is not Kind.WORD:
        return False
    return tokens[at].low in BETWEEN or is_adverb(tokens, at)


def is_adverb(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` is a word like "falsely"."""
    if not (0 <= at < len(tokens)) or tokens[at].kind is not Kind.WORD:
        return False
    low = tokens[at].low
    return low.endswith("ly") and len(low) > 5 and low not in NO_ADVERBS


def is_finite(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` is by all appearances a verb that has a subject."""
    if not (0 <= at < len(tokens)) or tokens[at].kind is not Kind.WORD:
        return False
    low = tokens[at].low
    if low in AUXILIARIES or low in PASTS:
        return True
    if low in PRESENTS:
        return at > 0 and tokens[at - 1].kind in (Kind.NAME, Kind.WORD) and not is_word(tokens, at - 1, _BEFORE_NOUN)
    return low.endswith("ed") and low not in NO_PASTS and not is_word(tokens, at - 1, _BEFORE_PARTICIPLE)


def holds_clause(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end` look like a clause: a subject, and soon a verb that agrees with it."""
    tokens = sentence.tokens
    if start >= end:
        return False
    is_open = is_word(tokens, start, CLAUSE_OPENERS - {"this", "that"})
    for at in range(start + 1, min(end, start + _SOON)):
        if is_mark(tokens, at, ",") and not is_open:
            closing = next((n for n in range(at + 1, min(end, at + _SOON)) if is_mark(tokens, n, ",")), end)
            return is_finite(tokens, closing + 1)  # "the ship, which was old, had sunk"
        if not is_open and (tokens[at].low in _NO_OBJECT or (is_word(tokens, at, _AND) and is_finite(tokens, at + 1))):
            return False
        if is_finite(tokens, at):
            return True
    return is_word(tokens, start, CLAUSE_OPENERS - {"this", "that", "these", "those", "no"}) and end - start > 2


def phrase_before(sentence: Sentence, end: int, *, floor: int, deepest: int = _DEEPEST) -> Phrase | None:
    """The phrase that ends before token `end`, where a verb stands: its subject, none of it before token `floor`.

    What describes it may follow it between commas or in brackets, up to `deepest` times.
    """
    tokens = sentence.tokens
    last = end - 1
    if last < floor or not deepest:
        return None
    if is_word(tokens, last, _WHO):
        last -= is_mark(tokens, last - 1, ",")
        return phrase_before(sentence, last, floor=floor, deepest=deepest - 1)
    if is_mark(tokens, last, ","):
        return _around_apposition(sentence, last, floor=floor, deepest=deepest - 1)
    if is_mark(tokens, last, ")"):
        opened = next((n for n in range(last, max(floor, last - 8), -1) if is_mark(tokens, n, "(")), floor)
        return phrase_before(sentence, opened, floor=floor, deepest=deepest - 1)
    first = _phrase_start(sentence, last, floor)
    if (who := _relative_before(tokens, first, floor)) is not None:
        return phrase_before(sentence, who, floor=floor, deepest=deepest - 1)
    first = _without_adverbials(tokens, first, last)
    phrase = phrase_at(sentence, first, last) if first <= last else None
    if phrase and phrase.entity is None and first - 1 > floor and _follows_person(tokens, first):
        return phrase_before(sentence, first - 1, floor=floor, deepest=deepest - 1) or phrase
    return phrase


def _phrase_start(sentence: Sentence, last: int, floor: int) -> int:
    """Where the phrase begins that ends with token `last`."""
    first = last + 1
    while first > floor and last - first < LONGEST_PHRASE and _in_phrase(sentence, first - 1):
        first -= 1
        if sentence.tokens[first].low in PRONOUNS:
            break
    return first


def _relative_before(tokens: Tokens, first: int, floor: int) -> int | None:
    """The "who" of a clause that ends with the phrase at `first` ("the man who sold the house said"), if any."""
    if first <= floor or not is_finite(tokens, first - 1):
        return None
    near = range(first - 1, max(floor, first - _SOON), -1)
    return next((n for n in near if is_word(tokens, n, _WHO) and not is_mark(tokens, n - 1, ",")), None)


def _follows_person(tokens: Tokens, at: int) -> bool:
    """Whether the phrase at `at` describes the person named before ("Abena Osei, the mayor said")."""
    return is_mark(tokens, at - 1, ",") and tokens[at - 2].label == "PERSON" and is_word(tokens, at, ARTICLES)


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
    while at < len(tokens) and at - start < LONGEST_PHRASE and _in_phrase(sentence, at):
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
    core = first
    while core < last and not _parts(tokens, core + 1):
        core += 1
    is_titled = core < last and tokens[last].label == "PERSON" and not is_word(tokens, last - 1, LINKS | PREPOSITIONS)
    if is_titled and tokens[core].low not in DEPUTIES:
        return _name_alone(tokens, last, first, last)
    name = next((n for n in range(core, first - 1, -1) if tokens[n].kind is Kind.NAME), None)
    if name is not None and all(_is_idle(tokens[n]) for n in range(name + 1, core + 1)):
        return _name_alone(tokens, name, first, last)
    while core > first and _is_idle(tokens[core]):
        core -= 1
    if tokens[core].kind is Kind.MARK:
        return None
    is_owned = name is not None and is_word(tokens, name + 1, _POSSESSIVE)
    owner = tokens[name].entity if name is not None and is_owned else _maker(tokens, core + 1)
    low = tuple(token.low for token in tokens[first : core + 1])
    return Phrase(tokens[first].start, tokens[core].end, None, low, first, last, owner)


def _parts(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` parts who speaks from what describes them; "and" does after a whole name or noun."""
    before = tokens[at - 1]
    is_whole = before.label in ("PERSON", "ORG") or before.low in PEOPLE | GROUP_NOUNS or before.low.endswith("s")
    return is_word(tokens, at, LINKS | PREPOSITIONS) and (is_whole or not is_word(tokens, at, _AND))


def _maker(tokens: Tokens, start: int) -> int | None:
    """Whose what stands before token `start` is, by "by" or "from" ("a report on ships by the Harbour Ministry")."""
    for at in range(start, min(start + _SOON, len(tokens) - 1)):
        if is_finite(tokens, at) or is_mark(tokens, at, ",;:") or is_quote(tokens, at):
            return None
        if is_word(tokens, at, _MAKES):
            return tokens[at + 1 + is_word(tokens, at + 1, ARTICLES)].entity if at + 2 < len(tokens) else None
    return None


def _name_alone(tokens: Tokens, name: int, first: int, last: int) -> Phrase:
    token = tokens[name]
    return Phrase(token.start, token.end, token.entity, (token.low,), first, last)


def _is_idle(token: Token) -> bool:
    return token.low in BETWEEN or token.kind is Kind.MARK


def _in_phrase(sentence: Sentence, at: int) -> bool:
    """Whether the token at `at` can stand within a phrase that names a speaker."""
    tokens, token = sentence.tokens, sentence.tokens[at]
    if token.kind is Kind.NAME:
        return True
    if token.kind is Kind.MARK:
        joins = token.low == "-" and at > 0 and tokens[at - 1].end == token.start
        return token.low in "&." or (joins and sentence.text[token.end : token.end + 1].isalnum())
    if token.kind is Kind.QUOTE:
        return token.end - token.start < _LONGEST_QUOTED_NAME and is_word(tokens, at - 1, PREPOSITIONS)
    if token.low in BREAKS or token.low in AUXILIARIES:
        return False
    if sentence.text[token.start].isupper() or token.low in PEOPLE:
        return True
    if token.low in SAYING:
        return is_word(tokens, at - 1, DETERMINERS | _POSSESSIVE)
    return not is_finite(tokens, at)


def _around_apposition(sentence: Sentence, comma: int, *, floor: int, deepest: int) -> Phrase | None:
    """The subject before ", …," where what stands between the commas describes it, or is its name."""
    tokens = sentence.tokens
    before = next(
        (n for n in range(comma - 1, max(floor, comma - _LONGEST_APPOSITION), -1) if is_mark(tokens, n, ",")), None
    )
    if before is None or before + 1 == comma:
        return None
    inner = None
    if comma - before <= LONGEST_PHRASE and all(_in_phrase(sentence, n) for n in range(before + 1, comma)):
        inner = phrase_at(sentence, before + 1, comma - 1)
    outer = phrase_before(sentence, before, floor=floor, deepest=deepest)
    if inner and inner.entity is not None and tokens[comma - 1].kind is Kind.NAME:
        is_name = tokens[before + 1].kind is Kind.NAME or is_word(tokens, before + 1, TITLES)
        if outer is None or outer.entity is None or not is_name or is_word(tokens, floor, PREPOSITIONS):
            return inner
    return outer if _describes(tokens, before + 1, comma, inner) else None


def _describes(tokens: Tokens, start: int, end: int, phrase: Phrase | None) -> bool:
    """Whether tokens `start` to `end`, which make `phrase` where they make one, can describe what they follow."""
    low = tokens[start].low
    is_place = end - start <= 2 and tokens[start].kind is Kind.NAME
    is_role = phrase is not None and phrase.head in PEOPLE
    return is_role or is_place or is_word(tokens, start, _DESCRIBES) or low.isdigit() or low.endswith(("ing", "ed"))


def _without_adverbials(tokens: Tokens, first: int, last: int) -> int:
    """Where the phrase begins without "On Tuesday", "In a statement", "and" or "meanwhile" before it."""
    while first < last and is_word(tokens, first, _LEADING):
        first += 1
    if not is_word(tokens, first, PREPOSITIONS):
        return first
    if tokens[last].kind is Kind.NAME and not is_word(tokens, last - 1, PREPOSITIONS):
        return last
    for at in range(last, first + 1, -1):
        starts = is_word(tokens, at, ARTICLES) or tokens[at].low in PRONOUNS
        if starts and not is_word(tokens, at - 1, PREPOSITIONS):
            return at
    at = first + 1
    while at <= last and is_word(tokens, at, TIMES | BETWEEN):
        at += 1
    if first + 1 < at <= last:
        return at
    return last if tokens[last].low in PEOPLE else last + 1
