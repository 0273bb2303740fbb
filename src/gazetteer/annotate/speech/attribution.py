"""Attributions: the verbs of saying in a sentence, each with the phrase that says who."""

from dataclasses import dataclass

from gazetteer.annotate.speech.phrases import Phrase, phrase_after, phrase_at, phrase_before
from gazetteer.annotate.speech.tokens import (
    SOON,
    Kind,
    Sentence,
    holds_clause,
    is_between,
    is_digit,
    is_finite,
    is_mark,
    is_quote,
    is_word,
)
from gazetteer.annotate.speech.words import (
    BARE,
    BETWEEN,
    CLAUSE_OPENERS,
    DETERMINERS,
    DOCUMENTS,
    FORMS_OF_BE,
    JOINS,
    MARKED,
    NEGATIONS,
    ONLY_VERBS,
    PARTICLES,
    PEOPLE,
    PREPOSITIONS,
    RULES,
    SAYING,
    SPEAKERS,
    STATE_OWNED,
    SUBORDINATE,
    TIMES,
)

_NEAR = 6
"""Tokens before a participle in which "with" brings its subject."""

_FAR = 24
"""Tokens from a sentence's beginning in which its subject is looked for."""

_TIMES = TIMES - {"this"}
_NO_SUBJECT = PREPOSITIONS | {"that"}
_NEVER_INVERTED = frozenset(("told", "tells", "informed"))
_GOES_ON = frozenset(("on", "continued", "continues", "proceeded", "going"))
_AFTER_SUBJECT = PREPOSITIONS | TIMES | frozenset(("who", "as", "when", "while", "and", "after"))
_SUBJECTS = SPEAKERS | BETWEEN | frozenset(("he", "she", "they", "it", "who", ",", ")", "—", "–"))
_NOUNS_IN_ING = frozenset(("ruling", "warning", "reading", "writing", "finding"))
_ADDING = frozenset(("say", "add", "state", "claim"))
_NO_ADDING = DETERMINERS | PREPOSITIONS | SUBORDINATE
_BROUGHT = CLAUSE_OPENERS | {"that"}
_BROUGHT_CLAUSE = _BROUGHT | DETERMINERS
_OF_DOCUMENTS = frozenset(("posted", "written", "tweeted", "emailed", "texted"))
_TO, _BY, _AS, _WITH = frozenset(("to",)), frozenset(("by",)), frozenset(("as",)), frozenset(("with", "and"))
_ALONG = frozenset(("with",))
_AUTHORITY = frozenset(("according", "by", "per", "in", "from"))
_OPINIONS = frozenset(("opinion", "view", "words"))
_WHOSE = frozenset(("his", "her", "their"))
_REPORTS = frozenset(("reports", "accounts"))
_POSSESSIVE = frozenset(("'s",))
_OWNERS = DETERMINERS | {"'s"}
_OWNERS_OF_VERBS = _OWNERS - BETWEEN
_BEFORE_VERB = frozenset(
    ("by", "after", "before", "in", "while", "when", "without", "despite", "since", "as", "speech", "interview")
).union(FORMS_OF_BE, BETWEEN, JOINS, PEOPLE, DOCUMENTS)
"""Words after which a form in -ing is a verb."""

_DENYING = NEGATIONS | {"neither", "nor", "may", "might", "can", "could", "should", "must", "cannot"}
_ON = frozenset(("on", "in"))
_NOT = frozenset(("not",))
_SOMETHING = frozenset(("something",))
_CITES = frozenset(("cited", "quoted", "cites", "quotes", "citing", "quoting"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A verb of saying (tokens `cue` to `after`, the end exclusive) and its subject.

    `first` to `last` (exclusive) is all of both. A `participle` ("adding that") has the subject of the verb before it;
    an `inverted` subject follows its verb; a `marked` verb brings only what stands between quotation marks.
    """

    cue: int
    after: int
    phrase: Phrase
    first: int
    last: int
    lemma: str
    participle: bool = False
    inverted: bool = False
    marked: bool = False


def is_cue(sentence: Sentence, at: int) -> bool:
    """Whether the token at `at` is a verb that says, or may say, that somebody said something."""
    tokens = sentence.tokens
    if not 0 <= at < len(tokens) or tokens[at].kind is not Kind.WORD:
        return False
    low = tokens[at].low
    if low in _AUTHORITY:
        return _authority_at(sentence, at) is not None
    if low in PARTICLES:
        is_whole = at + 1 < len(tokens) and tokens[at + 1].low == PARTICLES[low]
        return is_whole and not is_word(tokens, at - 1, _TO) and not _is_denied(sentence, at)
    if low not in SAYING and low not in MARKED:
        return _closes_quotation(sentence, at)
    if is_word(tokens, at - 1, _TO):
        return is_word(tokens, at - 2, _GOES_ON)
    if SAYING.get(low) in ("continue", "ask") and is_word(tokens, at + 1 + is_word(tokens, at + 1, _NOT), _TO):
        return False  # "asked not to be named"
    if low.endswith("ing"):
        return _is_participle(sentence, at) and not _is_owned(sentence, at)
    if low == "said" or _is_denied(sentence, at):
        return not _is_denied(sentence, at)
    if is_word(tokens, at - 1, PREPOSITIONS) or _is_owned(sentence, at):
        return False
    return not _may_be_noun(low) or (_is_small(sentence, at) and _brings(sentence, at))


def _is_denied(sentence: Sentence, at: int) -> bool:
    """Whether the verb at `at` says that nothing was said, or that it may be ("did not say", "may declare")."""
    tokens = sentence.tokens
    if is_word(tokens, at - 1, _DENYING):
        return True
    return is_word(tokens, at - 2, NEGATIONS) and (is_between(tokens, at - 1) or not is_finite(tokens, at - 1))


def _is_owned(sentence: Sentence, at: int) -> bool:
    """Whether what stands before the token at `at` makes it none: "the claim", "39 confirmed cases"."""
    tokens = sentence.tokens
    if is_digit(tokens, at - 1):
        return True
    owners = _OWNERS if _may_be_noun(tokens[at].low) else _OWNERS_OF_VERBS  # "they all argued"
    return is_word(tokens, at - 1, owners) or (at > 0 and tokens[at - 1].low.endswith("'s"))


def _is_small(sentence: Sentence, at: int) -> bool:
    """Whether a word within a sentence has no capital ("Member States" has)."""
    return at == 0 or not sentence.text[sentence.tokens[at].start].isupper()


def _closes_quotation(sentence: Sentence, at: int) -> bool:
    """Whether a verb like any other ends a sentence that begins with a quotation (“…,” Ana Ruiz regretted)."""
    tokens = sentence.tokens
    ends = at + 1 >= len(tokens) or tokens[at + 1].kind is Kind.MARK
    return tokens[at].low.endswith("ed") and 2 <= at < _FAR and ends and is_quote(tokens, 0)


def _is_participle(sentence: Sentence, at: int) -> bool:
    """Whether a form in -ing is a verb here, and no noun ("the warning")."""
    tokens = sentence.tokens
    if tokens[at].low in _NOUNS_IN_ING and not (is_word(tokens, at + 1, _BROUGHT) or is_quote(tokens, at + 1)):
        return False
    if at == 0 or tokens[at - 1].kind is not Kind.WORD or is_word(tokens, at - 1, _BEFORE_VERB):
        return True
    if SAYING.get(tokens[at].low) in _ADDING and not is_word(tokens, at - 1, _NO_ADDING):
        return is_word(tokens, at + 1, _BROUGHT)
    with_whom = next((n for n in range(at - 2, max(0, at - _NEAR), -1) if tokens[n].kind is not Kind.WORD), at - 1)
    return tokens[with_whom].kind is Kind.NAME and is_word(tokens, with_whom - 1, _WITH)


def _may_be_noun(low: str) -> bool:
    """Whether a form could be a noun as well: "claim", "reports"."""
    lemma = SAYING.get(low) or MARKED[low]
    if low == lemma + "s" and lemma in ONLY_VERBS:
        return False
    return low in (lemma, lemma + "s", lemma + "es", lemma[:-1] + "ies") and low not in ("says", "read")


def _brings(sentence: Sentence, at: int) -> bool:
    """Whether a form that could be a noun has a subject, and something said after it."""
    tokens = sentence.tokens
    is_subject = is_finite(tokens, at + 1) and tokens[at].low not in ("say", "tell")  # "member states met"
    before = tokens[at - 1]
    is_land = before.label in ("GPE", "NORP") and (  # "Texas state judges", "in all U.S. states, …"
        tokens[at].low == "state" or (tokens[at].low == "states" and is_mark(tokens, at + 1, ","))
    )
    is_land = is_land or (tokens[at].low == "state" and is_word(tokens, at + 1, STATE_OWNED))
    is_land = is_land or (tokens[at].low == "states" and before.low == "member")
    is_base = tokens[at].low == SAYING.get(tokens[at].low) and tokens[at].low not in BARE
    is_noun = is_base and before.label == "ORG" and not before.low.endswith("s")  # "the Courier report that"
    if not at or is_subject or is_land or is_noun:
        return False
    is_titled = is_word(tokens, at - 2, DETERMINERS) and sentence.text[before.start].isupper()  # "the State claims"
    is_plural = before.kind is Kind.WORD and before.low.endswith("s") and tokens[at].low == SAYING.get(tokens[at].low)
    has_subject = before.kind in (Kind.NAME, Kind.QUOTE) or before.low in _SUBJECTS or is_plural or is_titled
    if tokens[at].low not in SAYING:
        return before.kind is Kind.NAME or before.low in ("he", "she", "they", "it")
    closes = at + 1 >= len(tokens) or is_mark(tokens, at + 1, ".")
    is_bare = SAYING[tokens[at].low] in BARE and not is_word(tokens, at + 1, PREPOSITIONS)
    if has_subject and (closes or is_bare or is_quote(tokens, at - 1)):
        return True
    opens_clause = is_word(tokens, at + 1, _BROUGHT_CLAUSE)
    name_follows = at + 1 < len(tokens) and tokens[at + 1].kind is Kind.NAME
    if opens_clause or name_follows or is_quote(tokens, at + 1) or is_mark(tokens, at + 1, ":,"):
        return has_subject
    if before.label == "ORG" and tokens[at].low == "reports":
        return not is_word(tokens, at + 1, PREPOSITIONS)
    is_many = (before.low in PEOPLE and before.low.endswith("s")) or (is_plural and SAYING[tokens[at].low] in BARE)
    return is_many and holds_clause(sentence, at + 1, len(tokens))


def attribution(sentence: Sentence, cue: int, *, floor: int, subject: Phrase | None) -> Attribution | None:
    """The verb at `cue` with whoever it belongs to: named before it, after it, by "by", or by the verb before.

    Tokens before `floor` belong to what is already attributed; `subject` is who the verb before belongs to.
    """
    tokens = sentence.tokens
    low = tokens[cue].low
    if low in _AUTHORITY:
        return _according(sentence, cue)
    lemma = SAYING.get(low) or MARKED.get(low, low)
    marked = low not in SAYING and low not in PARTICLES
    after = cue + 2 if low in PARTICLES else cue + 1
    verb = _verb_start(sentence, cue, floor)
    has_be = any(is_word(tokens, n, FORMS_OF_BE) for n in range(verb, cue))
    is_passive = has_be or (marked and is_word(tokens, cue + 1, _BY))  # "a man described by Osei as"
    if is_passive and low.endswith(("ed", "said", "told", "written", "spoken")):
        return _passive(sentence, cue, first=verb, lemma=lemma, marked=marked)
    is_participle = low.endswith("ing") and not has_be
    if cue == 0 and not is_participle:
        return _at_the_head(sentence, lemma=lemma, marked=marked)
    inverted = None if is_participle or verb != cue else _inverted(sentence, cue, floor)
    if inverted:
        phrase, first, last = inverted, verb, inverted.last + 1
    else:
        found = (
            _participles_subject(sentence, cue, floor, subject)
            if is_participle
            else _before(sentence, cue, verb, floor, subject)
        )
        if found is None:
            return None
        phrase, is_own = found
        first, last = phrase.first if is_own else verb, after
    return Attribution(
        cue=cue, after=after, phrase=phrase, first=first, last=last, lemma=lemma,
        participle=is_participle, inverted=inverted is not None, marked=marked,
    )  # fmt: skip


def _at_the_head(sentence: Sentence, *, lemma: str, marked: bool) -> Attribution | None:
    """A verb that begins its sentence, with its subject and a mark after it ("Said Ana Ruiz: “…”")."""
    phrase = phrase_after(sentence, 1)
    if phrase is None or not is_mark(sentence.tokens, phrase.last + 1, ":,"):
        return None
    if phrase.entity is None and not sentence.text[phrase.start].isupper():
        return None
    return Attribution(cue=0, after=1, phrase=phrase, first=0, last=phrase.last + 1, lemma=lemma, marked=marked)


def _authority_at(sentence: Sentence, at: int) -> int | None:
    """Where those are named that the text has it from: after "according to", "by", "per" or "in" at `at`."""
    tokens = sentence.tokens
    if tokens[at].low in ("in", "from"):
        return at + 1 if _opinion_after(sentence, at) else None
    if tokens[at].low == "according":
        return at + 2 if is_word(tokens, at + 1, _TO) else None
    is_aside = at == 0 or is_mark(tokens, at - 1, ",") or is_word(tokens, at - 1, JOINS)
    if is_word(tokens, at + 1, _REPORTS) or (is_aside and is_word(tokens, at + 2, _REPORTS)):
        return at + 1
    is_source = at + 1 < len(tokens) and (at == 0 or tokens[at + 1].label in ("ORG", "PERSON"))
    return at + 1 if tokens[at].low == "per" and is_source and not is_word(tokens, at - 1, _AS) else None


def _opinion_after(sentence: Sentence, at: int) -> int | None:
    """Where the noun stands in "in his opinion" or "from Osei's view" at `at`, whose clause has it for what he says."""
    tokens = sentence.tokens
    is_named = at + 1 < len(tokens) and tokens[at + 1].kind is Kind.NAME and is_word(tokens, at + 2, _POSSESSIVE)
    noun = at + 2 + is_named
    is_whose = is_named or is_word(tokens, at + 1, _WHOSE)
    return noun if is_whose and is_word(tokens, noun, _OPINIONS) and is_mark(tokens, noun + 1, ",") else None


def _according(sentence: Sentence, cue: int) -> Attribution | None:
    if (noun := _opinion_after(sentence, cue)) is not None:
        phrase = phrase_at(sentence, cue + 1, cue + 1)
        return phrase and Attribution(
            cue=noun, after=noun + 1, phrase=phrase, first=cue, last=noun + 1, lemma="according"
        )
    start = _authority_at(sentence, cue)
    phrase = phrase_after(sentence, start) if start is not None else None
    is_rule = phrase is not None and phrase.head in RULES and cue > 0
    if start is None or phrase is None or is_rule or is_mark(sentence.tokens, cue - 1, "("):
        return None
    return Attribution(cue=cue, after=start, phrase=phrase, first=cue, last=phrase.last + 1, lemma="according")


def _verb_start(sentence: Sentence, cue: int, floor: int) -> int:
    """Where the verb begins with its auxiliaries and adverbs ("has also", "went on to")."""
    tokens = sentence.tokens
    verb = cue
    while verb > floor and (is_between(tokens, verb - 1) or is_word(tokens, verb - 1, FORMS_OF_BE)):
        verb -= 1
    if verb < cue and verb > floor and is_word(tokens, verb - 1, _ON):
        return verb - 1
    return max(floor, verb - 2) if is_word(tokens, verb - 1, _TO) else verb


def _passive(sentence: Sentence, cue: int, *, first: int, lemma: str, marked: bool) -> Attribution | None:
    """A verb in the passive with whoever "by" names."""
    tokens = sentence.tokens
    by = next((n for n in range(cue + 1, cue + 8) if is_word(tokens, n, _BY)), None)
    phrase = phrase_after(sentence, by + 1) if by is not None else None
    if phrase is None:
        return None
    return Attribution(
        cue=cue, after=cue + 1, phrase=phrase, first=first, last=phrase.last + 1, lemma=lemma, marked=marked
    )


def _participles_subject(
    sentence: Sentence, cue: int, floor: int, subject: Phrase | None
) -> tuple[Phrase, bool] | None:
    tokens = sentence.tokens
    near = range(cue - 1, max(floor, cue - 8) - 1, -1)
    if is_word(tokens, cue - 1, _AS):  # "cited Osei as saying"
        cited = next((n for n in range(cue - 2, max(floor, cue - _FAR), -1) if is_word(tokens, n, _CITES)), None)
        if cited is not None and is_word(tokens, cited - 1, FORMS_OF_BE):
            subject = phrase_before(sentence, _verb_start(sentence, cited, floor), floor=floor)
        elif cited is not None:
            subject = phrase_after(sentence, cited + 1)
    elif cue > floor:
        joint = next((n for n in near if is_word(tokens, n, _WITH) or tokens[n].kind is Kind.MARK), None)
        is_somebody = tokens[cue - 1].kind is Kind.NAME or is_word(tokens, cue - 1, SPEAKERS)
        joins = _WITH if is_somebody else _ALONG
        if joint is not None and joint + 1 < cue and is_word(tokens, joint, joins):
            subject = phrase_at(sentence, joint + 1, cue - 1)
    phrase = subject or subject_of(sentence)
    return (phrase, False) if phrase else None


def _before(sentence: Sentence, cue: int, verb: int, floor: int, subject: Phrase | None) -> tuple[Phrase, bool] | None:
    """The subject before a verb, and whether it is the verb's own rather than that of the verb before."""
    tokens = sentence.tokens
    if verb > floor and is_word(tokens, verb - 1, JOINS):
        subject = subject or subject_of(sentence)
        return (subject, False) if subject else None
    if phrase := phrase_before(sentence, verb, floor=floor):
        is_participle = phrase.head in DOCUMENTS and tokens[verb].low in _OF_DOCUMENTS
        is_aside = is_word(tokens, phrase.first - 1, _SOMETHING)  # "…, something Osei denied"
        return None if is_participle or is_aside else (phrase, True)
    phrase = subject or (subject_of(sentence) if floor else _first_phrase(sentence, cue, verb))
    return (phrase, False) if phrase else None


def _first_phrase(sentence: Sentence, cue: int, verb: int) -> Phrase | None:
    """The phrase that the sentence begins with, past whose description a verb stands that clearly brings something."""
    tokens = sentence.tokens
    start = _past_adverbial(sentence)
    phrase = phrase_after(sentence, start) if start < verb < start + _FAR else None
    brings = is_word(tokens, cue + 1, _BROUGHT) or is_quote(tokens, cue + 1) or is_mark(tokens, cue + 1, ":")
    return phrase if phrase and phrase.last < verb and brings else None


def _inverted(sentence: Sentence, cue: int, floor: int) -> Phrase | None:
    """The subject after its verb ("…", said Ana Ruiz), where the verb closes what was said."""
    tokens = sentence.tokens
    if cue - 1 < max(floor - 1, 0) or tokens[cue].low in _NEVER_INVERTED:
        return None
    beside_quote = is_quote(tokens, cue - 1) or (is_quote(tokens, cue - 2) and is_mark(tokens, cue - 1, ",—–-"))
    if not beside_quote and not (is_mark(tokens, cue - 1, ",—–-") and _starts_phrase(sentence, cue + 1)):
        return None
    if not beside_quote and _has_subject(sentence, cue, floor):
        return None
    is_time = is_word(tokens, cue + 1, _TIMES) or is_word(tokens, cue + 2, TIMES)
    if is_time or is_word(tokens, cue + 1, _NO_SUBJECT):
        return None
    phrase = phrase_after(sentence, cue + 1)
    if phrase is None:
        return None
    if is_finite(tokens, phrase.last + 1):
        is_described = beside_quote and is_word(tokens, phrase.last + 2, PREPOSITIONS)
        return phrase if is_described and (phrase.head in DOCUMENTS or phrase.head in SPEAKERS) else None
    follows = phrase.last + 1
    ends = follows >= len(tokens) or tokens[follows].kind in (Kind.MARK, Kind.QUOTE)
    if not (ends or is_word(tokens, follows, _AFTER_SUBJECT) or is_cue(sentence, follows)):
        return None
    if beside_quote or (ends and not is_quote(tokens, follows) and sentence.text[phrase.start].isupper()):
        return phrase
    is_somebody = phrase.entity is not None or phrase.head in SPEAKERS or phrase.head in ("he", "she")
    return phrase if is_somebody and not is_quote(tokens, follows) else None


def _has_subject(sentence: Sentence, cue: int, floor: int) -> bool:
    """Whether the verb at `cue` comes after its subject and what describes it ("Abena Osei, the mayor, said")."""
    phrase = phrase_before(sentence, cue, floor=floor)
    if phrase is None or phrase.entity is None:
        return False
    is_place = sentence.tokens[phrase.last].label == "GPE" and is_mark(sentence.tokens, phrase.first - 1, ",")
    if is_place and phrase.last + 2 < cue:
        return False  # "in Accra, Ghana, with sixteen hurt, said officials"
    return not any(is_finite(sentence.tokens, n) for n in range(phrase.last + 1, cue))


def _starts_phrase(sentence: Sentence, at: int) -> bool:
    tokens = sentence.tokens
    if at >= len(tokens) or tokens[at].kind is Kind.NAME:
        return at < len(tokens)
    if tokens[at].kind is not Kind.WORD or tokens[at].low in TIMES:
        return False
    if at + 1 < len(tokens) and tokens[at + 1].label == "PERSON":
        return True
    capital = sentence.text[tokens[at].start].isupper()
    return capital or tokens[at].low in DETERMINERS or tokens[at].low in PEOPLE or tokens[at].low in ("he", "she")


def subject_of(sentence: Sentence) -> Phrase | None:
    """Whom the sentence is about: the phrase before its first verb, else its first person or body, or first name."""
    tokens = sentence.tokens
    start = _past_adverbial(sentence)
    near = range(start, min(len(tokens), start + _FAR))
    verb = next((n for n in near if is_finite(tokens, n) or (n > start and tokens[n].low in SAYING)), start)
    if phrase := phrase_before(sentence, verb, floor=start):
        return phrase
    names = [n for n, token in enumerate(tokens[: 2 * _FAR]) if token.kind is Kind.NAME]
    name = next((n for n in names if tokens[n].label in ("PERSON", "ORG")), names[0] if names else None)
    return phrase_at(sentence, name, name) if name is not None else None


def _past_adverbial(sentence: Sentence) -> int:
    """Where the sentence begins without "In a statement released on Monday,"."""
    tokens = sentence.tokens
    if not is_word(tokens, 0, PREPOSITIONS):
        return 0
    return next((n + 1 for n in range(1, min(len(tokens), SOON)) if is_mark(tokens, n, ",")), 0)
