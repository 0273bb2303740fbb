"""What stands between a reader and an article: notices as lines to drop, and pages that hold nothing else."""

import re
from typing import Final

from lxml.html import HtmlElement

from gazetteer.types import Access

COOKIES: Final = "cookies"
"""A kind of wall: the reader is asked to agree to cookies or tracking."""
ADBLOCK: Final = "adblock"
LOGIN: Final = "login"
PAYWALL: Final = "paywall"
METER: Final = "meter"
NEWSLETTER: Final = "newsletter"
SCRIPTS: Final = "scripts"

_LONGEST_NOTICE = 600


def kind(line: str) -> str | None:
    """Which wall the line is from, None where it is none's."""
    if len(line) > _LONGEST_NOTICE:
        return None
    return next((name for name, pattern in _KINDS.items() if pattern.search(line)), None)


def refusal(page: HtmlElement, *, text: str, dropped: frozenset[str], url: str | None = None) -> str | None:
    """Why the page is no article, None where it is one."""
    if text:
        return None
    return "the page holds no article's text"


def access(declared: Access, *, dropped: frozenset[str]) -> Access:
    """How much the publisher shows, from what it declares and the notices found in the text."""
    return declared


_KINDS = {
    SCRIPTS: re.compile(r"\b(?:enable|turn on|activate) javascript\b|javascript (?:is|must be|to be) ", re.IGNORECASE),
}
