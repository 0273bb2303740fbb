from gazetteer.stories.coverage import Teller, coverage
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
        Entity(name=name, label="PERSON", mentions=(Mention(start=0, end=1, score=1.0),) * times)
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
    assert [line.teller for line in told.summary] == [0, 1, 0]
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
    assert [(each.of, each.said) for each in told.figures] == [("people (board)", (("214", (0, 2)), ("220", (1,))))]


def test_figures_of_which_different_things_are_said_do_not_differ() -> None:
    tellers = [teller(0, "Fourteen people were hurt."), teller(1, "The ferry had 198 people on board.")]
    assert coverage(tellers, [[0], [1]]).figures == ()
    tellers.append(teller(2, "At least 17 people were hurt, and 14 tugs came."))
    (only,) = coverage(tellers, [[0], [1], [2]]).figures
    assert (only.of, only.said) == ("people (hurt)", (("14", (0,)), ("17", (2,))))


def test_figures_of_one_origin_do_not_differ() -> None:
    tellers = [teller(0, "There were 214 people."), teller(1, "There were 220 people.")]
    assert coverage(tellers, [[0, 1]]).figures == ()


def test_what_one_origin_alone_names_is_told() -> None:
    tellers = [
        teller(0, "x", names={"Ida Brandt": 2}),
        teller(1, "x", names={"Ida Brandt": 2, "Mara Teig": 2}),
        teller(2, "x", names={"Ida Brandt": 1, "Pål Renske": 1}),
    ]
    told = coverage(tellers, [[0], [1], [2]])
    assert told.names[0].name == "Ida Brandt"
    assert [(number, [each.name for each in named]) for number, named in told.only] == [(1, ["Mara Teig"])]


def test_what_one_of_two_names_is_told_unless_the_other_has_its_words() -> None:
    tellers = [
        teller(0, "x", names={"Ida Brandt": 2, "Mara Teig": 2, "Ministry of Transport": 2}),
        teller(1, "The ministry, of which Brandt spoke, has trains and all transport."),
    ]
    told = coverage(tellers, [[0], [1]])
    assert [(number, [each.name for each in named]) for number, named in told.only] == [(0, ["Mara Teig"])]
    assert coverage(tellers, [[0, 1]]).only == ()


def test_quotes_stand_by_speaker_once() -> None:
    words = "“A rudder had failed minutes before we struck the rocks,”"
    tellers = [teller(n, f"{words} Ida Brandt said.", names={"Ida Brandt": 1}, quoted=words) for n in range(2)]
    told = coverage(tellers, [[0], [1]])
    assert [(name, [line.tellers for line in lines]) for name, lines in told.quotes] == [("Ida Brandt", [(0, 1)])]


def test_quotes_of_one_who_is_called_by_the_last_name_stand_together() -> None:
    first, second = (
        "“A rudder had failed minutes before we struck the rocks,”",
        "“Nobody on board was hurt when the ship went aground,”",
    )
    tellers = [
        teller(0, f"{first} Ida Brandt said.", names={"Ida Brandt": 1}, quoted=first),
        teller(1, f"{second} Brandt said.", names={"Brandt": 1}, quoted=second),
    ]
    assert [(name, len(lines)) for name, lines in coverage(tellers, [[0], [1]]).quotes] == [("Ida Brandt", 2)]
    other = teller(2, "x", names={"Olav Brandt": 1})
    assert [name for name, _ in coverage([*tellers, other], [[0], [1], [2]]).quotes] == ["Brandt", "Ida Brandt"]
