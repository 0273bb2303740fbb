"""What a site's robots.txt lets us fetch, as RFC 9309 says.

Parsed here, in one pass and linear time, because the parser in common use keeps every rule once for each agent that it
names: 130 KB of hostile lines held it for fifty seconds and 1.4 GB.
"""

import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from gazetteer.errors import FetchError

MAX_BYTES = 500 * 1024
"""As much of a robots.txt as is read: what RFC 9309 asks for at least."""

FRESH = 24 * 3600.0
"""Seconds after which a robots.txt is read again: what RFC 9309 allows at most."""
_FAILED = 3600.0  # seconds after which one that failed is asked for again
_KEPT = 8 * 1024 * 1024

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:([^#]*)")
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
class Rules:
    """The rules of one robots.txt, of `size` bytes, that bind one agent.

    `delay` is its Crawl-delay in seconds, where it asks for one.
    """

    rules: tuple[_Rule, ...] = ()
    delay: float | None = None
    size: int = 0

    def allows(self, url: str) -> bool:
        """Tell whether an address of this site may be fetched: the longest matching rule decides."""
        parts = urlsplit(url)
        path = _normalised((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        matching = (rule for rule in self.rules if rule.matches(path))
        best = max(matching, key=lambda rule: (rule.length, rule.allow), default=None)
        return best is None or best.allow


def parse(content: bytes, *, agent: str) -> Rules:
    """Read the rules for `agent` (a product token) out of a robots.txt: those of every group that names it, else those
    of every group for `*`. Any bytes give an answer.
    """
    text = content[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    found: dict[str, list[_Rule]] = {}
    delays: dict[str, float] = {}
    ours: set[str] = set()
    in_agents = False
    for line in re.split(r"[\r\n]+", text):
        match = _LINE.match(line)
        if match is None:
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            if not in_agents:
                ours = set()
            in_agents = True
            name = _agent_named(value, agent)
            if name:
                ours.add(name)
                found.setdefault(name, [])
            continue
        if field in ("allow", "disallow"):
            in_agents = False
            rule = _rule(value, allow=field == "allow")
            for name in ours if rule else ():
                found[name].append(rule)  # type: ignore[arg-type]
        elif field == "crawl-delay":
            in_agents = False
            delay = _seconds(value)
            if delay is not None:
                delays.update(dict.fromkeys(ours, delay))
    chosen = agent if agent in found else "*"
    return Rules(tuple(found.get(chosen, ())), delays.get(chosen), len(content))


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


def _normalised(path: str) -> str:
    """Write a path in one way: unreserved characters plain; what is not ASCII, and the signs of patterns, escaped."""

    def plain(match: re.Match[str]) -> str:
        letter = unquote(match[0], errors="replace")
        return letter if _UNRESERVED.fullmatch(letter) else match[0].upper()

    return _ESCAPED.sub(plain, quote(path, safe="/?&=%:@!'()+,;[]~", errors="replace"))
