from hypothesis import given

from gazetteer.types import Annotation, Digest, Entity, Mention
from gazetteer.web.layout import Layout
from tests.digests import FERRY, annotation, hostile_digests


def entity(*spans: tuple[int, int]) -> Entity:
    mentions = tuple(Mention(start=start, end=end, score=1.0) for start, end in spans)
    return Entity(name="x", label="ORG", mentions=mentions)


def reading(text: str, *entities: Entity) -> Annotation:
    return annotation(text, entities=entities)


@given(hostile_digests())
def test_every_character_comes_out_once(given: Digest) -> None:
    text = given.article.text
    layout = Layout(text, given.annotation)
    shown = "".join(run.text for paragraph in layout.paragraphs() for piece in paragraph for run in piece.runs)
    assert "".join(shown.split()) == "".join(text.split())
    for start, end in ((0, len(text)), (0, len(text) // 2)):
        assert "".join(run.text for run in layout.runs(start, end)) == text[start:end]


def test_mentions_are_cut_to_the_stretch_that_is_asked_for() -> None:
    layout = Layout("abcdefgh", reading("abcdefgh", entity((2, 6))))
    assert [(run.text, run.entity) for run in layout.runs(4, 8)] == [("ef", 0), ("gh", None)]


def test_spans_that_overlap_or_lie_outside_lose_against_those_before() -> None:
    layout = Layout("abcdefgh", reading("abcdefgh", entity((0, 4), (7, 99)), entity((2, 6), (3, 3))))
    assert [(run.text, run.entity) for run in layout.runs(0, 8)] == [("abcd", 0), ("efgh", None)]


def test_each_sentence_begins_once() -> None:
    pieces = [piece for paragraph in Layout(FERRY, annotation()).paragraphs() for piece in paragraph]
    begun = [piece.sentence for piece in pieces if piece.sentence is not None and piece.first]
    assert begun == list(range(len(annotation().sentences)))


def test_the_sentences_that_name_an_entity_are_found() -> None:
    assert Layout(FERRY, annotation()).naming()[2] == {3: FERRY.index("Veridian"), 7: FERRY.rindex("Veridian")}
