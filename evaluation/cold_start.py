"""How long the first digest takes, from nothing: `python -m evaluation.cold_start [PAGE] [--runs N]`.

`gazetteer digest --json PAGE` is run as a process of its own, `--runs` times after one that is not counted. Printed:
the median of its CPU time, that of the process that extracts included, of the time that passes, and of its memory.
Two processes share the work, so that on two cores less time passes than that, unless other work disturbs them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "examples" / "belarus.html"
LIMIT = 1.0
"""Seconds that a cold start may take, by whichever of both clocks is less disturbed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took: seconds of CPU, seconds that passed, and megabytes of its largest process, or of the one that
    began it where that is larger: Linux counts it so.
    """

    cpu: float
    wall: float
    megabytes: float


def run(page: Path) -> Run:
    """Digest `page` in a new process. Raise CalledProcessError where that fails."""
    command = [sys.executable, "-m", "gazetteer", "digest", "--json", str(page)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(cpu=used.ru_utime + used.ru_stime, wall=wall, megabytes=used.ru_maxrss / 1024)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status: 1 where both medians are over a second."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.cold_start", description=__doc__)
    parser.add_argument("page", type=Path, nargs="?", default=PAGE)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args(arguments)
    run(options.page)
    runs = [run(options.page) for _ in range(options.runs)]
    cpu = statistics.median(each.cpu for each in runs)
    wall = statistics.median(each.wall for each in runs)
    print(f"CPU time    {cpu:7.2f} s")
    print(f"time        {wall:7.2f} s (at most {LIMIT:.0f})")
    print(f"memory      {statistics.median(each.megabytes for each in runs):7.0f} MB")
    return int(min(cpu, wall) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
