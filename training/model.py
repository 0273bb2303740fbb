"""The reader as it is trained: a BERT encoder whose token types are word shapes, and the heads that read its vectors.

The architecture is that of MiniLM (Wang et al., NeurIPS 2020); the weights that training starts from are those of
all-MiniLM-L6-v2 (Apache-2.0).
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from gazetteer.annotate.subwords import SHAPES
from training.corpora import POLARITIES, QUESTIONS, SCALES

VOCABULARY, POSITIONS, WIDTH, HEADS, INNER, LAYERS = 30522, 512, 384, 12, 1536, 6
LOOKS = 6
"""Heads of the attention with which a mention looks at its sentence."""


class Layer(nn.Module):
    """One transformer layer, normalised after each half (Vaswani et al., 2017)."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm_attention = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_feed = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x` is (batch, length, WIDTH); `bias` (batch, 1, 1, length) is added to the attention's scores."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        heads = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype), dropout_p=0.0)
        return self.after_attention(x, heads.transpose(1, 2).reshape(batch, length, WIDTH))

    def after_attention(self, x: Tensor, heads: Tensor) -> Tensor:
        """The layer's output, from its input `x` and what its `heads` attended to, both (batch, length, WIDTH)."""
        rate = self.dropout if self.training else 0.0
        x = self.norm_attention(x + functional.dropout(self.out(heads), rate))
        return self.norm_feed(x + functional.dropout(self.down(functional.gelu(self.up(x))), rate))


class SentenceHead(nn.Module):
    """The mean of a sentence's subwords to how it is told on each of `SCALES`, and to its vector."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.valence = nn.Linear(WIDTH, len(SCALES))
        self.vector = nn.Linear(WIDTH, WIDTH)
        self.dropout = dropout

    def forward(self, means: Tensor) -> tuple[Tensor, Tensor]:
        """`means` (sentences, WIDTH) to valences (sentences, scales) and vectors (sentences, WIDTH)."""
        dropped = functional.dropout(means, self.dropout, self.training)
        return self.valence(functional.gelu(self.hidden(dropped))), self.vector(means)


class MentionHead(nn.Module):
    """A mention and its sentence to the polarities that answer `QUESTIONS`.

    The mention's vector looks at the subwords of its sentence (attention, as in Vaswani et al., 2017); what it sees,
    the vector and the sentence's mean go through one hidden layer.
    """

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.hidden = nn.Linear(3 * WIDTH, WIDTH)
        self.polarity = nn.Linear(WIDTH, len(QUESTIONS) * len(POLARITIES))
        self.dropout = dropout

    def forward(self, mentions: Tensor, subwords: Tensor, inside: Tensor) -> Tensor:
        """The scores (mentions, questions, polarities).

        `mentions` is (mentions, WIDTH), `subwords` their sentences' (mentions, length, WIDTH), of which `inside`
        (mentions, length) tells the real ones from padding.
        """
        size, length, _ = subwords.shape
        q = self.query(mentions).reshape(size, LOOKS, 1, -1)
        k, v = (part(subwords).reshape(size, length, LOOKS, -1).transpose(1, 2) for part in (self.key, self.value))
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=inside[:, None, None, :]).reshape(size, WIDTH)
        weights = inside.to(subwords.dtype)[..., None]
        sentence = (subwords * weights).sum(1) / weights.sum(1)
        joined = functional.dropout(torch.cat([mentions, seen, sentence], -1), self.dropout, self.training)
        scores: Tensor = self.polarity(functional.gelu(self.hidden(joined)))
        return scores.reshape(size, len(QUESTIONS), len(POLARITIES))


class Reader(nn.Module):
    """Subword ids and shapes in, a vector for each subword out; and the heads that read those."""

    def __init__(self, labels: int, *, layers: int = LAYERS, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(len(SHAPES), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.mentions = nn.Linear(WIDTH, labels)
        self.sentence = SentenceHead(dropout)
        self.mention = MentionHead(dropout)
        self.dropout = dropout

    def embed(self, ids: Tensor, shapes: Tensor) -> Tensor:
        """The encoder's input (batch, length, WIDTH)."""
        return self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """`ids`, `shapes` and `mask` (1 where there is a subword) are (batch, length); vectors (…, WIDTH) come out."""
        x = functional.dropout(self.embed(ids, shapes), self.dropout if self.training else 0.0)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


def shortened(teacher: Reader, labels: int, layers: int) -> Reader:
    """A reader of fewer `layers`, every so manyeth of the teacher's, the last one kept; all else as the teacher's."""
    kept = [round((n + 1) * len(teacher.layers) / layers) - 1 for n in range(layers)]
    reader = Reader(labels, layers=layers)
    state = {name: value for name, value in teacher.state_dict().items() if not name.startswith("layers.")}
    for n, source in enumerate(kept):
        state |= {f"layers.{n}.{name}": value for name, value in teacher.layers[source].state_dict().items()}
    reader.load_state_dict(state)
    return reader


def layers_of(state: Mapping[str, Tensor]) -> int:
    """How many layers the reader has whose weights are in `state`."""
    return 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))


def from_minilm(path: Path, labels: int) -> Reader:
    """A reader whose encoder is the one stored at `path` (safetensors, BERT's names) and whose heads are new.

    All shapes begin as the one token type that the encoder knew, so that it reads as before.
    """
    old = load_file(path)
    reader = Reader(labels)
    state = {
        "words.weight": old["embeddings.word_embeddings.weight"],
        "positions.weight": old["embeddings.position_embeddings.weight"],
        "shapes.weight": old["embeddings.token_type_embeddings.weight"][:1].repeat(len(SHAPES), 1),
        "norm.weight": old["embeddings.LayerNorm.weight"],
        "norm.bias": old["embeddings.LayerNorm.bias"],
    }
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}."
        for kind in ("weight", "bias"):
            state[f"layers.{n}.qkv.{kind}"] = torch.cat(
                [old[f"{layer}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for mine, theirs in (
                ("out", "attention.output.dense"),
                ("norm_attention", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("norm_feed", "output.LayerNorm"),
            ):
                state[f"layers.{n}.{mine}.{kind}"] = old[f"{layer}{theirs}.{kind}"]
    missing, unexpected = reader.load_state_dict(state, strict=False)
    if unexpected or {name.split(".")[0] for name in missing} != {"mentions", "sentence", "mention"}:
        raise ValueError(f"{path} is not the encoder that was expected: missing {missing}, unexpected {unexpected}")
    return reader
