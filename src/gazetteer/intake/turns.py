"""Taking turns: one request at a time to each host, and few at once to all of them, from however many threads."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from gazetteer.intake.exchange import Deadline

_MANY = 1_000


class Shared(Protocol):
    """What other processes ask the same hosts by: each host is one process's at a time."""

    def take(self, host: str, *, seconds: float, rest: float | None, is_first: bool) -> float:
        """Take a host for so many `seconds` at most, and let it `rest` from now on; gives 0, or the seconds to wait.

        There may be more to wait then. Where it `is_first`, the rest of before is waited for.
        """

    def give(self, host: str, *, rest: float = 0.0) -> None:
        """Give back a host that was taken, and let it rest for so many seconds at least."""


class Unshared:
    """No other process asks."""

    def take(self, _host: str, *, seconds: float, rest: float | None, is_first: bool) -> float:  # noqa: ARG002
        """Take a host."""
        return 0.0

    def give(self, _host: str, *, rest: float = 0.0) -> None:
        """Give it back."""


@dataclass(slots=True)
class Host:
    """A host that is being asked, or was: until when it rests, by the monotonic clock."""

    rests_until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: int = 0


class Turns:
    """Who is asked now: `at_once` together at most. Waiting for one's turn does not count against a deadline.

    Hosts that nobody asks now, and that do not rest, are forgotten once there are many.
    """

    def __init__(self, *, at_once: int = 1) -> None:
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(at_once)

    @contextmanager
    def of(self, name: str, deadline: Deadline) -> Iterator[Host]:
        """Wait for the turn to ask a host, and have it alone. Within one turn, ask for none of another host."""
        with self._lock:
            host = self._hosts.setdefault(name, Host())
            host.wanted += 1
        try:
            with _waiting(host.lock, deadline):
                yield host
        finally:
            with self._lock:
                host.wanted -= 1
                if len(self._hosts) > _MANY:
                    self._forget()

    @contextmanager
    def connecting(self, deadline: Deadline) -> Iterator[None]:
        """Wait until fewer are asked than may be, and be one of them."""
        with _waiting(self._places, deadline):
            yield

    def _forget(self) -> None:
        now = time.monotonic()
        self._hosts = {name: host for name, host in self._hosts.items() if host.wanted or host.rests_until > now}


@contextmanager
def _waiting(lock: AbstractContextManager[object], deadline: Deadline) -> Iterator[None]:
    since = time.monotonic()
    with lock:
        deadline.extend(time.monotonic() - since)
        yield
