"""What an attribution brings: quotations and clauses before it, around it and after it."""

from collections.abc import Iterable, Sequence

from gazetteer.annotate.speech.attribution import Attribution, attribution, is_cue, subject_of
from gazetteer.annotate.speech.clauses import (
    LEAST_WORDS,
    LONGEST_CLAUSE,
    RELATIVE,
    THAT,
    Said,
    clause,
    clause_end,
    count_words,
    is_said,
    is_whole,
    quotations,
    stands_alone,
)
from gazetteer.annotate.speech.leads import LEAST, LONGEST_LEAD, lead, past_occasions
from gazetteer.annotate.speech.phrases import Phrase
from gazetteer.annotate.speech.tokens import (
    SOON,
    Kind,
    Sentence,
    begins_small,
    holds_clause,
    is_adverb,
    is_digit,
    is_finite,
    is_mark,
    is_quote,
    is_word,
)
from gazetteer.annotate.speech.words import (
    ARTICLES,
    BARE,
    DETERMINERS,
    JOINS,
    MARKED,
    OCCASIONS,
    ONLY_QUOTED,
    PARTICLES,
    PEOPLE,
    PREPOSITIONS,
    PRONOUNS,
    REFLEXIVES,
    SAYING,
    SUBORDINATE,
    TIMES,
    TITLED,
    WITH_LISTENER,
)
from gazetteer.types import QuoteKind

_LONGEST_TERM = 30
"""Characters: what no verb brings is hardly somebody's words where it is no longer."""

_LONGEST_AUTHORITY = 30
_SOON_SUBJECT = 3
_NOBODY = frozenset((("i",), ("we",), ("you",), ("who",), ("there",)))
"""Speakers outside of quotations whom the text does not name, its author and its reader; and what names nobody."""

_SOMEBODY = PEOPLE | {"he", "she", "they"}
_BRINGING = SAYING.keys() | PARTICLES.keys() | {"according", "by", "per", "in", "from"}
_SETTINGS = TIMES | PREPOSITIONS | {"here"}
_OPENING_SUBJECTS, _NO_SUBJECTS = DETERMINERS | PRONOUNS, JOINS | TIMES
_GOING_ON, _CLOSING = JOINS | RELATIVE, JOINS | RELATIVE - THAT
_OPENING_CLAUSES = _GOING_ON | PRONOUNS
_WITHOUT = frozenset(("without",))
_CONDITIONS = frozenset(("if", "because", "unless"))
_AS, _AND = frozenset(("as",)), frozenset(("and",))
_TO, _BE = frozenset(("to",)), frozenset(("be",))
_BELIEVING = frozenset(("report", "claim", "allege", "estimate"))
"""Verbs that somebody is said with to be or to have been something."""

_SO = frozenset(("so",))
_CONCESSIONS = frozenset(("while", "although", "though"))
_NO_SUBJECT = (
    JOINS | REFLEXIVES | RELATIVE - THAT | {"how", "why", "where", "whether", "what", "after", "before", "until"}
)
_NO_CLAUSE = frozenset(("to", "in", "on", "for", "by", "about", "of", "against", "with", "at", "from"))


def said_in(sentence: Sentence) -> list[Said]:
    """All that the sentence gives as said, in reading order; none overlap."""
    quotes = [n for n, token in enumerate(sentence.tokens) if token.kind is Kind.QUOTE]
    said = sorted(_attributed(sentence, quotes))
    return sorted(said + _unattributed(sentence, said)) if quotes else said


def _attributed(sentence: Sentence, quotes: Sequence[int]) -> list[Said]:
    """What the sentence's own verbs of saying bring; at `quotes` stand its quotations."""
    said: list[Said] = []
    # The last token that may be a quotation's verb: soon after a whole one, right after another.
    reach = max((n + (SOON if is_whole(sentence, n) else 1) for n in quotes), default=-1)
    cues = frozenset(
        n for n, token in enumerate(sentence.tokens) if (n <= reach or token.low in _BRINGING) and is_cue(sentence, n)
    )
    taken = 0  # the tokens before are said, or say who says
    subject: Phrase | None = None
    for cue in sorted(cues):
        found = attribution(sentence, cue, floor=taken, subject=subject) if cue >= taken else None
        if found is None or (found.phrase.entity is None and _is_nobody(found.phrase)):
            continue
        contents, end = _contents(sentence, found, taken, cues)
        said += contents
        taken = end if contents else taken
        subject = found.phrase
    return said


def _is_nobody(phrase: Phrase) -> bool:
    return phrase.low in _NOBODY or phrase.head == "version"  # "An earlier version of this article said …"


def _contents(sentence: Sentence, of: Attribution, floor: int, cues: frozenset[int]) -> tuple[list[Said], int]:
    """What the attribution brings, and where the tokens end that it accounts for.

    Tokens before `floor` are accounted for; at `cues` stand the verbs of saying.
    """
    if not of.participle and (start := _around(sentence, of, floor)) is not None:
        end = clause_end(sentence, of.last + 1, cues)
        return clause(sentence, start, end, of), end
    before = _before_cited(sentence, of, floor) if of.participle else _before(sentence, of, floor)
    if of.lemma == "according":
        if before:
            return before, of.last
        start = _past_authority(sentence, of)
        if start < len(sentence.tokens) and is_cue(sentence, start):
            return [], of.last  # "Witnesses, according to the Courier, said …"
        end = clause_end(sentence, start, cues)
        is_rest = start == of.last and of.first > floor and not holds_clause(sentence, start, end)
        return [] if is_rest else clause(sentence, start, end, of), max(end, of.last)
    if before or of.inverted:
        more, last = _resumed(sentence, of)
        return before + more, last
    return _following(sentence, of, cues)


def _past_authority(sentence: Sentence, of: Attribution) -> int:
    """Past all that says according to whom ("a report on Monday by the Courier, a daily,"), where a clause begins."""
    tokens = sentence.tokens
    at = _past_brackets(sentence, of.last)
    if is_mark(tokens, at, ":"):
        return at + 1
    if is_word(tokens, at, PRONOUNS):
        return at
    commas = [n for n in range(at, min(len(tokens), at + _LONGEST_AUTHORITY)) if is_mark(tokens, n, ",")]
    if not commas or any(is_finite(tokens, n) for n in range(at, commas[0]) if not tokens[n].low.endswith("ed")):
        return at
    if len(commas) > 1 and commas[1] == commas[0] + 2 and _is_place_of(sentence, commas[0] + 1):
        return commas[1] + 1
    nth = _ends_list(sentence, commas)
    describes = nth + 1 < len(commas) and (
        is_word(tokens, commas[nth] + 1, RELATIVE)
        or (tokens[commas[nth] - 1].kind is Kind.NAME and _is_description(sentence, commas[nth] + 1, commas[nth + 1]))
    )
    return commas[nth + describes] + 1


def _is_place_of(sentence: Sentence, at: int) -> bool:
    """Whether the place at `at`, after a comma, is where the one before lies ("police in Accra, Ghana,")."""
    return sentence.tokens[at].label == sentence.tokens[at - 2].label == "GPE"


def _ends_list(sentence: Sentence, commas: Sequence[int]) -> int:
    """Which of `commas` ends the list of those named ("the Courier, Lind Lines, and Osei,"): the first without one."""
    tokens = sentence.tokens
    for nth in range(1, len(commas)):
        start, end = commas[nth - 1] + 1, commas[nth]
        joint = next((n for n in range(start, end) if is_word(tokens, n, _AND)), None)
        is_listed = joint == start or _is_named(sentence, start, end if joint is None else joint)
        if not is_listed or (joint is not None and not _is_named(sentence, joint + 1, end)):
            break
        if joint is not None:
            return 0 if is_word(tokens, end + 1, RELATIVE) else nth
    return 0


def _is_named(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end` are the name of a person or body, past "the" before it."""
    tokens = sentence.tokens
    start += is_word(tokens, start, ARTICLES)
    return start == end - 1 and tokens[start].label in ("PERSON", "ORG")


def _is_description(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end`, between commas, describe the name before them."""
    tokens = sentence.tokens
    if any(is_finite(tokens, n) for n in range(start, end)):
        return False
    opens = is_word(tokens, start, ARTICLES) or is_adverb(tokens, start)
    return opens or any(is_word(tokens, n, PEOPLE) for n in range(start, end))


def _past_brackets(sentence: Sentence, at: int) -> int:
    """Past "(WHO)" at token `at`, where it stands there."""
    if not is_mark(sentence.tokens, at, "("):
        return at
    return next((n + 1 for n in range(at, at + 8) if is_mark(sentence.tokens, n, ")")), at)


# Before


def _before(sentence: Sentence, of: Attribution, floor: int) -> list[Said]:
    """What stands before the attribution: a quotation, or a clause that a comma ends."""
    tokens = sentence.tokens
    comma = is_mark(tokens, of.first - 1, ",—–-")
    end = of.first - 1 if comma else of.first
    if end <= floor or is_mark(tokens, of.first - 1, ";:"):
        return []
    start = _clause_start(sentence, _last_break(sentence, floor, end))
    if is_quote(tokens, end - 1):
        return _before_quoted(sentence, of, start, end, comma=comma)
    if of.marked or end - start < 3:
        return []
    if of.lemma == "according":
        is_apart = is_mark(tokens, of.last, ",") and holds_clause(sentence, of.last + 1, len(tokens))
        is_setting = is_apart and is_word(tokens, start, _SETTINGS | _AS) and not _has_verb(sentence, start, end)
        return [] if is_setting or is_word(tokens, end - 1, JOINS) else clause(sentence, start, end, of)
    if not comma or not _closes(sentence, of):
        return []
    if is_word(tokens, start, SUBORDINATE) and not any(is_mark(tokens, n, ",") for n in range(start, end)):
        return []  # "After the storm passed, Osei said."
    if _is_occasion(sentence, start, end):
        return []
    after = past_occasions(sentence, of.last, of)
    ends = of.inverted or after >= len(tokens) or (after == len(tokens) - 1 and is_mark(tokens, after, "."))
    is_long = ends and end - start > LEAST_WORDS
    is_clause = is_long or any(is_finite(tokens, n) or is_quote(tokens, n) for n in range(start, end))
    return clause(sentence, start, end, of) if is_clause else []


def _has_verb(sentence: Sentence, start: int, end: int) -> bool:
    return any(is_finite(sentence.tokens, n) for n in range(start, end))


def _is_occasion(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end` tell on what occasion something was said, and nothing else ("In a recorded
    interview with the Courier"): the preposition's noun is one, and no verb has it for its subject.
    """
    tokens = sentence.tokens
    if not (is_word(tokens, start, PREPOSITIONS) and is_word(tokens, start + 1, DETERMINERS)):
        return False
    near = range(start + 2, min(end, start + SOON))
    noun = next((n for n in near if is_word(tokens, n, OCCASIONS) and not is_finite(tokens, n)), end)
    is_apart = any(is_word(tokens, n, DETERMINERS) or is_mark(tokens, n, ",") for n in range(start + 2, noun))
    verbs = (n for n in range(start, end) if is_finite(tokens, n))
    return noun < end and not is_apart and all(n == noun - 1 for n in verbs)


def _before_cited(sentence: Sentence, of: Attribution, floor: int) -> list[Said]:
    """A quotation before whoever cites it (“…,” the Courier quoted Osei as saying.)."""
    tokens = sentence.tokens
    if not is_word(tokens, of.cue - 1, _AS) or not _closes(sentence, of):
        return []
    near = range(of.cue - 1, max(floor, of.cue - SOON) - 1, -1)
    quote = next((n for n in near if is_quote(tokens, n)), None)
    return quotations(sentence, quote, quote + 1, of) if quote is not None else []


def _before_quoted(sentence: Sentence, of: Attribution, start: int, end: int, *, comma: bool) -> list[Said]:
    """A quotation just before the attribution, with the words before it where it is a part of their clause."""
    tokens = sentence.tokens
    if tokens[start].low.endswith("ing") and (tokens[start].low in SAYING or tokens[start].low in MARKED):
        return []
    alone = is_mark(tokens, end - 2, ":") or all(is_quote(tokens, n) for n in range(start, end - 1))
    if alone:
        return quotations(sentence, end - 1, end, of, least=2)
    return clause(sentence, start, end, of) if comma or is_whole(sentence, end - 1) else []


def _last_break(sentence: Sentence, floor: int, end: int) -> int:
    """The last place from `floor` to `end` where a clause stands apart from what is before it."""
    floor = max(floor, end - LONGEST_CLAUSE)
    return next((n for n in range(end - 1, floor, -1) if is_mark(sentence.tokens, n, ";")), floor)


def _clause_start(sentence: Sentence, at: int) -> int:
    """Where a clause begins at or after token `at`: past marks and joining words."""
    tokens = sentence.tokens
    while at < len(tokens) and (is_mark(tokens, at, ",;.:—–-") or (at and is_word(tokens, at, JOINS))):
        at += 1
    return at


def _around(sentence: Sentence, of: Attribution, floor: int) -> int | None:
    """Where what was said begins, if the attribution stands within it and most of it comes after.

    It begins before the attribution where its subject stands there ("The crew, he says, left"), or where it gives a
    condition or a reason ("If it rains, he says, they will leave"); elsewhere after ("On Monday, he says, they left").
    """
    tokens = sentence.tokens
    if not (is_mark(tokens, of.first - 1, ",—–") and is_mark(tokens, of.last, ",—–")):
        return None
    goes_on = of.last + 1
    if is_quote(tokens, of.first - 2) or is_cue(sentence, goes_on) or is_word(tokens, goes_on, _GOING_ON):
        return None
    start = _clause_start(sentence, _last_break(sentence, floor, of.first - 1))
    is_condition = is_word(tokens, start, _CONDITIONS)
    is_main = not is_condition and any(is_finite(tokens, n) for n in range(start, of.first - 1))
    if is_main and is_word(tokens, goes_on, SUBORDINATE):
        return None  # "The port was shut, he said, as the ships left"
    end = clause_end(sentence, goes_on, frozenset())
    if start >= of.first - 1 or any(is_quote(tokens, n) and is_said(sentence, n) for n in range(of.last, end)):
        return None
    is_subject = not of.inverted and _is_subject(sentence, start, of.first - 1)
    if is_subject or is_finite(tokens, goes_on) or is_condition:
        return start
    return goes_on if end - of.last > of.first - start else None


def _is_subject(sentence: Sentence, start: int, end: int) -> bool:
    """Whether tokens `start` to `end` are a subject, which the beginning of its verb may follow ("The crew was")."""
    tokens = sentence.tokens
    if tokens[start].kind is not Kind.NAME and not is_word(tokens, start, _OPENING_SUBJECTS):
        return False
    return not is_word(tokens, end - 1, _NO_SUBJECTS) and not any(is_finite(tokens, n) for n in range(start, end - 1))


def _closes(sentence: Sentence, of: Attribution) -> bool:
    """Whether nothing is said after the attribution: it ends its sentence, or a comma ends it."""
    tokens = sentence.tokens
    at = past_occasions(sentence, of.last, of)
    if at > of.last and is_mark(tokens, at - 1, ","):
        at -= 1
    if is_word(tokens, at, _WITHOUT):
        return True
    if at > of.last or is_word(tokens, at, _SETTINGS):
        stop = min(len(tokens), at + LONGEST_LEAD)
        while at < stop and _is_setting(sentence, at):
            at += 1
    if is_mark(tokens, at, ",") and is_quote(tokens, at + 1) and not begins_small(sentence, at + 1):
        return False  # "In their talk, Osei exclaimed, “…”"
    return at >= len(tokens) or is_mark(tokens, at, ".,;)—–!?") or is_word(tokens, at, _CLOSING)


def _is_setting(sentence: Sentence, at: int) -> bool:
    """Whether the token at `at` can belong to where, when or to whom something was said: no clause begins there."""
    tokens = sentence.tokens
    if tokens[at].kind in (Kind.MARK, Kind.QUOTE) or is_word(tokens, at, _OPENING_CLAUSES):
        return False
    is_participle = tokens[at].low.endswith("ed") and is_word(tokens, at + 1, PREPOSITIONS)
    return is_participle or not is_finite(tokens, at)


# After


def _resumed(sentence: Sentence, of: Attribution) -> tuple[list[Said], int]:
    """A quotation that goes on after the attribution that interrupted it, in the same sentence."""
    tokens = sentence.tokens
    for at in range(of.last, min(len(tokens), of.last + LONGEST_LEAD)):
        if is_quote(tokens, at):
            if count_words(sentence, at) < 2 or not (at == of.last or is_mark(tokens, at - 1, ",.:;—–-")):
                break
            return quotations(sentence, at, at + 1, of), at + 1
        if tokens[at].low in SAYING:
            break
    return [], of.last


def _following(sentence: Sentence, of: Attribution, cues: frozenset[int]) -> tuple[list[Said], int]:
    """What comes after the attribution: a quotation or a clause."""
    tokens = sentence.tokens
    start, brought = lead(sentence, of, cues)
    if start >= len(tokens) or is_mark(tokens, start, ".;"):
        return [], of.after
    is_part = brought == "that" and begins_small(sentence, start) and is_word(tokens, start + 1, PREPOSITIONS)
    if is_quote(tokens, start) and (
        brought == ":" or (not of.marked and stands_alone(sentence, start) and not is_part)
    ):
        return _following_quoted(sentence, of, start, brought)
    if of.marked and any(n in cues for n in range(of.last, start + 1)):
        return [], of.after
    if of.participle and of.cue == 0 and not is_quote(tokens, start):
        return [], of.after  # "Writing for the court, …"
    end = clause_end(sentence, start, cues)
    if is_word(tokens, 0, SUBORDINATE) and of.first <= _SOON_SUBJECT:
        end = _fronted_end(sentence, start, end)
    quoted = [n for n in range(start, end) if is_quote(tokens, n) and is_said(sentence, n)]
    if of.marked:
        if not quoted:
            return [], of.after
        span = sentence.span(quoted[0], quoted[-1] + 1)
        return [Said(*span, QuoteKind.MIXED, sentence.span(of.cue, of.after), of.phrase)], quoted[-1] + 1
    if not quoted and not _is_reported(sentence, of, start, end, brought):
        return [], of.after
    if quoted and of.lemma not in BARE and is_word(tokens, start, _NO_CLAUSE):
        start = quoted[0]
    return clause(sentence, start, end, of), end


def _fronted_end(sentence: Sentence, start: int, end: int) -> int:
    """Where what is said in a clause before the main one ends ("After Osei said it was safe, they left")."""
    commas = (n for n in range(start + 1, end) if is_mark(sentence.tokens, n, ","))
    return next((n for n in commas if holds_clause(sentence, n + 1, end)), end)


def _following_quoted(sentence: Sentence, of: Attribution, start: int, brought: str) -> tuple[list[Said], int]:
    """The quotations from token `start` on, where no other attribution follows what a colon brings."""
    tokens = sentence.tokens
    end = start + 1
    while is_quote(tokens, end):
        end += 1
    if brought == ":" and _is_anothers(sentence, end):
        return [], of.after
    is_brought = is_mark(tokens, start - 1, ",:") and not of.marked
    return quotations(sentence, start, end, of, least=2 if is_brought else LEAST_WORDS), end


def _is_anothers(sentence: Sentence, end: int) -> bool:
    """Whether who said the quotation that ends before token `end` follows it (“…,” said Ana Ruiz)."""
    if not is_cue(sentence, end):
        return False
    found = attribution(sentence, end, floor=end, subject=None)
    return found is not None and found.inverted


def _is_reported(sentence: Sentence, of: Attribution, start: int, end: int, brought: str) -> bool:
    """Whether tokens `start` to `end`, without marks, are a clause that somebody is reported to have said."""
    tokens = sentence.tokens
    if brought == "that":
        return True
    is_number = is_word(tokens, start + 1, LEAST) or is_digit(tokens, start + 1)  # "at least 71 people"
    if is_word(tokens, start, _SO) and not holds_clause(sentence, start + 1, end):
        return False  # "said so in Accra"
    if is_mark(tokens, start - 1, ",") and tokens[start].low.endswith("ing"):
        return False  # "commented on it, calling it old"
    if is_word(tokens, start, _CONCESSIONS):  # "while it was old, it was safe"
        has_subject = start + 1 < end and not tokens[start + 1].low.endswith("ing")
        return has_subject and any(is_mark(tokens, n, ",") for n in range(start, end))
    if is_word(tokens, start, _NO_SUBJECT) or (is_word(tokens, start, _NO_CLAUSE) and not is_number):
        return False
    if of.lemma in BARE:
        is_told = tokens[start - 1].label in ("PERSON", "ORG") or is_word(tokens, start - 1, OCCASIONS)
        return of.lemma not in WITH_LISTENER or is_told or holds_clause(sentence, start, end)
    if of.lemma == "report" and _is_body(sentence, of):
        return True
    near = range(start + 1, min(end, start + SOON))
    if of.lemma in _BELIEVING and any(is_word(tokens, n, _TO) and is_word(tokens, n + 1, _BE) for n in near):
        return True
    if of.lemma in ONLY_QUOTED:
        return start == of.after and is_word(tokens, start, PRONOUNS) and holds_clause(sentence, start, end)
    return holds_clause(sentence, start, end)


def _is_body(sentence: Sentence, of: Attribution) -> bool:
    """Whether it is an organisation that says it, by name."""
    named = (token for token in sentence.tokens[of.first : of.last] if token.start == of.phrase.start)
    return any(token.label == "ORG" for token in named)


# What no verb of the sentence brings


def _unattributed(sentence: Sentence, said: Iterable[Said]) -> list[Said]:
    """Quotations of the sentence that are somebody's words though no verb of saying brings them."""
    tokens = sentence.tokens
    alone = all(token.kind in (Kind.QUOTE, Kind.MARK) for token in tokens)
    phrase = None if alone else subject_of(sentence)
    is_somebody = phrase is None or phrase.entity is not None or phrase.head in _SOMEBODY
    rest = iter(said)
    covering = next(rest, None)
    before: Said | None = None
    found = []
    for at, token in enumerate(tokens):
        while covering and covering.end <= token.start:
            before, covering = covering, next(rest, None)
        if token.kind is not Kind.QUOTE or (covering and covering.start < token.end):
            continue
        introduced = alone or (is_mark(tokens, at - 1, ":") and not is_word(tokens, at - 2, TITLED))
        if (introduced and count_words(sentence, at) > 1) or ((is_somebody or not at) and _is_in_passing(sentence, at)):
            whole = introduced or is_whole(sentence, at)
            kind = QuoteKind.DIRECT if whole else QuoteKind.MIXED
            who = before.phrase if before and is_word(tokens, at - 1, JOINS) else phrase  # "as saying “…” and “…”"
            found.append(Said(token.start, token.end, kind, None, who if at else None))
    return found


def _is_in_passing(sentence: Sentence, at: int) -> bool:
    """Whether a quotation within a sentence, which nothing brings, is still somebody's words."""
    token = sentence.tokens[at]
    is_term = token.end - token.start <= _LONGEST_TERM or is_word(sentence.tokens, at - 1, TITLED)
    return not is_term and is_said(sentence, at)
