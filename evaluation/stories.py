"""How well articles are gathered into stories: B-cubed F1 (Bagga and Baldwin, 1998) on neus-val and ECB+.

The same settings for both, the articles in no particular order: the mean of several shuffles, given all at once
(`stories_b3_…`), and one by one as they would come (`stories_streamed_b3_…`).
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evaluation.sets import rows
from gazetteer.annotate import Annotator
from gazetteer.stories.cluster import CANDIDATES, JOIN, KEYS, RECENT, Candidate, assign, cluster, keys
from gazetteer.stories.similar import weigh
from gazetteer.stories.words import count
from gazetteer.types import Article

SETS = {"neus_val": "neus-val", "ecbplus": "ecbplus"}
SHUFFLES, STREAMS = 5, 2
"""Orders in which the articles are given all at once, and one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """An article, and the event that it tells."""

    headline: str
    text: str
    event: str
    vector: tuple[float, ...] = ()


def told(path: Path, annotator: Annotator) -> list[Told]:
    """The articles of a set, with their vectors."""
    found = list(rows(path))
    articles = [Article(source=r["id"], headline=r["headline"], text=r["text"], language="en") for r in found]
    vectors = [a.vector for at in range(0, len(articles), 32) for a in annotator.annotate(articles[at : at + 32])]
    return [
        Told(headline=r["headline"], text=r["text"], event=r["event"], vector=vector)
        for r, vector in zip(found, vectors, strict=True)
    ]


def b_cubed(found: Sequence[int], gold: Sequence[str]) -> float:
    """The F1 of mean precision and mean recall over articles."""
    of_found, of_gold, both = Counter(found), Counter(gold), Counter(zip(found, gold, strict=True))
    precision = sum(n * n / of_found[story] for (story, _), n in both.items()) / len(gold)
    recall = sum(n * n / of_gold[event] for (_, event), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def streamed(articles: Sequence[Told], *, join: float = JOIN) -> list[int]:
    """The story of each article, given one by one: words are as rare as they were among those that came before."""
    having: Counter[int] = Counter()
    by_key: dict[int, list[int]] = defaultdict(list)
    known: list[Candidate] = []
    leads: dict[int, int] = {}
    for number, each in enumerate(articles):
        words = count(each.headline, each.text)
        hashes = words.hashes.tolist()
        with_each = np.array([having[word] for word in hashes], dtype=np.int64)
        features = weigh(words, with_each, number, each.vector)
        having.update(hashes)
        own = features.words[keys(features)].tolist()
        near = Counter(
            other for at, word in enumerate(own) for other in by_key[word][-RECENT:] for _ in range(KEYS - at)
        )
        candidates = [known[other] for other, _ in near.most_common(CANDIDATES)]
        found = assign(features, [replace(one, story=_leads(leads, one.story)) for one in candidates], join=join)
        for merged in found.merged:
            leads[merged] = found.story if found.story is not None else merged
        for word in own:
            by_key[word].append(number)
        story = number if found.story is None else found.story
        known.append(Candidate(features=features, story=story, around=found.around))
    return [_leads(leads, each.story) for each in known]


def _leads(leads: Mapping[int, int], story: int) -> int:
    while story in leads:
        story = leads[story]
    return story


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    annotator = Annotator()
    figures = {}
    for name, file in SETS.items():
        articles = told(data / "stories" / f"{file}.jsonl.gz", annotator)
        scores, by_one = [], []
        for seed in range(SHUFFLES):
            shuffled = random.Random(seed).sample(articles, len(articles))
            words = [count(each.headline, each.text) for each in shuffled]
            found = cluster(words, [each.vector for each in shuffled])
            events = [each.event for each in shuffled]
            scores.append(b_cubed(found, events))
            if seed < STREAMS:
                by_one.append(b_cubed(streamed(shuffled), events))
        figures[f"stories_b3_{name}"] = sum(scores) / len(scores)
        figures[f"stories_streamed_b3_{name}"] = sum(by_one) / len(by_one)
    return figures
