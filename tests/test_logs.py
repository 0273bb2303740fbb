"""The log of what runs: lines for machines, words for people, one format for all."""

import io
import json
import logging
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gazetteer import logs
from gazetteer.errors import ConfigError

AT = datetime(2024, 5, 6, 9, 8, 7, 123_000, tzinfo=timezone(timedelta(hours=2)))


class Terminal(io.StringIO):
    """Somebody watches it."""

    def isatty(self) -> bool:
        return True


def lines(written: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.splitlines()]


def test_a_line_has_its_time_level_and_event_first() -> None:
    written = logs.line("info", "kept", AT, id=7, url="https://a.example/\n\x1b[31m")
    assert written.count(b"\n") == 1
    assert b"\x1b" not in written
    assert list(json.loads(written)) == ["at", "level", "event", "id", "url"]
    assert json.loads(written)["at"] == "2024-05-06T07:08:07.123Z"


def test_what_anybody_logs_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := io.StringIO())
    before = datetime.now(UTC) - timedelta(seconds=1)
    with logs.logged():
        logs.tell("Gazetteer is at http://127.0.0.1:8000/")
        logs.tell("Warning: whoever reaches it may read everything")
        logging.getLogger("another").info("not told")
        try:
            1 / 0  # noqa: B018 - it is to break
        except ZeroDivisionError:
            logging.getLogger("another").exception("Exception in\nASGI application\n")
    logs.tell("not told any more")
    first, second, third = lines(stream.getvalue())
    assert (first["level"], first["event"]) == ("info", "serving")
    assert second["level"] == "warning"
    assert (third["level"], third["event"], third["message"]) == ("error", "logged", "Exception in\nASGI application")
    assert "ZeroDivisionError" in str(third["trace"])
    assert before < datetime.fromisoformat(str(first["at"])) <= datetime.now(UTC)


def test_an_error_that_stops_everything_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(SystemExit) as ended, logs.logged():
            raise ConfigError("it cannot be read; mend it")
        assert ended.value.code == 2
        if stream.isatty():
            assert stream.getvalue() == "gazetteer: it cannot be read; mend it\n"
        else:
            (line,) = lines(stream.getvalue())
            assert (line["level"], line["event"], line["message"]) == ("error", "stopped", "it cannot be read; mend it")


def test_who_watches_reads_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with logs.logged():
        logs.tell("Gazetteer is at http://127.0.0.1:8000/")
    assert stream.getvalue() == "Gazetteer is at http://127.0.0.1:8000/\n"
