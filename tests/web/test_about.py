import json
from datetime import timedelta
from pathlib import Path

import pytest
from papers import NOW, client, opened, parsed, site, texts

from gazetteer.archive import Archive
from gazetteer.web import SiteSettings, about
from gazetteer.web.app import create

REPORT = json.loads((Path(__file__).parents[2] / "evaluation" / "report.json").read_text())
SHIPPED = json.loads((Path(about.__file__).parents[1] / "model" / "figures.json").read_text())


@pytest.mark.parametrize("each", SHIPPED, ids=lambda each: each["key"])
def test_figures_are_those_that_were_measured(each: dict) -> None:
    for told in (each, *each["peers"]):
        assert told["figure"] == round(REPORT[told["key"]], 3)


def test_what_the_archive_holds_and_how_right_its_reading_is(tmp_path: Path) -> None:
    with opened(tmp_path, 5) as archive:
        page = parsed(client(site(archive)).get("/about").text)
        facts = dict(zip(texts(page, "//dl[@class='facts']//dt"), texts(page, "//dl[@class='facts']//dd"), strict=True))
        assert facts["Articles"] == "5"
        assert facts["To"] == "April 2023"
        assert "made by hand 1" in texts(page, "//section[@aria-labelledby='holds']")[0]
        assert len(texts(page, "//table[contains(@class, 'figures')]/tbody/tr")) == len(about.figures())
        named = texts(page, "//section[@aria-labelledby='credits']")[0]
        assert "GeoNames" in named
        assert "IPTC" in named


def test_strangers_see_what_concerns_them_and_not_where_the_archive_is(tmp_path: Path) -> None:
    with opened(tmp_path, 1) as archive:
        settings = {"public": True, "excerpt": 1, "excerpts": {"Harbour Times": 3}}
        words = client(site(archive, **settings)).get("/about").text
        assert "excerpts of 1 sentence; of Harbour Times 3" in words
        assert str(tmp_path) not in words
        assert "On the disk" not in words


def test_counting_is_done_once_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, passed = [], [0]
    with opened(tmp_path, 1) as archive:
        status = archive.status
        monkeypatch.setattr(Archive, "status", lambda _: counted.append(1) or status())
        now = lambda: NOW + timedelta(seconds=passed[0])  # noqa: E731
        asked = client(create(archive, SiteSettings(), secret=b"x", now=now))
        for seconds in (0, 59, 61, 62):
            passed[0] = seconds
            asked.get("/about")
        assert len(counted) == 2
