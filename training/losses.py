"""What the reader is to learn from a batch, as one number: minus the log-likelihood of all that is known of it."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from gazetteer.types import LABELS
from training.corpora import QUESTIONS, SCALES, UNKNOWN
from training.model import Reader
from training.windows import CLS, SEP, Window

LABEL_ROWS = 1 + 2 * len(LABELS)
SPREAD = (1.2, 0.35)
"""The standard deviation of the ratings of each of `SCALES`; valences are learned in its units."""
WEIGHTS = {"mentions": 1.0, "valence": 1.5, "polarity": 2.0, "vectors": 2.0}
MASK = 103
PER = 1500
"""Words that a batch is taken to have; the loss is what is summed over a batch, by so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows padded to one length.

    `ids`, `shapes`, `mask` (windows, length); `allowed` (windows, length, labels). `sentence_of` (windows · length) is
    the sentence of each subword, or the number of sentences where there is none; `valence`, `vectors` have a row a
    sentence. `target_of` likewise for mentions whose polarity is known; `places` (targets, longest) are the subwords of
    each one's sentence, `inside` which of those are real; `polarity` has a row a target. What teachers say stands by
    the same rows, NaN where they say nothing.
    """

    ids: Tensor
    shapes: Tensor
    mask: Tensor
    allowed: Tensor
    sentence_of: Tensor
    valence: Tensor
    vectors: Tensor
    target_of: Tensor
    places: Tensor
    inside: Tensor
    polarity: Tensor
    said_scores: Tensor
    said_valence: Tensor
    said_polarity: Tensor

    def to(self, device: str) -> "Batch":
        """The same on `device`."""
        return Batch(**{name: getattr(self, name).to(device) for name in self.__slots__})


def batch_of(group: list[Window], vectors: npt.NDArray[np.float16]) -> Batch:
    """`group` padded to a multiple of 16 subwords; `vectors` has the teacher's for every sentence of the run."""
    length = -(-max(len(window.ids) for window in group) // 16) * 16
    shape = (len(group), length)
    ids, shapes, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.float32)
    allowed = np.zeros((*shape, LABEL_ROWS), dtype=bool)
    said = np.full(allowed.shape, np.nan, dtype=np.float32)
    spans, targets = [], []
    sentences = 0
    for n, window in enumerate(group):
        own = slice(len(window.ids))
        ids[n, own], shapes[n, own], mask[n, own], allowed[n, own] = window.ids, window.shapes, 1, window.allowed
        said[n, own] = window.said_scores
        spans.append(window.sentences + n * length)
        targets.append(window.targets + np.array([n * length, n * length, sentences]))
        sentences += len(window.sentences)
    bounds, aims = np.concatenate(spans), np.concatenate(targets)
    places, inside = _spread(bounds[aims[:, 2]])
    arrays = {
        "ids": ids,
        "shapes": shapes,
        "mask": mask,
        "allowed": allowed,
        "sentence_of": _segments(bounds, mask.size),
        "valence": np.concatenate([window.valence for window in group]) / np.array(SPREAD, np.float32),
        "vectors": vectors[np.concatenate([window.numbers for window in group])].astype(np.float32),
        "target_of": _segments(aims[:, :2], mask.size),
        "places": places,
        "inside": inside,
        "polarity": np.concatenate([window.polarity for window in group]),
        "said_scores": said,
        "said_valence": np.concatenate([window.said_valence for window in group]).astype(np.float32),
        "said_polarity": np.concatenate([window.said_polarity for window in group]).astype(np.float32),
    }
    return Batch(**{name: torch.from_numpy(array) for name, array in arrays.items()})


def masked(batch: Batch, share: float) -> Batch:
    """`batch` with a random `share` of its subwords hidden behind [MASK], so that names are read by what is around."""
    drawn = torch.rand(batch.ids.shape, device=batch.ids.device) < share
    drawn &= (batch.ids != CLS) & (batch.ids != SEP) & (batch.mask > 0)
    return replace(batch, ids=batch.ids.masked_fill(drawn, MASK))


def _segments(spans: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """For each of `size` places the number of the span that it is in, `len(spans)` where in none."""
    found = np.full(size, len(spans), dtype=np.int64)
    for n, (start, end) in enumerate(spans):
        found[start:end] = n
    return found


def _spread(spans: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The places of each span in a row (spans, longest), and which are real."""
    longest = int((spans[:, 1] - spans[:, 0]).max(initial=1))
    places = spans[:, :1] + np.arange(longest)
    inside = places < spans[:, 1:]
    return np.where(inside, places, 0), inside


def means(hidden: Tensor, segment_of: Tensor, count: int) -> Tensor:
    """The mean (count, width) of the rows of `hidden` in each segment; rows of segment `count` are in none."""
    sums = hidden.new_zeros(count + 1, hidden.shape[1]).index_add(0, segment_of, hidden)
    sizes = torch.bincount(segment_of, minlength=count + 1).clamp(min=1)
    return (sums / sizes[:, None])[:count]


def answers(reader: Reader, batch: Batch, *, bf16: bool) -> dict[str, Tensor]:
    """What `reader` says: `mentions` (subwords, labels), `valence`, `vectors` by sentence, `polarity` by target."""
    with torch.autocast(batch.ids.device.type, dtype=torch.bfloat16, enabled=bf16):
        hidden = reader(batch.ids, batch.shapes, batch.mask)
    hidden = hidden.float().flatten(0, 1)
    valence, vectors = reader.sentence(means(hidden, batch.sentence_of, len(batch.valence)))
    found = {"mentions": reader.mentions(hidden), "valence": valence, "vectors": vectors}
    if len(batch.polarity):
        aims = means(hidden, batch.target_of, len(batch.polarity))
        found["polarity"] = reader.mention(aims, hidden[batch.places], batch.inside)
    else:
        found["polarity"] = hidden.new_zeros(0, len(QUESTIONS), 3)
    return found


def losses(found: dict[str, Tensor], batch: Batch) -> dict[str, Tensor]:
    """Each head's loss, summed over what is known."""
    allowed = batch.allowed.flatten(0, 1)
    counted = allowed.any(-1)
    log = functional.log_softmax(found["mentions"][counted], -1).masked_fill(~allowed[counted], -1e9)
    rated = ~batch.valence.isnan()
    polarity = functional.cross_entropy(
        found["polarity"].flatten(0, 1), batch.polarity.flatten(), ignore_index=UNKNOWN, reduction="sum"
    )
    return {
        "mentions": -torch.logsumexp(log, -1).sum(),
        "valence": ((found["valence"] - batch.valence.nan_to_num()) ** 2)[rated].sum(),
        "polarity": polarity if len(batch.polarity) else polarity.new_zeros(()),
        "vectors": (1 - functional.cosine_similarity(found["vectors"], batch.vectors, dim=-1)).sum(),
    }


def imitation(found: dict[str, Tensor], batch: Batch) -> Tensor:
    """How far a reader is from its teachers, over all that they say (Hinton et al., 2015)."""
    pairs = ((found["mentions"], batch.said_scores.flatten(0, 1)), (found["polarity"], batch.said_polarity))
    unlike = []
    for mine, theirs in pairs:
        real = ~theirs.isnan().any(-1)
        logs = mine[real].log_softmax(-1)
        unlike.append(functional.kl_div(logs, theirs[real], log_target=True, reduction="sum"))
    rated = ~batch.said_valence.isnan()
    apart = ((found["valence"] - batch.said_valence.nan_to_num()) ** 2)[rated].sum()
    return (unlike[0] + WEIGHTS["polarity"] * unlike[1] + WEIGHTS["valence"] * apart) / PER


def whole(parts: dict[str, Tensor]) -> Tensor:
    """The loss to lower: the heads' losses, weighed."""
    total = sum(WEIGHTS[name] * part for name, part in parts.items())
    assert isinstance(total, Tensor)
    return total / PER


assert len(SPREAD) == len(SCALES)
