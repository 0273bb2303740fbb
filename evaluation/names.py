"""Gathering of mentions, measured: `python -m evaluation.names --data ../shared/data`.

B-cubed precision, recall and F1 (Bagga and Baldwin, 1998) over all mentions, on the person and organisation mentions of
Deutsche Welle articles; beside it, mentions gathered by the same spelling.
"""

import argparse
from collections import defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path

from evaluation.sets import rows
from gazetteer.annotate.names import gather


def b_cubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> tuple[float, float]:
    """The sums over all things of B-cubed precision and recall, for two clusterings (a cluster's name a thing)."""
    sets: tuple[dict[Hashable, set[int]], ...] = (defaultdict(set), defaultdict(set))
    for n, names in enumerate(zip(found, gold, strict=True)):
        for clusters, name in zip(sets, names, strict=True):
            clusters[name].add(n)
    precision = recall = 0.0
    for names in zip(found, gold, strict=True):
        mine, theirs = sets[0][names[0]], sets[1][names[1]]
        precision += len(mine & theirs) / len(mine)
        recall += len(mine & theirs) / len(theirs)
    return precision, recall


def score(articles: Sequence[dict[str, object]], *, exact: bool = False) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of `gather`, or of the same spelling, over `articles`."""
    precision = recall = count = 0.0
    for article in articles:
        mentions = [(m["text"], m["label"]) for m in article["mentions"]]  # type: ignore[attr-defined]
        gold = [m["entity"] for m in article["mentions"]]  # type: ignore[attr-defined]
        cluster_of: dict[int, Hashable] = {n: k for k, members in enumerate(gather(mentions)) for n in members}
        found = mentions if exact else [cluster_of[n] for n in range(len(mentions))]
        p, r = b_cubed(found, gold)
        precision, recall, count = precision + p, recall + r, count + len(gold)
    precision, recall = precision / count, recall / count
    return precision, recall, 2 * precision * recall / (precision + recall)


def read(data: Path) -> list[dict[str, object]]:
    """The articles' mentions."""
    return list(rows(data / "names" / "dwie-mentions.jsonl.gz"))


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    articles = read(data)
    return {"gathering_b3_dwie": score(articles)[2], "gathering_b3_dwie_same_spelling": score(articles, exact=True)[2]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    articles = read(parser.parse_args().data)
    for title, exact in (("gathered", False), ("same spelling", True)):
        p, r, f = score(articles, exact=exact)
        print(f"{title:15} precision {p:.4f}  recall {r:.4f}  F1 {f:.4f}")
