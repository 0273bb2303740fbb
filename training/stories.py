"""Fit what tells whether two articles are of one event: `python -m training.stories --data ../shared/data`.

Prints the coefficients of `stories/similar.py` and, for each floor and power of `stories/cluster.py`, the B-cubed F1 of
stories that were not fitted on. Everything is of neus-train: its events in eight parts, one half fitted on, the other
measured, and the other way round; then all for what ships.
"""

import argparse
import json
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LinearRegression, LogisticRegression

from evaluation import stories as measured
from gazetteer.annotate import Annotator
from gazetteer.stories import cluster, similar
from gazetteer.stories.words import count

Array = npt.NDArray[np.float64]

PARTS = 8
"""So many that each is as large as neus-val."""
FLOORS = (-8.0, -6.0, -5.5, -5.0, -4.5, -4.0, -3.5)
POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Part:
    """Some events' articles, the pairs of them that are compared, and which of these are of one event."""

    def __init__(self, articles: Sequence[measured.Told]) -> None:
        self.events = [each.event for each in articles]
        words = [count(each.headline, each.text) for each in articles]
        self.features = cluster.weighed(words, [each.vector for each in articles])
        self.pairs, self.likeness = cluster.compared(self.features)
        self.same = np.array([self.events[one] == self.events[other] for one, other in self.pairs])
        self.around = np.zeros((2, len(self.pairs)))

    def surround(self) -> None:
        """Tell how like each article is to those of other stories, as the first pass finds them."""
        first = cluster.of_prior(similar.first(self.likeness))
        found = cluster.cut(self.tree(first), cluster.FLOORS[0], cluster.POWERS[0])
        self.around = cluster.around_pairs(np.array(self.pairs), self.likeness, found)

    def tree(self, log_odds: Array) -> list[cluster.Node]:
        """The tree of clusters by the log-odds of the pairs."""
        return cluster.tree(len(self.events), dict(zip(self.pairs, log_odds.tolist(), strict=True)))

    def scores(self) -> list[float]:
        """The B-cubed F1 of the second pass by floor and power."""
        tree = self.tree(cluster.of_prior(similar.second(self.likeness, self.around)))
        return [measured.b_cubed(cluster.cut(tree, *each).tolist(), self.events) for each in product(FLOORS, POWERS)]


def fitted(features: Sequence[Array], same: Sequence[npt.NDArray[np.bool_]]) -> Array:
    """The coefficients and, last, the intercept."""
    x, y = np.concatenate(features, axis=1).T, np.concatenate(same)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegression(max_iter=1000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return np.append(weights, model.intercept_[0] - weights @ mean)


def fit(parts: Sequence[Part], others: Sequence[Part]) -> None:
    """Set the coefficients by `parts`; tell of the surroundings of `others` too."""
    similar.FIRST = fitted([part.likeness for part in parts], [part.same for part in parts])
    for part in {*parts, *others}:
        part.surround()
    similar.SECOND = fitted([np.concatenate([p.likeness, p.around]) for p in parts], [p.same for p in parts])


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    articles = measured.told(parser.parse_args().data / "stories" / "neus-train.jsonl.gz", Annotator())
    events = list(dict.fromkeys(each.event for each in articles))
    bounds = np.linspace(0, len(events), PARTS + 1).astype(int).tolist()
    grouped = [set(events[start:end]) for start, end in pairwise(bounds)]
    vectors = [each for each in articles if each.vector]
    parts = [Part([each for each in articles if each.event in group]) for group in grouped]
    whole, vector = (np.concatenate([part.likeness[row] for part in parts]) for row in (0, 4))
    line = LinearRegression().fit(whole[:, None], vector)
    print(f"UNLIKE = ({line.intercept_:.3f}, {line.coef_[0]:.3f})  of {len(vectors)} articles with vectors")
    scores = []
    for learned, held in ((parts[::2], parts[1::2]), (parts[1::2], parts[::2])):
        fit(learned, held)
        scores += [part.scores() for part in held]
    by_setting = np.array(scores).T
    for (floor, power), found in zip(product(FLOORS, POWERS), by_setting, strict=True):
        error = found.std() / len(found) ** 0.5
        print(f"floor {floor:5.2f}  power {power:.2f}  B-cubed F1 {found.mean():.4f}  error {error:.4f}")
    fit(parts, ())
    print(f"PRIOR = {np.concatenate([part.same for part in parts]).mean():.3f}")
    print(json.dumps({"FIRST": similar.FIRST.round(3).tolist(), "SECOND": similar.SECOND.round(3).tolist()}))


if __name__ == "__main__":
    main()
