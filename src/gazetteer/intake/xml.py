"""XML as it comes in the wild, to a tree: bounded, in linear time, without a document type.

What is well formed is read as it is. What is not is mended first: bare `&` and `<` are escaped, HTML's names of
characters become these, and tags are closed where what they stand in ends, as browsers and feed readers do. lxml's own
recovery then only sees what is left, since it takes any end tag for that of whatever is open.
"""

import contextlib
import re
from collections import Counter
from dataclasses import dataclass
from html.entities import html5
from itertools import islice

import lxml.etree

from gazetteer import encoding

MAX_TAGS = 200_000
"""How much of a document is read, in `<`; the most in 200 real feeds was 19,771."""

MAX_REFERENCES = 1_000_000
"""How much of a document that must be mended is read, in `&`."""

MAX_TEXT = 20_000
"""The most characters of one element's text that are read."""

Element = lxml.etree._Element  # noqa: SLF001 - the name that lxml has for it

_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD = 256 * 1024  # characters in which the first element must begin
_BEGINNING = re.compile(r"<!--.*?(?:-->|\Z)|<([A-Za-z_][\w.:-]*)", re.DOTALL)
_PAGE = frozenset(("html", "head", "body"))
_TOKEN = re.compile(
    r"(?P<verbatim><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<dropped><!--.*?(?:-->|\Z)|<[?!][^<>]*+>?)"
    r"|</(?P<end>[A-Za-z_][\w.:-]*+)[^<>]*+>"
    r"|<(?P<start>[A-Za-z_][\w.:-]*+)(?P<rest>(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+)(?P<empty>/?)>"
    r"|<",
    re.DOTALL,
)
_AMPERSAND = re.compile(
    r"&(?:(?P<kept>amp|lt|gt|quot|apos);|#(?:x(?P<hex>[0-9a-fA-F]{1,6})|(?P<decimal>[0-9]{1,7}));"
    r"|(?P<name>[A-Za-z]\w{1,31};))?"
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?+")
_NAME = re.compile(r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?\Z")
_MOST_ATTRIBUTES = 50
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's tree. `is_cut`: it ends within one of the elements that were asked after."""

    root: Element
    is_cut: bool = False


def parse(text: str, *, roots: frozenset[str], parts: frozenset[str]) -> Document | None:
    """Give the tree below the first element that is one of `roots`, or None where there is none before a web page.

    Names are local ones, in lower case. `parts` are those of the elements that the document is a list of, which do not
    stand within one another.
    """
    start = _beginning(text, roots)
    if start is None:
        return None
    text = _cut(_NOT_XML.sub("", text[start:]), "<", MAX_TAGS)
    with contextlib.suppress(lxml.etree.XMLSyntaxError):
        return Document(root=lxml.etree.fromstring(text.encode(), _parser(recover=False)))
    mended, is_cut = _mended(_cut(text, "&", MAX_REFERENCES), parts)
    with contextlib.suppress(lxml.etree.XMLSyntaxError):
        root = lxml.etree.fromstring(mended.encode(), _parser(recover=True))
        return None if root is None else Document(root=root, is_cut=is_cut)
    return None


def begins(text: str, *, roots: frozenset[str]) -> bool:
    """Tell whether the first element that tells what a document is is one of `roots`."""
    return _beginning(text, roots) is not None


def decode(content: bytes, *, content_type: str | None = None) -> str:
    """Give a document's characters, whatever its encoding."""
    return content.decode(encoding.of(content, content_type=content_type), "replace").removeprefix("\ufeff")


def attributes(text: str) -> dict[str, str]:
    """Give the attributes of a tag, the first of each name, out of what follows the tag's name; values as written."""
    found: dict[str, str] = {}
    for pair in islice(_ATTRIBUTE.finditer(text), _MOST_ATTRIBUTES):
        if _NAME.match(pair[1]):
            found.setdefault(pair[1], pair[2] or pair[3] or pair[4] or "")
    return found


def inner_text(element: Element) -> str:
    """Give the text of an element and of all within it, as much of it as anything here needs."""
    found, size = [], 0
    for text in element.itertext():
        found.append(str(text))
        size += len(text)
        if size > MAX_TEXT:
            break
    return "".join(found)[:MAX_TEXT].strip()


def local(name: str) -> str:
    """Give an element's name without its namespace or prefix, in lower case."""
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _parser(*, recover: bool) -> lxml.etree.XMLParser:
    return lxml.etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )


def _beginning(text: str, roots: frozenset[str]) -> int | None:
    """Find the first element that is a root, past a document type, and past what servers print before it."""
    for match in _BEGINNING.finditer(text, 0, _HEAD):
        name = local(match[1] or "")
        if name in roots:
            return match.start()
        if name in _PAGE:
            return None
    return None


def _cut(text: str, sign: str, most: int) -> str:
    """Give a text up to the sign that is one too many."""
    return text if text.count(sign) <= most else sign.join(text.split(sign, most)[:most])


class _Mender:
    """Writes tags anew, so that each end stands where it can; every element is opened and closed once."""

    def __init__(self, parts: frozenset[str]) -> None:
        self.made: list[str] = []
        self.open: list[str] = []
        self._parts = parts
        self._within: Counter[str] = Counter()

    def start(self, name: str, rest: str, empty: str) -> None:
        """Open an element, after the end of one of the same name that cannot hold it."""
        if local(name) in self._parts:
            self.end(name)
        own = "".join(f' {each}="{_escaped(value)}"' for each, value in attributes(rest).items())
        self.made.append(f"<{name}{own}{empty}>")
        if not empty:
            self.open.append(name)
            self._within[name.lower()] += 1

    def end(self, name: str) -> None:
        """Close what is open, down to `name`, if that is."""
        while self._within[name.lower()]:
            last = self.open.pop()
            self._within[last.lower()] -= 1
            self.made.append(f"</{last}>")
            if last.lower() == name.lower():
                return


def _mended(text: str, parts: frozenset[str]) -> tuple[str, bool]:
    """Make a text well formed, as far as its tags go, and tell whether a part is left open at its end."""
    mender, at = _Mender(parts), 0
    for token in _TOKEN.finditer(text):
        mender.made.append(_escaped(text[at : token.start()]))
        at = token.end()
        if token["end"]:
            mender.end(token["end"])
        elif token["start"]:
            mender.start(token["start"], token["rest"], token["empty"])
        elif not token["dropped"]:
            mender.made.append(token["verbatim"] or "&lt;")
    mender.made.append(_escaped(text[at:]))
    is_cut = any(local(name) in parts for name in mender.open)
    return "".join(mender.made) + "".join(f"</{name}>" for name in reversed(mender.open)), is_cut


def _escaped(text: str) -> str:
    text = _AMPERSAND.sub(_mended_reference, text) if "&" in text else text
    return text.replace('"', "&quot;")


def _mended_reference(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["hex"] or found["decimal"]:
        return found[0] if _is_character(int(found["hex"] or found["decimal"], 16 if found["hex"] else 10)) else ""
    meant = html5.get(found["name"] or "")
    if meant is None:
        return "&amp;" + found[0][1:]
    return "".join(_ESCAPED.get(letter, letter) for letter in meant)


def _is_character(code: int) -> bool:
    """Tell whether XML has a character; libxml2 takes some that it has not, and cannot give them back."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
