import re

import pytest

from gazetteer.annotate.speech.attribution import subject_of
from gazetteer.annotate.speech.marks import quoted
from gazetteer.annotate.speech.speakers import Cast
from gazetteer.annotate.speech.tokens import Named, Sentence, tokens_of
from gazetteer.types import Entity, Mention

LABELS = {
    "Mary Holm": "PERSON",
    "Peter Lind": "PERSON",
    "Harbour Ministry": "ORG",
    "Lind Lines": "ORG",
    "Daily Courier": "ORG",
    "Ministry of Ships": "ORG",
    "Old Harbour Ministry": "ORG",
    "Ghana": "GPE",
    "Togo": "GPE",
}

# Whom the last sentence is about.
TEXTS = {
    "Mary Holm met Peter Lind. She left.": "Mary Holm",
    "Peter Lind met Mary Holm. She left.": "Mary Holm",
    "The mayor, Mary Holm, came. The mayor left.": "Mary Holm",
    "The Harbour Ministry shut it. The ministry left.": "Harbour Ministry",
    "Lind Lines shut it. The company left.": "Lind Lines",
    "The Daily Courier came. The newspaper left.": "Daily Courier",
    "Peter Lind came. A person with a cough has no fever. He left.": "Peter Lind",
    "Peter Lind came. A driver with a cough was there. He left.": None,
    "Lind Lines met the Harbour Ministry. The union left.": "Lind Lines",
    "The Harbour Ministry shut it. The party left.": None,
    "Mary Holm came. The guards left.": None,
    "The actress Mary Holm came. Peter Lind came. The actress left.": "Mary Holm",
    "Mary Holm, the port commissioner responsible for ships, came. The commissioner left.": "Mary Holm",
    "The port president Mary Holm came. The union president Peter Lind came. The port president left.": "Mary Holm",
    "Mary Holm came. The professor left.": "Mary Holm",
    "The union president Peter Lind came. The Ghana president left.": None,
    "Mary Holm, the president of the port of Ghana, came. Peter Lind came. The Ghana president left.": "Mary Holm",
    "Ghana's President Mary Holm came. Peter Lind came. The Ghanaian president left.": "Mary Holm",
    "Minister of Ships Mary Holm came. Peter Lind came. The minister left.": "Mary Holm",
    "Mary Holm came. The witness left.": None,
    "Mary Holm came. The owner of a ship left.": None,
    "Peter Lind met Mary Holm at sea. An official came. The official left.": None,
    "Mary Holm came. She sat. Peter Lind sat beside her. She left.": "Mary Holm",
    "The Ministry of Ships shut it. Lind Lines came. The ships ministry left.": "Ministry of Ships",
    "The newspaper Daily Courier came. Lind Lines came. The newspaper left.": "Daily Courier",
    "The Harbour Ministry shut it. Its company left. The ministry's website left.": "Harbour Ministry",
    "Ghana met Togo in Ghana. Togo left. Ghana came. The country left.": "Ghana",
    "Ghana met Togo. The city of Accra left.": None,
    "Ghana met Togo. The city of Togo left.": "Togo",
    "The Harbour Ministry shut it. HM left.": None,
    "The Old Harbour Ministry shut it. OHM left.": "Old Harbour Ministry",
    "Lind Lines shut it. They've left.": "Lind Lines",
    "The Daily Courier came. The council left.": None,
    "Lind Lines came. The Daily Courier came. The bank left.": "Lind Lines",
    "Lind Lines came. The Daily Courier came. The company left.": "Daily Courier",
    "The company left.": None,
}


@pytest.mark.parametrize("text", TEXTS)
def test_words_stand_for_whom_an_attentive_reader_takes(text):
    entities, named = [], []
    for name, label in LABELS.items():
        spans = [match.span() for match in re.finditer(name, text)]
        named += [Named(*span, len(entities), label) for span in spans]
        mentions = tuple(Mention(start=start, end=end, score=0.9) for start, end in spans)
        entities.append(Entity(name=name, label=label, mentions=mentions))
    named.sort()
    cast = Cast.of(text, entities, named)
    for match in re.finditer(r"[^.]+\.", text):
        names = [name for name in named if match.start() <= name.start < match.end()]
        sentence = Sentence(text, tokens_of(text, *match.span(), names, quoted(text)))
        subject = subject_of(sentence)
        cast.enter(names, subject)
    who = cast.who(subject)
    assert (entities[who].name if who is not None else None) == TEXTS[text]


def test_whoever_is_spoken_to_is_not_who_speaks():
    text = "Speaking to Peter Lind, he said so."
    named = [Named(12, 22, 0, "PERSON")]
    cast = Cast.of(text, [Entity(name="Peter Lind", label="PERSON", mentions=())], named)
    sentence = Sentence(text, tokens_of(text, 0, len(text), named, ()))
    cast.enter(named, None)
    assert cast.who(subject_of(sentence)) is None


def test_the_company_is_none_that_is_named_only_later_and_the_mayor_may_be():
    text = "The company left. The mayor left. The firm, Lind Lines, is a company. Mayor Mary Holm came."
    spans = [("Lind Lines", "ORG"), ("Mary Holm", "PERSON")]
    named = [Named(text.index(n), text.index(n) + len(n), at, label) for at, (n, label) in enumerate(spans)]
    entities = [
        Entity(name=name, label=label, mentions=(Mention(start=each.start, end=each.end, score=0.9),))
        for (name, label), each in zip(spans, named, strict=True)
    ]
    cast = Cast.of(text, entities, named)
    who = []
    for match in list(re.finditer(r"[^.]+\.", text))[:2]:
        subject = subject_of(Sentence(text, tokens_of(text, *match.span(), [], ())))
        cast.enter([], subject)
        who.append(cast.who(subject))
    assert who == [None, 1]
