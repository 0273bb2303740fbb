"""What the commands of the archive do: add to it, read it again, search it, tell of it."""

import hashlib
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from gazetteer import gathering, lines, pipeline, wire
from gazetteer.annotate.tags import NO_RULES, TagRules, parse_rule
from gazetteer.archive import Archive, Order, Outcome, Saved
from gazetteer.archive.values import Expected, Following, Hit, Piece, Status
from gazetteer.errors import FeedError
from gazetteer.intake import feeds, opml
from gazetteer.intake.sources import is_address
from gazetteer.types import Article, Capture, Digest, Failure, FeedList
from gazetteer.view import moment, printable

if TYPE_CHECKING:
    from gazetteer.show import Show

TOLD = 10
"""Entries that wait to be asked for again, and entries that failed lately, of which `gazetteer status` tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A source that is in the archive now; `headline` is None where it was there already and was not read."""

    source: str
    saved: Saved
    headline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A feed that the archive follows now, and whether that `is_new`."""

    source: str
    feed: int
    url: str
    title: str
    is_new: bool


def reader(model: str, rules: TagRules) -> str:
    """Name what reads articles: the model, and the rules of tags."""
    if not rules.rules:
        return model
    return f"{model}, rules {hashlib.sha256(repr(rules).encode('utf-8', 'replace')).hexdigest()[:12]}"


def tag_rules(archive: Archive, own: TagRules = NO_RULES) -> TagRules:
    """Give the rules of tags that hold in an archive: a reader's `own`, and those kept there under other names.

    Raises `ConfigError` where one that is kept is wrong.
    """
    rules = {rule.name: rule for rule in own.rules}
    for kept in archive.tag_rules():
        if (name := kept.name.strip()) not in rules:
            rules[name] = parse_rule(name, kept.rule, source="a tag rule of the archive")
    return TagRules(rules=tuple(rules.values()))


def check_rule(name: str, rule: str) -> None:
    """Raise `ConfigError` where a tag rule to be kept is wrong."""
    parse_rule(name, rule, source="the rule")


def new(archive: Archive, sources: Iterable[str], shown: "Show[Added | Followed]") -> Iterator[str]:
    """Give the sources that are not addresses that the archive has; those are shown as known."""
    for source in sources:
        number = archive.find(source) if is_address(source) else None
        if number is None:
            yield source
        else:
            shown.show(Added(source=source, saved=Saved(id=number, outcome=Outcome.KNOWN), headline=None))


def following(
    archive: Archive, captures: Iterable[Capture | Failure], follow: Callable[[Followed], None]
) -> Iterator[Capture | Failure]:
    """Follow the feeds among captures, those that lists of feeds name, and the first that a site's front page does.

    The rest is given: pages.
    """
    for capture in captures:
        found = () if isinstance(capture, Failure) else tuple(_follow(archive, capture))
        if isinstance(capture, Capture) and not found and feeds.is_feed(capture):
            yield Failure(source=capture.source, reason="it is a feed; give its address, so that it can be followed")
        elif not found:
            yield capture
        for each in found:
            follow(each)


def _follow(archive: Archive, capture: Capture) -> Iterator[Followed]:
    """Follow the feeds that a capture lists, once each, is, or is the front page of."""
    if opml.is_opml(capture.content):
        with suppress(FeedError):
            yield from _taken(archive, opml.parse(capture.content), capture.source)
    elif feeds.is_feed(capture):
        if capture.url is not None:
            with suppress(FeedError):
                found = feeds.parse(capture)
                # Where redirects lead that are not for good is no address to keep; a poll finds those that are.
                named = capture.source if is_address(capture.source) else capture.url
                yield _one(archive, capture, named, found.title, found.url)
    elif capture.url is not None and urlsplit(capture.url).path in ("", "/"):
        for link in feeds.discover(capture)[:1]:
            yield _one(archive, capture, link.url, link.title, capture.url)


def _taken(archive: Archive, found: FeedList, source: str) -> Iterator[Followed]:
    told: dict[int, Followed] = {}
    if found.feeds:
        for each, (number, is_new) in zip(found.feeds, archive.follow_list(found), strict=True):
            assert each.url is not None
            one = Followed(source=source, feed=number, url=each.url, title=each.name, is_new=is_new)
            told.setdefault(number, one)
    yield from told.values()


def _one(archive: Archive, capture: Capture, url: str, title: str, site_url: str | None) -> Followed:
    number, is_new = archive.follow(url, title=title, site_url=site_url)
    return Followed(source=capture.source, feed=number, url=url, title=title, is_new=is_new)


def add(
    archive: Archive,
    captures: Iterable[Capture | Failure],
    *,
    extract: pipeline.Extract,
    annotator: pipeline.Annotates,
    reader: str,
    batch: int = pipeline.BATCH,
) -> Iterator[Added | Failure]:
    """Digest captures and keep them, each before it is given; those that are kept already are passed over.

    Raises `ArchiveError` where the archive cannot be written; what was given is kept.
    """
    waiting: deque[Capture] = deque()
    known: deque[Added] = deque()
    taken = _unknown(archive, captures, waiting, known)
    for found in pipeline.batches(taken, extract=extract, annotator=annotator, batch=batch):
        own = [waiting.popleft() for _ in found]
        pairs = [(_pointed(each, capture), capture) for each, capture in zip(found, own, strict=True)]
        with archive.together():  # which costs less than one by one
            kept = [_kept(archive, each, capture, reader) for each, capture in pairs]
        while known:
            yield known.popleft()
        yield from kept
    yield from known


def _unknown(
    archive: Archive, captures: Iterable[Capture | Failure], waiting: deque[Capture], known: deque[Added]
) -> Iterator[Capture | Failure]:
    """Give what is not kept yet, and note what each was."""
    for capture in captures:
        if isinstance(capture, Capture):
            if (number := archive.has(capture)) is not None:
                saved = Saved(id=number, outcome=Outcome.KNOWN)
                known.append(Added(source=capture.source, saved=saved, headline=None))
                continue
            waiting.append(capture)
        else:
            waiting.append(Capture(source=capture.source, content=b""))
        yield capture


def _pointed(found: Digest | Failure, capture: Capture) -> Digest | Failure:
    """Let the failure of a page that names a feed say so."""
    if isinstance(found, Digest) or not capture.content or not (links := feeds.discover(capture)):
        return found
    return Failure(source=found.source, reason=f"{found.reason}; it names a feed: gazetteer add {links[0].url}")


def _kept(archive: Archive, found: Digest | Failure, capture: Capture, reader: str) -> Added | Failure:
    if isinstance(found, Failure):
        return found
    saved = gathering.save(archive, found, capture, reader=reader)
    return Added(source=capture.source, saved=saved, headline=found.article.headline)


def reannotate(archive: Archive, *, annotator: pipeline.Annotates, reader: str) -> Iterator[Added | Failure]:
    """Read again every article that another reader read, and keep each annotation before it is given.

    Articles that are in no story are put into one at the end.
    """
    unread = archive.unread(reader)
    while batch := list(islice(unread, pipeline.BATCH)):
        articles: list[Article | Failure] = [article for _, article in batch]
        found = pipeline.annotated(articles, annotator=annotator)
        pairs = list(zip(batch, found, strict=True))
        with archive.together():
            for (number, _), digest in pairs:
                if isinstance(digest, Digest):
                    archive.reannotate(number, digest.annotation, reader=reader)
        for (number, article), digest in pairs:
            if isinstance(digest, Failure):
                yield digest
            else:
                saved = Saved(id=number, outcome=Outcome.READ_AGAIN)
                yield Added(source=article.source, saved=saved, headline=article.headline)
    deque(gathering.gather_all(archive), maxlen=0)


def search(archive: Archive, query: str, *, newest: bool, limit: int, as_json: bool) -> None:
    """Print what a query finds."""
    order = Order.NEWEST if newest else Order.BEST
    cursor, left = None, limit
    while left:
        page = archive.search(query, order=order, cursor=cursor, limit=left)
        for hit in page.rows:
            _print_hit(hit, as_json=as_json)
        left -= len(page.rows)
        if (cursor := page.cursor) is None:
            break
    if left == limit and not as_json:
        click.echo("gazetteer: nothing was found", err=True)


def tell(status: Status, *, retried: Iterable[Expected] = (), failed: Iterable[Expected] = ()) -> None:
    """Print what an archive holds, and which entries of feeds are asked for again, or `failed`, with the reasons."""
    facts = [
        ("place", status.place),
        ("articles", f"{status.articles:,}"),
        ("captures", f"{status.captures:,}"),
        ("entities", f"{status.entities:,}"),
        ("oldest", moment(status.oldest) if status.oldest else "none"),
        ("newest", moment(status.newest) if status.newest else "none"),
        ("size", "not known" if status.bytes is None else f"{status.bytes / 1e6:,.1f} MB"),
        *(("read by", f"{name}: {count:,}") for name, count in status.readers),
    ]
    if any(status.following.feeds.values()):
        facts += _followed(status.following)
    facts += [("waiting", f"{each.url}: {each.reason}{_again(each)}") for each in retried]
    facts += [
        ("failed", f"{each.url or each.title or f'an entry of feed {each.feed_id}'}: {each.reason}") for each in failed
    ]
    for name, fact in facts:
        click.echo(f"{name:10}{printable(fact)}")


def _again(entry: Expected) -> str:
    return f" (again {moment(entry.due_at)})" if entry.due_at else ""


def _followed(following: Following) -> list[tuple[str, str]]:
    states = [f"{count:,} {state}" for state, count in following.feeds.items() if count]
    states += [f"{following.failing:,} failing"] if following.failing else []
    entries = [f"{count:,} {state}" for state, count in following.entries.items()]
    return [("feeds", f"{', '.join(states)} (gazetteer feeds list tells of each)"), ("entries", ", ".join(entries))]


def _print_hit(hit: Hit, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(lines.written(wire.hit_line(hit)))
        sys.stdout.buffer.flush()
        return
    card = hit.card
    about = (card.publisher.name if card.publisher else None, moment(card.published_at) if card.published_at else None)
    click.echo(_styled(hit.headline))
    click.echo(click.style(_plain(" · ".join(filter(None, (*about, card.link or str(card.id))))), dim=True))
    click.echo(f"{_styled(hit.snippet)}\n")


def _styled(pieces: Iterable[Piece]) -> str:
    return "".join(
        click.style(_plain(each.words), bold=True) if each.is_match else _plain(each.words) for each in pieces
    )


def _plain(words: str) -> str:
    """Give words in one line that no terminal acts on."""
    return " ".join(printable(words).replace("\n", " ").split(" "))
