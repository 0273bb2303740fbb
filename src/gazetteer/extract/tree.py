"""Bytes to a tree: which encoding, and a parse that any bytes leave bounded.

The order of trust for the encoding is that of browsers (byte order mark, HTTP header, `<meta>`), with one addition:
what the page declares is believed only while its bytes agree. Labels mean what the WHATWG Encoding Standard says they
mean, so that `iso-8859-1` is read as windows-1252.
"""

import codecs
import re
from typing import Final

import lxml.etree
import lxml.html
from charset_normalizer import from_bytes

from gazetteer.errors import ExtractError

MAX_BYTES: Final = 16 * 2**20
"""The largest page that is parsed. The largest of 400 real news pages had 2.9 MB."""
MAX_TAGS: Final = 30_000
"""The most `<` in a page that is parsed; the most in 400 real pages was 10,080."""
MAX_TAG_ATTRIBUTES: Final = 500
"""The most attributes of one tag: libxml2 takes quadratic time in them."""
MAX_DEPTH: Final = 2_000
"""The deepest nesting: libxml2 itself drops what lies below 2,048 elements."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
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
# What the WHATWG standard reads another way than Python does; every other label is looked up in Python's own table.
_WHATWG = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "mac-roman": "mac-roman",
    "mac-cyrillic": "mac-cyrillic",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
}
_SINGLE_BYTE = re.compile(r"(?:cp(?:125\d|866|874)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic))\Z")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.I)
_META_WINDOW = 16 * 1024
_SAMPLE = 64 * 1024
_NULS = 8
_NEVER_IN_HEAD = frozenset(("article", "aside", "figure", "footer", "header", "main", "nav", "section"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"<[a-zA-Z!]")
_TAG_START = re.compile(r"<(?:!--|(script|style)\b|[a-zA-Z])", re.IGNORECASE)
_VALUE = r"=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+"
_TAG_REST = re.compile(rf"(?:[^=>]++|{_VALUE})*+")
_VALUES = re.compile(_VALUE)
_CLOSE = {"script": re.compile(r"</script", re.IGNORECASE), "style": re.compile(r"</style", re.IGNORECASE)}
_MOJIBAKE = re.compile(r"[À-ÖØ-öø-ÿ]{4,}")
_RUN = re.compile(rb"[^<>\n]+")
_WIDE = {"utf-16-le": re.compile(rb"(?:\s\0)*<\0"), "utf-16-be": re.compile(rb"(?:\0\s)*\0<")}
_FOREIGN = re.compile(r"[^\x00-\x7f]")


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
    encoding = _encoding(content, content_type)
    if not encoding.startswith("utf-16") and content.count(b"\0") > max(_NULS, len(content) // 1000):
        raise ExtractError("the page is not HTML but binary data")
    return _CONTROLS.sub("", content.decode(encoding, "replace").removeprefix("\ufeff"))


def _encoding(content: bytes, content_type: str | None) -> str:
    """The Python name of the encoding to read `content` with; it may still need `errors="replace"`."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    for name, beginning in _WIDE.items():
        if beginning.match(content):
            return name
    declared = _declared(content, content_type)
    if declared != "iso2022_jp" and _is_utf8(content):
        return "utf-8"
    if declared and declared != "utf-8" and _fits(content, declared):
        return declared
    if declared == "utf-8" and _is_damaged_utf8(content):
        return "utf-8"
    return _detected(content) or declared or "cp1252"


def _declared(content: bytes, content_type: str | None) -> str | None:
    """What the HTTP header, else the page itself, says of its encoding, as a name that Python decodes safely."""
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(content[:_META_WINDOW])
    labels = [header.group(1)] if header else []
    labels += [meta.group(1).decode("ascii", "replace")] if meta else []
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except (LookupError, ValueError):
            continue
        name = _WHATWG.get(name, name)
        # utf-16 in an ASCII-readable declaration can't be true; the standard reads it as utf-8.
        if name.startswith("utf-16"):
            return "utf-8"
        if name == "utf-8" or name in _WHATWG.values() or _SINGLE_BYTE.match(name):
            return name
    return None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut off within its last character is still UTF-8.
        return error.start >= len(content) - 3 and error.start > 0
    return True


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether what isn't ASCII is UTF-8 for the most part: one bad byte must not turn every accent to mojibake."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 4 < len(_FOREIGN.findall(text))


def _fits(content: bytes, encoding: str) -> bool:
    """Whether `content` reads as text in `encoding`: decodable, or, since single bytes always are, no mojibake."""
    text = content.decode(encoding, "replace")
    foreign = len(_FOREIGN.findall(text))
    if text.count("\ufffd") * 10 > foreign:
        return False
    return encoding != "cp1252" or sum(map(len, _MOJIBAKE.findall(text))) * 2 < foreign


def _detected(content: bytes) -> str | None:
    """The likeliest encoding of the texts that aren't ASCII, by their letters' frequencies."""
    pieces: list[bytes] = []
    size = 0
    for match in _RUN.finditer(content):
        if not match.group().isascii():
            pieces.append(match.group()[: _SAMPLE - size])
            size += len(pieces[-1])
        if size >= _SAMPLE:
            break
    lines = b"\n".join(pieces)
    best = from_bytes(lines, cp_exclusion=["utf_16", "utf_32", "utf_7"]).best()
    if best is None:
        return None
    name = codecs.lookup(best.encoding).name
    return _WHATWG.get(name, name)


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
