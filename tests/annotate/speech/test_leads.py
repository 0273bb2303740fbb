import pytest

from gazetteer.annotate.speech.attribution import attribution
from gazetteer.annotate.speech.leads import lead

# What is said begins at the bar, and what brings it.
LEADS = {
    "Otto Lind said |the port was shut.": "",
    "Otto Lind said that |the port was shut.": "that",
    "Otto Lind said in a statement on Monday |the port was shut.": "",
    "Otto Lind said in a statement on Monday that |the port was shut.": "that",
    "Otto Lind told reporters |the port was shut.": "",
    "Otto Lind told the Courier |the port was shut.": "",
    "Otto Lind told the Courier |it was shut.": "",
    "Otto Lind told the host of the show |“No, it was never shut.”": ",",
    "Otto Lind said, in remarks published by the Courier, |“the port was never shut”.": ",",
    "Otto Lind said on a programme of its own |“No, it was never shut.”": ",",
    "Otto Lind said this of the port: |“It is shut.”": ":",
    "Otto Lind tweeted |about the storm that sank the ship.": "",
}


@pytest.mark.parametrize("text", LEADS)
def test_what_is_said_begins_past_listeners_times_and_occasions(read, text):
    begins = text.index("|")
    sentence = read(text.replace("|", ""))
    start, brought = lead(sentence, attribution(sentence, 1, floor=0, subject=None), frozenset((1,)))
    assert (sentence.tokens[start].start, brought) == (begins, LEADS[text])
