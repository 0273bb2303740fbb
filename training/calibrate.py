"""Bring the heads' answers to what was held out: probabilities that come true as often as they say.

`python -m training.calibrate --weights reader.pt --data DIR --tokenizer FILE --out calibrated.pt`. Eleven numbers are
fitted, on the articles and sentences of the training sets that `training.corpora` holds out: a plane from the head's
two valences to the raters'; a temperature and the odds of the classes for each question asked of mentions. They go into
the heads' last layers. What words count beside the valence, and the spread about both, `training.words` fits.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gazetteer.annotate.subwords import load_tokenizer
from training.corpora import POLARITIES, QUESTIONS, Example, rated
from training.losses import LABEL_ROWS, SPREAD, answers, batch_of
from training.model import WIDTH, Reader, size_of
from training.windows import batches, windows


def read(reader: Reader, examples: list[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The valences read and given (n, scales), the scores (m, questions, polarities) and the answers (m, questions)."""
    nothing = np.zeros((len(examples), WIDTH), dtype=np.float16)
    found: list[tuple[Tensor, ...]] = []
    chance = random.Random(0)
    with torch.inference_mode():
        for group in batches(list(windows(list(enumerate(examples)), chance)), chance):
            batch = batch_of(group, nothing)
            made = answers(reader, batch, bf16=False)
            found.append((made["valence"], batch.valence, made["polarity"], batch.polarity))
    valence, given, scores, polarity = (torch.cat(part) for part in zip(*found, strict=True))
    return valence, given, scores, polarity


def plane(x: Tensor, y: Tensor) -> tuple[Tensor, float]:
    """The slopes and the offset of the least-squares plane from `x` (n, scales) to `y`."""
    design = np.column_stack([x.numpy(), np.ones(len(x))])
    found = np.linalg.lstsq(design, y.numpy(), rcond=None)[0]
    return torch.tensor(found[:-1], dtype=torch.float32), float(found[-1])


def temperature(scores: Tensor, gold: Tensor) -> tuple[Tensor, Tensor]:
    """The factor and the offsets (polarities) of the scores (m, polarities) that make `gold` likeliest."""
    factor, offsets = torch.ones((), requires_grad=True), torch.zeros(len(POLARITIES), requires_grad=True)
    optimizer = torch.optim.LBFGS([factor, offsets], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(scores * factor + offsets, gold) + 1e-3 * (offsets**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return factor.detach(), (offsets - offsets.mean()).detach()


def calibrate(*, weights: Path, data: Path, tokenizer: Path, out: Path) -> None:
    """Write the weights at `weights`, calibrated, to `out`, and print what was fitted."""
    state = torch.load(weights, weights_only=True)
    reader = Reader(LABEL_ROWS, size=size_of(state)).eval()
    reader.load_state_dict(state)
    held_out = rated(data, load_tokenizer(tokenizer))[1]
    valence, given, _, _ = read(reader, held_out["editorials"])
    slopes, offset = plane(valence, given[:, 0] * SPREAD[0])
    r = np.corrcoef(valence @ slopes, given[:, 0])[0, 1]
    print(f"valence: slopes {slopes.tolist()}, {offset:.3f}; r {r:.3f}, {len(valence)} snippets")
    state["sentence.valence.weight"] = slopes[None] @ state["sentence.valence.weight"]
    state["sentence.valence.bias"] = slopes[None] @ state["sentence.valence.bias"] + offset
    for row, (question, name) in enumerate(zip(QUESTIONS, ("newsmtsc", "sentfin"), strict=True)):
        _, _, scores, gold = read(reader, held_out[name])
        factor, offsets = temperature(scores[:, row], gold[:, row])
        said = scores[:, row] * factor + offsets
        print(
            f"{question}: factor {factor:.3f}, offsets {[round(x, 3) for x in offsets.tolist()]}; {len(gold)} targets, "
            f"macro-F1 {macro_f1(scores[:, row], gold[:, row]):.4f}, calibrated {macro_f1(said, gold[:, row]):.4f}"
        )
        own = slice(row * len(POLARITIES), (row + 1) * len(POLARITIES))
        state["mention.polarity.weight"][own] *= factor
        state["mention.polarity.bias"][own] = state["mention.polarity.bias"][own] * factor + offsets
    torch.save(state, out)


def macro_f1(scores: Tensor, gold: Tensor) -> float:
    """The mean of the classes' F1."""
    found = scores.argmax(-1)
    parts = []
    for n in range(len(POLARITIES)):
        right = int(((found == n) & (gold == n)).sum())
        parts.append(2 * right / max(int((found == n).sum() + (gold == n).sum()), 1))
    return sum(parts) / len(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    calibrate(**vars(parser.parse_args()))
