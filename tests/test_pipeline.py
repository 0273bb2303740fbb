import threading
from collections.abc import Iterator, Sequence

import pytest
from ferry_page import PAGE

from gazetteer import pipeline
from gazetteer.errors import AnnotateError
from gazetteer.pipeline import Limits
from gazetteer.types import Abstention, Annotation, Article, Capture, Digest, Failure, Targets

LIMITS = Limits(timeout=30)


class Reader:
    """Annotates with nothing; refuses texts that say so, as an annotator refuses a whole batch."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def annotate(self, articles: Sequence[Article], *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        assert len(targets) in (0, len(articles))
        self.batches.append(len(articles))
        if any("unreadable" in article.text for article in articles):
            raise AnnotateError("the text cannot be read")
        return [
            Annotation(
                entities=(), sentences=(), tone=Abstention(reason="none"), summary=(), tags=(), model=article.text
            )
            for article in articles
        ]


def captures(*texts: str) -> list[Capture]:
    return [Capture(source=f"{number}.html", content=text.encode()) for number, text in enumerate(texts)]


def extract(capture: Capture) -> Article:
    return Article(source=capture.source, headline="Tide", text=capture.content.decode())


def run(found: Sequence[Capture | Failure], *, limits: Limits | None = None) -> list[Digest | Failure]:
    """Digest in this process, or, with limits, in one that misbehaves."""
    if limits is None:
        return list(pipeline.run(found, extract=extract, annotator=Reader(), batch=3))
    with pipeline.extractor(limits) as extractor:
        return list(pipeline.run(found, extract=extractor, annotator=Reader(), batch=3))


@pytest.fixture(autouse=True)
def _misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "EXTRACT", "misbehaving:extract")


def reasons(found: Sequence[Digest | Failure]) -> dict[str, str]:
    return {each.source: each.reason for each in found if isinstance(each, Failure)}


def test_each_page_has_its_digest_in_its_place() -> None:
    texts = [f"text {number}" for number in range(8)]
    found = run(captures(*texts))
    assert [each.article.text for each in found if isinstance(each, Digest)] == texts
    assert [each.annotation.model for each in found if isinstance(each, Digest)] == texts


def test_a_bad_page_stops_nothing() -> None:
    texts = ["a", "refuse", "b", "fail", "crash", "c", "unreadable", "d"]
    found = run(captures(*texts), limits=LIMITS)
    assert [isinstance(each, Failure) for each in found] == [
        False, True, False, True, True, False, True, False,
    ]  # fmt: skip
    told = reasons(found)
    assert told["1.html"] == "the page is a wall"
    assert "ZeroDivisionError" in told["3.html"]
    assert "SIGSEGV" in told["4.html"]
    assert told["6.html"] == "the text cannot be read"


def test_a_page_that_hangs_is_given_up_and_the_rest_is_done() -> None:
    found = run(captures("a", "hang", "b"), limits=Limits(timeout=2))
    assert [type(each) for each in found] == [Digest, Failure, Digest]
    assert "longer than 2 s" in reasons(found)["1.html"]


def test_a_page_that_takes_too_much_memory_is_given_up() -> None:
    found = run(captures("a", "devour", "b"), limits=Limits(timeout=30, memory=1024))
    assert [type(each) for each in found] == [Digest, Failure, Digest]
    assert "1024 MB" in reasons(found)["1.html"]


def test_failures_are_passed_on_in_their_place() -> None:
    failure = Failure(source="x", reason="gone")
    a, b = captures("a", "b")
    assert run([failure, a, failure, b])[::2] == [failure, failure]
    assert run([failure] * 5) == [failure] * 5


def test_a_text_that_no_article_has_is_given_up() -> None:
    found = run(captures("a", "x" * (pipeline.LONGEST + 1), "b"))
    assert [type(each) for each in found] == [Digest, Failure, Digest]
    assert "400,000 characters" in reasons(found)["1.html"]


def test_nothing_gives_nothing() -> None:
    assert run([]) == []


@pytest.mark.parametrize(("batch", "most"), [(1, 1), (2, 4), (3, 6)])
def test_no_more_is_taken_in_than_two_batches_or_one_page(batch: int, most: int) -> None:
    taken: list[str] = []

    def source() -> Iterator[Capture]:
        for capture in captures(*"abcdefgh"):
            taken.append(capture.source)
            yield capture

    reader = Reader()
    found = pipeline.run(source(), extract=extract, annotator=reader, batch=batch)
    assert isinstance(next(found), Digest)
    assert len(taken) == most
    assert len(list(found)) == 7
    assert sum(reader.batches) == 8
    assert max(reader.batches) == batch


def test_a_batch_is_annotated_while_the_next_is_extracted() -> None:
    annotating = threading.Event()

    class Waited(Reader):
        def annotate(self, articles: Sequence[Article], **_: object) -> list[Annotation]:
            annotating.set()
            return super().annotate(articles)

    def waiting(capture: Capture) -> Article:
        assert capture.source != "3.html" or annotating.wait(10)
        return extract(capture)

    assert len(list(pipeline.run(captures(*"abcdef"), extract=waiting, annotator=Waited(), batch=3))) == 6


def test_the_process_that_extracts_starts_at_once() -> None:
    with pipeline.extractor(LIMITS) as extractor:
        assert extractor._child is not None


def test_an_error_that_is_not_ours_is_not_hidden() -> None:
    class Broken(Reader):
        def annotate(self, _articles: Sequence[Article], **_: object) -> list[Annotation]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(pipeline.run(captures("a"), extract=extract, annotator=Broken()))


def test_the_real_extraction_gives_articles_and_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pipeline.extractor(LIMITS) as extractor:
        found = list(pipeline.articles(captures(PAGE, "", "\0\1\2"), extract=extractor))
    assert [type(each) for each in found] == [Article, Failure, Failure]
