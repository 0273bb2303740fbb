"""The commands of the archive, from the command line to the disk and back."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from click.testing import Result
from pyarrow import parquet
from test_cli import Reader, invoke, lines, pages

from gazetteer import annotate, cli, pipeline
from gazetteer.annotate.tags import TagRules
from gazetteer.archive import Archive
from gazetteer.archive.tables import COLUMNS


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(annotate, "Annotator", Reader)
    monkeypatch.setattr(pipeline, "EXTRACT", "misbehaving:extract")


def outcomes(result: Result) -> list[object]:
    return [line.get("outcome", "failed") for line in lines(result)]


def test_what_is_added_is_kept_where_data_is(tmp_path: Path) -> None:
    folder = pages(tmp_path / "p", "The ferry sailed.", "refuse", "It rained.")
    result = invoke("add", folder, "--json")
    assert result.exit_code == 1
    assert outcomes(result) == ["kept", "failed", "kept"]
    assert lines(result)[1] == {"source": str(folder / "001.html"), "error": "the page is a wall"}
    assert lines(result)[0]["headline"] == "Tide"
    assert (tmp_path / "data" / "gazetteer" / "archive.sqlite").is_file()
    again = invoke("add", folder, "--json")
    assert sorted(map(str, outcomes(again))) == ["failed", "known", "known"]
    assert {line["id"] for line in lines(again) if "id" in line} == {
        line["id"] for line in lines(result) if "id" in line
    }
    told = invoke("add", pages(tmp_path / "q", "More."))
    assert told.exit_code == 0
    assert told.stdout.startswith("kept ")
    assert told.stdout.endswith("Tide\n")


def test_where_nothing_was_added(tmp_path: Path) -> None:
    assert invoke("add", tmp_path / "nowhere").exit_code == 2
    assert invoke("add", pages(tmp_path / "p", "refuse")).exit_code == 2


def test_the_archive_is_where_the_option_or_the_setting_says(tmp_path: Path) -> None:
    (tmp_path / "settings" / "gazetteer").mkdir(parents=True)
    (tmp_path / "settings" / "gazetteer" / "config.toml").write_text('[archive]\nurl = "mine.sqlite"')
    folder = pages(tmp_path / "p", "one")
    assert invoke("add", folder).exit_code == 0
    assert (tmp_path / "settings" / "gazetteer" / "mine.sqlite").is_file()
    assert invoke("add", folder, "--archive", tmp_path / "other.sqlite", "--json").exit_code == 0
    assert (tmp_path / "other.sqlite").is_file()


def test_addresses_that_are_kept_are_passed_over(tmp_path: Path) -> None:
    page = pages(tmp_path / "p", "one") / "000.html"
    place = tmp_path / "a.sqlite"
    from digests import digest

    with Archive.open(str(place), create=True) as archive:
        number = archive.save(digest(url="http://127.0.0.1:9/tide", canonical_url=None)).id
    result = invoke("add", "http://127.0.0.1:9/tide?utm_source=x", page, "--only-new", "--json", "--archive", place)
    assert result.exit_code == 0
    assert outcomes(result) == ["known", "kept"]
    assert lines(result)[0]["id"] == number


def test_search(tmp_path: Path) -> None:
    invoke("add", pages(tmp_path / "p", "The ferry sailed.", "The ferry, again.", "\x1b[31mIt rained."))
    result = invoke("search", "ferry", "--json")
    assert result.exit_code == 0
    assert len(lines(result)) == 2
    assert {"words": "ferry", "is_match": True} in lines(result)[0]["snippet"]
    assert len(lines(invoke("search", "ferry", "--json", "--newest", "--limit", "1"))) == 1
    shown = invoke("search", "rained")
    assert "It rained." in shown.stdout
    assert "\x1b" not in shown.stdout
    nothing = invoke("search", "snow")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "nothing was found" in nothing.stderr


def test_a_wrong_query_is_told_with_its_place(tmp_path: Path) -> None:
    invoke("add", pages(tmp_path / "p", "one"))
    result = invoke("search", "ferry (rain")
    assert result.exit_code == 2
    assert result.stderr == (
        "gazetteer: a closing “)” is missing (at character 12 of the search)\n  ferry (rain\n             ^\n"
    )


@pytest.mark.parametrize(
    "arguments", [["search", "x"], ["export", "csv"], ["reannotate"], ["backup", "b.sqlite"], ["status"]]
)
def test_without_an_archive(arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert "there is no archive" in result.stderr
    assert "gazetteer add" in result.stderr


def test_export_and_import(tmp_path: Path) -> None:
    invoke("add", pages(tmp_path / "p", "The ferry sailed.", "It rained."))
    out, copy = tmp_path / "all.jsonl", tmp_path / "copy.sqlite"
    assert invoke("export", "jsonl", "--output", out).exit_code == 0
    assert invoke("export", "jsonl").stdout_bytes == out.read_bytes()
    assert invoke("import", out, "--archive", copy).exit_code == 0
    assert invoke("export", "jsonl", "--archive", copy).stdout_bytes == out.read_bytes()
    broken = invoke("import", "-", "--archive", copy, given=b'nonsense\n\n{"x": 1}\n' + out.read_bytes())
    assert broken.exit_code == 1
    assert "line 1: it is not JSON" in broken.stderr
    assert "line 3: this is no line of an archive" in broken.stderr
    assert "took in 2 of 4 lines" in broken.stderr
    assert invoke("import", tmp_path / "none").exit_code == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('\ufeff<?xml version="1.0"?>\n<opml version="2.0">\n<body>\n</body>\n</opml>\n', "a list of feeds"),
        ("<!doctype html>\n<p>The ferry\n<p>sailed.\n", "a page or a feed"),
    ],
)
def test_what_add_takes_in_is_not_imported(words: str, kind: str) -> None:
    result = invoke("import", "-", given=words.encode())
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert f"it is {kind}, not what `gazetteer export jsonl` writes: `gazetteer add` takes it in" in result.stderr


@pytest.mark.parametrize("table", COLUMNS)
def test_tables_in_every_form(tmp_path: Path, table: str) -> None:
    from digests import digest

    place = tmp_path / "a.sqlite"
    with Archive.open(str(place), create=True) as archive:
        archive.save(digest(headline='Odd "quotes", \ud800 and\nlines'))
        count = len(list(archive.rows(table)))
    options = ("--table", table, "--archive", place)
    rows = list(csv.DictReader(io.StringIO(invoke("export", "csv", *options).stdout, newline="")))
    assert len(rows) == len(lines(invoke("export", "jsonl", *options))) == count > 0
    assert list(rows[0]) == list(COLUMNS[table])
    file = tmp_path / "t.parquet"
    assert invoke("export", "parquet", *options, "--output", file).exit_code == 0
    read = parquet.read_table(file)
    assert (read.column_names, read.num_rows) == (list(COLUMNS[table]), count)
    assert invoke("export", "parquet", *options).exit_code == 2
    assert invoke("export", "csv", *options, "--output", tmp_path / "no" / "x").exit_code == 2


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke("add", pages(tmp_path / "p", "one"))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = invoke("export", "parquet", "--output", tmp_path / "x")
    assert result.exit_code == 2
    assert "gazetteer[parquet]" in result.stderr
    assert not (tmp_path / "x").exists()


def test_reading_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tmp_path / "tags.toml"
    rules.write_text('[[tag]]\nname = "Sea"\nany = ["ferry"]\n')
    invoke("add", pages(tmp_path / "p", "The ferry sailed.", "It rained."))
    assert invoke("reannotate").stdout == ""
    result = invoke("reannotate", "--tags", rules)
    assert result.exit_code == 0
    assert result.stdout.count("read again") == 2
    assert invoke("reannotate", "--tags", rules).stdout == ""
    assert "none, rules " in invoke("status").stdout
    monkeypatch.setattr(Reader, "annotate", lambda *_, **__: (_ for _ in ()).throw(cli.GazetteerError("no model")))
    assert invoke("reannotate").exit_code == 2


def test_rules_kept_in_the_archive_hold_beside_those_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []

    class Told(Reader):
        def __init__(self, *, rules: TagRules, **_: object) -> None:
            super().__init__()
            told.append([repr(rule.expression) for rule in rules.rules])

    monkeypatch.setattr(annotate, "Annotator", Told)
    rules, place = tmp_path / "tags.toml", tmp_path / "a.sqlite"
    rules.write_text('[[tag]]\nname = "Sea"\nany = ["ferry"]\n')
    with Archive.open(str(place), create=True) as archive:
        archive.put_tag_rule("Sea", 'any = ["boat"]')
        archive.put_tag_rule("Rain", 'any = ["rain*"]')
    invoke("add", pages(tmp_path / "p", "The ferry sailed."), "--archive", place)
    assert invoke("reannotate", "--archive", place).stdout == ""
    assert invoke("reannotate", "--archive", place, "--tags", rules).stdout.count("read again") == 1
    kept, same, both = told
    assert kept == same
    assert ["boat" in kept[0], "rain" in kept[1]] == [True, True]
    assert ["ferry" in both[0], "rain" in both[1], len(both)] == [True, True, 2]
    with Archive.open(str(place)) as archive:
        archive.remove_tag_rule("Sea")
        archive.put_tag_rule("Rain", "any")
    wrong = invoke("reannotate", "--archive", place)
    assert wrong.exit_code == 2
    assert "a tag rule of the archive (“Rain”) is not TOML" in wrong.stderr


def test_backup_and_restore(tmp_path: Path) -> None:
    invoke("add", pages(tmp_path / "p", "one"))
    before = invoke("export", "jsonl").stdout
    assert invoke("backup", tmp_path / "b.sqlite").exit_code == 0
    assert invoke("backup", tmp_path / "b.sqlite").exit_code == 2
    invoke("add", pages(tmp_path / "q", "two"))
    refused = invoke("restore", tmp_path / "b.sqlite", given=b"n\n")
    assert refused.exit_code == 1
    assert "2 in the archive" in refused.stderr
    assert invoke("restore", tmp_path / "b.sqlite", "--yes").exit_code == 0
    assert invoke("export", "jsonl").stdout == before
    assert invoke("restore", tmp_path / "none", "--yes").exit_code == 2


def test_status(tmp_path: Path) -> None:
    invoke("add", pages(tmp_path / "p", "one", "two"))
    told = invoke("status").stdout
    assert "articles  2\n" in told
    assert "read by   none: 2\n" in told
    assert str(tmp_path / "data") in told


def test_a_disk_that_fills_stops_adding_and_keeps_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gazetteer.errors import ArchiveError

    saved = Archive.save

    def save(archive: Archive, *arguments: object, **options: object) -> object:
        if archive.status().articles == pipeline.BATCH:
            raise ArchiveError("the disk is full")
        return saved(archive, *arguments, **options)

    monkeypatch.setattr(Archive, "save", save)
    folder = pages(tmp_path / "p", *(f"page {n}" for n in range(pipeline.BATCH + 3)))
    result = invoke("add", folder, "--json")
    assert (result.exit_code, len(lines(result))) == (1, pipeline.BATCH)
    assert result.stderr == "gazetteer: the disk is full\n"
    monkeypatch.setattr(Archive, "save", saved)
    assert json.loads(invoke("add", folder, "--json").stdout.splitlines()[-1])["source"]
    assert invoke("status").stdout.splitlines()[1] == f"articles  {pipeline.BATCH + 3}"


def test_what_may_not_be_shown_to_others_is_not_exported(tmp_path: Path) -> None:
    from digests import article, digest

    from gazetteer.types import OptOuts

    place = tmp_path / "a.sqlite"
    with Archive.open(str(place), create=True) as archive:
        archive.save(digest(opt_outs=OptOuts(robots=("noarchive",))))
        archive.save(digest(url="https://b.example/", canonical_url=None))
    result = invoke("export", "jsonl", "--archive", place)
    assert len(lines(result)) == 1
    assert "whose publishers ask that no copy be shown (noarchive): 1; `gazetteer backup` keeps all" in result.stderr
    texts = [row["text"] for row in csv.DictReader(io.StringIO(invoke("export", "csv", "--archive", place).stdout))]
    assert sorted(texts) == ["", article().text]
