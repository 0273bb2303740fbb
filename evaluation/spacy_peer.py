"""A peer for mentions: a spaCy CNN trained on the same articles.

`python -m evaluation.spacy_peer --data ../shared/data [--passes N]` trains spaCy's own default CNN entity recogniser
(hash embeddings and four convolutions of width 96, a transition-based parser; blank English, no vectors) on
worldwide-train and voxpopuli-train, the sets whose labels it can take (CrossNER's partial ones cannot be told to it as
ours are), keeps the pass that is best on voxpopuli-dev, and scores it on worldwide-dev as ours is. The trained pipeline
goes to `build/spacy-peer`, for the speed comparison.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.training import Example
from spacy.util import filter_spans, minibatch

from evaluation.mentions import SIX, Span, by_label, over, read
from gazetteer.types import LABELS

SETS = ("worldwide-train", "voxpopuli-train")
FIGURES = Path(__file__).with_name("spacy_peer.json")


def examples(pipeline: Any, data: Path, name: str) -> list[Example]:  # noqa: ANN401
    """The texts of a set, cut at blank lines, as spaCy's examples."""
    found = []
    for text, gold in zip(*read(data / "entities" / f"{name}.jsonl.gz"), strict=True):
        doc = pipeline.make_doc(text)
        spans = [doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in sorted(gold)]
        doc.ents = filter_spans(span for span in spans if span)
        found += [Example(pipeline.make_doc(part.text), part.as_doc()) for part in _paragraphs(doc)]
    return found


def _paragraphs(doc: Any) -> list[Any]:  # noqa: ANN401
    """The spans of `doc` between blank lines, in groups of at least fifty tokens."""
    cuts, start = [], 0
    for token in doc:
        if "\n" in token.text and token.i - start >= 50 and not token.ent_type:
            cuts.append(doc[start : token.i + 1])
            start = token.i + 1
    return [*cuts, doc[start:]] if start < len(doc) else cuts


def find(pipeline: Any, texts: Sequence[str]) -> list[set[Span]]:  # noqa: ANN401
    """The mentions that `pipeline` finds in `texts`."""
    return [{(e.start_char, e.end_char, e.label_) for e in doc.ents} for doc in pipeline.pipe(texts, batch_size=16)]


def f1_six(pipeline: Any, data: Path, name: str) -> float:  # noqa: ANN401
    """Strict micro F1 over the seed's six labels on the set `name`."""
    texts, gold = read(data / "entities" / f"{name}.jsonl.gz")
    return over(by_label(find(pipeline, texts), gold), SIX)


def train(data: Path, out: Path, *, passes: int) -> None:
    """Train, keep the best pass in `out`, and write its figures."""
    random.seed(1)
    spacy.util.fix_random_seed(1)
    pipeline = spacy.blank("en")
    recogniser: Any = pipeline.add_pipe("ner")
    for label in LABELS:
        recogniser.add_label(label)
    rows = [example for name in SETS for example in examples(pipeline, data, name)]
    optimizer = pipeline.initialize(lambda: rows[:200])
    best = 0.0
    for number in range(passes):
        random.shuffle(rows)
        losses: dict[str, float] = {}
        for batch in minibatch(rows, size=spacy.util.compounding(8, 64, 1.002)):
            pipeline.update(batch, sgd=optimizer, drop=0.1, losses=losses)
        figure = f1_six(pipeline, data, "voxpopuli-dev")
        print(f"pass {number + 1}: loss {losses['ner']:.0f}, voxpopuli-dev {figure:.4f}", flush=True)
        if figure > best:
            best = figure
            pipeline.to_disk(out)
    texts, gold = read(data / "entities" / "worldwide-dev.jsonl.gz")
    counts = by_label(find(spacy.load(out), texts), gold)
    figures = {"mentions_f1_six": over(counts, SIX), "mentions_f1_all": over(counts, LABELS)}
    figures |= {f"mentions_f1_{label}": over(counts, [label]) for label in LABELS}
    FIGURES.write_text(json.dumps({k: round(v, 4) for k, v in figures.items()}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/spacy-peer"))
    parser.add_argument("--passes", type=int, default=12)
    arguments = parser.parse_args()
    train(arguments.data, arguments.out, passes=arguments.passes)
