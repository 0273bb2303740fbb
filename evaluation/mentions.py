"""Mentions, measured: `python -m evaluation.mentions --data ../shared/data`.

Strict: a mention counts where its span and its label are both right. Micro-averaged over the articles of
`entities/worldwide-dev`, for each label, for the six labels of the seed's page, for all eleven, and for the six in each
region of the world that the articles come from.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evaluation.sets import rows
from gazetteer.annotate import MODEL, Annotator
from gazetteer.types import LABELS, Article

SIX = ("PERSON", "ORG", "NORP", "GPE", "LOC", "FAC")

REGIONS = {
    "africa": "af eg et ghana mauritius nm panaf sa",
    "middle_east": "israel jr kw qt saud uae",
    "asia": "asia bangladesh cn in jp kr my th tw",
    "oceania": "aus nz",
    "latin_america": "arg bol chile cosric cuba elsalv hond mex nic pan peru uruguay",
    "north_america": "canada",
}
"""The regions, by what the set's ids begin with."""

Span = tuple[int, int, str]


_REGION_OF = {prefix: region for region, prefixes in REGIONS.items() for prefix in prefixes.split()}


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
    path = data / "entities" / "worldwide-dev.jsonl.gz"
    texts, gold = read(path)
    found = annotate(Annotator(model=model), texts)
    counts = by_label(found, gold)
    figures = {f"mentions_f1_{label}": over(counts, [label]) for label in LABELS}
    regions = [region_of(row["id"]) for row in rows(path)]
    for region in REGIONS:
        own = [n for n, its in enumerate(regions) if its == region]
        figures[f"mentions_f1_six_{region}"] = over(by_label([found[n] for n in own], [gold[n] for n in own]), SIX)
    return {"mentions_f1_six": over(counts, SIX), "mentions_f1_all": over(counts, LABELS), **figures}


def region_of(name: str) -> str:
    """The region of the article that `name` names. Raise KeyError where none is known."""
    return _REGION_OF[name.split("_", maxsplit=1)[0]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=MODEL)
    arguments = parser.parse_args()
    for name, figure in measure(arguments.data, arguments.model).items():
        print(f"{name:30} {figure:.4f}")
