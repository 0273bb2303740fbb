"""Digests → one HTML page that needs nothing but itself: no script, no request, no file beside it."""

import hashlib
import json
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from gazetteer import view
from gazetteer.types import Abstention, Article, Digest, Entity, Failure, Quote, Sentence, Tag, Tone
from gazetteer.web.layout import Layout, Piece, Run
from gazetteer.web.templating import environment

_FRONT_NAMES = 5
_EVIDENCE = 4  # sentences shown at once, of each pole as its share of the charge; the others open
_LONGEST_QUOTE = 1200  # characters: under a name, longer sentences are cut to what stands around it
_AROUND = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence as it is quoted: its number in the text, its runs, how it is told, and why it is quoted."""

    number: int
    runs: tuple[Run, ...]
    sentence: Sentence
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """An entity in its group, what it lies in, every sentence that names it, and the range of its mentions' scores."""

    number: int
    entity: Entity
    where: str | None
    lines: tuple[_Line, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    label: str
    title: str
    names: tuple[_Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pole:
    """The evidence that leans one way, under its heading; the first `shown` at once."""

    title: str
    lines: tuple[_Line, ...]
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What somebody says: its runs, how it is given, and the number of the sentence in which it begins, if in one."""

    runs: tuple[Run, ...]
    given: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """A speaker, and what they say."""

    name: str
    entity: int | None
    said: tuple[_Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One digest, laid out for the template; `id` opens the anchors of everything in it."""

    id: str
    article: Article
    link: str | None
    image: str | None
    groups: tuple[_Group, ...]
    voices: tuple[_Voice, ...]
    main: tuple[Entity, ...]
    tone: Tone | None
    shares: view.Shares | None
    abstained: str | None
    evidence: tuple[_Pole, ...]
    toward: tuple[tuple[int, Entity, str], ...]
    summary: tuple[_Line, ...]
    tags: tuple[Tag, ...]
    rule: str
    model: str
    notes: tuple[str, ...]
    sentences: int
    paragraphs: tuple[tuple[Piece, ...], ...]


def render(
    digests: Sequence[Digest],
    *,
    failures: Sequence[Failure] = (),
    notice: str | None = None,
    untagged: str | None = None,
) -> str:
    """One HTML page of the digests, in their order; of several, with their contents first.

    `failures` are told at the end. `notice` is the words of the page's owner, shown above all and dismissable;
    `untagged` says why nothing is tagged, where there are no rules. The page holds the articles' whole text: it is
    for its owner's own reading.
    """
    style = (files("gazetteer.web") / "static" / "page.css").read_text(encoding="utf-8")
    style_hash = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    pages = [_page(f"a{number}", digest) for number, digest in enumerate(digests, start=1)]
    return (
        environment()
        .get_template("page.html")
        .render(pages=pages, failures=failures, notice=notice, untagged=untagged, style=style, style_hash=style_hash)
    )


def _page(anchor: str, digest: Digest) -> _Page:
    article, annotation = digest.article, digest.annotation
    layout = Layout(article.text, annotation)
    naming = layout.naming()
    reasons = view.reasons(annotation)

    def lines(numbers: Sequence[int]) -> tuple[_Line, ...]:
        chosen = ((number, annotation.sentences[number]) for number in numbers)
        return tuple(
            _Line(number=n, runs=layout.runs(each.start, each.end), sentence=each, why=reasons.get(n, ""))
            for n, each in chosen
        )

    def name(number: int, entity: Entity) -> _Name:
        scores = [mention.score for mention in entity.mentions] or [0.0]
        named = tuple(
            _Line(number=n, runs=_excerpt(layout, annotation.sentences[n], at), sentence=annotation.sentences[n])
            for n, at in naming.get(number, {}).items()
        )
        where = view.whereabouts(entity)
        return _Name(number=number, entity=entity, where=where, lines=named, low=min(scores), high=max(scores))

    tone = None if isinstance(annotation.tone, Abstention) else annotation.tone
    return _Page(
        id=anchor,
        article=article,
        link=view.safe_link(article.link),
        image=view.safe_link(article.image_url),
        groups=tuple(
            _Group(label=group.label, title=group.title, names=tuple(name(*each) for each in group.entities))
            for group in view.groups(annotation)
        ),
        voices=_voices(layout, digest),
        main=annotation.entities[:_FRONT_NAMES],
        tone=tone,
        shares=view.shares(tone) if tone else None,
        abstained=annotation.tone.reason if isinstance(annotation.tone, Abstention) else None,
        evidence=_poles(lines(tone.evidence), tone) if tone else (),
        toward=view.toward(annotation),
        summary=lines(annotation.summary),
        tags=annotation.tags,
        rule=_rule(annotation.entities),
        model=annotation.model,
        notes=annotation.notes,
        sentences=len(annotation.sentences),
        paragraphs=tuple(layout.paragraphs()),
    )


def _voices(layout: Layout, digest: Digest) -> tuple[_Voice, ...]:
    """Who says what, each quotation with the sentence in which it begins."""
    starts = [sentence.start for sentence in digest.annotation.sentences]

    def said(quote: Quote) -> _Said:
        number = bisect_right(starts, quote.start) - 1
        within = number >= 0 and quote.start < digest.annotation.sentences[number].end
        end = min(quote.end, quote.start + _LONGEST_QUOTE)
        cut = (Run(text=" …"),) if end < quote.end else ()
        runs = layout.runs(quote.start, end) + cut
        return _Said(runs=runs, given=view.SPEECH[quote.kind], number=number if within else None)

    return tuple(
        _Voice(name=voice.name, entity=voice.entity, said=tuple(map(said, voice.quotes)))
        for voice in view.voices(digest.annotation, digest.article.text)
    )


def _poles(evidence: Sequence[_Line], tone: Tone) -> tuple[_Pole, ...]:
    """The evidence by the way it leans, in the order of `view.EVIDENCE`."""
    shares = {"positive": tone.positivity, "negative": tone.negativity}
    poles = (
        _Pole(
            title=title,
            lines=tuple(line for line in evidence if view.leaning(line.sentence.tone) == way),
            shown=max(1, round(_EVIDENCE * shares.get(way, 0))),
        )
        for way, title in view.EVIDENCE.items()
    )
    return tuple(pole for pole in poles if pole.lines)


def _excerpt(layout: Layout, sentence: Sentence, at: int) -> tuple[Run, ...]:
    """The sentence whole or, where it is too long, what stands around `at`: so that many names in it stay bounded."""
    if sentence.end - sentence.start <= _LONGEST_QUOTE:
        return layout.runs(sentence.start, sentence.end)
    start, end = max(sentence.start, at - _AROUND), min(sentence.end, at + _AROUND)
    before = (Run(text="… "),) if start > sentence.start else ()
    after = (Run(text=" …"),) if end < sentence.end else ()
    return before + layout.runs(start, end) + after


def _rule(entities: Sequence[Entity]) -> str:
    """A tag rule to begin with, which the article would meet where it names anything."""
    name = json.dumps(view.printable(entities[0].name), ensure_ascii=False) if entities else None
    if name is None:
        return '[[tag]]\nname = "My tag"\nany = ["a word", "a phrase of several words"]'
    return f"[[tag]]\nname = {name}\nentity = [{name}]"
