import json

from hypothesis import given

from gazetteer import wire
from gazetteer.types import Digest, Quote, QuoteKind
from tests.digests import annotation, article, digest, hostile_digests

EXTRACT = [
    "source",
    "url",
    "headline",
    "byline",
    "authors",
    "publisher",
    "published_at",
    "modified_at",
    "language",
    "access",
    "text",
]
DIGEST = [
    "source",
    "url",
    "headline",
    "byline",
    "authors",
    "publisher",
    "published_at",
    "modified_at",
    "section",
    "language",
    "access",
    "image_url",
    "text",
    "entities",
    "sentences",
    "quotes",
    "tone",
    "summary",
    "summary_why",
    "tags",
    "model",
]


def test_the_words_of_an_article() -> None:
    line = wire.article_line(article())
    assert list(line) == EXTRACT
    assert line["url"] == "https://www.island-courier.example/2023/04/last-sailing"
    assert line["authors"] == ["Wren Calloway", "Ines Duarte"]
    assert line["published_at"] == "2023-04-16T17:05:00Z"
    assert line["access"] == "free"
    assert wire.article_line(article(modified_at=None))["modified_at"] is None


def test_the_words_of_an_annotation() -> None:
    read = annotation()
    line = wire.annotation_line(read)
    assert list(line) == ["entities", "sentences", "quotes", "tone", "summary", "summary_why", "tags", "model"]
    assert line["entities"][1] == {
        "name": "Aldo Fenn",
        "label": "PERSON",
        "mentions": [{"start": each.start, "end": each.end, "score": 0.93} for each in read.entities[1].mentions],
    }
    assert line["sentences"][5] == {
        "start": read.sentences[5].start,
        "end": read.sentences[5].end,
        "tone": {"positive": 0.0, "negative": 0.7, "neutral": read.sentences[5].tone.neutral},
        "salience": read.sentences[5].salience,
        "quoted": True,
    }
    quote = read.quotes[0]
    assert line["quotes"][0] == {
        "start": quote.start,
        "end": quote.end,
        "kind": "direct",
        "cue": list(quote.cue),
        "speaker": list(quote.speaker),
        "entity": 0,
    }
    assert line["tone"] == {"positivity": 0.35, "negativity": 0.65, "neutral": 0.62}
    assert line["summary"] == [0, 2, 4]
    assert line["summary_why"] == ["opens the article", "names Oona Tregear", "close to the headline"]
    assert line["tags"] == [
        {"name": "Shipping", "code": "medtop:20000337", "why": "the word “ferry” in the first sentence"}
    ]
    assert line["model"] == "made by hand 1"


def test_an_abstention_is_null_with_its_reason() -> None:
    line = wire.annotation_line(digest(abstained="too little is charged to say").annotation)
    assert line["tone"] is None
    assert line["tone_abstained"] == "too little is charged to say"


def test_what_is_not_known_of_a_quotation_is_null() -> None:
    (line,) = wire.annotation_line(annotation(quotes=(Quote(start=0, end=9, kind=QuoteKind.MIXED),)))["quotes"]
    assert line == {"start": 0, "end": 9, "kind": "mixed", "cue": None, "speaker": None, "entity": None}


def test_notes_stand_only_where_there_are_some() -> None:
    assert wire.annotation_line(annotation(notes=("Names are read in English only.",)))["notes"] == [
        "Names are read in English only."
    ]


def test_a_digest_has_both_in_one_object() -> None:
    assert list(wire.digest_line(digest())) == DIGEST


@given(hostile_digests())
def test_any_digest_is_json_and_says_what_it_held(given: Digest) -> None:
    line = json.loads(json.dumps(wire.digest_line(given), allow_nan=False))
    assert line["headline"] == given.article.headline
    assert line["text"] == given.article.text
    assert len(line["entities"]) == len(given.annotation.entities)


def test_a_place_tells_what_is_known_of_it() -> None:
    places = {each["name"]: each.get("place") for each in wire.annotation_line(annotation())["entities"]}
    assert places["Port Ellery"] == {"country": "NO", "subdivision": "NO-46", "latitude": 60.39, "longitude": 5.32}
    assert places["Norway"] == {"country": "NO", "is_country": True}
    assert places["Aldo Fenn"] is None
