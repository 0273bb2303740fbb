"""Run a pure function in a process that can be ended.

A page that takes too long, or too much memory, or brings a parser down, then costs that page alone.

The child is started by command line, not by `multiprocessing`, which would import the caller's main module once more
and so demand a guard in every script that uses us. It is started at the first call, or by `start`, and kept until it
fails.
"""

import json
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from gazetteer.errors import GazetteerError, LimitError, WorkerError

_START_SECONDS = 60.0  # what importing the function may take, on a cold and busy machine
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from gazetteer.worker import serve; serve(*sys.argv[2:])"
)

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Worker(Generic[Argument, Result]):
    """Calls a function, one argument at a time, in a child process.

    It is named as `module:function`, and imported in the child alone, so that what it needs costs the parent nothing;
    its argument and result must pickle. Where there is something it is `made_of`, which must pickle too, the name is
    that of what makes the function of it, once for each child. `doing` are the words for a call in what is raised.

    A context manager: the child is gone when it ends.
    """

    def __init__(
        self,
        function: str,
        *,
        seconds: float,
        megabytes: int,
        made_of: object = None,
        doing: str = "reading it",
    ) -> None:
        self._name = function
        self._made_of = made_of
        self._doing = doing
        self._seconds = seconds
        self._megabytes = megabytes
        self._child: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._ready = False

    def __call__(self, argument: Argument) -> Result:
        """Call the function.

        Raises the `GazetteerError` that it raises, and `LimitError` where it takes longer than `seconds`, more memory
        than `megabytes`, or fails in any other way; the child is then ended, and the next call starts another.
        `WorkerError` where a child cannot even be made ready.
        """
        try:
            kind, value = self._ask(argument)
        except BaseException:
            self.close()
            raise
        if kind == "error":
            raise cast("GazetteerError", value)
        if kind == "failed":
            self.close()
            raise LimitError(str(value))
        return cast("Result", value)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start the child now, to be ready sooner; returns at once."""
        if self._child is not None:
            return
        self._ready = False
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-P", "-c", _CHILD, json.dumps(sys.path), self._name]
        is_made = "" if self._made_of is None else "made"
        limits = [str(theirs.fileno()), str(self._seconds), str(self._megabytes), is_made, self._doing]
        with theirs:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                command + limits,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,
            )

    def close(self) -> None:
        """End the child, whatever it is doing."""
        pipe, child, self._pipe, self._child = self._pipe, self._child, None, None
        if pipe is not None:
            pipe.close()
        if child is not None:
            child.kill()
            child.wait()

    def _ask(self, argument: Argument) -> tuple[str, object]:
        """Send an argument, and give the kind of the answer with its value."""
        if self._child is not None and self._ready and self._child.poll() is not None:  # ended while it had no work
            self.close()
        if self._pipe is None:
            self.start()
        pipe, child = self._pipe, self._child
        assert pipe is not None
        assert child is not None
        try:
            if not self._ready:
                self._wait(pipe)
            pipe.send(argument)
            late = f"{self._doing} took longer than {self._seconds:g} s, and was ended"
            return self._answer(pipe, self._seconds, late)
        except (EOFError, ConnectionError):
            words = _last_words(child)
            if not self._ready:
                raise WorkerError(f"{words} before it was ready") from None
            return "failed", words

    def _wait(self, pipe: Connection) -> None:
        """Wait until the child is ready; raises `WorkerError`, or what kept it from that."""
        if self._made_of is not None:
            pipe.send(self._made_of)
        kind, value = self._answer(pipe, _START_SECONDS, "the process that reads pages did not start in time")
        if kind == "error":
            raise cast("GazetteerError", value)
        if kind == "failed":
            raise WorkerError(f"the process that reads pages cannot be made ready: {value}")
        self._ready = True

    @staticmethod
    def _answer(pipe: Connection, seconds: float, late: str) -> tuple[str, object]:
        if not pipe.poll(seconds):
            return "failed", late
        return cast("tuple[str, object]", pipe.recv())


def _last_words(child: subprocess.Popen[bytes]) -> str:
    """Say how a child ended that could not say so itself."""
    try:
        status = child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "the process that read it stopped answering, and was ended"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"status {status}"
    return f"the process that read it broke down ({name})"


def serve(name: str, descriptor: str, seconds: str, megabytes: str, is_made: str, doing: str) -> None:
    """Answer calls of the function that `name` gives as `module:function`, in the child, until the parent goes away."""
    pipe = Connection(int(descriptor))

    def last_words(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        pipe.send(("failed", _failure(kind, error, megabytes, doing)))

    sys.excepthook = last_words
    module, _, attribute = name.partition(":")
    function = getattr(import_module(module), attribute)
    _limit(int(megabytes))
    if is_made:
        try:
            function = function(pipe.recv())
        except GazetteerError as error:
            pipe.send(("error", error))
            return
    pipe.send(("ready", None))
    while True:
        try:
            argument = pipe.recv()
        except (EOFError, ConnectionError):
            return
        # Should the parent be killed while we work, nobody else would end us: the alarm does, since nothing handles it.
        signal.setitimer(signal.ITIMER_REAL, 2 * float(seconds) + 5)
        try:
            answer = ("result", function(argument))
        except GazetteerError as error:
            answer = ("error", error)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(answer)


def _failure(kind: type[BaseException], error: BaseException, megabytes: str, doing: str) -> str:
    if issubclass(kind, MemoryError):
        return f"{doing} took more than {megabytes} MB of memory, and was ended"
    return f"{doing} failed ({kind.__name__}: {str(error)[:200]}); please report this with the page"


def _limit(megabytes: int) -> None:
    """Bound this process's memory from here on, and let it leave no core file."""
    size = megabytes * 1024 * 1024
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # not every system bounds memory
        resource.setrlimit(resource.RLIMIT_AS, (size if most == resource.RLIM_INFINITY else min(size, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
