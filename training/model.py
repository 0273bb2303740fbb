"""The reader as it is trained: a BERT encoder whose token types are word shapes, and a linear head for mentions.

The architecture is that of MiniLM (Wang et al., NeurIPS 2020) in its six-layer form; the weights that training starts
from are those of all-MiniLM-L6-v2 (Apache-2.0).
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from gazetteer.annotate.subwords import SHAPES

VOCABULARY, POSITIONS, WIDTH, HEADS, INNER, LAYERS = 30522, 512, 384, 12, 1536, 6


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


class Reader(nn.Module):
    """Subword ids and shapes in, the scores of the BIO labels of each subword out."""

    def __init__(self, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(len(SHAPES), WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.mentions = nn.Linear(WIDTH, labels)
        self.dropout = dropout

    def embed(self, ids: Tensor, shapes: Tensor) -> Tensor:
        """The encoder's input (batch, length, WIDTH)."""
        return self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """`ids`, `shapes` and `mask` (1 where there is a subword) are (batch, length); so are the scores, by label."""
        x = functional.dropout(self.embed(ids, shapes), self.dropout if self.training else 0.0)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return self.mentions(x)


def from_minilm(path: Path, labels: int) -> Reader:
    """A reader whose encoder is the one stored at `path` (safetensors, BERT's names) and whose head is new."""
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
    if unexpected or {name.split(".")[0] for name in missing} != {"mentions"}:
        raise ValueError(f"{path} is not the encoder that was expected: missing {missing}, unexpected {unexpected}")
    return reader
