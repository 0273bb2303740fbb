"""What is measured of batches is measured of real archives, and projected as it is told."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from evaluation import batch
from gazetteer.batch import archives
from gazetteer.types import Capture

PAGE = b'<html><head><title>Holm</title></head><body><p class="Lead">Ferry at Holm, says Ida Brandt.</p><h2>Holm</h2>'
FIGURES = {
    "cpu_seconds_a_page": 0.18,
    "cpu_seconds_gathering_an_article": 0.002,
    "articles_a_page": 0.9,
    "bytes_out_a_page": 10_000.0,
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "pages" / "news-sites"
    folder.mkdir(parents=True)
    (folder / "expected.json").write_text(json.dumps([{"file": "a.html.gz"}]))
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE))
    return tmp_path


def test_pages_are_varied_in_their_paragraphs_alone(data: Path) -> None:
    pages = list(islice(batch.varied(data), 3))

    assert len({content for _, content in pages}) == len({address for address, _ in pages}) == 3
    for _, content in pages:
        assert len(content) == len(PAGE)
        assert content.startswith(PAGE[: PAGE.index(b"Ferry")])
        assert content.endswith(b"<h2>Holm</h2>")
        assert b"Brandt" not in content


def test_the_archives_that_are_made_hold_the_pages(data: Path, tmp_path: Path) -> None:
    batch.write(tmp_path / "a.warc.gz", data, 5)

    (part,) = archives.parts(str(tmp_path / "a.warc.gz"))

    assert isinstance(part, archives.Part)
    found = [page for page in archives.read(part) if isinstance(page, Capture)]
    assert [(page.url, page.content) for page in found] == list(islice(batch.varied(data), 5))


def test_the_most_of_each_tenth_is_told() -> None:
    seen = [(0, 5.0), (9, 7.0), (10, 6.0), (55, 8.0), (99, 9.0), (100, 4.0)]

    assert batch.most_by_tenth(seen, 100) == [7.0, 6.0, 0, 0, 0, 8.0, 0, 0, 0, 9.0]


def test_a_process_sees_what_it_uses() -> None:
    usage = batch.usage()

    assert all(cpu >= 0 for cpu, _ in usage.values())
    assert sum(megabytes for _, megabytes in usage.values()) > 10


def test_the_projection_is_what_the_figures_say() -> None:
    assumed = batch.ASSUMED | {"files_a_day": 10, "files_since_2016": 1_000, "pages_a_file": 20_000, "hours": 5}

    _, _, day, all_of_it = batch.projection(FIGURES, assumed).splitlines()

    assert day == "| a day | 10 | 200,000 | 10 | 2, or 1 | 0.1 | 0.010 | 0.002 |"
    assert all_of_it == "| all since 2016 | 1,000 | 20,000,000 | 1,000 | 200, or 6 | 10.0 | 1.000 | 0.200 |"
    assert "bytes_out_a_page" in batch.projection({}, assumed)


def test_the_document_tells_the_figures_as_they_were_measured() -> None:
    document = batch.DOCUMENT.read_text(encoding="utf-8")
    figures = json.loads(batch.RESULTS.read_text(encoding="utf-8"))

    assert batch.shown(figures) in document
    assert batch.brought_up_to(document, figures) == document
    assert "| 0.18 |" in batch.brought_up_to(document, FIGURES)
