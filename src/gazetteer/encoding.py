"""Which encoding a page or a feed is in.

The order of trust is that of browsers (byte order mark, HTTP header, `<meta>` or XML declaration), with one addition:
what is declared is believed only while the bytes agree. Labels mean what the WHATWG Encoding Standard says they mean:
`iso-8859-1` is read as windows-1252.
"""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
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
# Encodings in which no markup could be seen.
_NEVER = ["utf_16", "utf_32", "utf_7", "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"]
_SAMPLE = 64 * 1024
_MOJIBAKE = re.compile(r"[À-ÖØ-öø-ÿ]{4,}")
_RUN = re.compile(rb"[^<>\n]+")
_WIDE = {
    "utf-32-le": re.compile(rb"(?:\s\0\0\0)*<\0\0\0"),
    "utf-32-be": re.compile(rb"(?:\0\0\0\s)*\0\0\0<"),
    "utf-16-le": re.compile(rb"(?:\s\0)*<\0"),
    "utf-16-be": re.compile(rb"(?:\0\s)*\0<"),
}
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def of(content: bytes, *, content_type: str | None = None) -> str:
    """The Python name of the encoding to read HTML or XML with; it may still need `errors="replace"`.

    `content_type` is the HTTP header's value, where there was one. Time is linear in the bytes.
    """
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
    best = from_bytes(lines, cp_exclusion=_NEVER).best()
    if best is None:
        return None
    name = codecs.lookup(best.encoding).name
    return _WHATWG.get(name, name)
