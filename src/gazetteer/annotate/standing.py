"""Which sentences cannot be quoted without another: what each goes on from, and what has to follow it.

A sentence leans on another where it holds but a part of a quotation, where a pronoun opens it ("He declined"), where it
answers what was said before ("But she stayed", "Another man was hurt", "The letter also said …", "The move comes …"),
where it is somebody's words and does not say whose; and a question wants its answer. Marks of quotation and of
questions are read in every language, words in English. In time linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gazetteer.annotate.sentences import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one sentence leans on, by the numbers of sentences and of entities.

    `before` is the sentence that it goes on from, `after` the one that completes it. Where the sentence speaks of a
    person by a pronoun, `speaks_of` is that person, and any sentence of which that person is the `subject` does for
    `before`. `is_broken`: it is a part of a quotation whose other part cannot be found.
    """

    before: int | None = None
    after: int | None = None
    subject: int | None = None
    speaks_of: int | None = None
    is_broken: bool = False

    def goes_on_from(self, number: int | None, needs: Sequence["Needs"]) -> bool:
        """Whether the sentence can stand after sentence `number` (after none, where None) in what is quoted."""
        if self.before is None or number == self.before:
            return True
        return number is not None and self.speaks_of is not None and needs[number].subject == self.speaks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A sentence as its quotation marks part it.

    `told` is what stands outside them. `is_inside` and `is_open`: a quotation is open where the sentence begins, and
    where it ends.
    """

    told: str
    is_inside: bool
    is_open: bool
    is_broken: bool = False


_CLOSES = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』"}
_MARK = re.compile('["“”„«»「」『』]')
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUESTION = re.compile(r"[?？؟][\s)\]]*\Z")
_EDGE = r"[\s,.;:–—-]*"

_PERSON = re.compile(
    rf"{_EDGE}(?:(?P<first>(?:\w+ly,? )?(?:he|she|his|her|him|hers))\b|[^,]{{0,40}}, (?:he|she|his|her)\b)",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"(?:\W*)(?:on|in|at|by|after|before|since|during|last|this|earlier|later|now|today|then|until|"
    r"(?:when|while|once|as) (?!the|a|an)|"
    r"for|from|with|without|asked|so far|recently|eventually|finally|years?|months?|weeks?|days?|"
    r"two|three|four|five|six|seven|eight|nine|ten|a)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    rf"{_EDGE}(?:it|its|they|their|theirs|them|this|that|these|those|such|both|neither|others?|another|"
    r"the (?:others?|latter|pair|duo|two|three|same)|"
    r"(?:some|many|most|one|two|three|none|all|each|half|several) of (?:them|these|those|whom))"
    r"(?:['’](?:s|re|ll|ve|d))?\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"{_EDGE}(?:(?:this|that) (?:week|weekend|month|year|season|spring|summer|autumn|fall|winter|time|morning|"
    r"afternoon|evening|century|decade)\b|these days\b|those (?:who|with|in|of)\b|both (?:\w+ ){1,4}and\b|"
    r"neither (?:\w+ ){1,4}nor\b|such (?:as|a)\b|"
    r"it(?:['’]s| is| was| has been| will be| would be| remains| seems| appears| became| took| may| might)"
    r"[^.;]{0,60}?\b(?:that|to|whether|how|why|when|who|if|since|before)\b)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\W*(?:(?:but|however|yet|nor|and|or|so|instead|rather|therefore|thus|hence|consequently|nevertheless|nonetheless|"
    r"moreover|furthermore|besides|otherwise|likewise|similarly|conversely|also|too|then|there(?=,)|here(?=,)|afterwards?|"
    r"as a result|for (?:example|instance)|in (?:addition|contrast|turn|response|other words|doing so|that case)|"
    r"by (?:contrast|then)|on the (?:other hand|contrary)|at (?:the|that) (?:same )?(?:time|point|moment)|even so|"
    r"that is why|since then|until then|(?:after|before|despite|because of|of|among|like) (?:this|that|these|those|"
    r"them)|(?:amid|amidst|with|from|by|for|to|given) (?:all (?:this|that|these)|it all|(?:this|that|it|them)(?=,)))\b"
    r"(?! (?:far|called)\b))",
    re.IGNORECASE,
)
_ASIDE = re.compile(r", (?:however|therefore|though|too|instead|in turn|nonetheless|nevertheless|meanwhile|either)[,.]")
_OF_WHAT_WAS_SAID = re.compile(
    r"[^,;:–—]{0,60}\b(?:made|makes|making) (?:the|these|those|his|her|their|such) "
    r"(?:remarks?|comments?|statements?|announcements?|claims?|allegations?|accusations?)\b"
    r"|\W*the (?:move|decision|announcement|news|remarks?|comments?|statement|ruling|incident|attack|visit|report) "
    r"(?:comes?|came|follows?|followed)\b",
    re.IGNORECASE,
)
_ALSO_SAID = re.compile(
    r"[^,;:–—]{0,60}\balso (?:said|says|told|added|noted|stated|warned|claimed|announced|reported|asked|wrote|argued)\b"
)
_ANSWER = re.compile(
    r"\W*(?:(?-i:A|Answer): \S|(?:yes|no|not|maybe|perhaps|probably|absolutely|definitely|certainly|hardly|because|"
    r"nobody|nothing|none|never|of course|simple|simply|easy)\b)",
    re.IGNORECASE,
)


def needs_of(
    text: str, spans: Sequence[Span], *, persons: Sequence[Sequence[tuple[int, int]]] = (), is_english: bool = True
) -> tuple[Needs, ...]:
    """What each sentence of `text` leans on.

    `persons` holds, for each sentence, the persons named in it in reading order: the number of each, and where in the
    text the mention begins. Without `is_english`, marks alone are read.
    """
    parts = tuple(_parts(text, spans))
    named = persons or ((),) * len(spans)
    found: list[Needs] = []
    last_named: tuple[int, int] | None = None
    for number, (part, span) in enumerate(zip(parts, spans, strict=True)):
        sentence = text[span.start : span.end]
        needs = _marks(part, sentence, number, parts)
        if is_english and number:
            needs = _words(needs, part, sentence, parts[number - 1], number)
            if _is_of_person(part.told, sentence, named[number], span.start):
                speaks_of, where = last_named or (None, number - 1)
                needs = replace(needs, subject=speaks_of)
                if needs.before is None:
                    needs = replace(needs, before=where, speaks_of=speaks_of)
        if named[number]:
            last_named = (named[number][0][0], number)
            needs = needs if needs.subject is not None else replace(needs, subject=last_named[0])
        found.append(needs)
    return tuple(found)


def _marks(part: _Parts, sentence: str, number: int, parts: Sequence[_Parts]) -> Needs:
    """What the marks of quotation and question ask for."""
    follows = number + 1 if number + 1 < len(parts) else None
    is_question = _QUESTION.search(part.told if _WORD.search(part.told) else sentence.rstrip('"”»’」』')) is not None
    return Needs(
        before=number - 1 if part.is_inside and number else None,
        after=follows if part.is_open or is_question else None,
        is_broken=part.is_broken or (is_question and follows is None),
    )


def _words(needs: Needs, part: _Parts, sentence: str, before: _Parts, number: int) -> Needs:
    """What the words ask for, besides: `before` is the sentence before it."""
    leans = _ANSWERS.match(sentence) is not None or _ASIDE.search(part.told) is not None
    leans = leans or _ALSO_SAID.match(part.told) is not None or _OF_WHAT_WAS_SAID.match(part.told) is not None
    if not _WORD.search(part.told):
        leans = leans or not (part.is_inside or part.is_open)
    elif not leans:
        leans = _THING.match(part.told) is not None and _ALONE.match(part.told) is None
    answers = _QUESTION.search(before.told) is not None and _ANSWER.match(sentence) is not None
    return replace(needs, before=number - 1) if leans or answers else needs


def _is_of_person(told: str, sentence: str, named: Sequence[tuple[int, int]], start: int) -> bool:
    """Whether a pronoun that stands for a person opens what is told, or the whole sentence, before anyone is named."""
    for words in (told, sentence.lstrip("\"“„«”' ")):
        found = _PERSON.match(words)
        if found and (found["first"] or _PHRASE.match(words)):
            at = sentence.find(found[0]) + len(found[0])
            if not any(place - start < at for _, place in named):
                return True
    return False


def _parts(text: str, spans: Sequence[Span]) -> Iterator[_Parts]:
    """Each sentence as its marks part it; a quotation ends with its paragraph, unless the next goes on with it."""
    paragraph: list[_Parts] = []
    state, end = "", 0
    for span in spans:
        if "\n" in text[end : span.start] and paragraph:
            yield from _closed(paragraph, goes_on=text[span.start] in _CLOSES)
            paragraph, state = [], ""
        told, opened = _outside(text[span.start : span.end], state)
        paragraph.append(_Parts(told=told, is_inside=bool(state), is_open=bool(opened)))
        state, end = opened, span.end
    yield from _closed(paragraph, goes_on=False)


def _closed(paragraph: list[_Parts], *, goes_on: bool) -> list[_Parts]:
    """A paragraph's sentences; those of a quotation that never ends are broken, unless the next paragraph `goes_on`."""
    if goes_on or not paragraph or not paragraph[-1].is_open:
        return paragraph
    first = len(paragraph) - 1
    while first and paragraph[first].is_inside:
        first -= 1
    return paragraph[:first] + [replace(part, is_broken=True) for part in paragraph[first:]]


def _outside(sentence: str, state: str) -> tuple[str, str]:
    """What stands outside quotation marks, and the mark that is open at the end; `state` is the one open before."""
    told, begin = [], 0
    for mark in _MARK.finditer(sentence):
        if not state:
            told.append(sentence[begin : mark.start()])
            state = mark[0] if mark[0] in _CLOSES else ""
        elif mark[0] in _CLOSES[state]:
            state = ""
        begin = mark.end()
    return " ".join(told + ([] if state else [sentence[begin:]])), state
