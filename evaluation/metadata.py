"""How well the publisher's words about an article are read, beside trafilatura and newspaper4k.

    python -m evaluation.metadata --data ../shared/data [--errors authors|date|headline]

Gold: `pages/news-sites`. A headline is right where it equals the gold one, white space, case, marks of punctuation
and typographic quotes aside. Authors are right where the sets are equal, case, spaces, diacritics and punctuation
aside; the gold's line is parted at commas, and degrees ("Ph.D.") are no names on either side. A date is right where it
is the gold's calendar day: ours is the day of publication where the publisher is; `date_utc` is the day of
`published_at`, which is in UTC. The gold is often the day of the last change, and some of it contradicts all that the
page declares (most have the wrong year): `date_undisputed` leaves those pages out (the rule: `disputed`).
"""

import argparse
import re
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import lxml.html

from evaluation import sets
from gazetteer.extract import dates, metadata, surroundings, tree
from gazetteer.extract.structured import declarations

FIELDS = ("authors", "date", "headline")
_DEGREE = re.compile(r",?\s*\b(?:Ph\.?\s?D|M\.?D|J\.D|MPH|RD|RN)\b\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one reader says of one page: its authors, its headline, and its calendar day (ISO) where the publisher is;
    `date_utc` is the day in UTC, which is what Gazetteer's users get.
    """

    authors: tuple[str, ...] = ()
    date: str = ""
    date_utc: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, what people read on it, and what each reader said."""

    url: str
    gold: Answer
    disputed: bool
    answers: Mapping[str, Answer]


def ours(text: str, url: str) -> Answer:
    """What this project reads."""
    page = parse(text)
    found = metadata.read(page, url=url)
    top = surroundings.find(page, found.headline)
    published = dates.read(declarations(page), top, url=url, language=found.language).published
    return Answer(
        authors=found.authors,
        date=_day(published),
        date_utc=_day(found.published_at),
        headline=found.headline or "",
    )


def trafilatura(text: str, url: str) -> Answer:
    """What trafilatura reads."""
    from trafilatura import extract_metadata

    found = extract_metadata(text, default_url=url)
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    return Answer(authors=authors, date=(found.date or "")[:10], headline=found.title or "")


def newspaper4k(text: str, url: str) -> Answer:
    """What newspaper4k reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from newspaper import Article

        found = Article(url, fetch_images=False)
        found.download(input_html=text)
        found.parse()
    day = found.publish_date
    return Answer(authors=tuple(found.authors), date=_day(day) if day else "", headline=found.title or "")


READERS: Mapping[str, Callable[[str, str], Answer]] = {
    "gazetteer": ours,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
}


def parse(text: str) -> lxml.html.HtmlElement:
    """A page's tree."""
    return tree.parse(text.encode(), content_type="text/html; charset=utf-8")


def pages(data: Path, readers: Mapping[str, Callable[[str, str], Answer]]) -> Iterator[Page]:
    """Every page of `pages/news-sites`, as each reader reads it."""
    for entry, content in sets.pages(data, "news-sites"):
        text = content.decode("utf-8", "replace")
        gold = Answer(authors=_gold_authors(entry["authors"]), date=entry["date"], headline=entry["headline"])
        answers = {name: read(text, entry["url"]) for name, read in readers.items()}
        yield Page(url=entry["url"], gold=gold, disputed=disputed(text, gold.date), answers=answers)


def disputed(text: str, day: str) -> bool:
    """Whether all that the page declares for machines, two dates of publication or change at least, contradicts the
    gold's day: none of them within a day of it.
    """
    page = declarations(parse(text))
    declared = [value for node in page.nodes for value in (node.get("datePublished"), node.get("dateModified"))]
    declared += page.meta(
        "article:published_time", "article:modified_time", "og:updated_time", "parsely-pub-date", "date"
    )
    declared += [element.get("datetime", "") for element in page.properties.get("datePublished", ())]
    found = [when.date() for value in declared if isinstance(value, str) and (when := dates.parse(value))]
    gold = datetime.fromisoformat(day).date()
    return len(found) > 1 and all(abs((each - gold).days) > 1 for each in found)


def right(field: str, answer: Answer, gold: Answer) -> bool:
    """Whether one field of an answer is right."""
    if field == "authors":
        return {_fold_name(name) for name in answer.authors} == {_fold_name(name) for name in gold.authors}
    if field == "date":
        return answer.date == gold.date
    return _fold_headline(answer.headline) == _fold_headline(gold.headline)


def score(found: list[Page], reader: str) -> dict[str, float]:
    """The share of pages where each field is right, and of dates on pages whose gold is not disputed."""
    shares = {field: _share([right(field, page.answers[reader], page.gold) for page in found]) for field in FIELDS}
    undisputed = [right("date", page.answers[reader], page.gold) for page in found if not page.disputed]
    in_utc = _share([page.answers[reader].date_utc == page.gold.date for page in found])
    counts = {"pages": len(found), "undisputed": len(undisputed)}
    return {**shares, "date_undisputed": _share(undisputed), "date_utc": in_utc, **counts}


def measure(data: Path) -> dict[str, float]:
    """The project's figures, by name."""
    found = score(list(pages(data, {"gazetteer": ours})), "gazetteer")
    return {
        "authors_exact_news_sites": found["authors"],
        "date_news_sites": found["date"],
        "date_undisputed_news_sites": found["date_undisputed"],
        "date_utc_news_sites": found["date_utc"],
        "headline_news_sites": found["headline"],
    }


def _gold_authors(line: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in _DEGREE.sub("", line).split(",") if name.strip())


def _fold_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", _DEGREE.sub("", name)).casefold().removeprefix("the ")
    return "".join(letter for letter in plain if letter.isalnum())


def _fold_headline(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+|[%$€£&+#]", re.sub(r"[’‘'`´]", "", plain)))


def _day(when: datetime | None) -> str:
    return when.date().isoformat() if when else ""


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _print_errors(found: list[Page], field: str) -> None:
    by_field: dict[str, Callable[[Answer], Any]] = {
        "authors": lambda answer: ", ".join(answer.authors),
        "date": lambda answer: answer.date,
        "headline": lambda answer: answer.headline,
    }
    show = by_field[field]
    for page in found:
        if not right(field, page.answers["gazetteer"], page.gold):
            mark = "  (disputed)" if field == "date" and page.disputed else ""
            print(f"{page.url}{mark}\n  gold {show(page.gold)!r}\n  ours {show(page.answers['gazetteer'])!r}")


def main() -> None:
    """Print the table, or what is missed."""
    parser = argparse.ArgumentParser(description="Measure the reading of headline, authors and date.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", choices=FIELDS)
    options = parser.parse_args()
    if options.errors:
        _print_errors(list(pages(options.data, {"gazetteer": ours})), options.errors)
        return
    found = list(pages(options.data, READERS))
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for reader in READERS:
        scores[reader] = score(found, reader)
    first = next(iter(scores.values()))
    print(f"pages/news-sites, {first['pages']:.0f} pages, {first['undisputed']:.0f} with undisputed dates")
    print(f"{'':12} {'authors':>8} {'date':>8} {'undisputed':>11} {'headline':>9}")
    for reader, shares in scores.items():
        authors, date, headline = (f"{shares[field]:8.3f}" for field in FIELDS)
        print(f"{reader:12} {authors} {date} {shares['date_undisputed']:11.3f}  {headline}")


if __name__ == "__main__":
    main()
