import pytest

from gazetteer.annotate.speech import words


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("said", "say"), ("denies", "deny"), ("stressed", "stress"), ("argues", "argue"), ("submitted", "submit")],
)
def test_a_verb_is_known_in_all_its_forms(form, lemma):
    assert words.SAYING[form] == lemma


def test_what_only_marks_bring_is_no_verb_of_saying():
    assert words.MARKED["praised"] == "praise"
    assert "praised" not in words.SAYING


@pytest.mark.parametrize("some", [words.BARE, words.WITH_LISTENER, words.ONLY_QUOTED])
def test_kinds_of_verbs_are_told_by_verbs_that_are_known(some):
    assert some <= {*words.SAYING.values()}


def test_every_document_and_body_can_speak():
    assert words.GENERIC_BODIES <= words.GROUP_NOUNS
    assert words.LISTENERS >= words.OCCASIONS
