"""Digests made by hand, for the tests of what shows them: spans are found from the words they cover."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import strategies as st

from gazetteer.types import (
    LABELS,
    Abstention,
    Access,
    Annotation,
    Article,
    Digest,
    Entity,
    Mention,
    Place,
    Quote,
    QuoteKind,
    Sentence,
    SentenceTone,
    Tag,
    Tone,
)

FERRY = """\
The ferry Saint Brannoc, built in 1974 to carry cattle, sailed out of Port Ellery for the last time on Sunday. \
Some 4,000 people lined the Mole to see her go. "She brought my mother here, and she took my brother away," \
said Oona Tregear, 81, who had come with a thermos at dawn.

Veridian Lines, which bought the ship in 2009, said that repairs had become ruinous. The company will replace her \
with a leased catamaran from Norway. Prime Minister Aldo Fenn called the decision a betrayal of the outer islands, \
and Mr. Fenn promised a furious fight in the Assembly.

The Ellery dockers, many of them Portuguese, played a waltz on the quay. Veridian gave every passenger a slice of \
cake. Norway's embassy sent flowers, a kindness that delighted the crew."""

NAMES = {
    ("Oona Tregear", "PERSON"): ("Oona Tregear",),
    ("Aldo Fenn", "PERSON"): ("Aldo Fenn", "Fenn"),
    ("Veridian Lines", "ORG"): ("Veridian Lines", "Veridian"),
    ("Assembly", "ORG"): ("Assembly",),
    ("Portuguese", "NORP"): ("Portuguese",),
    ("the Mole", "FAC"): ("the Mole",),
    ("Port Ellery", "GPE"): ("Port Ellery", "Ellery"),
    ("Norway", "GPE"): ("Norway",),
    ("Saint Brannoc", "PRODUCT"): ("Saint Brannoc",),
}

QUOTES = (
    ('"She brought my mother here, and she took my brother away,"', QuoteKind.DIRECT, "said", "Oona Tregear"),
    ("repairs had become ruinous", QuoteKind.REPORTED, "said", "Veridian Lines"),
    ("a furious fight in the Assembly", QuoteKind.REPORTED, "promised", "Fenn"),
)


def article(**changes: object) -> Article:
    """An article with everything that a publisher can say."""
    words: dict[str, object] = {
        "source": "ferry.html",
        "headline": "The Last Sailing of the Saint Brannoc",
        "text": FERRY,
        "url": "https://www.island-courier.example/2023/04/last-sailing?utm_source=feed",
        "canonical_url": "https://www.island-courier.example/2023/04/last-sailing",
        "byline": "By Wren Calloway and Ines Duarte in Port Ellery",
        "authors": ("Wren Calloway", "Ines Duarte"),
        "publisher": "The Island Courier",
        "published_at": datetime(2023, 4, 16, 17, 5, tzinfo=UTC),
        "modified_at": datetime(2023, 4, 17, 8, 30, tzinfo=UTC),
        "section": "Islands",
        "language": "en",
        "image_url": "https://img.island-courier.example/brannoc.jpg",
    }
    return Article(**(words | changes))  # type: ignore[arg-type]


PLACES = {
    "Port Ellery": Place(country="NO", subdivision="NO-46", latitude=60.39, longitude=5.32),
    "Norway": Place(country="NO", is_country=True),
}
"""Where the places of `NAMES` are."""


def annotation(text: str = FERRY, **changes: object) -> Annotation:
    """The reading of `FERRY`, or of another text: its sentences, and of the names in `NAMES` those that it holds."""
    sentences = tuple(
        Sentence(
            start=found.start(),
            end=found.end(),
            tone=_tone(found[0]),
            salience=round(1 / (number + 1), 3),
            is_quoted=found[0].startswith('"') or "Mr. Fenn promised" in found[0],
        )
        for number, found in enumerate(re.finditer(r"\S(?:[^.\n]|(?<=Mr)\.|\.(?=\d))*(?:\.\"?|$|(?=\n))", text))
    )
    entities = tuple(filter(None, (_entity(text, *name, forms) for name, forms in NAMES.items())))
    words: dict[str, object] = {
        "entities": entities,
        "quotes": tuple(filter(None, (_quote(text, entities, *each) for each in QUOTES))),
        "sentences": sentences,
        "tone": Tone(positivity=0.35, negativity=0.65, neutral=0.62, evidence=tuple(range(len(sentences)))[5:7]),
        "summary": tuple(range(len(sentences)))[:5:2],
        "summary_why": ("opens the article", "names Oona Tregear", "close to the headline")[
            : (len(sentences[:5]) + 1) // 2
        ],
        "tags": (Tag(name="Shipping", why="the word “ferry” in the first sentence", code="medtop:20000337"),),
        "model": "made by hand 1",
    }
    return Annotation(**(words | changes))  # type: ignore[arg-type]


def digest(*, abstained: str | None = None, tags: Sequence[Tag] | None = None, **changes: object) -> Digest:
    """A digest of the ferry's article; `changes` are the article's."""
    changed = article(**changes)
    read: dict[str, object] = {}
    if abstained is not None:
        read["tone"] = Abstention(reason=abstained)
    if tags is not None:
        read["tags"] = tuple(tags)
    return Digest(article=changed, annotation=annotation(changed.text, **read))


def _entity(text: str, name: str, label: str, forms: tuple[str, ...]) -> Entity | None:
    pattern = "|".join(rf"\b{re.escape(form)}\b" for form in forms)
    mentions = tuple(Mention(start=m.start(), end=m.end(), score=0.93) for m in re.finditer(pattern, text))
    return Entity(name=name, label=label, mentions=mentions, place=PLACES.get(name)) if mentions else None


def _quote(text: str, entities: Sequence[Entity], words: str, kind: QuoteKind, cue: str, speaker: str) -> Quote | None:
    start = text.find(words)
    if start < 0:
        return None
    near = min((m.start() for m in re.finditer(rf"\b{cue}\b", text)), key=lambda at: abs(at - start))
    named = [
        (abs(m.start - start), m.start, m.end, n)
        for n, entity in enumerate(entities)
        for m in entity.mentions
        if text[m.start : m.end] == speaker
    ]
    _, *span, number = min(named)
    return Quote(
        start=start,
        end=start + len(words),
        kind=kind,
        cue=(near, near + len(cue)),
        speaker=(span[0], span[1]),
        entity=number,
    )


def _tone(sentence: str) -> SentenceTone:
    positive = 0.6 if re.search("delighted|kindness|cake", sentence) else 0.0
    negative = 0.7 if re.search("betrayal|furious|ruinous", sentence) else 0.0
    return SentenceTone(positive=positive, negative=negative, neutral=1 - positive - negative)


ATTACKS = (
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "data:text/html,<script>",
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    "\u202egnp.exe\u2066",
    "\x00\x07\r\ufffe\ud800",
    "[bold red]markup[/]",
    "漢字かな",
    "👩‍👩‍👧",
    "مرحبا",
    "\n\n",
    "\n",
    " ",
)


def words() -> st.SearchStrategy[str]:
    """Any text, hostile ones above all."""
    piece = st.one_of(st.sampled_from(ATTACKS), st.text(st.characters(codec=None), max_size=20))
    return st.lists(piece, max_size=6).map("".join)


@st.composite
def hostile_digests(draw: st.DrawFn) -> Digest:
    """A digest that keeps the contract of `types` while everything that a page can write in it is hostile."""
    maybe = st.one_of(st.none(), words())
    time = st.one_of(st.none(), st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
    hostile = Article(
        source=draw(words()),
        headline=draw(words()),
        text=draw(st.lists(words(), min_size=1, max_size=8).map("".join)),
        url=draw(maybe),
        canonical_url=draw(maybe),
        byline=draw(maybe),
        authors=tuple(draw(st.lists(words(), max_size=4))),
        publisher=draw(maybe),
        published_at=draw(time),
        modified_at=draw(time),
        section=draw(maybe),
        language=draw(words()),
        image_url=draw(maybe),
        access=draw(st.sampled_from(Access)),
    )
    return Digest(article=hostile, annotation=draw(_annotations(hostile.text)))


_PLACES = st.none() | st.sampled_from([*PLACES.values(), Place()])


@st.composite
def _annotations(draw: st.DrawFn, text: str) -> Annotation:
    share = st.floats(0, 1)
    spans = st.lists(st.integers(0, len(text)), max_size=12, unique=True).map(sorted)
    cuts = draw(spans)
    sentences = tuple(
        Sentence(
            start=start,
            end=end,
            tone=draw(st.one_of(st.none(), share.map(_shares))),
            salience=draw(share),
            is_quoted=draw(st.booleans()),
        )
        for start, end in pairwise(cuts)
    )
    ends = draw(spans)
    mentions = [
        Mention(start=start, end=end, score=draw(share)) for start, end in zip(ends[::2], ends[1::2], strict=False)
    ]
    entities = tuple(
        Entity(name=draw(words()), label=draw(st.sampled_from(LABELS)), mentions=(mention,), place=draw(_PLACES))
        for mention in mentions
    )
    numbers = st.lists(st.integers(0, max(0, len(sentences) - 1)), max_size=4 if sentences else 0, unique=True)
    tone: Tone | Abstention = Abstention(reason=draw(words()))
    if draw(st.booleans()):
        positivity = draw(share)
        tone = Tone(
            positivity=positivity, negativity=1 - positivity, neutral=draw(share), evidence=tuple(draw(numbers))
        )
    summary = tuple(sorted(draw(numbers)))
    return Annotation(
        entities=entities,
        sentences=sentences,
        quotes=draw(_quotes(text, len(entities))),
        tone=tone,
        summary=summary,
        summary_why=tuple(draw(words()) for _ in summary),
        tags=tuple(
            Tag(name=draw(words()), why=draw(words()), code=draw(st.one_of(st.none(), words())))
            for _ in range(draw(st.integers(0, 2)))
        ),
        model=draw(words()),
        notes=tuple(draw(st.lists(words(), max_size=2))),
    )


@st.composite
def _quotes(draw: st.DrawFn, text: str, entities: int) -> tuple[Quote, ...]:
    cuts = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted))
    span = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted).map(tuple)
    maybe = st.one_of(st.none(), span) if len(text) > 1 else st.none()
    number = st.one_of(st.none(), st.integers(0, entities - 1)) if entities else st.none()
    return tuple(
        Quote(
            start=s,
            end=e,
            kind=draw(st.sampled_from(QuoteKind)),
            cue=draw(maybe),
            speaker=draw(maybe),
            entity=draw(number),
        )
        for s, e in zip(cuts[::2], cuts[1::2], strict=False)
    )


def _shares(charged: float) -> SentenceTone:
    return SentenceTone(positive=charged / 3, negative=2 * charged / 3, neutral=1 - charged)
