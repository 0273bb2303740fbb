import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate import sentences
from gazetteer.annotate.quotes import is_quoted, quotes_of
from gazetteer.types import Entity, Mention, Quote, QuoteKind

NAMES = {
    "Abena Osei": ("PERSON", ("Abena Osei", "Osei")),
    "Mary Holm": ("PERSON", ("Mary Holm", "Holm")),
    "Harbour Ministry": ("ORG", ("Harbour Ministry",)),
    "Lind Lines": ("ORG", ("Lind Lines",)),
    "Otto Lind": ("PERSON", ("Otto Lind", "Lind")),
    "Volta Bridge": ("FAC", ("Volta Bridge",)),
    "Ghana": ("GPE", ("Ghana",)),
    "The Courier": ("ORG", ("Courier",)),
}


def entities_in(text):
    taken, found = set(), []
    for name, (label, forms) in NAMES.items():
        mentions = []
        for match in re.finditer("|".join(map(re.escape, forms)), text):
            if taken.isdisjoint(range(*match.span())):
                taken |= set(range(*match.span()))
                mentions.append(Mention(start=match.start(), end=match.end(), score=0.9))
        found.append(Entity(name=name, label=label, mentions=tuple(mentions)))
    order = sorted(found, key=lambda each: -max(map(len, NAMES[each.name][1])))
    return tuple(each for each in order if each.mentions)


def said(text):
    """(kind, words, who they are, the words for who, the cue) of each quotation."""
    entities = entities_in(text)
    return [
        (
            quote.kind.value,
            text[quote.start : quote.end],
            entities[quote.entity].name if quote.entity is not None else None,
            text[slice(*quote.speaker)] if quote.speaker else None,
            text[slice(*quote.cue)] if quote.cue else None,
        )
        for quote in quotes_of(text, sentences.split(text), entities)
    ]


OSEI = "Abena Osei"
CASES = {
    "promised to do something": ("Abena Osei promised on Friday to mend every bridge that Otto Lind built.", []),
    "said of an earlier version": ("Correction: An earlier version of this article said that 3,200 families left.", []),
    "before its speaker": (
        "“It is a great day for us all,” Abena Osei said.",
        [("direct", "“It is a great day for us all,”", OSEI, OSEI, "said")],
    ),
    "speaker after the verb": (
        '"It is a great day", said the mayor of Accra, Abena Osei, on Monday.',
        [("direct", '"It is a great day"', OSEI, OSEI, "said")],
    ),
    "after its speaker": (
        "Osei later told reporters: ‘It is a great day for us.’",
        [("direct", "‘It is a great day for us.’", OSEI, "Osei", "told")],
    ),
    "interrupted": (
        "“We built it,” said Osei, “and we will keep it.”",
        [
            ("direct", "“We built it,”", OSEI, "Osei", "said"),
            ("direct", "“and we will keep it.”", OSEI, "Osei", "said"),
        ],
    ),
    "in a statement of who published it": (
        "Lind Lines released a statement which read, “It is a great day for us all.”",
        [("direct", "“It is a great day for us all.”", "Lind Lines", "a statement", "read")],
    ),
    "in a statement that somebody signed": (
        "“It is old,” according to a statement released by the Harbour Ministry.",
        [("direct", "“It is old,”", "Harbour Ministry", "a statement", "according to")],
    ),
    "by whom the sentence before names": (
        "“We built it,” Osei said. That left Mary Holm glad. “It is the best of ports.”",
        [
            ("direct", "“We built it,”", OSEI, "Osei", "said"),
            ("direct", "“It is the best of ports.”", "Mary Holm", "Mary Holm", None),
        ],
    ),
    "goes on": (
        "“We built it,” Osei said. “We will keep it.”\n\n“It is ours.”",
        [
            ("direct", "“We built it,”", OSEI, "Osei", "said"),
            ("direct", "“We will keep it.”", OSEI, "Osei", None),
            ("direct", "“It is ours.”", OSEI, "Osei", None),
        ],
    ),
    "over paragraphs": (
        "“We built it.\n\n“We will keep it,” said Osei.",
        [("direct", "“We built it.\n\n“We will keep it,”", OSEI, "Osei", "said")],
    ),
    "colon": (
        "Osei was firm: “The bridge stays where it is.”",
        [("direct", "“The bridge stays where it is.”", OSEI, "Osei", None)],
    ),
    "colon before a paragraph": (
        "The mayor, Abena Osei said:\n\n“The bridge stays where it is.”",
        [("direct", "“The bridge stays where it is.”", OSEI, OSEI, "said")],
    ),
    "any verb after a quotation": (
        "“The bridge stays where it is,” Osei thundered.",
        [("direct", "“The bridge stays where it is,”", OSEI, "Osei", "thundered")],
    ),
    "described speaker": (
        "Abena Osei, the mayor of Accra, who is 51, said “We will keep the bridge”.",
        [("direct", "“We will keep the bridge”", OSEI, OSEI, "said")],
    ),
    "titled speaker": (
        "Minister of Harbours Otto Lind said the bridge was unsafe.",
        [("reported", "the bridge was unsafe", "Otto Lind", "Otto Lind", "said")],
    ),
    "mixed": (
        "Otto Lind said the move was “a grave error of judgement” by the mayor.",
        [
            (
                "mixed",
                "the move was “a grave error of judgement” by the mayor",
                "Otto Lind",
                "Otto Lind",
                "said",
            )
        ],
    ),
    "described in words of one's own": (
        "Otto Lind called the plan “a grave error of judgement”.",
        [("mixed", "“a grave error of judgement”", "Otto Lind", "Otto Lind", "called")],
    ),
    "reported with that": (
        "The Harbour Ministry announced on Monday that ships may pass.",
        [("reported", "ships may pass", "Harbour Ministry", "Harbour Ministry", "announced")],
    ),
    "reported past where and when": (
        "Lind said in a statement on Tuesday the bridge would close.",
        [("reported", "the bridge would close", "Otto Lind", "Lind", "said")],
    ),
    "reported before its verb": (
        "The bridge will close in May, the Harbour Ministry said on Monday.",
        [("reported", "The bridge will close in May", "Harbour Ministry", "Harbour Ministry", "said")],
    ),
    "reported around its verb": (
        "They had, Osei says, paid the workers of the bridge twice over.",
        [
            (
                "reported",
                "They had, Osei says, paid the workers of the bridge twice over",
                OSEI,
                "Osei",
                "says",
            )
        ],
    ),
    "according to": (
        "According to the Courier, the bridge is unsafe. Two men drowned, according to police.",
        [
            ("reported", "the bridge is unsafe", "The Courier", "Courier", "According to"),
            ("reported", "Two men drowned", None, "police", "according to"),
        ],
    ),
    "two in a sentence": (
        "Osei told the Courier the bridge was safe, adding that it had been tested.",
        [
            ("reported", "the bridge was safe", OSEI, "Osei", "told"),
            ("reported", "it had been tested", OSEI, "Osei", "adding"),
        ],
    ),
    "passive": (
        "The plan was described by Otto Lind as “a grave error of judgement”.",
        [("mixed", "“a grave error of judgement”", "Otto Lind", "Otto Lind", "described")],
    ),
    "pronoun": (
        "Mary Holm met Otto Lind in Ghana. She said the bridge was safe.",
        [("reported", "the bridge was safe", "Mary Holm", "She", "said")],
    ),
    "pronoun of the one who spoke": (
        "Otto Lind said the bridge was safe. “I crossed it with Mary Holm,” he added.",
        [
            ("reported", "the bridge was safe", "Otto Lind", "Otto Lind", "said"),
            ("direct", "“I crossed it with Mary Holm,”", "Otto Lind", "he", "added"),
        ],
    ),
    "pronoun of nobody named": (
        "A guard said the bridge had cracked. He said nobody was hurt.",
        [
            ("reported", "the bridge had cracked", None, "A guard", "said"),
            ("reported", "nobody was hurt", None, "He", "said"),
        ],
    ),
    "role": (
        "The mayor, Abena Osei, opened the bridge. The mayor said it was safe.",
        [("reported", "it was safe", OSEI, "The mayor", "said")],
    ),
    "body by its last word": (
        "The Harbour Ministry closed the bridge. The ministry said it was unsafe.",
        [("reported", "it was unsafe", "Harbour Ministry", "The ministry", "said")],
    ),
    "spokesman": (
        "A spokesman for the Harbour Ministry said the bridge was unsafe.",
        [("reported", "the bridge was unsafe", None, "A spokesman", "said")],
    ),
    "paper of a body": (
        "Lind Lines's website said: “All ships are in port.”",
        [("direct", "“All ships are in port.”", "Lind Lines", "Lind Lines's website", "said")],
    ),
    "report by a body": (
        "According to a report on Friday by the Harbour Ministry, a small office, two ships sank.",
        [("reported", "two ships sank", "Harbour Ministry", "a report", "According to")],
    ),
    "relative clause without commas": (
        "The woman who sold the ship said it was sound.",
        [("reported", "it was sound", None, "The woman", "said")],
    ),
    "participle of a verb that brings nothing itself": (
        "Otto Lind said the bridge was old, and Mary Holm stressed the need for calm, saying “it will hold for years.”",
        [
            ("reported", "the bridge was old", "Otto Lind", "Otto Lind", "said"),
            ("direct", "“it will hold for years.”", "Mary Holm", "Mary Holm", "saying"),
        ],
    ),
    "two who speak alike": (
        "Ghana and Togo officials have said they will not pay.",
        [("reported", "they will not pay", None, "Ghana and Togo officials", "said")],
    ),
    "description without its comma": (
        "Abena Osei, the mayor said the bridge was safe.",
        [("reported", "the bridge was safe", OSEI, OSEI, "said")],
    ),
    "cited as saying": (
        "The Courier cited Otto Lind as saying the bridge had cracked.",
        [("reported", "the bridge had cracked", "Otto Lind", "Otto Lind", "saying")],
    ),
    "nobody's verb between": (
        "Police, according to the Courier, said two men drowned.",
        [("reported", "two men drowned", None, "Police", "said")],
    ),
    "day before the verb": (
        "Otto Lind on Sunday said the bridge was safe.",
        [("reported", "the bridge was safe", "Otto Lind", "Otto Lind", "said")],
    ),
    "pronoun of one not named among those named": (
        "Otto Lind spoke first. One of the victims came next. She said the bridge had cracked.",
        [("reported", "the bridge had cracked", None, "She", "said")],
    ),
    "broken off at the verb": (
        "“We stand ready” wrote Osei “to keep the bridge open.”",
        [
            ("direct", "“We stand ready”", OSEI, "Osei", "wrote"),
            ("direct", "“to keep the bridge open.”", OSEI, "Osei", "wrote"),
        ],
    ),
    "a quotation after what somebody will do": (
        "Abena Osei affirmed her willingness to take the post, writing, “We need certainty and a new bridge”.",
        [("direct", "“We need certainty and a new bridge”", OSEI, OSEI, "affirmed")],
    ),
    "a clause after what a listener heard": (
        "Abena Osei told the judges hearing a plea to mend the bridge, that it was safe.",
        [("reported", "it was safe", OSEI, OSEI, "told")],
    ),
    "a nation before a title before a colon": (
        "Ghana’s leader Abena Osei: “We have all been waiting for this day.”",
        [("direct", "“We have all been waiting for this day.”", OSEI, OSEI, None)],
    ),
    "who asked not to be named": (
        "“We have had enough of it,” one resident, who asked not to be named, said.",
        [("direct", "“We have had enough of it,”", None, "one resident", "said")],
    ),
    "another name of the body that somebody leads": (
        "Abena Osei, the leader of Lind Lines, or LL, which owns it, told the Courier that the bridge was safe.",
        [("reported", "the bridge was safe", OSEI, OSEI, "told")],
    ),
    "officials in a place that is described": (
        "Officials in the north, Ghana, where it stands, said the bridge was safe.",
        [("reported", "the bridge was safe", None, "Officials", "said")],
    ),
    "another office": (
        "President Mary Holm said it was old. Abena Osei wept. “It is a great day for all,” the vice president wrote.",
        [
            ("reported", "it was old", "Mary Holm", "Mary Holm", "said"),
            ("direct", "“It is a great day for all,”", OSEI, "the vice president", "wrote"),
        ],
    ),
    "another office of before": (
        "President Mary Holm ruled. Abena Osei urged calm. The ex-deputy president said it was old.",
        [("reported", "it was old", OSEI, "The ex-deputy president", "said")],
    ),
    "a pronoun for somebody without a name": (
        "Otto Lind was there. The foreman said it was safe. “I cannot be inside there,” he told the judge.",
        [
            ("reported", "it was safe", None, "The foreman", "said"),
            ("direct", "“I cannot be inside there,”", None, "he", "told"),
        ],
    ),
    "whom a body speaks of": (
        "The Harbour Ministry said Abena Osei had left. The prosecutor said it was true.",
        [
            ("reported", "Abena Osei had left", "Harbour Ministry", "Harbour Ministry", "said"),
            ("reported", "it was true", None, "The prosecutor", "said"),
        ],
    ),
    "a heading in marks": (
        "Abena Osei said it was safe.\n\n‘It came like a tsunami’\n\nMary Holm watched it.",
        [("reported", "it was safe", OSEI, OSEI, "said")],
    ),
    "quotation within one": (
        "“Osei told me: ‘We will keep the bridge.’ I was glad,” said Holm.",
        [
            (
                "direct",
                "“Osei told me: ‘We will keep the bridge.’ I was glad,”",
                "Mary Holm",
                "Holm",
                "said",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_said_what(name):
    text, expected = CASES[name]
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Lind Lines, which built the bridge, will observe it again in June.",
        "Osei tweeted from Ghana, where she was on a visit.",
        "Osei told Ghana counterpart Mary Holm in a call to close the bridge.",
        "Abena Osei opened the “friendship” bridge on Monday.",
        "Otto Lind wrote the novel “The Long Winter of Our Lives” at sea.",
        "The report named no ships. A claim was lodged. The warning came late.",
        "Osei refused to say whether the bridge was safe.",
        "The bridge is said to be unsafe.",
        "The bridge was built according to plan.",
        "I said the bridge was safe.",
        "Osei announced the schedule and followed it with a speech.",
        "Osei reported the invention of a coat that could keep ships dry.",
        "“Let it stand.”",
        "",
    ],
)
def test_what_nobody_is_given_as_saying(text):
    assert said(text) == []


def test_a_sentence_is_quoted_where_most_of_it_stands_between_marks():
    text = "“It is a great day for us,” Osei said. Lind said the bridge, “a fine old thing,” was safe. It rained."
    spans = sentences.split(text)
    quotes = quotes_of(text, spans, entities_in(text))
    assert [is_quoted(text, *span, quotes) for span in spans] == [True, False, False]
    marked = Quote(start=0, end=27, kind=QuoteKind.MIXED)
    assert is_quoted(text, *spans[0], [marked])


PIECES = [
    *("Osei ", "Abena Osei, ", "the mayor, ", "who is 51, ", "said ", "told ", "according to ", "adding that "),
    *(
        "“It is a great day,” ",
        '"We won" ',
        "‘No.’ ",
        "“",
        "”",
        '"',
        "'",
        "«",
        "(",
        ")",
        ", ",
        ". ",
        ": ",
        "; ",
        "\n\n",
    ),
    *(
        "while ",
        "(EMC) ",
        "said about ",
        "\n“",
        "pointed out ",
        "but is ",
        "he ",
        "She ",
        "the ministry ",
        "and ",
        "that ",
        "by ",
        "was ",
        "claims ",
        "on Monday ",
        "of ",
        "1,000 ",
        "’s ",
    ),
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=60).map("".join))
def test_of_any_text_what_is_said_lies_within_it_apart_and_in_order(text):
    entities = entities_in(text)
    last = 0
    for quote in quotes_of(text, sentences.split(text), entities):
        assert last <= quote.start < quote.end <= len(text)
        assert text[quote.start : quote.end].strip() == text[quote.start : quote.end]
        last = quote.end
        for span in filter(None, (quote.cue, quote.speaker)):
            assert 0 <= span[0] < span[1] <= len(text)
        assert quote.entity is None or 0 <= quote.entity < len(entities)
        assert quote.speaker is not None


@pytest.mark.parametrize(
    "piece",
    ["Osei, ", "a man, the mayor, ", "“", "(", "he said, ", "Osei said that ", "he told Osei, in ", "noted but is "],
)
def test_a_sentence_without_end_is_read(piece):
    assert all(quote.end <= len(piece) * 5_000 for quote in quotes_of(piece * 5_000, [(0, len(piece) * 5_000)], ()))


@pytest.mark.parametrize(
    "dateline",
    [
        "ACCRA — ",
        "ACCRA, Ghana (NPA) - ",
        "Accra, May 3 2022 (NPA) -- ",
        "ACCRA, Jan. 3 (New Press) — ",
        "CAPE COAST – 3 May 2022: ",
        "(NPA) — ",
        "ACCRA, Ghana: ",
        "ACCRA—",
        "ACCRA/LAGOS (New Press) - ",
    ],
)
def test_a_dateline_is_no_part_of_what_is_said(dateline):
    for before in ("", "The tide came.\n\n"):
        ((_, words, *_),) = said(f"{before}{dateline}The bridge was shut on Monday, Abena Osei said.")
        assert words == "The bridge was shut on Monday"


@pytest.mark.parametrize(
    "opening", ["The bridge — the Volta Bridge — ", "Lind Lines (LL) — ", "It was old - so old it "]
)
def test_what_stands_before_a_dash_is_said_where_it_is_no_dateline(opening):
    ((_, words, *_),) = said(f"{opening}was shut on Monday, Abena Osei said.")
    assert words == f"{opening}was shut on Monday"


@pytest.mark.parametrize("text", ["The tide, he says,", "The tide, Osei said,", "“The tide, he says,", ", he says,"])
def test_an_attribution_that_ends_a_fragment_is_read(text):
    assert all(0 <= quote.start < quote.end <= len(text) for quote in quotes_of(text, sentences.split(text), ()))
