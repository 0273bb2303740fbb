"""The language of a text, declared and detected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import language

ENGLISH = (
    "The council voted on Monday to close the old bridge until engineers can say whether it is safe to cross. " * 3
)
GERMAN = "Der Stadtrat hat am Montag beschlossen, die alte Brücke zu sperren, bis Fachleute sie geprüft haben. " * 3
CHINESE = (
    "市议会星期一投票决定关闭旧桥,直到工程师确认行人和车辆可以安全通过为止。市长说,修理工作可能需要两年,费用由省政府承担。"
    "附近的商店担心顾客减少,居民则欢迎这个决定。"
)
NORWEGIAN = "Kommunestyret vedtok mandag å stenge den gamle broen til ingeniørene har undersøkt om den er trygg. " * 3


@pytest.mark.parametrize(
    ("text", "declared", "tag"),
    [
        (ENGLISH, "en-GB", "en-GB"),
        (ENGLISH, "en_us", "en-US"),
        (ENGLISH, None, "en"),
        (ENGLISH, "de", "en"),
        (GERMAN, "en-US", "de"),
        (GERMAN, "not a tag!", "de"),
        (NORWEGIAN, "nb", "nb"),
        ("Kurz.", "de-AT", "de-AT"),
        ("12:30 – 14:00", None, "und"),
        ("Un vieux pont a été fermé lundi matin.", None, "fr"),
        ("Un vieux pont a été fermé lundi matin.", "en", "en"),
        ("Mayor shuts old bridge", None, "und"),
        (CHINESE, None, "zh"),
        (CHINESE, "en-US", "zh"),
        (CHINESE, "zh-Hans", "zh-Hans"),
        ("Старый мост закрыт.", "en", "und"),
        ("Старый мост закрыт.", None, "und"),
        ("Ratsherren: 市议会星期一决定关闭旧桥,直到工程师确认安全为止。", "en", "und"),
        ("", "", "und"),
    ],
)
def test_declared_and_detected_are_reconciled(text, declared, tag):
    assert language.of(text, declared=declared) == tag


def test_the_beginning_of_a_long_text_decides():
    assert language.of(ENGLISH * 20 + GERMAN * 200) == "en"


PLAIN = (
    "The harbour board said on Friday that dredging would begin in May, and that the ferries, which have been late "
    "since autumn, will keep to their hours. Skippers from the outer islands were not convinced: they had heard this "
    "from two boards before, one of whom said who is to pay for it and then left the matter to his successor."
)


def test_plain_english_is_told_without_the_detectors_model(monkeypatch):
    def load():
        raise AssertionError("the model is loaded")

    monkeypatch.setattr(language, "_identifier", load)
    assert language.of(PLAIN) == "en"
    assert language.of(PLAIN, declared="en-NG") == "en-NG"


def test_what_only_begins_like_english_is_left_to_the_detector():
    assert language.of("The End, said the label, and that for the havn. " + NORWEGIAN * 2, declared="en") == "no"
    assert language.of(PLAIN, declared="nl") == "en"


@pytest.mark.parametrize(
    ("declared", "tag"),
    [("EN", "en"), ("zh-hans-cn", "zh-Hans-CN"), ("pt_br", "pt-BR"), ("english", "und"), ("x", "und"), (None, "und")],
)
def test_tags_are_written_as_bcp_47_does(declared, tag):
    assert language.normal(declared) == tag


@given(st.text(max_size=300), st.none() | st.text(max_size=12))
def test_any_text_has_a_tag(text, declared):
    assert language.normal(language.of(text, declared=declared)) != ""
