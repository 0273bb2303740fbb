"""What `gazetteer cluster` does: JSON lines of articles in, the story of each out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from gazetteer import lines, pipeline
from gazetteer.stories.cluster import cluster
from gazetteer.stories.words import Words, count
from gazetteer.types import Article, Digest, Failure

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Told:
    """What of an article is kept until the last has come."""

    words: Words
    vector: tuple[float, ...]
    order: tuple[datetime, str, bytes]


def answers(
    stream: BinaryIO, *, annotator: pipeline.Annotates, reading: Callable[[str], None]
) -> Iterator[dict[str, object]]:
    """Read every line, then answer each in its place: `{"id", "story"}`, or `{"id", "error"}` where it is no article.

    Stories are numbered from 1 as they first come. `reading` is told of each line that is read.
    """
    found: list[tuple[object, _Told | str]] = []
    for batch in lines.batches(stream):
        for request in batch:
            reading(str(request.id))
        digests = pipeline.annotated([request.article for request in batch], annotator=annotator)
        found += [(request.id, _told(digest)) for request, digest in zip(batch, digests, strict=True)]
    told = sorted((each for _, each in found if isinstance(each, _Told)), key=lambda each: each.order)
    stories = cluster([each.words for each in told], [each.vector for each in told])
    of = {id(each): story for each, story in zip(told, stories, strict=True)}
    numbers: dict[int, int] = {}
    for name, each in found:
        if isinstance(each, _Told):
            yield {"id": name, "story": numbers.setdefault(of[id(each)], len(numbers) + 1)}
        else:
            yield {"id": name, "error": each}


def _told(digest: Digest | Failure) -> _Told | str:
    if isinstance(digest, Failure):
        return digest.reason
    article: Article = digest.article
    words = count(article.headline, article.text)
    order = (article.published_at or _LAST, article.headline, words.hashes.tobytes())
    return _Told(words=words, vector=digest.annotation.vector, order=order)
