"""What an article is about, in IPTC Media Topics (CC BY 4.0): the 17 top ones and, where much speaks for it, deeper.

A top topic is told by a logistic regression on where the article lies (`vectors.article_vector`) and on its words,
fitted on articles with labels and on the definitions of all topics. A deeper one, below a top that was given, is told
by how near the article lies to its definition and by the words of its label in headline and text. `training/topics.py`
makes the table.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.shipped import whole
from gazetteer.annotate.summary import EMPTY, stem
from gazetteer.annotate.vectors import Floats, article_vector, unit
from gazetteer.errors import ModelError
from gazetteer.types import Tag

FILE = "topics.npz"
"""The table's name in the model's folder."""

BUSINESS = "medtop:04000000"
"""The code of the top for economy, business and finance."""

DEEPER_FEATURES = ("likeness", "label_in_headline", "label_in_text")
MOST_DEEPER = 3
_OF_HEADLINE = 3  # times that a word of a headline counts beside one of the text
_OFTEN = 3  # times that a word of a label counts in a text
_MOST_SENTENCES, _MOST_WORDS = 3, 3
_NEAR = 0.6  # of the nearest sentence's share: as near as this is named too
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = frozenset({"and", "the", "for", "with", "from", "other", "news", "act", "general", "issue", "new"})
_MORE = (
    "been being during her hers him many once ours per since than their them these those though through until "
    "upon were while whose within without your didn doesn don hadn hasn haven isn wasn weren couldn shouldn "
    "wouldn added adds announced asked asks claimed claims described explained noted reported reportedly reports "
    "saying spoke spokesman spokesperson spokeswoman telling tells told according statement"
)
_UNTOLD = EMPTY | frozenset(_MORE.split())
"""Words of grammar and of reporting: every article has them, so they tell a reader nothing of its topic, whatever they
count."""
_UNTOLD_STEMS = frozenset(map(stem, _UNTOLD))


@dataclass(frozen=True, kw_only=True)
class Topics:
    """Every topic, and what tells it.

    `codes`, `labels` and `parents` (the number of the broader topic, -1 for a top) have one of each topic; `vectors`
    (topics, width) are those of "label: definition". The tops come first; `weights` (tops, width), `biases` (tops,) and
    `word_weights` (words, tops) give their log-odds: the last are those of the stems of `vocabulary`, whose `rarities`
    (words,) are their inverse document frequencies. A top is given where its probability is at least `limit`, and the
    likeliest one also where that is at least `lone_limit`. `deeper` are the intercept and coefficients of
    `DEEPER_FEATURES` in the log-odds of a deeper topic, `deeper_limit` the least probability at which one is given.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    parents: tuple[int, ...]
    vectors: Floats
    weights: Floats
    biases: Floats
    vocabulary: tuple[str, ...]
    rarities: Floats
    word_weights: Floats
    limit: float
    lone_limit: float
    deeper: tuple[float, ...]
    deeper_limit: float

    @cached_property
    def tops(self) -> tuple[int, ...]:
        """The number of the top above each topic, or of itself."""
        found = list(range(len(self.parents)))
        while any(self.parents[top] >= 0 for top in found):
            found = [top if self.parents[top] < 0 else self.parents[top] for top in found]
        return tuple(found)

    @cached_property
    def words(self) -> tuple[frozenset[str], ...]:
        """The words of each topic's label, without what stands in parentheses and without endings."""
        return tuple(frozenset(stems(label.split("(")[0])) for label in self.labels)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each stem of `vocabulary`."""
        return {word: number for number, word in enumerate(self.vocabulary)}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An article as topics see it: its `headline` and `sentences`, as text and as vectors ((width,), (n, width))."""

    headline: str
    sentences: tuple[str, ...]
    headline_vector: Floats
    sentence_vectors: Floats

    @cached_property
    def vector(self) -> Floats:
        """Where the article lies (width,)."""
        return article_vector(self.headline_vector, self.sentence_vectors)

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word stands in the sentences, in small letters, in the order they come in."""
        return Counter(_WORD.findall(" ".join(self.sentences).lower()))

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of the headline."""
        return frozenset(stems(self.headline))

    @cached_property
    def text_stems(self) -> Counter[str]:
        """How often each stem stands in the sentences."""
        found: Counter[str] = Counter()
        for word, times in self.words.items():
            if word not in _EMPTY:
                found[stem(word)] += times
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The known words of an article: their `numbers` in the vocabulary, and how much each counts, at unit length."""

    numbers: npt.NDArray[np.int64]
    shares: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A topic, by its number, and its probability."""

    topic: int
    probability: float


def load(path: Path, *, sha256: str | None = None) -> Topics:
    """The table at `path`, whose digest is `sha256` where that is given. Raise ModelError if it is not whole."""
    try:
        with np.load(io.BytesIO(whole(path, sha256)), allow_pickle=False) as table:
            limit, lone_limit, deeper_limit = map(float, table["limits"])
            return Topics(
                codes=tuple(map(str, table["codes"])),
                labels=tuple(map(str, table["labels"])),
                parents=tuple(map(int, table["parents"])),
                vectors=table["vectors"].astype(np.float32) * table["scales"],
                weights=table["weights"],
                biases=table["biases"],
                vocabulary=tuple(str(table["vocabulary"]).split()),
                rarities=table["rarities"].astype(np.float32),
                word_weights=table["word_weights"].astype(np.float32) * table["word_scales"],
                limit=limit,
                lone_limit=lone_limit,
                deeper=tuple(map(float, table["deeper"])),
                deeper_limit=deeper_limit,
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"the topics in {path} cannot be read ({error}): install Gazetteer again") from error


def save(topics: Topics, path: Path) -> None:
    """Write `topics` to `path`: vectors in 8 bits with one scale a topic, words' weights likewise with one a top."""
    scales = np.maximum(np.abs(topics.vectors).max(axis=1, keepdims=True), 1e-9) / 127
    word_scales = np.maximum(np.abs(topics.word_weights).max(axis=0, initial=0), 1e-9) / 127
    np.savez_compressed(
        path,
        codes=np.array(topics.codes),
        labels=np.array(topics.labels),
        parents=np.array(topics.parents, dtype=np.int16),
        vectors=np.round(topics.vectors / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        weights=topics.weights.astype(np.float32),
        biases=topics.biases.astype(np.float32),
        vocabulary=np.array(" ".join(topics.vocabulary)),
        rarities=topics.rarities.astype(np.float16),
        word_weights=np.round(topics.word_weights / word_scales).astype(np.int8),
        word_scales=word_scales.astype(np.float32),
        limits=np.array([topics.limit, topics.lone_limit, topics.deeper_limit]),
        deeper=np.array(topics.deeper),
    )


def tags(topics: Topics, seen: Seen) -> tuple[Tag, ...]:
    """The topics of an article, the likeliest top first, each followed by the deeper ones below it."""
    found: list[Found] = []
    deeper = find_deeper(topics, seen, tops := find_tops(topics, seen))
    said = wording(topics, seen)
    for top in tops:
        found += [top, *(each for each in deeper if topics.tops[each.topic] == top.topic)]
    return tuple(
        Tag(name=topics.labels[each.topic], code=topics.codes[each.topic], why=why(topics, seen, said, each))
        for each in found
    )


def wording(topics: Topics, seen: Seen) -> Wording:
    """What `seen` says in words that `topics` knows: 1 + log of how often, times how rare (Salton and Buckley 1988)."""
    counts = dict(seen.text_stems)
    for word in seen.title_stems:
        counts[word] = counts.get(word, 0) + _OF_HEADLINE
    known = topics.numbers
    pairs = sorted((known[word], times) for word, times in counts.items() if word in known)
    numbers = np.array([number for number, _ in pairs], dtype=np.int64)
    times = np.array([times for _, times in pairs], dtype=np.float32)
    return Wording(numbers=numbers, shares=unit((1 + np.log(times)) * topics.rarities[numbers]))


def odds_of(topics: Topics, seen: Seen) -> Floats:
    """The log-odds (tops,) of each top for an article."""
    said = wording(topics, seen)
    odds: Floats = topics.weights @ seen.vector + said.shares @ topics.word_weights[said.numbers] + topics.biases
    return odds


def find_tops(topics: Topics, seen: Seen) -> tuple[Found, ...]:
    """The top topics of an article, the likeliest first; none where it lies nowhere."""
    if not seen.vector.any():
        return ()
    odds = odds_of(topics, seen)
    likely = _probabilities(odds)
    given = [top for top in np.argsort(-odds, kind="stable") if likely[top] >= topics.limit]
    best = int(odds.argmax())
    if not given and likely[best] >= topics.lone_limit:
        given = [best]
    return tuple(Found(topic=int(top), probability=float(likely[top])) for top in given)


def find_deeper(topics: Topics, seen: Seen, tops: Iterable[Found]) -> tuple[Found, ...]:
    """The deeper topics under `tops`, the likeliest first; none above or below another that is given."""
    under = candidates(topics, tops)
    likely = _probabilities(deeper_features(topics, seen, under) @ topics.deeper[1:] + topics.deeper[0])
    given: list[Found] = []
    for at in np.argsort(-likely, kind="stable"):
        if likely[at] < topics.deeper_limit or len(given) == MOST_DEEPER:
            break
        if not any(
            is_above(topics, under[at], each.topic) or is_above(topics, each.topic, under[at]) for each in given
        ):
            given.append(Found(topic=under[at], probability=float(likely[at])))
    return tuple(given)


def candidates(topics: Topics, tops: Iterable[Found]) -> list[int]:
    """The numbers of all topics below `tops`."""
    above = {each.topic for each in tops}
    return [n for n, top in enumerate(topics.tops) if top in above and topics.parents[n] >= 0]


def deeper_features(topics: Topics, seen: Seen, numbers: Sequence[int]) -> npt.NDArray[np.float64]:
    """A row for each topic of `numbers`, of `DEEPER_FEATURES`; words count up to thrice in the text."""
    title, text = seen.title_stems, seen.text_stems
    likeness = topics.vectors[numbers] @ seen.vector
    rows = [
        (near, _mean([word in title for word in words]), _mean([min(text[word], _OFTEN) / _OFTEN for word in words]))
        for near, words in zip(likeness, (topics.words[number] for number in numbers), strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(DEEPER_FEATURES))


def is_above(topics: Topics, one: int, other: int) -> bool:
    """Whether the topic `one` is broader than `other`, at any distance."""
    while (other := topics.parents[other]) >= 0:
        if other == one:
            return True
    return False


def why(topics: Topics, seen: Seen, said: Wording, found: Found) -> str:
    """Which parts of the article and which words speak most for a topic, and how likely the topic is."""
    is_top = topics.parents[found.topic] < 0
    direction = topics.weights[found.topic] if is_top else topics.vectors[found.topic]
    words = telling(topics, said, found.topic) if is_top else topics.words[found.topic]
    parts = [_nearest(seen, direction), _shared(seen, words), f"{found.probability:.0%} likely"]
    return "; ".join(filter(None, parts))


def telling(topics: Topics, said: Wording, top: int) -> frozenset[str]:
    """The stems of the article that speak most for a top, but for words that every article has."""
    added = said.shares * topics.word_weights[said.numbers, top]
    found = (topics.vocabulary[said.numbers[at]] for at in np.argsort(-added, kind="stable") if added[at] > 0)
    return frozenset(islice((word for word in found if word not in _UNTOLD_STEMS), _MOST_WORDS))


def _nearest(seen: Seen, direction: Floats) -> str:
    """The parts of the article that lie furthest along `direction`, in words; nothing where none lies along it."""
    title = seen.headline_vector @ direction if seen.headline_vector.any() else -np.inf
    shares = np.append(title, seen.sentence_vectors @ direction)
    if not shares.max() > 0:
        return ""
    best = [int(at) for at in np.argsort(-shares, kind="stable")[:_MOST_SENTENCES] if shares[at] > _NEAR * shares.max()]
    numbers = [str(at) for at in sorted(best) if at > 0]
    named = ["the headline"] if 0 in best else []
    if numbers:
        named.append(f"sentence{'s' if len(numbers) > 1 else ''} {_joined(numbers)}")
    return f"{_joined(named)} {'is' if len(best) == 1 else 'are'} nearest to it"


def _shared(seen: Seen, words: frozenset[str]) -> str:
    """The commonest words of the article whose stems are among `words`, as it writes them."""
    shared: dict[str, Counter[str]] = {}
    for counted in (Counter(_WORD.findall(seen.headline.lower())), seen.words):
        for word, times in counted.items():
            if (root := stem(word)) in words:
                shared.setdefault(root, Counter())[word] += times
    common = sorted(shared.values(), key=lambda counts: -counts.total())[:_MOST_WORDS]
    quoted = [f"“{counts.most_common(1)[0][0]}”" for counts in common]
    return f"word{'s' if len(quoted) > 1 else ''} {_joined(quoted)}" if quoted else ""


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def stems(text: str) -> list[str]:
    """The words of `text` that can be told in a label, without their endings."""
    return [stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _probabilities(odds: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Log-odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), dtype=np.float64)
