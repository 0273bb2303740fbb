"""Tell the owner of an archive of what they follow: of each new article once, by a webhook and by letter."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

import urllib3

from gazetteer import __version__, lines, mailing
from gazetteer.archive import Archive, Kept, Order, follows
from gazetteer.config import Config
from gazetteer.errors import ConfigError, NoticeError, QueryError
from gazetteer.view import NO_HEADLINE, printable, safe_link

SIGNATURE = "X-Gazetteer-Signature"
"""The header whose value is `sha256=` and the HMAC (RFC 2104) of the body, keyed with the secret, in hexadecimal."""
MOST = 200
"""New articles that are looked through at once."""
_EVER = 1 << 62  # above every number of an article
TIMEOUT = 30.0
"""Seconds that a webhook may take to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A new article, and the names of what is followed that it is of."""

    kept: Kept
    story: int | None
    of: tuple[str, ...]


def run(archive: Archive, settings: Config, *, now: datetime) -> int:
    """Tell of all articles that are new since this was last done; gives how many were told of.

    The first time nothing is told, since everything is new. Raises `NoticeError` or `MailError` where the webhook or
    the mail server did not take it; what was told is not told again, by neither where both are set and one fails.
    """
    tell = _telling(settings, now)
    if archive.told_until() is None:
        archive.tell_until(now, _EVER)
        return 0
    told = 0
    while new := archive.kept_since(limit=MOST):
        found = notices(archive, [number for _, number in new])
        if found:
            tell(found)
        archive.tell_until(*new[-1])
        told += len(found)
    return told


def notices(archive: Archive, numbers: Sequence[int]) -> list[Notice]:
    """Give those of some new articles that are of what the owner follows."""
    followed = archive.follows("")
    if not followed:
        return []
    searched = {follow: _found(archive, follow.query) for follow, _ in followed if follow.kind == follows.SEARCH}
    found = []
    for kept in archive.get_all(numbers):
        story = archive.story_of(kept.id)
        number = None if story is None else story.id
        own = follows.of(kept, number)
        names = [
            name
            for follow, name in followed
            if (follow.kind, follow.number) in own or kept.id in searched.get(follow, ())
        ]
        if names:
            found.append(Notice(kept=kept, story=number, of=tuple(names)))
    return found


def body(found: Sequence[Notice], *, now: datetime) -> bytes:
    """Give what a webhook is sent: one JSON object."""
    articles = [
        {
            "id": each.kept.id,
            "headline": each.kept.digest.article.headline,
            "publisher": each.kept.digest.article.publisher,
            "url": each.kept.digest.article.link,
            "published_at": _time(each.kept.digest.article.published_at),
            "story": each.story,
            "follows": list(each.of),
        }
        for each in found
    ]
    return lines.written({"sent_at": _time(now), "articles": articles})


def signature(content: bytes, secret: str) -> str:
    """Give the value of the header that signs a body."""
    return "sha256=" + hmac.digest(secret.encode(), content, hashlib.sha256).hex()


def _telling(settings: Config, now: datetime) -> Callable[[Sequence[Notice]], None]:
    """Give what tells of notices; raises `ConfigError` where nothing is set up to."""
    own = settings.notices
    ways: list[Callable[[Sequence[Notice]], None]] = []
    if own.webhook is not None:
        if safe_link(own.webhook) is None or not own.secret:
            raise ConfigError("[notices] webhook must be an http:// or https:// address, and needs a secret to sign by")
        ways.append(partial(_post, own.webhook, own.secret, now))
    if own.email:
        ways.append(partial(_write, settings, now))
    if not ways:
        raise ConfigError("there is nowhere to send notices: set webhook and secret, or email, under [notices]")

    def tell(found: Sequence[Notice]) -> None:
        for way in ways:
            way(found)

    return tell


def _post(address: str, secret: str, now: datetime, found: Sequence[Notice]) -> None:
    content = body(found, now=now)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Gazetteer/{__version__}",
        SIGNATURE: signature(content, secret),
    }
    host = urlsplit(address).hostname
    try:
        with urllib3.PoolManager(timeout=TIMEOUT, retries=False) as pool:
            answer = pool.request("POST", address, body=content, headers=headers, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise NoticeError(f"the webhook at {host} could not be reached: {error}") from error
    if not 200 <= answer.status < 300:
        raise NoticeError(f"the webhook at {host} answered with status {answer.status}")


def _write(settings: Config, now: datetime, found: Sequence[Notice]) -> None:
    from gazetteer.web.pages import alone

    address = (settings.site.address or "").rstrip("/") or None
    told = [_shown(each, address) for each in found]
    text = "\n\n".join(each.text for each in told)
    count = f"{len(found)} new article{'' if len(found) == 1 else 's'}"
    message = mailing.letter(
        subject=f"{settings.site.title}: {count} of what you follow",
        text=text + "\n",
        html=alone("notices.html", title=settings.site.title, told=told),
        sender=settings.mail.sender,
        to=settings.mail.to,
        at=now,
    )
    mailing.send(message, settings.mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A notice as a letter has it: of a site that has an address, with the address of its story's page."""

    headline: str
    outlet: str
    link: str | None
    story: str | None
    why: str

    @property
    def text(self) -> str:
        story = f"Its story: {self.story}" if self.story else ""
        return "\n".join(filter(None, (self.headline, self.outlet, self.link, self.why, story)))


def _shown(notice: Notice, address: str | None) -> _Shown:
    article = notice.kept.digest.article
    return _Shown(
        headline=_line(article.headline) or NO_HEADLINE,
        outlet=_line(article.publisher or ""),
        link=safe_link(article.link),
        story=f"{address}/stories/{notice.story}" if address and notice.story is not None else None,
        why=f"You follow {_line(', '.join(notice.of))}.",
    )


def _found(archive: Archive, query: str) -> set[int]:
    """Give the newest articles that a search finds; none of a search that is written wrongly."""
    try:
        return {hit.card.id for hit in archive.search(query, order=Order.NEWEST, limit=MOST).rows}
    except QueryError:
        return set()


def _line(words: str) -> str:
    return " ".join(printable(words).split())


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
