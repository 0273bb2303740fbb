"""Where the command line's results go, one by one as they come: the terminal, JSON lines, or one HTML page."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import click

from gazetteer import lines, wire
from gazetteer.types import Article, Digest, Failure
from gazetteer.view import printable

if TYPE_CHECKING:
    from rich.status import Status

    from gazetteer.keeping import Added, Followed

Result = TypeVar("Result")


class Show(Generic[Result]):
    """Shows results, and counts what was `done` and what `failed`.

    `line` turns a result into the words of its JSON line, `put` shows it in any other way. Failures are told in their
    place where lines are written, else on standard error; there a person who watches also sees what is being read.
    """

    def __init__(
        self,
        *,
        line: Callable[[Result], dict[str, object]] | None,
        put: Callable[[Result | Failure], None] | None = None,
    ) -> None:
        self.done = 0
        self.failed = 0
        self._taken = 0
        self._line: Callable[[Result], dict[str, object]] | None = line
        self._put: Callable[[Result | Failure], None] | None = put
        watched = sys.stderr.isatty() and not (line is not None and sys.stdout.isatty())
        self._status = _status() if watched else None

    def reading(self, source: str) -> None:
        """Tell a person who watches what is read now."""
        self._taken += 1
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(f"{self._taken}  {_safe(source)}"))
            self._status.start()

    def show(self, result: Result | Failure) -> None:
        """Show one result."""
        self.rest()
        if isinstance(result, Failure):
            self.failed += 1
            self._tell(result)
        else:
            self.done += 1
            if self._line is not None:
                _write_line(self._line(result))
        if self._put is not None:
            self._put(result)

    def rest(self) -> None:
        """Take down what only a person who watches sees."""
        if self._status is not None:
            self._status.stop()

    def _tell(self, failure: Failure) -> None:
        if self._line is not None:
            _write_line({"source": failure.source, "error": failure.reason})
        else:
            click.echo(f"gazetteer: {_safe(failure.source)}: {_safe(failure.reason)}", err=True)


def _status() -> "Status":
    from rich.console import Console
    from rich.status import Status

    return Status("", console=Console(stderr=True))


@contextmanager
def digests(*, as_json: bool, html: str | None, untagged: str | None = None) -> Iterator[Show[Digest]]:
    """Show digests as lines, as one page that is written at the end, or else in the terminal.

    `untagged` says why no digest has tags, where there are no rules.
    """
    page = None if html is None else Path(os.path.realpath(html))
    if page is not None:
        _check_page(page)
    kept: list[Digest | Failure] = []
    show = Show(line=wire.digest_line if as_json else None, put=kept.append if page else None)
    if page is None and not as_json:
        show = Show(line=None, put=_printer(untagged))
    try:
        yield show
    finally:
        show.rest()
    if page is not None and show.done:
        _write_page(page, kept, untagged=untagged)
        click.echo(
            f"gazetteer: wrote {html}: {_count(show.done, 'digest')}, {_count(show.failed, 'failure')}", err=True
        )


@contextmanager
def articles(*, as_json: bool) -> Iterator[Show[Article]]:
    """Show articles as lines, or as plain text."""
    show = Show(line=wire.article_line if as_json else None, put=None if as_json else _print_article)
    try:
        yield show
    finally:
        show.rest()


@contextmanager
def stories() -> Iterator[Show[dict[str, object]]]:
    """Show the story of each article as lines, of those that have none too."""
    show: Show[dict[str, object]] = Show(line=dict)
    try:
        yield show
    finally:
        show.rest()


@contextmanager
def kept(*, as_json: bool) -> "Iterator[Show[Added | Followed]]":
    """Show what was added to the archive as lines, or in words."""
    show: Show[Added | Followed] = Show(
        line=wire.added_line if as_json else None, put=None if as_json else _print_added
    )
    try:
        yield show
    finally:
        show.rest()


def _print_added(added: "Added | Followed | Failure") -> None:
    from gazetteer.keeping import Added, Followed

    if isinstance(added, Followed):
        words = f"{added.title}  {added.url}" if added.title else added.url
        click.echo(f"{'followed' if added.is_new else 'known':10}  {'feed ' + str(added.feed):<16}  {_safe(words)}")
    elif isinstance(added, Added):
        words = added.headline or added.source
        click.echo(f"{added.saved.outcome:10}  {added.saved.id:<16}  {_safe(words)}")


def _printer(untagged: str | None) -> Callable[[Digest | Failure], None]:
    from rich.console import Console

    from gazetteer.terminal import print_digest

    console = Console()

    def put(result: Digest | Failure) -> None:
        if isinstance(result, Digest):
            print_digest(console, result, untagged=untagged)

    return put


def _print_article(article: Article | Failure) -> None:
    if isinstance(article, Article):
        head = (article.headline, article.byline or ", ".join(article.authors), article.link or article.source)
        words = "\n".join(filter(None, map(_safe, head)))
        click.echo(f"{words}\n\n{printable(article.text)}\n")


def _safe(words: str) -> str:
    """Write words in one line that no terminal acts on."""
    return " ".join(printable(words).split())


def _write_line(line: dict[str, object]) -> None:
    stdout = sys.stdout.buffer
    stdout.write(lines.written(line))
    stdout.flush()


def _check_page(path: Path) -> None:
    """Refuse what can't be written before the work is done, not after."""
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise click.UsageError(f"--html {path}: {path.parent} is no folder that you may write into; make it first")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise click.UsageError(f"--html {path}: it cannot be written: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise click.UsageError(f"--html {path}: it is a folder, device or pipe; give the name of a file")


def _write_page(path: Path, kept: list[Digest | Failure], *, untagged: str | None) -> None:
    """Write the page whole or not at all."""
    from gazetteer.web.pages import render

    digests = [each for each in kept if isinstance(each, Digest)]
    failures = [each for each in kept if isinstance(each, Failure)]
    page = render(digests, failures=failures, untagged=untagged)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(page.encode("utf-8", "replace"))
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise click.UsageError(f"--html {path}: it cannot be written: {error.strerror}") from error


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
