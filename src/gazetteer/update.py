"""The live loop: feeds that are due are polled, the pages of their new entries fetched, digested and kept.

Threads fetch, one feed or page of a host at a time, and run ahead of the model by no more than a few pages; so a slow
server holds up nobody, and memory does not grow. What was claimed and not done, when the loop ends or is killed, is due
again.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from queue import Empty, Full, Queue, SimpleQueue
from typing import TypeVar
from urllib.parse import urlsplit

from gazetteer import gathering, pipeline, schedule
from gazetteer.archive import Archive, Saved
from gazetteer.archive.values import Expected, Polled, Subscription
from gazetteer.errors import BusyError, FeedError, FetchError, LimitError
from gazetteer.intake import feeds
from gazetteer.intake.polling import News, Poll
from gazetteer.types import Capture, Digest, Entry, Failure, Feed

Due = TypeVar("Due", Subscription, Expected)

LEASE = timedelta(minutes=15)
"""How long what is claimed is no other process's."""

_HELD = 8  # feeds, and pages, of a host that wait here, so that one host does not fill all the places
_WAITING = 256  # those of all hosts
_STRETCH = 512  # pages that are digested before it is asked whether rules of tags changed, or stories are due
_MAPS = 3  # of the maps that the index of a site's maps lists: the newest
_TICK, _FIRST = 0.05, 0.5  # seconds that are waited for another page, and for the first of some
_REST = 1.0  # the longest that a loop with nothing to do waits before it looks again, in seconds
_GRACE = 2.0  # seconds that servers may take yet to answer when the loop is stopped
_MANY = 10_000  # hosts that are remembered
_SOON = timedelta(minutes=5)  # after its start, a loop that watches gathers the newest articles anew
_ANEW = timedelta(hours=1)  # and again so long after that
_LATEST = timedelta(minutes=1)  # how long a page is put off at most that others of its host are before


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A feed was polled: so many entries were `new`, or there was an `error`; `cut` says why not all of it came."""

    feed: Subscription
    new: int
    error: str | None
    cut: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An entry is an article of the archive now."""

    url: str
    saved: Saved
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An entry gave no article, for a `reason`; it is tried `again` at a time, or never."""

    url: str
    reason: str
    again: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The newest `articles` were gathered into stories anew, and so many `moved` to another story; or there was an
    `error`.
    """

    articles: int = 0
    moved: int = 0
    error: str | None = None


Event = Checked | Kept | Lost | Gathered


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the loop works with: `poll` and `fetch` of a `Fetcher`, what extracts, and what annotates, with its name.

    `reading` is asked again whenever there is something new to annotate. `connections` is how many servers are asked at
    once, `delay` the pause between two pages of a host, in seconds.
    """

    poll: Callable[..., Poll]
    fetch: Callable[[str], Capture]
    extract: pipeline.Extract
    reading: Callable[[], tuple[pipeline.Annotates, str]]
    connections: int = 8
    delay: float = 1.0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def run(archive: Archive, tools: Tools, *, watch: bool, stop: threading.Event) -> Iterator[Event]:
    """Do what is due, and tell each thing that was done; where it is to `watch`, go on until `stop` is set.

    The newest articles are gathered into stories anew at the end or, where it is to `watch`, now and then.
    Raises `ArchiveError` where the archive cannot be written.
    """
    fetching = _Fetching(archive, tools, stop)
    kept, again_at = 0, tools.now() + _SOON
    with fetching.going(watch=watch):
        is_done = False
        while not is_done:
            for event in chain(fetching.events(), _digested(archive, tools, fetching)):
                kept += isinstance(event, Kept)
                yield event
            is_done = fetching.is_done
            if kept and not stop.is_set() and (is_done or tools.now() >= again_at):
                gathered = _gathered(archive, tools.now())
                yield gathered
                kept, again_at = (kept if gathered.error else 0), tools.now() + _ANEW
        yield from fetching.events()


def _digested(archive: Archive, tools: Tools, fetching: "_Fetching") -> Iterator[Event]:
    """Digest the pages that are there, and those that come meanwhile, up to `_STRETCH` of them."""
    first = fetching.page(_FIRST)
    if first is None:
        return
    annotator, reader = tools.reading()
    waiting: deque[tuple[Expected, Capture]] = deque()

    def captures() -> Iterator[Capture]:
        page: tuple[Expected, Capture] | None = first
        taken = 0
        while page is not None:
            known = archive.has(page[1])
            if known is None:
                waiting.append(page)
                yield page[1]
            else:
                archive.settle(page[0].id, known)
            taken += 1
            page = fetching.page(_TICK) if taken < _STRETCH else None

    for found in pipeline.batches(captures(), extract=tools.extract, annotator=annotator):
        yield from fetching.events()
        with archive.together():  # which costs less than one by one
            events = [_settled(archive, *waiting.popleft(), each, reader) for each in found]
        yield from events


def _gathered(archive: Archive, now: datetime) -> Gathered:
    try:
        articles, moved = gathering.gather_apart(archive, now=now)
    except LimitError as error:
        return Gathered(error=error.reason)
    return Gathered(articles=articles, moved=moved)


def _settled(archive: Archive, entry: Expected, capture: Capture, found: Digest | Failure, reader: str) -> Kept | Lost:
    """Settle an entry by what was made of its page."""
    if isinstance(found, Failure):
        archive.fail(entry.id, found.reason)
        return Lost(url=entry.url, reason=found.reason, again=None)
    saved = gathering.save_entry(archive, entry.id, found, capture, reader=reader)
    return Kept(url=entry.url, saved=saved, headline=found.article.headline)


class _Fetching:
    """Polls and fetches in threads, and hands over the pages."""

    def __init__(self, archive: Archive, tools: Tools, stop: threading.Event) -> None:
        self._archive, self._tools, self._stop = archive, tools, stop
        self._pages: Queue[tuple[Expected, Capture]] = Queue(maxsize=2 * tools.connections)
        self._told: SimpleQueue[Event] = SimpleQueue()
        self._backlog: dict[str, deque[Subscription | Expected]] = defaultdict(deque)
        self._free_at: dict[str, datetime] = {}
        self._put_off: dict[str, datetime] = {}
        self._put_off_until = tools.now() - LEASE
        self._looked_at: dict[type, datetime] = {}  # when all that was due was claimed; not where there may be more
        self._busy: dict[str, Subscription | Expected] = {}
        self._has_left = False
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._ended = threading.Event()

    @contextmanager
    def going(self, *, watch: bool) -> Iterator[None]:
        """Fetch meanwhile."""
        thread = threading.Thread(target=self._go, kwargs={"watch": watch})
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()
            until = time.monotonic() + _GRACE
            while self._busy and time.monotonic() < until:
                time.sleep(_TICK)
            self._give_back()

    @property
    def is_done(self) -> bool:
        """Tell whether no page will come any more; raises what went wrong in a thread."""
        if not self._ended.is_set() or not (self._pages.empty() or self._stop.is_set()):
            return False
        if self._error is not None:
            raise self._error
        return True

    def events(self) -> Iterator[Event]:
        """Give what has happened."""
        while not self._told.empty():
            yield self._told.get()

    def page(self, wait: float) -> tuple[Expected, Capture] | None:
        """Give the next page; None where none is there, and none comes in so many seconds."""
        if self._stop.is_set():
            self._ended.wait(wait)
            return None
        try:
            return self._pages.get(timeout=_TICK if self._ended.is_set() else wait)
        except Empty:
            return None

    def _go(self, *, watch: bool) -> None:
        try:
            while not self._stop.is_set():
                is_busy = self._give_work()
                if not (is_busy or watch):
                    break
                self._stop.wait(_TICK if is_busy else _REST)
        except BaseException as error:  # noqa: BLE001 - the other thread raises it
            self._error = error
        finally:
            self._ended.set()

    def _give_work(self) -> bool:
        """Begin what is due and can be done now; tells whether anything is left to do."""
        if self._error is not None:
            raise self._error
        now = self._tools.now()
        with self._lock:
            places = 2 * self._tools.connections - len(self._busy)
        if places > 0:
            self._take(self._due(Subscription, self._archive.claim_feeds, now, places), now)
        if sum(map(len, self._backlog.values())) < _WAITING // 2:
            self._take(self._due(Expected, self._archive.claim_entries, now, _WAITING // 2), now)
        for host in self._ready(now)[: max(places, 0)]:
            due = self._next(host)
            if due.due_at is None or due.due_at < now + LEASE / 2:  # it waited for long, and is soon another's
                continue
            with self._lock:
                self._busy[host] = due
            # A thread of its own, which ends with the process where a server never answers.
            threading.Thread(target=self._ask, args=(host, due), daemon=True).start()
        return self._has_more

    @property
    def _has_more(self) -> bool:
        with self._lock:
            looked_at = min(self._looked_at.get(kind, self._put_off_until) for kind in (Subscription, Expected))
            return bool(self._busy or self._backlog or looked_at <= self._put_off_until)

    def _due(self, kind: type, claim: Callable[..., list[Due]], now: datetime, limit: int) -> list[Due]:
        """Claim what is due, unless all was a moment ago."""
        rest = 4 * _TICK if now <= self._put_off_until else _REST
        if kind in self._looked_at and now < self._looked_at[kind] + timedelta(seconds=rest):
            return []
        self._looked_at[kind] = now
        found = claim(at=now, until=now + LEASE, limit=limit)
        if len(found) == limit:
            self._looked_at.pop(kind, None)
        return found

    def _take(self, claimed: Sequence[Subscription | Expected], now: datetime) -> None:
        """Let what is claimed wait here, and put off what a host has enough of, each until its turn will have come."""
        put_off: dict[Subscription | Expected, datetime] = {}
        for due in claimed:
            host = _host(due.url)
            held = self._backlog[host]
            alike = sum(isinstance(each, type(due)) for each in held)
            if alike == _HELD:
                put_off[due] = self._turn(host, now)
            else:
                held.insert(alike if isinstance(due, Subscription) else len(held), due)  # feeds before pages
        if put_off:
            self._release(put_off)
            self._put_off_until = max(self._put_off_until, *put_off.values())

    def _release(self, due: Mapping[Subscription | Expected, datetime], reason: str | None = None) -> None:
        entries = {each: at for each, at in due.items() if isinstance(each, Expected)}
        polls = {each: at for each, at in due.items() if isinstance(each, Subscription)}
        self._archive.release(entries, polls=polls, reason=reason)

    def _turn(self, host: str, now: datetime) -> datetime:
        pace = timedelta(seconds=max(self._tools.delay, 4 * _TICK / _HELD))
        turn = max(now + pace * _HELD, self._put_off.get(host, now) + pace)
        if len(self._put_off) > _MANY:
            self._put_off = {name: at for name, at in self._put_off.items() if at > now}
        self._put_off[host] = min(turn, now + _LATEST)
        return self._put_off[host]

    def _ready(self, now: datetime) -> list[str]:
        with self._lock:
            return [host for host in self._backlog if host not in self._busy and self._free_at.get(host, now) <= now]

    def _next(self, host: str) -> Subscription | Expected:
        held = self._backlog[host]
        due = held.popleft()
        if not held:
            del self._backlog[host]
        return due

    def _ask(self, host: str, due: Subscription | Expected) -> None:
        try:
            if isinstance(due, Subscription):
                self._poll(due)
            else:
                self._fetch(due)
        except BusyError as error:
            if not self._has_left:
                self._release({due: self._tools.now() + timedelta(seconds=error.seconds)}, error.reason)
        except BaseException as error:  # noqa: BLE001 - the thread that gives work raises it
            self._error = error
        finally:
            now = self._tools.now()
            with self._lock:
                self._busy.pop(host, None)
                self._free_at[host] = now + timedelta(seconds=self._tools.delay)
                if len(self._free_at) > _MANY:
                    self._free_at = {name: at for name, at in self._free_at.items() if at > now}

    def _poll(self, feed: Subscription) -> None:
        poll = self._tools.poll(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        found, error = self._read(poll)
        named = _named(poll) if error is not None and feed.succeeded_at is None else None
        if named is not None:  # the address of a site that has a feed; of one that was a feed, a page is an error
            second = self._tools.poll(named)
            found, error = self._read(second)
            poll = replace(second, moved_to=second.moved_to or named)
        if not self._has_left:
            self._write_down(feed, poll, found, error)

    def _write_down(self, feed: Subscription, poll: Poll, found: Feed | None, error: str | None) -> None:
        now = self._tools.now()

        def decide(new: int) -> Polled:
            return _decided(feed, poll, found, error, new=new, now=now)

        new = self._archive.polled(feed.id, decide, found.entries if found else (), at=now)
        if new:
            self._looked_at.pop(Expected, None)
        self._told.put(Checked(feed=feed, new=new, error=error, cut=poll.cut or None))

    def _read(self, poll: Poll) -> tuple[Feed | None, str | None]:
        """Give what a poll says, and why that is nothing, where it should be something."""
        if poll.capture is None:
            return None, poll.reason if poll.news in (News.GONE, News.FAILED) else None
        try:
            found = feeds.parse(poll.capture)
        except FeedError as error:
            return None, error.reason
        more: list[Entry] = []
        for address in found.sitemaps[:_MAPS]:
            capture = self._tools.poll(address).capture
            if capture is not None:
                more.extend(self._entries(capture))
        return replace(found, entries=(*found.entries, *more)), None

    @staticmethod
    def _entries(capture: Capture) -> tuple[Entry, ...]:
        try:
            return feeds.parse(capture).entries
        except FeedError:
            return ()

    def _fetch(self, entry: Expected) -> None:
        try:
            self._hand_over(entry, self._tools.fetch(entry.url))
        except FetchError as error:
            if self._has_left:
                return
            now = self._tools.now()
            again = schedule.after_failed_page(
                tries=entry.tries + 1, is_final=error.is_final, retry_after=error.retry_after, now=now
            )
            self._archive.fail(entry.id, error.reason, due_at=again, at=now)
            self._told.put(Lost(url=entry.url, reason=error.reason, again=again))

    def _hand_over(self, entry: Expected, capture: Capture) -> None:
        """Wait until the model wants another page."""
        while not self._stop.is_set():
            try:
                self._pages.put((entry, capture), timeout=_REST)
            except Full:
                continue
            return
        if not self._has_left:
            self._archive.release({entry: self._tools.now()})

    def _give_back(self) -> None:
        """Let what was claimed and not done be due at once, what a server has not answered yet too."""
        self._has_left = True
        with self._lock:
            left = [*self._busy.values(), *chain.from_iterable(self._backlog.values())]
        while not self._pages.empty():
            left.append(self._pages.get()[0])
        if left:
            self._release(dict.fromkeys(left, self._tools.now()))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _named(poll: Poll) -> str | None:
    """Give the feed that a page names which was polled as one."""
    links = feeds.discover(poll.capture) if poll.capture is not None else ()
    return links[0].url if links else None


def _decided(
    feed: Subscription, poll: Poll, found: Feed | None, error: str | None, *, new: int, now: datetime
) -> Polled:
    plan = schedule.after_poll(
        poll, feed=found, new=new, interval=feed.interval, failures=feed.failures, now=now, skips=feed.skips
    )
    if plan.due_at is None and poll.news is not News.GONE:
        error = f"it failed {plan.failures} times in a row, the last time since {error}"
    return Polled(
        due_at=plan.due_at,
        interval=plan.interval,
        failures=plan.failures,
        error=error,
        etag=poll.etag,
        last_modified=poll.last_modified,
        title=found.title if found else "",
        site_url=found.url if found else None,
        moved_to=poll.moved_to if error is None else None,
        skips=found.skips if found else feed.skips,
    )
