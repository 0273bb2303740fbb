"""The article's text in its page: which of the page's blocks are the article's own.

Trafilatura reads the page once, and each block is weighed by how much of it trafilatura has, by its form, and by where
the template puts it. Then come the rules that weights can't hold: what the template makes alike belongs together,
embedded posts go back where they stood, and nothing is told twice.
"""

import copy
import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import trafilatura
from lxml.html import HtmlElement

from gazetteer import furniture
from gazetteer.extract import walls
from gazetteer.extract.blocks import HEADINGS, Block, split
from gazetteer.extract.weights import SHINGLE, Page, Words, shingles, words

# Else its warnings of pages without text reach the terminal of whoever has set up no logging.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())

_THRESHOLD: Final = 0.1
_REPEATED: Final = 0.85
_ECHO: Final = 0.8
_LINK: Final = 0.9
_TITLE_WORDS: Final = 8
_LABEL_WORDS: Final = 60
_NEAR: Final = 4
_UNDER: Final = 2
_LINK_WORDS: Final = 4
_LABELLING: Final = 5
_LABEL_CHARACTERS: Final = 50
_DECK_WORDS: Final = 8
_ENDS: Final = '.!?:…”"。！？'
_ROWS: Final = frozenset(("li", "tr", "dl", "pre"))
_NO_LABELS: Final = HEADINGS | _ROWS
_PULLED: Final = frozenset(("aside", "blockquote"))
# In the class of a block's element, or the one around it: what templates call captions, bylines, dates and offers.
_LABEL = re.compile(
    r"caption|byline|dateline|timestamp|(?:photo|image|picture|media)[-_]*credit|newsletter|sign[-_]?up|subscribe(?!r)|"
    r"(?<![a-z])promo(?![a-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text, its paragraphs parted by a blank line, and what of the page helps to judge it.

    `notices` are the kinds of wall (`walls.NAMES`) of which the page holds a line, `after` the kinds that stand right
    after the text. `linked` is the share of the text's characters that are links'; `teased` the share of the text's
    paragraphs that stand right under a link of several words, as teasers do.
    """

    text: str
    notices: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    linked: float = 0.0
    teased: float = 0.0


def find(page: HtmlElement, *, headline: str | None = None) -> Body:
    """The article's text; an empty one where the page has none. The tree is not changed."""
    blocks = split(page)
    quoted = trafilatura.extract(copy.deepcopy(page), favor_recall=True, fast=True, include_comments=False) or ""
    weighed = Page(blocks, quoted)
    kinds = walls.kinds([block.text for block in blocks])
    title = words(headline or "")
    first = {i for i, block in enumerate(blocks) if "h1" in block.place.tags}
    own = [
        i
        for i in weighed.once()
        if not (
            kinds[i]
            or (title and first == {i})
            or weighed.is_comment(i)
            or _is_furniture(blocks[i], weighed.words[i], title)
        )
    ]
    deck = _deck(own, blocks, weighed.words)
    weights = dict(zip(own, weighed.weigh(own), strict=True))
    chosen = [i for i in own if weights[i] > _THRESHOLD or weighed.is_alike(i) or i == deck]
    chosen = _without_repeats(_with_posts(chosen, own, blocks), weights, weighed)
    chosen = _without_labels(chosen, blocks, weighed.words, deck=deck)
    while len(chosen) > 1 and furniture.is_about_writer(blocks[chosen[-1]].text):
        chosen.pop()
    last = chosen[-1] if chosen else len(blocks)
    told = [blocks[i] for i in chosen]
    return Body(
        text="\n\n".join(block.text for block in told),
        notices=frozenset(filter(None, kinds)),
        after=frozenset(filter(None, kinds[last + 1 : last + 1 + _NEAR])),
        linked=sum(block.linked * len(block.text) for block in told) / max(1, sum(len(block.text) for block in told)),
        teased=_teased(chosen, blocks, weighed.words),
    )


def _teased(chosen: Iterable[int], blocks: Sequence[Block], spoken: Sequence[Words]) -> float:
    under = [
        any(
            blocks[above].linked > _LINK and len(spoken[above]) >= _LINK_WORDS for above in range(max(0, i - _UNDER), i)
        )
        for i in chosen
        if blocks[i].linked < 1 / 2 and not blocks[i].place.tags & HEADINGS
    ]
    return sum(under) / max(1, len(under))


def _is_furniture(block: Block, spoken: Words, headline: Words) -> bool:
    """Whether the block is a line that is no article's: a notice, a pointer, a byline, the headline again."""
    text = block.text
    first = text.partition("\n")[0]
    return bool(
        not spoken
        or furniture.is_furniture(text)
        or "figcaption" in block.place.tags
        or (len(spoken) < _LABEL_WORDS and any(map(_LABEL.search, block.place.kind)))
        or (first != text and block.linked > 1 / 2 and furniture.is_furniture(first))
        or (block.linked > _LINK and _is_pointing(block, spoken))
        or (_echoes(spoken, headline) and (block.place.tags & HEADINGS or not text.endswith(".")))
    )


def _is_pointing(block: Block, spoken: Words) -> bool:
    """Whether a line that is nothing but a link's text points elsewhere, and is no heading, cell or name in a list."""
    if block.place.tags & (HEADINGS | {"tr"}):
        return False
    return len(spoken) >= (_TITLE_WORDS if "li" in block.place.tags else 3)


def _echoes(spoken: Words, headline: Words) -> bool:
    """Whether a line says what the headline says, in nearly its words."""
    if spoken == headline:
        return True
    longer, shorter = max(len(headline), len(spoken)), min(len(headline), len(spoken))
    if len(headline) <= 2 or shorter < _ECHO * longer:
        return False
    return (Counter(spoken) & Counter(headline)).total() >= _ECHO * longer


def _deck(own: Sequence[int], blocks: Sequence[Block], spoken: Sequence[Words]) -> int | None:
    """The sentence of prose right under the page's only first heading: what sums its article up."""
    first = [i for i, block in enumerate(blocks) if "h1" in block.place.tags]
    below = next((i for i in own if len(first) == 1 and i > first[0] and len(spoken[i]) > _LABELLING), None)
    if below is None or below - first[0] > _NEAR or len(spoken[below]) < _DECK_WORDS:
        return None
    block = blocks[below]
    plain = block.text[-1] in _ENDS and block.linked < 1 / 5 and not block.place.beside
    return below if plain and not block.place.tags & (_NO_LABELS | _PULLED) else None


def _with_posts(chosen: Sequence[int], own: Iterable[int], blocks: Sequence[Block]) -> list[int]:
    """The chosen blocks, and the posts embedded between the first and the last of them."""
    if not chosen:
        return []
    among = set(chosen)
    between = range(chosen[0], chosen[-1])
    return [i for i in own if i in among or (i in between and blocks[i].place.posted)]


def _without_labels(
    chosen: Sequence[int], blocks: Sequence[Block], spoken: Sequence[Words], *, deck: int | None
) -> list[int]:
    """The chosen blocks without the few words, no sentence or heading, that stand over the text: a section, a name."""
    kept = []
    for n, i in enumerate(chosen):
        text, tags = blocks[i].text, blocks[i].place.tags
        if i == deck:
            kept.append(i)
        elif len(spoken[i]) > _LABELLING or len(text) > _LABEL_CHARACTERS or text[-1] in _ENDS or tags & _NO_LABELS:
            return [*kept, *chosen[n:]]
    return list(chosen)


def _without_repeats(chosen: Sequence[int], weights: dict[int, float], page: Page) -> list[int]:
    """The chosen blocks without those whose words the others have (a teaser, a pulled quote), lightest first."""
    among = Counter(chain.from_iterable(shingles(page.words[i]) for i in chosen))
    if len(among) == among.total():
        return list(chosen)
    repeated = set()
    copies = Counter(page.words[i] for i in chosen)
    for i in sorted(chosen, key=weights.__getitem__):
        length = len(page.words[i]) - SHINGLE + 1
        least = SHINGLE - 1 if page.blocks[i].place.tags & _PULLED else 2 * SHINGLE
        if length < least or copies[page.words[i]] > 1:
            continue
        own = Counter(shingles(page.words[i]))
        if sum(n for key, n in own.items() if among[key] > n) >= _REPEATED * length:
            repeated.add(i)
            among.subtract(own)
    return [i for i in chosen if i not in repeated]
