"""The reader as it is trained: a BERT encoder whose token types are word shapes, and the heads that read its vectors.

The architecture is that of MiniLM (Wang et al., NeurIPS 2020); the weights that training starts from are those of
all-MiniLM-L6-v2 (Apache-2.0). A larger reader, to be imitated, starts from all-mpnet-base-v2 (Apache-2.0), whose
encoder differs in that it also knows how far subwords are apart (MPNet; Song et al., NeurIPS 2020).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from gazetteer.annotate.subwords import SHAPES
from training.corpora import POLARITIES, QUESTIONS, SCALES

VOCABULARY, POSITIONS, WIDTH, HEADS, INNER, LAYERS = 30522, 512, 384, 12, 1536, 6
HEAD_PARTS = frozenset(("mentions", "sentence", "mention"))
"""What a reader has besides its encoder."""
LOOKS = 6
"""Heads of the attention with which a mention looks at its sentence."""
DISTANCES = 32
"""Classes of how far two subwords are apart, half of them to each side."""
FARTHEST = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a reader is, and whether its attention knows how far subwords are apart."""

    width: int = WIDTH
    inner: int = INNER
    layers: int = LAYERS
    epsilon: float = 1e-12
    relative: bool = False


MINILM = Size()
MPNET = Size(width=768, inner=3072, layers=12, epsilon=1e-5, relative=True)


def dropped(x: Tensor, rate: float) -> Tensor:
    """`x` with a share `rate` of its numbers, to the nearest 256th, set to 0 and the others made larger for it.

    One drawn number serves eight places: on a processor, drawing is what dropout costs.
    """
    parts = round(rate * 256)
    if not parts:
        return x
    draws = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
    kept = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= parts
    return x * (kept.to(x.dtype) * (256 / (256 - parts)))


class Layer(nn.Module):
    """One transformer layer, normalised after each half (Vaswani et al., 2017)."""

    def __init__(self, size: Size, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(size.width, 3 * size.width)
        self.out = nn.Linear(size.width, size.width)
        self.norm_attention = nn.LayerNorm(size.width, eps=size.epsilon)
        self.up = nn.Linear(size.width, size.inner)
        self.down = nn.Linear(size.inner, size.width)
        self.norm_feed = nn.LayerNorm(size.width, eps=size.epsilon)
        self.dropout = dropout

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x` is (batch, length, width); `bias` (batch or 1, heads or 1, length or 1, length) is added to the scores.

        Written out, since for windows of some hundred subwords the fused operator takes twice the time on a processor.
        """
        batch, length, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4).flatten(1, 2)
        with torch.autocast(x.device.type, enabled=False):
            scores = torch.bmm(q * (width // HEADS) ** -0.5, k.transpose(1, 2))
            scores = scores.view(batch, HEADS, length, length) + bias.to(scores.dtype)
            heads = torch.bmm(scores.softmax(-1).flatten(0, 1), v).view(batch, HEADS, length, -1)
        return self.after_attention(x, heads.transpose(1, 2).reshape(batch, length, width))

    def after_attention(self, x: Tensor, heads: Tensor) -> Tensor:
        """The layer's output, from its input `x` and what its `heads` attended to, both (batch, length, width)."""
        rate = self.dropout if self.training else 0.0
        x = self.norm_attention(x + dropped(self.out(heads), rate))
        return self.norm_feed(x + dropped(self.down(functional.gelu(self.up(x))), rate))


class SentenceHead(nn.Module):
    """The mean of a sentence's subwords to how it is told on each of `SCALES`, and to its vector."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, width)
        self.valence = nn.Linear(width, len(SCALES))
        self.vector = nn.Linear(width, WIDTH)
        self.dropout = dropout

    def forward(self, means: Tensor) -> tuple[Tensor, Tensor]:
        """`means` (sentences, width) to valences (sentences, scales) and vectors (sentences, WIDTH)."""
        kept = dropped(means, self.dropout if self.training else 0.0)
        return self.valence(functional.gelu(self.hidden(kept))), self.vector(means)


class MentionHead(nn.Module):
    """A mention and its sentence to the polarities that answer `QUESTIONS`.

    The mention's vector looks at the subwords of its sentence (attention, as in Vaswani et al., 2017); what it sees,
    the vector and the sentence's mean go through one hidden layer.
    """

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.hidden = nn.Linear(3 * width, width)
        self.polarity = nn.Linear(width, len(QUESTIONS) * len(POLARITIES))
        self.dropout = dropout

    def forward(self, mentions: Tensor, subwords: Tensor, inside: Tensor) -> Tensor:
        """The scores (mentions, questions, polarities).

        `mentions` is (mentions, width), `subwords` their sentences' (mentions, length, width), of which `inside`
        (mentions, length) tells the real ones from padding.
        """
        size, length, _ = subwords.shape
        q = self.query(mentions).reshape(size, LOOKS, 1, -1)
        k, v = (part(subwords).reshape(size, length, LOOKS, -1).transpose(1, 2) for part in (self.key, self.value))
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=inside[:, None, None, :]).reshape(size, -1)
        weights = inside.to(subwords.dtype)[..., None]
        sentence = (subwords * weights).sum(1) / weights.sum(1)
        joined = dropped(torch.cat([mentions, seen, sentence], -1), self.dropout if self.training else 0.0)
        scores: Tensor = self.polarity(functional.gelu(self.hidden(joined)))
        return scores.reshape(size, len(QUESTIONS), len(POLARITIES))


class Reader(nn.Module):
    """Subword ids and shapes in, a vector for each subword out; and the heads that read those."""

    distances: Tensor

    def __init__(self, labels: int, *, size: Size = MINILM, dropout: float = 0.1) -> None:
        super().__init__()
        self.size = size
        self.words = nn.Embedding(VOCABULARY, size.width)
        self.positions = nn.Embedding(POSITIONS, size.width)
        self.shapes = nn.Embedding(len(SHAPES), size.width)
        self.norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))
        self.mentions = nn.Linear(size.width, labels)
        self.sentence = SentenceHead(size.width, dropout)
        self.mention = MentionHead(size.width, dropout)
        self.dropout = dropout
        if size.relative:
            self.register_buffer("distances", torch.zeros(DISTANCES, HEADS))

    def embed(self, ids: Tensor, shapes: Tensor) -> Tensor:
        """The encoder's input (batch, length, width)."""
        return self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """`ids`, `shapes` and `mask` (1 where there is a subword) are (batch, length); vectors (…, width) come out."""
        x = dropped(self.embed(ids, shapes), self.dropout if self.training else 0.0)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        if self.size.relative:
            bias = bias + self.distances[apart(ids.shape[1]).to(ids.device)].permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x, bias)
        return x


def apart(length: int) -> Tensor:
    """The class of how far each subword (row) is from each other (column): exact when near, by logarithm when far."""
    ahead = torch.arange(length) - torch.arange(length)[:, None]
    far, near = ahead.abs(), DISTANCES // 4
    wide = near + (far.clamp(min=near) / near).log() / math.log(FARTHEST / near) * (DISTANCES // 2 - near)
    return torch.where(far < near, far, wide.long().clamp(max=DISTANCES // 2 - 1)) + (ahead > 0) * (DISTANCES // 2)


def shortened(teacher: Reader, labels: int, layers: int) -> Reader:
    """A reader of fewer `layers`, every so manyeth of the teacher's, the last one kept; all else as the teacher's."""
    kept = [round((n + 1) * len(teacher.layers) / layers) - 1 for n in range(layers)]
    reader = Reader(labels, size=replace(teacher.size, layers=layers))
    state = {name: value for name, value in teacher.state_dict().items() if not name.startswith("layers.")}
    for n, source in enumerate(kept):
        state |= {f"layers.{n}.{name}": value for name, value in teacher.layers[source].state_dict().items()}
    reader.load_state_dict(state)
    return reader


def size_of(state: Mapping[str, Tensor]) -> Size:
    """The size of the reader whose weights are in `state`."""
    known = MPNET if "distances" in state else MINILM
    return replace(known, layers=1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers.")))


_NAMES = {
    MINILM: {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm_attention": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm_feed": "output.LayerNorm",
    },
    MPNET: {
        "query": "attention.attn.q",
        "key": "attention.attn.k",
        "value": "attention.attn.v",
        "out": "attention.attn.o",
        "norm_attention": "attention.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm_feed": "output.LayerNorm",
    },
}
"""What the parts of a layer are called in the files that training starts from."""
_MPNET_FIRST, _MPNET_MARKS, _MPNET_POSITIONS = 4, {0: 1, 101: 0, 102: 2, 103: 30526}, 2
"""Where BERT's vocabulary and the positions begin in MPNet's; what it has for [PAD], [CLS], [SEP] and [MASK]."""


def pretrained(path: Path, labels: int) -> Reader:
    """A reader whose encoder is the one stored at `path` (MiniLM or MPNet, safetensors) and whose heads are new.

    All shapes begin as the one token type that the encoder knew, so that it reads as before.
    """
    old = load_file(path)
    size = MPNET if "encoder.relative_attention_bias.weight" in old else MINILM
    reader = Reader(labels, size=size)
    state = {f"norm.{kind}": old[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}
    state |= _embeddings(old, size)
    for n in range(size.layers):
        names = {mine: f"encoder.layer.{n}.{theirs}" for mine, theirs in _NAMES[size].items()}
        for kind in ("weight", "bias"):
            state[f"layers.{n}.qkv.{kind}"] = torch.cat([old[f"{names[part]}.{kind}"] for part in _QKV])
            state |= {f"layers.{n}.{mine}.{kind}": old[f"{names[mine]}.{kind}"] for mine in names if mine not in _QKV}
    missing, unexpected = reader.load_state_dict(state, strict=False)
    if unexpected or {name.split(".")[0] for name in missing} != HEAD_PARTS:
        raise ValueError(f"{path} is not the encoder that was expected: missing {missing}, unexpected {unexpected}")
    return reader


_QKV = ("query", "key", "value")


def _embeddings(old: Mapping[str, Tensor], size: Size) -> dict[str, Tensor]:
    """The embeddings of words, positions and shapes, words by BERT's ids; and the classes of distances, if any."""
    words, positions = old["embeddings.word_embeddings.weight"], old["embeddings.position_embeddings.weight"]
    if not size.relative:
        kinds = old["embeddings.token_type_embeddings.weight"][:1].repeat(len(SHAPES), 1)
        return {"words.weight": words, "positions.weight": positions, "shapes.weight": kinds}
    numbers = torch.arange(VOCABULARY) + _MPNET_FIRST
    for mine, theirs in _MPNET_MARKS.items():
        numbers[mine] = theirs
    return {
        "words.weight": words[numbers],
        "positions.weight": positions[_MPNET_POSITIONS:],
        "shapes.weight": torch.zeros(len(SHAPES), size.width),
        "distances": old["encoder.relative_attention_bias.weight"],
    }
