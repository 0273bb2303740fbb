"""How pages come in: `http` over the network, `files` from disk, `sources` whatever a user names; and `pictures`."""

from dataclasses import dataclass

MAX_BYTES = 16 * 1024 * 1024
"""What a page may hold, unpacked, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """What may come from an address: its `name` in messages, its media types, and how they are asked for.

    A type that ends in `/*` stands for all that begin so. Where one `may_be_cut`, its beginning is taken where the rest
    does not come.
    """

    name: str
    types: frozenset[str]
    accept: str
    advice: str
    may_be_cut: bool = False

    def takes(self, kind: str) -> bool:
        """Tell whether a media type, in lower case, is of this sort."""
        return kind in self.types or f"{kind.partition('/')[0]}/*" in self.types


PAGE = Sort(
    name="page",
    types=frozenset({"", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain"}),
    accept="text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.5",
    advice="give the address of an article",
)
# Feeds are sent as all that a server takes for text or for a file; what is one, its bytes tell.
FEED = Sort(
    name="feed",
    types=frozenset({"", "text/*", "application/*", "binary/octet-stream", "xml", "rss", "unknown/unknown"}),
    accept="application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
    advice="give the address of a feed",
    may_be_cut=True,
)
EITHER = Sort(
    name="page or feed",
    types=FEED.types,
    accept=f"{PAGE.accept}, application/rss+xml;q=0.8, application/atom+xml;q=0.8, application/feed+json;q=0.8",
    advice="give the address of an article, of a feed, or of a site that has one",
    may_be_cut=True,
)
PICTURE = Sort(
    name="picture",
    types=frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}),
    accept="image/avif, image/webp, image/png, image/jpeg, image/gif",
    advice="only PNG, JPEG, GIF, WebP and AVIF are taken",
)


def too_large(limit: int) -> str:
    """Say that a page holds more than `limit` bytes, and what to do."""
    return f"it is larger than {limit / 1_048_576:.3g} MB; allow more with max_bytes in [intake]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How pages are fetched.

    `contact` is an address or e-mail that tells a publisher who asks, `allow_hosts` the host names whose private or
    loopback addresses may be reached. `timeout` is what one page may take in seconds, redirects included; `max_bytes`
    bounds a page as it unpacks; `delay` is the least pause in seconds between two pages of one host, and `max_delay`
    the longest that is waited for. One request at a time goes to each host, and `connections` at once to all.
    """

    contact: str = ""
    allow_hosts: tuple[str, ...] = ()
    timeout: float = 30.0
    max_bytes: int = MAX_BYTES
    max_redirects: int = 8
    delay: float = 1.0
    max_delay: float = 60.0
    connections: int = 8
