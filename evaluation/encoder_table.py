"""What the encoder costs: `python -m evaluation.encoder_table MODEL... --data ../shared/data`.

MODEL is a folder as `training.export` writes it. Printed, for each model and each length of window: how many subwords
the network reads for each that an article has (windows overlap), CPU milliseconds an article of 800 words on one thread
and as a ratio to the first row's, wall milliseconds on one thread and on two, and the strict F1 of mentions, six
labels, on `entities/worldwide-dev` (`--no-accuracy` leaves it out). Then, for each model, CPU microseconds a subword
where several windows of one length are read at once. All take turns, `--rounds` times, and medians are told.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from tokenizers import Tokenizer

from evaluation import mentions
from evaluation.bench import articles
from gazetteer.annotate import encoder
from gazetteer.annotate.encoder import Encoder
from gazetteer.annotate.subwords import load_tokenizer, split
from gazetteer.extract import extract
from gazetteer.types import Capture

THREADS = (1, 2)
BATCHES = (1, 2, 4, 8)

Times = tuple[float, float]
"""CPU and wall seconds."""


def took(function: Callable[[], object]) -> Times:
    """What calling `function` takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    function()
    return time.process_time() - cpu, time.perf_counter() - wall


def medians(functions: dict[Any, Callable[[], object]], rounds: int) -> dict[Any, Times]:
    """The median times of each of `functions`, which take turns; a first round is not counted."""
    found: defaultdict[Any, list[Times]] = defaultdict(list)
    for number in range(rounds + 1):
        for name, function in functions.items():
            times = took(function)
            if number:
                found[name].append(times)
    return {name: (statistics.median(c for c, _ in t), statistics.median(w for _, w in t)) for name, t in found.items()}


def reading(read: Encoder, texts: list[str], window: int) -> Callable[[], None]:
    """Read every text in windows of `window` subwords."""

    def run() -> None:
        with patch.object(encoder, "WINDOW", window):
            for text in texts:
                read.read(text)

    return run


def beside(read: Encoder, ids: np.ndarray[Any, Any], batch: int) -> Callable[[], None]:
    """Run the network once on `batch` windows of `ids`, (windows, subwords)."""
    rows = np.resize(ids, (batch, ids.shape[1]))
    inputs = {"ids": rows, "shapes": np.full_like(rows, 2)}
    return lambda: read._session.run(None, inputs)  # noqa: SLF001 (no reader of articles batches)


def overlap(tokenizer: Tokenizer, texts: list[str], window: int) -> float:
    """How many subwords the network reads for each of the texts' own."""
    words = [split(tokenizer, text) for text in texts]
    with patch.object(encoder, "WINDOW", window):
        found = [each for word in words for each in encoder.windows(len(word.ids), word.paragraphs)]
    return sum(each.end - each.start + 2 for each in found) / sum(len(word.ids) for word in words)


def rows(models: list[Path], texts: list[str], lengths: list[int], rounds: int) -> Iterator[tuple[Path, int, str]]:
    """A row of the table for each model and length of window, without its accuracy."""
    encoders = {(model, threads): Encoder(model, threads=threads) for model, threads in product(models, THREADS)}
    keys = product(models, lengths, THREADS)
    found = medians({key: reading(encoders[key[0], key[2]], texts, key[1]) for key in keys}, rounds)
    first = next(iter(found.values()))[0]
    for model, length in product(models, lengths):
        cpu, wall = found[model, length, THREADS[0]]
        several = found[model, length, THREADS[-1]][1]
        more = overlap(load_tokenizer(model / "tokenizer.json"), texts, length)
        figures = [f"{1000 * seconds / len(texts):8.1f}" for seconds in (cpu, wall, several)]
        yield model, length, f"{more:8.2f} {figures[0]} {cpu / first:8.2f} {figures[1]} {figures[2]}"


def batches(models: list[Path], length: int, text: str, rounds: int) -> Iterator[str]:
    """A row for each model: CPU microseconds a subword by how many windows are read at once."""
    encoders = {model: Encoder(model, threads=1) for model in models}
    ids = np.resize(split(load_tokenizer(models[0] / "tokenizer.json"), text).ids, (max(BATCHES), length))
    keys = product(models, BATCHES)
    found = medians({(model, batch): beside(encoders[model], ids, batch) for model, batch in keys}, rounds * 3)
    for model in models:
        yield f"{name(model):28}" + "".join(f"{1e6 * found[model, b][0] / b / length:8.1f}" for b in BATCHES)


def name(model: Path) -> str:
    """The model's version, and its folder where others may have the same."""
    version = json.loads((model / "model.json").read_text(encoding="utf-8"))["version"]
    return f"{version} ({model.name})"


def accuracy(data: Path, model: Path, length: int) -> float:
    """The strict F1 of mentions, six labels, in windows of `length` subwords."""
    with patch.object(encoder, "WINDOW", length):
        return mentions.measure(data, model)["mentions_f1_six"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--windows", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--accuracy", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args()
    pages = islice(articles(given.data), given.count)
    bodies = [extract(Capture(source=url, content=content, url=url)).text for content, url in pages]
    print(f"{'':28}{'window':>7}{'overlap':>9}{'CPU ms':>9}{'ratio':>9}{'wall 1':>9}{'wall 2':>9}{'F1':>7}")
    for folder, size, figures in rows(given.models, bodies, given.windows, given.rounds):
        f1 = f"{accuracy(given.data, folder, size):7.4f}" if given.accuracy else ""
        print(f"{name(folder):28}{size:7}{figures:>44}{f1}", flush=True)
    print(f"\nCPU microseconds a subword, windows of 128 read at once\n{'':28}" + "".join(f"{b:8}" for b in BATCHES))
    for line in batches(given.models, 128, bodies[0], given.rounds):
        print(line)
