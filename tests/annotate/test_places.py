import gzip
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.places import Atlas, atlas, located
from gazetteer.types import LABELS, Entity, Mention, Place

UN_MEMBERS = set(
    re.findall(
        r"\w+",
        """
        AF AL DZ AD AO AG AR AM AU AT AZ BS BH BD BB BY BE BZ BJ BT BO BA BW BR BN BG BF BI CV KH CM CA CF TD CL CN CO
        KM CG CR CI HR CU CY CZ KP CD DK DJ DM DO EC EG SV GQ ER EE SZ ET FJ FI FR GA GM GE DE GH GR GD GT GN GW GY HT
        HN HU IS IN ID IR IQ IE IL IT JM JP JO KZ KE KI KW KG LA LV LB LS LR LY LI LT LU MG MW MY MV ML MT MH MR MU MX
        FM MC MN ME MA MZ MM NA NR NP NL NZ NI NE NG MK NO OM PK PW PA PG PY PE PH PL PT QA KR MD RO RU RW KN LC VC WS
        SM ST SA SN RS SC SL SG SK SI SB SO ZA SS ES LK SD SR SE CH SY TJ TH TL TG TO TT TN TR TM TV UG UA AE GB TZ US
        UY UZ VU VE VN YE ZM ZW
        """,
    )
)


def entity(name, label, text):
    start = text.index(name)
    return Entity(name=name, label=label, mentions=(Mention(start=start, end=start + len(name), score=0.9),))


def codes(text, **named):
    """The code of each entity of `text`, given as label="name, name"."""
    entities = [entity(name, label, text) for label, names in named.items() for name in names.split("; ")]
    places = [each.place for each in located(text, entities, atlas())]
    return [place and (place.subdivision or place.country) for place in places]


def test_every_member_of_the_united_nations_has_its_name_and_its_people():
    assert len(UN_MEMBERS) == 193
    rows = [line.split("\t") for line in atlas().lines]
    peoples = {sense.split()[1] for name, *senses in rows if name.startswith("~") for sense in senses}
    countries = {s.split()[1] for name, *senses in rows if name[0] not in "~=+" for s in senses if s.startswith("C ")}
    assert UN_MEMBERS | {"XK", "TW", "PS", "VA"} <= peoples & countries


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Belarusian", "BY"),
        ("Russians", "RU"),
        ("Dutch", "NL"),
        ("Swiss", "CH"),
        ("Filipinas", "PH"),
        ("Emiratis", "AE"),
        ("Burmese", "MM"),
        ("Ivorians", "CI"),
        ("Kazakhstani", "KZ"),
        ("Kosovar", "XK"),
        ("Frenchmen", "FR"),
        ("Nigeriens", "NE"),
        ("Nigerian", "NG"),
        ("Scots", "GB-SCT"),
        ("Texans", "US-TX"),
        ("Central African", None),
        ("Islamist", None),
        ("Kurds", None),
        ("Europeans", None),
    ],
)
def test_a_people_is_tied_to_its_country(name, code):
    assert codes(f"The {name} left.", NORP=name) == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("U.S.", "US"),
        ("the Republic of Belarus", "BY"),
        ("People’s Republic of China", "CN"),
        ("Côte d’Ivoire", "CI"),
        ("Bavaria", "DE-BY"),
        ("South Texas", "US-TX"),
        ("eastern Ukraine", "UA"),
        ("New York State", "US-NY"),
        ("Kiev", "UA"),
        ("Lodz", "PL"),
        ("Łódź", "PL"),
        ("South America", None),
        ("Western Europe", None),
        ("Atlantis", None),
        ("Springfield", None),
        ("Bristol", "GB-ENG"),
        ("Manchester", "GB-ENG"),
        ("Nottingham", "GB-ENG"),
        ("North Beach", None),
        ("western Nunavut", "CA-NU"),
        ("Gaza", "PS"),
    ],
)
def test_a_place_by_itself(name, code):
    assert codes(f"It rained in {name} again.", GPE=name) == [code]


def test_a_city_has_its_position():
    text = "Snow fell in Molde."
    (molde,) = located(text, [entity("Molde", "GPE", text)], atlas())
    assert molde.place is not None
    assert molde.place.country == "NO"
    assert math.isclose(molde.place.latitude, 62.74, abs_tol=0.05)
    assert math.isclose(molde.place.longitude, 7.16, abs_tol=0.05)


def test_what_stands_beside_a_name_settles_it():
    assert codes("He left Paris, Texas, at dawn.", GPE="Paris") == ["US-TX"]
    assert codes("He left Athens, Ga., at dawn.", GPE="Athens") == ["US-GA"]
    assert codes("He left Portland, ME, at dawn.", GPE="Portland") == ["US-ME"]
    assert codes("He left Córdoba in Spain.", GPE="Córdoba") == ["ES"]
    assert codes("The Alabama town of Florence slept.", GPE="Florence") == ["US-AL"]
    assert codes("The state of Washington paid.", GPE="Washington") == ["US-WA"]


def test_saints_and_mounts_may_be_shortened():
    assert codes("He left Minneapolis for St. Paul.", GPE="Minneapolis; St. Paul") == ["US-MN", "US-MN"]
    assert codes("He left Mt. Vernon, Ill., and Port St. Lucie.", GPE="Mt. Vernon; Port St. Lucie") == [
        "US-IL",
        "US-FL",
    ]
    assert codes("He left Saint Louis, Mo.", GPE="Saint Louis") == ["US-MO"]


def test_cities_go_by_their_english_names():
    assert codes("It rained in Cologne and Germany.", GPE="Cologne; Germany") == ["DE-NW", "DE"]
    assert codes("It rained in Khan Younis.", GPE="Khan Younis") == ["PS"]
    assert codes("It rained in Darfur.", LOC="Darfur") == ["SD"]


def test_what_several_names_are_in_settles_each():
    text = "It snowed in Rome, Athens and Macon in Georgia."
    assert codes(text, GPE="Rome; Athens; Macon; Georgia") == ["US-GA"] * 4
    assert codes("It snowed in Paris and Dallas in Texas.", GPE="Paris; Dallas") == ["US-TX", "US-TX"]
    assert codes("He left Paris, and Dana in Texas wept.", GPE="Paris") == ["FR"]


def test_what_is_said_to_be_where_the_table_knows_none_has_no_place():
    assert codes("It hit Madrid and Cortes in Surigao del Sur.", GPE="Madrid; Cortes") == [None, None]
    assert codes("It hit Madrid, Surigao del Sur, at noon.", GPE="Madrid") == [None]
    assert codes("In Berlin, Ontario Premier Ann Roe spoke.", GPE="Berlin; Ontario")[0] == "DE-BE"
    assert codes("Envoys of Paris and Berlin in Switzerland met.", GPE="Paris; Berlin") == ["FR", "DE-BE"]


def test_a_list_is_no_address():
    assert codes("In Paris, London and Rome it rained.", GPE="Paris; London; Rome") == ["FR", "GB-ENG", "IT"]
    assert codes("In Leon, Granada, and all Nicaragua it rained.", GPE="Leon; Nicaragua") == ["NI", "NI"]
    assert codes("Armenia, Georgia and Turkey met.", GPE="Armenia; Georgia; Turkey") == ["AM", "GE", "TR"]


def test_the_other_places_settle_a_name():
    assert codes("In Georgia, as in Florida and Alabama, polls opened.", GPE="Georgia; Florida; Alabama")[0] == "US-GA"
    assert codes("Tbilisi is quiet. Georgia votes on Sunday.", GPE="Tbilisi; Georgia")[1] == "GE"
    assert (
        codes("Georgia waits for the Alabama Supreme Court.", GPE="Georgia", ORG="Alabama Supreme Court")[0] == "US-GA"
    )


def test_a_state_is_meant_where_a_city_in_it_is_named():
    assert codes("Rome, Georgia, wrote to Pavia, Italy.", GPE="Rome; Georgia; Italy") == ["US-GA", "US-GA", "IT"]


def test_where_they_cannot_there_is_no_place():
    assert codes("The U.S. and Georgia talk.", GPE="Georgia; U.S.")[0] is None


def test_a_town_far_from_all_that_is_named_is_not_believed():
    assert codes("In Norway and in Sweden, Ashgrove grew.", GPE="Norway; Sweden; Ashgrove")[2] is None
    assert codes("In Kenya, as in Uganda, Molde is unknown.", GPE="Kenya; Uganda; Molde")[2] is None


def test_a_small_namesake_is_not_believed_for_another_city_of_its_country():
    assert codes("The ferry left Halifax for Boston.", GPE="Halifax; Boston") == ["CA-NS", "US-MA"]
    assert codes("They marched down Whitehall in London.", GPE="Whitehall; London") == [None, "GB-ENG"]


def test_a_name_that_subdivisions_of_many_countries_have_is_of_the_country_that_is_told():
    assert codes("In Ghana the Central Region is dry.", GPE="Ghana; Central Region")[1] is None
    assert codes("In Malawi the Central Region is dry.", GPE="Malawi; Central Region")[1] == "MW-C"
    assert codes("The Coastal Region is dry.", LOC="Coastal Region") == [None]


def test_a_river_is_no_city_of_its_name_in_a_country_that_is_not_told():
    assert codes("The Rio Grande rose in Texas.", LOC="Rio Grande", GPE="Texas") == [None, "US-TX"]


def test_a_short_name_is_no_country_unless_the_article_tells_of_it():
    def places(text, label, full="Ivy Chad"):
        start = text.index(", Chad") + 2
        chad = Entity(name="Chad", label="GPE", mentions=(Mention(start=start, end=start + 4, score=0.9),))
        named = [
            entity(full, label, text),
            chad,
            *([entity("Chadian", "NORP", text)] if "Chadian" in text else []),
        ]
        return located(text, named, atlas())[1].place

    assert places("Ivy Chad rowed. It was close, Chad said.", "PERSON") is None
    assert places("Ivy Chad, a student, rowed. It was close, Chad said.", "GPE") is None
    assert places("Ivy Chad rowed. Later, Chad won.", "GPE") == Place(country="TD", is_country=True)
    assert places("Chad Orr rowed. It was close, Chad said.", "PERSON", "Chad Orr") is None
    assert places("Ivy Chad beat the Chadian. Later, Chad won.", "PERSON") == Place(country="TD", is_country=True)


def test_a_name_that_the_text_puts_in_two_countries_is_two_places():
    text = "Valencia, California, wrote to Valencia, Spain. In Valencia it rained."
    starts = [found.start() for found in re.finditer("Valencia", text)]
    mentions = tuple(Mention(start=n, end=n + len("Valencia"), score=0.9) for n in starts)
    found = located(text, [Entity(name="Valencia", label="GPE", mentions=mentions)], atlas())
    assert [each.place and each.place.country for each in found] == ["US", "ES"]
    assert [each.mentions for each in found] == [mentions[:1], mentions[1:]]


def test_a_name_that_the_text_puts_in_two_states_of_one_country_is_in_that_country():
    text = "Portland, Oregon, wrote to Portland, Maine."
    mentions = tuple(Mention(start=n, end=n + len("Portland"), score=0.9) for n in (0, text.rindex("Portland")))
    (found,) = located(text, [Entity(name="Portland", label="GPE", mentions=mentions)], atlas())
    assert found.place == Place(country="US")


def test_facilities_lie_where_the_place_in_their_name_does():
    assert codes("He landed at Tallinn Airport in Estonia.", FAC="Tallinn Airport", GPE="Estonia") == ["EE", "EE"]
    assert codes("She spoke at the White House.", FAC="White House") == [None]
    assert codes("They won at the Emirates Stadium.", FAC="Emirates Stadium") == [None]
    assert codes("Rain fell on London and Debre Port.", GPE="London", FAC="Debre Port")[1] is None


def test_what_is_no_place_has_none():
    text = "Jordan met Chad of Paris Match."
    people = [entity("Jordan", "PERSON", text), entity("Paris Match", "ORG", text)]
    assert [each.place for each in located(text, people, atlas())] == [None, None]


def test_a_table_of_other_places(tmp_path: Path):
    path = tmp_path / "atlas.tsv.gz"
    path.write_bytes(gzip.compress(b"=AA\tBB\nnowhere\t\noz\tC AA 900\n~ozite\tD AA 90"))
    table = Atlas.read(path)
    text = "Ozites left Oz for Nowhere."
    named = [entity("Ozites", "NORP", text), entity("Oz", "GPE", text), entity("Nowhere", "GPE", text)]
    country = Place(country="AA", is_country=True)
    assert [each.place for each in located(text, named, table)] == [Place(country="AA"), country, None]
    assert table.neighbours("AA") == ["BB"]


words = st.sampled_from(["Georgia", "Paris", "Texas", "U.S.", "Victoria", "San José", "Washington", "Congo", "Korea"])
joints = st.sampled_from(["Dutch", ", ", " in ", " (", ") ", ", Ala.", "A", "é", "'", "\n", "of ", " State "])


@given(st.lists(st.tuples(words | joints | st.text(max_size=12), st.sampled_from(LABELS)), max_size=12))
def test_every_text_is_read_and_nothing_but_places_changes(pieces):
    text, entities = "", []
    for piece, label in pieces:
        if piece:
            mention = Mention(start=len(text), end=len(text) + len(piece), score=0.5)
            entities.append(Entity(name=piece, label=label, mentions=(mention,)))
        text += piece
    found = located(text, entities, atlas())
    assert [(e.name, e.label, e.mentions) for e in found] == [(e.name, e.label, e.mentions) for e in entities]
    for each in found:
        if each.place:
            assert each.label in ("GPE", "LOC", "FAC", "NORP")
            assert each.place.country
            assert (each.place.subdivision or each.place.country).startswith(each.place.country)
            assert (each.place.latitude is None) == (each.place.longitude is None)
