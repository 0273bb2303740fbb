"""Where a request comes from, and where an answer may lead: what is believed of that, and what is not."""

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_LONGEST_PATH = 2_000
_SUBSCRIBER = 64  # bits of an IPv6 address that tell one subscriber from others
_OWN = "same-origin"


def local(path: str) -> str:
    """Give a path that was sent where it leads nowhere but to this site, else that of the front page."""
    leads_here = path.startswith("/") and not path.startswith("//") and "\\" not in path
    is_plain = path.isascii() and path.isprintable() and len(path) <= _LONGEST_PATH
    return path.partition("#")[0] if leads_here and is_plain else "/"


def sent_from(headers: Headers, own: Collection[str]) -> bool:
    """Tell whether a form may come from a page of this site, which has its `own` addresses.

    A browser says so by `Sec-Fetch-Site`, by `Origin`, or at least by `Referer`. Where none of them is sent, which no
    browser of the last years does, the form's token alone tells.
    """
    fetched = headers.get("sec-fetch-site")
    if fetched not in (None, _OWN, "none"):  # "none": a person's own doing, such as a page loaded again
        return False
    origin = headers.get("origin")
    if origin == "null":
        return fetched == _OWN
    source = origin or headers.get("referer")
    return not source or _is_of(source, own)


def back(headers: Headers, own: Collection[str]) -> str:
    """Give the path of the page that a form was on, where it is told and one of this site's."""
    page = headers.get("referer", "")
    if not _is_of(page, own):
        return "/"
    parts = urlsplit(page)
    return local(parts.path + (f"?{parts.query}" if parts.query else ""))


def subscriber(host: str) -> str:
    """Give the address of a client as far as it tells one subscriber from others, who have many IPv6 addresses each."""
    try:
        known = ip_address(host)
    except ValueError:
        return host
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, _SUBSCRIBER), strict=False))


def _is_of(address: str, own: Collection[str]) -> bool:
    """Tell whether an address is one of a site's, or that by https: a proxy in front may have taken that off."""
    try:
        asked = urlsplit(address)
    except ValueError:
        return False
    sites = [urlsplit(each) for each in own]
    return any(asked.netloc.lower() == each.netloc.lower() and asked.scheme in (each.scheme, "https") for each in sites)
