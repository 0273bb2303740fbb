"""Sites for the tests: an archive of made digests, asked in the process, or over real HTTP by a browser."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from digests import digest
from lxml import html
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gazetteer import gathering
from gazetteer.archive import Archive
from gazetteer.types import Digest
from gazetteer.web import SiteSettings
from gazetteer.web.app import create
from gazetteer.web.site import Check, Take

NOW = datetime(2023, 4, 20, 12, 0, tzinfo=UTC)
NEWEST = datetime(2023, 4, 16, 17, 5, tzinfo=UTC)
SECRET = b"0" * 32
LINK = re.compile(r"#[\w-]+|/(?!/)\S*|https?://[^\s/@]+\S*")
PUBLISHERS = ("The Island Courier", "Harbour Times")


def about(number: int, **changes: object) -> Digest:
    """One of many articles, each five hours before the one before."""
    words: dict[str, object] = {
        "headline": f"Article {number}",
        "canonical_url": f"https://news.example/{number}",
        "url": None,
        "published_at": NEWEST - timedelta(hours=5 * number),
        "modified_at": None,
        "publisher": PUBLISHERS[number % 2],
        "language": "de" if number % 5 == 4 else "en",
    }
    return digest(**(words | changes), abstained="too little is charged to say" if number % 3 == 2 else None)


def filled(archive: Archive, count: int) -> list[int]:
    """Keep so many articles, the newest first; give their numbers."""
    with archive.together():
        return [archive.save(about(number), at=NOW).id for number in range(count)]


def one_story(archive: Archive, digests: Iterable[Digest]) -> tuple[int, list[int]]:
    """Keep articles as of one event; give their story's number, and theirs."""
    numbers = []
    with archive.together():
        for each in digests:
            numbers.append(archive.save(each).id)
            gathering.gather(archive, numbers[-1], each)
        for other in numbers[1:]:
            archive.merge_stories(other, numbers[0])
    story = archive.story_of(numbers[0])
    assert story is not None
    return story.id, numbers


def site(archive: Archive, *, take: Take | None = None, check: Check | None = None, **settings: object) -> Starlette:
    """Give the site of an archive."""
    return create(archive, SiteSettings(**settings), secret=SECRET, take=take, check=check, now=lambda: NOW)  # type: ignore[arg-type]


def client(app: Starlette) -> TestClient:
    """Give a browser without scripts, that goes where it is not sent on."""
    return TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)


def parsed(words: str) -> html.HtmlElement:
    return html.document_fromstring(words.encode())


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(path)]


def token(asked: TestClient, path: str = "/") -> str:
    """Give the form token that a page has."""
    return str(parsed(asked.get(path).text).xpath("//input[@name='token']/@value")[0])


def is_safe(page: html.HtmlElement) -> None:
    """Hold a page to what no stranger's words may bring into it."""
    data = page.xpath("//script[@type='application/ld+json']")
    assert all(json.loads(each.text)["@type"] == "NewsArticle" for each in data)
    scripts = [each for each in page.xpath("//script") if each not in data]
    assert {each.get("src").partition("?")[0] for each in scripts} == {"/static/site.js"}
    assert not any(each.text for each in scripts)
    assert not page.xpath("//style | //iframe | //object | //embed | //base | //meta[@http-equiv] | //comment()")
    names = {name.lower() for each in page.iter() if isinstance(each.tag, str) for name in each.keys()}  # noqa: SIM118
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names
    for attribute in ("href", "src", "action", "formaction", "data-source"):
        for link in page.xpath(f"//@{attribute}"):
            assert LINK.fullmatch(link), link


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve a site over HTTP on this machine; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@contextmanager
def opened(folder: Path, count: int = 0) -> Iterator[Archive]:
    """Open a new archive with so many articles."""
    with Archive.open(str(folder / "archive.sqlite"), create=True) as archive:
        if count:
            filled(archive, count)
        yield archive


def hostile(given: Digest, number: int) -> Digest:
    """Give a digest whose article is another than those of other numbers, whatever it says."""
    return replace(given, article=replace(given.article, canonical_url=f"https://h.example/{number}", url=None))
