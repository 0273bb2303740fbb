"""JSON lines, in and out: what `gazetteer annotate` and `cluster` read, and how every line is written."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from gazetteer import wire
from gazetteer.errors import AnnotateError
from gazetteer.types import Article, Digest, Failure, Targets

MAX_BYTES = 16 * 1024 * 1024
"""What one line may hold."""

BATCH = 8
"""How many lines that have come are annotated together, before the first of them is answered."""

_CHUNK = 1 << 16
# Kept out of a line as written, since a terminal may act on them or a reader of lines end one there: C1 controls, line
# separators, directions of writing, and lone surrogates, which UTF-8 cannot hold.
_ESCAPED = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line that was read: its `id` as given (null where it could not be read), the text as an article, or why there
    is none, and the spans toward which tone is asked for.
    """

    id: object
    article: Article | Failure
    targets: Targets | None = None


def batches(stream: BinaryIO) -> Iterator[list[Request]]:
    """Read requests as they come: never wait for a line while one that has come is not answered.

    Lines are numbered from 1 in what their errors say; empty ones are passed over.
    """
    number, batch = 0, []
    for chunk in _lines(stream):
        for line in chunk:
            number += 1
            if line.strip():
                batch.append(request(line, number=number))
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
            batch = []


def request(line: bytes, *, number: int) -> Request:
    """Parse one line; what is wrong with it comes back as the request's `Failure`."""
    fields: object = None
    try:
        fields = _parsed(line, number)
        return Request(id=fields["id"], article=_article(fields), targets=_targets(fields))
    except AnnotateError as error:
        name = fields.get("id") if isinstance(fields, dict) else None
        return Request(id=name, article=Failure(source=f"line {number}", reason=error.reason))


def answer(request: Request, found: Digest | Failure) -> dict[str, object]:
    """Give the line that answers a request."""
    if isinstance(found, Failure):
        return {"id": request.id, "error": found.reason}
    line = {"id": request.id} | wire.annotation_line(found.annotation)
    if request.targets is not None:
        line["targets"] = [
            {"start": start, "end": end, "tone": wire.sentence_tone(tone)}
            for (start, end), tone in zip(request.targets, found.annotation.targets, strict=True)
        ]
    return line


def written(line: Mapping[str, object]) -> bytes:
    """Write an object as one line of UTF-8 that no terminal acts on."""
    text = json.dumps(line, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text).encode() + b"\n"


def _lines(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Give the whole lines of each chunk that arrives; of one that is too long, enough to tell."""
    read = getattr(stream, "read1", stream.read)
    pieces: list[bytes] = []
    held = 0
    while chunk := read(_CHUNK):
        *whole, rest = chunk.split(b"\n")
        if whole:
            whole[0] = b"".join([*pieces, whole[0]])
            pieces, held = [], 0
            yield whole
        if rest and held <= MAX_BYTES:
            pieces.append(rest)
            held += len(rest)
    if pieces:
        yield [b"".join(pieces)]


def _parsed(line: bytes, number: int) -> dict[str, object]:
    if len(line) > MAX_BYTES:
        raise AnnotateError(f"line {number} is longer than {MAX_BYTES // 1_048_576} MB; part it")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise AnnotateError(f"line {number} is not JSON in UTF-8") from error
    if not isinstance(fields, dict):
        raise AnnotateError(f"line {number} is not a JSON object")
    if type(fields.get("id")) not in (str, int):
        raise AnnotateError(f"line {number} has no `id` that is a text or a whole number")
    return fields


def _article(fields: dict[str, object]) -> Article:
    from gazetteer.extract import language  # here: it brings in a detector, which what only writes lines does not use

    headline, text, declared = fields.get("headline"), fields.get("text"), fields.get("language")
    if headline is None:
        headline = ""
    if not isinstance(text, str) or not text.strip():
        raise AnnotateError("`text` must be a text that is not empty")
    if not isinstance(headline, str):
        raise AnnotateError("`headline` must be a text")
    if declared is not None and (not isinstance(declared, str) or language.normal(declared) == language.UNKNOWN):
        raise AnnotateError("`language` must be a tag such as en or pt-BR; leave it out where it is not known")
    if _SURROGATE.search(text) or _SURROGATE.search(headline):
        raise AnnotateError("the text holds half of a surrogate pair, which is no character")
    tag = language.of(text, declared=declared)
    at = _time(fields.get("published_at"))
    return Article(source=str(fields["id"]), headline=headline, text=text, language=tag, published_at=at)


def _time(words: object) -> datetime | None:
    if words is None:
        return None
    try:
        at = datetime.fromisoformat(words if isinstance(words, str) else "")
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise AnnotateError("`published_at` must be a time such as 2020-08-01T09:30:00Z") from error


def _targets(fields: dict[str, object]) -> Targets | None:
    targets = fields.get("targets")
    if targets is None:
        return None
    wrong = AnnotateError('`targets` must be a list of spans of the text: {"start", "end"}, end after start')
    if not isinstance(targets, list):
        raise wrong
    spans = []
    for target in targets:
        start, end = (target.get("start"), target.get("end")) if isinstance(target, dict) else (None, None)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(str(fields["text"])):
            raise wrong
        spans.append((start, end))
    return tuple(spans)
