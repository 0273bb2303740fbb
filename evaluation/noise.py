"""What no entity may be, counted: `python -m evaluation.noise --data ../shared/data [--list]`.

Every page of `pages/news-sites` is digested from its bytes; a page is noisy where one of its entities is
- *byline*: a person who can be one of the page's authors (the gold ones, whatever was extracted);
- *possessive*: a name that ends in an apostrophe or in one with s, names that do so by themselves aside ("Moody's");
- *title*: a lone title ("Mr", "President") or one before a person's name;
- *fragment*: a name that begins or ends inside a word, begins or ends with a mark that no name does, runs over the end
  of a sentence or paragraph, leaves a bracket or quotation mark open, has no letter or small ones alone, or is a part
  of an address.
The rules are stated here anew, not taken from the annotator, so that they can find it wrong.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from evaluation import sets
from gazetteer.annotate import Annotator
from gazetteer.errors import ExtractError
from gazetteer.extract import extract
from gazetteer.types import Article, Capture, Entity

TITLES = """mr mrs ms miss dr prof sir dame lord lady president vice-president premier chancellor minister secretary
    senator sen representative rep congressman congresswoman governor gov mayor judge justice king queen prince princess
    pope cardinal bishop general gen colonel col lieutenant captain commander admiral sergeant officer"""
_TITLES = frozenset(re.findall(r"\S+", TITLES))
_POSSESSIVE = re.compile(r"['’`´]s?$")
_OWN = re.compile(
    r"\b(?:moody|mcdonald|macy|sotheby|christie|lloyd|lowe|kohl|wendy|domino|levi|poor|joe|john)[’']s$", re.I
)
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)]+\s*\S|\b[a-z]\w*[!?…]|\n|(?<=[a-z]{4})\.\s+[A-Z]")
_BAD_EDGE = re.compile(r"^[^\w(#@$.\[]|[^\w).+!\]?$°]$")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))


def byline_name(entity: Entity, authors: str) -> bool:
    """Whether `entity` is a person named in `authors` by full name, or by a word of it alone."""
    if entity.label != "PERSON":
        return False
    names = [name.casefold().split() for name in re.split(r"[,;&|]|\band\b", authors)]
    mine = entity.name.casefold().split()
    return any(
        mine == name or (len(mine) == 1 and mine[0] in name) or (name and mine[-1:] == name[-1:] and mine[0] == name[0])
        for name in names
    )


def is_title(entity: Entity) -> bool:
    """Whether the name is a lone title, or a person's with a title before it."""
    words = entity.name.casefold().replace(".", "").split()
    return bool(words) and words[0] in _TITLES and (len(words) == 1 or entity.label == "PERSON")


def is_fragment(entity: Entity, article: Article) -> bool:
    """Whether a mention's span is not the whole of a name."""
    text, name = article.text, entity.name
    if not any(map(str.isalpha, name)) or _BAD_EDGE.search(name) or name.islower() or "@" in name:
        return True
    if any(name.count(one) != name.count(other) for one, other in _PAIRS):
        return True
    for mention in entity.mentions:
        before, after = text[mention.start - 1 : mention.start], text[mention.end : mention.end + 1]
        inside = text[mention.start : mention.end]
        if (before.isalnum() and inside[:1].isalnum()) or (after.isalnum() and inside[-1:].isalnum()):
            return True
        if _SENTENCE_END.search(inside.rstrip("!?.…")):
            return True
    return False


def faults(entity: Entity, article: Article, authors: str) -> Iterator[str]:
    """The rules that `entity` breaks."""
    if byline_name(entity, authors):
        yield "byline"
    if _POSSESSIVE.search(entity.name) and not _OWN.search(entity.name):
        yield "possessive"
    if is_title(entity):
        yield "title"
    if is_fragment(entity, article):
        yield "fragment"


def noisy(data: Path, annotator: Annotator) -> Iterator[tuple[str, list[tuple[str, Entity]]]]:
    """For each page that can be extracted, its file name and its faulty entities with the rules they break."""
    for row, content in sets.pages(data, "news-sites"):
        try:
            article = extract(Capture(source=row["file"], content=content, url=row["url"]))
        except ExtractError:
            continue
        (annotation,) = annotator.annotate([article])
        yield row["file"], [(rule, e) for e in annotation.entities for rule in faults(e, article, row["authors"] or "")]


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    pages = [bad for _, bad in noisy(data, Annotator())]
    figures = {"noise_pages": float(sum(map(bool, pages))), "noise_pages_read": float(len(pages))}
    for rule in ("byline", "possessive", "title", "fragment"):
        figures[f"noise_pages_{rule}"] = float(sum(any(broken == rule for broken, _ in bad) for bad in pages))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    for file, bad in noisy(parser.parse_args().data, Annotator()):
        for rule, entity in bad:
            print(f"{file[:8]}  {rule:10} {entity.label:11} {entity.name!r}")
