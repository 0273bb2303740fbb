"""The reference names every path of the site, and no other."""

import re
from pathlib import Path

from papers import client, opened, site
from starlette.routing import Route

from gazetteer.web.templating import KEYS

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text()
API = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
SITE = REFERENCE.split("\n## The site\n", 1)[1].split("\n## ", 1)[0]


def test_every_path_is_documented_and_every_path_that_is_documented_exists(tmp_path: Path) -> None:
    documented = re.findall(r"^\| `((?:GET|POST) /[^`]*)` \|", SITE, re.MULTILINE)
    assert len(documented) == len(set(documented))
    with opened(tmp_path) as archive:
        routes = [route for route in site(archive).routes if isinstance(route, Route)]
    there = {
        f"{method} {re.sub(r':[a-z]+}', '}', route.path)}"
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert set(documented) == there


def test_every_path_of_the_api_is_documented_and_no_other(tmp_path: Path) -> None:
    documented = re.findall(r"^\| `((?:GET|POST) /[^`]*)` \|", API, re.MULTILINE)
    with opened(tmp_path) as archive:
        described = client(site(archive)).get("/api/v1/openapi.json").json()["paths"]
    there = [f"{method.upper()} {path}" for path, methods in described.items() for method in methods]
    assert sorted(documented) == sorted(there)


def test_every_key_is_documented() -> None:
    keys = SITE.split("\n### Keys\n", 1)[1]
    assert set(re.findall(r"`(\S+?)`", keys)) == {key for key, _ in KEYS}
