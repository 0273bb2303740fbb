"""How well sentences are found: boundaries inside paragraphs against those of the CNN-corpus.

    python -m evaluation.sentences --data ../shared/data

The corpus was split by its makers' own tool (Lins et al., DocEng 2019), not by hand, so the figure says how far the two
agree; `--show N` prints boundaries on which they don't.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from evaluation.sets import rows
from evaluation.summaries import decode
from gazetteer.annotate import sentences


def articles(data: Path) -> Iterator[tuple[str, set[int]]]:
    """The text of each article, and where the corpus ends its sentences (in characters)."""
    for article in rows(data / "summary" / "cnn-corpus.jsonl.gz"):
        text, ends, done = "", set(), 0
        for start, end in article["sentences"]:
            text += decode(article["text"][done:start]) + decode(article["text"][start:end])
            ends.add(len(text))
            done = end
        yield text, ends


def inner(text: str, ends: set[int]) -> set[int]:
    """The boundaries that no line break gives away."""
    return {end for end in ends if text[end:].lstrip(" ")[:1] not in ("", "\n")}


def measure(data: Path, *, show: int = 0) -> dict[str, float]:
    """Precision, recall and F1 of boundaries inside paragraphs, over all articles together."""
    hits = found = wanted = 0
    for text, gold in articles(data):
        want = inner(text, gold)
        got = inner(text, {span.end for span in sentences.split(text)})
        hits, found, wanted = hits + len(want & got), found + len(got), wanted + len(want)
        for end in sorted(want ^ got)[:show]:
            print(
                "missed" if end in want else "extra ", repr(text[max(0, end - 60) : end] + " | " + text[end : end + 40])
            )
            show -= 1
    precision, recall = hits / found, hits / wanted
    return {
        "sentence_precision_cnn": precision,
        "sentence_recall_cnn": recall,
        "sentence_f1_cnn": 2 * precision * recall / (precision + recall),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.data, show=arguments.show), indent=2))


if __name__ == "__main__":
    main()
