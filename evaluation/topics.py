"""How well Media Topics are given, on the half of the labelled Wikinews articles that nothing was chosen on.

    python -m evaluation.topics --data ../shared/data [--agreement]

Macro F1 is the mean over the tops that the half has at least one article of; a top that it has none of is left out
there, but what is given of it falsely counts in micro F1. A deeper topic is *near* where it is one that was decided on,
or stands above, below or beside one (under the same broader topic). Peers: the label's words in headline and text, and
a linear support-vector machine on TF-IDF, trained on the other half.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evaluation.wikinews import Labelled, articles, labels
from gazetteer.annotate import MODEL, Annotator, topics
from gazetteer.annotate.topics import Topics

Given = npt.NDArray[np.bool_]
"""Which tops each article has (articles, tops)."""


def score(given: Given, gold: Given) -> tuple[float, float]:
    """Macro and micro F1."""
    right, both = (given & gold).sum(axis=0), given.sum(axis=0) + gold.sum(axis=0)
    held = gold.any(axis=0)
    macro = np.mean(2 * right[held] / both[held]) if held.any() else 0.0
    return float(macro), float(2 * right.sum() / max(both.sum(), 1))


def kappa(one: Given, other: Given) -> float:
    """Cohen's kappa between two columns of answers; 1 where neither ever says yes."""
    agreed, chance = (one == other).mean(), one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return float((agreed - chance) / (1 - chance)) if chance < 1 else 1.0


def is_near(table: Topics, code: str, gold: frozenset[str]) -> bool:
    """Whether the topic `code` is one of `gold`, or stands above, below or beside one."""
    number = table.codes.index(code)
    others = [table.codes.index(each) for each in gold if each in table.codes]
    return any(
        number == other
        or table.parents[number] == table.parents[other]
        or topics.is_above(table, number, other)
        or topics.is_above(table, other, number)
        for other in others
    )


def agreement(table: Topics) -> dict[str, float]:
    """How far the two passes agree, over all articles that are news."""
    rows = [row for row in labels() if "discard" not in row]
    figures = {}
    for level, codes in (("tops", table.codes[: len(table.biases)]), ("deeper", table.codes)):
        one, other = (
            np.array([[code in row[name][level] for code in codes] for row in rows]) for name in ("pass_a", "pass_b")
        )
        used = [n for n in range(len(codes)) if one[:, n].any() or other[:, n].any()]
        figures[f"topics_agreement_kappa_{level}"] = float(np.mean([kappa(one[:, n], other[:, n]) for n in used]))
        figures[f"topics_agreement_f1_{level}"] = score(one, other)[1]
    return figures


def per_top(table: Topics) -> dict[str, tuple[float, int, int]]:
    """For each top: the passes' kappa, and how many articles each gave it to."""
    rows = [row for row in labels() if "discard" not in row]
    found = {}
    for code, label in zip(table.codes[: len(table.biases)], table.labels, strict=False):
        one, other = (np.array([code in row[name]["tops"] for row in rows]) for name in ("pass_a", "pass_b"))
        found[label] = (kappa(one, other), int(one.sum()), int(other.sum()))
    return found


def gold_of(table: Topics, read: Sequence[Labelled]) -> Given:
    """The tops that were decided on."""
    codes = table.codes[: len(table.biases)]
    return np.array([[code in article.tops for code in codes] for article in read])


def by_keywords(table: Topics, read: Sequence[Labelled]) -> Given:
    """The tops one of whose topics has all the words of its label in the headline, or the most such in the text."""
    given = np.zeros((len(read), len(table.biases)), dtype=bool)
    for row, labelled in zip(given, read, strict=True):
        title, text = map(topics.stems, (labelled.article.headline, labelled.article.text))
        counts = np.zeros(len(row))
        for top, words in zip(table.tops, table.words, strict=True):
            if words:
                row[top] |= words <= set(title)
                counts[top] += min(text.count(word) for word in words)
        row[counts.argmax()] |= counts.any()
    return given


def by_tfidf(table: Topics, train: Sequence[Labelled], read: Sequence[Labelled]) -> Given:
    """The tops by a linear support-vector machine for each, or the one with the best margin where none says yes."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    texts = [[f"{each.article.headline} {each.article.text}" for each in part] for part in (train, read)]
    words = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2)
    gold = gold_of(table, train)
    known = np.flatnonzero(gold.any(axis=0))
    machine = OneVsRestClassifier(LinearSVC(class_weight="balanced"))
    machine.fit(words.fit_transform(texts[0]), gold[:, known].astype(int))
    margins = machine.decision_function(words.transform(texts[1]))
    given = np.zeros((len(read), len(table.biases)), dtype=bool)
    given[:, known] = (margins > 0) | (margins == margins.max(axis=1, keepdims=True))
    return given


def ours(table: Topics, read: Sequence[Labelled], annotator: Annotator) -> dict[str, float]:
    """The figures of what the whole annotator gives."""
    codes = table.codes[: len(table.biases)]
    given = np.zeros((len(read), len(table.biases)), dtype=bool)
    deeper, near, exact, gold, tagged = 0, 0, 0, 0, 0
    annotations = annotator.annotate([labelled.article for labelled in read])
    for row, article, annotation in zip(given, read, annotations, strict=True):
        tagged_with = [tag.code for tag in annotation.tags if tag.code]
        row[[codes.index(code) for code in tagged_with if code in codes]] = True
        found = [code for code in tagged_with if code not in codes]
        deeper += len(found)
        tagged += bool(found)
        gold += len(article.deeper)
        exact += sum(code in article.deeper for code in found)
        near += sum(is_near(table, code, article.deeper) for code in found)
    macro, micro = score(given, gold_of(table, read))
    return {
        "topics_macro_f1_wikinews": macro,
        "topics_micro_f1_wikinews": micro,
        "topics_untagged_wikinews": float((~given.any(axis=1)).mean()),
        "topics_deeper_near_wikinews": near / max(deeper, 1),
        "topics_deeper_exact_wikinews": exact / max(deeper, 1),
        "topics_deeper_recall_wikinews": exact / max(gold, 1),
        "topics_deeper_articles_wikinews": tagged / len(read),
    }


def peers(table: Topics, train: Sequence[Labelled], read: Sequence[Labelled]) -> dict[str, float]:
    """The figures of keywords and of TF-IDF with a support-vector machine."""
    gold = gold_of(table, read)
    figures: dict[str, float] = {}
    for name, given in (("keywords", by_keywords(table, read)), ("tfidf_svm", by_tfidf(table, train, read))):
        macro, micro = score(given, gold)
        figures |= {f"topics_macro_f1_wikinews_{name}": macro, f"topics_micro_f1_wikinews_{name}": micro}
    return figures


def measure(data: Path, *, model: Path = MODEL, of: str = "report") -> dict[str, float]:
    """Agreement, the peers and ours, on the half `of`."""
    table = topics.load(model / topics.FILE)
    read = articles(data, of=of)
    figures = agreement(table) | peers(table, articles(data, of="tune"), read)
    return figures | ours(table, read, Annotator(model=model))


def main() -> None:
    """Print the figures as JSON, or how far the passes agree on each top."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--agreement", action="store_true")
    arguments = parser.parse_args()
    if arguments.agreement:
        for label, (value, one, other) in per_top(topics.load(arguments.model / topics.FILE)).items():
            print(f"{label:45} kappa {value:.3f}  pass A {one}, pass B {other}")
    else:
        print(json.dumps(measure(arguments.data, model=arguments.model), indent=2))


if __name__ == "__main__":
    main()
