"""The command line: thin, and lazy, so that `--help` answers in a blink.

Exit status: 0 where all was done, 1 where something failed and the rest was done, 2 where nothing could be done or the
command was given wrongly.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gazetteer import __version__, live
from gazetteer.access import token, user
from gazetteer.errors import GazetteerError
from gazetteer.invocation import ARCHIVE, CONFIG, configured, counting, opened, tell, told
from gazetteer.processing import process

if TYPE_CHECKING:
    from datetime import datetime

    from gazetteer.annotate import Annotator
    from gazetteer.annotate.tags import TagRules
    from gazetteer.archive import Archive
    from gazetteer.config import Config, SummarySettings
    from gazetteer.keeping import Added, Followed
    from gazetteer.show import Show
    from gazetteer.types import Article, Capture, Digest, Failure

_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
_JSON = click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
_URL = click.option("--url", metavar="URL", help="The address of the page, where SOURCE is one file or `-`.")
_ALLOW = click.option(
    "--allow-host", multiple=True, metavar="HOST", help="Let this host lead to a private or loopback address."
)
_TIMEOUT = click.option(
    "--timeout",
    type=float,
    callback=lambda _context, _option, seconds: _checked_seconds(seconds),
    metavar="SECONDS",
    help="What fetching a page, and reading it, may take.",
)
_TAGS = click.option("--tags", metavar="FILE", help="Your own tags: a TOML file of rules.")
_THREADS = click.option("--threads", type=click.IntRange(min=1), metavar="N", help="How many cores the model may use.")
_SUMMARY = click.option(
    "--summary",
    callback=lambda _context, _option, length: _checked_length(length),
    metavar="LENGTH",
    help="How long summaries are: so many sentences (5), or a share of the article's (10%).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gazetteer")
def cli() -> None:
    """Turn news pages into honest digests: who wrote it, who and what it is about, how it is told, what it says.

    SOURCE is the address of a page, a file, a folder of saved pages, or - for standard input.
    """


@cli.command()
@_SOURCES
@_JSON
@click.option("--html", metavar="FILE", help="Write all digests as one HTML page.")
@_TAGS
@_SUMMARY
@_URL
@_ALLOW
@_THREADS
@_TIMEOUT
@CONFIG
def digest(
    sources: tuple[str, ...],
    *,
    as_json: bool,
    html: str | None,
    tags: str | None,
    summary: "SummarySettings | None",
    url: str | None,
    allow_host: tuple[str, ...],
    threads: int | None,
    timeout: float | None,
    config: str | None,
) -> None:
    """Digest pages: what each says, who wrote it, and what was read in it.

    Shown in the terminal, or written as JSON lines or as one HTML page.
    """
    with told():
        from gazetteer import pipeline
        from gazetteer.intake.sources import is_address

        settings = configured(
            config, tags=tags, summary=summary, allow_host=allow_host, threads=threads, timeout=timeout
        )
        _check_sources(sources, url=url)
        with pipeline.extractor(settings.extract) as extractor:  # it starts while the model is loaded
            from gazetteer import show

            rules = _rules(settings)
            with show.digests(as_json=as_json, html=html, untagged=_untagged(settings, rules)) as shown:
                annotator = _annotator(settings, rules)
                captures = _captures(sources, settings, url=url, shown=shown)
                batch = 1 if any(map(is_address, sources)) else pipeline.BATCH
                for each in pipeline.run(captures, extract=extractor, annotator=annotator, batch=batch):
                    shown.show(each)
    sys.exit(status(done=shown.done, failed=shown.failed))


@cli.command()
@_SOURCES
@_JSON
@_URL
@_ALLOW
@_TIMEOUT
@CONFIG
def extract(
    sources: tuple[str, ...],
    *,
    as_json: bool,
    url: str | None,
    allow_host: tuple[str, ...],
    timeout: float | None,
    config: str | None,
) -> None:
    """Extract articles from pages: what the publisher said, and nothing read in it."""
    with told():
        from gazetteer import pipeline

        settings = configured(config, allow_host=allow_host, timeout=timeout)
        _check_sources(sources, url=url)
        with pipeline.extractor(settings.extract) as extractor:
            from gazetteer import show

            with show.articles(as_json=as_json) as shown:
                captures = _captures(sources, settings, url=url, shown=shown)
                for each in pipeline.articles(captures, extract=extractor):
                    shown.show(each)
    sys.exit(status(done=shown.done, failed=shown.failed))


@cli.command()
@click.option("--json", is_flag=True, expose_value=False, help="JSON lines, which there are with and without it.")
@_TAGS
@_SUMMARY
@_THREADS
@CONFIG
def annotate(*, tags: str | None, summary: "SummarySettings | None", threads: int | None, config: str | None) -> None:
    """Annotate texts: JSON lines from standard input to JSON lines, each answered in its place."""
    with told():
        from gazetteer import lines, pipeline

        settings = configured(config, tags=tags, summary=summary, threads=threads)
        annotator = _annotator(settings, _rules(settings))
        done, failed = 0, 0
        stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
        for batch in lines.batches(stdin):
            found = pipeline.annotated(
                [request.article for request in batch],
                annotator=annotator,
                targets=[request.targets or () for request in batch],
            )
            for request, result in zip(batch, found, strict=True):
                line = lines.answer(request, result)
                failed += "error" in line
                done += "error" not in line
                stdout.write(lines.written(line))
            stdout.flush()
    sys.exit(status(done=done, failed=failed))


@cli.command()
@click.option("--json", is_flag=True, expose_value=False, help="JSON lines, which there are with and without it.")
@_THREADS
@CONFIG
def cluster(*, threads: int | None, config: str | None) -> None:
    """Gather articles into stories, each the articles of one event: JSON lines from standard input to JSON lines.

    Each line is answered in its place, once all have been read.
    """
    with told():
        from gazetteer import clustering, show

        settings = configured(config, threads=threads)
        annotator = _annotator(settings, _rules(settings))
        done, failed = 0, 0
        with show.stories() as shown:
            for line in clustering.answers(sys.stdin.buffer, annotator=annotator, reading=shown.reading):
                shown.show(line)
                failed += "error" in line
                done += "error" not in line
    sys.exit(status(done=done, failed=failed))


@cli.command()
@_SOURCES
@_JSON
@click.option("--only-new", is_flag=True, help="Do not fetch addresses that the archive has.")
@_TAGS
@_URL
@_ALLOW
@_THREADS
@_TIMEOUT
@ARCHIVE
@CONFIG
def add(
    sources: tuple[str, ...],
    *,
    as_json: bool,
    only_new: bool,
    tags: str | None,
    url: str | None,
    allow_host: tuple[str, ...],
    threads: int | None,
    timeout: float | None,
    place: str | None,
    config: str | None,
) -> None:
    """Digest pages and keep them in the archive; follow feeds.

    A SOURCE that is a feed, a list of feeds (OPML), or the front page of a site that names a feed, is followed, and
    gazetteer update fetches what it brings. Each page is on the disk when it is reported. Begun again, it passes over
    the pages that are kept.
    """
    with told():
        from gazetteer import keeping, pipeline
        from gazetteer.intake.sources import is_address

        settings = configured(config, tags=tags, allow_host=allow_host, threads=threads, timeout=timeout)
        _check_sources(sources, url=url)
        with opened(settings, place, create=True) as archive, pipeline.extractor(settings.extract) as extractor:
            from gazetteer import show

            rules = keeping.tag_rules(archive, _rules(settings))
            with show.kept(as_json=as_json) as shown:
                annotator = _annotator(settings, rules)
                if only_new:
                    sources = tuple(keeping.new(archive, sources, shown))
                given = _captures(sources, settings, url=url, shown=shown, archive=archive)
                captures = keeping.following(archive, given, shown.show)
                batch = 1 if any(map(is_address, sources)) else pipeline.BATCH
                reader = keeping.reader(annotator.model, rules)
                run = keeping.add(archive, captures, extract=extractor, annotator=annotator, reader=reader, batch=batch)
                with _stopped(shown):
                    for each in run:
                        shown.show(each)
    sys.exit(status(done=shown.done, failed=shown.failed))


@cli.command()
@click.option("--watch", is_flag=True, help="Go on, until it is stopped.")
@click.option("--metrics", metavar="HOST:PORT", help="Tell Prometheus there how it fares, whoever asks.")
@_TAGS
@_ALLOW
@_THREADS
@_TIMEOUT
@ARCHIVE
@CONFIG
def update(
    *,
    watch: bool,
    metrics: str | None,
    tags: str | None,
    allow_host: tuple[str, ...],
    threads: int | None,
    timeout: float | None,
    place: str | None,
    config: str | None,
) -> None:
    """Poll the feeds that are due, and keep the articles of their new entries.

    What happens is told in words where somebody watches, else as JSON lines.
    """
    from gazetteer import logs

    with logs.logged():
        settings = configured(config, tags=tags, allow_host=allow_host, threads=threads, timeout=timeout)
        sys.exit(live.update(settings, place, watch=watch, metrics=metrics))


@cli.command()
@click.option("--host", metavar="HOST", help="The address to listen at; 127.0.0.1, this machine alone, by itself.")
@click.option("--port", type=click.IntRange(0, 65_535), metavar="N", help="The port; 8000 by itself, 0 for a free one.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, metavar="N", help="So many processes; 1 by itself.")
@click.option("--update", is_flag=True, help="Follow the feeds beside, as gazetteer update --watch does.")
@_TAGS
@_ALLOW
@_THREADS
@_TIMEOUT
@ARCHIVE
@CONFIG
def serve(
    *,
    host: str | None,
    port: int | None,
    workers: int,
    update: bool,
    tags: str | None,
    allow_host: tuple[str, ...],
    threads: int | None,
    timeout: float | None,
    place: str | None,
    config: str | None,
) -> None:
    """Show the archive as a site, until it is stopped."""
    from gazetteer import logs

    with logs.logged(), counting() as counts:
        from gazetteer import serving

        settings = configured(config, tags=tags, allow_host=allow_host, threads=threads, timeout=timeout)
        site = settings.site
        site = replace(site, host=host or site.host, port=site.port if port is None else port)
        with opened(settings, place, create=True) as archive:
            url, secret = archive.url, archive.secret()
        serving.serve(
            replace(settings, site=site),
            url,
            secret=secret,
            annotator=lambda rules: _annotator(settings, rules),
            workers=workers,
            update=update,
            counts=counts,
            tell=logs.tell,
        )


@cli.command()
@click.argument("query")
@_JSON
@click.option("--newest", is_flag=True, help="The newest first, not what fits best.")
@click.option("--limit", type=click.IntRange(min=1), default=20, metavar="N", help="At most so many; 20 by itself.")
@ARCHIVE
@CONFIG
def search(query: str, *, as_json: bool, newest: bool, limit: int, place: str | None, config: str | None) -> None:
    """Search the archive: words, "phrases", -not, OR, (), title: author: publisher: entity: tag: lang: tone: after:
    before:.
    """
    with told():
        from gazetteer import keeping

        with opened(configured(config), place) as archive:
            keeping.search(archive, query, newest=newest, limit=limit, as_json=as_json)


@cli.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(["jsonl", "csv", "parquet"]))
@click.option(
    "--table", type=click.Choice(["articles", "mentions", "tone"]), help="A flat table; without it, jsonl writes all."
)
@click.option("--output", metavar="FILE", help="Write to this file, which parquet needs; else to standard output.")
@ARCHIVE
@CONFIG
def export(form: str, *, table: str | None, output: str | None, place: str | None, config: str | None) -> None:
    """Write the archive for other programs: all of it as jsonl, or a table as jsonl, csv or parquet."""
    with told():
        from gazetteer import exports

        if form == "parquet" and output is None:
            raise click.UsageError("parquet is written to a file: give --output FILE")
        with opened(configured(config), place) as archive:
            exports.write(archive, form, table=table, output=output)


@cli.command("import")
@click.argument("file", metavar="FILE")
@ARCHIVE
@CONFIG
def import_(file: str, *, place: str | None, config: str | None) -> None:
    """Take in what `gazetteer export jsonl` wrote, from a file or -; or the folder of `gazetteer process`."""
    with told():
        from gazetteer import exports

        with opened(configured(config), place, create=True) as archive:
            is_folder = "://" in file or Path(file).is_dir()
            done, failed = exports.read_tables(archive, file) if is_folder else exports.read(archive, file)
    sys.exit(status(done=done, failed=failed))


@cli.command()
@_TAGS
@_THREADS
@ARCHIVE
@CONFIG
def reannotate(*, tags: str | None, threads: int | None, place: str | None, config: str | None) -> None:
    """Read again what another model, or with other rules, was read in the archive. Begun again, it goes on."""
    with told():
        from gazetteer import keeping, show

        settings = configured(config, tags=tags, threads=threads)
        with opened(settings, place) as archive, show.kept(as_json=False) as shown:
            rules = keeping.tag_rules(archive, _rules(settings))
            annotator = _annotator(settings, rules)
            run = keeping.reannotate(archive, annotator=annotator, reader=keeping.reader(annotator.model, rules))
            with _stopped(shown):
                for each in run:
                    shown.show(each)
    sys.exit(status(done=shown.done, failed=shown.failed))


@cli.command()
@click.argument("file", metavar="FILE")
@ARCHIVE
@CONFIG
def backup(file: str, *, place: str | None, config: str | None) -> None:
    """Write all of the archive to a new file, while it is in use: an archive itself."""
    with told(), opened(configured(config), place) as archive:
        archive.backup(Path(file))


@cli.command()
@click.argument("file", metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@ARCHIVE
@CONFIG
def restore(file: str, *, yes: bool, place: str | None, config: str | None) -> None:
    """Put what a backup holds in the place of all that the archive holds, while it is in use."""
    with told(), opened(configured(config), place, create=True) as archive:
        held = archive.status().articles
        if held and not yes:
            click.confirm(f"The backup's articles replace {held} in the archive. Go on?", abort=True, err=True)
        archive.restore(Path(file))


@cli.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC); the last 24 hours by itself.")
@click.option(
    "--format", "form", type=click.Choice(["md", "html", "json", "email"]), default="md", help="md by itself."
)
@click.option("--limit", type=click.IntRange(1, 100), default=20, metavar="N", help="At most so many; 20 by itself.")
@click.option("--send", is_flag=True, help="Send it by mail, as [mail] of the settings says.")
@ARCHIVE
@CONFIG
def edition(
    *, day: "datetime | None", form: str, limit: int, send: bool, place: str | None, config: str | None
) -> None:
    """Write the stories of a day: those that most outlets tell independently first."""
    with told():
        from gazetteer import editions

        settings = configured(config)
        with opened(settings, place) as archive:
            asked = None if day is None else day.date()
            editions.write(archive, settings, day=asked, form=form, limit=limit, send=send)


@cli.command()
@click.option("--days", type=click.IntRange(1, 366), default=3, metavar="N", help="Of so many last days; 3 by itself.")
@ARCHIVE
@CONFIG
def gather(*, days: int, place: str | None, config: str | None) -> None:
    """Gather the articles of the last days into stories anew, all at once, which is surer than one by one."""
    with told():
        from datetime import UTC, datetime

        from gazetteer import gathering

        with opened(configured(config), place) as archive:
            new = sum(1 for _ in gathering.gather_all(archive))
            count, moved = gathering.gather_latest(archive, now=datetime.now(UTC), days=days)
        click.echo(f"gazetteer: {count:,} articles, {new:,} of which were in no story; {moved:,} moved", err=True)


@cli.command()
@ARCHIVE
@CONFIG
def notify(*, place: str | None, config: str | None) -> None:
    """Tell of new articles of what you follow, by webhook and by mail, as [notices] of the settings says."""
    with told():
        from datetime import UTC, datetime

        from gazetteer import notices

        settings = configured(config)
        with opened(settings, place) as archive:
            count = notices.run(archive, settings, now=datetime.now(UTC))
        click.echo(f"gazetteer: told of {count} new article{'' if count == 1 else 's'}", err=True)


@cli.command("status")
@ARCHIVE
@CONFIG
def status_(*, place: str | None, config: str | None) -> None:
    """Tell what the archive holds, and where it is."""
    with told():
        from gazetteer import keeping

        with opened(configured(config), place) as archive:
            retried, failed = (ask(limit=keeping.TOLD) for ask in (archive.retried_entries, archive.failed_entries))
            keeping.tell(archive.status(), retried=retried, failed=failed)


@cli.command()
@_JSON
@click.option("--online", metavar="URL", help="Fetch this address too; without it, nothing is asked of the network.")
@_ALLOW
@ARCHIVE
@CONFIG
def doctor(
    *, as_json: bool, online: str | None, allow_host: tuple[str, ...], place: str | None, config: str | None
) -> None:
    """Check the installation, the settings and the archive, and say what to do; nothing is changed.

    Exit status 1 where something is an error, 0 where there are warnings at most.
    """
    from gazetteer import doctor as doctor_

    is_well = doctor_.tell(doctor_.run(config, place, allow_host=allow_host, online=online), as_json=as_json)
    sys.exit(0 if is_well else 1)


cli.add_command(user)
cli.add_command(token)
cli.add_command(process)
cli.add_command(live.feeds)


def _checked_seconds(seconds: float | None) -> float | None:
    if seconds is not None:
        from gazetteer.config import TIMEOUT

        least, most = TIMEOUT
        if not least <= seconds <= most:
            raise click.BadParameter(f"it must be from {least} to {most}")
    return seconds


def _checked_length(length: str | None) -> "SummarySettings | None":
    if length is None:
        return None
    from gazetteer.config import MOST, SHARE, SummarySettings

    number = length.removesuffix("%")
    try:
        if number != length and SHARE[0] <= (share := float(number) / 100) <= SHARE[1]:
            return SummarySettings(share=share)
        if number == length and 0 < (sentences := int(number)) <= MOST:
            return SummarySettings(sentences=sentences)
    except ValueError:
        pass
    raise click.BadParameter("it must be a number of sentences from 1, as in 5, or a share of 0.1% to 100%, as in 10%")


def status(*, done: int, failed: int) -> int:
    """Give the exit status: 0 all done, 1 something failed, 2 nothing could be done."""
    if not failed:
        return 0
    return 1 if done else 2


def main() -> None:
    """Run the command line, whatever encoding the terminal speaks, and tell where its output cannot be written."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        click.echo("gazetteer: a standard stream is closed; lead it to /dev/null", err=True)
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name="gazetteer")
    except OSError as error:
        click.echo(f"gazetteer: stopped: {error.strerror or error}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still held cannot be written either
        sys.exit(1)


@contextmanager
def _stopped(shown: "Show[Added | Followed]") -> Iterator[None]:
    """Tell of an error that stops what is going on; what was done before stays done."""
    try:
        yield
    except GazetteerError as error:
        shown.rest()
        tell(error)
        sys.exit(1 if shown.done else 2)


def _check_sources(sources: tuple[str, ...], *, url: str | None) -> None:
    from gazetteer.intake.files import is_folder
    from gazetteer.intake.sources import is_address
    from gazetteer.view import printable, safe_link

    if sources.count("-") > 1:
        raise click.UsageError("standard input can be read once: give - once")
    if url is not None and safe_link(url) is None:
        raise click.UsageError(f"--url {printable(url)}: give an http:// or https:// address without a user's name")
    if url is not None and (len(sources) > 1 or is_address(sources[0]) or is_folder(sources[0])):
        raise click.UsageError("--url tells the address of one page: give a single file, or -")


def _rules(settings: "Config") -> "TagRules":
    from gazetteer.annotate import tags

    return tags.load(Path(settings.annotate.tags)) if settings.annotate.tags else tags.NO_RULES


def _untagged(settings: "Config", rules: "TagRules") -> str | None:
    """Why nothing can be tagged, where there are no rules."""
    if rules.rules:
        return None
    if settings.annotate.tags:
        return f"The file {settings.annotate.tags} holds no rules."
    return "No rules were given: write yours into a file, and name it with --tags FILE."


def _annotator(settings: "Config", rules: "TagRules") -> "Annotator":
    from gazetteer import annotators

    return annotators.in_threads(settings, rules)


def _captures(
    sources: tuple[str, ...],
    settings: "Config",
    *,
    url: str | None,
    shown: "Show[Article] | Show[Digest] | Show[Added | Followed]",
    archive: "Archive | None" = None,
) -> "Iterator[Capture | Failure]":
    """Take the sources in, and tell a person who watches which is being read.

    Hosts are shared with all else that fetches for an archive.
    """
    from gazetteer.intake import sources as intake

    fetch = None
    if any(map(intake.is_address, sources)):
        from gazetteer.intake import EITHER
        from gazetteer.intake.http import Fetcher

        shared = None if archive is None else live.Hosts(archive)
        fetch = partial(Fetcher(settings.intake, shared=shared).fetch, sort=EITHER)
    found = intake.read(
        sources,
        fetch=fetch,
        max_bytes=settings.intake.max_bytes,
        stdin=sys.stdin.buffer,
        url=url,
    )
    for capture in found:
        shown.reading(capture.source)
        yield capture
