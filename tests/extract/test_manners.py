"""Pages in the manner of quite different publishers: their exact headlines and bodies."""

import pytest

from gazetteer.extract import extract
from gazetteer.types import Capture
from tests.extract.pages import MANNERS, Manner


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_headline_and_text_are_the_publishers(manner: Manner) -> None:
    found = extract(Capture(source="page.html", content=manner.content))
    assert found.headline == manner.headline
    assert found.text == "\n\n".join(manner.text)
