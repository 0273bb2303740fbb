"""Articles like these: how near an article lies to the middle of some examples, and how near is near enough."""

from dataclasses import dataclass

import numpy as np

from gazetteer.annotate.vectors import Floats, unit

LOOSEST, STRICTEST = 0.5, 0.65
"""Between these is the likeness asked for, the cosine of an article with the middle of the examples."""
SPREAD = 0.5
"""Standard deviations below the mean likeness of an example to the others. Chosen, as the two bounds, on the tune half
of the labelled Wikinews articles, on topics that three articles exemplify."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Examples as unit vectors `like` (n, width), and `unlike` (m, width): what articles must be less like than them.

    `limit` is the least likeness to their `middle` (width,) at which an article is like them.
    """

    like: Floats
    unlike: Floats
    middle: Floats
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike an article is to the examples' middle, from -1 to 1, and the number of the `nearest` example."""

    value: float
    nearest: int


def learn(like: Floats, unlike: Floats | None = None) -> Examples:
    """The examples whose unit vectors are `like` (n, width), n at least 1, and the likeness that their spread asks."""
    limit = LOOSEST
    if len(like) > 1:
        others = unit((like.sum(axis=0) - like) / (len(like) - 1))
        alike = (like * others).sum(axis=1)
        limit = min(max(float(alike.mean() - SPREAD * alike.std()), LOOSEST), STRICTEST)
    none = np.zeros((0, like.shape[1]), dtype=np.float32)
    return Examples(like=like, unlike=none if unlike is None else unlike, middle=unit(like.mean(axis=0)), limit=limit)


def likeness(examples: Examples, vector: Floats) -> Likeness | None:
    """How like the `examples` the article at the unit `vector` (width,) is; None where it is not like them."""
    value, each = float(examples.middle @ vector), examples.like @ vector
    against = (examples.unlike @ vector).max(initial=-1.0)
    if value < examples.limit or against >= each.max():
        return None
    return Likeness(value=value, nearest=int(each.argmax()))
