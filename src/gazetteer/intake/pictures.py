"""Pictures for a site's readers: few at a time, none too large, and the last remembered, to ask publishers seldom."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from gazetteer.errors import FetchError
from gazetteer.intake import PICTURE, FetchSettings
from gazetteer.intake.http import Fetcher
from gazetteer.types import Capture

MAX_BYTES = 4 * 1024 * 1024
"""What a picture may hold."""

_TIMEOUT = 10.0  # seconds, while a reader waits
_AT_ONCE = 2
_REMEMBERED = 16


def fetching(
    settings: FetchSettings, *, make: Callable[[FetchSettings], Fetcher] = Fetcher
) -> Callable[[str], Capture]:
    """Give what fetches the picture at an address, from any thread; it raises `FetchError`.

    The last few are remembered. Where others are being fetched, it does not wait for them, but raises. `make` makes a
    fetcher for each, so that a robots.txt that fails now may answer later.
    """
    bounded = replace(
        settings,
        delay=0.0,
        timeout=min(settings.timeout, _TIMEOUT),
        max_bytes=min(settings.max_bytes, MAX_BYTES),
    )
    places = threading.BoundedSemaphore(_AT_ONCE)

    @lru_cache(maxsize=_REMEMBERED)
    def fetch(address: str) -> Capture:
        if not places.acquire(blocking=False):
            raise FetchError("other pictures are being fetched; try again")
        try:
            return make(bounded).fetch(address, sort=PICTURE)
        finally:
            places.release()

    return fetch
