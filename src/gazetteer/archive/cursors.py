"""Where the next page begins, as a text to be handed back: numbers parted by dots."""

from gazetteer.errors import CursorError


def written(*numbers: int) -> str:
    """Give a cursor."""
    return ".".join(map(str, numbers))


def read(cursor: str | None, count: int) -> tuple[int, ...] | None:
    """Give back its `count` numbers, None where there is no cursor; raises `CursorError` where it is none of ours."""
    if cursor is None:
        return None
    parts = cursor.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
        raise CursorError("this is no cursor; begin at the first page")
    return tuple(map(int, parts))
