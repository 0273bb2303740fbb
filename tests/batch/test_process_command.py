"""The command, with the model that ships; and what its tables can be asked."""

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from ferry_page import PAGE
from warcs import lines, warc

from gazetteer.archive import Archive
from gazetteer.cli import cli

DOCUMENT = Path(__file__).parents[2] / "docs" / "batch.md"
QUERIES = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
PAGES = [("https://mill-post.example/ferry", PAGE.encode()), ("https://mill-post.example/", b"<p>Nothing here")]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("process")
    (folder / "a.warc.gz").write_bytes(warc(PAGES))
    (folder / "b.jsonl").write_bytes(lines(PAGES[:1]))
    command = [sys.executable, "-m", "gazetteer", "process", ".", "--out", "tables", "--workers", "1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "2 articles and 1 failures of 2 parts" in done.stderr
    return folder


@pytest.mark.parametrize("query", QUERIES)
def test_the_documented_queries_answer(tables: Path, query: str) -> None:
    with duckdb.connect() as connection:
        found = connection.sql(
            query.replace("'tables/", f"'{tables}/tables/").replace("Norway", "Northwick")
        ).fetchall()

    assert found


def test_the_document_names_every_column() -> None:
    from gazetteer.batch.tables import SCHEMAS, STORIES

    text = DOCUMENT.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    schemas = SCHEMAS | {"stories": STORIES}
    assert {name for schema in schemas.values() for name in schema.names} <= named
    assert set(schemas) <= named


def test_summaries_are_whole_sentences_of_the_text(tables: Path) -> None:
    with duckdb.connect() as connection:
        rows = connection.sql(QUERIES[2].replace("'tables/", f"'{tables}/tables/")).fetchall()
        texts = connection.sql(f"SELECT text FROM '{tables}/tables/articles/*.parquet'").fetchall()

    assert len(rows) == 2
    for _, summary in rows:
        assert any(summary[:60] in text for (text,) in texts)


def test_an_archive_takes_the_tables_in(tables: Path) -> None:
    place = str(tables / "archive.sqlite")

    done = CliRunner().invoke(cli, ["import", str(tables / "tables"), "--archive", place])

    assert done.exit_code == 0, done.output
    with Archive.open(place) as archive:
        (card,) = archive.browse().rows  # one article, though two archives had it
        assert card.headline == "Harbour town votes to keep its ferry"
        assert archive.story_of(card.id) is not None
        assert [hit.card.id for hit in archive.search("entity:Northwick").rows] == [card.id]
