"""How well summaries agree with the extracts that people made of CNN articles (CNN-corpus, Lins et al., DocEng 2019).

    python -m evaluation.summaries --data ../shared/data          the figures, on the last third of the articles by date
    python -m evaluation.summaries --data ../shared/data --fit    the coefficients for gazetteer.annotate.summary

The figure is the mean over articles of the F1 between four chosen sentences and those of the extract. What the model
reads in the articles, which takes minutes, is kept in the file that `--cache` names, and read again with other weights.
"""

import argparse
import hashlib
import html
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.sets import rows
from gazetteer.annotate import summary
from gazetteer.annotate.annotator import MODEL
from gazetteer.annotate.encoder import Encoder
from gazetteer.annotate.entities import entities_of, out_of_credits
from gazetteer.annotate.mentions import find
from gazetteer.annotate.sentences import Span, own
from gazetteer.annotate.summary import Material
from gazetteer.types import Entity, Mention

COUNT = 4
_FITTED = 2 / 3

Choice = Callable[[Material], Iterable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """An article as sentences, and the numbers of those that people chose."""

    material: Material
    gold: frozenset[int]


def decode(text: str) -> str:
    """The corpus's text without its character references, one of which is misspelt throughout."""
    return html.unescape(text.replace("&apost;", "'"))


def extracts(data: Path) -> list[Extract]:
    """All articles, the earliest first (those without a date before them), as yet without what the model reads."""
    found = sorted(rows(data / "summary" / "cnn-corpus.jsonl.gz"), key=lambda row: str(row["published_at"]))
    return [Extract(material=_decoded(row), gold=frozenset(row["gold"])) for row in found]


def _decoded(row: Mapping[str, Any]) -> Material:
    """An article of the corpus, its sentences where they are once its text is decoded."""
    text, spans, end = "", [], 0
    for start, stop in row["sentences"]:
        text += decode(row["text"][end:start])
        sentence = decode(row["text"][start:stop])
        spans.append(Span(len(text), len(text) + len(sentence)))
        text, end = text + sentence, stop
    text += decode(row["text"][end:])
    return Material(text=text, headline=decode(row["headline"]), spans=spans, own=own(text, spans))


def thirds(found: Sequence[Extract]) -> tuple[Sequence[Extract], Sequence[Extract]]:
    """The articles to fit on (two thirds), and those to measure on (the latest third)."""
    middle = round(len(found) * _FITTED)
    return found[:middle], found[middle:]


def read(articles: Sequence[Extract], *, model: Path, cache: Path | None = None) -> list[Extract]:
    """The articles with what the model in the folder `model` reads in them; from `cache` where it has that."""
    mark = hashlib.sha256((model / "model.json").read_bytes()).hexdigest()
    kept = _kept(cache, mark, len(articles)) if cache else None
    if kept is None:
        encoder = Encoder(model, threads=1)
        kept = [_read(encoder, article.material) for article in articles]
        if cache:
            _keep(cache, mark, kept)
    return [
        replace(article, material=replace(article.material, vectors=vectors, entities=entities))
        for article, (vectors, entities) in zip(articles, kept, strict=True)
    ]


_Read = tuple[npt.NDArray[np.float32], tuple[Entity, ...]]


def _read(encoder: Encoder, material: Material) -> _Read:
    """The vectors of an article's sentences and headline, and its entities."""
    reading, headline = encoder.read(material.text), encoder.read(material.headline)
    mentions = out_of_credits(material.text, find(material.text, reading), material.spans, material.own)
    vectors = [
        encoder.heads.sentences(reading.hidden, reading.words.of(material.spans)).vectors,
        encoder.heads.sentences(headline.hidden, np.array([[0, len(headline.words.ids)]])).vectors,
    ]
    return np.concatenate(vectors), entities_of(material.text, mentions, headline=material.headline)


def _keep(cache: Path, mark: str, kept: Sequence[_Read]) -> None:
    names = [[[e.name, e.label, [[m.start, m.end] for m in e.mentions]] for e in entities] for _, entities in kept]
    vectors = np.concatenate([vectors for vectors, _ in kept]).astype(np.float16)
    sizes = np.array([len(vectors) for vectors, _ in kept])
    with cache.open("wb") as file:
        np.savez(file, mark=np.array(mark), names=np.array(json.dumps(names)), vectors=vectors, sizes=sizes)


def _kept(cache: Path, mark: str, articles: int) -> list[_Read] | None:
    """What `cache` keeps of so many articles; None where there is nothing, or what another model read."""
    if not cache.is_file():
        return None
    with np.load(cache, allow_pickle=False) as stored:
        if str(stored["mark"]) != mark or len(stored["sizes"]) != articles:
            return None
        parts = np.split(stored["vectors"].astype(np.float32), np.cumsum(stored["sizes"])[:-1])
        return list(zip(parts, _entities(json.loads(str(stored["names"]))), strict=True))


def _entities(names: Iterable[Any]) -> Iterator[tuple[Entity, ...]]:
    for article in names:
        yield tuple(
            Entity(name=name, label=label, mentions=tuple(Mention(start=s, end=e, score=1.0) for s, e in spans))
            for name, label, spans in article
        )


def score(articles: Iterable[Extract], choose: Choice) -> float:
    """Mean sentence F1 of what `choose` takes from each article."""
    scores = []
    for article in articles:
        chosen = set(choose(article.material))
        scores.append(2 * len(chosen & article.gold) / (len(chosen) + len(article.gold)))
    return float(np.mean(scores))


def fit(articles: Iterable[Extract], names: Iterable[str], *, penalty: float = 20.0) -> dict[str, float]:
    """The coefficients of a logistic regression on the features `names`, by Newton's method with an L2 penalty on the
    standardised features.
    """
    names = [name for name in names if name != "intercept"]
    tables, answers = [], []
    for article in articles:
        found = summary.features(article.material)
        tables.append(np.stack([found[name] for name in names], axis=1))
        answers.append([float(number in article.gold) for number in range(len(article.material.spans))])
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
    return {"intercept": float(weights[-1] - scaled @ mean)} | dict(zip(names, map(float, scaled), strict=True))


def _four(material: Material) -> Iterable[int]:
    return summary.summarise(material, length=summary.Length(sentences=COUNT)).chosen


def _four_leaning(material: Material) -> Iterable[int]:
    salience = np.array(summary.summarise(material).salience)
    return summary.choose(material, salience, count=COUNT, is_standing=False)


def measure(data: Path, model: Path = MODEL, cache: Path | None = None) -> dict[str, float]:
    """Mean sentence F1 on the latest third: of four chosen, also with sentences that cannot stand alone, and as where
    the language is not read; of the first three and four.
    """
    plain = extracts(data)
    articles = thirds(read(plain, model=model, cache=cache))[1] if cache else read(thirds(plain)[1], model=model)
    return {
        "summary_f1_at_4_cnn": score(articles, _four),
        "summary_f1_at_4_leaning_cnn": score(articles, _four_leaning),
        "summary_f1_at_4_unread_cnn": score(thirds(plain)[1], _four),
        "summary_f1_lead_3_cnn": score(articles, lambda material: range(min(3, len(material.spans)))),
        "summary_f1_lead_4_cnn": score(articles, lambda material: range(min(4, len(material.spans)))),
    }


def main() -> None:
    """Print the figures as JSON, or the coefficients as Python."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--cache", type=Path, metavar="FILE")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if not arguments.fit:
        print(json.dumps(measure(arguments.data, arguments.model, arguments.cache), indent=2))
        return
    found = read(extracts(arguments.data), model=arguments.model, cache=arguments.cache)
    for name, weights in (("READ", summary.READ), ("UNREAD", summary.UNREAD)):
        print(f"{name} = {{")
        for feature, coefficient in fit(thirds(found)[0], weights).items():
            print(f'    "{feature}": {coefficient:.3f},')
        print("}")


if __name__ == "__main__":
    main()
