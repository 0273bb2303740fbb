"""Make the table of rated words that ships with the model, and fit what they count beside the encoder's reading.

    python -m training.words --data ../shared/data [--model DIR]

The ratings are those of the plain words of VADER's lexicon, as the package vaderSentiment has it (MIT). Four numbers
are fitted on the snippets of opinion pieces that `training.corpora` holds out, of which the heads have learned nothing.
"""

import argparse
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gazetteer.annotate import MODEL
from gazetteer.annotate.charge import FILE, Words, charge, save
from gazetteer.annotate.encoder import Encoder
from gazetteer.annotate.subwords import load_tokenizer
from training.corpora import read_editorials
from training.sealing import seal

Array = npt.NDArray[np.float64]

FOLDS, ROUNDS = 10, 10
_PLAIN = re.compile(r"[a-z][a-z'-]*")


def ratings() -> dict[str, float]:
    """The plain words of the lexicon, in its order, each with the mean of ten people's ratings."""
    lines = (files("vaderSentiment") / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines()
    found = (line.split("\t")[:2] for line in lines)
    return {word: float(rating) for word, rating in found if _PLAIN.fullmatch(word)}


def fit(readings: Array, charges: Array, rated: Array) -> tuple[Array, float]:
    """What readings, charges and 1 count in `rated` (least squares), and the spread about that."""
    design = np.column_stack([readings, charges, np.ones(len(rated))])
    found = np.linalg.lstsq(design, rated, rcond=None)[0].astype(np.float64)
    return found, float(np.std(rated - design @ found))


def held_out(readings: Array, charges: Array, rated: Array) -> float:
    """The mean correlation of `rated` with what is fitted without each tenth, over several ways to part them."""
    design = np.column_stack([readings, charges, np.ones(len(rated))])
    found = []
    for seed in range(ROUNDS):
        fold = np.random.default_rng(seed).permutation(len(rated)) % FOLDS
        said = np.zeros(len(rated))
        for number in range(FOLDS):
            own = fold == number
            said[own] = design[own] @ fit(readings[~own], charges[~own], rated[~own])[0]
        found.append(np.corrcoef(said, rated)[0, 1])
    return float(np.mean(found))


def make(data: Path, model: Path) -> Words:
    """The table for the encoder in the folder `model`; print how well it agrees with what was held out."""
    encoder, known = Encoder(model), ratings()
    path = data / "tone" / "nyt-editorial-snippets.jsonl.gz"
    tokenizer = load_tokenizer(model / "tokenizer.json")
    snippets = [one for is_held_out, one in read_editorials(path, tokenizer) if is_held_out]
    read = [encoder.heads.sentences(encoder.read(one.text).hidden, one.sentences).valence[0] for one in snippets]
    readings, rated = np.array(read, dtype=np.float64), np.array([float(one.valence[0, 0]) for one in snippets])
    charges = np.array([charge(known, one.text) for one in snippets])
    for name, used in (("without words", 0 * charges), ("with words", charges)):
        print(f"{name}: r {held_out(readings, used, rated):.3f}, spread {fit(readings, used, rated)[1]:.3f}")
    (of_reading, of_words, offset), doubt = fit(readings, charges, rated)
    return Words(
        ratings=known, of_reading=float(of_reading), of_words=float(of_words), offset=float(offset), doubt=doubt
    )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL, help="the model's folder, whose table is made anew")
    arguments = parser.parse_args()
    save(make(arguments.data, arguments.model), arguments.model / FILE)
    seal(arguments.model, FILE)


if __name__ == "__main__":
    main()
