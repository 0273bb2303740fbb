"""Who tells a story of their own, and who reprints: the independent origins of a story's articles.

Articles are of one text where one is a copy of the other, or where both name the same news agency and share a good part
of their words. Texts have one origin where they are the same outlet's: what several outlets print is counted for the
first of them that has no text of its own beside it, so that a paper that reports, and prints an agency's text too, is
not one with that agency. There are never more origins than outlets. Nothing is known of who owns whom.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gazetteer.stories.duplicates import Print, compare, may_be_copies, read

SAME_AGENCY = 0.15
"""The share of the shorter text's words in shared runs, from which two texts that name one agency are made from one."""

REPRINT = 0.5
"""The share of an article's words that stand in another, from which it is called its reprint."""

_AGENCIES = {
    "AAP": r"AAP|Australian Associated Press",
    "AFP": r"AFP|Agence France[- ]Presse",
    "ANSA": r"ANSA",
    "AP": r"AP|Associated Press",
    "Bloomberg": r"Bloomberg",
    "CP": r"The Canadian Press",
    "dpa": r"dpa|Deutsche Presse[- ]Agentur",
    "EFE": r"EFE",
    "IANS": r"IANS",
    "Interfax": r"Interfax",
    "Kyodo": r"Kyodo(?: News)?",
    "PA": r"PA Media|Press Association|PA",
    "PTI": r"PTI|Press Trust of India",
    "Reuters": r"(?:Thomson )?Reuters",
    "TASS": r"TASS",
    "UPI": r"UPI|United Press International",
    "Xinhua": r"Xinhua",
    "Yonhap": r"Yonhap",
}
_NAMES = "|".join(f"(?P<{name}>{words})" for name, words in _AGENCIES.items())
_CREDIT = re.compile(rf"(?<!\w)(?:{_NAMES})(?!\w)")
_DATELINE = re.compile(rf"^.{{0,80}}?\(\s*(?:{_NAMES})\s*\)\s*[-–—]?")
_CLOSING = re.compile(rf"(?:\(|[Rr]eporting by [^.]{{0,200}}?|©\s*)(?:{_NAMES})\W*$")
_LAST = datetime.max.replace(tzinfo=UTC)
_END = 300  # characters in which a text may close with its agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article as it is asked where it comes from."""

    outlet: str
    text: str
    credit: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article that has words of another before it, of the first that has most of its words, else of the one that has
    more of them than others: the `share` of its own words that stand in shared runs.
    """

    article: int
    of: int
    share: float

    @property
    def is_reprint(self) -> bool:
        """Whether most of its words are the other's."""
        return self.share >= REPRINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Articles, by their numbers in what was given, that were made from one text: which of them came `first` (of those
    whose time is known), the others in order of time, and the news agency that they name.
    """

    first: int
    copies: tuple[Copy, ...] = ()
    agency: str | None = None

    @property
    def articles(self) -> tuple[int, ...]:
        """All of them, the first first."""
        return (self.first, *(each.article for each in self.copies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The texts that one outlet, or those who print its texts, tell, in order of time."""

    texts: tuple[Told, ...]

    @property
    def first(self) -> int:
        """The article that came first."""
        return self.texts[0].first

    @property
    def agency(self) -> str | None:
        """The news agency that the first text names."""
        return self.texts[0].agency

    @property
    def articles(self) -> tuple[int, ...]:
        """All articles, text by text."""
        return tuple(number for text in self.texts for number in text.articles)


def agency(source: Source) -> str | None:
    """Give the news agency that a byline, a dateline or a closing line names."""
    found = (
        _CREDIT.search(source.credit)
        or _DATELINE.search(source.text[:200])
        or _CLOSING.search(source.text[-_END:].rstrip())
    )
    return None if found is None else found.lastgroup


def origins(sources: Sequence[Source]) -> tuple[Origin, ...]:
    """Part articles by where they come from; what most outlets print comes first, then what came first.

    Each two are compared, so that there should be no more than some dozens.
    """
    order = sorted(range(len(sources)), key=lambda number: (sources[number].published_at or _LAST, number))
    texts = _texts(sources, order)
    outlets = {text: tuple(dict.fromkeys(sources[number].outlet for number in text.articles)) for text in texts}
    alone = {names[0] for names in outlets.values() if len(names) == 1}
    owned: dict[str, list[Told]] = {}
    for text in texts:
        owner = next((name for name in outlets[text] if name not in alone), outlets[text][0])
        owned.setdefault(owner, []).append(text)
    return tuple(
        Origin(texts=tuple(own))
        for own in sorted(owned.values(), key=lambda own: -len({name for text in own for name in outlets[text]}))
    )


def _texts(sources: Sequence[Source], order: Sequence[int]) -> list[Told]:
    """Gather articles by the text that they were made from, in order of time."""
    agencies = [agency(each) for each in sources]
    prints = [read(each.text) for each in sources]
    groups: list[list[int]] = []
    for number in order:
        own = [group for group in groups if any(_is_one(prints, agencies, number, other) for other in group)]
        groups = [group for group in groups if group not in own]
        groups.append(sorted([number, *(other for group in own for other in group)], key=order.index))
    return [
        Told(
            first=group[0],
            copies=tuple(_copy(prints, group[at], group[:at]) for at in range(1, len(group))),
            agency=next(filter(None, (agencies[n] for n in group)), None),
        )
        for group in sorted(groups, key=lambda group: order.index(group[0]))
    ]


def _copy(prints: Sequence[Print], number: int, earlier: Sequence[int]) -> Copy:
    best = Copy(article=number, of=earlier[0], share=0.0)
    for other in earlier:
        if may_be_copies(prints[number], prints[other]):
            share = compare(prints[number], prints[other]).share_of_one
            best = Copy(article=number, of=other, share=share) if share > best.share else best
        if best.is_reprint:
            break
    return best


def _is_one(prints: Sequence[Print], agencies: Sequence[str | None], one: int, other: int) -> bool:
    if not may_be_copies(prints[one], prints[other]):
        return False
    found = compare(prints[one], prints[other])
    same = agencies[one] is not None and agencies[one] == agencies[other]
    return found.is_copy or (same and max(found.share_of_one, found.share_of_other) >= SAME_AGENCY)
