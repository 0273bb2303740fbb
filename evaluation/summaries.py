"""How well summaries agree with the extracts that people made of CNN articles (CNN-corpus, Lins et al., DocEng 2019).

    python -m evaluation.summaries --data ../shared/data          the figures, on the last third of the articles by date
    python -m evaluation.summaries --data ../shared/data --fit    the coefficients for gazetteer.annotate.summary

The figure is the mean over articles of the F1 between four chosen sentences and those of the extract.
"""

import argparse
import html
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.sets import rows
from gazetteer.annotate import summary

COUNT = 4
_FITTED = 2 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """An article as sentences, and the numbers of those that people chose."""

    published_at: str
    headline: str
    sentences: tuple[str, ...]
    gold: frozenset[int]


def decode(text: str) -> str:
    """The corpus's text without its character references, one of which is misspelt throughout."""
    return html.unescape(text.replace("&apost;", "'"))


def extracts(data: Path) -> list[Extract]:
    """All articles, the earliest first (those without a date before them)."""
    found = [
        Extract(
            published_at=row["published_at"],
            headline=decode(row["headline"]),
            sentences=tuple(decode(row["text"][start:end]) for start, end in row["sentences"]),
            gold=frozenset(row["gold"]),
        )
        for row in rows(data / "summary" / "cnn-corpus.jsonl.gz")
    ]
    return sorted(found, key=lambda extract: extract.published_at)


def thirds(data: Path) -> tuple[list[Extract], list[Extract]]:
    """The articles to fit on (two thirds), and those to measure on (the latest third)."""
    found = extracts(data)
    middle = round(len(found) * _FITTED)
    return found[:middle], found[middle:]


def score(articles: Iterable[Extract], choose: Callable[[Extract], Iterable[int]]) -> float:
    """Mean sentence F1 of what `choose` takes from each article."""
    scores = []
    for article in articles:
        chosen = set(choose(article))
        scores.append(2 * len(chosen & article.gold) / (len(chosen) + len(article.gold)))
    return float(np.mean(scores))


def fit(articles: Iterable[Extract], *, penalty: float = 1.0) -> dict[str, float]:
    """The coefficients of a logistic regression, by Newton's method with an L2 penalty on the standardised features."""
    tables, answers = [], []
    for article in articles:
        tables.append(summary.features(article.sentences, headline=article.headline))
        answers.append([float(number in article.gold) for number in range(len(article.sentences))])
    table, answer = np.vstack(tables), np.concatenate(answers)
    mean, deviation = table.mean(axis=0), table.std(axis=0) + 1e-9
    design = np.column_stack([(table - mean) / deviation, np.ones(len(table))])
    weights = np.zeros(design.shape[1])
    shrink = penalty * np.append(np.ones(len(mean)), 0.0)
    for _ in range(25):
        probability = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (probability - answer) + shrink * weights
        curve = (design.T * (probability * (1 - probability))) @ design + np.diag(shrink)
        weights -= np.linalg.solve(curve, slope)
    scaled = weights[:-1] / deviation
    intercept = weights[-1] - float(scaled @ mean)
    return dict(zip(summary.COEFFICIENTS, [float(intercept), *map(float, scaled)], strict=True))


def _summary(article: Extract) -> tuple[int, ...]:
    salience = summary.salience(article.sentences, headline=article.headline)
    return summary.choose(salience, article.sentences, count=COUNT)


def measure(data: Path) -> dict[str, float]:
    """Mean sentence F1 on the latest third: of four chosen, and of the first three and four."""
    _, articles = thirds(data)
    return {
        "summary_f1_at_4_cnn": score(articles, _summary),
        "summary_f1_lead_3_cnn": score(articles, lambda article: range(min(3, len(article.sentences)))),
        "summary_f1_lead_4_cnn": score(articles, lambda article: range(min(4, len(article.sentences)))),
    }


def main() -> None:
    """Print the figures as JSON, or the coefficients as Python."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if arguments.fit:
        for name, coefficient in fit(thirds(arguments.data)[0]).items():
            print(f'    "{name}": {coefficient:.3f},')
    else:
        print(json.dumps(measure(arguments.data), indent=2))


if __name__ == "__main__":
    main()
