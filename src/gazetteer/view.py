"""What every showing of a digest shares, on a page as in a terminal: its words, its shares, its links made safe."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from urllib.parse import urlencode, urlsplit

from gazetteer.types import Access, Annotation, Entity, OptOuts, Quote, QuoteKind, SentenceTone, Tone

NO_HEADLINE = "Without a headline"
"""What stands for the headline of an article that has none."""

GROUPS = {
    "PERSON": "People",
    "ORG": "Organisations",
    "NORP": "Nationalities and groups",
    "LOC": "Places",
    "FAC": "Facilities",
    "GPE": "Countries and cities",
    "PRODUCT": "Products",
    "EVENT": "Events",
    "WORK_OF_ART": "Works",
    "LAW": "Laws",
    "LANGUAGE": "Languages",
}
"""The heading of each label's group, in the order in which the groups are shown."""

KINDS = {
    "PERSON": "Person",
    "ORG": "Organisation",
    "NORP": "Nationality or group",
    "LOC": "Place",
    "FAC": "Facility",
    "GPE": "Country or city",
    "PRODUCT": "Product",
    "EVENT": "Event",
    "WORK_OF_ART": "Work",
    "LAW": "Law",
    "LANGUAGE": "Language",
}
"""What a single entity of each label is called."""

WISHES = {
    "noindex": "no listing by search engines",
    "noarchive": "no copy shown",
    "nosnippet": "no excerpt shown by search engines",
    "noimageindex": "no listing of its pictures",
    "noai": "no use by AI",
    "noimageai": "no use of its pictures by AI",
    "search=no": "no index for searching",
    "ai-input=no": "no use as input of AI models",
    "ai-train=no": "no training of AI models",
    "tdm-reserved": "text and data mining reserved",
}
"""What a publisher can ask of programs, in words."""
ACCESS = {
    Access.FREE: "free to read",
    Access.METERED: "metered: some articles free",
    Access.PAYWALLED: "behind a paywall; the digest rests on what was shown",
    Access.BLOCKED: "blocked; the digest rests on what was shown",
}

EVIDENCE = {"positive": "What reads positive", "negative": "What reads negative", "neutral": "What reads both ways"}
"""The heading of the evidence that leans each way, in the order in which it is shown."""

_CLEAR = 0.5  # a share from which it is what a tone is said to be
MOST_SPOKEN_OF = 6
"""How many entities are shown with the tone toward them."""

SPOKEN_OF = frozenset({"PERSON", "ORG", "NORP", "GPE"})
SPEECH = {
    QuoteKind.DIRECT: "",
    QuoteKind.MIXED: "partly in the article’s words",
    QuoteKind.REPORTED: "in the article’s words",
}
"""How somebody's words are given, where they are not given as they were said."""

UNNAMED = "Not named"
_PRONOUNS = frozenset(("he", "she", "they", "it", "who"))
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_NOT_IN_LINKS = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"`{}|^\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_COVERAGE_QUERY = 300  # characters of a headline: longer ones find nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entities of one label under its heading; each with its number in `Annotation.entities`."""

    label: str
    title: str
    entities: tuple[tuple[int, Entity], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whoever says something, by name or as the text puts it, and all that they say, in reading order.

    `entity` is their number in `Annotation.entities`, None where it is nobody whom the text names.
    """

    name: str
    entity: int | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A tone in whole per cents: `positivity` + `negativity` is 100; `neutral` is of the whole article."""

    positivity: int
    negativity: int
    neutral: int


def wishes(opt_outs: OptOuts) -> tuple[str, ...]:
    """Name what a publisher asks of programs, by the keys of `WISHES`; what it expressly allows is none."""
    return tuple(each for each in opt_outs.words if each in WISHES)


def printable(text: str) -> str:
    """The text without what could act on its reader's screen.

    Terminal escape sequences, control characters other than tab and newline, bidirectional overrides and isolates, and
    lone surrogates are dropped.
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", _ESCAPES.sub("", text))


def groups(annotation: Annotation) -> tuple[Group, ...]:
    """The entities by label, the groups in the order of `GROUPS`, each entity in its annotation's order."""
    members: dict[str, list[tuple[int, Entity]]] = {}
    for number, entity in enumerate(annotation.entities):
        members.setdefault(entity.label, []).append((number, entity))
    order = [*GROUPS, *sorted(set(members) - set(GROUPS))]
    return tuple(
        Group(label=label, title=GROUPS.get(label, label), entities=tuple(members[label]))
        for label in order
        if label in members
    )


def reasons(annotation: Annotation) -> dict[int, str]:
    """Why each sentence of the summary was chosen, by its number."""
    return dict(zip(annotation.summary, annotation.summary_why, strict=False))


def voices(annotation: Annotation, text: str) -> tuple[Voice, ...]:
    """Who says what, the speakers in the order in which they are first quoted.

    Those whom `text` does not name go by its words for them; those for whom it has but a pronoun are together.
    """
    said: dict[tuple[int | None, str], list[Quote]] = {}
    names: dict[tuple[int | None, str], str] = {}
    for quote in annotation.quotes:
        name = _called(annotation, quote, text)
        key = (quote.entity, "" if quote.entity is not None else name.casefold())
        names.setdefault(key, name)
        said.setdefault(key, []).append(quote)
    return tuple(Voice(name=names[key], entity=key[0], quotes=tuple(quotes)) for key, quotes in said.items())


def _called(annotation: Annotation, quote: Quote, text: str) -> str:
    if quote.entity is not None:
        return annotation.entities[quote.entity].name
    words = " ".join(text[slice(*quote.speaker)].split()) if quote.speaker else ""
    return words if words.casefold() not in _PRONOUNS | {""} else UNNAMED


def shares(tone: Tone) -> Shares:
    """The tone's shares rounded so that the two of what is charged sum to 100."""
    positivity = round(100 * tone.positivity)
    return Shares(positivity=positivity, negativity=100 - positivity, neutral=round(100 * tone.neutral))


def leaning(tone: SentenceTone | None) -> str:
    """The way in which a sentence is charged, in a word; `neutral` where it is not, or not known."""
    if tone is None or tone.positive == tone.negative:
        return "neutral"
    return "positive" if tone.positive > tone.negative else "negative"


def charge(tone: SentenceTone | None) -> str:
    """The charged shares of a sentence in words, the larger first: `14% negative, 5% positive`."""
    parts = [] if tone is None else [(tone.positive, "positive"), (tone.negative, "negative")]
    ordered = sorted(parts, key=lambda part: -part[0])
    return ", ".join(f"{share:.0%} {way}" for share, way in ordered if round(share, 2)) or "neutral"


def toward(annotation: Annotation) -> tuple[tuple[int, Entity, str], ...]:
    """The entities that the article is most about and speaks of, each with its number and the tone toward it in words.

    Of those that tone can be toward: people, bodies, groups, and countries, which act as bodies do.
    """
    spoken_of = [
        (number, entity, tendency(entity.tone))
        for number, entity in enumerate(annotation.entities)
        if entity.tone and entity.label in SPOKEN_OF
    ]
    return tuple(spoken_of[:MOST_SPOKEN_OF])


def outcomes(annotation: Annotation) -> tuple[tuple[int, Entity, str], ...]:
    """The entities for which it was read whether what happened is good or bad news, each with its number and that."""
    read = [
        (number, entity, _likeliest(entity.outcome, ("neither", "bad news", "good news")))
        for number, entity in enumerate(annotation.entities)
        if entity.outcome
    ]
    return tuple(read[:MOST_SPOKEN_OF])


def tendency(tone: SentenceTone) -> str:
    """The tone toward somebody in words, by its likeliest share: `negative (71%)`, `neither way (64%)`, or
    `unclear (positive 39%)` where that is under a half.
    """
    return _likeliest(tone, ("neither way", "negative", "positive"))


def _likeliest(tone: SentenceTone, words: tuple[str, str, str]) -> str:
    """The likeliest share in words, those for neutral, negative and positive; of two that are as likely, the first."""
    share, way = max(zip((tone.neutral, tone.negative, tone.positive), words, strict=True), key=lambda pair: pair[0])
    return f"{way} ({share:.0%})" if share >= _CLEAR else f"unclear ({way} {share:.0%})"


def certainty(low: float, high: float) -> str:
    """A range of probabilities in whole per cents; a model that is almost sure is not made to say that it is sure."""
    least, most = ("over 99%" if share > 0.99 else f"{share:.0%}" for share in (low, high))
    return least if least == most else f"{least} to {most}"


def day(at: datetime) -> str:
    """A time's day in words, in UTC."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B} {at.year}"


def whereabouts(entity: Entity) -> str | None:
    """The code of what the place lies in (`US-GA`, `NO`); None for what is no place, a country itself, or not known."""
    place = entity.place
    if place is None or entity.label == "NORP":
        return None
    is_within = place.subdivision or place.latitude is not None or entity.label in ("LOC", "FAC")
    return (place.subdivision or place.country) if is_within else None


def times(count: int) -> str:
    """How often, in words: `once`, `twice`, `14 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def joined(names: Sequence[str]) -> str:
    """Names as a sentence lists them: `A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def moment(at: datetime) -> str:
    """A time in words, in UTC: `15 August 2020, 14:05 UTC`; the day alone where it was printed without a time."""
    at = at.astimezone(UTC)
    return day(at) if at.time() == time() else f"{day(at)}, {at:%H:%M} UTC"


def clock(at: datetime) -> str:
    """A time of day in words, in UTC: `14:05 UTC`; nothing where a day was printed without a time."""
    at = at.astimezone(UTC)
    return "" if at.time() == time() else f"{at:%H:%M} UTC"


def machine_moment(at: datetime) -> str:
    """The same time for programs: RFC 3339 in UTC, or the day alone."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if at.time() == time() else at.isoformat().replace("+00:00", "Z")


def safe_link(address: str | None) -> str | None:
    """The address where it is a plain http(s) one that a reader can be sent to, else None.

    Other schemes, addresses without a host or with a user's name before it, and such as hold spaces, control characters
    or markup are turned down.
    """
    if not address or _NOT_IN_LINKS.search(address):
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where the port is no number
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return address


def host(address: str) -> str:
    """The host of a safe link, as a reader knows it: without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def coverage_link(headline: str) -> str:
    """The address of Google News' search for the headline: its full coverage by other publishers."""
    return "https://news.google.com/search?" + urlencode({"q": printable(headline)[:_COVERAGE_QUERY]})
