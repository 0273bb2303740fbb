import pytest
from digests import digest

from gazetteer import gathering
from gazetteer.archive import Archive, Kind
from gazetteer.archive.follows import MOST
from gazetteer.archive.values import Follow
from gazetteer.errors import ArchiveError


def test_what_is_followed_is_listed_once_and_by_its_reader(archive: Archive) -> None:
    made = digest()
    gathering.gather(archive, archive.save(made).id, made)
    entity = archive.most(Kind.ENTITY).rows[0]
    follows = [
        Follow(kind="entity", number=entity.id),
        Follow(kind="story", number=1),
        Follow(kind="search", query="ferry"),
    ]
    for each in (*follows, *follows):
        archive.put_follow("Ann", each)
    assert [each for each, _ in archive.follows("ann")] == follows
    assert [name for _, name in archive.follows("ann")] == [entity.name, made.article.headline, "ferry"]
    assert archive.follows("") == []
    assert archive.remove_follow("Ann", follows[0])
    assert not archive.remove_follow("Ann", follows[0])
    assert [each for each, _ in archive.follows("ann")] == follows[1:]


@pytest.mark.parametrize(
    "follow",
    [
        Follow(kind="entity", number=99),
        Follow(kind="story", number=99),
        Follow(kind="search"),
        Follow(kind="moon", number=1),
        Follow(kind=""),
    ],
)
def test_what_is_not_there_cannot_be_followed(archive: Archive, follow: Follow) -> None:
    with pytest.raises(ArchiveError):
        archive.put_follow("", follow)


def test_nobody_follows_too_much(archive: Archive) -> None:
    with archive.together():
        for number in range(MOST):
            archive.put_follow("", Follow(kind="search", query=f"a{number}"))
    with pytest.raises(ArchiveError, match="more than"):
        archive.put_follow("", Follow(kind="search", query="b"))


def test_a_name_that_was_merged_is_followed_as_what_it_is_now(archive: Archive) -> None:
    archive.save(digest())
    one, other = archive.most(Kind.ENTITY).rows[:2]
    archive.put_follow("", Follow(kind="entity", number=one.id))
    archive.merge(one.id, other.id)
    assert archive.follows("") == [(Follow(kind="entity", number=other.id), other.name)]
    assert archive.is_followed("", Follow(kind="entity", number=other.id))
    assert not archive.is_followed("Ann", Follow(kind="entity", number=other.id))
    assert archive.remove_follow("", Follow(kind="entity", number=other.id))
    assert archive.follows("") == []
    assert not archive.is_followed("", Follow(kind="entity", number=other.id))
