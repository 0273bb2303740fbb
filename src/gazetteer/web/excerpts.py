"""What of a digest goes where there is no page around it: its summary as plain text, in one line. Pure."""

from gazetteer.types import Digest
from gazetteer.view import printable


def excerpt(digest: Digest) -> str:
    """Give the sentences of a digest's summary: of one that is `shown`, those that may be."""
    sentences = digest.annotation.sentences
    chosen = (sentences[number] for number in digest.annotation.summary)
    return " ".join(filter(None, (line(digest.article.text[each.start : each.end]) for each in chosen)))


def line(words: str) -> str:
    """Give words in one line, without what no screen and no XML can hold."""
    return " ".join(printable(words).split())
