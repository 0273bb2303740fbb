"""The words of a text as the search keeps them, the same in every database.

A word is a run of letters and digits, folded: without case, accents or compatibility forms. In writing that puts no
spaces between words (Chinese, Japanese), each character is one. The databases get words that are split and folded here,
so that a query finds the same articles in all of them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
LONGEST = 60
"""Characters of a word that count; what follows them is passed over."""

_LOOKED_AT = 10 * LONGEST  # characters of a word that are folded, since some fold to none

LONGEST_LINE = 500
"""Characters of what feeds, and lists of them, say in a line."""

LONGEST_KEY = 400
"""Characters of a name's key."""


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each word of a text, folded, with the span that it covers there."""
    for match in _WORD.finditer(text):
        if word := folded(match[0][:_LOOKED_AT]):
            yield word, match.start(), match.end()


def words(text: str) -> list[str]:
    """Give the words of a text, folded, in its order."""
    return [word for found in _WORD.findall(text) if (word := folded(found[:_LOOKED_AT]))]


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """Fold one word: `Élysée` and `ELYSEE` are `elysee`."""
    if word.isascii():
        return word.lower()[:LONGEST]
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(part for part in parts.casefold() if part.isalnum())[:LONGEST]


def key(name: str) -> str:
    """Give what two writings of one name share: its folded words; where it has none, the name itself.

    One that is longer than any name is known by its hash, so that every database can index it.
    """
    return _key(name) if len(name) <= LONGEST_KEY else _key.__wrapped__(name)  # which are not to fill the memory


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> str:
    found = " ".join(words(name)) or storable(name).strip()
    return found if len(found) <= LONGEST_KEY else "sha256:" + hashlib.sha256(found.encode()).hexdigest()


def storable_line(text: str) -> str:
    """Give a text as one line of bounded length that every database can hold."""
    return storable(" ".join(text.split()))[:LONGEST_LINE]


def storable(text: str) -> str:
    """Give a text of the same length that every database can hold: NUL and halves of surrogate pairs replaced."""
    return _UNSTORABLE.sub("\ufffd", text)
