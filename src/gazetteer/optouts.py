"""What publishers ask of programs that read their pages, where they say it: headers, metas, robots.txt, tdmrep.json.

Sources: Google's and Bing's `X-Robots-Tag` and robots meta, with `noai` of DeviantArt; the TDM Reservation Protocol of
the W3C's community group (2024); Content Signals (contentsignals.org, 2025). Where two of them disagree, the one that
reserves more holds. What is not well formed says nothing. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gazetteer.types import OptOuts

NAMES = ("robots", "gazetteer")
"""By which names a directive is for us."""

_MEANT = {
    "noindex": ("noindex",),
    "none": ("noindex",),
    "noarchive": ("noarchive",),
    "nocache": ("noarchive",),
    "nosnippet": ("nosnippet",),
    "noimageindex": ("noimageindex",),
    "noai": ("noai",),
    "noimageai": ("noimageai",),
}
_NAMED = re.compile(r"\s*([A-Za-z_*][\w*-]*)\s*:(.*)", re.DOTALL)
_WITH_VALUES = re.compile(r"unavailable_after|max-(?:snippet|image-preview|video-preview)", re.IGNORECASE)
_SIGNAL = re.compile(r"\b(search|ai-input|ai-train)\s{0,9}=\s{0,9}(yes|no)\b", re.IGNORECASE)
_MOST = 50  # values that are looked at
_LONGEST = 2_000


def of_fields(fields: Iterable[tuple[str, str]]) -> OptOuts:
    """Read the fields of a page's header, of which several may have one name."""
    told: dict[str, str] = {}
    for name, value in fields:
        key = name.lower()
        told[key] = f"{told[key]}\n{value}" if key in told else value
    return of_headers(told)


def of_headers(headers: Mapping[str, str]) -> OptOuts:
    """Read the headers of a page, by their names in lower case; each `X-Robots-Tag` is a line of its own."""
    tags = headers.get("x-robots-tag", "").splitlines()[:_MOST]
    return OptOuts(
        robots=_sorted(each for tag in tags for each in _tagged(tag[:_LONGEST])),
        signals=signals(headers.get("content-signal", "")),
        tdm_reserved=reserved(headers.get("tdm-reservation", "").partition("\n")[0]),
        tdm_policy=policy(headers.get("tdm-policy", "").partition("\n")[0]),
    )


def of_metas(metas: Mapping[str, Sequence[str]]) -> OptOuts:
    """Read the metas of a page, by their names in lower case."""
    told = [each for name in NAMES for each in metas.get(name, ())[:_MOST]]
    return OptOuts(
        robots=_sorted(each for value in told for each in _directives(value[:_LONGEST].split(","))),
        tdm_reserved=next(filter(None, map(reserved, metas.get("tdm-reservation", ()))), None),
        tdm_policy=next(filter(None, map(policy, metas.get("tdm-policy", ()))), None),
    )


def signals(value: str) -> tuple[str, ...]:
    """Read content signals, as in `search=yes, ai-train=no`."""
    found = _SIGNAL.findall(value[:_LONGEST])
    return tuple(sorted({f"{name}={told}".lower() for name, told in found}))


def reserved(value: object) -> bool | None:
    """Read a `tdm-reservation`: 1 or 0, as a number or a text."""
    return {"1": True, "0": False}.get(str(value).strip()) if isinstance(value, str | int) else None


def policy(value: object) -> str | None:
    """Read a `tdm-policy`: the address of its terms."""
    text = value.strip() if isinstance(value, str) else ""
    is_address = text.startswith(("https://", "http://")) and len(text) <= _LONGEST and " " not in text
    return text if is_address and text.isprintable() else None


def merged(*told: OptOuts) -> OptOuts:
    """Give what holds where several places tell: whatever any of them asks for."""
    stances = {each.tdm_reserved for each in told}
    pairs = {each for one in told for each in one.signals}
    kept = (each for each in pairs if each.endswith("=no") or each.replace("=yes", "=no") not in pairs)
    return OptOuts(
        robots=_sorted(each for one in told for each in one.robots),
        signals=_sorted(kept),
        tdm_reserved=True if True in stances else False if False in stances else None,
        tdm_policy=next((each.tdm_policy for each in told if each.tdm_policy), None),
    )


def _tagged(tag: str) -> Iterator[str]:
    """Read one header: a name that stands before a directive is that of whom the rest is for."""
    is_ours = True
    for part in tag.split(",")[:_MOST]:
        named = _NAMED.match(part)
        if named and _WITH_VALUES.fullmatch(named[1]):
            continue
        if named:
            is_ours = named[1].lower() in (*NAMES, "*")
        if is_ours:
            yield from _directives([named[2] if named else part])


def _directives(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from _MEANT.get(word.strip().lower(), ())


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
