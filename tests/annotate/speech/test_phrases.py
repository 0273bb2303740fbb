import pytest

from gazetteer.annotate.speech.phrases import phrase_after, phrase_before

# Who stands before the last verb, or after the first.
BEFORE = {
    "Abena Osei said": "Abena Osei",
    "On Monday, the mayor said": "the mayor",
    "Abena Osei, the mayor of the port, who is 51, said": "Abena Osei",
    "Abena Osei, Deputy Harbour Master for the South, said": "Abena Osei",
    "Abena Osei (51) said": "Abena Osei",
    "Abena Osei, head of Lind Lines (LL), said": "Abena Osei",
    "Abena Osei, a reader of trade, ships and ports at the Harbour Ministry, said": "Abena Osei",
    "Director Abena Osei, said": "Abena Osei",
    "The board of Lind Lines (LL) in Ghana said": "The board",
    "The big Lind Lines (LL) said": "Lind Lines",
    "The Ghana-listed Lind Lines said": "Lind Lines",
    "The mayor, Abena Osei, said": "Abena Osei",
    "Abena Osei, Lind Lines, said": "Abena Osei",
    "The governor of the isle, a state near Ghana, said": "The governor",
    "The woman who sold the ship said": "The woman",
    "Of those who left, nine were glad and on Monday the mayor said": "the mayor",
    "Abena Osei of the port of Ghana, Ghana said": "Abena Osei",
    "Part of the mayor's statement said": "the mayor's statement",
    "A letter signed by Abena Osei said": "A letter",
    "The decree signed by the Pope said": "The decree",
    "A spokesman for Lind Lines in Ghana said": "A spokesman",
    "More than 95% of the guards said": "More than 95",
    "The Courier newspaper said": "Courier",
    "Lind Lines's website said": "Lind Lines's website",
    "The court tried Abena Osei, a clerk said": "a clerk",
    "Abena Osei, 24, a trader, said": "Abena Osei",
    "Ama Addo, 24, a trader, said": "Ama Addo",
    "Abena Osei, quoting Otto Lind, said": "Abena Osei",
    "Abena Osei, quoting the trader Otto Lind, said": "Abena Osei",
    "Abena Osei, alongside the mayor Otto Lind, said": "Abena Osei",
    "The port was sold to Otto Lind, Abena Osei, 24, said": "Abena Osei",
    "On Monday, Abena Osei, quoting Otto Lind, said": "Abena Osei",
    "The outgoing mayor, Abena Osei, said": "Abena Osei",
}
AFTER = {
    "said Abena Osei on Monday": "Abena Osei",
    "said a spokesman for the port": "a spokesman",
    "said the mayor, Abena Osei.": "Abena Osei",
    "said he was glad": "he",
}


@pytest.mark.parametrize("text", BEFORE)
def test_the_subject_before_a_verb_is_what_says_who(read, text):
    sentence = read(text)
    phrase = phrase_before(sentence, len(sentence.tokens) - 1, floor=0)
    assert text[phrase.start : phrase.end] == BEFORE[text]


@pytest.mark.parametrize("text", AFTER)
def test_the_subject_after_a_verb_is_what_says_who(read, text):
    phrase = phrase_after(read(text), 1)
    assert text[phrase.start : phrase.end] == AFTER[text]


@pytest.mark.parametrize("text", ["which said", ", said", "said"])
def test_where_nobody_stands_before_a_verb_there_is_no_subject(read, text):
    sentence = read(text)
    assert phrase_before(sentence, len(sentence.tokens) - 1, floor=0) is None


def test_a_phrase_knows_whom_it_names_or_belongs_to(read):
    sentence = read("Lind Lines's website said")
    phrase = phrase_before(sentence, 3, floor=0)
    assert (phrase.entity, phrase.owner, phrase.head) == (None, sentence.tokens[0].entity, "website")
    by = read("A report on ships by the Harbour Ministry said")
    assert phrase_before(by, 7, floor=0).owner == by.tokens[6].entity
