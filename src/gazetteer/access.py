"""The commands that say who may sign in to a site, and which programs may ask its API."""

import sys

import click

from gazetteer.invocation import ARCHIVE, CONFIG, configured, opened, told

_LONGEST_LINE = 100_000  # bytes
_NAME = click.argument("name", metavar="NAME")


@click.group()
def user() -> None:
    """Say who may sign in to the site."""


@user.command("add")
@_NAME
@click.option("--stdin", is_flag=True, help="Read the password from the first line of standard input.")
@ARCHIVE
@CONFIG
def add_user(name: str, *, stdin: bool, place: str | None, config: str | None) -> None:
    """Let somebody sign in with a password, which is asked for; or change theirs."""
    with told(), opened(configured(config), place, create=True) as archive:
        archive.put_user(name, _line() if stdin else _asked())
        click.echo(f"{_shown(name)} may sign in with this password", err=True)


@user.command("remove")
@_NAME
@ARCHIVE
@CONFIG
def remove_user(name: str, *, place: str | None, config: str | None) -> None:
    """Remove a user; their sessions and marks go with them, their reviews stay."""
    with told(), opened(configured(config), place) as archive:
        _ended("user", name, was_there=archive.remove_user(name))


@user.command("list")
@ARCHIVE
@CONFIG
def list_users(*, place: str | None, config: str | None) -> None:
    """List who may sign in, and since when."""
    with told(), opened(configured(config), place) as archive:
        from gazetteer.view import moment

        for each in archive.users():
            click.echo(f"{_shown(each.name)}: made {moment(each.made_at)}")


@click.group()
def token() -> None:
    """Say which programs may ask the API of the site."""


@token.command("add")
@_NAME
@click.option("--may-add", is_flag=True, help="Let the program add articles too.")
@ARCHIVE
@CONFIG
def add_token(name: str, *, may_add: bool, place: str | None, config: str | None) -> None:
    """Make a token and print its secret, this once; one of the same name is replaced."""
    with told(), opened(configured(config), place, create=True) as archive:
        click.echo(archive.put_token(name, may_add=may_add))
        click.echo("this is shown once, and not kept", err=True)


@token.command("remove")
@_NAME
@ARCHIVE
@CONFIG
def remove_token(name: str, *, place: str | None, config: str | None) -> None:
    """Remove a token: its secret is good for nothing then."""
    with told(), opened(configured(config), place) as archive:
        _ended("token", name, was_there=archive.remove_token(name))


@token.command("list")
@ARCHIVE
@CONFIG
def list_tokens(*, place: str | None, config: str | None) -> None:
    """List the tokens, what they may do, and when they were used."""
    with told(), opened(configured(config), place) as archive:
        from gazetteer.view import moment

        for each in archive.tokens():
            may = "read and add" if each.may_add else "read"
            used = f"used {moment(each.used_at)}" if each.used_at else "never used"
            click.echo(f"{_shown(each.name)}: may {may}, made {moment(each.made_at)}, {used}")


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True))


def _line() -> str:
    """Give the first line of standard input, without its end."""
    try:
        line = sys.stdin.buffer.readline(_LONGEST_LINE).decode()
    except UnicodeDecodeError as error:
        raise click.UsageError("the password on standard input is not UTF-8") from error
    return line.removesuffix("\n").removesuffix("\r")


def _ended(what: str, name: str, *, was_there: bool) -> None:
    if not was_there:
        click.echo(f"gazetteer: there is no {what} {_shown(name)}", err=True)
        sys.exit(2)


def _shown(name: str) -> str:
    from gazetteer.view import printable

    return " ".join(printable(name).split())
