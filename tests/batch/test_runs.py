"""Runs give every page once, whatever ends them on their way."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from digests import digest, hostile_digests
from hypothesis import HealthCheck, given, settings
from warcs import warc

from gazetteer.batch import pool, runs, shards, tables
from gazetteer.batch.archives import Part
from gazetteer.batch.folders import Folder
from gazetteer.batch.runs import Progress
from gazetteer.batch.shards import Files, Task
from gazetteer.batch.work import Job
from gazetteer.errors import GazetteerError, ReadError
from gazetteer.types import Digest, Failure, OptOuts

MAKER = {"reader": "one"}
ENGINE = partial(pool.run, workers=2, function="reading:process")


def archive(path: Path, words: list[str]) -> str:
    pages = [(f"https://a.example/{number}", f"<p>{each}".encode()) for number, each in enumerate(words)]
    path.write_bytes(warc(pages))
    return str(path)


def run(names: list[str], out: Path, maker: dict[str, str] = MAKER) -> Progress:
    *_, last = runs.run(names, str(out), job=lambda task: Job(task=task), engine=ENGINE, maker=maker)
    return last


def content(out: Path) -> dict[str, list[object]]:
    return {
        table: [row for path in sorted((out / table).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
        for table in tables.SCHEMAS
    }


def test_every_page_becomes_an_article_or_a_failure(tmp_path: Path) -> None:
    names = [archive(tmp_path / f"{n}.warc.gz", [f"Page {n}.{m}" for m in range(40)] + ["WALL"]) for n in range(2)]

    last = run(names, tmp_path / "out")

    assert last == Progress(parts=4, articles=80, failures=2)
    found = content(tmp_path / "out")
    assert {row["headline"] for row in found["articles"]} == {f"Page {n}.{m}" for n in range(2) for m in range(40)}
    assert {row["reason"] for row in found["failures"]} == {"the page shows only a wall"}
    assert len({row["article"] for table in ("articles", "failures") for row in found[table]}) == 82


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc.gz", [f"Page {n}" for n in range(60)])
    whole = run([name], tmp_path / "whole")
    run([name], tmp_path / "out")
    mark, *_ = sorted((tmp_path / "out" / "done").iterdir())
    mark.unlink()
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "articles").iterdir()}

    again = run([name], tmp_path / "out")

    changed = [path for path, at in kept.items() if path.stat().st_mtime_ns != at]
    assert [path.stem for path in changed] == [mark.stem]
    assert again == whole
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_page_that_ends_its_process_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc.gz", ["One", "KILL", "Three", "Four", "KILL again", "Six"])

    last = run([name], tmp_path / "out")

    assert last == Progress(parts=1, articles=4, failures=2)
    found = content(tmp_path / "out")
    assert [row["headline"] for row in found["articles"]] == ["One", "Three", "Four", "Six"]
    assert all("broke down" in row["reason"] for row in found["failures"])


def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc.gz", ["One", f"KILL ONCE {tmp_path / 'once'}", "Three"])

    assert run([name], tmp_path / "out") == Progress(parts=1, articles=3)


def test_a_process_that_cannot_begin_is_told_of(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc.gz", ["One"])
    engine = partial(pool.run, workers=1, function="reading:nothing_of_that_name")

    with pytest.raises(GazetteerError, match="nothing_of_that_name"):
        list(runs.run([name], str(tmp_path / "out"), job=lambda task: Job(task=task), engine=engine, maker=MAKER))


def test_another_makers_tables_are_left_alone(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc.gz", ["One"])
    run([name], tmp_path / "out")

    with pytest.raises(ReadError, match="name another folder"):
        run([name], tmp_path / "out", {"reader": "two"})


def test_a_damaged_archive_is_a_failure_and_the_others_are_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(b"no archive at all")
    name = archive(tmp_path / "good.warc.gz", ["One"])

    last = run([str(bad), name], tmp_path / "out")

    assert (last.articles, last.failures) == (1, 1)
    assert [row["source"] for row in content(tmp_path / "out")["failures"]] == [str(bad)]


@pytest.mark.parametrize("seconds", [0.2, 0.5, 0.8, 1.1])
def test_a_run_that_is_killed_loses_and_repeats_nothing(tmp_path: Path, seconds: float) -> None:
    words = [f"Page {n}" for n in range(100)]
    name = archive(tmp_path / "a.warc.gz", words)
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}; import test_runs; from pathlib import Path; "
        f"test_runs.run([{name!r}], Path({str(tmp_path / 'out')!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", script], process_group=0) as running:
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)

    last = run([name], tmp_path / "out")

    assert (last.articles, last.failures) == (100, 0)
    found = [row["headline"] for row in content(tmp_path / "out")["articles"]]
    assert sorted(found) == sorted(words)
    assert not list((tmp_path / "out").rglob(".*"))


def test_digests_come_back_from_the_tables(tmp_path: Path) -> None:
    asked = OptOuts(robots=("noarchive",), signals=("ai-train=no",), tdm_reserved=True, tdm_policy="https://a.example/")
    wanted = [digest(), digest(abstained="Too little is charged."), digest(tags=()), digest(opt_outs=asked)]
    kept(tmp_path, wanted)

    assert [rounded(each) for _, each in shards.digests(str(tmp_path))] == [rounded(each) for each in wanted]


@given(wanted=hostile_digests())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_hostile_digests_come_back_too(tmp_path: Path, wanted: Digest) -> None:
    kept(tmp_path, [wanted])

    ((_, found),) = shards.digests(str(tmp_path))

    assert len(found.article.text) == len(wanted.article.text)
    assert found.annotation.sentences == wanted.annotation.sentences
    assert found.annotation.quotes == wanted.annotation.quotes
    assert [each.mentions for each in found.annotation.entities] == [
        each.mentions for each in wanted.annotation.entities
    ]


def kept(out: Path, found: list[Digest | Failure] | list[Digest], *, number: int = 0) -> None:
    shards.begin(str(out), MAKER)
    folder = Folder(str(out))
    task = Task(part=Part(archive="a.warc.gz", number=number), out=str(out))
    with Files(folder, task.name) as files:
        for at, each in enumerate(found):
            files.put(tables.rows(f"{task.name}-{at:05}", each))
        files.flush()
    folder.write(task.mark, b"{}")


def rounded(found: Digest) -> tuple[object, ...]:
    """Give a digest as what can be compared: vectors are kept in single precision, as the model gives them."""
    vector = [pytest.approx(each, rel=1e-6) for each in found.annotation.vector]
    return found.article, found.annotation.entities, found.annotation.sentences, found.annotation.tone, vector
