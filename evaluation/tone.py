"""How well sentence tone agrees with people, and how stable the tone of an article is.

    python -m evaluation.tone --data ../shared/data

Agreement: Pearson's correlation of (positive - negative) with the mean valence that 20 raters gave to snippets of
opinion pieces (Hutto and Gilbert 2014), over every fifth article, which nothing was chosen on. Stability: how far apart
the positivity of the odd and of the even sentences of a news article (CNN-corpus) is, where the whole was judged and
where not (the limits for judging were chosen on the same articles).
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from evaluation.sets import rows
from evaluation.summaries import decode
from gazetteer.annotate import tone
from gazetteer.types import Abstention, SentenceTone


def ours(texts: Sequence[str]) -> list[float]:
    """What the project reads: positive less negative."""
    return [one.positive - one.negative for one in tone.tone_of(texts)]


def vader(texts: Sequence[str]) -> list[float]:
    """What VADER reads of the texts as they are."""
    scores = map(SentimentIntensityAnalyzer().polarity_scores, texts)
    return [score["pos"] - score["neg"] for score in scores]


def agreement(data: Path, read: Callable[[Sequence[str]], list[float]], *, held_out: bool = True) -> float:
    """Pearson's r of `read` with the raters; `held_out` false: on the other articles, which constants are chosen on."""
    chosen = [
        row
        for row in rows(data / "tone" / "nyt-editorial-snippets.jsonl.gz")
        if (int(row["id"].split("_")[0]) % 5 == 0) == held_out
    ]
    return float(np.corrcoef(read([row["text"] for row in chosen]), [row["valence"] for row in chosen])[0, 1])


def _positivity(tones: list[SentenceTone], lengths: list[int]) -> float | None:
    positive = sum(one.positive * length for one, length in zip(tones, lengths, strict=True))
    negative = sum(one.negative * length for one, length in zip(tones, lengths, strict=True))
    return positive / (positive + negative) if positive + negative else None


def stability(data: Path) -> dict[str, float]:
    """The share of articles judged, and how far apart the halves' positivity is in those and in the rest."""
    halves: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for row in rows(data / "summary" / "cnn-corpus.jsonl.gz"):
        texts = [decode(row["text"][start:end]) for start, end in row["sentences"]]
        tones, lengths = list(tone.tone_of(texts)), [len(text) for text in texts]
        odd, even = _positivity(tones[1::2], lengths[1::2]), _positivity(tones[::2], lengths[::2])
        if odd is not None and even is not None:
            halves[not isinstance(tone.gather(tones, lengths), Abstention)].append((odd, even))
    figures = {"tone_judged_cnn": len(halves[True]) / sum(map(len, halves.values()))}
    for judged, name in ((True, "judged"), (False, "abstained")):
        pairs = np.array(halves[judged] or [(0.5, 0.5)] * 2)
        figures[f"tone_halves_apart_{name}_cnn"] = float(np.abs(pairs[:, 0] - pairs[:, 1]).mean())
    return figures


def measure(data: Path) -> dict[str, float]:
    """Agreement with the raters, ours and VADER's own beside it, and stability: see the module's docstring."""
    return {
        "tone_pearson_editorials": agreement(data, ours),
        "tone_pearson_editorials_vader": agreement(data, vader),
        **stability(data),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print(json.dumps(measure(parser.parse_args().data), indent=2))


if __name__ == "__main__":
    main()
