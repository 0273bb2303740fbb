"""Sentences to read: what NAMES lists is named in them, and quotations stand between marks."""

import re

import pytest

from gazetteer.annotate.speech.marks import quoted
from gazetteer.annotate.speech.tokens import Named, Sentence, tokens_of

NAMES = {
    "Abena Osei": "PERSON",
    "Otto Lind": "PERSON",
    "Lind Lines": "ORG",
    "Harbour Ministry": "ORG",
    "Courier": "ORG",
    "Ghana": "GPE",
    "Accra": "GPE",
}


def named(text):
    """The mentions of NAMES in `text`, each name with its number."""
    return sorted(
        Named(match.start(), match.end(), number, label)
        for number, (name, label) in enumerate(NAMES.items())
        for match in re.finditer(name, text)
    )


@pytest.fixture
def read():
    """A text as one sentence."""
    return lambda text: Sentence(text, tokens_of(text, 0, len(text), named(text), quoted(text)))


@pytest.fixture
def place():
    """Where a word or name (in small letters) first stands among the tokens of a sentence."""
    return lambda sentence, low: [token.low for token in sentence.tokens].index(low)
