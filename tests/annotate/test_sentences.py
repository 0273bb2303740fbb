import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.sentences import own, split

# A bar stands where a sentence ends and another begins.
PASSAGES = {
    "titles": "Mr. Ottley met Mrs. Vane and Dr. Okoro.| Gov. Smith was late.| Sgt. Pell and Lt. Col. Ames waited.",
    "about a year": "He was born c. 1850 in Holm.| It took vitamin C.| Nobody fell ill.",
    "dashes after initials": "St. Ann's, N.L. — The storm hit.| He left the U.S. — The plan had failed.",
    "figures run into words": "The vote was 5-4.|The court ruled.| It rose 3.4%.|But it fell.",
    "titles abroad": "Smt. Vane spoke.| Engr. Musa Okoro and Barr. Ade Pell did not.| Cllr. Ames left.",
    "capitals": "PRESIDENT MARTIN HALE JR. ORDERED IT.| DR. VANE MET MR. PELL.| HE LEFT THE U.S. ARMY.| IT WAS LATE.",
    "initials": "J. K. Marlow wrote to Vladimir V. Orlov.| George W. Pell replied.| E.M. Foss and J.-P. Petit did not.",
    "initial at an end": "They went to plan B.| It worked.| The ship took on vitamin C.| Nobody fell ill.",
    "saints and streets": "The train to St. Petersburg left at nine.| She lives on Elm St.| It is quiet there.",
    "companies": "Brandt Inc. Chairman Otto Falk left Holm Corp.| The firm said so.| He joined Lund & Co. in May.",
    "junior": "Martin Hale Jr. Stadium is open.| So says Martin Hale Jr.| He built it.",
    "countries": "He flew to the U.S. on Monday.| The U.S. Army was there.| The U.N. Security Council met.",
    "country at an end": "They left the U.S.| The plan had failed.| Talks are held at the U.N.| But nobody came.",
    "clock": "It began at 5 p.m. Monday.| It ended at 11 p.m.| Police left at 3 a.m. EST that day.",
    "clock and zone": "It began at 5 p.m. Varnian time.| It ended then.",
    "hyphens": "She met then-U.S. Senator Otto Holm.| They spoke of Anglo-U.S. Trade.",
    "late quotes": '"She said: \'Run.\' "| He ran.| "I saw it. "| He left.',
    "months": "On Jan. 6 and Sept. 11 they met.| Snow fell in Feb.| It melted soon.",
    "numbers": "See No. 10 and Figs. 3 and 4.| Did she agree?| No.| He did.",
    "words like abbreviations": "She loves modern art.| He sat.| They fled the mass.| Smith won.| It was his op.",
    "latin": "Small things, e.g. Swiss watches, i.e. Luxuries, sell well.| See Holm v. Lund and Ames vs. Pell.",
    "decimals": "Prices rose 3.5 percent to $1.20.| Then they fell 0.4 percent.",
    "years": "It was founded in 1998.| Growth came in 2010.| Rivals followed.| She was 18.| He was 9.| So it was.",
    "addresses": "Write to a.holm@example.org or see www.example.com/News.Html?Page=2.| Do it now.",
    "domains": "Example.com and Node.js were down.| Booking.Com was not.",
    "quotation": "“We will stay.”| The crowd cheered.| “Nobody leaves.”| The gates closed.",
    "quotation then who said it": "“Why now?” he asked.| “Stop!” shouted the guard.| “Is it over?” Otto Holm said.",
    "quotation of two": "“We won.| We are glad,” she said.",
    "quotation that asks": "He asked: “Who pays?”| The room fell silent.",
    "straight quotes": '"Come in."| "No."| He left.| "Why?" asked Holm.',
    "single quotes": "‘We will stay.’| The crowd cheered.| He said 'go.'| They went.",
    "quotes in quotes": "“She told me: ‘Run.’”| He ran.| “I heard ‘Fire!’ and left.”| So did we.",
    "brackets": "He left (he said so himself.)| Nobody knew (not even Ann).| (They were out.)| It rained.",
    "footnotes": "The bridge fell.[1]| Nobody was hurt.[2][3]| It was rebuilt.",
    "ellipsis inside": "Well … perhaps not.| He waited . . . and waited.| And then... nothing.",
    "ellipsis at an end": "He waited...| Nobody came.| She paused…| Then she spoke.",
    "ellipsis before I": "Perhaps … I should go.| Yes.",
    "many marks": "Really?!| Yes!!!| Oh?| It is so.",
    "run together after a quotation": "… of the Republic of Varnia.”|The palace denied it.",
    "run together": "They beat the protesters.|In its own words, the palace agreed.|Nobody else did.",
    "run together before a quotation": "So say the agencies.|“The talks failed,” one wrote.",
    "run together with straight quotes": 'So say the agencies.|"The talks failed."|They went home.',
    "list": "1. Wash the leaves.| 2. Dry them.| 3. Wait.",
    "states": "He was born in Salem, Mass. in 1950.| She lives in Calif.| They met there.",
    "degrees": "Ann Vane, Ph.D. and M.D., spoke.| She holds a Ph.D.| Her sister does not.",
    "small capitals": "He sold it.| iPhones were next.| eBay too.",
    "dateline": "KETTLE RIVER, Minn. – Two crews came.| OLD IVES — Rain fell.| Nobody left.| NORLAND – Snow.",
    "dash": "The vote failed.| — Holm was not surprised.| “Never,” he said.",
    "Spanish": "¿Qué pasa?| ¡Nada!| El Sr. Ruiz salió.| ¿Y tú?",
    "German": "Am 3. Oktober kam er an.| Der 2. Weltkrieg war vorbei.| „Nein.“| Er ging.| Dr. Falk blieb.",
    "French": "« Venez. »| Il partit.| Mme. Petit resta.| Pourquoi ?| Rien.",
    "Russian": "А. С. Орлов приехал.| Он уехал.| Почему?| Никто не знает.",
    "Chinese": "今天下雨。|他走了！|为什么？|“走吧。”他说。",
    "Japanese": "雨が降った。|「行く。」と彼は言った。|はい。",
    "Arabic": "هل وصل القطار؟| نعم.| لم يأت أحد.",
    "Hindi": "बारिश हुई।| वह चला गया।| कौन आया?",
    "no stop": "Storm closes the harbour",
}


def pieces(text):
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize("marked", PASSAGES.values(), ids=PASSAGES.keys())
def test_sentences_end_where_they_should(marked):
    assert pieces(marked.replace("|", "")) == [piece.strip() for piece in marked.split("|")]


def test_the_passages_are_enough():
    assert sum(marked.count("|") + 1 for marked in PASSAGES.values()) >= 120


@pytest.mark.parametrize("line_break", ["\n", "\n\n", "\r\n", "\u2029"])
def test_a_line_break_ends_a_sentence(line_break):
    assert pieces(f"Storm closes the harbour{line_break}Ships wait outside. ") == [
        "Storm closes the harbour",
        "Ships wait outside.",
    ]


@pytest.mark.parametrize("text", ["", " \n\t \u00a0"])
def test_nothing_gives_nothing(text):
    assert split(text) == ()


TEXTS = st.text(st.one_of(st.sampled_from("aB1.?!…。\"'”’“«»)( \n\u00a0।"), st.characters()), max_size=300)


@settings(deadline=None)
@given(TEXTS)
def test_spans_are_ordered_and_hold_all_that_is_not_space(text):
    end = 0
    for span in split(text):
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    assert not text[end:].strip()


@pytest.mark.parametrize("unit", [".", "a.", '."', "A. ", "?” ", "1. ", "« ", "...\u00a0", "a", " ", "[1", ". . "])
def test_long_runs_of_anything_are_split(unit):
    text = unit * (200_000 // len(unit))
    assert "".join("".join(pieces(text)).split()) == "".join(text.split())


def test_lines_of_a_pages_furniture_are_not_the_articles_own():
    text = (
        "The harbour was shut. Ferries waited.\n\nRead more: Ten ports in pictures\n\nSkippers complained.\n\n"
        "Ada Okafor covers harbours for The Courier. She lives in Ostby.\n\nSign up here for our newsletter."
    )
    spans = split(text)
    assert [text[s.start : s.end] for s, is_own in zip(spans, own(text, spans), strict=True) if is_own] == [
        "The harbour was shut.",
        "Ferries waited.",
        "Skippers complained.",
    ]


def test_a_line_about_a_writer_is_the_articles_own_in_its_midst():
    text = "Ada Okafor covers harbours for The Courier.\n\nShe was arrested on Monday."
    assert own(text, split(text)) == (True, True)


@settings(deadline=None)
@given(TEXTS)
def test_each_sentence_is_own_or_not(text):
    spans = split(text)
    assert len(own(text, spans)) == len(spans)
