"""Taking turns: one request at a time to each host, and few at once to all of them, from however many threads."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from gazetteer.intake.exchange import Deadline

_MANY = 1_000


@dataclass(slots=True)
class Host:
    """A host that is being asked, or was: `visited` is when it was last, by the monotonic clock."""

    visited: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: int = 0


class Turns:
    """Who is asked now: `at_once` together at most. Waiting for one's turn does not count against a deadline.

    Hosts that nobody asks now are forgotten after `memory` seconds, once there are many.
    """

    def __init__(self, *, at_once: int = 1, memory: float = 0.0) -> None:
        self._memory = memory
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
        oldest = time.monotonic() - self._memory
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.wanted or (host.visited is not None and host.visited > oldest)
        }


@contextmanager
def _waiting(lock: AbstractContextManager[object], deadline: Deadline) -> Iterator[None]:
    since = time.monotonic()
    with lock:
        deadline.extend(time.monotonic() - since)
        yield
