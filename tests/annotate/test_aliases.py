import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.aliases import Known, known_as
from gazetteer.types import LABELS, Place


def person(number, *names, articles=9):
    return Known(number=number, label="PERSON", names=names, articles=articles)


def which(name, label, known, **said):
    found = known_as(name, label, known=known, **said)
    return found and found.number


PUTIN = person(1, "Vladimir V. Putin", "Vladimir Putin", "Putin")


@pytest.mark.parametrize(
    "name", ["Vladimir V. Putin", "Vladimir Putin", "V. Putin", "V.V. Putin", "Mr. Putin", "Putin"]
)
def test_a_person_is_known_under_every_form_of_the_name(name):
    assert which(name, "PERSON", [PUTIN, person(2, "Abena Osei")]) == 1


def test_a_given_name_tells_another_of_the_family_apart():
    assert which("Lyudmila Putin", "PERSON", [PUTIN]) is None


def test_a_surname_that_two_share_is_neither():
    known = [person(1, "Hillary Marsh", "Marsh"), person(2, "Peter Marsh")]
    assert which("Marsh", "PERSON", known) is None
    assert which("Peter Marsh", "PERSON", known) == 2


def test_a_surname_alone_is_nobody_hardly_known():
    assert which("Smith", "PERSON", [person(1, "Ann Smith", "Smith", articles=1)]) is None
    assert which("Smith", "PERSON", [person(1, "Ann Smith", "Smith", articles=1), person(2, "Jo Smith")]) is None


def test_two_john_smiths_are_told_apart_by_their_middle_names_or_not_at_all():
    known = [person(1, "John Q. Smith", "John Smith"), person(2, "John R. Smith", "John Smith")]
    assert which("John Quentin Smith", "PERSON", known) == 1
    assert which("John R. Smith", "PERSON", known) == 2
    assert which("John Smith", "PERSON", known) is None
    assert which("John X. Smith", "PERSON", known) is None


def test_one_form_that_contradicts_makes_another_person():
    assert which("J. Smith", "PERSON", [person(1, "John Smith")], forms=["J. Smith", "Jane Smith"]) is None
    assert which("Bill Berg", "PERSON", [person(1, "William Berg")]) == 1


def test_somebody_of_one_name_is_known_by_it():
    assert which("Wiranto", "PERSON", [person(1, "Wiranto", articles=1)]) == 1


def test_a_place_is_known_by_where_it_is():
    state = Known(number=1, label="GPE", names=("Georgia",), place=Place(country="US", subdivision="US-GA"))
    country = Known(number=2, label="GPE", names=("Georgia", "Republic of Georgia"), place=Place(country="GE"))
    assert which("Georgia", "GPE", [state, country], place=Place(country="GE")) == 2
    assert which("Georgia", "GPE", [state, country], place=Place(country="US", subdivision="US-GA")) == 1
    assert which("Georgia", "GPE", [state, country]) is None
    assert which("Georgia", "GPE", [state]) is None


def test_cities_of_one_name_and_country_are_told_apart_by_their_positions():
    known = Known(
        number=1, label="GPE", names=("San Juan",), place=Place(country="AR", latitude=-31.5, longitude=-68.5)
    )
    assert which("San Juan", "GPE", [known], place=Place(country="AR", latitude=-31.6, longitude=-68.6)) == 1
    assert which("San Juan", "GPE", [known], place=Place(country="AR", latitude=-24.0, longitude=-65.0)) is None


def test_a_body_is_known_under_its_acronym_where_no_other_has_it():
    bank = Known(number=1, label="ORG", names=("European Central Bank", "ECB"))
    board = Known(number=2, label="ORG", names=("England Cricket Board", "ECB"))
    assert which("ECB", "ORG", [Known(number=2, label="ORG", names=("Harbour Union", "HU")), bank]) == 1
    assert which("European Central Bank", "ORG", [bank, board], forms=["ECB"]) == 1
    hwu = Known(number=3, label="ORG", names=("Harbour Workers Union", "HWU"))
    also = Known(number=4, label="ORG", names=("Highland Water Utility", "HWU"))
    assert which("HWU", "ORG", [hwu]) == 3
    assert which("HWU", "ORG", [hwu, also]) is None
    assert which("Harbour Workers Union", "ORG", [hwu, also], forms=["HWU"]) == 3


def test_a_new_body_that_shares_an_acronym_is_new():
    hwu = Known(number=3, label="ORG", names=("Harbour Workers Union", "HWU"))
    assert which("Highland Water Utility", "ORG", [hwu], forms=["HWU"]) is None


def test_the_congress_of_one_country_is_not_that_of_another():
    india = Known(number=1, label="ORG", names=("Indian National Congress", "Congress"), place=Place(country="IN"))
    states = Known(number=2, label="ORG", names=("U.S. Congress", "Congress"), place=Place(country="US"))
    assert which("Congress", "ORG", [india, states], place=Place(country="IN")) == 1
    assert which("Congress", "ORG", [india, states], place=Place(country="US")) == 2
    assert which("Congress", "ORG", [india, states]) is None


def test_a_people_is_known_in_the_plural_and_by_its_other_noun():
    danes = Known(number=1, label="NORP", names=("Danish",), place=Place(country="DK"))
    assert which("Danes", "NORP", [danes], place=Place(country="DK")) == 1


def test_only_what_has_the_same_label_is_the_same():
    assert which("Kyoto", "ORG", [Known(number=1, label="GPE", names=("Kyoto",))]) is None
    assert which("Kyoto", "LOC", [Known(number=1, label="GPE", names=("Kyoto",))]) == 1


names = st.text(max_size=20) | st.sampled_from(["Ann Smith", "A. Smith", "Smith", "Jo Smith", "HWU", "Georgia"])
places = st.none() | st.builds(Place, country=st.sampled_from(["US", "GE"]))
tables = st.lists(
    st.builds(
        Known,
        number=st.integers(0, 99),
        label=st.sampled_from(LABELS),
        names=st.lists(names, min_size=1, max_size=3).map(tuple),
        place=places,
        articles=st.integers(1, 9),
    ),
    max_size=8,
)


@given(names, st.sampled_from(LABELS), places, tables)
def test_what_is_found_is_known_and_twice_the_same_is_neither(name, label, place, known):
    found = known_as(name, label, place=place, known=known)
    assert found is None or found in known
    if found:
        assert known_as(name, label, place=place, known=[*known, found]) is None
