import re

import pytest

from gazetteer.annotate.entities import (
    apart,
    as_described,
    defined,
    entities_of,
    joined,
    of_datelines,
    one_label_a_name,
    out_of_credits,
    whole_names,
)
from gazetteer.annotate.mentions import LabelledSpan
from gazetteer.annotate.sentences import split


def spans(text, *found):
    """The spans of (words, label, score) in `text`, each searched for after the one before."""
    made, at = [], 0
    for words, label, score in found:
        start = text.index(words, at)
        at = start + len(words)
        made.append(LabelledSpan(start=start, end=at, label=label, score=score))
    return made


def test_mentions_are_gathered_under_the_fullest_name_with_exact_places():
    text = "Abena Osei spoke. Ms. Osei left Accra."
    found = entities_of(
        text, spans(text, ("Abena Osei", "PERSON", 0.9), ("Osei", "PERSON", 0.8), ("Accra", "GPE", 0.9))
    )
    assert [(e.name, e.label, [text[m.start : m.end] for m in e.mentions]) for e in found] == [
        ("Abena Osei", "PERSON", ["Abena Osei", "Osei"]),
        ("Accra", "GPE", ["Accra"]),
    ]


def test_one_name_has_one_label():
    text = "The Kremlin said. Near the Kremlin. The Kremlin again."
    found = spans(text, ("Kremlin", "ORG", 0.9), ("Kremlin", "FAC", 0.8), ("Kremlin", "ORG", 0.9))
    assert {s.label for s in one_label_a_name(text, found)} == {"ORG"}


def test_a_surname_mistaken_for_a_building_is_the_person():
    text = "Aleksandr Taraikovsky died. Flowers for Taraikovsky."
    found = spans(text, ("Aleksandr Taraikovsky", "PERSON", 0.95), ("Taraikovsky", "FAC", 0.6))
    (entity,) = entities_of(text, found)
    assert (entity.name, entity.label, len(entity.mentions)) == ("Aleksandr Taraikovsky", "PERSON", 2)


def read(text, *found):
    """The names of the entities of `text`, each with its label and how often it is mentioned."""
    return {(e.name, e.label, len(e.mentions)) for e in entities_of(text, spans(text, *found))}


def test_what_the_model_parts_is_one():
    text = "The E.U. met Harbour Lines Ltd and Lind. U.N. came."
    found = [("E.", "ORG", 0.6), ("U.", "GPE", 0.6), ("Harbour", "ORG", 0.9), ("Lines Ltd", "ORG", 0.8)]
    parted = [*found, ("Lind", "ORG", 0.9), ("U.N.", "ORG", 0.9)]
    assert [text[s.start : s.end] for s in joined(text, spans(text, *parted))] == [
        *("E.U.", "Harbour Lines Ltd", "Lind", "U.N."),
    ]


def test_a_name_before_marriage_is_the_same_persons():
    text = "Rose (née Cohen) sang in Accra. Cohen was born there."
    found = [("Rose", "PERSON", 0.9), ("Cohen", "PERSON", 0.9), ("Accra", "GPE", 0.9), ("Cohen", "PERSON", 0.9)]
    assert ("Rose", "PERSON", 3) in read(text, *found) or ("Cohen", "PERSON", 3) in read(text, *found)


def test_a_dateline_may_have_two_towns():
    text = "ACCRA/LIMA, June 5 (NPA) - The minister left."
    found = [("ACCRA", "GPE", 0.9), ("LIMA", "GPE", 0.9), ("NPA", "ORG", 0.9)]
    assert read(text, *found) == {("Accra", "GPE", 1), ("Lima", "GPE", 1)}


def test_a_shares_symbol_is_no_name():
    text = "Holm Steel (NYSE: HOL), Lind Lines (LLN.O), one (.LIX), Berg Mines (TSXV: BRG; OTCQB: BRGF), the WHO (UN)."
    found = [(name, "ORG", 0.9) for name in ("Holm Steel", "NYSE", "HOL", "Lind Lines", "LLN", "Berg Mines", "TSXV")]
    found.insert(5, ("LIX", "ORG", 0.9))
    found += [("BRG", "ORG", 0.9), ("OTCQB", "ORG", 0.9), ("WHO", "ORG", 0.9), ("UN", "ORG", 0.9)]
    names = {name for name, _, _ in read(text, *found)}
    assert names == {"Holm Steel", "Lind Lines", "Berg Mines", "WHO", "UN"}


def test_a_common_noun_for_people_is_no_name_unless_somebody_has_it():
    gunman, driver = ("Gunman", "PERSON", 0.6), ("Driver", "PERSON", 0.8)
    assert read("Gunman held. Driver fled.", gunman, driver) == set()
    text = "Ada Driver sang. Gunman held. Driver bowed."
    assert read(text, ("Ada Driver", "PERSON", 0.9), gunman, driver) == {("Ada Driver", "PERSON", 2)}


def test_a_title_of_the_other_gender_is_somebody_else():
    text = "Mrs Edith Crane wept. Mrs Crane, 87, had lent it. Mr Crane, her late husband, knew. Mr Crane died."
    found = [("Edith Crane", "PERSON", 0.9), *[("Crane", "PERSON", 0.9)] * 3]
    assert read(text, *found) == {("Edith Crane", "PERSON", 2), ("Crane", "PERSON", 2)}


def test_a_title_leads_to_whom_it_surely_fits():
    text = "Neve Hale spoke. She married Thomas Hale in May. Mr. Hale played. Hale sang."
    found = [("Neve Hale", "PERSON", 0.9), ("Thomas Hale", "PERSON", 0.9), *[("Hale", "PERSON", 0.9)] * 2]
    assert read(text, *found) == {("Neve Hale", "PERSON", 2), ("Thomas Hale", "PERSON", 2)}


def test_a_given_name_that_shares_the_next_ones_last_name_has_it():
    text = "Michael and Ana Ruiz sued. Michael Berg, for the agency, said no. Mr. Berg shrugged."
    found = [("Michael", "PERSON", 0.9), ("Ana Ruiz", "PERSON", 0.9), ("Michael Berg", "PERSON", 0.9)]
    assert read(text, *found, ("Berg", "PERSON", 0.9)) == {
        ("Michael Ruiz", "PERSON", 1),
        ("Ana Ruiz", "PERSON", 1),
        ("Michael Berg", "PERSON", 2),
    }


def test_a_last_name_beside_another_name_stays_by_itself():
    text = "Osei and Ana Ruiz sued. James and Jo Park left. Henry James returned."
    found = [("Osei", "PERSON", 0.9), ("Ana Ruiz", "PERSON", 0.9), ("James", "PERSON", 0.9), ("Jo Park", "PERSON", 0.9)]
    names = {name for name, _, _ in read(text, *found, ("Henry James", "PERSON", 0.9))}
    assert names == {"Osei", "Ana Ruiz", "Jo Park", "Henry James"}


def test_an_acronym_is_the_only_name_with_its_initials_whatever_its_label():
    text = "The Clean Rivers Act passed. The CRA helps. Norland State Oil Company Limited, NSOCL, did not. NSOCL fell."
    found = [("Clean Rivers Act", "LAW", 0.9), ("CRA", "ORG", 0.9), ("Norland State Oil Company Limited", "ORG", 0.9)]
    assert read(text, *found, ("NSOCL", "ORG", 0.9), ("NSOCL", "ORG", 0.9)) == {
        ("Clean Rivers Act", "LAW", 2),
        ("Norland State Oil Company Limited", "ORG", 3),
    }


def test_an_acronym_that_two_names_have_stands_apart():
    text = "The CRA paid. The Clean Rivers Act and the Cape Roads Agency."
    found = [("CRA", "ORG", 0.9), ("Clean Rivers Act", "LAW", 0.9), ("Cape Roads Agency", "EVENT", 0.9)]
    assert ("CRA", "ORG", 1) in read(text, *found)


def test_where_somebody_lives_is_a_place_and_a_companys_form_makes_a_body():
    text = "Dennis Harker, 61, of Mill Lane, Ostby, hired Flom & Arp LLP."
    found = [("Dennis Harker", "PERSON", 0.9), ("Mill Lane", "PERSON", 0.9), ("Ostby", "PERSON", 0.9)]
    assert read(text, *found, ("Flom & Arp LLP", "PERSON", 0.9)) == {
        ("Dennis Harker", "PERSON", 1),
        ("Mill Lane", "FAC", 1),
        ("Ostby", "GPE", 1),
        ("Flom & Arp LLP", "ORG", 1),
    }


def test_where_a_body_is_based_is_a_place():
    text = "The Ostby, Norland-based company grew."
    assert read(text, ("Ostby", "ORG", 0.9), ("Norland", "GPE", 0.9)) == {("Ostby", "GPE", 1), ("Norland", "GPE", 1)}


def test_a_dateline_may_end_with_a_colon():
    text = "NEW HOLM: The minister left.\n\nWHO: The agency did."
    assert read(text, ("NEW HOLM", "GPE", 0.9), ("WHO", "ORG", 0.9)) == {("New Holm", "GPE", 1), ("WHO", "ORG", 1)}


def test_authors_are_not_in_the_news():
    text = "Ivan Petrenko reported from Minsk. Ivan also met Ana Ruiz."
    found = spans(
        text,
        ("Ivan Petrenko", "PERSON", 0.9),
        ("Minsk", "GPE", 0.9),
        ("Ivan", "PERSON", 0.8),
        ("Ana Ruiz", "PERSON", 0.9),
    )
    assert {e.name for e in entities_of(text, found, authors=("Ivan Petrenko",))} == {"Minsk", "Ana Ruiz"}


def test_a_surname_that_an_author_shares_is_whom_the_news_is_about():
    text = "Ana Petrenko won. Petrenko sang."
    found = spans(text, ("Ana Petrenko", "PERSON", 0.9), ("Petrenko", "PERSON", 0.9))
    (entity,) = entities_of(text, found, authors=("Ivan Petrenko",))
    assert (entity.name, len(entity.mentions)) == ("Ana Petrenko", 2)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("<Osei>’s son <Kofi Osei> came. <Osei> left.", {"Osei": 2, "Kofi Osei": 1}),
        ("<Kofi Osei>, the eldest son of Judge <Osei>, came. <Osei> left.", {"Kofi Osei": 2, "Osei": 1}),
        ("<Ama Osei> and her husband, <Kofi Osei>, came. <Osei> left.", {"Ama Osei": 2, "Kofi Osei": 1}),
        ("<Paul Ito> and <Paul Ito Jr.> came. <Ito> left.", {"Paul Ito": 2, "Paul Ito Jr.": 1}),
        ("<Paul Ito Jr.> came. <Paul Ito> left.", {"Paul Ito Jr.": 2}),
        ("<Ama Osei> saw her brother, <Osei> said.", {"Ama Osei": 2}),
    ],
)
def test_two_of_a_family_are_two_people(text: str, names: dict[str, int]) -> None:
    parts = re.findall(r"<(.*?)>", text)
    text = re.sub("[<>]", "", text)
    found = entities_of(text, spans(text, *((part, "PERSON", 0.9) for part in parts)))
    assert {entity.name: len(entity.mentions) for entity in found} == names


def test_an_author_taken_for_a_company_is_still_an_author():
    text = "Reporting by Ivan Petrenko."
    assert entities_of(text, spans(text, ("Ivan Petrenko", "ORG", 0.9)), authors=("Ivan Petrenko",)) == ()


def test_the_headline_and_the_beginning_come_first():
    text = "Oslo and Bergen and Oslo. Then Bergen. Then Molde."
    found = spans(
        text,
        ("Oslo", "GPE", 0.9),
        ("Bergen", "GPE", 0.9),
        ("Oslo", "GPE", 0.9),
        ("Bergen", "GPE", 0.9),
        ("Molde", "GPE", 0.9),
    )
    assert [e.name for e in entities_of(text, found)] == ["Oslo", "Bergen", "Molde"]
    assert entities_of(text, found, headline="Molde wins")[0].name == "Molde"


def test_a_name_over_two_lines_is_shown_on_one():
    text = "the Harbour\nUnion"
    (entity,) = entities_of(text, [LabelledSpan(start=4, end=17, label="ORG", score=0.9)])
    assert entity.name == "Harbour Union"


def test_a_company_is_one_with_and_without_its_form():
    text = "Lindqvist AG grew. Lindqvist hired."
    (entity,) = entities_of(text, spans(text, ("Lindqvist AG", "ORG", 0.9), ("Lindqvist", "PERSON", 0.6)))
    assert (entity.name, entity.label, len(entity.mentions)) == ("Lindqvist AG", "ORG", 2)


def test_what_is_called_an_agency_is_an_organisation_unless_the_model_is_sure():
    text = "Belta, the state news agency, said. Osei, the agency said, left."
    unsure, sure = spans(text, ("Belta", "PERSON", 0.6), ("Osei", "PERSON", 0.95))
    assert [s.label for s in as_described(text, [unsure, sure])] == ["ORG", "PERSON"]


def test_names_in_a_credit_are_not_in_the_news():
    text = "Accra waits. Kara Holm contributed reporting from Oslo. The report by Ana Ruiz shook Lima."
    found = spans(
        text, ("Accra", "GPE", 0.9), ("Kara Holm", "PERSON", 0.9), ("Oslo", "GPE", 0.9), ("Ana Ruiz", "PERSON", 0.9)
    )
    kept = out_of_credits(text, found, split(text), [True] * 3)
    assert [text[s.start : s.end] for s in kept] == ["Accra", "Ana Ruiz"]


def test_names_in_a_sentence_that_is_not_the_articles_own_are_none():
    text = "Accra waits. Read more: How Ana Ruiz won."
    found = spans(text, ("Accra", "GPE", 0.9), ("Ana Ruiz", "PERSON", 0.9))
    kept = out_of_credits(text, found, split(text), [True, False])
    assert [text[s.start : s.end] for s in kept] == ["Accra"]


def test_names_in_a_caption_stay():
    text = "Accra waits.\nCars in Lima. Photo: Ana Ruiz"
    found = spans(text, ("Accra", "GPE", 0.9), ("Lima", "GPE", 0.9), ("Ana Ruiz", "PERSON", 0.9))
    assert out_of_credits(text, found, split(text), [True, False, False]) == found


def test_names_in_a_sentence_about_an_author_stay():
    text = "The play, written by Ana Ruiz, opened in Lima. Both men contributed to the report on Accra."
    found = spans(text, ("Ana Ruiz", "PERSON", 0.9), ("Lima", "GPE", 0.9), ("Accra", "GPE", 0.9))
    assert out_of_credits(text, found, split(text), [True] * 2) == found


def test_a_nickname_in_quotation_marks_does_not_part_a_name():
    text = "Ana “Nana” Ruiz met Jo Park."
    found = whole_names(text, spans(text, ("Ana", "PERSON", 0.9), ("Ruiz", "PERSON", 0.8), ("Jo Park", "PERSON", 0.9)))
    assert [text[s.start : s.end] for s in found] == ["Ana “Nana” Ruiz", "Jo Park"]


def test_particles_do_not_part_a_name():
    text = "Jan ten Berg met Ana de la Cruz, Ali al-Karim and Jo Park in ten days."
    parts = ("Jan", "Berg", "Ana", "Cruz", "Ali", "Karim", "Jo Park")
    found = whole_names(text, spans(text, *((part, "PERSON", 0.9) for part in parts)))
    assert [text[s.start : s.end] for s in found] == ["Jan ten Berg", "Ana de la Cruz", "Ali al-Karim", "Jo Park"]
    text = "Jan gave ten Berg fans a map."
    assert len(whole_names(text, spans(text, ("Jan", "PERSON", 0.9), ("Berg", "PERSON", 0.9)))) == 2


@pytest.mark.parametrize(
    ("text", "full", "short", "label"),
    [
        ("Khalil bin Osman (KBO) spoke. KBO left.", "Khalil bin Osman", "KBO", "PERSON"),
        ("Anna Olsen-Carr, known as AOC, spoke. AOC left.", "Anna Olsen-Carr", "AOC", "ORG"),
        ("AOC, or Anna Olsen-Carr, spoke. AOC left.", "Anna Olsen-Carr", "AOC", "ORG"),
        ("Anna Olsen, popularly known as “Nannerl”, spoke. Nannerl left.", "Anna Olsen", "Nannerl", "PERSON"),
    ],
)
def test_a_persons_other_name_that_the_text_gives_is_theirs(text: str, full: str, short: str, label: str) -> None:
    first, second = sorted([(full, "PERSON", 0.9), (short, label, 0.9)], key=lambda found: text.index(found[0]))
    (entity,) = entities_of(text, spans(text, first, second, (short, label, 0.9)))
    assert (entity.name, entity.label, len(entity.mentions)) == (full, "PERSON", 3)


def test_somebody_in_brackets_and_somebody_likened_are_others():
    text = "The cook (Ana Ruiz) sang with Anna Olsen (Jo Park), dubbed the Ivo Holm of song."
    found = spans(text, *((name, "PERSON", 0.9) for name in ("Ana Ruiz", "Anna Olsen", "Jo Park", "Ivo Holm")))
    assert list(defined(text, found)) == []


def test_the_places_of_a_dateline_stand_by_themselves_and_its_agency_is_left_out():
    text = "MOLDE, Norway (NPA) — Snow fell in Molde.\n\nBERGEN – The NPA, an agency, grew."
    found = spans(
        text,
        ("MOLDE, Norway", "GPE", 0.9),
        ("NPA", "ORG", 0.9),
        ("Molde", "GPE", 0.9),
        ("BERGEN", "GPE", 0.9),
        ("NPA", "ORG", 0.9),
    )
    assert [text[s.start : s.end] for s in of_datelines(text, found)] == ["MOLDE", "Norway", "Molde", "BERGEN", "NPA"]
    assert [e.name for e in entities_of(text, found)] == ["Molde", "Norway", "Bergen", "NPA"]


@pytest.mark.parametrize(
    ("dateline", "name", "label", "read"),
    [
        ("CARROW, England — ", "CARROW", "PERSON", ("Carrow", "GPE")),
        ("ANTOFAGASTA, Chile (CPA) _ ", "ANTOFAGASTA", "GPE", ("Antofagasta", "GPE")),
        ("ALDER VALLEY — ", "ALDER VALLEY", "LOC", ("Alder Valley", "GPE")),
        ("RIO DE JANEIRO – ", "RIO DE JANEIRO", "GPE", ("Rio de Janeiro", "GPE")),
        ("ST. LOUIS (NPA) — ", "ST. LOUIS", "PERSON", ("St. Louis", "GPE")),
        ("U.N. — ", "U.N.", "ORG", ("U.N.", "ORG")),
        ("JANE DOE — ", "JANE DOE", "PERSON", ("Jane Doe", "PERSON")),
        ("Rain fell in ", "CARROW", "PERSON", ("CARROW", "PERSON")),
    ],
)
def test_a_town_in_a_datelines_capitals_is_read_as_one(
    dateline: str, name: str, label: str, read: tuple[str, str]
) -> None:
    text = f"Snow fell.\n\n{dateline}{'' if name in dateline else name} Nobody came."
    (entity,) = entities_of(text, spans(text, (name, label, 0.6)))
    assert (entity.name, entity.label) == read


def test_a_town_of_a_dateline_is_the_one_of_the_text_and_no_person_is() -> None:
    text = "CARROW, England — Rain fell on Carrow."
    found = spans(text, ("CARROW, England", "GPE", 0.6), ("Carrow", "PERSON", 0.9))
    assert [(e.name, e.label) for e in entities_of(text, found)] == [("Carrow", "GPE"), ("England", "GPE")]
    text = "LINCOLN, Neb. — Kate Lincoln came. Lincoln sang."
    found = spans(text, ("LINCOLN", "GPE", 0.9), ("Kate Lincoln", "PERSON", 0.9), ("Lincoln", "PERSON", 0.9))
    assert {(e.name, e.label) for e in entities_of(text, found)} == {("Kate Lincoln", "PERSON"), ("Lincoln", "GPE")}


def test_people_joined_by_a_stroke_and_an_acronym_in_brackets_stand_by_themselves():
    text = "Ruiz/Park won. The Harbour Workers (CGT) cheered. The CGT’s men sang."
    found = spans(text, ("Ruiz/Park", "PERSON", 0.9), ("Harbour Workers (CGT)", "ORG", 0.9), ("CGT", "ORG", 0.9))
    assert [text[s.start : s.end] for s in apart(text, found)][:4] == ["Ruiz", "Park", "Harbour Workers", "CGT"]


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Workers (CGT) struck. The CGT won.",
        "The CGT, or Harbour Workers, struck. The CGT won.",
        "The CGT (Harbour Workers) struck. The CGT won.",
        "The Harbour Workers, known as the CGT, struck. The CGT won.",
    ],
)
def test_a_name_and_the_acronym_that_the_text_gives_it_are_one(text):
    first, second = sorted([("CGT", "ORG", 0.9), ("Harbour Workers", "ORG", 0.9)], key=lambda s: text.index(s[0]))
    (entity,) = entities_of(text, spans(text, first, second, ("CGT", "ORG", 0.9)))
    assert (entity.name, len(entity.mentions)) == ("Harbour Workers", 3)


def test_what_only_stands_in_brackets_is_no_acronym():
    text = "Ana Ruiz (CGT) spoke to Harbour Radio (Oslo)."
    found = spans(
        text, ("Ana Ruiz", "PERSON", 0.9), ("CGT", "ORG", 0.9), ("Harbour Radio", "ORG", 0.9), ("Oslo", "GPE", 0.9)
    )
    assert list(defined(text, found)) == []


def test_a_place_and_what_it_lies_in_stand_by_themselves():
    text = "He left Molde, Norway for Washington, D.C. by sea."
    found = spans(text, ("Molde, Norway", "GPE", 0.9), ("Washington, D.C.", "GPE", 0.9))
    assert [text[s.start : s.end] for s in apart(text, found)] == ["Molde", "Norway", "Washington, D.C."]


def test_a_body_named_after_a_couple_is_one():
    text = "John D. and Carla T. Ostby Foundation money. The Samir and Hadi bin Samir Trust. Omar and the Lind Trust."
    found = [("John D", "ORG", 0.9), ("Carla T. Ostby Foundation", "ORG", 0.8), ("Samir", "PERSON", 0.9)]
    found += [("Hadi bin Samir Trust", "ORG", 0.9), ("Omar", "PERSON", 0.9), ("Lind Trust", "ORG", 0.9)]
    assert [text[s.start : s.end] for s in joined(text, spans(text, *found))] == [
        "John D. and Carla T. Ostby Foundation",
        "Samir and Hadi bin Samir Trust",
        "Omar",
        "Lind Trust",
    ]


def test_bodies_beside_each_other_are_two():
    text = "Alba and Lind Foundation staff met. Oslo and Ana Ruiz Library. Ana and Ruiz Bank."
    found = [
        ("Alba", "ORG", 0.9),
        ("Lind Foundation", "ORG", 0.9),
        ("Oslo", "GPE", 0.9),
        ("Ana Ruiz Library", "FAC", 0.9),
    ]
    found += [("Ana", "PERSON", 0.9), ("Ruiz Bank", "ORG", 0.9)]
    assert [text[s.start : s.end] for s in joined(text, spans(text, *found))] == [words for words, _, _ in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Ruiz y Rosa Park", ["Ana Ruiz", "Rosa Park"]),
        ("Bill and Ana Ruiz", ["Bill", "Ana Ruiz"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Santiago Ramón y Cajal", ["Santiago Ramón y Cajal"]),
    ],
)
def test_two_people_taken_for_one_are_two(name, expected):
    found = apart(name, spans(name, (name, "PERSON", 0.9)))
    assert [name[s.start : s.end] for s in found] == expected


def test_nature_reserves_are_places_and_the_european_union_is_a_body():
    text = "Cerro Alto National Park and Lago Azul Wildlife Refuge closed, the EU and the Nature Reserve Fund said."
    found = [("Cerro Alto National Park", "FAC", 0.9), ("Lago Azul Wildlife Refuge", "ORG", 0.9)]
    found += [("EU", "GPE", 0.9), ("Nature Reserve Fund", "ORG", 0.9)]
    assert [s.label for s in as_described(text, spans(text, *found))] == ["LOC", "LOC", "ORG", "ORG"]
