"""What stands between a verb of saying and what was said: listeners, times and occasions."""

from gazetteer.annotate.speech.attribution import Attribution
from gazetteer.annotate.speech.clauses import THAT, is_said, is_whole
from gazetteer.annotate.speech.tokens import (
    Kind,
    Sentence,
    Tokens,
    begins_small,
    is_adverb,
    is_digit,
    is_finite,
    is_mark,
    is_quote,
    is_word,
)
from gazetteer.annotate.speech.words import (
    CLAUSE_OPENERS,
    DETERMINERS,
    LISTENERS,
    OCCASIONS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    WITH_LISTENER,
)

LONGEST_LEAD = 14
"""Tokens."""

LEAST = frozenset(("least", "most"))
_VAGUE_TIMES = frozenset(("this", "that", "last", "next", "same", "past", "time", "then"))
_TIMES = TIMES - _VAGUE_TIMES
_NEAR_TIMES = TIMES - {"this", "last", "next", "same", "late", "early", "past", "previous"}
_NEW_CLAUSE = CLAUSE_OPENERS - {"this", "that", "those", "these"}
_CITING = frozenset(("citing", "quoting"))
_IT = frozenset(("it",))
_MONTHS = frozenset(
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
)
_TO, _OF = frozenset(("to",)), frozenset(("of", "about"))
_SETTING = PREPOSITIONS - _OF | TIMES
_GOES_ON = LISTENERS - PRONOUNS | {"'s", "and"}
_OCCASIONS_OF, _SETTINGS = OCCASIONS | {"of"}, OCCASIONS | TIMES
_IN_LISTENER = DETERMINERS | LISTENERS | frozenset(("'s", "and", "state", "local", "of", "national"))


def lead(sentence: Sentence, of: Attribution, cues: frozenset[int]) -> tuple[int, str]:
    """Where what was said begins, past listeners, times and occasions, and what brings it: "that", ":", or nothing."""
    tokens = sentence.tokens
    if (at := _past_aside(sentence, of)) > of.last:
        return at, ","
    is_of_deed = False
    for at in range(of.last, min(len(tokens), of.last + LONGEST_LEAD)):
        if is_mark(tokens, at, ":"):
            return at + 1, ":"
        if is_quote(tokens, at) and is_mark(tokens, at - 1, ",") and at > of.last and is_said(sentence, at):
            return at, ","
        if at in cues or is_quote(tokens, at) or is_finite(tokens, at) or is_mark(tokens, at, ";."):
            break
        is_of_deed = is_of_deed or (is_word(tokens, at, _TO) and not _is_to_somebody(tokens, at))
        is_of_that = is_word(tokens, at - 1, PREPOSITIONS)
        is_of_that = is_of_that or (is_of_deed and not is_mark(tokens, at - 1, ","))  # "promised to mend all that fell"
        if is_word(tokens, at, THAT) and at + 1 < len(tokens) and not (is_of_that or is_word(tokens, at + 1, TIMES)):
            direct = at == of.last or of.lemma in WITH_LISTENER or is_mark(tokens, of.last, ",")
            if direct or _is_setting(sentence, of.last):
                return at + 1, "that"
            break
    return past_occasions(sentence, of.last, of), ""


def _is_setting(sentence: Sentence, at: int) -> bool:
    """Whether what begins at token `at` tells when, where or to whom something was said, rather than about what."""
    tokens = sentence.tokens
    return _is_to_somebody(tokens, at) if is_word(tokens, at, _TO) else is_word(tokens, at, _SETTING)


def _is_to_somebody(tokens: Tokens, at: int) -> bool:
    """Whether the "to" at token `at` comes before a listener, and not before a verb."""
    return at + 1 < len(tokens) and (tokens[at + 1].kind is Kind.NAME or is_word(tokens, at + 1, _IN_LISTENER))


def _past_aside(sentence: Sentence, of: Attribution) -> int:
    """Past a listener or an occasion at whose end a whole quotation begins (", in remarks to the Courier,")."""
    tokens = sentence.tokens
    is_aside = is_mark(tokens, of.last, ",")
    if not (is_word(tokens, of.last + is_aside, PREPOSITIONS) or of.lemma in WITH_LISTENER):
        return of.last
    for at in range(of.last + 1, min(len(tokens), of.last + LONGEST_LEAD)):
        if is_quote(tokens, at):
            is_sentence = is_whole(sentence, at) and not begins_small(sentence, at)
            return at if is_said(sentence, at) and (is_aside or is_sentence) else of.last
        is_end = is_mark(tokens, at, ":;.") or (is_mark(tokens, at, ",") and not is_quote(tokens, at + 1))
        if is_end or is_word(tokens, at, THAT) or (is_finite(tokens, at) and not is_aside):
            return of.last
    return of.last


def past_occasions(sentence: Sentence, at: int, of: Attribution) -> int:
    """Past "on Monday", "in a statement", "reporters": where and when it was said, and to whom."""
    tokens = sentence.tokens
    begin = at
    if of.lemma in WITH_LISTENER:
        at = _past_listener(sentence, at)
    while at < len(tokens) and at - begin < LONGEST_LEAD:
        if is_mark(tokens, at, ",") and is_word(tokens, at + 1, _CITING):
            at = next((n for n in range(at + 2, at + LONGEST_LEAD) if is_mark(tokens, n, ",")), at) + 1
        elif (
            _is_day(tokens, at)
            or is_mark(tokens, at, ",")
            or is_word(tokens, at, _TIMES)
            or (at == begin and is_adverb(tokens, at))
        ):
            at += 1
        elif is_word(tokens, at, _VAGUE_TIMES) and is_word(tokens, at + 1, _TIMES):
            at += 2
        elif is_word(tokens, at, PREPOSITIONS) and (past := _past_occasion(sentence, at, begin)) > at:
            at = past
        else:
            break
    return at


def _is_day(tokens: Tokens, at: int) -> bool:
    """Whether a number follows the name of a month ("on March 11")."""
    return is_digit(tokens, at) and at > 0 and tokens[at - 1].low in _MONTHS


def _past_listener(sentence: Sentence, at: int) -> int:
    """Past who was spoken to: "reporters", "the BBC", "a court", "her"."""
    tokens = sentence.tokens
    end = at
    while end < min(len(tokens), at + 5) and _in_listener(sentence, end):
        if is_word(tokens, end, _IT) and is_finite(tokens, end + 1):
            break
        if end > at and is_word(tokens, end, PRONOUNS):
            break
        end += 1
        is_named = tokens[end - 1].kind is Kind.NAME and not is_word(tokens, end, _GOES_ON)
        if is_named or (is_word(tokens, end - 1, LISTENERS) and not is_word(tokens, end, _OCCASIONS_OF)):
            return end
    if end == at + 1 and is_word(tokens, at, DETERMINERS) and not is_finite(tokens, end + 1):
        return min(end + 1, len(tokens))
    return end if end > at and _is_capital(sentence, end - 1) else at


def _in_listener(sentence: Sentence, at: int) -> bool:
    is_listener = sentence.tokens[at].kind is Kind.NAME or is_word(sentence.tokens, at, _IN_LISTENER)
    return is_listener or _is_capital(sentence, at)


def _is_capital(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    return token.kind is Kind.WORD and sentence.text[token.start].isupper()


def _past_occasion(sentence: Sentence, at: int, begin: int) -> int:
    """Past the phrase of when, where or to whom that begins with a preposition at `at`; `at` where it is none."""
    tokens = sentence.tokens
    if at > begin and is_word(tokens, at - 1, OCCASIONS) and at + 1 < len(tokens) and tokens[at + 1].kind is Kind.NAME:
        return at + 2
    is_deed = is_word(tokens, at, _TO) and at + 1 < len(tokens) and tokens[at + 1].low.endswith("ing")
    if is_deed or is_word(tokens, at + 1, LEAST):
        return at
    for n in range(at + 1, min(len(tokens), at + 9)):
        if is_mark(tokens, n, ",") and n > at + 1:
            return n + 1
        if is_quote(tokens, n) or is_mark(tokens, n, ":;.") or is_finite(tokens, n) or is_word(tokens, n, _NEW_CLAUSE):
            return at
        if tokens[n].low in OCCASIONS or is_word(tokens, n, _NEAR_TIMES):
            rest = (m for m in range(n + 1, n + 6) if not (is_word(tokens, m, _SETTINGS) or _is_day(tokens, m)))
            return next(rest, n + 1)
        named = tokens[n].kind is Kind.NAME and (n == at + 1 or is_word(tokens, n - 1, DETERMINERS))
        if named and (n + 1 >= len(tokens) or is_mark(tokens, n + 1, ",:") or is_quote(tokens, n + 1)):
            return n + 1
    return at
