"""Tables are written to stores, and archives read from them, as with folders of this machine."""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import fsspec
import pytest
from fsspec.implementations.local import LocalFileOpener
from moto.server import ThreadedMotoServer
from test_runs import MAKER, archive, content
from test_runs import run as run_here
from warcs import warc

from gazetteer.archive import Archive
from gazetteer.batch import archives, pool, runs, stories
from gazetteer.batch.folders import Folder
from gazetteer.batch.runs import Progress
from gazetteer.batch.work import Job
from gazetteer.errors import StoreError
from gazetteer.exports import read_tables


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of a server of S3."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        fsspec.filesystem("s3").mkdir("news")
        yield "s3://news"
    server.stop()


@pytest.fixture(params=["folder", "file", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"
    return {"folder": str(tmp_path), "file": f"file://{tmp_path}", "memory": f"memory://{tmp_path}"}[request.param]


def test_files_come_and_go(place: str) -> None:
    folder = Folder(place)
    folder.make("done")
    assert folder.names("done") == []

    folder.write("done/b", b"two")
    folder.write("done/a", b"one")
    folder.write("done/a", b"three")

    assert folder.names("done") == ["done/a", "done/b"]
    assert folder.read("done/a") == b"three"
    with folder.reading("done/a") as stream:
        stream.seek(2)
        assert stream.read() == b"ree"
    folder.remove("done/a")
    folder.remove("done/a")
    assert folder.names("done") == ["done/b"]
    with pytest.raises(FileNotFoundError):
        folder.read("done/a")


def test_a_file_that_is_not_finished_is_not_there(place: str) -> None:
    folder = Folder(place)
    folder.make("done")

    def fail() -> None:
        with folder.writing("done/a") as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert folder.names("done") == []


def test_a_kind_of_store_that_is_not_known_is_told_of() -> None:
    with pytest.raises(StoreError, match="nosuch"):
        Folder("nosuch://a/b")


def test_a_store_that_does_not_give_or_take_stops_a_run_and_is_no_failure_of_pages(tmp_path: Path, bucket: str) -> None:
    name = archive(tmp_path / "c.warc.gz", [f"Page {n}" for n in range(9)])
    (part,) = archives.parts(name)
    assert isinstance(part, archives.Part)
    gone = f"{bucket}/crawl/none.warc.gz"

    with pytest.raises(StoreError, match=r"none\.warc"):
        list(archives.read(replace(part, archive=gone)))
    with pytest.raises(StoreError, match="not there"):
        list(archives.read(replace(part, archive=f"{tmp_path}/none.warc.gz")))
    with pytest.raises(StoreError, match="not there"):
        list(archives.read(archives.Part(archive=f"{tmp_path}/none", number=0, count=1, files=("a.html",))))
    with pytest.raises(StoreError, match="s3://nowhere"):
        Folder("s3://nowhere/tables").write("done/a", b"one")
    (tmp_path / "tables").write_bytes(b"a file")
    with pytest.raises(StoreError, match="tables: "):
        Folder(str(tmp_path / "tables")).make("done")


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_a_store_that_breaks_off_is_no_damage_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """What is read of it is more than is read ahead."""
    pages = [(f"https://a.example/{n}", Random(n).randbytes(20_000)) for n in range(9)]
    (tmp_path / "a.warc.gz").write_bytes(warc(pages))
    asked = count()

    def breaking_off(opened: LocalFileOpener, buffer: bytearray) -> int:
        if next(asked) >= limit:
            raise ConnectionResetError("reset by peer")
        return int(opened.f.readinto(buffer))

    monkeypatch.setattr(LocalFileOpener, "readinto", breaking_off, raising=False)

    with pytest.raises(StoreError, match="reset by peer"):
        list(archives.parts(f"file://{tmp_path}/a.warc.gz"))
    asked = count()
    with pytest.raises(StoreError, match="reset by peer"):
        list(archives.read(archives.Part(archive=f"file://{tmp_path}/a.warc.gz", number=0, count=9)))


def test_a_run_reads_from_a_store_and_writes_to_it(tmp_path: Path, bucket: str) -> None:
    words = [f"Page {n}" for n in range(40)] + ["WALL", "KILL"]
    name = archive(tmp_path / "a.warc.gz", words)
    fsspec.filesystem("s3").put_file(name, f"{bucket}/crawl/a.warc.gz")
    out = f"{bucket}/tables"

    def run() -> Progress:
        engine = partial(pool.run, workers=2, function="reading:process")
        names = [f"{bucket}/crawl/*.warc.gz"]
        *_, last = runs.run(names, out, job=lambda task: Job(task=task), engine=engine, maker=MAKER)
        return last

    first = run()
    marks = Folder(out).names("done")
    Folder(out).remove(marks[0])
    again = run()

    assert first == again == Progress(parts=2, articles=40, failures=2)
    assert list(stories.gather(out)) == [40]
    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as kept:
        assert read_tables(kept, out) == (40, 0)
    fsspec.filesystem("s3").get(out, str(tmp_path / "there"), recursive=True)
    run_here([name], tmp_path / "here")
    there, here = (
        [(row["headline"], row["text"]) for row in content(tmp_path / each)["articles"]] for each in ("there", "here")
    )
    assert there == here


@pytest.mark.parametrize("kind", ["s3", "http"])
def test_archives_are_walked_in_parts_in_a_store(tmp_path: Path, bucket: str, kind: str) -> None:
    name = archive(tmp_path / "b.warc.gz", [f"Page {n}" for n in range(9)])
    fsspec.filesystem("s3").put_file(name, f"{bucket}/crawl/b.warc.gz", ACL="public-read")
    place = bucket.replace("s3:/", os.environ["AWS_ENDPOINT_URL"]) if kind == "http" else bucket

    (found,) = archives.found([f"{place}/crawl/b.warc.gz"])
    parts = list(archives.parts(found, sizes=(4,)))

    assert [len(list(archives.read(part))) for part in parts if isinstance(part, archives.Part)] == [4, 4, 1]
