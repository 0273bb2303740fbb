"""What a site's robots.txt lets us fetch, as RFC 9309 says, and what it and its tdmrep.json ask beside.

Parsed here, in one pass and linear time, because the parser in common use keeps every rule once for each agent that it
names: 130 KB of hostile lines held it for fifty seconds and 1.4 GB.
"""

import json
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from gazetteer import optouts
from gazetteer.errors import FetchError
from gazetteer.types import OptOuts

MAX_BYTES = 500 * 1024
"""As much of a robots.txt as is read: what RFC 9309 asks for at least."""

FRESH = 24 * 3600.0
"""Seconds after which a robots.txt is read again: what RFC 9309 allows at most."""
_FAILED = 3600.0  # seconds after which one that failed is asked for again
_KEPT = 8 * 1024 * 1024
_MOST_RESERVATIONS = 1_000
_LONGEST_LOCATION = 2_000

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:([^#]*)")
_FIELDS = frozenset({"allow", "disallow", "crawl-delay", "content-signal"})
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


@dataclass(frozen=True, slots=True)
class _Rule:
    parts: tuple[str, ...]
    anchored: bool
    allow: bool
    length: int

    def matches(self, path: str) -> bool:
        """Match greedily, part after part: linear but for what `str.find` does."""
        first, *rest = self.parts
        if not path.startswith(first):
            return False
        if not rest:
            return not self.anchored or path == first
        at = len(first)
        for part in rest[:-1]:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if self.anchored:
            return len(path) - at >= len(rest[-1]) and path.endswith(rest[-1])
        return path.find(rest[-1], at) >= 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for the pages whose paths match."""

    rule: _Rule
    opt_outs: OptOuts


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one robots.txt, of `size` bytes, that bind one agent.

    `delay` is its Crawl-delay in seconds, where it asks for one; `signals` its content signals, and `reservations` what
    the site's tdmrep.json asks.
    """

    rules: tuple[_Rule, ...] = ()
    delay: float | None = None
    size: int = 0
    signals: tuple[Wish, ...] = ()
    reservations: tuple[Wish, ...] = ()

    def allows(self, url: str) -> bool:
        """Tell whether an address of this site may be fetched: the longest matching rule decides."""
        path = _path(url)
        matching = (rule for rule in self.rules if rule.matches(path))
        best = max(matching, key=lambda rule: (rule.length, rule.allow), default=None)
        return best is None or best.allow

    def opt_outs(self, url: str) -> OptOuts:
        """Tell what the site asks for an address of it: the longest signals that match, and the first reservation."""
        path = _path(url)
        signals = [each for each in self.signals if each.rule.matches(path)]
        chosen = max(signals, key=lambda each: each.rule.length, default=None)
        reservation = next((each for each in self.reservations if each.rule.matches(path)), None)
        return optouts.merged(*(each.opt_outs for each in (chosen, reservation) if each))


def parse(content: bytes, *, agent: str) -> Rules:
    """Read the rules for `agent` (a product token) out of a robots.txt: those of every group that names it, else those
    of every group for `*`. Any bytes give an answer.
    """
    text = content[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    found: dict[str, _Group] = {}
    ours: set[str] = set()
    in_agents = False
    for line in re.split(r"[\r\n]+", text):
        match = _LINE.match(line)
        if match is None:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            ours = ours if in_agents else set()
            in_agents = True
            if named := _agent_named(value, agent):
                ours.add(named)
                found.setdefault(named, _Group())
        elif name in _FIELDS:
            in_agents = False
            for named in ours:
                found[named].add(name, value)
    chosen = found.get(agent) or found.get("*") or _Group()
    return Rules(tuple(chosen.rules), chosen.delay, len(content), signals=tuple(chosen.signals))


@dataclass(slots=True)
class _Group:
    """What binds an agent, of all groups that name it."""

    rules: list[_Rule] = field(default_factory=list)
    signals: list[Wish] = field(default_factory=list)
    delay: float | None = None

    def add(self, name: str, value: str) -> None:
        if name == "crawl-delay":
            seconds = _seconds(value)
            self.delay = self.delay if seconds is None else seconds
        elif name == "content-signal":
            path = value.partition(" ")[0] if value.startswith("/") else "/"
            if rule := _rule(path, allow=True):
                self.signals.append(Wish(rule, OptOuts(signals=optouts.signals(value))))
        elif rule := _rule(value, allow=name == "allow"):
            self.rules.append(rule)


def reservations(content: bytes) -> tuple[Wish, ...]:
    """Read a tdmrep.json: what it asks for which paths, in its order. Any bytes give an answer."""
    try:
        listed = json.loads(content[:MAX_BYTES].decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    found = (_reservation(each) for each in (listed if isinstance(listed, list) else [])[:_MOST_RESERVATIONS])
    return tuple(each for each in found if each)


def _reservation(entry: object) -> Wish | None:
    if not isinstance(entry, dict):
        return None
    location, reserved = entry.get("location"), optouts.reserved(entry.get("tdm-reservation"))
    rule = _rule(location, allow=True) if isinstance(location, str) and len(location) <= _LONGEST_LOCATION else None
    if rule is None or reserved is None:
        return None
    policy = optouts.policy(entry.get("tdm-policy")) if reserved else None
    return Wish(rule, OptOuts(tdm_reserved=reserved, tdm_policy=policy))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a site until a time: its rules, or why there are none; `size` is what that takes."""

    rules: Rules | FetchError
    until: float

    @property
    def size(self) -> int:
        return 1_000 + (self.rules.size if isinstance(self.rules, Rules) else 0)


class Memory:
    """The rules of the sites that were asked last, for as long as they hold; any thread may use it.

    `clock` tells seconds.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, origin: str) -> Rules | None:
        """Give the rules of a site, None where they must be read; raises `FetchError` where they failed of late."""
        with self._lock:
            known = self._known.get(origin)
            if known is None or known.until < self._clock():
                return None
            self._known.move_to_end(origin)
        return _checked(known.rules)

    def put(self, origin: str, rules: Rules) -> Rules:
        """Remember what was read, and give it; what was put longest ago is forgotten once much is kept."""
        self._keep(origin, rules, FRESH)
        return rules

    def fail(self, origin: str, error: FetchError) -> Rules:
        """Remember for an hour that there are none, and raise the error.

        Rules that held before hold on, as RFC 9309 allows, and are given.
        """
        with self._lock:
            known = self._known.get(origin)
        found = known.rules if known and isinstance(known.rules, Rules) else error
        self._keep(origin, found, _FAILED)
        return _checked(found)

    def _keep(self, origin: str, rules: Rules | FetchError, seconds: float) -> None:
        with self._lock:
            before = self._known.pop(origin, None)
            known = self._known[origin] = _Known(rules, self._clock() + seconds)
            self._size += known.size - (before.size if before else 0)
            while self._size > _KEPT:
                _, forgotten = self._known.popitem(last=False)
                self._size -= forgotten.size


def _checked(rules: Rules | FetchError) -> Rules:
    if isinstance(rules, FetchError):
        raise FetchError(rules.reason, retry_after=rules.retry_after)  # one of its own for each thread
    return rules


def _agent_named(value: str, agent: str) -> str | None:
    if value.startswith("*"):
        return "*"
    token = re.match(r"[A-Za-z_-]*", value)
    return agent if token and token[0].lower() == agent.lower() else None


def _rule(value: str, *, allow: bool) -> _Rule | None:
    if not value.startswith(("/", "*")):
        return None
    anchored = value.endswith("$")
    parts = re.split(r"\*+", value.removesuffix("$"))
    return _Rule(tuple(map(_normalised, parts)), anchored, allow, len(value))


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return _normalised((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _normalised(path: str) -> str:
    """Write a path in one way: unreserved characters plain; what is not ASCII, and the signs of patterns, escaped."""

    def plain(match: re.Match[str]) -> str:
        letter = unquote(match[0], errors="replace")
        return letter if _UNRESERVED.fullmatch(letter) else match[0].upper()

    return _ESCAPED.sub(plain, quote(path, safe="/?&=%:@!'()+,;[]~", errors="replace"))
