"""Calibrated weights to the shipped model: `python -m training.export --weights FILE --tokenizer FILE --out DIR`.

The encoder's weights are stored in 8 bits: the word embeddings row by row, the linear layers column by column (dynamic
quantisation of the activations by onnxruntime, with 7-bit weights, so that processors without VNNI give the same
answers). What onnxruntime would fuse when it loads the network is fused here, but for the sums before layer norms: its
one operator for both costs more than the two. The heads' weights are stored in 16 bits.
"""

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from gazetteer.annotate.shipped import FACTS, LAYERS, NETWORK, TOKENIZER
from gazetteer.types import LABELS
from training.losses import LABEL_ROWS
from training.model import HEADS, Reader, size_of
from training.sealing import digests, written


class RowQuantised(nn.Module):
    """An embedding in 8 bits with one scale a row."""

    rows: Tensor
    scales: Tensor

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        weight = embedding.weight.detach()
        scales = weight.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("rows", torch.round(weight / scales).to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, ids: Tensor) -> Tensor:
        """The embeddings of `ids`, in 32 bits."""
        return self.rows[ids].to(torch.float32) * self.scales[ids]


class FusedAttention(torch.autograd.Function):
    """All heads' attention over whole windows, written to ONNX as the one operator that onnxruntime has for it."""

    @staticmethod
    def forward(_: object, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """What the heads attend to; `q`, `k`, `v` and the result are (batch, length, WIDTH)."""
        parts = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (q, k, v))
        return functional.scaled_dot_product_attention(*parts).transpose(1, 2).flatten(-2)

    @staticmethod
    def symbolic(g: Any, q: Any, k: Any, v: Any) -> Any:  # noqa: ANN401 (the exporter's own graph)
        """The operator, in the exporter's graph `g`."""
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=HEADS).setType(q.type())


class WindowReader(nn.Module):
    """A reader of whole windows, none padded: ids and shapes (batch, length) in, scores by label and vectors out."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        """The scores (batch, length, labels) and the vectors (batch, length, WIDTH)."""
        x = self.reader.embed(ids, shapes)
        for layer in self.reader.layers:
            x = layer.after_attention(x, FusedAttention.apply(*layer.qkv(x).chunk(3, dim=-1)))
        return self.reader.mentions(x), x


def fuse(network: Path, out: Path) -> None:
    """Write `network` to `out` with its operators fused, for any processor."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(out)
    onnxruntime.InferenceSession(
        network, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def export(*, weights: Path, tokenizer: Path, out: Path, version: str, bits: int) -> None:
    """Write `model.onnx` (`bits` 8 or 32), `heads.npz`, `tokenizer.json` and `model.json` to the folder `out`.

    The last has the digest of the tables of words and topics too, where `out` has them.
    """
    state = torch.load(weights, weights_only=True)
    heads = {name: value for name, value in state.items() if name.split(".")[0] in ("sentence", "mention")}
    reader = Reader(LABEL_ROWS, size=size_of(state)).eval()
    reader.load_state_dict({name: value for name, value in state.items() if name not in heads}, strict=False)
    if bits == 8:
        reader.words = RowQuantised(reader.words)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            WindowReader(reader),
            (torch.ones(2, 24, dtype=torch.long), torch.ones(2, 24, dtype=torch.long)),
            whole,
            input_names=["ids", "shapes"],
            output_names=["mentions", "hidden"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in ("ids", "shapes", "mentions", "hidden")},
            custom_opsets={"com.microsoft": 1},
            opset_version=17,
            dynamo=False,
        )
        if bits == 8:
            quantize_dynamic(
                whole,
                small,
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul"],
            )
        fuse(small if bits == 8 else whole, out / NETWORK)
    onnx.checker.check_model(out / NETWORK)
    shutil.copy(tokenizer, out / TOKENIZER)
    np.savez(out / LAYERS, **{name: value.half().numpy() for name, value in heads.items()})
    facts = {"version": version, "sha256": digests(out), "labels": LABELS}
    (out / FACTS).write_text(written(facts), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--bits", type=int, choices=(8, 32), default=8)
    export(**vars(parser.parse_args()))
