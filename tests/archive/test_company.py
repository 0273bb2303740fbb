"""Names across articles, and the corrections that say otherwise."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import digests
import pytest

from gazetteer.archive import Archive, Correction, Kind, Name, Rule
from gazetteer.errors import ArchiveError
from gazetteer.types import Digest, Entity, Mention, Place

AT = datetime(2023, 5, 1, tzinfo=UTC)


def naming(number: int, *names: str, label: str = "PERSON", place: Place | None = None) -> Digest:
    """An article that names these."""
    text = " and ".join(names) + " met."
    entities = tuple(
        Entity(name=name, label=label, mentions=(Mention(start=at, end=at + len(name), score=1.0),), place=place)
        for name in names
        for at in [text.index(name)]
    )
    changed = digests.article(url=f"https://a.example/{number}", canonical_url=None, text=text, authors=())
    return Digest(article=changed, annotation=digests.annotation(text, entities=entities, tags=()))


def shown(archive: Archive) -> dict[str, int]:
    return {each.name: each.articles for each in archive.most(Kind.ENTITY).rows}


def number_of(archive: Archive, name: str) -> int:
    return next(each.id for each in archive.most(Kind.ENTITY, limit=100).rows if each.name == name)


def save(archive: Archive, *articles: Sequence[str]) -> None:
    for names in articles:
        archive.save(naming(hash(tuple(names)) % 10**9, *names), at=AT)


def test_the_same_words_and_label_are_the_same(archive: Archive) -> None:
    archive.save(naming(1, "Vladimir V. Putin"), at=AT)
    archive.save(naming(2, "VLADIMIR V PUTIN"), at=AT)
    archive.save(naming(3, "Putin"), at=AT)
    archive.save(naming(4, "Putin", label="ORG"), at=AT)
    assert shown(archive) == {"Vladimir V. Putin": 2, "Putin": 1} | {"Putin": 1}
    assert len(archive.most(Kind.ENTITY).rows) == 3


def test_places_of_two_countries_are_two(archive: Archive) -> None:
    for number, country in enumerate(("GB", "US", "US")):
        archive.save(naming(number, "Birmingham", label="GPE", place=Place(country=country)), at=AT)
    found = archive.most(Kind.ENTITY).rows
    assert [(each.country, each.articles) for each in found] == [("US", 2), ("GB", 1)]


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("U.S.", "United States", "America"), Place(country="US", is_country=True)),
        (("New York", "New York City"), Place(country="US", subdivision="US-NY", latitude=40.714, longitude=-74.006)),
    ],
)
def test_all_names_of_one_country_or_city_are_one(archive: Archive, names: tuple[str, ...], place: Place) -> None:
    archive.save(naming(1, *names[:2], label="GPE", place=place), at=AT)
    for number, name in enumerate(names, 2):
        archive.save(naming(number, name, label="GPE", place=place), at=AT)
    assert shown(archive) == {names[0]: 1 + len(names)}
    assert {alias.name for alias in archive.aliases(number_of(archive, names[0]))} == set(names)
    assert len(archive.search(f'entity:"{names[1]}"').rows) == 1 + len(names)


def test_peoples_and_places_that_are_only_somewhere_in_a_country_are_not_the_country(archive: Archive) -> None:
    country = Place(country="US", is_country=True)
    archive.save(naming(1, "America", label="GPE", place=country), at=AT)
    archive.save(naming(2, "Americans", label="NORP", place=country), at=AT)
    archive.save(naming(3, "Salem", "Columbus", label="GPE", place=Place(country="US")), at=AT)
    assert shown(archive) == {"America": 1, "Americans": 1, "Salem": 1, "Columbus": 1}


def test_a_name_of_a_place_that_was_split_off_stays_so(archive: Archive) -> None:
    place = Place(country="US", is_country=True)
    archive.save(naming(1, "United States", "America", label="GPE", place=place), at=AT)
    archive.split(Name(name="America", label="GPE", country="US"), at=AT)
    archive.save(naming(2, "America", "U.S.", label="GPE", place=place), at=AT)
    assert shown(archive) == {"United States": 2, "America": 2}


def test_names_of_a_place_follow_what_it_was_merged_into(archive: Archive) -> None:
    place = Place(country="US", is_country=True)
    archive.save(naming(1, "United States", label="GPE", place=place), at=AT)
    archive.save(naming(2, "Washington", label="GPE"), at=AT)
    archive.merge(number_of(archive, "United States"), number_of(archive, "Washington"), at=AT)
    archive.save(naming(3, "U.S.", label="GPE", place=place), at=AT)
    assert shown(archive) == {"Washington": 3}


def test_of_names_that_as_many_articles_have_those_come_first_that_they_are_most_about(archive: Archive) -> None:
    save(archive, ["Zoe Ash", "Bo Birch", "Ann Cedar"])
    (publisher,) = archive.most(Kind.PUBLISHER).rows
    profile = archive.profile(Kind.PUBLISHER, publisher.id)
    assert [each.name for each in profile.entities] == ["Zoe Ash", "Bo Birch", "Ann Cedar"]
    assert [each.name for each in archive.company(number_of(archive, "Bo Birch"))] == ["Zoe Ash", "Ann Cedar"]


def test_merging_holds_for_old_articles_and_new_ones(archive: Archive) -> None:
    save(archive, ["Putin"], ["Vladimir V. Putin"], ["Putin", "Vladimir V. Putin"])
    archive.merge(number_of(archive, "Putin"), number_of(archive, "Vladimir V. Putin"), at=AT)
    save(archive, ["Putin", "Xi"])
    assert shown(archive) == {"Vladimir V. Putin": 4, "Xi": 1}
    one = number_of(archive, "Vladimir V. Putin")
    assert [alias.name for alias in archive.aliases(one)] == ["Putin", "Vladimir V. Putin"]
    assert len(archive.browse(of=(Kind.ENTITY, one)).rows) == 4
    kept = archive.get(archive.browse(of=(Kind.ENTITY, number_of(archive, "Xi"))).rows[0].id)
    assert kept is not None
    assert [each.name for each in kept.entities] == ["Vladimir V. Putin", "Xi"]
    assert [each.name for each in kept.digest.annotation.entities] == ["Putin", "Xi"]
    assert sum(day.articles for day in archive.days((Kind.ENTITY, one))) == 4
    archive.merge(one, one, at=AT)
    assert shown(archive) == {"Vladimir V. Putin": 4, "Xi": 1}


def test_splitting_undoes_a_merge(archive: Archive) -> None:
    save(archive, ["Ann Lee"], ["Lee"], ["Lee", "Ann Lee"])
    before = shown(archive)
    archive.merge(number_of(archive, "Ann Lee"), number_of(archive, "Lee"), at=AT)
    archive.split(Name(name="Lee", label="PERSON"), at=AT)
    assert shown(archive) == before
    save(archive, ["Lee", "Bo"])
    assert shown(archive) == before | {"Lee": 3, "Bo": 1}
    archive.split(Name(name="Lee", label="PERSON"), at=AT)
    assert shown(archive)["Lee"] == 3


def test_the_number_of_what_was_merged_leads_to_what_it_is_shown_as(archive: Archive) -> None:
    save(archive, ["Ann Lee"], ["A. Lee"], ["Lee"], ["Bo"])
    one, two, three, other = (number_of(archive, name) for name in ("Ann Lee", "A. Lee", "Lee", "Bo"))
    entities = archive.status().entities

    def leads(number: int) -> str:
        found = archive.subject(Kind.ENTITY, number)
        assert found is not None
        assert archive.subject(Kind.ENTITY, found.id) == found
        return found.name

    archive.merge(other, three, at=AT)
    archive.merge(three, two, at=AT)
    archive.merge(two, one, at=AT)
    assert {leads(number) for number in (one, two, three, other)} == {"Ann Lee"}
    assert archive.status().entities == entities - 3
    assert shown(archive) == {"Ann Lee": 4}
    save(archive, ["Cy"])
    assert number_of(archive, "Cy") not in (one, two, three, other), "no number is given twice"
    archive.split(Name(name="Lee", label="PERSON"), at=AT)
    assert [leads(number) for number in (one, two, three, other)] == ["Ann Lee", "Ann Lee", "Lee", "Ann Lee"]
    archive.merge(number_of(archive, "Ann Lee"), number_of(archive, "Lee"), at=AT)
    assert {leads(number) for number in (one, two, three, other)} == {"Lee"}


def test_numbers_of_what_was_merged_hold_in_a_backup(archive: Archive, other: Archive, tmp_path: Path) -> None:
    save(archive, ["Ann Lee"], ["Lee"])
    old, one = number_of(archive, "Lee"), number_of(archive, "Ann Lee")
    archive.merge(old, one, at=AT)
    archive.backup(tmp_path / "b.sqlite")
    other.restore(tmp_path / "b.sqlite")
    assert other.subject(Kind.ENTITY, old) == archive.subject(Kind.ENTITY, one)
    save(other, ["Cy"])
    assert number_of(other, "Cy") not in (old, one)


def test_numbers_that_a_correction_made_hold_where_it_is_taken_in(archive: Archive, other: Archive) -> None:
    save(archive, ["Ann Lee"], ["Lee"])
    save(other, ["Lee"], ["Bo"])
    archive.merge(number_of(archive, "Lee"), number_of(archive, "Ann Lee"), at=AT)
    old = number_of(other, "Lee")
    for line in archive.lines():
        other.put_line(line)
    found = other.subject(Kind.ENTITY, old)
    assert found is not None
    assert (found.name, found.articles) == ("Ann Lee", 2)


def test_renaming_changes_what_is_shown_alone(archive: Archive) -> None:
    save(archive, ["Lee"])
    archive.rename(number_of(archive, "Lee"), "Ann Lee", at=AT)
    save(archive, ["Lee", "Bo"], ["Ann Lee", "Cy"])
    assert shown(archive) == {"Ann Lee": 3, "Bo": 1, "Cy": 1}


def test_corrections_hold_in_another_archive(archive: Archive, another: str) -> None:
    save(archive, ["Putin"], ["Vladimir V. Putin"], ["Lee"])
    archive.merge(number_of(archive, "Putin"), number_of(archive, "Vladimir V. Putin"), at=AT)
    archive.rename(number_of(archive, "Lee"), "Ann Lee", at=AT)
    rules = [line for line in archive.lines() if "correction" in line]
    assert [rule.kind for rule, _ in archive.corrections()] == [Correction.MERGE, Correction.RENAME]
    with Archive.open(another) as other:
        for _ in range(2):
            for line in rules:
                other.put_line(line)
        assert other.corrections() == archive.corrections()
        assert shown(other) == {}
        save(other, ["Putin", "Lee"], ["Vladimir V. Putin"])
        assert shown(other) == {"Vladimir V. Putin": 2, "Ann Lee": 1}


def test_what_cannot_be_corrected_is_told(archive: Archive) -> None:
    save(archive, ["Lee"])
    for wrong in (
        lambda: archive.merge(number_of(archive, "Lee"), 999),
        lambda: archive.rename(number_of(archive, "Lee"), "  "),
        lambda: archive.put_line(
            {"correction": {"rule": {"kind": "merge", "name": {"name": "a", "label": "ORG"}}, "made_at": str(AT)}}
        ),
    ):
        with pytest.raises(ArchiveError):
            wrong()
    assert archive.corrections() == []
    assert Rule(kind=Correction.SPLIT, name=Name(name="a", label="b")).other is None
