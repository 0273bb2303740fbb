"""Clauses and quotations as what was said: where they end, how long they are, and of which kind."""

import re
from itertools import islice
from typing import NamedTuple

from gazetteer.annotate.speech.attribution import Attribution
from gazetteer.annotate.speech.phrases import Phrase
from gazetteer.annotate.speech.tokens import (
    SOON,
    Kind,
    Sentence,
    Token,
    is_between,
    is_finite,
    is_mark,
    is_quote,
    is_word,
)
from gazetteer.annotate.speech.words import (
    BARE,
    BETWEEN,
    FORMS_OF_BE,
    JOINS,
    MARKED,
    PREPOSITIONS,
    SAYING,
    SUBORDINATE,
    TIMES,
)
from gazetteer.types import QuoteKind

LEAST_WORDS = 4
"""Fewer quoted words are a name, a title or somebody's choice of word, unless a verb of saying brings them whole."""

LONGEST_CLAUSE = 160
"""Tokens."""

THAT = frozenset(("that",))
RELATIVE = frozenset(("that", "which", "who"))
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_WHOLE = re.compile(r"[.,!?…—–-]['’”\"»]*\Z")
_TITLE_SHARE = 0.75
_AFTER_BE = TIMES | BETWEEN - FORMS_OF_BE
_APART = frozenset(("according", "citing"))
_DEEDS = frozenset(
    verb
    for verb, lemma in MARKED.items()
    if verb.endswith("ed")
    and lemma
    in {
        "praise",
        "condemn",
        "criticise",
        "criticize",
        "thank",
        "urge",
        "call",
        "accuse",
        "blame",
        "denounce",
        "welcome",
        "apologise",
        "apologize",
        "congratulate",
        "pledge",
        "promise",
        "vow",
        "blast",
        "slam",
        "decry",
        "lambast",
        "hail",
        "request",
        "demand",
    }
)
_BUT = frozenset(("but", "though", "although"))
_PRESENT = frozenset(("is", "are", "isn't", "aren't", "has", "have", "hasn't", "haven't", "does", "do", "doesn't"))
_WITHIN = SUBORDINATE - JOINS - {"while"} | RELATIVE
_AFTER_QUOTE = JOINS | PREPOSITIONS | TIMES | frozenset(("when", "as", "after", "before", "which", "who"))


class Said(NamedTuple):
    """Something said, by whoever `phrase` stands for; `cue` and `phrase` are None where its sentence tells neither."""

    start: int
    end: int
    kind: QuoteKind
    cue: tuple[int, int] | None = None
    phrase: Phrase | None = None


def clause_end(sentence: Sentence, start: int, cues: frozenset[int]) -> int:
    """Where the clause that begins at token `start` ends.

    That is before the clause of the next attribution (at `cues` stand the verbs of saying), before a quotation that a
    colon brings, and before what the text itself goes on with (", according to", ", but this is").
    """
    tokens = sentence.tokens
    stop = min(len(tokens), start + LONGEST_CLAUSE)
    for at in range(start + 1, stop):
        if is_mark(tokens, at, ";") or (is_mark(tokens, at, ":") and is_quote(tokens, at + 1)):
            return at
        if is_mark(tokens, at, ",—–") and _stands_apart(sentence, at + 1):
            return at
        if is_word(tokens, at, JOINS) and _is_deed(sentence, at + 1):
            return at - is_mark(tokens, at - 1, ",")
        if at in cues and (end := _next_clause(sentence, start, at)) is not None:
            return end
    return stop


def _is_deed(sentence: Sentence, at: int) -> bool:
    """Whether the verb at `at` is what the speaker did next ("said it was safe and praised the crew")."""
    return is_word(sentence.tokens, at, _DEEDS)


def _stands_apart(sentence: Sentence, at: int) -> bool:
    """Whether what begins at token `at`, after a mark, is no longer said: it goes over to the present tense."""
    tokens = sentence.tokens
    if is_word(tokens, at, _APART):
        return True
    if not is_word(tokens, at, _BUT) or (is_word(tokens, at + 1, THAT) and not is_finite(tokens, at + 2)):
        return False
    verb = next((n for n in range(at + 1, min(len(tokens), at + SOON)) if is_finite(tokens, n)), at)
    return is_word(tokens, verb, _PRESENT)


def _next_clause(sentence: Sentence, start: int, cue: int) -> int | None:
    """Where the next attribution begins that has its verb at `cue`; None where that lies within this clause."""
    tokens = sentence.tokens
    if tokens[cue].low.endswith("ing") and (is_quote(tokens, cue + 1) or is_quote(tokens, cue + 2)):
        return cue - (is_between(tokens, cue - 1) and not is_finite(tokens, cue - 1))
    be = cue - 2 if is_word(tokens, cue - 1, _AFTER_BE) else cue - 1
    if is_word(tokens, be, FORMS_OF_BE) and tokens[cue].low.endswith(("ed", "told")):
        return None  # "39 were reported dead"
    is_other = tokens[cue].low.endswith("ing") or SAYING.get(tokens[cue].low) in BARE
    verb = start if is_other else next((n for n in range(start, cue) if is_finite(tokens, n)), cue)
    for at in range(cue - 1, max(start, cue - 12), -1):
        if is_mark(tokens, at, ",") and verb > at:
            return None  # "Osei, the mayor, recommended it"
        if is_word(tokens, at, JOINS):
            if tokens[cue].low.endswith("ing") and at < cue - 1 and not is_finite(tokens, cue - 1):
                return cue  # "was of wood and stone, adding that" without the comma
            return at - 1 if is_mark(tokens, at - 1, ",") else at
        if is_mark(tokens, at, ",;—–"):
            return None if is_word(tokens, at + 1, _WITHIN) else at
        if is_word(tokens, at, RELATIVE) or is_quote(tokens, at):
            return at + 1 if is_quote(tokens, at) else None
    return None


def quotations(sentence: Sentence, start: int, end: int, of: Attribution, *, least: int = LEAST_WORDS) -> list[Said]:
    """Tokens `start` to `end`, quotations that an attribution brings, as what was said directly."""
    cue = sentence.span(of.cue, of.after)
    return [
        Said(sentence.tokens[n].start, sentence.tokens[n].end, QuoteKind.DIRECT, cue, of.phrase)
        for n in range(start, end)
        if count_words(sentence, n) >= (1 if is_whole(sentence, n) else least)
    ]


def clause(sentence: Sentence, start: int, end: int, of: Attribution) -> list[Said]:
    """Tokens `start` to `end` as reported speech, mixed where a part of it stands between marks."""
    tokens = sentence.tokens
    while end > start and is_mark(tokens, end - 1, ".,;:—–-"):
        end -= 1
    while is_mark(tokens, start, ",)—–-") or (is_word(tokens, start, THAT) and not is_finite(tokens, start + 1)):
        start += 1
    if end - start < 2:
        return quotations(sentence, start, end, of) if end > start and is_quote(tokens, start) else []
    mixed = any(is_quote(tokens, n) and count_words(sentence, n) >= LEAST_WORDS for n in range(start, end))
    kind = QuoteKind.MIXED if mixed else QuoteKind.REPORTED
    return [Said(*sentence.span(start, end), kind, sentence.span(of.cue, of.after), of.phrase)]


def stands_alone(sentence: Sentence, at: int) -> bool:
    """Whether the quotation at `at` stands there by itself: nothing of its clause goes on after it."""
    tokens = sentence.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].kind in (Kind.MARK, Kind.QUOTE):
        return True
    return is_word(tokens, at + 1, _AFTER_QUOTE) or is_whole(sentence, at)


def is_whole(sentence: Sentence, at: int) -> bool:
    """Whether the quotation at `at` ends with a stop or a comma within its marks."""
    token = sentence.tokens[at]
    return _WHOLE.search(sentence.text[max(token.start, token.end - 4) : token.end]) is not None


def count_words(sentence: Sentence, at: int) -> int:
    """How many words the quotation at `at` holds, up to as many as matter."""
    return len(_first_words(sentence.text, sentence.tokens[at], LEAST_WORDS))


def _first_words(text: str, token: Token, count: int) -> list[str]:
    return [found[0] for found in islice(_WORD.finditer(text, token.start, token.end), count)]


def is_said(sentence: Sentence, at: int) -> bool:
    """Whether the quotation at `at` is long enough to be somebody's words, and no title."""
    words = _first_words(sentence.text, sentence.tokens[at], 3 * LEAST_WORDS)
    long = [word for word in words if len(word) > 3]
    titled = len(long) > 1 and sum(word[0].isupper() for word in long) > _TITLE_SHARE * len(long)
    return len(words) >= LEAST_WORDS and not titled
