"""What is in `deploy/` fits what it deploys: paths, settings, commands, pins, and a package made of what is copied."""

import configparser
import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from gazetteer import config, doctor
from gazetteer.cli import cli

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
UNREAD = ("PATH", "PYTHON", "PG", "POSTGRES_", "XDG_")
"""How the names begin of variables that others than `config` read."""


class Unit(configparser.ConfigParser):
    """A unit of systemd, in whose names capitals count."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def instructions() -> list[tuple[str, str]]:
    """Give the instructions of the Dockerfile, each in a line, with what they say."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def said(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


def copied() -> Iterator[str]:
    """Give the paths of the project that an image is made of."""
    for rest in said("COPY"):
        if not rest.startswith("--from"):
            yield from rest.split()[:-1]


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return found


def unit() -> configparser.SectionProxy:
    parser = Unit(strict=False, interpolation=None)
    parser.read(DEPLOY / "gazetteer.service")
    return parser["Service"]


def parsed(words: list[str]) -> click.Context:
    """Have the command line read a command, and do nothing."""
    above = click.Context(cli)
    name, command, rest = cli.resolve_command(above, list(words))
    assert command is not None
    return command.make_context(name, rest, parent=above)


def settings(variables: dict[str, str]) -> config.Config:
    """Read settings from variables, each of which somebody reads."""
    ours = {name: value for name, value in variables.items() if name.startswith(config.PREFIX)}
    assert [name for name in variables if name not in ours and not name.startswith(UNREAD)] == []
    return config.load(environment={"HOME": "/nowhere", **ours})


def test_what_an_image_is_made_of_is_there_and_is_not_ignored() -> None:
    let_in = [line.removeprefix("!") for line in IGNORED if line.startswith("!")]
    assert len(list(copied())) > 5
    for path in copied():
        assert (ROOT / path).exists(), path
        assert any(fnmatch.fnmatch(path, each) for each in let_in), path
    assert all(list(ROOT.glob(each)) for each in let_in)


def test_an_image_holds_the_package_with_its_model(tmp_path: Path) -> None:
    for path in copied():
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (tmp_path / path).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").iterdir()
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("gazetteer-")}
    source = ROOT / "src"
    files = {path.relative_to(source).as_posix() for path in (source / "gazetteer").rglob("*") if path.is_file()}
    assert held == {name for name in files if "__pycache__" not in name} | {doctor.PINNED}


def test_an_image_is_installed_by_hash_and_runs_as_nobody_much() -> None:
    installs = re.findall(r"pip install ([^&]+)", " ".join(said("RUN")))
    assert len(installs) == 4
    for each in installs:
        assert "--require-hashes --requirement requirements/" in each or "--no-index" in each
    assert said("USER") == ["gazetteer"]
    assert said("VOLUME") == ["/data"]
    assert {rest.split()[0] for rest in said("FROM")} == {"python:3.11-slim-bookworm"}


def test_an_image_begins_with_a_command_and_asks_what_the_site_answers() -> None:
    entry, command = (json.loads(said(word)[0]) for word in ("ENTRYPOINT", "CMD"))
    assert entry == ["gazetteer"]
    assert parsed(command).params["update"] is True
    (environment,) = said("ENV")
    read = settings(dict(pair.split("=", 1) for pair in environment.split()))
    assert read.archive.url == "/data/archive.sqlite"
    (check,) = said("HEALTHCHECK")
    words = json.loads(check.partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "the health check", "exec")
    assert f"'http://127.0.0.1:{read.site.port}/healthz'" in words[2]
    assert said("EXPOSE") == [str(read.site.port)]


@pytest.mark.parametrize("name", ["site", "updater"])
def test_what_compose_starts_is_a_command_with_settings_that_exist(name: str) -> None:
    service = services()[name]
    context = parsed(service["command"])
    assert context.info_name == {"site": "serve", "updater": "update"}[name]
    assert context.params.get("watch", True)
    if context.params.get("metrics"):
        assert (
            f"'http://127.0.0.1:{context.params['metrics'].rpartition(':')[2]}/metrics'"
            in service["healthcheck"]["test"][-1]
        )
    read = settings(service["environment"])
    assert read.archive.url == "postgresql://gazetteer@database/gazetteer"
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert set(service["depends_on"]) <= set(services())
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_compose_lets_this_machine_alone_reach_the_site() -> None:
    ports = [each for service in services().values() for each in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    database = services()["database"]["environment"]
    assert (database["POSTGRES_USER"], database["POSTGRES_DB"]) == ("gazetteer", "gazetteer")


def test_the_unit_starts_a_command_with_what_it_may_write() -> None:
    program, *words = shlex.split(unit()["ExecStart"])
    assert Path(program).name == "gazetteer"
    context = parsed(words)
    assert context.info_name == "serve"
    assert context.params["update"] is True
    variables = dict(pair.split("=", 1) for pair in shlex.split(unit()["Environment"]))
    settings(variables)
    placed = {name: value.replace("%S", "/var/lib").replace("%E", "/etc") for name, value in variables.items()}
    kept = config.archive_url(config.Config(), environment=placed)
    assert kept == f"/var/lib/{unit()['StateDirectory']}/archive.sqlite"
    assert unit()["DynamicUser"] == "yes"
    assert unit()["ProtectSystem"] == "strict"


def test_the_driver_of_postgresql_is_pinned_as_in_the_other_sets() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("postgresql.txt") <= pins("dev.txt")
    assert {each.partition("==")[0] for each in pins("postgresql.txt")} >= {"psycopg", "psycopg-binary"}
    assert "postgresql" in (ROOT / "requirements" / "lock.sh").read_text()
