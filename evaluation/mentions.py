"""Mentions, measured: `python -m evaluation.mentions --data ../shared/data`.

Strict: a mention counts where its span and its label are both right. Micro-averaged over the articles of
`entities/worldwide-dev`, for each label, for the six labels of the seed's page, and for all eleven.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evaluation.sets import rows
from gazetteer.annotate import MODEL, Annotator
from gazetteer.types import LABELS, Article

SIX = ("PERSON", "ORG", "NORP", "GPE", "LOC", "FAC")

Span = tuple[int, int, str]


def read(path: Path) -> tuple[list[str], list[set[Span]]]:
    """The texts of a file of JSON lines `{"text", "entities": [[start, end, label]]}`, and their mentions."""
    found = list(rows(path))
    return [row["text"] for row in found], [{(s, e, label) for s, e, label in row["entities"]} for row in found]


def f1(*, right: int, found: int, gold: int) -> float:
    """The harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * right / (found + gold) if right else 0.0


def by_label(found: Sequence[Iterable[Span]], gold: Sequence[Iterable[Span]]) -> Mapping[str, Counter[str]]:
    """For each label, how many mentions are `right`, `found` and `gold`."""
    counts = {label: Counter[str]() for label in LABELS}
    for mine, theirs in zip(map(set, found), map(set, gold), strict=True):
        for kind, spans in (("right", mine & theirs), ("found", mine), ("gold", theirs)):
            for _, _, label in spans:
                counts[label][kind] += 1
    return counts


def over(counts: Mapping[str, Counter[str]], labels: Iterable[str]) -> float:
    """The micro-averaged F1 of `labels`."""
    total = sum((counts[label] for label in labels), Counter[str]())
    return f1(right=total["right"], found=total["found"], gold=total["gold"])


def annotate(annotator: Annotator, texts: Sequence[str]) -> list[set[Span]]:
    """The mentions of the entities that the whole annotator finds in `texts`."""
    annotations = annotator.annotate([Article(source="", headline="", text=text) for text in texts])
    return [{(m.start, m.end, e.label) for e in a.entities for m in e.mentions} for a in annotations]


def measure(data: Path, model: Path = MODEL) -> dict[str, float]:
    """The figures by name."""
    texts, gold = read(data / "entities" / "worldwide-dev.jsonl.gz")
    counts = by_label(annotate(Annotator(model=model), texts), gold)
    figures = {f"mentions_f1_{label}": over(counts, [label]) for label in LABELS}
    return {"mentions_f1_six": over(counts, SIX), "mentions_f1_all": over(counts, LABELS), **figures}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=MODEL)
    arguments = parser.parse_args()
    for name, figure in measure(arguments.data, arguments.model).items():
        print(f"{name:30} {figure:.4f}")
