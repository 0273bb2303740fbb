from dataclasses import replace

from gazetteer.stories.coverage import Figures, Said, Teller, coverage
from gazetteer.types import (
    Abstention,
    Annotation,
    Article,
    Digest,
    Entity,
    Mention,
    Quote,
    QuoteKind,
    Sentence,
    SentenceTone,
)


def teller(number: int, *sentences: str, names: dict[str, int] | None = None, quoted: str = "") -> Teller:
    """An article of these sentences, all of which are its summary, that names subjects as often as is said."""
    text, spans = "", []
    for each in sentences:
        spans.append((len(text), len(text) + len(each)))
        text += each + " "
    entities = tuple(
        Entity(name=name, label="PERSON", mentions=(_mention(text, name),) * times)
        for name, times in (names or {}).items()
    )
    at = text.find(quoted)
    quotes = (Quote(start=at, end=at + len(quoted), kind=QuoteKind.DIRECT, entity=0),) if quoted else ()
    plain = SentenceTone(positive=0, negative=0, neutral=1)
    return Teller(
        id=number,
        outlet=f"Paper {number}",
        digest=Digest(
            article=Article(source="x", headline="x", text=text),
            annotation=Annotation(
                entities=entities,
                sentences=tuple(Sentence(start=a, end=b, tone=plain, salience=1) for a, b in spans),
                tone=Abstention(reason="x"),
                summary=tuple(range(len(spans))),
                tags=(),
                model="none",
                quotes=quotes,
            ),
        ),
        subjects=tuple(hash(name) for name in names or {}),
    )


def _mention(text: str, name: str) -> Mention:
    start = max(text.find(name), 0)
    return Mention(start=start, end=start + 1, score=1.0)


def tellers_of(said: Said) -> tuple[int, ...]:
    return tuple(place.teller for place in said.places)


def figures_of(each: Figures) -> list[tuple[str, tuple[int, ...]]]:
    return [(figure, tellers_of(said)) for figure, said in each.said]


def test_a_summary_takes_turns_and_says_nothing_twice() -> None:
    told = coverage(
        [
            teller(
                0,
                "The ferry Marigold ran aground off Holm today.",
                "Divers looked at its hull in the evening light.",
            ),
            teller(
                1,
                "The ferry Marigold ran aground off Holm at dawn.",
                "Captain Ida Brandt blamed a failed rudder.",
            ),
        ],
        [[0], [1]],
    )
    assert [tellers_of(each) for each in told.summary] == [(0,), (1,), (0,)]
    assert told.summary[1].words.startswith("Captain Ida Brandt")


def test_figures_that_differ_are_told_with_who_says_them() -> None:
    told = coverage(
        [
            teller(0, "There were 214 people on board, and 3 tugs."),
            teller(1, "It sailed with 220 people on board; Seventeen were children."),
            teller(2, "On board were 214 people."),
            teller(3, "First 10 people, then 20 people left."),
        ],
        [[0], [1], [2], [3]],
    )
    (board,) = told.figures
    assert (board.of, figures_of(board)) == ("people (board)", [("214", (0, 2)), ("220", (1,))])
    assert [said.words for _, said in board.said] == [
        "There were 214 people on board, and 3 tugs.",
        "It sailed with 220 people on board; Seventeen were children.",
    ]


def test_a_figure_is_told_with_its_sentence_and_where_that_stands() -> None:
    tellers = [
        teller(0, "A storm came.", "At least 14 people were hurt."),
        teller(1, "Seventeen people were hurt.", "It rained."),
    ]
    (hurt,) = coverage(tellers, [[0], [1]]).figures
    assert [(said.words, said.places[0].sentence) for _, said in hurt.said] == [
        ("At least 14 people were hurt.", 1),
        ("Seventeen people were hurt.", 0),
    ]
    endless = teller(2, f"The {'very ' * 100}late storm came, and 19 people were hurt.")
    (hurt,) = coverage([*tellers, endless], [[0], [1], [2]]).figures
    assert [said.words for _, said in hurt.said][2] == ""


def test_figures_of_which_different_things_are_said_do_not_differ() -> None:
    tellers = [teller(0, "Fourteen people were hurt."), teller(1, "The ferry had 198 people on board.")]
    assert coverage(tellers, [[0], [1]]).figures == ()
    tellers.append(teller(2, "At least 17 people were hurt, and 14 tugs came."))
    (only,) = coverage(tellers, [[0], [1], [2]]).figures
    assert (only.of, figures_of(only)) == ("people (hurt)", [("14", (0,)), ("17", (2,))])


def test_figures_of_one_origin_do_not_differ() -> None:
    tellers = [teller(0, "There were 214 people."), teller(1, "There were 220 people.")]
    assert coverage(tellers, [[0, 1]]).figures == ()


def test_what_one_origin_alone_names_is_told() -> None:
    steered = "It rained. Mara Teig steered."
    tellers = [
        teller(0, "x", names={"Ida Brandt": 2}),
        teller(1, "It rained.", "Mara Teig steered.", names={"Ida Brandt": 2, "Mara Teig": 2}),
        teller(2, "x", names={"Ida Brandt": 1, "Pål Renske": 1}),
        teller(3, steered, names={"Mara Teig": 2}),
    ]
    told = coverage(tellers, [[0], [1, 3], [2]])
    assert told.names[0].name == "Ida Brandt"
    ((named, said),) = told.only
    assert [each.name for each in named] == ["Mara Teig"]
    assert (said.words, tellers_of(said), said.places[0].sentence) == ("Mara Teig steered.", (1, 3), 1)


def test_what_has_one_name_is_one_but_for_places() -> None:
    tellers = [teller(0, "x", names={"Lund": 1}), teller(1, "x", names={"lund": 1}), teller(2, "x", names={"LUND": 1})]
    place = replace(tellers[2].digest.annotation.entities[0], label="GPE")
    reading = replace(tellers[2].digest.annotation, entities=(place,))
    tellers[2] = replace(tellers[2], digest=replace(tellers[2].digest, annotation=reading))
    assert [each.tellers for each in coverage(tellers, [[0], [1], [2]]).names] == [(0, 1), (2,)]


def test_the_tone_toward_a_name_is_of_each_outlet_once_and_of_no_reprint() -> None:
    plain = SentenceTone(positive=0.2, negative=0.1, neutral=0.7)
    harsh = SentenceTone(positive=0.1, negative=0.8, neutral=0.1)

    def toned(number: int, tone: SentenceTone, outlet: str) -> Teller:
        made = teller(number, "x", names={"Ida Brandt": 1})
        entity = replace(made.digest.annotation.entities[0], tone=tone)
        reading = replace(made.digest.annotation, entities=(entity,))
        return replace(made, outlet=outlet, digest=replace(made.digest, annotation=reading))

    tellers = [toned(0, plain, "A"), toned(1, plain, "B"), toned(2, harsh, "A"), toned(3, plain, "C")]
    (brandt,) = coverage(tellers, [[0, 1, 2], [3]], reprints={1}).names
    assert [number for number, _ in brandt.tones] == [0, 3]
    assert not brandt.leans
    tellers[3] = toned(3, harsh, "C")
    assert coverage(tellers, [[0, 1, 2], [3]]).names[0].leans


def test_what_one_of_two_names_is_told_unless_the_other_has_its_words() -> None:
    tellers = [
        teller(0, "x", names={"Ida Brandt": 2, "Mara Teig": 2, "Ministry of Transport": 2}),
        teller(1, "The ministry, of which Brandt spoke, has trains and all transport."),
    ]
    told = coverage(tellers, [[0], [1]])
    assert [[each.name for each in named] for named, _ in told.only] == [["Mara Teig"]]
    assert coverage(tellers, [[0, 1]]).only == ()


def test_quotes_stand_by_speaker_once() -> None:
    words = "“A rudder had failed minutes before we struck the rocks,”"
    tellers = [teller(n, f"{words} Ida Brandt said.", names={"Ida Brandt": 1}, quoted=words) for n in range(2)]
    told = coverage(tellers, [[0], [1]])
    ((named, (said,)),) = told.quotes
    assert (named.name, tellers_of(said), said.kind) == ("Ida Brandt", (0, 1), QuoteKind.DIRECT)
    assert {place.sentence for place in said.places} == {0}


def test_quotes_of_one_who_is_called_by_the_last_name_stand_together() -> None:
    first, second = (
        "“A rudder had failed minutes before we struck the rocks,”",
        "“Nobody on board was hurt when the ship went aground,”",
    )
    tellers = [
        teller(0, f"{first} Ida Brandt said.", names={"Ida Brandt": 1}, quoted=first),
        teller(1, f"{second} Brandt said.", names={"Brandt": 1}, quoted=second),
    ]
    assert [(who.name, len(said)) for who, said in coverage(tellers, [[0], [1]]).quotes] == [("Ida Brandt", 2)]
    other = teller(2, "x", names={"Olav Brandt": 1})
    assert [who.name for who, _ in coverage([*tellers, other], [[0], [1], [2]]).quotes] == ["Brandt", "Ida Brandt"]
