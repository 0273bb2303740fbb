"""The log of what runs unwatched: in words where somebody watches, else as JSON lines of one format (`line`)."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from gazetteer import lines
from gazetteer.errors import GazetteerError
from gazetteer.invocation import tell as tell_words

LOG = logging.getLogger("gazetteer")

_WARNING = "Warning: "


def line(level: str, event: str, at: datetime, **fields: object) -> bytes:
    """Write something that happened as a line of the log: `at`, `level`, `event`, and what belongs to the event."""
    told = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return lines.written({"at": told, "level": level, "event": event, **fields})


@contextmanager
def logged() -> Iterator[None]:
    """Log to standard error; tell there of an error that stops everything, and end with status 2."""
    handler = logging.StreamHandler(sys.stderr)
    is_watched = sys.stderr.isatty()
    if not is_watched:
        handler.setFormatter(Lines())
    logging.getLogger().addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    except GazetteerError as error:
        if is_watched:
            tell_words(error)
        else:
            LOG.error(error.reason, extra={"event": "stopped"})  # noqa: TRY400 - where it arose is nothing to the user
        sys.exit(2)
    finally:
        logging.getLogger().removeHandler(handler)


def tell(words: str) -> None:
    """Log what is told of a site when it begins."""
    level = logging.WARNING if words.startswith(_WARNING) else logging.INFO
    LOG.log(level, words, extra={"event": "serving"})


class Lines(logging.Formatter):
    """Writes what is logged, by whomever, as lines: with `message` and, where something broke down, its `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, without its end."""
        fields: dict[str, object] = {"message": record.getMessage().strip()}
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        event, at = getattr(record, "event", "logged"), datetime.fromtimestamp(record.created, UTC)
        return line(record.levelname.lower(), event, at, **fields).decode().rstrip("\n")
