"""The article's text in its page."""

import copy
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text, its paragraphs parted by a blank line, and the kinds of wall whose notices were dropped from it."""

    text: str
    dropped: frozenset[str] = frozenset()


def find(page: HtmlElement, *, headline: str | None = None) -> Body:
    """The article's text; an empty one where the page has none. The tree is not changed."""
    text = trafilatura.extract(copy.deepcopy(page), favor_recall=True, fast=True, include_comments=False) or ""
    lines = (line.strip() for line in text.splitlines())
    return Body(text="\n\n".join(line for line in lines if line and line != headline))
