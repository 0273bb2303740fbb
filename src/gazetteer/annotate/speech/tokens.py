"""Sentences as attribution reads them: words, names and whole quotations in a row.

There is no tagger behind this: what is a verb is told by its form and by what stands before it. Every search has a
bound, so that time is linear in the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from gazetteer.annotate.speech.marks import Stretch
from gazetteer.annotate.speech.words import (
    AUXILIARIES,
    BETWEEN,
    CLAUSE_OPENERS,
    DETERMINERS,
    NO_ADVERBS,
    NO_PASTS,
    PASTS,
    PREPOSITIONS,
    PRESENTS,
    PRONOUNS,
)

SOON = 20
"""Tokens within which a clause has its verb."""

_PIECE = re.compile(r"[^\W_]+(?:['’.-][^\W_]+|[,:]\d+)*|['’]s\b|[^\w\s]|_")
_NO_PRONOUNS = frozenset(("WHO", "IT", "US"))
_OPENERS = CLAUSE_OPENERS - {"this", "that"}
_SURE_OPENERS = _OPENERS - {"these", "those", "no", "it", "you"}
_VERBS = AUXILIARIES | PASTS
_AND = frozenset(("and", "&"))
_TO = frozenset(("to",))
_BY = frozenset(("by",))
_BEFORE_PARTICIPLE = DETERMINERS | {"most", "more", "so", "highly", "recently", "newly", "'s"}
_BEFORE_NOUN = DETERMINERS | PREPOSITIONS | {"to", "and", "'s"}
_NO_OBJECT = frozenset(
    ("that", "which", "who", "when", "where", "although", "because", "while", "as", "after", "if", ";")
)


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
        word, (at, after) = piece[0], piece.span()
        if len(word) > 1 or word.isalnum():
            low = word if word in _NO_PRONOUNS else word.lower().replace("’", "'")
            yield Token(Kind.WORD, at, after, low)
        elif word in "'’" and text[at - 1] == "s" and text[after : after + 1] == " ":
            yield Token(Kind.WORD, at, after, "'s")  # "Lind Lines' ships"
        else:
            yield Token(Kind.MARK, at, after, "'" if word == "’" else word)


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


def is_digit(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` is a number in figures."""
    return 0 <= at < len(tokens) and tokens[at].low[:1].isdigit()


def is_finite(tokens: Tokens, at: int) -> bool:
    """Whether the token at `at` is by all appearances a verb that has a subject."""
    if not (0 <= at < len(tokens)) or tokens[at].kind is not Kind.WORD:
        return False
    low = tokens[at].low
    if low in _VERBS:
        return low != "may" or not is_word(tokens, at - 1, PREPOSITIONS)
    if low in PRESENTS:
        return at > 0 and tokens[at - 1].kind in (Kind.NAME, Kind.WORD) and not is_word(tokens, at - 1, _BEFORE_NOUN)
    if not low.endswith("ed") or low in NO_PASTS:
        return False
    return not (is_word(tokens, at - 1, _BEFORE_PARTICIPLE) or is_mark(tokens, at - 1, "-"))


def holds_clause(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end` look like a clause: a subject, and soon a verb that agrees with it."""
    tokens = sentence.tokens
    if start >= end:
        return False
    if "'" in tokens[start].low and tokens[start].low in AUXILIARIES:
        return True  # "it's"
    is_open = is_word(tokens, start, _OPENERS)
    for at in range(start + 1, min(end, start + SOON)):
        if is_mark(tokens, at, ",") and not is_open:
            commas = (n for n in range(at + 1, min(end, at + SOON)) if is_mark(tokens, n, ","))
            return any(is_finite(tokens, n + 1) for n in commas)  # "the ship, which was old, had sunk"
        if not is_open and (tokens[at].low in _NO_OBJECT or _is_infinitive(sentence, at) or _goes_on(tokens, at)):
            return False
        if (
            (is_finite(tokens, at) and not _is_passive(tokens, at))
            or _is_present(tokens, at)
            or (begins_small(sentence, at) and not is_word(tokens, at - 1, _BEFORE_NOUN))
        ):
            return True
    return is_word(tokens, start, _SURE_OPENERS) and end - start > 2


def _is_passive(tokens: Tokens, at: int) -> bool:
    """Whether the form at `at` is what somebody has done to the noun before it ("made by slugs")."""
    return tokens[at].low not in AUXILIARIES and is_word(tokens, at + 1, _BY)


def _is_infinitive(sentence: Sentence, at: int) -> bool:
    """Whether "to" at `at` brings a verb, by all appearances, and no noun ("respondents to a poll")."""
    tokens = sentence.tokens
    if not is_word(tokens, at, _TO) or at + 1 >= len(tokens):
        return False
    follows = tokens[at + 1]
    is_noun = follows.kind is not Kind.WORD or follows.low in DETERMINERS or follows.low[:1].isdigit()
    return not (is_noun or sentence.text[follows.start].isupper())


def _goes_on(tokens: Tokens, at: int) -> bool:
    """Whether "and" at `at` joins another verb, or a clause that a pronoun begins, to the one before."""
    return is_word(tokens, at, _AND) and (is_finite(tokens, at + 1) or is_word(tokens, at + 1, PRONOUNS))


def _is_present(tokens: Tokens, at: int) -> bool:
    """Whether a word like "wins" stands between a name and what it has for an object ("Osei wins the race")."""
    low = tokens[at].low if tokens[at].kind is Kind.WORD else ""
    is_form = len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "'s"))
    has_object = at + 1 < len(tokens) and (tokens[at + 1].kind is Kind.NAME or is_word(tokens, at + 1, DETERMINERS))
    return is_form and tokens[at - 1].kind is Kind.NAME and has_object


def begins_small(sentence: Sentence, at: int) -> bool:
    """Whether a quotation stands at `at` that goes on with a sentence ("people “might drown” here")."""
    token = sentence.tokens[at]
    return token.kind is Kind.QUOTE and sentence.text[token.start + 1 : token.start + 2].islower()
