import pytest

from gazetteer.annotate.speech.contents import said_in

# What is said stands between bars.
SENTENCES = [
    "|“We stay,”| Otto Lind said, |“and we work.”|",
    "|The port will shut|, said Otto Lind, who leads the ministry.",
    "|The port, Otto Lind said, was shut for all of that year|.",
    "|These ports, he said, specialize in ships|.",
    "|One port was, according to the mayor, among the old|.",
    "On that day, Otto Lind said, |the port was shut|.",
    "|If it rains, Otto Lind said, the port will be shut|.",
    "Otto Lind, on a call from the quay, said, |“It was old”|.",
    "Otto Lind said in May |the port was shut|.",
    "The court ruled on March 11 |the port was shut|.",
    "The court ruled on the appeal of that decision by Otto Lind.",
    "Otto Lind advised |it was old|.",
    "Otto Lind explains |it’s about the night|.",
    "Otto Lind announced |the port, old and worn, would be shut|.",
    "Otto Lind asked how the port was shut.",
    "Otto Lind commented on the port, calling it old.",
    "After Otto Lind said |the port was shut|, the ships were sold.",
    "The Courier reported |Otto Lind, the mayor, recommended the port|.",
    "The Courier reported, citing officials, |the port was shut|.",
    "The Courier reported |the port was shut|, citing the losses of that year.",
    "Traders reported new ways of work used by Lind Lines.",
    "Otto Lind noted ships from old ports and they found it was old.",
    "|“It is old,”| reads the mayor's statement, |“and it is shut for good.”|",
    "Otto Lind ruled |the practice of asking traders but not sailors for a tax, or levy, of that kind, is wrong|.",
    "The Courier reported |Otto Lind to be a trader|.",
    "Otto Lind predicts |Abena Osei wins the race|.",
    "Otto Lind warned |ships and ports are now threatened|.",
    "Said Otto Lind: |“It is shut for good.”|",
    "Asked about ships, Otto Lind left.",
    "It has a plan described by Otto Lind as |“rather too old to work”|.",
    "By reports |it was shut in May|.",
    "One port was shut and, by early reports, |at least nine ships were sold|.",
    "It was built by good reports of trade.",
    "|If it had been shut, they reasoned, ships would have been sold|.",
    "Otto Lind declared the port to be old.",
    "In that talk, as they left, Abena Osei said, |“It is shut for good.”|",
    "Otto Lind ruled that |“the work is done” with ships sold|.",
    "Otto Lind said |the “old” and “worn” ships attacked ports| and blasted their work.",
    "Otto Lind claimed |nine ships on the way to a port, which is old, were sold|.",
    "Otto Lind announced the port as ships were sold.",
    "The ships left, something Otto Lind denied.",
    "Otto Lind gave a speech declaring |the port “the best that there could be”|.",
    "|“It is shut for good,”| the Courier quoted Otto Lind as saying on Monday.",
    "|The port was shut|, he said without a word on the ships.",
    "Otto Lind revealed that |ships were sold, and traders were told they would leave|.",
    "|The port was shut|, state media reported.",
    "In his opinion, |it was shut too late|.",
    "From Otto Lind's view, |it was shut too late|.",
    "In his view of the port, it was shut.",
    "Otto Lind proposed that |in ports, ships are sold|.",
    "|The port is open|, said Otto Lind per the Courier.",
    "Per the decree signed by Otto Lind, |ports are to be shut|.",
    "Otto Lind noted the need to act: |“The port is shut for good,”| said Abena Osei.",
    "Otto Lind said |the ship was of wood and stone| adding that |it was old|.",
    "Otto Lind said |it was old and continued to sink|.",
    "Otto Lind is quoted as saying |“The port is shut for good”| and |“We shall see what comes of it.”|",
    "Otto Lind affirmed that |while the port was shut, the bridge was open|.",
    "Otto Lind said |the port was shut|, adding |it was old|.",
    "Otto Lind told the Courier |the port was shut|: |“We shall see what comes.”|",
    "Otto Lind addressed the crowd: |“Go home.”|",
    "According to Otto Lind, head of trade at a line in Ghana, |the port was shut|.",
    "According to the Courier, |as of Monday, 39 confirmed cases were known|.",
    "An account made an announcement: |“The port is shut for now.”|",
    "The Courier reported |his cause of death as a fever|.",
    "|The port will shut in May|, Otto Lind told a meeting on Monday attended by officials.",
    "|“The port is shut,”| reads a statement published by Lind Lines.",
    "|While it was old, the port was safe|, Otto Lind added.",
    "After the vote, Otto Lind said.",
    "Otto Lind said |while the port was old, it was safe|.",
    "|The port handles more ships than all others|, Otto Lind explained Thursday.",
    "|The latest closures end all hope of trade|, said trader Otto Lind, of Lind Lines.",
    "In an interview with the Courier, Otto Lind commented, |“It was never a safe port.”|",
    "Otto Lind declared himself winner of the race held in May.",
    "Otto Lind told a success story of great ships.",
    "The ministry issued a paper titled: “The Port Is Shut For Good”.",
    "I said the port was shut.",
    "|“We left the ship at night,”| the trader, Otto Lind, said.",
    "|“We left the ship at night,”| Otto Lind, 24, a trader, said.",
    "According to guards in Accra, Ghana, |the ship hit a wall|.",
    "According to Otto Lind, |Ghana, which was old, had no port|.",
    "According to the Courier, the Harbour Ministry, and Lind Lines, |trade has slowed|.",
    "According to Otto Lind, Abena Osei, and the Courier, a daily, |trade has slowed|.",
    "According to the Courier, |the Harbour Ministry and Lind Lines have fallen out|.",
    "According to the Courier: |“The port is shut for good.”|",
    "In a long recorded interview with the Courier, Otto Lind confessed to the deed.",
    "|In the end the newspaper was sold, as the port was|, Otto Lind said.",
    "The Courier reported on Monday from Ghana.",
    "Otto Lind said so in Ghana.",
    "Otto Lind said so himself.",
    "Otto Lind said |so many ships were sold|.",
    "|The port was shut in May|, Otto Lind said, as the ships left for Ghana with no load.",
    "It is said that Otto Lind was short.",
    "Otto Lind is said to be short.",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_gives_what_its_verbs_bring_and_no_more(read, text):
    parts = text.split("|")
    sentence = read("".join(parts))
    assert [sentence.text[said.start : said.end] for said in said_in(sentence)] == parts[1::2]


def test_what_was_said_has_its_kind_its_verb_and_who_says_it(read):
    sentence = read("Otto Lind said the move was “a grave error of judgement” and |")
    (said,) = said_in(sentence)
    text = sentence.text
    assert said.kind.value == "mixed"
    assert text[slice(*said.cue)] == "said"
    assert text[said.phrase.start : said.phrase.end] == "Otto Lind"
