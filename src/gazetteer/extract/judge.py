"""Whether a page is an article at all, and how much of it is shown. Where in doubt, it is, and it is free."""

import re
from itertools import islice
from typing import Final
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from gazetteer.extract import blocks, walls
from gazetteer.extract.body import Body
from gazetteer.extract.metadata import Metadata
from gazetteer.types import Access

_LEAST: Final = 8
_BRIEF: Final = 30
_SHORT: Final = 120
_TEASERS: Final = 5
MAX_CHARACTERS: Final = 1_000_000
"""The longest text that is taken for an article's; the longest of 400 real ones has 54,729."""
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[\W*\])\W*\Z")
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_ERROR = re.compile(
    r"\A(?:(?:http )?(?:error|status|code)?\W*(?:400|401|403|404|410|429|451|500|502|503|504)\b(?!\W*(?:days|people|"
    r"million|miles|years|\d))|(?:page|site|server|article|story|file|content) (?:not|can.?not be|could not be) "
    r"(?:found|available)|not found\b|access denied|forbidden\b|bad gateway|service unavailable|gateway time-?out|"
    r"internal server error|too many requests|(?:oops|sorry|whoops|uh[- ]oh)\b\W|(?:this|the) page (?:isn.t|is not|"
    r"is no longer|can.t|cannot|could not|doesn.t|does not|has been (?:moved|removed))|(?:something|an error) "
    r"(?:went wrong|occurred)|we can.t find|page (?:unavailable|removed|expired|does not exist)|"
    r"(?:unavailable|not available) (?:in your|for legal))",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"\bare you (?:a )?(?:robot|human)\b|\bjust a moment\b|\battention required\b|pardon our interruption|"
    r"\b(?:verify|confirm|prove|checking)\b[^.]{0,40}\b(?:human|not a (?:ro)?bot|your browser|secure)|unusual traffic|"
    r"security check|complete the captcha|ddos protection",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"\A(?:search(?: results\b|\W*\Z|: )|(?:\d[\d,]* )?results? for\b|you searched for\b|suchergebnisse\b|"
    r"résultats de (?:la )?recherche\b|resultados de (?:la )?búsqueda\b|risultati (?:della |di )?ricerca\b)",
    re.IGNORECASE,
)
_SEARCH_PATH = re.compile(r"/(?:search|suche|recherche|buscar)(?:/|\.\w+)?\Z", re.IGNORECASE)
_LOGIN = re.compile(
    r"\A(?:log|sign) ?(?:in|up|on)\b|\A(?:register|create (?:an|your) account|my account)\b", re.IGNORECASE
)
_ORDER = (walls.ADBLOCK, walls.METER, walls.PAYWALL, walls.CONSENT, walls.LOGIN, walls.SCRIPTS, walls.NEWSLETTER)


def refusal(page: HtmlElement, found: Body, declared: Metadata, *, url: str | None = None) -> str | None:
    """Why the page is no article, as a clause for its user; None where it is one.

    What the page declares counts for more than its looks, so that a short or odd article passes.
    """
    if len(found.text) > MAX_CHARACTERS:
        return f"the page's text has more than {MAX_CHARACTERS:,} characters, too many for an article's"
    size = _size(found.text)
    titles = _titles(page, declared)
    if size < _SHORT:
        if any(_ROBOT.search(title) for title in titles):
            return "the page asks whether its reader is a robot"
        if not declared.is_article and any(_ERROR.search(title) for title in titles):
            return "the page is an error page"
    if not declared.is_article and _asks_for_login(page, titles, size):
        return "the page is a login page"
    if size < _LEAST or (size < _BRIEF and found.after & {walls.ADBLOCK, walls.CONSENT, walls.SCRIPTS}):
        notices = found.notices or _unscripted(page)
        wall = next((name for name in _ORDER if name in notices), None)
        return f"the page shows only {walls.NAMES[wall]}" if wall else "the page holds no article's text"
    return _listing(found, declared, titles, url)


def access(declared: Access, found: Body) -> Access:
    """How much of the article is shown: what its page declares, else what the notices around its text tell."""
    if declared is not Access.FREE:
        return declared
    size = _size(found.text)
    if size < _SHORT or _ELLIPSIS.search(found.text):
        if found.after & {walls.PAYWALL, walls.METER}:
            return Access.METERED if walls.METER in found.after else Access.PAYWALLED
        if _ELLIPSIS.search(found.text) and found.after & {walls.LOGIN, walls.ADBLOCK, walls.CONSENT, walls.SCRIPTS}:
            return Access.PAYWALLED if walls.LOGIN in found.after else Access.BLOCKED
    return Access.METERED if walls.METER in found.notices else declared


def _listing(found: Body, declared: Metadata, titles: list[str], url: str | None) -> str | None:
    """Why the page only lists others, None where it doesn't."""
    address = _address(url) if url and "://" in url else None
    if address and address.path in {"", "/"} and not address.query:
        return "the page is an index of others: its address is a site's front page"
    if declared.is_article:
        return None
    if any(_SEARCH.search(title) for title in titles) or (address and _SEARCH_PATH.search(address.path)):
        return "the page lists the results of a search"
    paragraphs = found.text.count("\n\n") + 1
    if declared.is_article is False and (found.teased > 1 / 2 or found.linked > 1 / 2 or _size(found.text) < _SHORT):
        return "the page is an index of others: it says so itself"
    if not declared.published_at and paragraphs >= _TEASERS and found.teased > 3 / 4:
        return "the page is an index of others: its text is teasers of them"
    if not declared.published_at and found.linked > 3 / 5:
        return "the page is an index of others: nearly all of it is links"
    return None


def _address(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _size(text: str) -> float:
    """How many words the text has, up to as many as matter; two letters count as one where no space parts words."""
    letters = 0 if text.isascii() else len(_UNSPACED.findall(text))
    return letters / 2 if letters > len(text) / 3 else sum(1 for _ in islice(_WORD.finditer(text), _SHORT))


def _titles(page: HtmlElement, declared: Metadata) -> list[str]:
    """What the page calls itself: its window's title, its first headings, and the headline found."""
    named = [element.text_content() for element in page.iter("title", "h1")][:4]
    return [title for title in (*(blocks.clean(name[:500]) for name in named), declared.headline or "") if title]


def _asks_for_login(page: HtmlElement, titles: list[str], size: float) -> bool:
    """Whether a page called so has a field for a password and a short text, or for an address and hardly any."""
    asked = {(field.get("type") or "").lower() for field in page.iter("input")}
    brief = size < _SHORT if "password" in asked else size < _BRIEF and "email" in asked
    return brief and any(_LOGIN.search(title) for title in titles)


def _unscripted(page: HtmlElement) -> set[str | None]:
    """The kinds of wall that the page shows where scripts don't run."""
    return {walls.kind(blocks.clean(element.text_content()[:500])) for element in page.iter("noscript")}
