"""Quotation marks, paired: the stretches of a text that stand between them, in time linear in the text.

Curly, straight, low and pointed marks, double and single; an apostrophe is no mark. A quotation that goes on in the
next paragraph, which opens with the mark again, is one stretch. Marks within a stretch belong to it.
"""

import re
from typing import NamedTuple

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_MARK = re.compile(r"""["“”„«»‹›‘’‚']|``|''""")
_CLOSERS = {
    "“": '”"', "„": "“”", "«": "»", "‹": "›", '"': '"”', "``": "''\"", "‘": "’", "‚": "‘", "'": "'"
}  # fmt: skip
_SINGLE = "‘‚'"
_BEFORE_OPENING = "([{—–-/:;,.!?…>“«‘'"
_NO_WORD = ",;:!?)"
_IN_SINGLE = re.compile(r"[^\W\d_]|[\[“\"«]")


_SHORTEST = 2
"""Characters from one single mark to the next that make no quotation ("rock 'n' roll")."""


class Stretch(NamedTuple):
    """What stands from an opening mark to its closing one, both included."""

    start: int
    end: int


class _Opened(NamedTuple):
    """Where a mark was opened, and which."""

    start: int
    mark: str


def quoted(text: str) -> tuple[Stretch, ...]:
    """The stretches of `text` between quotation marks, the outermost, in reading order; none overlap.

    One whose closing mark is missing ends with its paragraph.
    """
    found: list[Stretch] = []
    opened: _Opened | None = None
    last_end = 0
    for line in _LINE.finditer(text):
        start, end = _stripped(line)
        if start == end:
            continue
        if opened and not text.startswith(opened.mark, start):
            found.append(Stretch(opened.start, last_end))
            opened = None
        opened = _pair(text, start, end, opened, found)
        last_end = end
    if opened:
        found.append(Stretch(opened.start, last_end))
    return tuple(found)


def _stripped(line: re.Match[str]) -> tuple[int, int]:
    start = line.end() - len(line[0].lstrip())
    return start, max(start, line.start() + len(line[0].rstrip()))


def _pair(text: str, start: int, end: int, opened: _Opened | None, found: list[Stretch]) -> _Opened | None:
    """Add the stretches that close in the line `text[start:end]` to `found`; give the double mark left open.

    A line that goes on with what is `opened` begins with its mark again, which neither opens nor closes.
    """
    past = start + 1 if opened else start
    singles = _single_ends(text, start, end)
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match[0]
        if at < past:
            continue
        opens = mark not in ('"', *_SINGLE) or _opens(text, at, match.end(), end)
        if opened and mark in _CLOSERS[opened.mark] and not (mark == '"' == opened.mark and opens):
            found.append(Stretch(opened.start, match.end()))
            past, opened = match.end(), None
        elif mark in _CLOSERS and mark not in _SINGLE and opens and (not opened or mark == '"' == opened.mark):
            opened = _Opened(at, mark)
        elif not opened and at in singles:
            found.append(Stretch(at, singles[at]))
            past = singles[at]
    return opened


def _opens(text: str, at: int, after: int, end: int) -> bool:
    """Whether the mark at `text[at:after]` can open a quotation: space or an opener stands before, a word after."""
    before = text[at - 1] if at else " "
    follows = text[after] if after < end else " "
    ellipsis = text.startswith("..", after)
    if follows.isspace() or follows in _NO_WORD or (follows == "." and not ellipsis):
        return False
    return before.isspace() or before in _BEFORE_OPENING


def _single_ends(text: str, start: int, end: int) -> dict[int, int]:
    """Where each single mark of the line that opens a quotation finds its end, by its place.

    The end is the first mark that no letter follows and a stop precedes; where there is none before the next opening,
    the first that no letter follows.
    """
    ends: dict[int, int] = {}
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match[0]
        if mark in _SINGLE and _opens(text, at, match.end(), end) and _IN_SINGLE.match(text, match.end()):
            opened = at
        elif opened is None or at - opened <= _SHORTEST or text[match.end() : match.end() + 1].isalnum():
            continue
        elif mark in _CLOSERS[text[opened]]:
            ends.setdefault(opened, match.end())
            if text[at - 1] in ",.!?…":
                ends[opened], opened = match.end(), None
    return ends
