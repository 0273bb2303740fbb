"""What all-MiniLM-L6-v2 makes of each sentence: the vectors that the reader learns to keep."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from gazetteer.annotate.subwords import Ints
from training.corpora import Example
from training.model import WIDTH, from_minilm
from training.windows import CLS, SEP

LONGEST = 256
"""Subwords that the original reads of a sentence, [CLS] and [SEP] included."""
BATCH = 8192


def vectors(examples: Sequence[Example], start: Path, *, device: str, bf16: bool) -> npt.NDArray[np.float16]:
    """The original's vector (sentences, WIDTH), unit length, of every sentence of `examples` by itself, in order.

    As sentence-transformers computes them: the mean over all subwords, [CLS] and [SEP] included.
    """
    texts = [one.words.ids[a:b][: LONGEST - 2] for one in examples for a, b in one.sentences]
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    made = np.zeros((len(texts), WIDTH), dtype=np.float16)
    original = from_minilm(start, 1).to(device).eval()
    with torch.inference_mode(), torch.autocast(torch.device(device).type, dtype=torch.bfloat16, enabled=bf16):
        for group in _groups(order, texts):
            ids, mask = (torch.from_numpy(part).to(device) for part in _padded([texts[n] for n in group]))
            hidden = original(ids, torch.zeros_like(ids), mask).float()
            means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            made[group] = functional.normalize(means, dim=-1).cpu().numpy()
    return made


def _groups(order: list[int], texts: list[Ints]) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    for n in order:
        if groups[-1] and (len(groups[-1]) + 1) * (len(texts[n]) + 2) > BATCH:
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
