"""Articles are gathered into stories as they are kept; readers' corrections hold, and travel."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import gathering
from gazetteer.archive import Archive
from gazetteer.errors import ArchiveError
from gazetteer.types import Abstention, Annotation, Article, Digest

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
NONE = Annotation(entities=(), sentences=(), tone=Abstention(reason="x"), summary=(), tags=(), model="none")

FERRY = ("Ferry Marigold runs aground off Holm", "The ferry Marigold ran aground off Holm with 214 people on board.")
AGAIN = (
    "Marigold ferry aground off Holm",
    "With 214 people on board the ferry Marigold ran aground off Holm.",
)
THIRD = ("Ferry aground: Marigold off Holm", "The Marigold, a ferry with 214 people on board, ran aground off Holm.")
BANK = ("Norbank cuts its interest rate", "Norbank cut its key interest rate to 2.5 percent, Pål Renske said.")
RAIN = (
    "Showers over northern hills",
    "Forecasters expect showers over the northern hills, clearing on Sunday.",
)


def add(archive: Archive, told: tuple[str, str], number: int, *, days: float = 0) -> int:
    headline, text = told
    article = Article(
        source=f"https://paper{number}.example/a",
        url=f"https://paper{number}.example/a",
        headline=headline,
        text=text,
        publisher=f"Paper {number}",
        published_at=AT + timedelta(days=days, minutes=number),
        language="en",
    )
    return gathering.save(archive, Digest(article=article, annotation=NONE), None, reader="none").id


def story(archive: Archive, article: int) -> int:
    found = archive.story_of(article)
    assert found is not None
    return found.id


def matter(number: int) -> tuple[str, str]:
    """An article that shares no word with another."""
    words = [
        "".join("bdfgklmnprstvz"[(number * 31 + n * 7 + k * k) % 14] + "aeiou"[(n + k * number) % 5] for k in range(4))
        for n in range(12)
    ]
    return f"{words[0]}{number} {words[1]}{number}", " ".join(f"{word}{number}" for word in words[2:])


@pytest.fixture
def others(archive: Archive) -> None:
    """Articles of other matters, so that words are rare or common."""
    with archive.together():
        for number in range(12):
            add(archive, matter(number), 100 + number)


@pytest.mark.usefixtures("others")
def test_articles_of_one_event_become_one_story(archive: Archive) -> None:
    one, bank, other = (add(archive, told, n) for n, told in enumerate((FERRY, BANK, AGAIN)))
    assert story(archive, one) == story(archive, other) != story(archive, bank)
    kept = archive.story(story(archive, one))
    assert kept is not None
    assert (kept.articles, archive.told_in(kept.id)) == (2, sorted((one, other), reverse=True))


@pytest.mark.usefixtures("others")
def test_articles_of_other_weeks_are_not_looked_at(archive: Archive) -> None:
    one, other = add(archive, FERRY, 1), add(archive, FERRY, 2, days=30)
    assert story(archive, one) != story(archive, other)


@pytest.mark.usefixtures("others")
def test_the_same_article_again_stays_where_it_is(archive: Archive) -> None:
    one = add(archive, FERRY, 1)
    before = story(archive, one)
    assert add(archive, (FERRY[0], FERRY[1] + " Nobody was hurt."), 1) == one
    assert story(archive, one) == before


def test_stories_come_newest_first_in_pages(archive: Archive) -> None:
    made = [add(archive, matter(n), n) for n in range(5)]
    first = archive.stories(limit=3)
    rest = archive.stories(cursor=first.cursor, limit=3)
    assert [each.id for each in (*first.rows, *rest.rows)] == [story(archive, n) for n in reversed(made)]
    assert rest.cursor is None


@pytest.mark.usefixtures("others")
def test_a_story_that_is_merged_leads_on(archive: Archive) -> None:
    one, bank, rain = (add(archive, told, n) for n, told in enumerate((FERRY, BANK, RAIN)))
    gone = story(archive, bank)
    archive.merge_stories(bank, one)
    archive.merge_stories(one, rain)
    assert story(archive, one) == story(archive, bank) == story(archive, rain)
    led = archive.story(gone)
    assert led is not None
    assert (led.id, led.articles) == (story(archive, rain), 3)
    assert archive.story(10_000) is None


@pytest.mark.usefixtures("others")
def test_what_a_reader_puts_elsewhere_stays_there(archive: Archive) -> None:
    one, other, rain = (add(archive, told, n) for n, told in enumerate((FERRY, AGAIN, RAIN)))
    own = archive.part(other)
    assert own == story(archive, other) != story(archive, one)
    third = add(archive, THIRD, 9)
    assert story(archive, one) != story(archive, other)
    archive.move(third, rain)
    assert story(archive, third) == story(archive, rain)
    add(archive, (THIRD[0], THIRD[1] + " More soon."), 9)
    assert story(archive, third) == story(archive, rain)


def test_a_story_that_is_left_without_articles_leads_on(archive: Archive) -> None:
    one, other = (add(archive, matter(n), n) for n in range(2))
    gone = story(archive, one)
    assert not archive.is_corrected(gone)
    assert archive.part(one) == gone
    assert archive.is_corrected(gone)
    to = archive.move(one, other)
    led = archive.story(gone)
    assert led is not None
    assert led.id == to == story(archive, other)
    assert archive.part(one) not in (gone, to)
    assert archive.story(gone) == archive.story(to)


def test_what_is_not_there_cannot_be_moved(archive: Archive) -> None:
    with pytest.raises(ArchiveError):
        archive.move(1, 2)


@pytest.mark.usefixtures("others")
def test_stories_and_corrections_travel(archive: Archive, another: str) -> None:
    one, other, rain = (add(archive, told, n) for n, told in enumerate((FERRY, AGAIN, RAIN)))
    archive.move(rain, one)
    archive.part(other)
    with Archive.open(another) as copy:
        for line in archive.lines():
            copy.put_line(line)
        assert [story(copy, n) for n in (one, other, rain)] == [story(archive, n) for n in (one, other, rain)]
        assert copy.story_rules() == archive.story_rules()
        list(gathering.gather_all(copy))
        assert [story(copy, n) for n in (one, other, rain)] == [story(archive, n) for n in (one, other, rain)]
        assert add(copy, THIRD, 9) not in (one, other, rain)
        for line in archive.lines():
            copy.put_line(line)
        assert copy.story_rules() == archive.story_rules()


@pytest.mark.usefixtures("others")
def test_stories_of_another_archive_are_not_taken_for_those_of_this_number(archive: Archive, another: str) -> None:
    one, other = add(archive, FERRY, 1), add(archive, AGAIN, 2)
    with Archive.open(another) as copy:
        own = [add(copy, matter(n), 500 + n) for n in range(20, 40)]
        for line in archive.lines():
            copy.put_line(line)
        assert story(copy, one) == story(copy, other)
        assert story(copy, one) not in {story(copy, n) for n in own}


def test_old_articles_are_gathered(archive: Archive) -> None:
    for number, (headline, text) in enumerate((FERRY, AGAIN, BANK)):
        source = f"https://p{number}.example/"
        article = Article(source=source, url=source, headline=headline, text=text, published_at=AT)
        archive.save(Digest(article=article, annotation=NONE))
    done = list(gathering.gather_all(archive))
    assert len(done) == 3
    assert all(archive.story_of(n) for n in done)
    assert list(gathering.gather_all(archive)) == []


@given(texts=st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=4))
@settings(max_examples=20)
def test_any_words_are_gathered(tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]) -> None:
    with Archive.open(str(tmp_path_factory.mktemp("any") / "a.sqlite"), create=True) as archive:
        for number, told in enumerate(texts):
            assert story(archive, add(archive, told, number))


def groups(archive: Archive, articles: list[int]) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for article in articles:
        found.setdefault(story(archive, article), set()).add(article)
    return {frozenset(each) for each in found.values()}


def test_stories_keep_their_numbers_when_they_are_parted_anew(archive: Archive) -> None:
    a, b, c, d, e = (add(archive, matter(number), number) for number in range(5))
    was = {each: story(archive, each) for each in (a, b, c, d, e)}
    assert archive.regroup([[a, b, c], [d, e]]) == 3
    assert groups(archive, [a, b, c, d, e]) == {frozenset((a, b, c)), frozenset((d, e))}
    assert story(archive, a) in (was[a], was[b], was[c])
    for each in (a, b, c, d, e):
        led = archive.story(was[each])
        assert led is not None
        assert led.id == story(archive, each)
    assert archive.regroup([[a, b], [c], [d, e]]) == 1
    assert archive.regroup([[a, b], [c], [d, e]]) == 0
    (first, second, third) = archive.stories().rows
    assert [first.articles, second.articles, third.articles] == [2, 1, 2]


@pytest.mark.usefixtures("others")
def test_articles_are_gathered_anew_but_for_what_a_reader_corrected(archive: Archive) -> None:
    one, other, third, bank = (add(archive, told, n) for n, told in enumerate((FERRY, AGAIN, THIRD, BANK)))
    archive.regroup([[one], [other], [third, bank]])
    archive.part(third)
    since, until = AT - timedelta(days=1), AT + timedelta(days=1)
    count, moved = gathering.gather_anew(archive, since=since, until=until)
    assert (count, moved) == (12 + 4, 1)
    assert groups(archive, [one, other, third, bank]) == {
        frozenset((one, other)),
        frozenset((third,)),
        frozenset((bank,)),
    }
    archive.merge_stories(bank, one)
    assert gathering.gather_anew(archive, since=since, until=until) == (12 + 4, 0)
    assert story(archive, bank) == story(archive, one)


@pytest.mark.usefixtures("others")
def test_a_correction_changes_nothing_of_other_stories(archive: Archive) -> None:
    tellers = [add(archive, told, n) for n, told in enumerate((FERRY, AGAIN, THIRD, BANK, RAIN))]
    since, until = AT - timedelta(days=1), AT + timedelta(days=1)
    gathering.gather_anew(archive, since=since, until=until)
    before = groups(archive, tellers[:4])
    for number in archive.told_in(story(archive, tellers[4])):
        archive.part(number)
    assert gathering.gather_anew(archive, since=since, until=until) == (12 + 5, 0)
    assert groups(archive, tellers[:4]) == before
