import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.speech.marks import quoted

# What stands between bars is a quotation.
TEXTS = {
    "curly": "|“We won,”| she said. |“We are glad.”|",
    "straight": '|"We won,"| she said. |"We are glad."|',
    "low": "|„Wir bleiben“|, sagte er.",
    "pointed": "|«Nous restons»|, dit-il.",
    "single curly": "|‘We won’t leave,’| she said of the workers’ vote. |‘The ’90s are gone.’|",
    "single straight": "|'We won't leave,'| she said of the workers' vote.",
    "apostrophes alone": "The workers' vote wasn't in '98; rock 'n' roll was.",
    "single within double": "|“He told me ‘Run’ and ‘Hide’,”| she said. |“I ran.”|",
    "double within single": "|‘He told me “Run”,’| she said.",
    "inches": 'It is 6\'2" tall, she said, and |"heavy"|.',
    "bracket within": '|"[W]e shall [not] go"|, he said. (|"Never"|, he said.)',
    "late mark": '|"Why \'am I here?\' "|. |"I went."|',
    "opened anew": '"We won, she said. |"We are glad."|',
    "over paragraphs": "|“We won.\n\n“We are glad.\n\n“We go home,”| she said. |“Now.”|",
    "straight over paragraphs": '|"We won.\n\n"We go home,"| she said.',
    "left open": "|“We won.|\n\nThe crowd cheered. |“Go!”|",
    "left open at the end": "He said: |“We won|",
    "nothing": "Nobody said a word.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_quotations_are_found_by_their_marks(name):
    parts = TEXTS[name].split("|")
    text = "".join(parts)
    assert [text[each.start : each.end] for each in quoted(text)] == parts[1::2]


@given(st.lists(st.sampled_from([*"\"'“”‘’„«»‹›` \n.,a", "``", "''", "word "]), max_size=40).map("".join))
def test_in_any_text_quotations_lie_apart_and_in_order(text):
    last = 0
    for each in quoted(text):
        assert last <= each.start < each.end <= len(text)
        last = each.end
