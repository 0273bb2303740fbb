"""The API asked all that its description allows, and much that it does not."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

import papers
import schemathesis

from gazetteer.archive.values import Outcome, Saved
from gazetteer.gathering import gather_all
from gazetteer.types import Capture, Failure
from gazetteer.web import SiteSettings
from gazetteer.web.app import create

CONFIG = Path(__file__).parent / "schemathesis.toml"
PROGRAM = Path(sys.executable).parent / "schemathesis"


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """All its checks in all its phases; every question is asked in a minute of its own, so that none is too many."""
    minutes = count()
    with papers.opened(tmp_path, 25) as archive:
        article = archive.browse().rows[0].id

        def take(source: str | Capture) -> Saved | Failure:
            if isinstance(source, Capture):
                return Failure(source="posted", reason="the page holds no article")
            return Saved(id=article, outcome=Outcome.KEPT if source.isascii() else Outcome.KNOWN)

        app = create(
            archive,
            SiteSettings(),
            secret=papers.SECRET,
            take=take,
            now=lambda: papers.NOW + timedelta(minutes=next(minutes)),
        )
        archive.follow("https://news.example/feed", title="The Island Courier", at=papers.NOW)
        token = archive.put_token("schemathesis", may_add=True)
        with papers.served(app) as address:
            command = ("--config-file", CONFIG, "run", f"{address}/api/v1/openapi.json", "--checks=all")
            options = ("--max-examples=5", "--mode=all", "--continue-on-failure", "--no-color")
            environment = os.environ | {"GAZETTEER_TOKEN": token}
            ran = subprocess.run(
                [PROGRAM, *command, *options],
                env=environment,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
    assert ran.returncode == 0, ran.stdout
    assert "40 selected" in ran.stdout


def test_what_is_referred_to_is_described(tmp_path: Path) -> None:
    with papers.opened(tmp_path) as archive:
        text = papers.client(papers.site(archive)).get("/api/v1/openapi.json").text
    described = json.loads(text)["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= described.keys()


def test_every_answer_is_as_described_of_what_is_there(tmp_path: Path) -> None:
    """schemathesis knows few numbers that something has; here all have."""
    with papers.opened(tmp_path, 25) as archive:
        article = archive.save(papers.about(0, headline="Another headline")).id
        list(gather_all(archive))
        story = archive.stories().rows[0].id
        archive.rename(1, "The Saint Brannoc")
        archive.follow("https://news.example/feed")
        asked = papers.client(papers.site(archive))
        schema = schemathesis.openapi.from_dict(asked.get("/api/v1/openapi.json").json())
        for operation in (found.ok() for found in schema.get_all_operations()):
            if operation.method == "get":
                numbers = {"articles": article, "digests": article, "stories": story}
                number = numbers.get(operation.path.split("/")[1], 1)
                path = operation.path.replace("{id}", str(number)).replace("{version}", "2")
                answer = asked.get(f"/api/v1{path}", params={"q": "ferry"} if path == "/search" else {})
                assert answer.status_code == 200, path
                operation.validate_response(answer)
