"""How well articles are gathered into stories: B-cubed F1 (Bagga and Baldwin, 1998) on neus-val and ECB+.

The same settings for both, the articles in no particular order: the mean of several shuffles, given all at once
(`stories_b3_…`), and one by one as they would come (`stories_streamed_b3_…`). Each event of neus-val has three
articles, as nowhere else: so it is measured besides with one article of each (`stories_b3_neus_val_alone`), and with
one of half the events, two of a fifth and all of the others (`stories_b3_neus_val_mixed`).
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from evaluation.sets import rows
from gazetteer.annotate import Annotator
from gazetteer.stories.cluster import CANDIDATES, JOIN, KEYS, RECENT, Candidate, assign, cluster, keys
from gazetteer.stories.similar import weigh
from gazetteer.stories.words import count
from gazetteer.types import Article

SETS = {"neus_val": "neus-val", "ecbplus": "ecbplus"}
THINNED = {"neus_val_alone": (1.0, 0.0, 0.0), "neus_val_mixed": (0.5, 0.2, 0.3)}
"""How likely one, two and all articles of an event of neus-val are given."""
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


def thinned(articles: Sequence[Told], shares: tuple[float, float, float], seed: int) -> list[Told]:
    """Some articles of each event, shuffled: one, two or all, as likely as `shares` say."""
    chance = random.Random(seed)
    events: dict[str, list[Told]] = defaultdict(list)
    for each in articles:
        events[each.event].append(each)
    most = (1, 2, len(articles))
    chosen = [
        each for own in events.values() for each in chance.sample(own, min(len(own), *chance.choices(most, shares)))
    ]
    return chance.sample(chosen, len(chosen))


def at_once(articles: Sequence[Told]) -> float:
    """The B-cubed F1 of articles that are gathered all at once."""
    words = [count(each.headline, each.text) for each in articles]
    return b_cubed(cluster(words, [each.vector for each in articles]), [each.event for each in articles])


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    annotator = Annotator()
    figures = {}
    for name, file in SETS.items():
        articles = told(data / "stories" / f"{file}.jsonl.gz", annotator)
        shuffles = [random.Random(seed).sample(articles, len(articles)) for seed in range(SHUFFLES)]
        figures[f"stories_b3_{name}"] = fmean(map(at_once, shuffles))
        by_one = (b_cubed(streamed(each), [one.event for one in each]) for each in shuffles[:STREAMS])
        figures[f"stories_streamed_b3_{name}"] = fmean(by_one)
        for thin, shares in THINNED.items():
            if thin.startswith(name):
                scores = (at_once(thinned(articles, shares, seed)) for seed in range(SHUFFLES))
                figures[f"stories_b3_{thin}"] = fmean(scores)
    return figures
