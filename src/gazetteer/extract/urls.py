"""Addresses of pages: made absolute, freed of tracking, compared by site, and read for the date in their path."""

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 4_000
MAX_HOST = 253

_TRACKING = re.compile(
    r"(?:utm_.*|mc_[ce]id|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|twclid|ttclid|_ga|_gl|cmpid|ncid|"
    r"ocid|smid|smtyp|ref_(?:src|url)|wt\.mc_id|guccounter|guce_referrer(?:_sig)?|soc_(?:src|trk)|xtor|at_medium|"
    r"at_campaign|__twitter_impression|ns_.*|traffic_source|s_campaign|intcid)\Z",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?|\[[0-9a-f:.]+\]")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<separator>[/_.-]?)(?P<month>[01][0-9]|[1-9](?=[/_.-])|"
    + "|".join(_MONTHS)
    + r")[a-z]{0,6}(?P=separator)(?P<day>[0-3]?[0-9])(?![0-9])",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<![0-9a-z])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?:[0-9]{6})?(?![0-9a-z])")
_SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "or", "org", "nic", "mil"])


def absolute(href: str | None, base: str | None) -> str | None:
    """An address resolved against `base`, if it then is one of the web (http or https, with a host), else None."""
    if not href:
        return None
    cleaned = _CONTROL.sub("", href[: MAX_LENGTH + 1]) if " " not in href.strip() else href.strip().replace(" ", "%20")
    if not cleaned or len(cleaned) > MAX_LENGTH:
        return None
    try:
        joined = urljoin(base, cleaned) if base else cleaned
    except ValueError:
        return None
    parts = _split(joined)
    return urlunsplit(parts) if parts else None


def host(url: str | None) -> str | None:
    """The host of a web address, in lower case, without a port or `www.`."""
    parts = _split(url) if url else None
    return (parts.hostname or "").removeprefix("www.") or None if parts else None


def site(url: str | None) -> str | None:
    """The part of a host that its owner registered, by the usual shape of public suffixes: `example.co.uk`."""
    name = host(url)
    if name is None or name.startswith("[") or name.rpartition(".")[2].isdigit():
        return name
    labels = name.rstrip(".").split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def without_tracking(url: str) -> str:
    """The address without the parameters that only tell where a reader came from, and without its fragment."""
    parts = _split(url)
    if parts is None:
        return url
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return urlunsplit(parts._replace(fragment=""))
    kept = [(name, value) for name, value in pairs if not _TRACKING.match(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit(parts._replace(query=query, fragment=""))


def canonical(candidates: Iterable[str | None], url: str | None) -> str | None:
    """The first candidate that can be the address of the page at `url`: one of the same site, that names a page.

    A candidate that is only its site's front page is a publisher's mistake, unless the page is the front page.
    Where the page's own address is not known, the first candidate with a path is taken.
    """
    own = site(url)
    for candidate in candidates:
        found = absolute(candidate, url)
        if found is None or (own is not None and site(found) != own):
            continue
        if _is_front(found) and not (url and _is_front(url)):
            continue
        return without_tracking(found)
    return None


def date_of(url: str | None) -> date | None:
    """The date that an address carries in its path: `/2024/03/09/`, `/2024/mar/09/`, `-20240309-`."""
    parts = _split(url) if url else None
    if parts is None:
        return None
    path = parts.path[:MAX_LENGTH]
    for match in _DATE.finditer(path):
        month = match["month"].lower()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
        found = _date(int(match["year"]), number, int(match["day"])) if match["separator"] else None
        if found:
            return found
    for match in _COMPACT.finditer(path):
        found = _date(int(match[1]), int(match[2]), int(match[3]))
        if found:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_front(url: str) -> bool:
    parts = _split(url)
    return parts is not None and parts.path.strip("/") in {"", "index.html", "home"} and not parts.query


def _split(url: str) -> SplitResult | None:
    """A web address in its parts, its scheme and host in lower case; None where it is no web address."""
    try:
        parts = urlsplit(url[: MAX_LENGTH + 1])
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not name or parts.username or len(url) > MAX_LENGTH:
        return None
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except ValueError:
        return None
    shown = f"[{name}]" if ":" in name else name
    if len(shown) > MAX_HOST or not _HOST.fullmatch(shown.lower()):
        return None
    return parts._replace(netloc=shown.lower() + (f":{port}" if port and port != _default(parts.scheme) else ""))


def _default(scheme: str) -> int:
    return 443 if scheme == "https" else 80
