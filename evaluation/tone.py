"""How well tone agrees with people, how often its probabilities come true, and how stable an article's is.

    python -m evaluation.tone --data ../shared/data [--diagram FILE.svg]

- Sentences: Pearson's correlation of (positive - negative) with the mean valence that 20 raters gave to snippets of
  opinion pieces (Hutto and Gilbert 2014), over every fifth article, which nothing was trained or chosen on; VADER's own
  beside it.
- Mentions: macro-F1 over negative, neutral and positive of the tone toward the targets of NewsMTSC's test part of
  sentences with several (Hamborg and Donnay, EACL 2021), which nothing was chosen on; beside it VADER, whose compound
  score of the sentence, cut at ±0.05 as its authors do, goes for every target.
- Calibration: the expected error of the probabilities, in ten bins (Naeini et al., AAAI 2015), on the same two.
- Articles: how far the positivity of each held-out opinion piece, read whole, is from what its raters make it, and how
  many were judged; then how far apart the positivity of the odd and of the even sentences of a news article
  (CNN-corpus) is, where the whole was judged and where not.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from evaluation import diagrams
from evaluation.sets import rows
from evaluation.summaries import decode
from gazetteer.annotate import MODEL, Annotator, tone
from gazetteer.types import Abstention, Annotation, Article, SentenceTone, Tone

POLARITIES = ("negative", "neutral", "positive")

Floats = npt.NDArray[np.float64]


def read(annotator: Annotator, texts: Sequence[str], targets: Sequence[Any] = ()) -> list[Annotation]:
    """The annotation of each text, and the tone toward its targets."""
    articles = [Article(source="", headline="", text=text, language="en") for text in texts]
    return annotator.annotate(articles, targets=targets)


def editorials(data: Path) -> list[dict[str, Any]]:
    """The snippets of every fifth article, which nothing was trained or chosen on."""
    found = rows(data / "tone" / "nyt-editorial-snippets.jsonl.gz")
    return [row for row in found if int(row["id"].split("_")[0]) % 5 == 0]


def whole(annotation: Annotation) -> SentenceTone:
    """The tone of a text of one or a few sentences: their mean, by length."""
    lengths = np.array([each.end - each.start for each in annotation.sentences], dtype=np.float64)
    shares = np.array([_shares(each.tone) for each in annotation.sentences])
    negative, neutral, positive = lengths @ shares / lengths.sum()
    return SentenceTone(positive=positive, negative=negative, neutral=neutral)


def _shares(told: SentenceTone | None) -> list[float]:
    if told is None:
        raise ValueError("a tone that should have been read was not")
    return [told.negative, told.neutral, told.positive]


def polarity_of(valence: float) -> int:
    """What the raters' mean calls a sentence, as a number of `POLARITIES`."""
    return 1 + int(valence >= tone.CHARGED) - int(valence <= -tone.CHARGED)


def macro_f1(found: Sequence[int], gold: Sequence[int]) -> float:
    """The mean of the F1 of each of `POLARITIES`."""
    pairs = np.array([found, gold])
    scores = []
    for n in range(len(POLARITIES)):
        right = ((pairs[0] == n) & (pairs[1] == n)).sum()
        scores.append(2 * right / max((pairs == n).sum(), 1))
    return float(np.mean(scores))


def calibration(shares: Floats, gold: Sequence[int], bins: int = 10) -> list[tuple[float, float, int]]:
    """For each bin of probability: the mean said, the share that came true, and of how many; over all classes.

    `shares` is (n, 3) by `POLARITIES`.
    """
    true = np.eye(len(POLARITIES))[list(gold)].ravel()
    said = shares.ravel()
    place = np.minimum((said * bins).astype(int), bins - 1)
    return [
        (float(said[place == n].mean()), float(true[place == n].mean()), int((place == n).sum()))
        for n in range(bins)
        if (place == n).any()
    ]


def expected_error(table: Sequence[tuple[float, float, int]]) -> float:
    """The mean distance between what was said and what came true, by how many."""
    total = sum(count for _, _, count in table)
    return sum(abs(said - true) * count for said, true, count in table) / total


def sentences(annotator: Annotator, data: Path) -> tuple[Floats, Floats, Floats]:
    """Of the held-out snippets: our shares (n, 3), the raters' valence, and VADER's positive - negative."""
    found = editorials(data)
    shares = np.array([_shares(whole(each)) for each in read(annotator, [row["text"] for row in found])])
    vader = map(SentimentIntensityAnalyzer().polarity_scores, [row["text"] for row in found])
    return shares, np.array([row["valence"] for row in found]), np.array([s["pos"] - s["neg"] for s in vader])


def mentions(annotator: Annotator, data: Path) -> tuple[Floats, list[int], list[int]]:
    """Of the targets of NewsMTSC's test part: our shares (n, 3), the gold, and what VADER says of the sentence."""
    found = list(rows(data / "tone" / "newsmtsc-mt.jsonl.gz"))
    spans = [tuple((target["start"], target["end"]) for target in row["targets"]) for row in found]
    annotations = read(annotator, [row["text"] for row in found], spans)
    shares = np.array([_shares(told) for each in annotations for told in each.targets])
    gold = [POLARITIES.index(polarity) for row in found for polarity in row["polarity"]]
    analyzer = SentimentIntensityAnalyzer()
    compound = [analyzer.polarity_scores(row["text"])["compound"] for row in found for _ in row["polarity"]]
    return shares, gold, [1 + int(score >= 0.05) - int(score <= -0.05) for score in compound]


def pieces(annotator: Annotator, data: Path) -> dict[str, float]:
    """The share of the held-out opinion pieces that is judged, and the mean error of their positivity."""
    by_article: dict[str, list[dict[str, Any]]] = {}
    for row in editorials(data):
        by_article.setdefault(row["id"].split("_")[0], []).append(row)
    errors = []
    found = list(by_article.values())
    for own, annotation in zip(
        found, read(annotator, ["\n".join(r["text"] for r in own) for own in found]), strict=True
    ):
        called = [(polarity_of(row["valence"]), len(row["text"])) for row in own]
        charged = sum(length for polarity, length in called if polarity != 1)
        if charged and isinstance(annotation.tone, Tone):
            positive = sum(length for polarity, length in called if polarity == 2)
            errors.append(abs(annotation.tone.positivity - positive / charged))
    return {"tone_judged_editorials": len(errors) / len(found), "tone_article_error_editorials": float(np.mean(errors))}


def _positivity(tones: list[SentenceTone], lengths: list[int]) -> float | None:
    positive = sum(one.positive * length for one, length in zip(tones, lengths, strict=True))
    negative = sum(one.negative * length for one, length in zip(tones, lengths, strict=True))
    return positive / (positive + negative) if positive + negative else None


def stability(annotator: Annotator, data: Path, *, every: int = 5) -> dict[str, float]:
    """The share of (every fifth of) the articles that is judged, and how far apart the halves' positivity is."""
    halves: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    chosen = list(rows(data / "summary" / "cnn-corpus.jsonl.gz"))[::every]
    texts = ["\n".join(decode(row["text"][start:end]) for start, end in row["sentences"]) for row in chosen]
    for annotation in read(annotator, texts):
        tones = [each.tone for each in annotation.sentences if each.tone]
        lengths = [each.end - each.start for each in annotation.sentences]
        odd, even = _positivity(tones[1::2], lengths[1::2]), _positivity(tones[::2], lengths[::2])
        if odd is not None and even is not None:
            halves[not isinstance(annotation.tone, Abstention)].append((odd, even))
    figures = {"tone_judged_cnn": len(halves[True]) / sum(map(len, halves.values()))}
    for judged, name in ((True, "judged"), (False, "abstained")):
        pairs = np.array(halves[judged] or [(0.5, 0.5)] * 2)
        figures[f"tone_halves_apart_{name}_cnn"] = float(np.abs(pairs[:, 0] - pairs[:, 1]).mean())
    return figures


def measure(data: Path, model: Path = MODEL, diagram: Path | None = None) -> dict[str, float]:
    """All figures by name: see the module's docstring. Where `diagram` is a path, the reliability is drawn there."""
    annotator = Annotator(model=model)
    shares, valence, vader = sentences(annotator, data)
    toward, gold, compound = mentions(annotator, data)
    tables = {
        "sentences, held-out editorials": calibration(shares, [polarity_of(each) for each in valence]),
        "toward a name, NewsMTSC mt": calibration(toward, gold),
    }
    if diagram:
        diagram.write_text(diagrams.reliability(tables), encoding="utf-8")
    return {
        "tone_pearson_editorials": float(np.corrcoef(shares[:, 2] - shares[:, 0], valence)[0, 1]),
        "tone_pearson_editorials_vader": float(np.corrcoef(vader, valence)[0, 1]),
        "tone_error_editorials": expected_error(tables["sentences, held-out editorials"]),
        "toward_macro_f1_mt": macro_f1(toward.argmax(axis=1).tolist(), gold),
        "toward_macro_f1_mt_vader": macro_f1(compound, gold),
        "toward_error_mt": expected_error(tables["toward a name, NewsMTSC mt"]),
        **pieces(annotator, data),
        **stability(annotator, data),
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--diagram", type=Path, help="draw the reliability there, as SVG")
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.data, arguments.model, arguments.diagram), indent=2))


if __name__ == "__main__":
    main()
