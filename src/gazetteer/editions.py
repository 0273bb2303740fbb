"""What `gazetteer edition` does: make the edition of a day, and write or send it."""

import sys
from datetime import UTC, date, datetime

from gazetteer import lines, mailing
from gazetteer.archive import Archive
from gazetteer.config import Config
from gazetteer.web import edition as editions


def write(archive: Archive, settings: Config, *, day: date | None, form: str, limit: int, send: bool) -> None:
    """Write the edition of a day, or of the last 24 hours, to standard output as `md`, `html`, `json` or a letter
    (`email`); or `send` it.
    """
    now, address = datetime.now(UTC), (settings.site.address or "").rstrip("/") or None
    followed = editions.followed_by(archive, "")
    found = editions.edition(archive, settings.site, now=now, day=day, limit=limit, followed=followed)
    stdout = sys.stdout.buffer
    if send or form == "email":
        mail = settings.mail
        message = mailing.letter(
            subject=found.title,
            text=editions.plain(found, address=address),
            html=editions.html(found, address=address),
            sender=mail.sender or "gazetteer@localhost.invalid",
            to=mail.to,
            at=now,
        )
        if send:
            mailing.send(message, mail)
        else:
            stdout.write(bytes(message))
    elif form == "json":
        stdout.write(lines.written(editions.json_line(found)))
    else:
        words = (editions.html if form == "html" else editions.markdown)(found, address=address)
        stdout.write(words.encode("utf-8", "replace"))
    stdout.flush()
