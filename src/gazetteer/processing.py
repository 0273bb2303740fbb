"""The command that makes tables of web archives, of any size."""

import importlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazetteer.errors import GazetteerError
from gazetteer.invocation import CONFIG, configured, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazetteer.batch.runs import Engine, Progress
    from gazetteer.batch.shards import Task
    from gazetteer.batch.work import Job
    from gazetteer.config import Config

_LINE = 72  # characters that are written over


@click.command()
@click.argument("archives", nargs=-1, required=True, metavar="ARCHIVE...")
@click.option(
    "--out", required=True, metavar="DIR", help="The folder of the tables; a run that was ended goes on there."
)
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="So many processes; one a core by itself.")
@click.option("--engine", type=click.Choice(["pool", "ray"]), default="pool", help="What runs them; pool by itself.")
@click.option("--address", metavar="ADDRESS", help="Where Ray's cluster is; by itself Ray is started on this machine.")
@click.option("--tags", metavar="FILE", help="Your own tags: a TOML file of rules.")
@CONFIG
def process(
    archives: tuple[str, ...],
    *,
    out: str,
    workers: int | None,
    engine: str,
    address: str | None,
    tags: str | None,
    config: str | None,
) -> None:
    """Digest web archives of any size (WARC, WACZ, zip, tar, JSON Lines, folders) into Parquet tables."""
    if address is not None and engine != "ray":
        raise click.UsageError("--address is of Ray's cluster: add --engine ray")
    with told():
        _need("fsspec", "fastwarc", "pyarrow", extra="batch")
        from gazetteer.batch import runs, stories

        settings = configured(config, tags=tags)
        job, maker = _reading(settings)
        runner = _ray(workers, address) if engine == "ray" else _pool(workers)
        run = runs.run(archives, out, job=job, engine=runner, maker=maker, max_bytes=settings.intake.max_bytes)
        last = None
        for last in run:
            _tell(_words(last))
        assert last is not None
        for gathered in stories.gather(out):
            _tell(f"{gathered:,} articles gathered into stories")
    click.echo(
        f"\ngazetteer: the tables are in {out}" if sys.stderr.isatty() else f"gazetteer: the tables are in {out}",
        err=True,
    )
    sys.exit((1 if last.articles else 2) if last.failures else 0)


def _pool(workers: int | None) -> "Engine":
    from gazetteer.batch import pool

    return partial(pool.run, workers=workers or os.cpu_count() or 1)


def _ray(workers: int | None, address: str | None) -> "Engine":
    _need("ray", extra="ray")
    from gazetteer.batch import ray

    return partial(ray.run, workers=workers, address=address)


def _need(*packages: str, extra: str) -> None:
    for name in packages:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise GazetteerError(f"this needs {name}: pip install 'gazetteer[{extra}]'") from error


def _reading(settings: "Config") -> "tuple[Callable[[Task], Job], dict[str, str]]":
    """Give how a part is read, and the name of what reads it."""
    from gazetteer import keeping
    from gazetteer.annotate import tags as rules_of
    from gazetteer.annotate import version
    from gazetteer.annotate.summary import Length
    from gazetteer.batch.work import Job

    rules = rules_of.load(Path(settings.annotate.tags)) if settings.annotate.tags else rules_of.NO_RULES
    length = Length(sentences=settings.summary.sentences, share=settings.summary.share)

    def job(task: "Task") -> Job:
        return Job(task=task, rules=rules, length=length, limits=settings.extract)

    return job, {"reader": keeping.reader(version(), rules), "summary": repr(length)}


def _tell(words: str) -> None:
    """Tell how far a run is: in one line that is written over where somebody watches, else in lines."""
    watched = sys.stderr.isatty()
    click.echo(f"\r{f'gazetteer: {words}':{_LINE}}" if watched else f"gazetteer: {words}", err=True, nl=not watched)


def _break() -> str:
    return "\n" if sys.stderr.isatty() else ""


def _words(progress: "Progress") -> str:
    return f"{progress.articles:,} articles and {progress.failures:,} failures of {progress.parts:,} parts"
