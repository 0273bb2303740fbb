"""Train the reader: `python -m training.train --data DIR --start model.safetensors --out DIR`.

AdamW with one-cycle learning rates, batches of a fixed number of subwords sorted by length, and an exponential average
of the weights, which is what is kept. Documents are cut into windows anew in each pass, at random places; now and then
a window's shapes are those of a headline (All Words Capitalised, ALL CAPITALS) or of careless typing (no capitals).
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from gazetteer.annotate.subwords import Ints, load_tokenizer
from gazetteer.types import LABELS
from training.corpora import Example, training_set
from training.model import from_minilm

WINDOW = 256
BATCH = 2048
PEAK = 4e-4
WARM_UP = 0.1
CLS, SEP = 101, 102
TITLE, UPPER, LOWER, NO_LETTER = 4, 3, 2, 1

Window = tuple[Ints, Ints, np.ndarray]


def windows(examples: list[Example], chance: random.Random) -> Iterator[Window]:
    """(ids, shapes, allowed) of every window of one pass, with their [CLS] and [SEP]."""
    for example in examples:
        first, size = example.words.first, len(example.words.ids)
        cut = 0
        longest = WINDOW - 2
        stop = chance.randint(longest // 2, longest) if size > longest else size
        while cut < size:
            end = size if stop >= size else int(first[np.searchsorted(first, stop, side="right") - 1])
            if end <= cut:
                end = min(stop, size)
            yield framed(example, cut, end, chance)
            cut, stop = end, end + longest


def framed(example: Example, cut: int, end: int, chance: random.Random) -> Window:
    """The window of `example` from subword `cut` to `end`, between [CLS] and [SEP], perhaps in other capitals."""
    shapes = example.words.shapes[cut:end].copy()
    draw = chance.random()
    for share, row in ((0.03, TITLE), (0.02, UPPER), (0.01, LOWER)):
        if draw < share:
            shapes[shapes != NO_LETTER] = row
            break
        draw -= share
    allowed = np.pad(example.allowed[cut:end], ((1, 1), (0, 0)))
    return np.r_[CLS, example.words.ids[cut:end], SEP], np.r_[0, shapes, 0], allowed


def batches(rows: list[Window], chance: random.Random) -> list[list[Window]]:
    """`rows` in groups of about `BATCH` subwords and of like length, in random order."""
    rows.sort(key=lambda row: (len(row[0]), chance.random()))
    groups: list[list[Window]] = [[]]
    for row in rows:
        if groups[-1] and (len(groups[-1]) + 1) * len(row[0]) > BATCH:
            groups.append([])
        groups[-1].append(row)
    chance.shuffle(groups)
    return groups


def tensors(group: list[Window]) -> tuple[torch.Tensor, ...]:
    """`group` padded to a multiple of 16 subwords: ids, shapes, mask, allowed."""
    length = -(-max(len(row[0]) for row in group) // 16) * 16
    ids = np.zeros((len(group), length), dtype=np.int64)
    shapes, mask = ids.copy(), np.zeros((len(group), length), dtype=np.float32)
    allowed = np.zeros((len(group), length, 1 + 2 * len(LABELS)), dtype=bool)
    for n, (i, s, a) in enumerate(group):
        ids[n, : len(i)], shapes[n, : len(i)], mask[n, : len(i)], allowed[n, : len(i)] = i, s, 1, a
    return tuple(map(torch.from_numpy, (ids, shapes, mask, allowed)))


def loss_of(scores: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """Minus the log of the summed probability of what is `allowed`, mean over the words that have labels."""
    counted = allowed.any(-1)
    log = functional.log_softmax(scores[counted].float(), -1).masked_fill(~allowed[counted], -1e9)
    return -torch.logsumexp(log, -1).mean()


def train(*, data: Path, start: Path, out: Path, passes: int, seed: int, threads: int, device: str) -> None:
    """Train on `data` for `passes`, from the weights `start`, and keep the averaged weights of each pass in `out`."""
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer = load_tokenizer(start.with_name("tokenizer.json"))
    examples = training_set(data, tokenizer)
    reader = from_minilm(start, 1 + 2 * len(LABELS)).to(device)
    average = deepcopy(reader).eval()
    per_pass = len(batches(list(windows(examples, random.Random(seed))), chance))
    steps = passes * per_pass
    weights = [p for p in reader.parameters() if p.ndim > 1]
    others = [p for p in reader.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
        lr=PEAK,
        betas=(0.9, 0.98),
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK, total_steps=steps + passes * 4, pct_start=WARM_UP, cycle_momentum=False
    )
    out.mkdir(parents=True, exist_ok=True)
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    started, step, seen = time.monotonic(), 0, 0
    for number in range(passes):
        for group in batches(list(windows(examples, chance)), chance):
            ids, shapes, mask, allowed = (t.to(device) for t in tensors(group))
            with torch.autocast(device.split(":", maxsplit=1)[0], dtype=torch.bfloat16, enabled=BF16):
                scores = reader(ids, shapes, mask)
            loss = loss_of(scores, allowed)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            seen += ids.numel()
            with torch.no_grad():
                torch._foreach_lerp_(
                    list(average.parameters()), list(reader.parameters()), 1 - min(0.998, (1 + step) / (10 + step))
                )
            if step % 20 == 0:
                row = {
                    "step": step,
                    "of": steps,
                    "loss": round(loss.item(), 4),
                    "per_s": round(seen / (time.monotonic() - started)),
                }
                print(json.dumps(row), file=log, flush=True)
        torch.save(average.state_dict(), out / f"pass-{number + 1}.pt")


BF16 = False
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the entity corpora")
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors, its tokenizer.json beside it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bf16", action="store_true")
    arguments = vars(parser.parse_args())
    BF16 = arguments.pop("bf16")
    train(**arguments)
