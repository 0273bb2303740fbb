"""No page costs more in a larger archive: what it asks of the database is answered from an index, in its order."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import digests
import pytest
from sqlalchemy import event, text

from gazetteer.archive import Archive, Kind, Order

PAGES: dict[str, Callable[[Archive, int], object]] = {
    "get": lambda archive, number: archive.get(number),
    "get all": lambda archive, number: archive.get_all([number, number - 1]),
    "find": lambda archive, _: archive.find("https://a.example/1"),
    "versions": lambda archive, number: archive.versions(number),
    "capture": lambda archive, number: archive.capture(number),
    "front": lambda archive, _: archive.browse(),
    "next page": lambda archive, number: archive.browse(cursor=str(number + 1)),
    "day": lambda archive, _: archive.browse(since=date(2023, 1, 1), until=date(2023, 1, 2)),
    "language": lambda archive, number: archive.browse(language="en", cursor=str(number + 1)),
    "leaning": lambda archive, _: archive.browse(leaning="negative"),
    **{
        f"of {kind}": lambda archive, number, kind=kind: archive.browse(of=(kind, 1), cursor=str(number + 1))
        for kind in Kind
    },
    **{f"the {kind}": lambda archive, _, kind=kind: archive.subject(kind, 1) for kind in Kind},
    **{f"most {kind}": lambda archive, _, kind=kind: archive.most(kind) for kind in Kind},
    "more entities": lambda archive, _: archive.most(Kind.ENTITY, cursor="2.2"),
    "covered": lambda archive, _: archive.covered(Kind.ENTITY, since=date(2023, 1, 1), until=date(2023, 1, 3)),
    "days": lambda archive, _: archive.days((Kind.ENTITY, 1)),
    "all days": lambda archive, _: archive.days(since=date(2023, 1, 1)),
    "beside": lambda archive, _: archive.beside(date(2023, 1, 1), (Kind.ENTITY, 1)),
    "languages": lambda archive, _: archive.languages(),
    "aliases": lambda archive, _: archive.aliases(1),
    "company": lambda archive, _: archive.company(1),
    "passages": lambda archive, _: archive.passages(1),
    "passages in": lambda archive, number: archive.passages(1, article_id=number),
    "quotes": lambda archive, _: archive.quotes(1),
    "reviews": lambda archive, number: archive.reviews(number),
    "rating": lambda archive, number: archive.rating(number),
    "signed in": lambda archive, _: archive.signed_in("secret"),
    "token": lambda archive, _: archive.token("secret"),
    "marks": lambda archive, number: archive.marks("Ann", [number]),
    "starred": lambda archive, number: archive.starred("Ann", cursor=str(number + 1)),
    "search": lambda archive, _: archive.search('ferry -"x y" entity:norway after:2023-01-01'),
    "search newest": lambda archive, _: archive.search("ferry", order=Order.NEWEST),
}
_BOUNDED = {"company", "covered"}  # these sort what they counted of a bounded number of rows
_ASKED = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, templates: dict) -> Iterator:
    """An archive with some articles, and a number of one."""
    with Archive.open(templates[request.param]()) as archive:
        with archive.together():
            for number in range(20):
                at = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=number)
                url = f"https://a.example/{number}"
                saved = archive.save(digests.digest(published_at=at, canonical_url=None, url=url), at=at)
        yield archive, saved.id


def asked(archive: Archive, call: Callable[[], object]) -> list[tuple[str, object]]:
    """Give the statements that a call asks of the database."""
    found: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if _ASKED.match(statement) and "pg_catalog" not in statement:
            found.append((statement, values))

    engine = archive._database.engine
    event.listen(engine, "before_cursor_execute", note)
    call()
    event.remove(engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_answered_from_indexes(filled: tuple[Archive, int], page: str) -> None:
    archive, number = filled
    statements = asked(archive, lambda: PAGES[page](archive, number))
    assert statements
    for statement, values in statements:
        with archive._database.read() as connection:
            if archive._database.is_sqlite:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plan = [row.detail for row in rows]
                bad = [line for line in plan if _scans(line) or (page not in _BOUNDED and "FOR ORDER BY" in line)]
                bad = [line for line in bad if not ("ORDER BY" in line and _is_small(statement))]
            else:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
                plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
                bad = [line for line in plan if "Seq Scan" in line]
        assert bad == [], "\n".join([statement, *plan])


def test_what_is_covered_most_reads_no_other_days(filled: tuple[Archive, int]) -> None:
    archive, number = filled
    ((statement, values),) = asked(archive, lambda: PAGES["covered"](archive, number))
    with archive._database.read() as connection:
        if archive._database.is_sqlite:
            plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            assert any("SEARCH appearances USING PRIMARY KEY (article_id>? AND article_id<?)" in line for line in plan)
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
            assert any("Index Cond" in line and "article_id >=" in line for line in plan), plan


def test_many_articles_are_asked_for_at_once(filled: tuple[Archive, int]) -> None:
    archive, number = filled
    numbers = [card.id for card in archive.browse().rows]
    found: list[object] = []
    statements = asked(archive, lambda: found.extend(archive.get_all([*numbers, 7, numbers[0]])))
    assert len(statements) == len(asked(archive, lambda: archive.get(number))) == 4
    assert found == [archive.get(each) for each in (*numbers, numbers[0])]
    assert archive.get_all([]) == archive.get_all([7]) == ()


def test_how_an_archive_fares_is_told_without_reading_its_articles_or_entries(filled: tuple[Archive, int]) -> None:
    archive, _ = filled
    statements = [
        each for each in asked(archive, archive.pulse) if " FROM feeds" not in f" {each[0]}".replace("\n", " ")
    ]
    assert len(statements) >= 4
    for statement, values in statements:
        with archive._database.read() as connection:
            if archive._database.is_sqlite:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plan = [row.detail for row in rows]
                bad = [line for line in plan if line.startswith("SCAN ") and "ix_entries_due" not in line]
            else:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
                plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
                bad = [line for line in plan if "Seq Scan" in line]
        assert bad == [], "\n".join([statement, *plan])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_articles_that_were_only_read_cost_the_starred_nothing(templates: dict, kind: str) -> None:
    with Archive.open(templates[kind]()) as archive:
        ((statement, values),) = asked(archive, lambda: archive.starred("Ann"))
        with archive._database.read() as connection:
            explain = "EXPLAIN QUERY PLAN" if archive._database.is_sqlite else "EXPLAIN"
            assert "ix_marks_starred" in str(connection.exec_driver_sql(f"{explain} {statement}", values).all())


def _scans(line: str) -> bool:
    """Tell whether SQLite reads a table from end to end; its index of words is one that is always looked up."""
    return line.startswith("SCAN ") and not re.match(r"SCAN (search VIRTUAL|found|newest|anon_|CONSTANT)", line)


def _is_small(statement: str) -> bool:
    """Tell whether what is sorted is bounded: what was ranked, or the rows of a page's articles."""
    return "bm25" in statement or " IN (" in statement or "article_id = ?" in statement
