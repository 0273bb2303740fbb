import pytest

from gazetteer.annotate.speech.attribution import attribution, is_cue, subject_of


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("Otto Lind said it was safe.", "said", True),
        ("Otto Lind claims it was safe.", "claims", True),
        ("He pointed out that it was safe.", "pointed", True),
        ("He pointed at the ship.", "pointed", False),
        ("The affidavit states that it was safe.", "states", True),
        ("Officials report waves sank the ship.", "report", True),
        ("The Courier reports nine deaths.", "reports", True),
        ("A claim was lodged.", "claim", False),
        ("Otto Lind did not say it was safe.", "say", False),
        ("Otto Lind may declare it safe.", "declare", False),
        ("There were 39 confirmed cases.", "confirmed", False),
        ("The Member States met that day.", "states", False),
        ("Aid agencies say it was safe.", "say", True),
        ("The document — an affidavit — alleges Otto Lind left.", "alleges", True),
        ("They all argued it was safe.", "argued", True),
        ("The part that was not overturned declared that it was safe.", "declared", True),
        ("Member states met that day.", "states", False),
        ("Ghana state traders left.", "state", False),
        ("It holds in all Ghana states, he said.", "states", False),
        ("The big state agency sold it.", "state", False),
        ("The State claims Otto Lind left.", "claims", True),
        ("He was forced to point out the ship.", "point", False),
        ("The Courier report that it was safe was old.", "report", False),
        ("He insisted on maintaining that it was safe.", "maintaining", False),
        ("They left after maintaining that it was safe.", "maintaining", True),
        ("He continued to leave.", "continued", False),
        ("They met after the Courier ruling.", "ruling", False),
        ("It was built according to plan.", "according", True),
        ("By reports, it was safe.", "by", True),
        ("It was built by Otto Lind.", "by", False),
        ("It sold three per Otto Lind.", "per", True),
        ("It was sold as per Otto Lind.", "per", False),
        ("The lack of warning meant nobody left.", "warning", False),
    ],
)
def test_a_verb_of_saying_is_told_from_a_noun_and_from_what_nobody_said(read, place, text, word, says):
    sentence = read(text)
    assert is_cue(sentence, place(sentence, word)) is says


# Who says it, and whether the verb stands before who.
ATTRIBUTIONS = {
    ("Otto Lind said it was safe.", "said"): ("Otto Lind", False),
    ("It was safe, said Otto Lind.", "said"): ("Otto Lind", True),
    ("It was safe, said the ministry.", "said"): ("the ministry", True),
    ("Otto Lind, the mayor, said guards were near.", "said"): ("Otto Lind", False),
    ("The plan was described by Otto Lind as poor.", "described"): ("Otto Lind", False),
    ("A plan described by Otto Lind as poor failed.", "described"): ("Otto Lind", False),
    ("Otto Lind was quoted by the Courier as saying it was safe.", "saying"): ("Otto Lind", False),
    ("The Courier quoted Otto Lind as saying it was safe.", "saying"): ("Otto Lind", False),
    ("The port shut, with the ministry saying it was unsafe.", "saying"): ("the ministry", False),
    ("The port shut, with Courier ships saying it was unsafe.", "saying"): ("Courier ships", False),
    ("Otto Lind went into hiding saying it was safe.", "saying"): ("Otto Lind", False),
    ("Otto Lind wanted help from officials, who said it was safe.", "said"): ("officials", False),
    ("The port was shut by the traders’ union, which said it was safe.", "said"): ("the traders’ union", False),
    ("The traders who sold that ship said it was safe.", "said"): ("The traders", False),
    ("A report from the port on ships (RPS), has warned that it was safe.", "warned"): ("A report", False),
    ("The port was led by Otto Lind, a trader and diver at the quay, who said it was safe.", "said"): (
        "Otto Lind",
        False,
    ),
    ("The ministry of ships on the other hand, said that it was safe.", "said"): ("The ministry", False),
    ("A few days later the ministry said it was safe.", "said"): ("the ministry", False),
    ("A man died in Accra, Ghana, with sixteen others hurt, said officials, on Monday.", "said"): ("officials", True),
    ("According to Otto Lind, it was safe.", "according"): ("Otto Lind", False),
    ("According to state media, it was safe.", "according"): ("state media", False),
    ("According to Lind Lines' first captain, Otto Lind, it was safe.", "according"): ("Otto Lind", False),
    ("According to plans, it was safe.", "according"): ("plans", False),
}


@pytest.mark.parametrize(("text", "word"), ATTRIBUTIONS)
def test_a_verb_of_saying_belongs_to_who_says(read, place, text, word):
    sentence = read(text)
    found = attribution(sentence, place(sentence, word), floor=0, subject=None)
    assert (text[found.phrase.start : found.phrase.end], found.inverted) == ATTRIBUTIONS[text, word]


@pytest.mark.parametrize("text", ["It was built according to plan.", "It (according to Otto Lind) was safe."])
def test_what_accords_with_a_plan_or_within_brackets_is_nobodys(read, place, text):
    sentence = read(text)
    assert attribution(sentence, place(sentence, "according"), floor=0, subject=None) is None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Otto Lind opened the bridge.", "Otto Lind"),
        ("In a statement released on Monday, Lind Lines defended its ships.", "Lind Lines"),
        ("The mayor saw Otto Lind.", "The mayor"),
    ],
)
def test_a_sentence_is_about_who_stands_before_its_verb(read, text, subject):
    found = subject_of(read(text))
    assert text[found.start : found.end] == subject
