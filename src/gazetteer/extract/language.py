"""The language of a text: what its page declares, checked against what its words say."""

import functools
import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from gazetteer.writing import SAMPLE, is_latin

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN: Final = "und"
"""BCP 47's tag for a language that is not known."""

_ENGLISH = "en"
_SURE, _SURELY = 0.9, 40  # the share, and the letters, that contradict a declared tag
_LIKELY, _FEWEST = 0.7, 30  # those that tell a language where none is declared: of 5,000 English lines none was another
_ENGLISH_WORDS = frozenset(
    {
        *("the", "and", "of", "to", "that", "with", "for", "from", "are", "were", "has", "have", "had", "they"),
        *("their", "his", "this", "which", "who", "said", "would"),
    }
)
_ENGLISH_SHARE, _ENGLISH_KINDS = 0.15, 6
"""The share of a text's words that these are, and how many of them it has, where it can be nothing but English."""

_TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{2,8})*)\Z", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
# Tags that pages use for what the detector, or BCP 47 itself, calls by another name.
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "tl": "fil", "sh": "hr", "cmn": "zh"}
_ALIKE = (frozenset({"no", "da"}), frozenset({"hr", "sr", "bs"}), frozenset({"id", "ms"}), frozenset({"cs", "sk"}))


def of(text: str, *, declared: str | None = None) -> str:
    """The BCP 47 tag of the text's language, `und` where it can't be told.

    A declared tag stands, with its region, while the words don't clearly contradict it: templates often declare the
    language of the site's maker. What is in another writing is not English, whatever is declared.
    """
    tag, sample = normal(declared), text[:SAMPLE]
    can_be_english = is_latin(sample)
    if tag.partition("-")[0] == _ENGLISH and not can_be_english:
        tag = UNKNOWN
    share_asked, letters_asked = (_LIKELY, _FEWEST) if tag == UNKNOWN else (_SURE, _SURELY)
    if sum(1 for _ in islice(_LETTER.finditer(sample), letters_asked)) < letters_asked:
        return tag
    if tag.partition("-")[0] in (_ENGLISH, UNKNOWN) and _is_plainly_english(sample):
        return _ENGLISH if tag == UNKNOWN else tag
    found, share = _identifier().classify(sample)
    if share < share_asked or (found == _ENGLISH and not can_be_english) or _same(tag.partition("-")[0], str(found)):
        return tag
    return str(found)


def _is_plainly_english(sample: str) -> bool:
    """Whether the commonest words tell the language by themselves: the detector's model takes long to load."""
    words = _WORD.findall(sample.lower())
    found = [word for word in words if word in _ENGLISH_WORDS]
    return len(found) >= _ENGLISH_SHARE * len(words) and len(set(found)) >= _ENGLISH_KINDS


def normal(tag: str | None) -> str:
    """The tag as BCP 47 writes it (`en_us` is `en-US`, `zh-hans` is `zh-Hans`), `und` where it is none."""
    match = _TAG.match((tag or "").strip())
    if not match:
        return UNKNOWN
    subtags = re.split(r"[-_]", match.group(2))[1:]
    return "-".join([match.group(1).lower(), *map(_cased, subtags)])


def _cased(subtag: str) -> str:
    return {2: subtag.upper(), 4: subtag.title()}.get(len(subtag), subtag.lower())


def _same(declared: str, found: str) -> bool:
    names = {_SAME.get(declared, declared), _SAME.get(found, found)}
    return len(names) == 1 or any(names <= group for group in _ALIKE)


@functools.cache
def _identifier() -> "LanguageIdentifier":
    # Imported here: it reads a model of several MB, which commands that extract nothing have no use for.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
