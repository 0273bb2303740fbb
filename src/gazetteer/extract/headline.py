"""The publisher's headline: the one that readers see over the article, not the window's title."""

import re
from collections.abc import Iterable
from itertools import chain, islice

from lxml.html import HtmlElement

from gazetteer.extract import walls
from gazetteer.extract.structured import Declarations, clean, strings, text_of
from gazetteer.extract.surroundings import fold, label

MAX_CHARACTERS = 500
HEADINGS = 40
KICKER_WORDS = 6
SHORT_KICKER_WORDS = 2
HEADLINE_WORDS = 4
MAIN_WORDS = 3
TELLING_CHARACTERS = 4
NAME_CHARACTERS = 100
HOME_LINKS = 100

_SEPARATOR = re.compile(r"\s+[-–—|·•:»›>/\\]+\s+|\s*[|»›]\s*|\s+[-–—]|[-–—:]\s+")

_BAR = re.compile(r"\s+[-–—|·•»›]+\s+|\s*\|\s*")
# A name such as papers bear: capitalised words, the last of which says what it is.
_PAPER = re.compile(
    r"(?:[A-Z][\w.&’'-]*\s+){1,4}(?:News|Times|Post|Herald|Gazette|Tribune|Chronicle|Courier|Journal|Observer|Telegraph|"
    r"Mail|Echo|Standard|Examiner|Mercury|Argus|Globe|Star|Sun|Press|Review|Weekly|Magazine|Radio|TV|Zeitung|Nachrichten|"
    r"Anzeiger|Tageblatt|Rundschau|Kurier|Bote)\Z"
)
_MASTHEAD = re.compile(r"masthead|logo|brand|site-?(?:title|name|header)|(?<![a-z])(?:nav|menu)", re.IGNORECASE)
_HOMES = frozenset({"/", "./", "/index.html", "index.html"})
_ASIDE = frozenset({"nav", "aside", "footer"})
_STORY = frozenset({"article", "main"})


def read(page: Declarations, tree: HtmlElement, *, publishers: Iterable[str]) -> str | None:
    """Find the headline: the main heading that agrees with what the page declares, else what it declares."""
    names = (*publishers, *_names_shown(tree))
    told = _titles(
        chain(
            page.meta("og:title"),
            (text for node in page.nodes for text in strings(node.get("headline"))),
            page.meta("twitter:title", "parsely-title", "sailthru.title", "dc.title", "title"),
        ),
        names,
    )
    declared = [*told, *_titles(page.titles[:1], names)]
    own = None if told else _main(tree, page, names)
    headings = _headings(tree, page)
    agreed = own or _most_agreed(headings, declared)
    if agreed:
        return _without_kicker(agreed, declared)
    return _only(headings, declared) or next(chain(declared, headings), None)


def _titles(texts: Iterable[str], names: tuple[str, ...]) -> list[str]:
    """The titles without the site's name; what is too long or nothing but that name is left out."""
    bare = (_without_paper(without_site(text, names)) for text in texts if len(text) <= MAX_CHARACTERS)
    folded = {fold(name) for name in names}
    return [text for text in bare if text and fold(text) not in folded]


def _without_paper(title: str) -> str:
    """A title without what stands after its last bar, where that is such a name as papers bear."""
    last = next(reversed([*_BAR.finditer(title)]), None)
    if last and " " in title[: last.start()] and _PAPER.fullmatch(title[last.end() :]):
        return title[: last.start()]
    return title


def _names_shown(tree: HtmlElement) -> list[str]:
    """What the page's links to its site's front page say: the site's name, where it is no other word of a menu."""
    links = (link for link in tree.iter("a") if link.get("href", "").strip() in _HOMES)
    found = [
        (text_of(link, limit=NAME_CHARACTERS + 1), link.findall(".//img")[:1]) for link in islice(links, HOME_LINKS)
    ]
    names = (clean(text or "".join(image.get("alt", "") for image in images)) for text, images in found)
    return [name for name in names if 2 < len(name) <= NAME_CHARACTERS]


def _main(tree: HtmlElement, page: Declarations, names: tuple[str, ...]) -> str | None:
    """The heading that the page gives its article, where no words but its window's title declare one: the one marked as
    the headline, else the only first heading of the article, or of the page, that is not the site's own.
    """
    site = {fold(name) for name in chain(names, (_BAR.split(clean(title))[-1] for title in page.titles[:1]))}
    marked = [one for one in page.properties.get("headline", ()) if one.tag not in {"meta", "html", "body"}]
    first = [one for one in islice(tree.iter("h1"), HEADINGS) if not _is_masthead(one)]
    told = [one for one in first if any(above.tag in _STORY for above in one.iterancestors())]
    for elements, least in ((marked[:HEADINGS], 1), (told, MAIN_WORDS), (first, MAIN_WORDS)):
        texts = {_shown(one) for one in elements}
        text = texts.pop() if len(texts) == 1 else ""
        if len(text.split()) >= least and fold(text) not in site and not walls.kind(text):
            return text
    return None


def _is_masthead(heading: HtmlElement) -> bool:
    """Whether a heading is the site's own: in its menu, margin or foot, called a logo, or a link to its front page."""
    near = (heading, *islice(heading.iterancestors(), 2), *heading.iter("a", "span", "img"))
    return (
        any(_MASTHEAD.search(label(one)) for one in near if one.tag not in {"html", "body"} | _STORY)
        or any(one.tag in _ASIDE for one in heading.iterancestors())
        or any(link.get("href", "").strip() in _HOMES for link in heading.iter("a"))
    )


def _shown(element: HtmlElement) -> str:
    text = " ".join(text_of(element, limit=MAX_CHARACTERS + 1).split())
    return text if 1 < len(text) <= MAX_CHARACTERS else ""


def without_site(title: str, publishers: Iterable[str]) -> str:
    """A title without its site's name and section, where they stand after it (or the name before it)."""
    title = clean(title)
    folded = [fold(name) for name in publishers]
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title[:MAX_CHARACTERS])]
    for start, end in cuts:
        if _is_site(title[end:], folded):
            return without_site(title[:start], ()) if start else title
    for start, end in reversed(cuts):
        if fold(title[:start]) in folded and title[end:]:
            return title[end:]
    return title


def site_in(title: str, host: str | None) -> str | None:
    """The site's name where a title ends (or begins) with it, which its host confirms: "… - The Example Times"."""
    parts = [part for part in _SEPARATOR.split(clean(title)[:MAX_CHARACTERS]) if part]
    for part in (parts[-1], parts[0]) if host and len(parts) > 1 else ():
        folded = fold(part).replace(" ", "")
        if len(folded) > 2 and folded.removeprefix("the") in (host or "").replace("-", "").replace(".", ""):
            return part
    return None


def _is_site(text: str, publishers: Iterable[str]) -> bool:
    folded = fold(text)
    return any(name and (folded == name or folded.replace(" ", "") == name.replace(" ", "")) for name in publishers)


def _headings(tree: HtmlElement, page: Declarations) -> list[str]:
    marked = (element for element in page.properties.get("headline", ()) if element.tag not in {"meta", "html", "body"})
    return [text for element in islice(chain(tree.iter("h1"), marked), HEADINGS) if (text := _shown(element))]


def _most_agreed(headings: list[str], declared: list[str]) -> str | None:
    """The heading whose words are most those of a declared title: half of them at least."""
    best, most = None, 0.5
    wanted = [_words(text) for text in declared]
    for heading in headings:
        words = _words(heading)
        likeness = max((_overlap(words, other) for other in wanted), default=0.0)
        if likeness > most:
            best, most = heading, likeness
    return best


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _only(headings: list[str], declared: list[str]) -> str | None:
    """The page's only heading, where it is as long as headlines are and shares a telling word with what is declared."""
    if len(set(headings)) != 1 or len(headings[0].split()) < HEADLINE_WORDS:
        return None
    telling = {word for text in declared for word in _words(text) if len(word) >= TELLING_CHARACTERS}
    return headings[0] if telling & _words(headings[0]) else None


def _without_kicker(heading: str, declared: list[str]) -> str:
    """The heading without the section that stands in it before a declared headline: "Opinion What we owe". What ends
    with a colon is part of the headline.
    """
    shown = heading.split()
    wanted = {fold(text) for text in declared}
    for at in range(min(KICKER_WORDS, len(shown) - 1), 0, -1):
        barred = shown[at - 1] == "|"
        short = at <= SHORT_KICKER_WORDS and not shown[at - 1].endswith(":") and len(shown[0]) >= TELLING_CHARACTERS
        if (barred or short) and fold(" ".join(shown[at:])) in wanted:
            return " ".join(shown[at:])
    return heading


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
