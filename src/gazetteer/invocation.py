"""How every command begins and ends: its settings read, the archive opened, an error told."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from gazetteer.errors import GazetteerError, QueryError

if TYPE_CHECKING:
    from gazetteer.archive import Archive
    from gazetteer.config import Config, SummarySettings

CONFIG = click.option("--config", metavar="FILE", help="Read the settings from this file.")
ARCHIVE = click.option(
    "--archive", "place", metavar="PLACE", help="The archive: a file, or the address of a PostgreSQL database."
)


@contextmanager
def told() -> Iterator[None]:
    """Tell of an error that stops everything, and end with status 2."""
    try:
        yield
    except GazetteerError as error:
        tell(error)
        sys.exit(2)


def tell(error: GazetteerError) -> None:
    """Tell of an error on standard error; of a query, where it is wrong."""
    from gazetteer.view import printable

    click.echo(f"gazetteer: {printable(error.reason)}", err=True)
    if isinstance(error, QueryError):
        before, after = error.query[: error.position], error.query[error.position :]
        shown, rest = (" ".join(printable(part).splitlines()) for part in (before, after))
        click.echo(f"  {shown}{rest}\n  {' ' * len(shown)}^", err=True)


def configured(
    path: str | None,
    *,
    tags: str | None = None,
    summary: "SummarySettings | None" = None,
    allow_host: tuple[str, ...] = (),
    threads: int | None = None,
    timeout: float | None = None,
) -> "Config":
    """Read the settings, and let the options that were given win."""
    from gazetteer import config

    settings = config.load(environment=os.environ, path=path)
    intake, extract, annotate = settings.intake, settings.extract, settings.annotate
    return replace(
        settings,
        intake=replace(intake, allow_hosts=intake.allow_hosts + allow_host, timeout=timeout or intake.timeout),
        extract=replace(extract, timeout=timeout or extract.timeout),
        annotate=replace(annotate, tags=tags or annotate.tags, threads=threads or annotate.threads),
        summary=summary or settings.summary,
    )


@contextmanager
def counting() -> Iterator[str]:
    """Give a folder into which this process, and those that it starts, count what they do, for `meters`, which is to be
    imported within.
    """
    with tempfile.TemporaryDirectory(prefix="gazetteer-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield folder
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


@contextmanager
def opened(settings: "Config", place: str | None, *, create: bool = False) -> "Iterator[Archive]":
    """Open the archive that the option names, or else the settings."""
    from gazetteer.archive import Archive

    with Archive.open(place or archive_url(settings), create=create) as archive:
        yield archive


def archive_url(settings: "Config") -> str:
    """Give where the settings have the archive."""
    from gazetteer import config

    return config.archive_url(settings, environment=os.environ)
