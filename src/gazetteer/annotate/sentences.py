"""Text to sentences, by rules: whole sentences with exact offsets, in time linear in the text.

A line break always ends a sentence. Within a line a stop (`.`, `!`, `?`, an ellipsis, and those of other scripts) ends
one, with the quotation marks and brackets that close after it, unless what stands around it says otherwise: an
abbreviation or an initial before, a small letter after.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from gazetteer.furniture import is_about_writer, is_furniture


class Span(NamedTuple):
    """`start` and `end` in characters of the text, end exclusive."""

    start: int
    end: int


_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile(
    r"""(?P<stop>[.!?…‼⁇⁈⁉؟۔。．！？｡।॥](?:[ \u00a0]?[.!?…‼⁇⁈⁉؟۔。．！？｡।॥])*)
        (?P<close>(?:[ \u00a0\u202f]?[”»›」』】）)\]}]|["'’]|[“«‹](?=\s|$)|\[\d{1,3}\])*)""",
    re.VERBOSE,
)
_LATE_QUOTE = re.compile(r' "(?!\w)')
_WORD_BEFORE = re.compile(r"[\w.&’'-]+\Z")
_NEXT_WORD = re.compile(r"[\w’'-]+")
_ABBREVIATES = re.compile(r"\.\w|\. ?[A-Z]\.")
_INITIAL = re.compile(r"\w\.")
_PRONOUN = re.compile(r"I\b")
_TIME = re.compile(r"\w+ time\b")
_ADDRESS = re.compile(r"[@/]|www")
_OPENERS = "\"'“”‘’«‹„‚»›([{「『【（¿¡—–-•*# \t\u00a0\u202f"
_UNSPACED = "。．！？｡।॥"


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _words(
    "Mr Mrs Ms Mx Messrs Dr Drs Prof Gov Govs Gen Brig Sgt Lt Col Capt Cmdr Maj Adm Cpl Pvt Pfc Rep Reps Sen Sens Rev "
    "Revs Hon Supt Det Insp Smt Shri Sri Engr Barr Alh Adv Cllr Pres Cpt Cdr Wg Flt Sqn Cmdt Pte Spc Ofc "
    "Msgr Fr Atty Amb Asst Ald Sec Mme Mlle Sra Srta Dra Hr Dipl Ing Sig Dott Lic "
    "vs v cf eg ie viz approx ca bzw"
)
"""Abbreviations that always want a word after them."""

_NUMBERED = _words("No Nos Nr Art Arts Fig Figs Vol Vols Ch Op Sect pp p c Núm núm Nº pág Abs")
"""Abbreviations that want a number after them; elsewhere they are words of their own ("No.")."""

_EITHER = _words(
    "Inc Corp Co Cos Ltd Bros Jr Sr St Ste Mt Ft Ave Blvd Rd Dept Univ Assn Ass'n Est Intl Int'l Nat'l Gov't "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Yahoo "
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn "
    "Tenn Tex Va Vt Wis Wyo Alta Ont Que UU EE Esq Ph al"
)
"""Abbreviations that may end a sentence: they do where a word follows that seldom goes on with a name."""

_STARTERS = _words(
    "A An The This That These Those He She It We You They I I'm I've His Her Hers Its Our Your Their My There Here "
    "And But Or Nor So Yet Also Still Even Then Now Later Earlier Today Yesterday Tomorrow Meanwhile However Moreover "
    "Instead Perhaps Indeed Thus Once In On At By For From With Without Within As After Before When Whenever While If "
    "Unless Although Though Since Because Until Till During Despite Between Among According About Against Under Over "
    "Through To Of What Who Why How Where Which Whose Some Many Most More Much Few Several All Both Each Every Any "
    "Another Other Others One Two Three Four Five Neither Either No Not Nobody Nothing None Only Just Like Such Is Are "
    "Was Were Will Would Could Should Can Do Does Did Has Have Had Let Officials Police Critics Experts People Asked "
    "Der Die Das Ein Eine Er Sie Es Aber Le Les Une Il Elle Mais"
)
_ZONES = _words("ET EST EDT CT CST MT MST PT PST GMT BST UTC CET Eastern Central Pacific Mountain")
_CALENDAR = _words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December"
)
_CALENDAR_AND_ZONES = _CALENDAR | _ZONES
_SUFFIXES = _words("Com Org Net Co Uk Io Gov Edu Tv Js Ai Info")
_ORDINAL_BEFORE = re.compile(r"\b(?:am|der|dem|den|des|das|die|vom|zum|im|beim|bis|seit|ab) \d{1,2}\Z", re.IGNORECASE)
_ORDINAL_AFTER = _words(
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert Weltkrieg Liga "
    "Bundesliga Platz Runde Stock Klasse Mal Tag Geburtstag Jahrestag Stelle"
)
_VERBS = (
    "said|says|asked|asks|wrote|writes|added|adds|replied|replies|told|tweeted|shouted|cried|answered|wondered|recalled"
)
_ATTRIBUTION = re.compile(rf"(?:[A-Z][\w.’'-]{{0,30}} ){{1,4}}(?:{_VERBS})\b")
_CJK_ATTRIBUTION = re.compile(r"と|って|[^。！？，、]{0,8}(?:说|說|道|表示|称|稱)")
_CONTEXT = 120
"""Characters on either side of a stop that may decide it: a bound that keeps the time linear."""

_DASHES = "-–—"
_DATELINE = re.compile(r"[A-Z][A-Z.’' -]+(?:, ?[A-Z][\w. ]{0,20})?")
"""A place in capitals, with what it lies in, as a report begins ("MOLDE, Nor. — …")."""


def split(text: str) -> tuple[Span, ...]:
    """The sentences of `text`, in order: spans without outer white space, which together hold all that is not such."""
    return tuple(span for line in _LINE.finditer(text) for span in _split_line(text, line.start(), line.end()))


def own(text: str, spans: Sequence[Span]) -> tuple[bool, ...]:
    """Whether each of the sentences `spans` is of the article itself: no line of a page's furniture, and at the end
    none that tells who wrote it.
    """
    lines = [(found.end(), found[0].strip()) for found in _LINE.finditer(text) if found[0].strip()]
    told = [not is_furniture(line) for _, line in lines]
    for number in range(len(lines) - 1, 0, -1):
        if told[number] and not is_about_writer(lines[number][1]):
            break
        told[number] = False
    ends = [end for end, _ in lines]
    return tuple(told[bisect_left(ends, span.end)] for span in spans)


def _split_line(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = seen = start
    quotes = 0
    for match in _STOP.finditer(text, start, end):
        quotes += text.count('"', seen, match.start())
        seen = match.start()
        cut = _closed(text, match, inside=quotes % 2 == 1)
        if _ends(text, match, begin=begin, cut=cut, end=end):
            spans += _stripped(text, begin, cut)
            begin = cut
    return spans + _stripped(text, begin, end)


def _stripped(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return [Span(start, end)] if end > start else []


def _closed(text: str, match: re.Match[str], *, inside: bool) -> int:
    """Where the sentence would end: after what closes behind the stop, before a straight quote that opens the next;
    `inside`: the stop stands between straight quotes.
    """
    end, quotes = match.end(), match["close"].count('"')
    still_inside = inside != (quotes % 2 == 1)
    if match["close"][-1:] == '"' and still_inside and text[end : end + 1].isalnum():
        return end - 1
    if still_inside and _LATE_QUOTE.match(text, end):
        return end + 2
    return end


def _ends(text: str, match: re.Match[str], *, begin: int, cut: int, end: int) -> bool:
    after = text[cut : min(end, cut + _CONTEXT)]
    following = after.lstrip(_OPENERS)
    if not after.strip():
        return True
    stop = match["stop"]
    if stop[-1] in _UNSPACED:
        return cut == match.end("stop") or not _CJK_ATTRIBUTION.match(after)
    before = text[max(begin, match.start() - _CONTEXT) : match.start()]
    if not after[0].isspace():
        return _ends_unspaced(before, after, closed=cut > match.end("stop"))
    if not following or following[0] in ",;:" or _is_small(following):
        return False
    if after.lstrip()[0] in _DASHES and match.start() - begin == len(before) and _DATELINE.fullmatch(before):
        return False
    if stop == ".":
        is_dashed = after.lstrip()[0] in _DASHES
        return _ends_at_period(before, following, opens=match.start() - begin == len(before), is_dashed=is_dashed)
    if "..." in stop.replace(" ", "") or "…" in stop:
        return not _PRONOUN.match(following)
    if match["close"].strip() and _ATTRIBUTION.match(following) and _word(following) not in _STARTERS:
        return False
    return not (stop == "!" and before.endswith(("Yahoo", "Jeopardy")) and _word(following) not in _STARTERS)


def _is_small(following: str) -> bool:
    """Whether what follows starts with a small letter, and not as in "iPhone"."""
    return following[0].islower() and not (len(following) > 1 and following[1].isupper())


def _ends_unspaced(before: str, after: str, *, closed: bool) -> bool:
    """Whether a stop ends a sentence where no space follows it, as in pages whose paragraphs were run together."""
    opened = after[0] in "“‘«„¿¡([" or (after[0] == '"' and not closed)
    following = after.lstrip(_OPENERS) if opened else after
    if not following[:1].isupper():
        return False
    if closed or opened:
        return True
    chunk = before.rsplit(None, 1)[-1] if before.split() else ""
    word = _word(following)
    rest = following[len(word) : len(word) + 1]
    if chunk[-1:].isdigit() or chunk.endswith("%"):  # "The vote was 5-4.The court ruled."
        return word in _STARTERS and len(word) > 1 and rest.isspace()
    return (
        chunk[-2:].isalpha()
        and chunk[-2:].islower()
        and not _ADDRESS.search(chunk)
        and word not in _SUFFIXES
        and (rest == "" or rest.isspace() or rest in ",:'’")
    )


def _ends_at_period(before: str, following: str, *, opens: bool, is_dashed: bool) -> bool:
    """Whether a period with white space and no small letter after it ends its sentence, of which `before` is what
    stands before the period (all of it, where `opens`). `is_dashed`: a dash comes next ("St. Ann's, N.L. — The storm").
    """
    found = _WORD_BEFORE.search(before)
    word = found[0].rsplit("-", 1)[-1].lstrip("'’.&") if found else ""
    after = _word(following)
    if len(after) > 1 and after.isupper() and len(word) > 1 and word.isupper():  # in a text in capitals
        word, after = word.capitalize(), after.capitalize()
    starter = after in _STARTERS
    if word.isdigit():
        return _ends_at_number(before, word, following, starter=starter, opens=opens)
    if word in _TITLES:
        return False
    if word in _NUMBERED:
        return not following[0].isdigit() and word[0].isupper()
    if len(word) == 1 and word.isalpha():
        alone = opens and not before[: len(before) - 1].strip(_OPENERS)
        return not alone and (starter or not (word.isupper() or _INITIAL.match(following)))
    if word.lower() in ("p.m", "a.m"):
        zone = _word(following) in _CALENDAR_AND_ZONES or _TIME.match(following)
        return not zone and following[0].isalpha()
    if word in _EITHER or _is_dotted(word):
        return starter and not is_dashed
    return True


def _is_dotted(word: str) -> bool:
    """Whether a word is letters parted by periods: "U.S", "Ph.D", "i.e", "J.R.R"."""
    parts = word.split(".")
    return len(parts) > 1 and all(part.isalpha() and len(part) <= 2 for part in parts)


def _ends_at_number(before: str, word: str, following: str, *, starter: bool, opens: bool) -> bool:
    """Numbers end sentences, except those of a list ("1. Wash") and ordinals ("am 3. Oktober")."""
    if opens and len(word) <= 3 and not before[: len(before) - len(word)].strip(_OPENERS):
        return False
    ordinal = len(word) <= 2 and (_word(following) in _ORDINAL_AFTER or _ORDINAL_BEFORE.search(before) is not None)
    return starter or not ordinal


def _word(following: str) -> str:
    """The word that `following` starts with, empty where a period makes an abbreviation of it."""
    found = _NEXT_WORD.match(following)
    if (
        not found
        or _ABBREVIATES.match(following, found.end())
        or (len(found[0]) == 1 and following[found.end() : found.end() + 1] == ".")
    ):
        return ""
    return found[0].replace("’", "'")
