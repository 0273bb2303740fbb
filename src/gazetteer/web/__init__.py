"""Digests as pages to read: `pages` in one file, `app` as a site over an archive."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """How the site is shown.

    `address` is its own, where it has one of its own; `hosts` are further host names by which it may be asked, and
    `proxies` the addresses of machines in front of it that are believed when they say for whom they ask. Where it is
    `public`, articles are shown in excerpts of so many sentences, by publisher or else `excerpt`, and only readers who
    signed in may write. `notice` is the owner's, shown above every page; `images` shows lead images, which the site
    fetches itself.
    """

    title: str = "Gazetteer"
    host: str = "127.0.0.1"
    port: int = 8000
    address: str | None = None
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    public: bool = False
    excerpt: int = 2
    excerpts: Mapping[str, int] = field(default_factory=dict)
    notice: str | None = None
    images: bool = False
