"""Bytes to a tree, by a parse that any bytes leave bounded."""

import re
from typing import Final

import lxml.etree
import lxml.html

from gazetteer import encoding
from gazetteer.errors import ExtractError

MAX_BYTES: Final = 16 * 2**20
"""The largest page that is parsed. The largest of 400 real news pages had 2.9 MB."""
MAX_TAGS: Final = 30_000
"""The most `<` in a page that is parsed; the most in 400 real pages was 10,080."""
MAX_TAG_ATTRIBUTES: Final = 500
"""The most attributes of one tag: libxml2 takes quadratic time in them."""
MAX_DEPTH: Final = 2_000
"""The deepest nesting: libxml2 itself drops what lies below 2,048 elements."""

_MAGIC = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or a recording",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "compressed data",
    b"BZh": "compressed data",
    b"\x28\xb5\x2f\xfd": "compressed data",
    b"\xfd7zXZ": "compressed data",
    b"\x7fELF": "a program",
}
_NULS = 8
_NEVER_IN_HEAD = frozenset(("article", "aside", "figure", "footer", "header", "main", "nav", "section"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<[a-zA-Z!]")
_TAG_START = re.compile(r"<(?:!--|(script|style)\b|[a-zA-Z])", re.IGNORECASE)
_VALUE = r"=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+"
_TAG_REST = re.compile(rf"(?:[^=>]++|{_VALUE})*+")
_VALUES = re.compile(_VALUE)
_CLOSE = {"script": re.compile(r"</script", re.IGNORECASE), "style": re.compile(r"</style", re.IGNORECASE)}


def parse(content: bytes, *, content_type: str | None = None) -> lxml.html.HtmlElement:
    """The page's tree, whatever its encoding; `content_type` is the HTTP header's value, where there was one.

    Raises `ExtractError` for what is empty, binary, not HTML, or beyond the limits on bytes, tags, attributes and
    depth. Time and memory are linear in the bytes.
    """
    text = decode(content, content_type=content_type)
    _check_markup(text)
    # A parser of its own for each page: lxml's keep what they have read.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        raise ExtractError("the page could not be parsed as HTML") from None
    _check_depth(tree)
    _open_body(tree)
    return tree


def _open_body(tree: lxml.html.HtmlElement) -> None:
    """Move what can stand in no head from there to the body, where the page leaves the tags of both out."""
    head, body = tree.find("head"), tree.find("body")
    first = next((child for child in head if child.tag in _NEVER_IN_HEAD), None) if head is not None else None
    if first is None or head is None:
        return
    moved = [first, *first.itersiblings()]
    if body is None:
        body = lxml.etree.SubElement(tree, "body")
    body[:0] = moved


def decode(content: bytes, *, content_type: str | None = None) -> str:
    """The page's characters, without control characters other than tab and newlines.

    Raises `ExtractError` for what is empty, too large or binary.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise ExtractError("the page is empty")
    if len(content) > MAX_BYTES:
        raise ExtractError(f"the page has {len(content) / 2**20:.0f} MB, more than the {MAX_BYTES // 2**20} MB allowed")
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise ExtractError(f"the page is not HTML but {what}")
    name = encoding.of(content, content_type=content_type)
    if not name.startswith(("utf-16", "utf-32")) and content.count(b"\0") > max(_NULS, len(content) // 1000):
        raise ExtractError("the page is not HTML but binary data")
    return _CONTROLS.sub("", content.decode(name, "replace").removeprefix("\ufeff"))


def _check_markup(text: str) -> None:
    """Refuse, before any parser sees it, what parsers take more than linear time or memory for."""
    if not _MARKUP.search(text):
        raise ExtractError("the page is not HTML")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise ExtractError(f"the page has {tags:,} tags, more than the {MAX_TAGS:,} allowed")
    _check_attributes(text)


def _check_attributes(text: str) -> None:
    """Walk the tags as a browser would (comments and scripts are none), each character once."""
    start = _TAG_START.search(text)
    while start:
        rest = _TAG_REST.match(text, start.end())
        end = rest.end() if rest else start.end()
        name = start.group(1)
        if start.group() == "<!--":
            end = _end_of(text.find("-->", start.end()), text)
        elif end - start.end() > MAX_TAG_ATTRIBUTES and _attributes(text[start.end() : end]) > MAX_TAG_ATTRIBUTES:
            raise ExtractError(f"the page has a tag with more than {MAX_TAG_ATTRIBUTES} attributes")
        if name:
            close = _CLOSE[name.lower()].search(text, end)
            end = close.start() if close else len(text)
        start = _TAG_START.search(text, end)


def _attributes(tag: str) -> int:
    return len(_VALUES.sub("= ", tag).split())


def _end_of(found: int, text: str) -> int:
    return len(text) if found < 0 else found


def _check_depth(tree: lxml.html.HtmlElement) -> None:
    depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise ExtractError(f"the page nests its elements more than {MAX_DEPTH:,} deep")
