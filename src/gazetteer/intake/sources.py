"""Whatever a user names, an address, a file, a folder or `-`, as captures in the order named."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from gazetteer.errors import BusyError, FetchError
from gazetteer.intake import files
from gazetteer.intake.url import redacted
from gazetteer.types import Capture, Failure


def is_address(source: str) -> bool:
    """Tell whether a source is to be fetched, not read: anything that begins as an address does, of any scheme."""
    scheme, mark, _ = source.partition("://")
    return bool(mark) and scheme.isascii() and scheme.replace("+", "").isalnum()


def read(
    sources: Iterable[str],
    *,
    fetch: Callable[[str], Capture] | None,
    max_bytes: int,
    stdin: BinaryIO,
    url: str | None = None,
) -> Iterator[Capture | Failure]:
    """Take every source in, one at a time, as the result is asked for.

    Without `fetch`, which raises `FetchError`, an address is read as a file's name. `url` is the address of what is
    read where it is a single page. A source that gives no bytes gives a `Failure`.
    """
    for source in sources:
        if fetch is not None and is_address(source):
            yield _fetched(source, fetch)
        else:
            yield from files.read(source, max_bytes=max_bytes, stdin=stdin, url=url)


def _fetched(source: str, fetch: Callable[[str], Capture]) -> Capture | Failure:
    try:
        return fetch(source)
    except (BusyError, FetchError) as error:
        return Failure(source=redacted(source), reason=error.reason)
