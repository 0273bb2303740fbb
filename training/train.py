"""Train the reader: `python -m training.train --data DIR --start model.safetensors --out DIR`.

All heads learn together. AdamW with one-cycle learning rates, batches of a fixed number of subwords sorted by length,
and an exponential average of the weights, which is what is kept. Texts are cut into windows anew in each pass, at
random places; single sentences share windows with others of their set; now and then a window's shapes are those of a
headline (All Words Capitalised, ALL CAPITALS) or of careless typing (no capitals).
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from gazetteer.annotate.subwords import load_tokenizer
from training.corpora import Example, Opinion, named, rated, read_unlabelled
from training.losses import LABEL_ROWS, WEIGHTS, Batch, answers, batch_of, imitation, losses, masked, whole
from training.model import HEAD_PARTS, LAYERS, Reader, pretrained, shortened, size_of
from training.teacher import opinions, vectors
from training.windows import Window, batches, windows

PEAK = 4e-4
WARM_UP = 0.08
AVERAGE = 0.998
"""The share of the averaged weights that a step keeps, once there have been enough steps."""
SPARE_STEPS = 8
"""Steps a pass may have more than the first, since windows are cut at random."""
SETS = ("named", "editorials", "emobank", "newsmtsc", "sentfin")
UNLABELLED = "unlabelled"
"""The set that teachers alone tell of."""
PARTS = ("scores", "valence", "polarity")
"""Of what teachers say (`training.corpora.Opinion`)."""
SPARINGLY = {"sentfin": 0.4}
"""The share of a set that a pass reads, where not all: one domain is not to outweigh the news."""

Numbered = tuple[int, Example]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that is learned from: examples by set, each with the number of its first sentence; the teacher's vectors."""

    sets: dict[str, list[Numbered]]
    vectors: np.ndarray

    def windows(self, chance: random.Random) -> list[Window]:
        """The windows of one pass."""
        found: list[Window] = []
        for name, examples in self.sets.items():
            share = SPARINGLY.get(name, 1.0)
            chosen = [one for one in examples if share == 1.0 or chance.random() < share]
            if name != "editorials":
                chance.shuffle(chosen)
            found += windows(chosen, chance)
        return found


def material(data: Path, start: Path, names: Sequence[str], *, cache: Path, device: str, bf16: bool) -> Material:
    """Read the sets of those `names` in the folder `data`; `cache` keeps the vectors from one run to the next."""
    tokenizer = load_tokenizer(start.with_name("tokenizer.json"))
    every = {"named": named(data, tokenizer), **rated(data, tokenizer)[0]}
    if UNLABELLED in names:
        every[UNLABELLED] = list(read_unlabelled(data / "wikinews" / "wikinews.jsonl.gz", tokenizer))
    sets = {name: every[name] for name in names}
    everything = [one for examples in sets.values() for one in examples]
    firsts = np.cumsum([0, *(len(one.sentences) for one in everything)])
    if cache.exists() and len(np.load(cache, mmap_mode="r")) == firsts[-1]:
        made = np.load(cache)
    else:
        made = vectors(everything, start, device=device, bf16=bf16)
        np.save(cache, made)
    numbers = iter(firsts.tolist())
    return Material(
        sets={name: [(next(numbers), one) for one in examples] for name, examples in sets.items()}, vectors=made
    )


def taught(known: Material, teachers: Sequence[Path], *, cache: Path, device: str, bf16: bool) -> Material:
    """`known` with what `teachers` say of it, which `cache` keeps from one run to the next."""
    every = [one for examples in known.sets.values() for _, one in examples]
    if not cache.exists():
        said = list(opinions(every, [load(teacher) for teacher in teachers], device=device, bf16=bf16))
        np.savez(
            cache,
            scores=np.concatenate([one.scores for one in said]),
            valence=np.concatenate([one.valence for one in said]),
            polarity=np.concatenate([one.polarity for one in said]),
        )
    with np.load(cache) as file:
        parts = {part: file[part] for part in PARTS}
    sizes = {"scores": "allowed", "valence": "sentences", "polarity": "targets"}
    split = [np.split(parts[part], np.cumsum([len(getattr(one, sizes[part])) for one in every])[:-1]) for part in PARTS]
    found = iter(Opinion(scores=a, valence=b, polarity=c) for a, b, c in zip(*split, strict=True))
    sets = {name: [(n, replace(one, said=next(found))) for n, one in examples] for name, examples in known.sets.items()}
    return Material(sets=sets, vectors=known.vectors)


def optimizer_of(
    reader: Reader, steps: int, peak: float
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, which decays matrices alone, and its one-cycle schedule of rates over `steps`.

    The encoder's rate rises to `peak`; the heads', which may begin from nothing, to `PEAK` at least.
    """
    groups, peaks = [], []
    for of_head, rate in ((False, peak), (True, max(peak, PEAK))):
        own = [p for name, p in reader.named_parameters() if (name.split(".")[0] in HEAD_PARTS) == of_head]
        groups.append({"params": [p for p in own if p.ndim > 1], "weight_decay": 0.01})
        groups.append({"params": [p for p in own if p.ndim <= 1], "weight_decay": 0.0})
        peaks += [rate, rate]
    optimizer = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, peaks, total_steps=steps, pct_start=WARM_UP, cycle_momentum=False
    )
    return optimizer, schedule


def passes_of(known: Material, passes: int, chance: random.Random) -> Iterator[list[list[Window]]]:
    """The batches of each pass."""
    for _ in range(passes):
        yield batches(known.windows(chance), chance)


def log(number: int, step: int, steps: int, told: Counter[str], speed: float) -> None:
    """Print how far it is, each head's loss since the last time, and subwords a second."""
    parts = "  ".join(f"{name} {told[name] / max(told[f'of {name}'], 1):.4f}" for name in WEIGHTS)
    print(f"pass {number}  step {step}/{steps}  {parts}  {speed:.0f}/s", flush=True)


def load(weights: Path) -> Reader:
    """The reader to begin with: an encoder as it was published (safetensors), or one that was trained here.

    Heads that the file has no weights of are new.
    """
    if weights.suffix == ".safetensors":
        return pretrained(weights, LABEL_ROWS)
    state = torch.load(weights, weights_only=True)
    reader = Reader(LABEL_ROWS, size=size_of(state))
    reader.load_state_dict(state, strict=False)
    return reader


def train(
    *,
    data: Path,
    start: Path,
    begin: Path | None,
    out: Path,
    passes: int,
    seed: int,
    threads: int,
    device: str,
    bf16: bool,
    sets: Sequence[str],
    teachers: Sequence[Path],
    layers: int,
    peak: float,
    hide: float,
) -> None:
    """Train on `data` for `passes`, from the weights `begin`, and keep the averaged weights of each pass in `out`.

    What is to ship is `reader.pt` there, the last. `start` is all-MiniLM-L6-v2, whose vectors are to be kept, and what
    is begun with where nothing else is. Trained `teachers` are imitated besides.
    """
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)  # moments of words that are seldom seen fade to numbers that processors are slow at
    torch.manual_seed(seed)
    chance = random.Random(seed)
    out.mkdir(parents=True, exist_ok=True)
    sets = (*sets, UNLABELLED) if teachers else sets
    known = material(data, start, sets, cache=out / "vectors.npy", device=device, bf16=bf16)
    if teachers:
        known = taught(known, teachers, cache=out / "said.npz", device=device, bf16=bf16)
    reader = load(begin or start)
    reader = (shortened(reader, LABEL_ROWS, layers) if layers else reader).to(device).train()
    average = deepcopy(reader).eval()
    in_a_pass = len(batches(known.windows(random.Random(seed)), random.Random(seed)))
    optimizer, schedule = optimizer_of(reader, passes * (in_a_pass + SPARE_STEPS), peak)
    step = subwords = 0
    started, told = time.monotonic(), Counter[str]()
    for number, groups in enumerate(passes_of(known, passes, chance), 1):
        for group in groups:
            batch = batch_of(group, known.vectors).to(device)
            found = answers(reader, masked(batch, hide), bf16=bf16)
            parts = losses(found, batch)
            loss = whole(parts) + imitation(found, batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step, subwords = step + 1, subwords + batch.ids.numel()
            keep(average, reader, step)
            told.update(counted(parts, batch))
            if step % 20 == 0 or step < 5:
                log(number, step, passes * in_a_pass, told, subwords / (time.monotonic() - started))
                told.clear()
        torch.save(average.state_dict(), out / f"pass-{number}.pt")
    torch.save(average.state_dict(), out / "reader.pt")


def keep(average: Reader, reader: Reader, step: int) -> None:
    """Move the averaged weights towards the reader's, after its step number `step`."""
    kept = min(AVERAGE, (1 + step) / (10 + step))
    with torch.no_grad():
        torch._foreach_lerp_(list(average.parameters()), list(reader.parameters()), 1 - kept)


def counted(parts: dict[str, torch.Tensor], batch: Batch) -> dict[str, float]:
    """Each head's loss, and of how many things it is the sum."""
    sizes = {
        "mentions": int(batch.allowed.any(-1).sum()),
        "valence": int((~batch.valence.isnan()).sum()),
        "polarity": int((batch.polarity >= 0).sum()),
        "vectors": len(batch.vectors),
    }
    return {name: part.item() for name, part in parts.items()} | {f"of {name}": size for name, size in sizes.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of all sets")
    parser.add_argument("--start", type=Path, required=True, help="model.safetensors, its tokenizer.json beside it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--begin", type=Path, help="weights to begin with, safetensors or a trained reader's")
    parser.add_argument("--teachers", nargs="+", type=Path, default=(), help="trained readers to imitate")
    parser.add_argument("--layers", type=int, choices=range(LAYERS + 1), default=0, help="fewer than the first weights")
    parser.add_argument("--peak", type=float, default=PEAK, help="the highest learning rate")
    parser.add_argument("--hide", type=float, default=0.0, help="the share of subwords that are hidden while training")
    parser.add_argument("--bf16", action="store_true", help="16-bit arithmetic, where the processor has it")
    train(**vars(parser.parse_args()))
