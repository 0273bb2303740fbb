"""Ray gives what the pool gives, whatever becomes of its workers and machines."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import ray as ray_core
from click.testing import CliRunner
from ferry_page import PAGE
from ray.cluster_utils import Cluster
from test_runs import MAKER, archive, content
from test_runs import run as run_by_pool
from warcs import warc

from gazetteer.batch import ray, runs
from gazetteer.batch.runs import Engine, Progress
from gazetteer.batch.work import Job
from gazetteer.cli import cli
from gazetteer.errors import GazetteerError
from gazetteer.pipeline import Limits

DEFAULTS = Limits()
MACHINE = {"num_cpus": 1, "object_store_memory": 100 << 20}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two machines, as far as Ray knows, of one core each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        cluster = Cluster(initialize_head=True, head_node_args=MACHINE)
        cluster.add_node(**MACHINE)
        yield cluster
        cluster.shutdown()


def run(name: str, out: Path, engine: Engine, limits: Limits = DEFAULTS) -> Progress:
    found = runs.run([name], str(out), job=lambda task: Job(task=task, limits=limits), engine=engine, maker=MAKER)
    *_, last = found
    return last


def by_ray(cluster: Cluster, function: str = "reading:process") -> Engine:
    return partial(ray.run, address=cluster.address, function=function)


def test_ray_and_the_pool_give_the_same(tmp_path: Path, cluster: Cluster) -> None:
    name = archive(tmp_path / "a.warc.gz", [f"Page {n}" for n in range(100)] + ["WALL", "KILL", "Last"])

    last = run(name, tmp_path / "ray", by_ray(cluster))

    assert last == Progress(parts=3, articles=101, failures=2)
    assert run_by_pool([name], tmp_path / "pool") == last
    assert content(tmp_path / "ray") == content(tmp_path / "pool")


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path, cluster: Cluster) -> None:
    words = [f"Page {n}" for n in range(30)]
    words[20] = f"KILL WORKER ONCE {tmp_path / 'once'}"
    words[3] = f"KILL WORKER ONCE {tmp_path / 'twice'}"
    name = archive(tmp_path / "a.warc.gz", words)

    last = run(name, tmp_path / "out", by_ray(cluster))

    assert (tmp_path / "once").exists()
    assert (tmp_path / "twice").exists()
    assert last == Progress(parts=2, articles=30)
    assert sorted(row["headline"] for row in content(tmp_path / "out")["articles"]) == sorted(words)


def test_a_machine_that_is_lost_costs_nothing(tmp_path: Path, cluster: Cluster) -> None:
    words = [f"Page {n}" for n in range(500)]
    name = archive(tmp_path / "a.warc.gz", words)
    node = cluster.add_node(**MACHINE)
    found = runs.run(
        [name], str(tmp_path / "out"), job=lambda task: Job(task=task), engine=by_ray(cluster), maker=MAKER
    )

    next(found)
    cluster.remove_node(node, allow_graceful=False)
    *_, last = found

    assert last == Progress(parts=6, articles=500)
    assert sorted(row["headline"] for row in content(tmp_path / "out")["articles"]) == sorted(words)


def test_a_page_that_hangs_or_devours_memory_is_ended_and_is_a_failure(tmp_path: Path, cluster: Cluster) -> None:
    pages = [(f"https://a.example/{n}", page) for n, page in enumerate([b"One", b"hang", b"devour", b"Four"])]
    (tmp_path / "a.warc.gz").write_bytes(warc(pages))

    last = run(
        str(tmp_path / "a.warc.gz"),
        tmp_path / "out",
        by_ray(cluster, "reading:guarded"),
        Limits(timeout=3, memory=1024),
    )

    assert last == Progress(parts=1, articles=2, failures=2)
    reasons = [row["reason"] for row in content(tmp_path / "out")["failures"]]
    assert ["longer than 3 s" in reasons[0], "more than 1024 MB" in reasons[1]] == [True, True]


def test_what_cannot_be_run_is_told_of(tmp_path: Path, cluster: Cluster) -> None:
    name = archive(tmp_path / "a.warc.gz", ["One"])

    with pytest.raises(GazetteerError, match="nothing_of_that_name"):
        run(name, tmp_path / "out", by_ray(cluster, "reading:nothing_of_that_name"))
    assert not ray_core.is_initialized()
    with pytest.raises(GazetteerError, match=r"127\.0\.0\.1:9: Ray cannot be reached"):
        run(name, tmp_path / "out", partial(ray.run, address="127.0.0.1:9"))


def test_a_run_that_is_killed_loses_and_repeats_nothing(tmp_path: Path, cluster: Cluster) -> None:
    words = [f"Page {n}" for n in range(300)]
    name = archive(tmp_path / "a.warc.gz", words)
    out = tmp_path / "out"
    script = (
        f"import sys; sys.path[:] = {sys.path!r}; import test_ray; from pathlib import Path; "
        f"test_ray.run({name!r}, Path({str(out)!r}), "
        f"test_ray.partial(test_ray.ray.run, address={cluster.address!r}, function='reading:process'))"
    )
    with subprocess.Popen([sys.executable, "-c", script], process_group=0) as running:
        while not list(out.glob("done/*")) and running.poll() is None:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)

    last = run(name, out, by_ray(cluster))

    assert last == Progress(parts=5, articles=300)
    assert run_by_pool([name], tmp_path / "whole") == last
    assert content(out) == content(tmp_path / "whole")


def test_the_command_runs_ray_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc([("https://mill-post.example/ferry", PAGE.encode())]))
    command = ["process", str(tmp_path / "a.warc.gz"), "--out", str(tmp_path / "out"), "--workers", "1"]

    done = CliRunner().invoke(cli, [*command, "--engine", "ray"])

    assert done.exit_code == 0, done.output
    assert [row["headline"] for row in content(tmp_path / "out")["articles"]] == [
        "Harbour town votes to keep its ferry"
    ]


def test_an_address_is_of_ray(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["process", "a.warc", "--out", str(tmp_path), "--address", "auto"])

    assert done.exit_code == 2
    assert "--engine ray" in done.output
