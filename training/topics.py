"""Make the table of Media Topics that ships with the model, or show what its figures are inside the tune half.

    python -m training.topics --data ../shared/data [--model DIR]

The topics are those of IPTC's `cptall-x-all.json` that are not retired (CC BY 4.0). Everything is fitted on the tune
half of the labelled Wikinews articles, the tops also on the definitions and on further articles of many countries: a
logistic regression for each, on vectors and words, whose odds are then calibrated, and the limits chosen, on what five
folds of the tune half say of articles that they were not fitted on. What definitions, further articles and words count
was chosen by the log loss of the same folds.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from evaluation.topics import is_near, score
from evaluation.wikinews import Labelled, articles, further
from gazetteer.annotate import MODEL, Annotator
from gazetteer.annotate.topics import (
    FILE,
    Seen,
    Topics,
    candidates,
    deeper_features,
    find_deeper,
    find_tops,
    odds_of,
    save,
    wording,
)
from gazetteer.annotate.vectors import Encode
from gazetteer.types import Article
from training.sealing import seal

Array = npt.NDArray[np.float64]

PENALTY = 0.05
OF_WORDS = 1.5
"""How long the row of an article's words is beside its vector."""
FEWEST_TEXTS = 3
"""Articles and definitions that a word has to stand in to be known."""
LARGEST_SHARE = 0.3
"""A word in a larger share of them tells nothing."""
OF_DEFINITIONS = 0.1
"""What a definition counts beside an article."""
OF_FURTHER = 0.3
"""What a further article counts beside one of the tune half."""
OF_POSITIVES = 3.0
"""What an example of a topic counts beside one that is none."""
LEAST_LONE = 0.3
"""The least probability at which the likeliest top is given where none reaches the limit: less would mislead."""
FOLDS, ROUNDS = 5, 2
PRECISION = 0.85
"""Of deeper topics inside the tune half, right or near: above the 0.8 that is asked, since folds are few."""
FEWEST = 20
"""Deeper topics on which a precision is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled article with its vectors, and what it counts beside others."""

    labelled: Labelled
    seen: Seen
    counts: float = 1.0


def concepts(path: Path) -> Iterator[tuple[str, str, str, str | None]]:
    """The topics that are not retired, the tops first: code, label, definition, code of the broader one."""
    found = []
    for concept in json.loads(path.read_text(encoding="utf-8"))["conceptSet"]:
        if "retired" not in concept:
            broader = concept.get("broader")
            parent = f"medtop:{broader[0].rsplit('/', 1)[1]}" if broader else None
            found.append(
                (concept["qcode"], concept["prefLabel"]["en-GB"], concept["definition"]["en-GB"].strip(), parent)
            )
    yield from sorted(found, key=lambda each: (each[3] is not None, each[0]))


def bare_table(path: Path, encode: Encode) -> Topics:
    """The topics with their vectors, and nothing fitted."""
    found = list(concepts(path))
    numbers = {code: number for number, (code, *_) in enumerate(found)}
    vectors = encode([f"{label}: {definition}" for _, label, definition, _ in found])
    tops = sum(parent is None for *_, parent in found)
    return Topics(
        codes=tuple(numbers),
        labels=tuple(label for _, label, _, _ in found),
        parents=tuple(-1 if parent is None else numbers[parent] for *_, parent in found),
        vectors=vectors,
        weights=np.zeros((tops, vectors.shape[1]), dtype=np.float32),
        biases=np.zeros(tops, dtype=np.float32),
        vocabulary=(),
        rarities=np.empty(0, dtype=np.float32),
        word_weights=np.empty((0, tops), dtype=np.float32),
        limit=0.5,
        lone_limit=0.5,
        deeper=(0.0, 0.0, 0.0, 0.0),
        deeper_limit=1.0,
    )


def definitions_of(topics: Topics, path: Path) -> list[Example]:
    """The definitions of `topics`, each as an article of its top."""
    return [
        Example(
            labelled=Labelled(
                article=Article(source=code, headline=label, text=definition),
                tops=frozenset([topics.codes[top]]),
                deeper=frozenset(),
            ),
            seen=Seen(
                headline=label,
                sentences=(definition,),
                headline_vector=np.zeros_like(vector),
                sentence_vectors=vector[None],
            ),
            counts=OF_DEFINITIONS,
        )
        for (code, label, definition, _), vector, top in zip(concepts(path), topics.vectors, topics.tops, strict=True)
    ]


def with_vocabulary(topics: Topics, texts: Sequence[Seen]) -> Topics:
    """`topics` that know the words of `texts` that are neither in too few nor in too many, and how rare they are."""
    uses = Counter(word for text in texts for word in text.title_stems | text.text_stems.keys())
    known = sorted(word for word, times in uses.items() if FEWEST_TEXTS <= times <= LARGEST_SHARE * len(texts))
    rarities = 1 + np.log((1 + len(texts)) / (1 + np.array([uses[word] for word in known])))
    return replace(
        topics,
        vocabulary=tuple(known),
        rarities=rarities.astype(np.float32),
        word_weights=np.zeros((len(known), len(topics.biases)), dtype=np.float32),
    )


def logistic(table: Array | sparse.csr_matrix, answers: Array, counts: Array, *, penalty: float) -> Array:
    """The coefficients, the intercept last and not penalised, of a logistic regression."""
    if not 0 < answers.sum() < len(answers):
        return np.append(np.zeros(table.shape[1]), np.log((answers.mean() + 1e-9) / (1 - answers.mean() + 1e-9)))
    model = LogisticRegression(C=1 / penalty, tol=1e-5, max_iter=1000).fit(table, answers, sample_weight=counts)
    return np.append(model.coef_[0], model.intercept_)


def rows_of(topics: Topics, examples: Sequence[Example]) -> sparse.csr_matrix:
    """For each of `examples` its vector and, after it, what each known word counts."""
    said = [wording(topics, each.seen) for each in examples]
    ends = np.cumsum([0, *(len(each.numbers) for each in said)])
    words = (np.concatenate([each.shares for each in said]), np.concatenate([each.numbers for each in said]), ends)
    table = sparse.csr_matrix(words, shape=(len(said), len(topics.vocabulary)))
    return sparse.hstack([np.array([each.seen.vector for each in examples]), OF_WORDS * table], format="csr")


def with_tops(topics: Topics, examples: Sequence[Example]) -> Topics:
    """`topics` with the weights of the tops, fitted on `examples`."""
    table, answers = rows_of(topics, examples).astype(np.float64), answers_of(topics, examples)
    counts = np.array([each.counts for each in examples])
    fitted = np.array(
        [logistic(table, own, counts * np.where(own, OF_POSITIVES, 1), penalty=PENALTY) for own in answers.T],
        dtype=np.float32,
    )
    width = topics.vectors.shape[1]
    return replace(
        topics, weights=fitted[:, :width], word_weights=OF_WORDS * fitted[:, width:-1].T, biases=fitted[:, -1]
    )


def folds(examples: Sequence[Example], *, seed: int) -> Iterator[tuple[list[Example], list[int]]]:
    """The examples of all folds but one, and the numbers of those in that one, for each fold."""
    fold = np.random.default_rng(seed).permutation(len(examples)) % FOLDS
    for number in range(FOLDS):
        yield (
            [each for each, of in zip(examples, fold, strict=True) if of != number],
            np.flatnonzero(fold == number).tolist(),
        )


def held_out(topics: Topics, examples: Sequence[Example], further: Sequence[Example], *, seed: int) -> Array:
    """The log-odds (examples, tops) of each example from the folds that it is not in, and the `further` examples."""
    odds = np.zeros((len(examples), len(topics.biases)))
    for others, numbers in folds(examples, seed=seed):
        fitted = with_tops(topics, [*others, *further])
        for number in numbers:
            odds[number] = odds_of(fitted, examples[number].seen)
    return odds


def calibration(odds: Sequence[Array], answers: Array) -> tuple[float, float]:
    """The slope and shift that make held-out `odds` true, by Platt's method over all tops together."""
    flat = np.concatenate([each.ravel() for each in odds])
    slope, shift = logistic(flat[:, None], np.tile(answers.ravel(), len(odds)), np.ones(len(flat)), penalty=1e-6)
    return float(slope), float(shift)


def calibrated(topics: Topics, slope: float, shift: float) -> Topics:
    """`topics` whose log-odds of tops are `slope` times what they were, and `shift`."""
    return replace(
        topics,
        weights=topics.weights * np.float32(slope),
        word_weights=topics.word_weights * np.float32(slope),
        biases=topics.biases * np.float32(slope) + np.float32(shift),
    )


def log_loss(odds: Sequence[Array], answers: Array) -> float:
    """The mean of minus the logarithm of the probability of what was answered."""
    return float(np.mean([np.logaddexp(0, np.where(answers > 0, -each, each)) for each in odds]))


def given(odds: Array, *, limit: float, lone_limit: float) -> npt.NDArray[np.bool_]:
    """Which tops `find_tops` would give (examples, tops)."""
    likely = 1 / (1 + np.exp(-odds))
    best = likely == likely.max(axis=1, keepdims=True)
    over = likely >= limit
    return np.asarray(over | (best & (likely >= lone_limit) & ~over.any(axis=1, keepdims=True)))


def limits(odds: Sequence[Array], answers: Array) -> tuple[float, float, float, float]:
    """The two limits at which macro and micro F1 of what is held out are best together, and those figures."""
    best = (0.0, 0.0, 0.0, 0.0)
    for limit in np.arange(LEAST_LONE, 0.65, 0.05):
        for lone in np.arange(LEAST_LONE, limit + 0.01, 0.05):
            scores = [score(given(each, limit=limit, lone_limit=lone), answers > 0) for each in odds]
            macro, micro = np.mean(scores, axis=0)
            if macro + micro > best[2] + best[3] + 1e-9:
                best = (float(limit), float(lone), float(macro), float(micro))
    return best


def deeper_table(topics: Topics, examples: Sequence[Example]) -> tuple[Array, Array]:
    """The features of the deeper topics below the tops that were decided on, and whether each was decided on."""
    tables, answers = [], []
    for each in examples:
        tops = find_tops(replace(topics, limit=0.0), each.seen)
        under = candidates(topics, [top for top in tops if topics.codes[top.topic] in each.labelled.tops])
        tables.append(deeper_features(topics, each.seen, under))
        answers.append([float(topics.codes[number] in each.labelled.deeper) for number in under])
    return np.vstack(tables), np.concatenate(answers)


def with_deeper(topics: Topics, examples: Sequence[Example]) -> Topics:
    """`topics` with the coefficients of the deeper ones."""
    table, answers = deeper_table(topics, examples)
    *coefficients, intercept = logistic(table, answers, np.ones(len(table)), penalty=0.01)
    return replace(topics, deeper=(float(intercept), *map(float, coefficients)), deeper_limit=0.0)


def deeper_limit(
    topics: Topics, examples: Sequence[Example], further: Sequence[Example], *, slope: float, shift: float
) -> tuple[float, float, float]:
    """The least limit from which on deeper topics are right or near often enough, that share, and the exact one."""
    rows = []
    for seed in range(ROUNDS):
        for others, numbers in folds(examples, seed=100 + seed):
            fitted = with_deeper(calibrated(with_tops(topics, [*others, *further]), slope, shift), others)
            for number in numbers:
                tops = find_tops(fitted, examples[number].seen)
                gold = examples[number].labelled.deeper
                for found in find_deeper(fitted, examples[number].seen, tops):
                    code = topics.codes[found.topic]
                    rows.append((found.probability, is_near(topics, code, gold), code in gold))
    rows.sort(reverse=True)
    near = np.cumsum([row[1] for row in rows]) / np.arange(1, len(rows) + 1)
    enough = [at for at in range(FEWEST * ROUNDS, len(rows)) if near[at] >= PRECISION]
    if not enough:
        return 1.0, 0.0, 0.0
    last = enough[-1]
    return rows[last][0], float(near[last]), float(np.mean([row[2] for row in rows[: last + 1]]))


def answers_of(topics: Topics, examples: Sequence[Example]) -> Array:
    """Which tops were decided on (examples, tops)."""
    codes = topics.codes[: len(topics.biases)]
    return np.array([[float(code in each.labelled.tops) for code in codes] for each in examples])


def examples_of(labelled: Sequence[Labelled], annotator: Annotator, *, counts: float = 1.0) -> list[Example]:
    """Read articles, for what they are to count."""
    return [Example(labelled=each, seen=annotator.seen(each.article), counts=counts) for each in labelled]


def fit(data: Path, annotator: Annotator) -> Topics:
    """The whole table; print what the folds of the tune half say of it."""
    table = data / "tags" / "cptall-x-all.json"
    bare = bare_table(table, annotator.vectors)
    examples = examples_of(articles(data, of="tune"), annotator)
    more = [*examples_of(further(data), annotator, counts=OF_FURTHER), *definitions_of(bare, table)]
    bare = with_vocabulary(bare, [each.seen for each in (*examples, *more)])
    answers = answers_of(bare, examples)
    odds = [held_out(bare, examples, more, seed=seed) for seed in range(ROUNDS)]
    slope, shift = calibration(odds, answers)
    topics = calibrated(with_tops(bare, [*examples, *more]), slope, shift)
    print(f"tops, held out in the tune half: log loss {log_loss([slope * each + shift for each in odds], answers):.4f}")
    limit, lone_limit, macro, micro = limits([slope * each + shift for each in odds], answers)
    print(
        f"tops, held out in the tune half: limits {limit:.2f} {lone_limit:.2f}, macro F1 {macro:.3f}, micro {micro:.3f}"
    )
    topics = with_deeper(replace(topics, limit=limit, lone_limit=lone_limit), examples)
    least, near, exact = deeper_limit(topics, examples, more, slope=slope, shift=shift)
    print(f"deeper, held out in the tune half: limit {least:.2f}, right or near {near:.3f}, exact {exact:.3f}")
    return replace(topics, deeper_limit=least)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL, help="the model's folder, whose table is made anew")
    arguments = parser.parse_args()
    save(fit(arguments.data, Annotator(model=arguments.model)), arguments.model / FILE)
    seal(arguments.model, FILE)


if __name__ == "__main__":
    main()
