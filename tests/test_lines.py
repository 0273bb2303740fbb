import io
import json

import pytest
from digests import FERRY
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import lines
from gazetteer.types import Abstention, Annotation, Article, Digest, Failure, Sentence, SentenceTone


class Slow(io.RawIOBase):
    """A stream that gives one chunk a read, as a pipe does."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)

    def read1(self, _size: int = -1) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""


def one(**fields: object) -> lines.Request:
    return lines.request(json.dumps(fields).encode(), number=3)


def error(request: lines.Request) -> str:
    assert isinstance(request.article, Failure)
    return request.article.reason


def test_a_request() -> None:
    request = one(id="a", headline="The ferry", text=FERRY, targets=[{"start": 0, "end": 9}])
    assert request.id == "a"
    assert request.article == Article(source="a", headline="The ferry", text=FERRY, language="en")
    assert request.targets == ((0, 9),)
    assert one(id=7, text="x", headline=None).article == Article(source="7", headline="", text="x")


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        (b"{", None, "line 3 is not JSON"),
        (b"\xff", None, "line 3 is not JSON"),
        (b"[" * 100_000, None, "line 3 is not JSON"),
        (b"[1]", None, "line 3 is not a JSON object"),
        (b'{"text": "x"}', None, "line 3 has no `id`"),
        (b'{"id": null, "text": "x"}', None, "line 3 has no `id`"),
        (b'{"id": true, "text": "x"}', None, "line 3 has no `id`"),
        (b'{"id": 1.0, "text": "x"}', None, "line 3 has no `id`"),
        (b'{"id": 1}', 1, "`text` must be"),
        (b'{"id": 1, "text": " "}', 1, "`text` must be"),
        (b'{"id": 1, "text": 5}', 1, "`text` must be"),
        (b'{"id": 1, "text": "\\ud800"}', 1, "surrogate"),
        (b'{"id": 1, "text": "x", "headline": 5}', 1, "`headline` must be"),
        (b'{"id": 1, "text": "x", "headline": false}', 1, "`headline` must be"),
        (b'{"id": 1, "text": "x", "targets": {}}', 1, "`targets` must be"),
        (b'{"id": 1, "text": "x", "targets": [[0, 1]]}', 1, "`targets` must be"),
        (b'{"id": 1, "text": "x", "targets": [{"start": 0, "end": 2}]}', 1, "`targets` must be"),
        (b'{"id": 1, "text": "x", "targets": [{"start": false, "end": true}]}', 1, "`targets` must be"),
    ],
)
def test_what_is_wrong_is_told(line: bytes, name: object, words: str) -> None:
    request = lines.request(line, number=3)
    assert request.id == name
    assert words in error(request)


def test_a_line_that_is_too_long_is_told_and_the_rest_is_read() -> None:
    long = b'{"id": 1, "text": "' + b"x" * (lines.MAX_BYTES + 1) + b'"}\n'
    first, second = (each for batch in lines.batches(io.BytesIO(long + b'{"id": 2, "text": "x"}\n')) for each in batch)
    assert "longer than 16 MB" in error(first)
    assert second.id == 2


def test_lines_are_answered_as_they_come() -> None:
    stream = Slow(b'{"id": 1, "te', b'xt": "x"}\n\n{"id"', b': 2, "text": "y"}\n{"id": 3, "text": "z"}')
    batches = lines.batches(stream)
    assert [[each.id for each in batch] for batch in batches] == [[1], [2], [3]]


def test_batches_are_bounded() -> None:
    stream = io.BytesIO(b'{"id": 1, "text": "x"}\n' * 100)
    assert [len(batch) for batch in lines.batches(stream)] == [8] * 12 + [4]


def test_an_answer() -> None:
    tone = SentenceTone(positive=0.5, negative=0.25, neutral=0.25)
    annotation = Annotation(
        entities=(),
        sentences=(Sentence(start=0, end=5, tone=tone, salience=1.0),),
        tone=Abstention(reason="none"),
        summary=(0,),
        tags=(),
        model="m",
        targets=(tone, None),
    )
    request = one(id=1, text="Yes. No", targets=[{"start": 1, "end": 3}, {"start": 6, "end": 7}])
    assert isinstance(request.article, Article)
    answer = lines.answer(request, Digest(article=request.article, annotation=annotation))
    assert next(iter(answer)) == "id"
    assert answer["targets"] == [
        {"start": 1, "end": 3, "tone": {"positive": 0.5, "negative": 0.25, "neutral": 0.25}},
        {"start": 6, "end": 7, "tone": None},
    ]
    assert lines.answer(request, Failure(source="1", reason="no")) == {"id": 1, "error": "no"}


@given(st.text() | st.sampled_from(["\ud800", "\x1b[31m", "\x9b31m", "\u202e", "\u2028"]))
def test_a_line_is_one_line_that_no_terminal_acts_on(text: str) -> None:
    line = lines.written({"a": text})
    assert json.loads(line) == {"a": text}
    written = line.decode()
    assert written.splitlines() == [written[:-1]]
    assert not any(0x7F <= ord(sign) < 0xA0 or ord(sign) < 0x20 for sign in written[:-1])


@given(st.binary(), st.sampled_from([b"", b'{"id": 1, "text": "', b'{"id":', b"{}\n"]))
def test_any_bytes_give_requests(content: bytes, start: bytes) -> None:
    for batch in lines.batches(io.BytesIO(start + content)):
        for request in batch:
            assert isinstance(request.article, Article | Failure)


@pytest.mark.parametrize(
    "text",
    [
        "Apple hires Tim Cook.",
        "Berlin wins the semifinal against Real Madrid 3-2 in extra time",
        "Paris Saint-Germain signs Kylian Mbappé from AS Monaco on loan",
        "Pope Francis visits Rio de Janeiro, Sao Paulo and Buenos Aires",
        "Angela Merkel, Ursula von der Leyen and Annegret Kramp-Karrenbauer",
        "La Liga: Barcelona 2, Sevilla 1; Real Sociedad 0, Villarreal 0",
        "Volkswagen AG cuts 3,000 jobs in Wolfsburg, Hannover and Emden",
        "Amsterdam court jails Willem Holleeder for life for five murders",
        "Jakarta floods kill 12, officials in Indonesia say on Tuesday",
        "Police arrested two men in Oslo after a robbery on Sunday night.",
    ],
)
@pytest.mark.parametrize("declared", [None, "en-GB"])
def test_short_english_is_read_as_english(text: str, declared: str | None) -> None:
    article = lines.request(json.dumps({"id": 1, "text": text, "language": declared}).encode(), number=1).article
    assert isinstance(article, Article)
    assert article.language in ("en", declared or "und")


@pytest.mark.parametrize("more", [{}, {"language": "fr"}, {"language": "en"}])
def test_other_languages_are_told(more: dict[str, str]) -> None:
    text = "Le président de la République a rencontré mardi, à Berlin, les ministres de plusieurs pays européens."
    article = lines.request(json.dumps({"id": 1, "text": text} | more).encode(), number=1).article
    assert isinstance(article, Article)
    assert article.language == "fr"


@pytest.mark.parametrize("wrong", [7, "", "the English one", ["en"]])
def test_a_language_that_is_none_is_told(wrong: object) -> None:
    article = lines.request(json.dumps({"id": 1, "text": "It rains.", "language": wrong}).encode(), number=1).article
    assert isinstance(article, Failure)
    assert "`language`" in article.reason
