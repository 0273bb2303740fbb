"""Lines that are none of an article's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import furniture


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
        "1. The old bridge",
    ],
)
def test_sentences_and_headings_are_none(line):
    assert not furniture.is_furniture(line)


@given(st.text(max_size=700))
def test_any_line_has_an_answer(line):
    assert furniture.is_furniture(line) in {True, False}
