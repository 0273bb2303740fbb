import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from gazetteer.errors import ExtractError, LimitError, WorkerError
from gazetteer.worker import Worker

BEHAVE = "misbehaving:behave"


def gone(pid: int) -> bool:
    """Tell whether a process has left nothing behind, not even a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def worker(*, seconds: float = 30, megabytes: int = 1024) -> Worker[str, object]:
    return Worker(BEHAVE, seconds=seconds, megabytes=megabytes)


def test_one_child_serves_a_run_and_leaves_nothing() -> None:
    with worker() as call:
        pid = call("pid")
        assert pid == call("pid")
        assert pid != os.getpid()
    assert gone(pid)


def test_nothing_starts_before_the_first_call() -> None:
    with worker() as call:
        assert call._child is None


def test_our_errors_come_through_and_cost_no_child() -> None:
    with worker() as call:
        pid = call("pid")
        with pytest.raises(ExtractError, match="the page is a wall"):
            call("refuse")
        assert call("pid") == pid


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("fail", "ZeroDivisionError: by nothing"),
        ("recurse", "RecursionError"),
        ("die", "SIGKILL"),
        ("crash", "SIGSEGV"),
        ("exit", "status"),
        ("leave", "status 0"),
        ("unpicklable", "failed"),
        ("devour", "more than 1024 MB"),
        ("devour bit by bit", "more than 1024 MB"),
    ],
)
def test_whatever_else_happens_costs_one_call(deed: str, words: str) -> None:
    with worker() as call:
        before = call("pid")
        with pytest.raises(LimitError) as caught:
            call(deed)
        assert words in caught.value.reason
        assert gone(before)
        assert call("pid") != before


@pytest.mark.parametrize("deed", ["hang", "hang in C"])
def test_what_takes_too_long_is_ended(deed: str) -> None:
    with worker(seconds=2) as call:
        before = call("pid")
        with pytest.raises(LimitError, match=r"longer than 2 s"):
            call(deed)
        assert gone(before)
        assert call("pid") != before


def test_noise_harms_nothing() -> None:
    with worker() as call:
        assert call("chatter") == "done"
        assert call("read") == ""
        assert len(call("large")) == 20_000_000
        assert call("pid") == call("pid")


def test_a_child_that_was_killed_between_two_calls_is_replaced() -> None:
    with worker() as call:
        pid = call("pid")
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert call("pid") != pid


def test_a_function_that_cannot_be_imported_is_told() -> None:
    call = Worker[str, object]("misbehaving:nothing", seconds=5, megabytes=1024)
    with call, pytest.raises(WorkerError, match=r"cannot be made ready.*AttributeError"):
        call("pid")


def test_a_function_is_made_once_for_each_child() -> None:
    with Worker[str, object]("misbehaving:made", seconds=30, megabytes=1024, made_of=["tide"]) as call:
        assert call("x") == ("tide", "x", 1)
        assert call("y") == ("tide", "y", 1)
    refused = Worker[str, object]("misbehaving:made", seconds=30, megabytes=1024, made_of=[])
    with refused, pytest.raises(ExtractError, match="nothing to be made of"):
        refused("x")


def test_an_interruption_ends_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    with worker() as call:
        pid = call("pid")

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(call, "_answer", interrupt)
        with pytest.raises(KeyboardInterrupt):
            call("hang")
        assert gone(pid)


def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    """It waits for its next page, and finds that nobody will send one."""
    script = f"""
        import sys, os, signal
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from gazetteer.worker import Worker
        print(Worker({BEHAVE!r}, seconds=9, megabytes=1024)("pid"), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, cwd=tmp_path, check=False
    )
    pid = int(found.stdout)
    for _ in range(1000):
        if gone(pid) or b"\nState:\tZ" in Path(f"/proc/{pid}/status").read_bytes():
            return
        time.sleep(0.01)
    pytest.fail("the child lives on")
