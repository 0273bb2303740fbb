import pytest

from gazetteer.annotate.speech.attribution import is_cue
from gazetteer.annotate.speech.clauses import clause_end, count_words, is_said, is_whole, stands_alone

# What is said ends at the bar.
CLAUSES = [
    "the port was shut|.",
    "the port was shut|; nobody came",
    "the port was shut|, adding that it was old",
    "the port was shut|, but the mayor said it was open",
    "the port was shut|, but there is no sign of that",
    "the port was shut|, but that is not so",
    "the port was shut, but that it would open|.",
    "the port was shut, while the bridge was open|.",
    "the port was shut|, while Otto Lind said it was open",
    "the port was shut because nobody had said it was open|.",
    "the port was shut, and nine were reported hurt|.",
    "the port was shut|: “We shall see what comes.”",
    "the port was shut|, according to Otto Lind",
    "the port was shut| and praised the guards",
]


@pytest.mark.parametrize("text", CLAUSES)
def test_what_is_said_ends_where_the_text_speaks_again(read, text):
    ends = text.index("|")
    sentence = read(text.replace("|", ""))
    cues = frozenset(n for n in range(len(sentence.tokens)) if is_cue(sentence, n))
    end = clause_end(sentence, 0, cues)
    last = end - (sentence.tokens[end - 1].low == ".")
    assert sentence.tokens[last - 1].end == ends


@pytest.mark.parametrize(
    ("text", "whole", "alone", "words", "said"),
    [
        ("“We shall see what comes.” He left.", True, True, 4, True),
        ("“We shall see what comes” after that", False, True, 4, True),
        ("“We shall see what comes” he sang", False, False, 4, True),
        ("“friendship” bridge", False, False, 1, False),
        ("“The Long Winter of Our Lives” at sea", False, True, 4, False),
    ],
)
def test_a_quotation_is_somebodys_words_or_a_term(read, text, whole, alone, words, said):
    sentence = read(text)
    assert (is_whole(sentence, 0), stands_alone(sentence, 0)) == (whole, alone)
    assert (count_words(sentence, 0), is_said(sentence, 0)) == (words, said)
