"""Lines that are none of an article's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import furniture


@pytest.mark.parametrize(
    "line",
    [
        "Monday 3 March 2025",
        "Published: 3 March 2025 at 14:05 GMT",
        "Updated 10:32 a.m. ET, March 3, 2025",
        "HALLOW FERRY, Norland —",
        "March 3, 2025 11:02 AM EDT Updated 3 hours ago",
        "3 hours ago",
        "18+. Bet 10 get 30. T&Cs apply.",
        "4 min read",
        "By Ada Okafor",
        "By Ada Okafor and Jean-Luc de Vries",
        "(Reporting by Ada Okafor in Ostby and Jean-Luc de Vries; Editing by Sam Berg)",
        "Reporting by Ada Okafor; additional reporting by Sam Berg in Ostby",
        "Ada Okafor contributed reporting from Ostby.",
        "Okafor reported from Ostby. Courier writers Sam Berg and Jo Lind in Hallow contributed to this report.",
        "Photo: Ada Okafor",
        "The bridge before the storm. (AP Photo/Ada Okafor)",
        "The bridge before the storm. Ada Okafor/Getty Images",
        "Advertisement",
        "Read more: What we know about the storm",
        "READ NEXT",
        "Share this article",
        "Follow us on Twitter",
        "Click here to download our app.",
        "© 2025 The Example. All rights reserved.",
        "You may also like",
        "View this post on Instagram",
        "Ada Okafor can be reached at ada@example.org.",
        "12 Comments",
        "Tags: bridges, storms",
        "https://example.org/a-link",
        "More Courier sports: https://example.org/sports",
        "Dora Pell reported from Ostby and Ana Lucía Méndez from Hallow.",
        "Listen to this article · 6:23 min Learn more",
        "Share full article",
        "A correction was made on March 4, 2025: An earlier version of this article misstated the bridge’s age.",
        "When we learn of a mistake, we acknowledge it with a correction. If you spot an error, please let us know.",
        "Dora Pell covers rivers for The Courier, with a focus on bridges. More about Dora Pell",
        "A version of this article appears in print on March 4, 2025. Order Reprints | Today’s Paper | Subscribe",
        "This article was amended on 4 March 2025. An earlier version said that the bridge had six piers.",
        "Explore more on these topics",
        "Reuse this content",
        "Share page",
        "Our Standards: The Courier’s Principles.",
        "Published in the print edition of the March 10, 2025, issue.",
        "Anzeige",
        "Lesen Sie auch: Der Winter am Fluss",
        "Von Ina Roth und Jens Ohm",
        "À lire aussi : le fleuve en hiver",
        "View image in fullscreen",
        "Sign up here for our newsletter.",
        "Subscribe to our morning briefing for more stories like this.",
        "Get all the day’s headlines in your inbox.",
        "Additional reporting by Ada Okafor",
        "The bridge at noon (March 2025) Image: Ada Okafor",
        "The bridge at noon. Photograph: Ada Okafor",
        "This live blog is now closed. Follow our coverage here.",
        "For more information, visit www.hallow.example.",
        "Support independent journalism: give today.",
        "If you have been affected by any of the issues in this story, you can call the Courier.",
        "We earn a commission for products purchased through some links in this article.",
        "Correction: An earlier version of this article misspelled the name of the mayor.",
        "This article was originally published on The Example.",
        "This interview has been edited for length and clarity.",
        "The views expressed are those of the author.",
        "Forward-Looking Statements",
        "This press release contains forward-looking statements within the meaning of the law. Results may differ.",
        "SOURCE Hallow Ferries Ltd",
        "Getty Images",
        "_____",
    ],
)
def test_furniture(line):
    assert furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "On Monday 3 March 2025 the bridge was closed.",
        "By Monday evening the water had reached the second floor.",
        "Read more than one book a month and you are ahead of most people, the study says.",
        "“Share the road,” the mayor told drivers.",
        "The photo of the bridge was taken by a child.",
        "More on this would have been welcome, the judge said, but the file was closed.",
        "Tokyo",
        "Reporting by the Courier showed that the council knew of the cracks.",
        "Both engineers contributed to this report, which the council kept to itself.",
        "The play was written by Ada Okafor.",
        "What happens next?",
        "Von Ostby nach Hallow fährt nun eine Fähre.",
        "Teilen wollten die beiden Städte den Fluss nie.",
        "Published in March, the survey names two piers.",
        "Listen to this article of faith, the preacher said: bridges hold.",
        "Okafor learned more about Ostby.",
        "She ran it in 6:23 min on the quay.",
        "A correction was made by the engineers, who had measured in feet.",
        "1. The old bridge",
        "Sign up for the race by Friday, the club says, and the fee is waived.",
        "Have you been affected by grief as I have?",
        "Support for independent schools has fallen, a survey says.",
        "The article was published in March and read by nobody.",
        "Correction followed correction until the budget made sense.",
        "For more information on the crash, the police have asked drivers to come forward.",
        "Reuters reported the outage first.",
        "Sources close to the council said the bridge would close.",
        "She kept one picture. Photographs Ada Okafor had taken were burned.",
        "The live coverage of the trial has ended careers before, lawyers said on Monday.",
    ],
)
def test_sentences_and_headings_are_none(line):
    assert not furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Dora Pell is the Courier’s rivers correspondent.",
        "Dora Pell is a senior reporter covering rivers for The Courier. She lives in Ostby.",
        "Dora Pell writes about rivers and bridges for the Courier.",
        "Dora Pell is a columnist. Follow her on X @dorapell.",
    ],
)
def test_lines_about_the_writer(line):
    assert furniture.is_about_writer(line)
    assert not furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "The Hallow Ferry covers the distance in ten minutes.",
        "Dora Pell is the first reporter to have crossed.",
        "Dora Pell is a reporter whom the council has sued.",
        "Storm Ada covers the roads in snow.",
    ],
)
def test_sentences_of_a_report_are_not_about_its_writer(line):
    assert not furniture.is_about_writer(line)


@given(st.text(max_size=700))
def test_any_line_has_an_answer(line):
    assert furniture.is_furniture(line) in {True, False}
