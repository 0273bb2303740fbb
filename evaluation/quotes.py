"""Quotations with their speakers, measured: `python -m evaluation.quotes --data ../shared/data [--labels FILE]`.

The labels are by hand, on whole articles of which at most the first eight quotations are labelled: `quotes/test.jsonl`,
on Wikinews, is what is reported; `quotes/dev.jsonl`, on other articles of Wikinews and on those of `entities/worldwide`
that the encoder was trained on, is what the rules were written by, and so is `quotes/corrected.jsonl`, on yet other
articles of Wikinews: its labels are what the rules found, corrected by hand, which flatters them. The articles of
`quotes/fresh.jsonl` were labelled a batch at a time, before the rules had seen them, and then mended the rules. Labels
hold places in the texts, and no text; an article without quotations has one label of no kind.

A quotation that was labelled is right where one that was found covers it (at least 0.8 of one in marks, else their
intersection is at least 0.6 of their union, in characters) and has its speaker: an entity whose name is, or stands for,
the name that was labelled; where that is nobody named, words that overlap those that were labelled. One that was found
is right where it is so for a label. Beside it, the baseline: what stands between double marks, and the nearest person
or organisation.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.sets import rows
from gazetteer.annotate import Annotator
from gazetteer.annotate.names import gather
from gazetteer.types import Annotation, Article, Entity, Quote, QuoteKind

LABELS = Path(__file__).parent / "quotes"
MOST_LABELLED = 8
_LEAST_COVERED = 0.8
_LEAST_IOU = 0.6
_MARKED = re.compile(r"[\"“][^\"“”\n]*[\"”]")

Gold = Mapping[str, Any]
"""A label: `start`, `end`, `kind`, `cue`, `speaker` (spans or null) and `speaker_name` (or null)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article with its labels, as it was annotated."""

    text: str
    annotation: Annotation
    gold: Sequence[Gold]

    @property
    def read_to(self) -> int:
        """Where in the text the labels end."""
        return len(self.text) if len(self.gold) < MOST_LABELLED else max(each["end"] for each in self.gold)


def covers(quote: Quote, gold: Gold) -> bool:
    """Whether `quote` is what was labelled, whoever says it."""
    start, end = int(gold["start"]), int(gold["end"])
    common = max(0, min(quote.end, end) - max(quote.start, start))
    length = end - start
    if gold["kind"] == QuoteKind.DIRECT:
        return common >= _LEAST_COVERED * length
    return common >= _LEAST_IOU * (length + quote.end - quote.start - common)


def has_speaker(quote: Quote, gold: Gold, entities: Sequence[Entity]) -> bool:
    """Whether `quote` is given to whom the label names."""
    name = gold["speaker_name"]
    if name is None:
        ours, theirs = quote.speaker, gold["speaker"]
        return ours is not None and theirs is not None and ours[0] < theirs[1] and theirs[0] < ours[1]
    if quote.entity is None:
        return False
    entity = entities[quote.entity]
    return entity.name == name or len(gather([(entity.name, entity.label), (name, entity.label)])) == 1


def is_right(gold: Gold, quotes: Iterable[Quote], entities: Sequence[Entity]) -> bool:
    """Whether one of `quotes` is the labelled one, with its speaker."""
    return any(covers(quote, gold) and has_speaker(quote, gold, entities) for quote in quotes)


def nearest(text: str, annotation: Annotation) -> tuple[Quote, ...]:
    """The baseline: all that stands between double marks, each given to the nearest person or organisation."""
    mentions = [
        (mention.start, mention.end, number)
        for number, entity in enumerate(annotation.entities)
        if entity.label in ("PERSON", "ORG")
        for mention in entity.mentions
    ]
    found = []
    for marked in _MARKED.finditer(text):
        outside = [m for m in mentions if m[1] <= marked.start() or m[0] >= marked.end()]
        near = min(outside, key=lambda m: max(marked.start() - m[1], m[0] - marked.end()), default=None)
        speaker, entity = (near[:2], near[2]) if near else (None, None)
        found.append(
            Quote(start=marked.start(), end=marked.end(), kind=QuoteKind.DIRECT, speaker=speaker, entity=entity)
        )
    return tuple(found)


def read(data: Path, labels: Path) -> list[Labelled]:
    """The labelled articles, annotated."""
    gold: dict[str, list[Gold]] = defaultdict(list)
    for line in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        gold[label["article"]] += [label] if label["kind"] else []
    found = [(name, article) for name, article in _articles(data) if name in gold]
    annotations = Annotator().annotate([article for _, article in found])
    return [
        Labelled(text=article.text, annotation=annotation, gold=gold[name])
        for (name, article), annotation in zip(found, annotations, strict=True)
    ]


def _articles(data: Path) -> Iterator[tuple[str, Article]]:
    """All articles of the sets, with what the labels call them."""
    for row in rows(data / "wikinews" / "wikinews.jsonl.gz"):
        yield row["url"], Article(source="", headline=row["headline"], text=row["text"], language="en")
    for row in rows(data / "entities" / "worldwide-train.jsonl.gz"):
        yield row["id"], Article(source="", headline="", text=row["text"], language="en")


def score(articles: Sequence[Labelled], quotes_of: Callable[[Labelled], Sequence[Quote]]) -> dict[str, float]:
    """The share of labelled quotations that are right, of all, of each kind, and of named speakers; and precision.

    Precision is the share of those found, as far as the articles are labelled, that overlap a labelled one; "f1" counts
    only those that are right.
    """
    right, labelled = Counter[str](), Counter[str]()
    hits = found = right_found = 0
    for article in articles:
        quotes = quotes_of(article)
        for gold in article.gold:
            keys = ["all", gold["kind"]] + ["named"] * (gold["speaker_name"] is not None)
            labelled.update(keys)
            right.update(keys if is_right(gold, quotes, article.annotation.entities) else ())
            labelled["found"] += 1
            right["found"] += any(covers(quote, gold) for quote in quotes)
        within = [quote for quote in quotes if quote.start < article.read_to]
        found += len(within)
        entities = article.annotation.entities
        right_found += sum(any(is_right(gold, [quote], entities) for gold in article.gold) for quote in within)
        hits += sum(any(q.start < g["end"] and g["start"] < q.end for g in article.gold) for q in within)
    figures = {key: right[key] / labelled[key] for key in ("all", *QuoteKind, "named", "found") if labelled[key]}
    f1 = _f1(right["all"] / labelled["all"], right_found / found) if labelled["all"] and found else 0.0
    return figures | {"precision": hits / found if found else 0.0, "f1": f1}


def _f1(recall: float, precision: float) -> float:
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def measure(data: Path, labels: Path = LABELS / "test.jsonl") -> dict[str, float]:
    """The figures by name."""
    articles = read(data, labels)
    ours = score(articles, lambda article: article.annotation.quotes)
    base = score(articles, lambda article: nearest(article.text, article.annotation))
    names = {
        "all": "quotes_with_speaker",
        "precision": "quotes_precision",
        "found": "quotes_found",
        "f1": "quotes_with_speaker_f1",
    }
    return {
        **{names.get(key, f"quotes_with_speaker_{key}"): figure for key, figure in ours.items()},
        "quotes_with_speaker_nearest_name": base["all"],
        "quotes_precision_nearest_name": base["precision"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--labels", type=Path, default=LABELS / "test.jsonl")
    arguments = parser.parse_args()
    for name, figure in measure(arguments.data, arguments.labels).items():
        print(f"{name:40} {figure:.4f}")
