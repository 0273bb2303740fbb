"""What the reader learns to imitate: all-MiniLM-L6-v2's vector of each sentence, and all that trained readers say."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from gazetteer.annotate.subwords import Ints
from training.corpora import Example, Halves, Opinion, no_opinion
from training.losses import answers, batch_of
from training.model import WIDTH, Reader, pretrained
from training.windows import CLS, SEP, Part, framed

LONGEST = 256
"""Subwords that the original reads of a sentence, [CLS] and [SEP] included."""
BATCH = 8192
LOOK, AROUND = 510, 96
"""Subwords that a trained reader sees at once, and how many at either end it is not asked about."""


def vectors(examples: Sequence[Example], start: Path, *, device: str, bf16: bool) -> npt.NDArray[np.float16]:
    """The original's vector (sentences, WIDTH), unit length, of every sentence of `examples` by itself, in order.

    As sentence-transformers computes them: the mean over all subwords, [CLS] and [SEP] included.
    """
    texts = [one.words.ids[a:b][: LONGEST - 2] for one in examples for a, b in one.sentences]
    made = np.zeros((len(texts), WIDTH), dtype=np.float16)
    original = pretrained(start, 1).to(device).eval()
    with torch.inference_mode(), torch.autocast(torch.device(device).type, dtype=torch.bfloat16, enabled=bf16):
        for group in _groups(list(map(len, texts))):
            ids, mask = (torch.from_numpy(part).to(device) for part in _padded([texts[n] for n in group]))
            hidden = original(ids, torch.zeros_like(ids), mask).float()
            means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            made[group] = functional.normalize(means, dim=-1).cpu().numpy()
    return made


def _groups(lengths: Sequence[int]) -> list[list[int]]:
    """The numbers of texts of so many subwords in groups of like length, of about `BATCH` subwords with their marks."""
    groups: list[list[int]] = [[]]
    for n in sorted(range(len(lengths)), key=lengths.__getitem__):
        if groups[-1] and (len(groups[-1]) + 1) * (lengths[n] + 2) > BATCH:
            groups.append([])
        groups[-1].append(n)
    return groups


def _padded(texts: list[Ints]) -> tuple[Ints, npt.NDArray[np.float32]]:
    """The ids of `texts` between [CLS] and [SEP], and which are no padding."""
    ids = np.zeros((len(texts), max(map(len, texts)) + 2), dtype=np.int64)
    mask = np.zeros(ids.shape, dtype=np.float32)
    for n, text in enumerate(texts):
        ids[n, : len(text) + 2] = np.r_[CLS, text, SEP]
        mask[n, : len(text) + 2] = 1
    return ids, mask


def opinions(examples: Sequence[Example], readers: Sequence[Reader], *, device: str, bf16: bool) -> Iterator[Opinion]:
    """What `readers` make of each of `examples`, on average, with as much around each subword as a window holds."""
    told = [_opinions(examples, reader.to(device).eval(), device=device, bf16=bf16) for reader in readers]
    for each in zip(*told, strict=True):
        yield Opinion(
            scores=_mean_share([one.scores for one in each]),
            valence=np.stack([one.valence for one in each]).mean(0),
            polarity=_mean_share([one.polarity for one in each]),
        )


def _mean_share(logs: Sequence[Halves]) -> Halves:
    """The logarithm of the mean of probabilities."""
    return np.log(np.mean([np.exp(one.astype(np.float32)) for one in logs], axis=0)).astype(np.float16)


def _opinions(examples: Sequence[Example], reader: Reader, *, device: str, bf16: bool) -> list[Opinion]:
    found = [no_opinion(one) for one in examples]
    rows = [(n, part, kept) for n, one in enumerate(examples) for part, kept in _looks(one)]
    nothing = np.zeros((max(len(one.sentences) for one in examples), WIDTH), dtype=np.float16)
    with torch.inference_mode():
        for numbers in _groups([part.end - part.start for _, part, _ in rows]):
            group = [rows[number] for number in numbers]
            batch = batch_of([framed([part], None) for _, part, _ in group], nothing).to(device)
            made = {name: answer.cpu() for name, answer in answers(reader, batch, bf16=bf16).items()}
            _write(found, group, made, length=batch.ids.shape[1])
    return found


Look = tuple[int, Part, slice]
"""The number of an example, what is read of it, and of which of its subwords that look is to tell."""


def _looks(one: Example) -> Iterator[tuple[Part, slice]]:
    """The parts in which an example is read, and the subwords that each tells of: those not near its ends."""
    size = len(one.words.ids)
    step = LOOK - 2 * AROUND
    for start in range(0, max(size - 2 * AROUND, 1), step):
        end = min(start + LOOK, size)
        kept = slice(start + AROUND if start else 0, end if end == size else end - AROUND)
        yield Part(example=one, number=0, start=start, end=end), kept
        if end == size:
            return


def _write(found: list[Opinion], group: Sequence[Look], made: dict[str, Tensor], *, length: int) -> None:
    """Put the answers to a batch of looks, its windows `length` subwords long, where they belong."""
    scores = made["mentions"].log_softmax(-1).view(len(group), length, -1).numpy()
    polarity = made["polarity"].log_softmax(-1).numpy()
    sentence = target = 0
    for row, (n, part, kept) in enumerate(group):
        whole, asked = part.sentences, part.targets
        found[n].scores[kept] = scores[row, 1 + kept.start - part.start : 1 + kept.stop - part.start]
        found[n].valence[whole] = made["valence"][sentence : sentence + len(whole)].numpy()
        found[n].polarity[asked] = polarity[target : target + len(asked)]
        sentence, target = sentence + len(whole), target + len(asked)
