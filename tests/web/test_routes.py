"""The reference names every path of the site, and no other."""

import re
from pathlib import Path

import pytest
from papers import client, opened, site
from starlette.routing import Route

from gazetteer.web.api.access import ADDING, PROGRAMS, STRANGERS
from gazetteer.web.api.asked import GREATEST
from gazetteer.web.api.posting import LARGEST
from gazetteer.web.templating import KEYS

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text()
API = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
SENT = {"html", "how"}
"""Words that are only ever sent."""


def section(text: str, heading: str) -> str:
    """Give what stands under a heading."""
    return text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


SITE = section(REFERENCE, "## The site")


def test_every_path_is_documented_and_every_path_that_is_documented_exists(tmp_path: Path) -> None:
    documented = re.findall(r"^\| `((?:GET|POST|DELETE) /[^`]*)` \|", SITE, re.MULTILINE)
    assert len(documented) == len(set(documented))
    with opened(tmp_path) as archive:
        routes = [route for route in site(archive).routes if isinstance(route, Route)]
    there = {
        f"{method} {re.sub(r':[a-z]+}', '}', route.path)}"
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert set(documented) == there


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the API says of itself."""
    with opened(tmp_path_factory.mktemp("described")) as archive:
        return client(site(archive)).get("/api/v1/openapi.json").json()


def test_every_path_of_the_api_is_documented_with_what_it_is_asked_with_and_no_other(described: dict) -> None:
    rows = re.findall(r"^\| `((?:GET|POST|DELETE) /[^`]*)` \| ([^|]*) ?\|", API, re.MULTILINE)
    documented = {path: sorted(re.findall(r"`(\w+)`", words)) for path, words in rows}
    assert len(documented) == len(rows)
    assert documented == {
        f"{method.upper()} {path}": sorted(each["name"] for each in operation.get("parameters", ()))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def test_every_parameter_of_the_api_is_explained(described: dict) -> None:
    told = {
        each["name"]: each["schema"]
        for methods in described["paths"].values()
        for operation in methods.values()
        for each in operation.get("parameters", ())
    }
    parameters = section(API, "## What can be asked").split("| asked with | meaning |")[1]
    sent = section(API, "## Adding")
    for name, schema in told.items():
        assert f"`{name}`" in parameters
        for bound in schema.keys() & {"minimum", "maximum", "default", "maxLength"}:
            value = schema[bound]
            assert value == GREATEST or (f"{value:,}" if isinstance(value, int) else f"`{value}`") in parameters
    for posted in ("PostedAddress", "PostedPage", "PostedText"):
        assert all(f"`{name}`" in sent for name in described["components"]["schemas"][posted]["properties"])
    assert f"{LARGEST:,}" in sent
    assert all(f"{most:,}" in section(API, "## Tokens") for most in (PROGRAMS, STRANGERS, ADDING))


def test_every_answer_of_the_api_is_explained(described: dict) -> None:
    statuses = {
        status
        for methods in described["paths"].values()
        for operation in methods.values()
        for status in operation["responses"]
    }
    assert statuses - {"200", "201", "204", "304"} <= set(re.findall(r"\b\d{3}\b", section(API, "## What goes wrong")))
    words = set(re.findall(r"`([^`]+)`", section(API, "## What comes"))) | SENT
    for name, schema in described["components"]["schemas"].items():
        assert set(schema.get("properties", {})) <= words, name


def test_every_key_is_documented() -> None:
    keys = SITE.split("\n### Keys\n", 1)[1]
    assert set(re.findall(r"`(\S+?)`", keys)) == {key for key, _ in KEYS}
