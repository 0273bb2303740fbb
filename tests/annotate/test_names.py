from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.names import fullest, gather, group_words, is_acronym, person_words, place_words, same_person
from gazetteer.types import LABELS


def together(label, *names):
    """Whether all `names` of one label are gathered into one thing."""
    return gather([(name, label) for name in names]) == [tuple(range(len(names)))]


def test_a_person_is_one_under_title_initial_and_surname():
    assert together(
        "PERSON", "Vladimir V. Putin", "Mr. Putin", "Putin", "Vladimir Putin", "President Vladimir V. Putin"
    )


def test_a_surname_read_before_the_full_name_is_that_person():
    assert together("PERSON", "Osei", "Abena Osei", "Ms Osei")


def test_people_with_one_surname_are_told_apart_and_the_surname_alone_is_the_first_named():
    mentions = [("Hillary Marsh", "PERSON"), ("Peter Marsh", "PERSON"), ("Marsh", "PERSON")]
    assert gather(mentions) == [(0, 2), (1,)]
    assert gather([mentions[2], *mentions[:2]]) == [(0, 1), (2,)]


def test_people_with_some_names_in_common_are_told_apart():
    assert gather([("Pak Min Ho", "PERSON"), ("Pak Soo Min", "PERSON"), ("Pak", "PERSON")]) == [(0, 2), (1,)]
    assert gather([("Carl W. Berg", "PERSON"), ("Carl H.W. Berg", "PERSON")]) == [(0,), (1,)]
    assert gather([("Carl W. Berg", "PERSON"), ("Carl Hans Willem Berg", "PERSON")]) == [(0,), (1,)]
    assert together("PERSON", "Carl H. Berg", "Carl Hans Willem Berg")


def test_generations_are_two_people():
    assert gather([("Paul Ito Jr.", "PERSON"), ("Paul Ito Sr.", "PERSON"), ("Ito", "PERSON")]) == [(0, 2), (1,)]
    assert not together("PERSON", "King Carl II", "King Carl III")
    assert together("PERSON", "King Carl II", "Carl")


def test_who_the_text_says_are_two_are_two():
    mentions = [("Ana Ruiz", "PERSON"), ("Ruiz", "PERSON"), ("Ruiz", "PERSON")]
    assert gather(mentions, two=[(0, 1)]) == [(0, 2), (1,)]
    mentions = [("Ruiz", "PERSON"), ("Ana Ruiz", "PERSON"), ("Ruiz", "PERSON")]
    assert gather(mentions, two=[(0, 1)]) == [(0, 2), (1,)]
    mentions = [("Paul Ito Jr.", "PERSON"), ("Paul Ito", "PERSON"), ("Paul Ito", "PERSON"), ("Ito", "PERSON")]
    assert gather(mentions, two=[(0, 1)]) == [(0, 3), (1, 2)]


def test_given_names_tell_people_apart():
    assert not together("PERSON", "Anna Berg", "Karl Berg")
    assert together("PERSON", "William Berg", "Bill Berg")
    assert together("PERSON", "W. Berg", "William Berg")


def test_particles_and_generations():
    assert together("PERSON", "Ursula van der Linden", "van der Linden", "Linden")
    assert together("PERSON", "Rashid al-Karim", "al-Karim", "Karim")
    assert together("PERSON", "Paul Ito Jr.", "Paul Ito")


def test_accents_and_one_wrong_letter_do_not_part_a_person():
    assert together("PERSON", "Zoë Březinová", "Brezinova")
    assert together("PERSON", "Viktor Yuschtschenko", "Yuschtchenko")


def test_an_organisation_is_one_under_its_acronym_company_form_and_short_form():
    assert together("ORG", "European Union", "EU", "the European Union")
    assert together("ORG", "Harbour Workers Union", "HWU")
    assert together("ORG", "Lindqvist Marine AG", "Lindqvist Marine", "Lindqvist")


def test_an_organisation_of_a_state_is_one_with_the_state_in_short_and_in_full():
    assert together("ORG", "U.S. Attorney’s Office", "United States Attorney’s Office")


def test_organisations_that_share_a_last_word_alone_stay_apart():
    assert not together("ORG", "Norland Bank", "Sudland Bank")


def test_an_organisations_words_may_be_run_together():
    assert together("ORG", "J.P. Holm Lund & Co", "JPHolm", "JPHolm Lund")
    assert not together("ORG", "Holm Lund Bank", "Holmes")


def test_clubs_go_by_short_forms_of_their_towns():
    assert together("ORG", "Manchester City", "Man City")
    assert not together("ORG", "Manchester City", "Man United")


def test_what_an_organisation_is_of_or_for_is_another():
    assert not together("ORG", "Norland Friends of the United Nations", "UN")
    assert not together("ORG", "Norland Friends of the United Nations", "United Nations")
    assert not together("ORG", "Fund for Harbour Workers of Norland", "Harbour Workers")
    assert not together("ORG", "Bank of Norland", "Norland")
    assert not together("ORG", "United Nations Harbour Programme", "UN")
    assert together("ORG", "Royal Bank of Norland", "Bank of Norland")
    assert together("ORG", "House of Commons", "Commons")


def test_an_organisations_one_word_is_known_by_no_compound_read_once():
    assert fullest(["NLB", "NLB", "NLB Trophy"], "ORG") == "NLB"
    assert fullest(["Lindqvist", "Lindqvist Trophy"], "ORG") == "Lindqvist"
    assert fullest(["Lindqvist Marine", "Lindqvist"], "ORG") == "Lindqvist Marine"
    assert fullest(["Lindqvist", "Lindqvist AG"], "ORG") == "Lindqvist AG"
    assert fullest(["House", "House of Elders"], "ORG") == "House of Elders"
    assert not together("ORG", "Lindqvist", "Lindqvist Board")


def test_places_go_by_one_name():
    assert together("GPE", "Belarus", "Republic of Belarus", "the Republic of Belarus")
    assert together("GPE", "U.S.", "United States", "USA")
    assert together("GPE", "MOLDE, Norway", "Molde")
    assert not together("GPE", "North Dakota", "South Dakota")


def test_peoples_in_the_plural():
    assert together("NORP", "Belarusian", "Belarusians")
    assert group_words("Swiss") == ("swiss",)


def test_labels_are_gathered_apart():
    assert gather([("Kyoto", "GPE"), ("Kyoto", "ORG")]) == [(0,), (1,)]


def test_the_fullest_name_of_a_person_and_the_usual_one_of_a_place():
    assert fullest(["Putin", "Vladimir V. Putin", "Vladimir Putin"], "PERSON") == "Vladimir V. Putin"
    assert fullest(["Belarus", "Republic of Belarus", "Belarus"], "GPE") == "Belarus"
    assert fullest(["EU", "European Union", "EU"], "ORG") == "European Union"


def test_acronyms_with_and_without_small_words():
    assert is_acronym(("doj",), ("department", "of", "justice"))
    assert is_acronym(("fbi",), ("federal", "bureau", "of", "investigation"))
    assert not is_acronym(("fda",), ("federal", "bureau", "of", "investigation"))


def test_titles_are_no_part_of_the_words_compared():
    assert person_words("Mr. Smith") == ("smith",)
    assert person_words("Dr. Sir Ann Smith") == ("ann", "smith")
    assert place_words("Republic of Belarus") == ("belarus",)


def test_a_middle_name_must_not_contradict():
    assert same_person(("john", "q", "doe"), ("john", "quincy", "doe"))
    assert not same_person(("john", "x", "doe"), ("john", "quincy", "doe"))


names = st.text(max_size=30) | st.text(alphabet="ab AB.-'’", max_size=20)


@given(
    st.lists(st.tuples(names, st.sampled_from(LABELS)), max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=5),
)
def test_every_mention_is_in_one_thing_of_its_label(mentions, two):
    things = gather(mentions, two=two)
    assert sorted(n for members in things for n in members) == list(range(len(mentions)))
    for members in things:
        assert len({mentions[n][1] for n in members}) == 1
        assert fullest([mentions[n][0] for n in members], mentions[members[0]][1]) in {mentions[n][0] for n in members}


def test_initials_run_on_or_apart_are_one_person():
    assert together("PERSON", "Vladimir Putin", "V.V. Putin", "V. V. Putin")
    assert not together("PERSON", "V.V. Putin", "D. Putin")


def test_a_second_surname_may_be_left_out():
    assert together("PERSON", "Pedro R. Vidal Urrutia", "Pedro Vidal", "Vidal")
    assert not together("PERSON", "Pedro R. Vidal Urrutia", "Ana Vidal")


def test_titles_of_other_languages():
    assert together("PERSON", "Angela Berg", "Bundeskanzlerin Berg", "Monsieur Angela Berg")


def test_two_letters_swapped_do_not_part_a_person():
    assert together("PERSON", "Pedro Pierluisi", "Pierliusi")


def test_letters_of_other_alphabets_are_one_with_their_plain_ones():
    assert together("GPE", "Łódź", "Lodz")
    assert together("PERSON", "Søren Østergård", "Ostergard")


def test_a_committee_is_not_the_body_that_it_is_within():
    assert gather([("House Judiciary Committee", "ORG"), ("House", "ORG")]) == [(0,), (1,)]
    assert together("ORG", "House of Representatives", "House")


def test_bodies_of_a_state_under_their_short_names():
    assert together("ORG", "Federal Reserve", "Fed", "Federal Reserve Board")
    assert together("ORG", "Justice Department", "U.S. Department of Justice", "DOJ")


def test_peoples_by_their_other_nouns():
    assert together("NORP", "Danish", "Danes", "Dane")
    assert together("NORP", "French", "Frenchmen")
    assert together("GPE", "China", "People’s Republic of China")


def test_what_the_text_says_is_one_is_one():
    mentions = [("Harbour Workers", "ORG"), ("CGT", "ORG"), ("Oslo", "GPE"), ("CGT", "ORG")]
    assert gather(mentions) == [(0,), (1, 3), (2,)]
    assert gather(mentions, same=[(0, 1)]) == [(0, 1, 3), (2,)]
