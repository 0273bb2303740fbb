"""What docs/api.md says that can be typed does what it says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import papers
import pytest

from gazetteer.archive import Archive
from gazetteer.archive.values import Outcome, Saved
from gazetteer.types import Capture

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


CURL = [block for block in blocks("sh") if "curl" in block]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with papers.opened(tmp_path_factory.mktemp("examples"), 45) as archive:
        yield archive


@pytest.fixture(scope="module")
def environment(archive: Archive) -> dict[str, str]:
    return os.environ | {"TOKEN": archive.put_token("examples", may_add=True)}


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    def take(_: str | Capture) -> Saved:
        return Saved(id=archive.browse().rows[0].id, outcome=Outcome.KNOWN)

    with papers.served(papers.site(archive, take=take)) as address:
        yield address


def told(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout


@pytest.mark.parametrize("block", blocks("python"))
def test_python(block: str, address: str, environment: dict[str, str], tmp_path: Path) -> None:
    assert ADDRESS in block
    words = told([sys.executable, "-c", block.replace(ADDRESS, address)], tmp_path, environment)
    assert words.count("Article") == (45 if "page.links" in block else 1)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
@pytest.mark.parametrize("block", CURL)
def test_curl(block: str, address: str, environment: dict[str, str], tmp_path: Path) -> None:
    assert ADDRESS in block
    words = told(["sh", "-euc", block.replace(ADDRESS, address)], tmp_path, environment)
    assert '"rows":' in words or words == "304\n" or words.startswith("HTTP/1.1 200 OK")


def test_answers_are_such_as_come(archive: Archive) -> None:
    article, problem = map(json.loads, blocks("json"))
    asked = papers.client(papers.site(archive))
    came = asked.get("/api/v1/articles?limit=1").json()
    assert article.keys() == came.keys()
    assert article["rows"][0].keys() == came["rows"][0].keys()
    assert problem == asked.get("/api/v1/search?q=(").json()
    assert asked.get("/api/v1/articles?limt=1").status_code == 422
