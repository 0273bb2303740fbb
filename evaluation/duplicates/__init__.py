"""How surely copies are told from what is only alike: precision and recall over pairs of texts.

Pairs are made of each article of the Wikinews set, from a fixed seed. Copies: a cut (half of its paragraphs, in a row);
its paragraphs in another order; an edit of 30% of its words (runs of one to three are dropped, replaced by another
article's, or put in); all three at once by halves. None: another article that quotes one to three of its sentences; the
article that is likest to it. Beside these stand the pairs that were written by hand (README.md).
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.sets import rows
from gazetteer.stories.cluster import weighed
from gazetteer.stories.duplicates import compare, read
from gazetteer.stories.similar import likenesses
from gazetteer.stories.words import count

WRITTEN = Path(__file__).with_name("written.jsonl")
EDITED = 0.3
SHORTEST = 80
"""Words of an article, and of half of it a third, that pairs are made of."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, whether one is a copy, and how the pair was made."""

    one: str
    other: str
    is_copy: bool
    kind: str


def edited(text: str, others: Sequence[str], share: float, chance: random.Random) -> str:
    """A text with this share of its words changed, in runs of one to three; its paragraphs stay."""
    paragraphs = [paragraph.split() for paragraph in text.split("\n\n")]
    left = share * sum(map(len, paragraphs))
    while left > 0:
        words = chance.choice([each for each in paragraphs if each] or [[]])
        if not words:
            break
        length = min(chance.randint(1, 3), len(words))
        at = chance.randrange(len(words) - length + 1)
        way = chance.choice(("drop", "replace", "put in"))
        new = [] if way == "drop" else [chance.choice(others) for _ in range(length)]
        words[at : at + (0 if way == "put in" else length)] = new
        left -= length
    return "\n\n".join(" ".join(words) for words in paragraphs if words)


def cut(text: str, chance: random.Random) -> str:
    """Half of a text's paragraphs, in a row."""
    paragraphs = text.split("\n\n")
    length = (len(paragraphs) + 1) // 2
    at = chance.randrange(len(paragraphs) - length + 1)
    return "\n\n".join(paragraphs[at : at + length])


def reordered(text: str, chance: random.Random) -> str:
    """A text's paragraphs in another order."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(chance.sample(paragraphs, len(paragraphs)))


def quoting(text: str, later: str, chance: random.Random) -> str:
    """Another text that quotes one to three sentences of one, which are no more than a fifth of it."""
    sentences = [each for each in text.replace("\n\n", " ").split(". ") if each]
    most = len(text.split()) / 5
    chosen: list[str] = []
    for each in chance.sample(sentences, min(3, len(sentences))):
        if sum(len(own.split()) for own in (*chosen, each)) <= most:
            chosen.append(each)
    return f"{later}\n\nEarlier it was reported: “{'. '.join(chosen)}.”"


def pairs(texts: Sequence[str]) -> Iterator[Pair]:
    """The pairs that are made of articles."""
    chance = random.Random(1)
    for number, (text, near) in enumerate(zip(texts, likest(texts), strict=True)):
        words = texts[chance.randrange(len(texts))].split()
        yield Pair(text, reordered(text, chance), is_copy=True, kind="reordered")
        yield Pair(text, edited(text, words, EDITED, chance), is_copy=True, kind="edited")
        if len((half := cut(text, chance)).split()) > SHORTEST / 3:
            yield Pair(text, half, is_copy=True, kind="cut")
            mixed = edited(reordered(half, chance), words, EDITED / 2, chance)
            yield Pair(text, mixed, is_copy=True, kind="mixed")
        later = texts[(number + chance.randrange(1, len(texts))) % len(texts)]
        yield Pair(text, quoting(text, later, chance), is_copy=False, kind="quoting")
        yield Pair(text, texts[near], is_copy=False, kind="likest")


def likest(texts: Sequence[str]) -> list[int]:
    """The number of the article that is likest to each."""
    features = weighed([count("", text) for text in texts], ())
    found = []
    for number, each in enumerate(features):
        whole = likenesses(each, features)[0]
        whole[number] = -1
        found.append(int(np.argmax(whole)))
    return found


def written(by_address: dict[str, str]) -> Iterator[Pair]:
    """The pairs that were written by hand."""
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        one = row["one"] if row["of"] is None else by_address[row["of"]]
        yield Pair(one, row["text"], is_copy=row["is_copy"], kind=row["kind"])


def all_pairs(data: Path) -> list[Pair]:
    """Every pair."""
    articles = [(row["url"], _body(row["text"])) for row in rows(data / "wikinews" / "wikinews.jsonl.gz")]
    texts = [text for _, text in articles if len(text.split()) >= SHORTEST]
    return [*pairs(texts), *written(dict(articles))]


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    told: Counter[tuple[bool, bool]] = Counter()
    by_kind: dict[str, list[bool]] = {}
    for pair in all_pairs(data):
        found = compare(read(pair.one), read(pair.other)).is_copy
        told[pair.is_copy, found] += 1
        by_kind.setdefault(pair.kind, []).append(found == pair.is_copy)
    right = told[True, True]
    return {
        "copies_precision": right / max(right + told[False, True], 1),
        "copies_recall": right / max(right + told[True, False], 1),
    } | {f"copies_right_{kind.replace(' ', '_')}": sum(each) / len(each) for kind, each in sorted(by_kind.items())}


def _body(text: str) -> str:
    """An article's text without the line of its day, its paragraphs parted by one empty line."""
    paragraphs = [" ".join(each.split()) for each in text.split("\n\n")]
    return "\n\n".join(each for each in paragraphs[1:] if each)
