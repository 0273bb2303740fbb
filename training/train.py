"""Train the reader: `python -m training.train --data DIR --start model.safetensors --out DIR`.

AdamW with one-cycle learning rates, batches of a fixed number of subwords sorted by length, and an exponential average
of the weights, which is what is kept. Documents are cut into windows anew in each pass, at random places; now and then
a window's shapes are those of a headline (All Words Capitalised, ALL CAPITALS) or of careless typing (no capitals).
"""

import argparse
import random
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from gazetteer.annotate.subwords import load_tokenizer
from gazetteer.types import LABELS
from training.corpora import training_set
from training.model import Reader, from_minilm
from training.windows import Window, batches, windows

PEAK = 4e-4
WARM_UP = 0.1
AVERAGE = 0.998
"""The share of the averaged weights that a step keeps, once there have been enough steps."""
SPARE_STEPS = 4
"""Steps a pass may have more than the first, since windows are cut at random."""
LABEL_ROWS = 1 + 2 * len(LABELS)


def tensors(group: list[Window]) -> tuple[torch.Tensor, ...]:
    """`group` padded to a multiple of 16 subwords: ids, shapes, mask, allowed labels."""
    length = -(-max(len(ids) for ids, _, _ in group) // 16) * 16
    ids = np.zeros((len(group), length), dtype=np.int64)
    shapes, mask = ids.copy(), np.zeros((len(group), length), dtype=np.float32)
    allowed = np.zeros((len(group), length, LABEL_ROWS), dtype=bool)
    for n, (row, its_shapes, its_allowed) in enumerate(group):
        own = slice(len(row))
        ids[n, own], shapes[n, own], mask[n, own], allowed[n, own] = row, its_shapes, 1, its_allowed
    return tuple(map(torch.from_numpy, (ids, shapes, mask, allowed)))


def loss_of(scores: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """Minus the log of the summed probability of what is `allowed`, mean over the words that have labels."""
    counted = allowed.any(-1)
    log = functional.log_softmax(scores[counted].float(), -1).masked_fill(~allowed[counted], -1e9)
    return -torch.logsumexp(log, -1).mean()


def optimizer_of(reader: Reader, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, which decays matrices alone, and its one-cycle schedule over `steps`."""
    groups = [
        {"params": [p for p in reader.parameters() if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in reader.parameters() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=PEAK, betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK, total_steps=steps, pct_start=WARM_UP, cycle_momentum=False
    )
    return optimizer, schedule


def train(*, data: Path, start: Path, out: Path, passes: int, seed: int, threads: int, device: str, bf16: bool) -> None:
    """Train on `data` for `passes`, from the weights `start`, and keep the averaged weights of each pass in `out`.

    What is to ship is `reader.pt` there, the mean of the last two passes'.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    examples = training_set(data, load_tokenizer(start.with_name("tokenizer.json")))
    reader = from_minilm(start, LABEL_ROWS).to(device)
    average = deepcopy(reader).eval()
    in_a_pass = len(batches(list(windows(examples, random.Random(seed))), chance))
    optimizer, schedule = optimizer_of(reader, passes * (in_a_pass + SPARE_STEPS))
    out.mkdir(parents=True, exist_ok=True)
    started, step, subwords = time.monotonic(), 0, 0
    for number in range(passes):
        for group in batches(list(windows(examples, chance)), chance):
            ids, shapes, mask, allowed = (tensor.to(device) for tensor in tensors(group))
            with torch.autocast(torch.device(device).type, dtype=torch.bfloat16, enabled=bf16):
                scores = reader(ids, shapes, mask)
            loss = loss_of(scores, allowed)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step, subwords = step + 1, subwords + ids.numel()
            with torch.no_grad():
                kept = min(AVERAGE, (1 + step) / (10 + step))
                torch._foreach_lerp_(list(average.parameters()), list(reader.parameters()), 1 - kept)
            if step % 20 == 0:
                speed = round(subwords / (time.monotonic() - started))
                print(
                    f"pass {number + 1}  step {step}/{passes * in_a_pass}  loss {loss.item():.4f}  {speed}/s",
                    flush=True,
                )
        torch.save(average.state_dict(), out / f"pass-{number + 1}.pt")
    last = [
        torch.load(out / f"pass-{number}.pt", weights_only=True) for number in range(max(passes - 1, 1), passes + 1)
    ]
    mean = {name: sum(weights[name] for weights in last) / len(last) for name in last[0]}
    torch.save(mean, out / "reader.pt")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the entity corpora")
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors, its tokenizer.json beside it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bf16", action="store_true", help="16-bit arithmetic, where the processor has it")
    train(**vars(parser.parse_args()))
