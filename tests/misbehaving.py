"""Functions that misbehave, to be run in a process that can be ended."""

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable

from gazetteer.errors import ExtractError
from gazetteer.types import Article, Capture

MADE: list[list[str]] = []


def behave(what: str) -> object:
    """Do what is asked for."""
    return DEEDS[what]()


def made(of: list[str]) -> Callable[[str], tuple[str, str, int]]:
    """Make a function, and count how often one was made."""
    if not of:
        raise ExtractError("nothing to be made of")
    MADE.append(of)
    return lambda word: (of[0], word, len(MADE))


def extract(capture: Capture) -> Article:
    """Extract what a page of ours says: what to do, or the text."""
    words = capture.content.decode()
    if words in DEEDS:
        DEEDS[words]()
    return Article(source=capture.source, headline="Tide", text=words)


def _refuse() -> None:
    raise ExtractError("the page is a wall")


def _fail() -> None:
    raise ZeroDivisionError("by nothing")


def _recurse() -> None:
    _recurse()


def _hang() -> None:
    while True:
        time.sleep(1)


def _hang_in_c() -> int:
    return sum(1 for _ in iter(int, 1))


def _chatter() -> str:
    sys.stdout.write("noise" * 100_000)
    sys.stderr.write("noise" * 100_000)
    warnings.warn("noise", stacklevel=1)
    return "done"


DEEDS = {
    "pid": os.getpid,
    "refuse": _refuse,
    "fail": _fail,
    "recurse": _recurse,
    "hang": _hang,
    "hang in C": _hang_in_c,
    "chatter": _chatter,
    "devour": lambda: bytes(8 << 30),
    "devour bit by bit": lambda: [bytes(1 << 20) for _ in iter(int, 1)],
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda: sys.exit(3),
    "leave": lambda: os._exit(0),
    "unpicklable": lambda: lambda: None,
    "large": lambda: "x" * 20_000_000,
    "read": sys.stdin.read,
}
