"""A PostgreSQL server of our own, in a folder that goes when it ends, reached through a socket in it alone."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Templates = dict[str, Callable[[], str]]
"""What gives the address of a new and empty archive, by the kind of database."""

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Give a folder in memory where there is room, since each test has databases of its own; else one on disk."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    folder = Path(tempfile.mkdtemp(prefix="gazetteer-", dir=memory if is_roomy else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def server(within: Path) -> Iterator[str]:
    """Run a server with its files in a folder; gives the address of its databases, `{}` where their names stand."""
    binaries, who = _binaries(), _user()
    folder = within / "postgresql"
    folder.mkdir()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data = folder / "data"
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    settings = [word for setting in (*_QUICK, f"unix_socket_directories={folder}") for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        command = [binaries / "postgres", "-D", data, *settings]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
    try:
        _wait(folder, process)
        yield f"postgresql://postgres@/{{}}?host={folder}"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        process.wait()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is not installed: run tools/need-postgresql"
    return found[-1].parent


def _user() -> dict[str, object]:
    """Give whom the server runs as: it refuses to run as root."""
    if os.getuid() != 0:
        return {}
    group = pwd.getpwnam("postgres").pw_gid
    return {"user": "postgres", "group": group, "extra_groups": []}


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, (folder / "log").read_text()
        if (folder / ".s.PGSQL.5432").exists() and "ready to accept" in (folder / "log").read_text():
            return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not start")
