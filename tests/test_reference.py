"""What the reference says exists, and what exists it says."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import digests
import pytest

from gazetteer import wire
from gazetteer.archive.values import Card, Hit, Outcome, Piece, Saved
from gazetteer.cli import cli
from gazetteer.config import PREFIX, Config
from gazetteer.keeping import Added
from gazetteer.types import Access

AT = datetime(2023, 1, 1, tzinfo=UTC)

TEXT = (Path(__file__).parent.parent / "docs" / "reference.md").read_text()
SETTINGS = [
    (section.name, field) for section in dataclasses.fields(Config) for field in dataclasses.fields(section.type)
]


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command with its words, those of groups too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(cli))


def section(heading: str) -> str:
    """Give the part of the reference under a heading, up to the next of the same level."""
    level = heading.split(maxsplit=1)[0]
    return TEXT.split(f"\n{heading}", 1)[1].split(f"\n{level} ", 1)[0]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    words = section(f"### `gazetteer {name} ")
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert all(f"`{option}" in words for option in parameter.opts)


def test_every_option_that_is_documented_exists() -> None:
    options = {option for command in COMMANDS.values() for each in command.params for option in each.opts}
    documented = set(re.findall(r"`(--[a-z-]+)", TEXT))
    assert documented <= options | {"--help", "--version"}
    assert set(re.findall(r"^### `gazetteer ([a-z]+(?: [a-z]+)*) ", TEXT, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize(("name", "field"), SETTINGS, ids=[f"{name}.{field.name}" for name, field in SETTINGS])
def test_every_setting_is_documented_with_its_default(name: str, field: dataclasses.Field) -> None:
    row = re.search(rf"^\| `\[{name}\]` \| `{field.name}` \| ([^|]+) \|", TEXT, re.MULTILINE)
    assert row is not None
    told = row[1].strip("`")
    if field.default is dataclasses.MISSING:
        assert told == "none"
    elif isinstance(field.default, bool):
        assert told == str(field.default).lower()
    elif isinstance(field.default, int | float):
        assert float(told) == field.default
    elif isinstance(field.default, str) and field.default:
        assert told == field.default
    else:
        assert told == {"()": "[]", "None": told, "": "none"}[str(field.default)]


def test_every_setting_that_is_documented_exists() -> None:
    documented = re.findall(r"^\| `\[(\w+)\]` \| `(\w+)` \|", TEXT, re.MULTILINE)
    assert documented == [(name, field.name) for name, field in SETTINGS]
    variables = {f"{PREFIX}{name}_{field.name}".upper() for name, field in SETTINGS} | {f"{PREFIX}CONFIG"}
    assert set(re.findall(rf"{PREFIX}\w+", TEXT)) <= variables


def words(value: object) -> set[str]:
    """Give every word of a line, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(words, value.values()))
    return set().union(*map(words, value)) if isinstance(value, list) else set()


def test_every_word_of_json_is_documented() -> None:
    lines = [wire.digest_line(digests.digest()), wire.digest_line(digests.digest(abstained="too little is charged"))]
    card = Card(
        id=1,
        headline="a",
        link=None,
        publisher=None,
        published_at=None,
        kept_at=AT,
        changed_at=AT,
        version=1,
        language="en",
        access=Access.FREE,
        tone=None,
        lead="",
        names=(),
    )
    lines.append(wire.hit_line(Hit(card=card, headline=(), snippet=(Piece(words="a"),))))
    saved = Saved(id=1, outcome=Outcome.KEPT)
    lines.append(wire.added_line(Added(source="a", saved=saved, headline=None)))
    lines.append({"id": 1, "error": "none", "targets": [{"start": 0, "end": 1}]})
    assert words(lines) <= set(re.findall(r"`(\w+)`", section("## JSON lines")))
