"""The words of an article, counted: what is compared between articles."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from zlib import crc32

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.float32]

WHOLE, LEAD, HEAD = range(3)
"""The parts of an article whose words are counted: all of it; its headline and first words; its headline."""

_LOOKED_AT = 200  # characters of a word, of which many are kept to be known again
LEAD_WORDS = 90
LONGEST = 20_000
"""Words of an article, from its beginning, that are counted."""

# Scripts that put no space between words are compared by their characters.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a about after again against all also although always am among an and another any are as at back be became
        because been before being below between both but by call can cannot could de did do does done down due
        during each eight either else enough etc even ever every few first five for former four from full further
        get give go had has have he hence her here hers herself him himself his how however i if in indeed instead
        into is it its itself keep last least less made many may me might mine more moreover most mostly move much
        must my myself never nevertheless next nine no nobody none nor not nothing now of off often on once one only
        onto or other others otherwise our ours out over own part per perhaps please put rather re s said same say
        says see seem seemed several she should since six so some somehow someone something still such t take ten
        than that the their them themselves then there therefore these they third this those though three through
        throughout thus to together too toward towards two under until up upon us very via was we well were what
        whatever when where whether which while who whole whom whose why will with within without would yet you your
        yours
        """,
    )
)


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of an article, as sorted hashes (n,), and how often each stands in its parts (3, n)."""

    hashes: Hashes
    counts: Counts


def count(headline: str, text: str) -> Words:
    """Count an article's words, without the commonest of English; endings are cut, so that forms of one word are one.

    Takes time linear in the text.
    """
    head = list(islice(_words(headline), LONGEST))
    body = list(islice(_words(text), LONGEST))
    parts = [Counter(head + body), Counter(head + body[:LEAD_WORDS]), Counter(head)]
    found = [crc32(word.encode("utf-8", "replace")) for word in parts[WHOLE]]
    hashes, at = np.unique(np.array(found, dtype=np.uint32), return_inverse=True)
    counts = [np.bincount(at, [part.get(word, 0) for word in parts[WHOLE]], minlength=len(hashes)) for part in parts]
    return Words(hashes=hashes, counts=np.array(counts, dtype=np.float32))


def _words(text: str) -> Iterator[str]:
    """Give the words that are compared: none of the commonest."""
    return filter(None, (stem(word[:_LOOKED_AT]) for word in _WORD.findall(text.lower())))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Give what the forms of a word share; "" of the commonest words of English."""
    return "" if word in _COMMON else _stem(word)


def _stem(word: str) -> str:
    """Cut the commonest endings of English: not to a word, but to what its forms share."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


DAYS = np.array([crc32(day.encode()) for day in map(stem, _DAYS)], dtype=np.uint32)
"""The days of the week, as words are hashed."""
