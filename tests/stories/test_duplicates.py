from hypothesis import given
from hypothesis import strategies as st
from telling import TOLD

from gazetteer.stories.duplicates import compare, read

REPORT = (
    "The ferry Marigold ran aground off Holm on Tuesday morning with 214 people on board, the coastguard said. "
    "Nobody was hurt. Captain Ida Brandt told reporters that a rudder had failed minutes before.\n\n"
    "Two tugs from Ostby pulled the ship free in the evening, and divers looked at its hull. "
    "The company, Norline, said that sailings would begin again on Friday at the earliest."
)
FIRST, SECOND = REPORT.split("\n\n")


def is_copy(one: str, other: str) -> bool:
    found = compare(read(one), read(other)).is_copy
    assert found == compare(read(other), read(one)).is_copy
    return found


def test_cuts_reorderings_and_edits_are_copies() -> None:
    assert is_copy(REPORT, REPORT)
    assert is_copy(REPORT, FIRST)
    assert is_copy(REPORT, f"{SECOND}\n\n{FIRST}")
    edited = REPORT.replace("ran aground", "struck rocks").replace("told reporters", "said").replace("evening", "night")
    assert is_copy(REPORT, edited)


def test_one_event_told_twice_is_no_copy() -> None:
    assert not is_copy(TOLD[0][2], TOLD[1][2])
    assert not is_copy(TOLD[5][2], TOLD[6][2])


def test_a_form_filled_in_anew_is_no_copy() -> None:
    form = (
        "Shares of {} rose {} percent on Monday in heavy trading in {} after the firm said that its profit had grown "
        "by {} million. Its head, {}, said that she looked forward to the year."
    )
    assert not is_copy(
        form.format("Norline", "3.1", "Ostby", "7", "Ida"), form.format("Teig", "4.7", "Holm", "9", "Mara")
    )


def test_what_is_shared_is_shown_in_both() -> None:
    other = f"More soon. {SECOND}"
    found = compare(read(REPORT), read(other))
    assert [REPORT[start:end] for start, end in found.of_one] == [SECOND.rstrip(".")]
    assert [other[start:end] for start, end in found.of_other] == [SECOND.rstrip(".")]


@given(st.text(), st.text())
def test_any_texts_are_compared(one: str, other: str) -> None:
    found = compare(read(one), read(other))
    for text, spans in ((one, found.of_one), (other, found.of_other)):
        ends = [0, *(at for span in spans for at in span)]
        assert ends == sorted(ends)
        assert ends[-1] <= len(text)
    assert 0 <= found.share_of_one <= 1
    assert 0 <= found.share_of_other <= 1


@given(st.text(min_size=1))
def test_too_short_a_text_is_nobody_s_copy(text: str) -> None:
    short = " ".join(text.split()[:2])
    assert not compare(read(short), read(short)).is_copy
