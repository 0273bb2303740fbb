"""Gather articles into stories: many at once, or one as it comes.

Many at once: average-link clustering of each article's nearest neighbours by log-odds, and the cut of its tree that
stands longest (excess of mass: Campello, Moulavi and Sander, PAKDD 2013): a story is what holds together well above the
likeness at which it would be joined with others, not what passes one threshold. This is done twice, the second time
knowing how like each article is to those of other stories. How many articles have company at all differs from one
gathering to the next, from an outlet's own pages to a day of an agency's copy: it is estimated each time (`of_prior`,
`company`), and the rarer company is, the surer a story has to be.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazetteer.stories import similar
from gazetteer.stories.similar import AROUND, Features
from gazetteer.stories.words import LEAD, Words

NEIGHBOURS = 50
"""Articles that each is compared with, at most."""
KEYS = 24
"""Words of an article, its lead's weightiest, by which the candidates of one that comes are found."""
KEYS_AT_ONCE = 40
"""Such words by which neighbours are found where many are gathered at once."""
POSTINGS = 150
"""Articles before and after one, of those that have a word, that the word leads to."""
APART = -8.0
"""Log-odds of a pair that is not compared."""
FLOORS = (-3.5, -6.0)
"""Log-odds below which articles have nothing to do with each other, in the first pass and, at the least, the second."""
PRIOR = 0.026
"""The share of the pairs of neighbours that are of one event, where the coefficients of log-odds were fitted."""
COMPANY = 3.0
"""How many times the log-odds that an article has company count for its story, in the second pass."""
MANY = 100
"""Articles from which it is believed how many have company: few tell little of how rare their words are."""
FEW = 1.0
"""The floor of the second pass that stands instead, the fewer the more."""
POWERS = (1.0, 0.5)
"""The power of a cluster's size that its standing counts with: 1 is excess of mass, which keeps large ones whole."""
CANDIDATES = 40
"""Articles that one that comes is compared with, at most."""
RECENT = 40
"""The newest articles that a word leads to, for one that comes."""
JOIN = 2.5
"""Mean log-odds with a story's candidates from which an article that comes joins it."""
MERGE = 3.5
"""Mean log-odds from which two stories that an article joins are one: a wrong join of stories costs more."""

_ITERATIONS = 100
_SETTLED = 0.001
_RAREST = 1e-6

Array = npt.NDArray[np.float64]
Pairs = dict[tuple[int, int], float]


def cluster(words: Sequence[Words], vectors: Sequence[Sequence[float]] = ()) -> list[int]:
    """Give the number of each article's story, from 0, in the order in which the stories first come.

    The articles come in order of time where it is known; which are of one story does not depend on the order of those
    that are told apart by fewer than `POSTINGS` others. Takes time linear in their number, and some n log n.
    """
    return gathered(weighed(words, vectors)) if words else []


def gathered(features: Sequence[Features]) -> list[int]:
    """Give the number of each article's story, as `cluster` does, of articles whose words are weighed already."""
    pairs, likeness = compared(features)
    if not pairs:
        return [*range(len(features))]
    ends = np.array(pairs)

    def kept(log_odds: Array, floor: float, power: float) -> npt.NDArray[np.intp]:
        return cut(tree(len(features), dict(zip(pairs, log_odds.tolist(), strict=True))), floor, power)

    stories = kept(of_prior(similar.first(likeness)), FLOORS[0], POWERS[0])
    log_odds = of_prior(similar.second(likeness, around_pairs(ends, likeness, stories)))
    believed = min(len(features) / MANY, 1.0)
    floor = believed * max(FLOORS[1], -COMPANY * company(ends, log_odds, len(features))) + (1 - believed) * FEW
    found: list[int] = kept(log_odds, floor, POWERS[1]).tolist()
    return found


def of_prior(log_odds: Array) -> Array:
    """Lower the log-odds of pairs to how rare those of one event are among them, where that is under `PRIOR`.

    The share is estimated from the log-odds themselves by expectation maximisation (Saerens, Latinne and Decaestecker,
    Neural Computation 2002). Where pairs seem to be of one event more often, nothing is changed: articles of two events
    that are alike look so too.
    """
    lower = 0.0
    for _ in range(_ITERATIONS):
        share = float(_probability(log_odds + lower).mean())
        before, lower = lower, min(_log_odds(share) - _log_odds(PRIOR), 0.0)
        if abs(lower - before) < _SETTLED:
            break
    return np.maximum(log_odds + lower, APART + _SETTLED)


def company(ends: npt.NDArray[np.intp], log_odds: Array, articles: int) -> float:
    """Give the log-odds that an article has company, 0 at the least, by those of the pairs, whose `ends` (pairs, 2)
    are articles.
    """
    alone = np.log1p(-np.minimum(_probability(log_odds), 1 - _RAREST))
    sums = sum(np.bincount(end, alone, minlength=articles) for end in ends.T)
    return max(_log_odds(min(float((1 - np.exp(sums)).mean()), 1 - _RAREST)), 0.0)


def _probability(log_odds: Array) -> Array:
    return 1 / (1 + np.exp(-log_odds))


def _log_odds(probability: float) -> float:
    return math.log(max(probability, _RAREST) / (1 - probability))


def weighed(words: Sequence[Words], vectors: Sequence[Sequence[float]]) -> list[Features]:
    """Weigh the words of articles by how many of these have each."""
    hashes, at = np.unique(np.concatenate([each.hashes for each in words]), return_inverse=True)
    having = np.bincount(at, minlength=len(hashes))[at]
    parts = np.split(having, np.cumsum([len(each.hashes) for each in words])[:-1])
    vectors = vectors or [()] * len(words)
    return [
        similar.weigh(each, part, len(words), vector) for each, part, vector in zip(words, parts, vectors, strict=True)
    ]


def compared(features: Sequence[Features]) -> tuple[list[tuple[int, int]], Array]:
    """Give the pairs of neighbours, and their likenesses (`similar.LIKENESSES`, pairs)."""
    pairs: list[tuple[int, int]] = []
    found: list[Array] = [np.zeros((len(similar.LIKENESSES), 0))]
    seen: set[tuple[int, int]] = set()
    for one, others in enumerate(_neighbours(features)):
        new = [other for other in others if (min(one, other), max(one, other)) not in seen]
        if new:
            pairs += [(min(one, other), max(one, other)) for other in new]
            seen.update(pairs[-len(new) :])
            found.append(similar.likenesses(features[one], [features[other] for other in new]))
    return pairs, np.concatenate(found, axis=1)


def keys(features: Features, most: int = KEYS) -> npt.NDArray[np.intp]:
    """Where in `features.words` those are by which an article's neighbours are found, the weightiest first."""
    lead = features.weights[LEAD]
    return np.lexsort((features.words, -lead))[:most][: np.count_nonzero(lead)]


def _neighbours(features: Sequence[Features]) -> Iterator[list[int]]:
    """Give, for each article, those that share its weightiest words."""
    own = [keys(each, KEYS_AT_ONCE) for each in features]
    having: dict[int, list[int]] = defaultdict(list)
    for number, (each, at) in enumerate(zip(features, own, strict=True)):
        for word in each.words[at].tolist():
            having[word].append(number)
    postings = {word: np.array(numbers) for word, numbers in having.items()}
    for number, (each, at) in enumerate(zip(features, own, strict=True)):
        shared = [
            (_near(postings[word], number), weight)
            for word, weight in zip(each.words[at].tolist(), each.weights[LEAD][at].tolist(), strict=True)
        ]
        others = np.concatenate([numbers for numbers, _ in shared] or [np.zeros(0, dtype=np.intp)])
        if not len(others):
            yield []
            continue
        worth = np.concatenate([np.full(len(numbers), weight**2) for numbers, weight in shared])
        distinct, where = np.unique(others, return_inverse=True)
        totals = np.bincount(where, worth)
        totals[distinct == number] = -1
        best = np.lexsort((distinct, -totals))[:NEIGHBOURS]
        yield [int(distinct[k]) for k in best if totals[k] > 0]


def _near(numbers: npt.NDArray[np.intp], number: int) -> npt.NDArray[np.intp]:
    if len(numbers) <= 2 * POSTINGS:
        return numbers
    at = int(np.searchsorted(numbers, number))
    return numbers[max(at - POSTINGS, 0) : at + POSTINGS]


def around_pairs(ends: npt.NDArray[np.intp], likeness: Array, stories: npt.NDArray[np.intp]) -> Array:
    """Tell of each pair how like both its articles are to those of other stories, in the mean: (2, pairs)."""
    apart = stories[ends[:, 0]] != stories[ends[:, 1]]
    of = np.concatenate([ends[apart, 0], ends[apart, 1]])
    values = np.concatenate([likeness[[0, 4]][:, apart]] * 2, axis=1)
    around = np.zeros((2, len(stories)))
    for kind in range(2):
        order = np.lexsort((-values[kind], of))
        sorted_of = of[order]
        rank = np.arange(len(order)) - np.searchsorted(sorted_of, sorted_of)
        near = rank < AROUND
        around[kind] = np.bincount(sorted_of[near], values[kind][order][near], minlength=len(stories)) / AROUND
    return np.asarray((around[:, ends[:, 0]] + around[:, ends[:, 1]]) / 2)


@dataclass(slots=True)
class Node:
    """A cluster: its articles, the mean log-odds at which it was made, and at which it is joined with another."""

    members: list[int]
    height: float
    parts: tuple[int, ...] = ()
    joined: float = APART


def cut(nodes: Sequence[Node], floor: float, power: float) -> npt.NDArray[np.intp]:
    """Give each article's cluster in the cut that stands longest, numbered in order of first members.

    How long a cluster stands is counted above the `floor` alone, times a `power` of how many articles it has.
    """
    best: list[float] = []
    whole: list[bool] = []
    for node in nodes:
        own = len(node.members) ** power * (max(node.height, floor) - max(node.joined, floor))
        apart = sum(best[part] for part in node.parts)
        whole.append(not node.parts or (own >= apart and node.height >= floor))
        best.append(own if whole[-1] else apart)
    clusters: list[list[int]] = []
    waiting = [number for number, node in enumerate(nodes) if node.joined == APART]
    while waiting:
        number = waiting.pop()
        if whole[number]:
            clusters.append(nodes[number].members)
        else:
            waiting += nodes[number].parts
    found = np.zeros(sum(map(len, clusters)), dtype=np.intp)
    for number, members in enumerate(sorted(clusters, key=min)):
        found[members] = number
    return found


def tree(articles: int, log_odds: Mapping[tuple[int, int], float]) -> list[Node]:
    """Join clusters, the likeliest pair first, as long as any of their articles were compared; parts before wholes."""
    nodes = [Node(members=[number], height=APART) for number in range(articles)]
    links: list[dict[int, float]] = [{} for _ in range(articles)]
    for (one, other), value in log_odds.items():
        links[one][other] = links[other][one] = value - APART

    def mean(one: int, other: int) -> float:
        return APART + links[one][other] / (len(nodes[one].members) * len(nodes[other].members))

    heap = [(-mean(one, other), one, other) for one, other in log_odds]
    heapq.heapify(heap)
    gone: set[int] = set()
    while heap:
        height, one, other = heapq.heappop(heap)
        if one in gone or other in gone:
            continue
        new = len(nodes)
        nodes[one].joined = nodes[other].joined = -height
        if len(nodes[one].members) < len(nodes[other].members):
            one, other = other, one
        nodes.append(Node(members=nodes[one].members + nodes[other].members, height=-height, parts=(one, other)))
        gone |= {one, other}
        joined = links[one]
        for third, value in links[other].items():
            joined[third] = joined.get(third, 0.0) + value
        links[other] = {}
        links.append({third: value for third, value in joined.items() if third not in gone})
        links[one] = {}
        for third, value in links[new].items():
            links[third].pop(one, None)
            links[third].pop(other, None)
            links[third][new] = value
            heapq.heappush(heap, (-mean(new, third), third, new))
    return nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may tell the same event as one that comes: its features, the number of its story, and how like it
    was to articles of other stories when it came (`Assignment.around`).
    """

    features: Features
    story: int
    around: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an article belongs: the number of its `story`, None for a new one; `merged`, the numbers of other stories
    that it shows to be the same; `around`, how like it is to articles of other stories; `log_odds`, the mean with the
    story's articles, None for a new one.
    """

    story: int | None
    merged: tuple[int, ...] = ()
    around: tuple[float, float] = (0.0, 0.0)
    log_odds: float | None = None


def assign(one: Features, candidates: Sequence[Candidate], *, join: float = JOIN) -> Assignment:
    """Find the story of an article among those of its candidates, of which there are some dozens; a new one where the
    mean log-odds with none reaches `join`.
    """
    if not candidates:
        return Assignment(story=None)
    likeness = similar.likenesses(one, [each.features for each in candidates])
    stories = np.array([each.story for each in candidates])
    theirs = np.array([each.around for each in candidates]).T
    numbers, of = np.unique(stories, return_inverse=True)
    mine = np.stack([similar.surroundings(likeness, of != number) for number in range(len(numbers))], axis=1)
    log_odds = similar.second(likeness, (theirs + mine[:, of]) / 2)
    sums = np.bincount(of, log_odds) / np.bincount(of)
    means = dict(zip(numbers.tolist(), sums.tolist(), strict=True))
    best = max(means, key=lambda story: (means[story], -story))
    if means[best] < join:
        return Assignment(story=None, around=_pair(similar.surroundings(likeness, np.ones(len(stories), dtype=bool))))
    merged = tuple(
        story
        for story, mean in sorted(means.items())
        if story != best and mean >= MERGE and _together(candidates, best, story) >= MERGE
    )
    around = similar.surroundings(likeness, ~np.isin(stories, [best, *merged]))
    return Assignment(story=best, merged=merged, around=_pair(around), log_odds=means[best])


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _together(candidates: Sequence[Candidate], one: int, other: int) -> float:
    """Give the mean log-odds between the articles of two stories."""
    ones = [each for each in candidates if each.story == one]
    others = [each for each in candidates if each.story == other]
    around = np.array([each.around for each in others]).T
    found = [
        similar.second(
            similar.likenesses(each.features, [third.features for third in others]),
            (around + np.array(each.around)[:, None]) / 2,
        ).mean()
        for each in ones
    ]
    return float(np.mean(found))
