"""One digest laid out for its template: what stands under which heading, and how much of it at once."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gazetteer import view
from gazetteer.archive.values import Kept, Subject
from gazetteer.types import Abstention, Annotation, Article, Digest, Entity, Quote, Sentence, Tag, Tone
from gazetteer.web.layout import Layout, Piece, Run
from gazetteer.web.shown import read_as

_FRONT_NAMES = 5
_EVIDENCE = 4  # sentences shown at once, of each pole as its share of the charge; the others open
_LONGEST_QUOTE = 1200  # characters: under a name, longer sentences are cut to what stands around it
_AROUND = 300
_NO_SCORE = "no score"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence as it is quoted: its number in the text, its runs, how it is told, and why it is quoted."""

    number: int
    runs: tuple[Run, ...]
    sentence: Sentence
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """An entity in its group, what it lies in, and the range of its mentions' scores.

    `lines` are the sentences that are shown of those that name it; `hidden` counts the mentions in others. `read_as` is
    what it is called here, where the archive shows it by another name.
    """

    number: int
    entity: Entity
    subject: Subject | None
    where: str | None
    lines: tuple[_Line, ...]
    hidden: int
    read_as: tuple[str, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    label: str
    title: str
    names: tuple[_Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pole:
    """The evidence that leans one way, under its heading; the first `shown` at once, and `hidden` in number alone."""

    title: str
    lines: tuple[_Line, ...]
    shown: int
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What somebody says: its runs, how it is given, and the number of the sentence in which it begins, if in one."""

    runs: tuple[Run, ...]
    given: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """A speaker, and what they say, so far as it is shown."""

    name: str
    entity: int | None
    said: tuple[_Said, ...]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How labels of one sort came about: how many there are, what gave them, and how sure that is."""

    label: str
    count: int
    by: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One digest, laid out for the template; `id` opens the anchors of everything in it.

    On a site, `kept` is what its archive knows of the article, and `subjects` who and what its entities are there.
    `is_whole`: the article's text is there, and not only an excerpt. `wishes` are what its publisher asks of programs,
    by their keys in `view.WISHES`, and `terms` the address of its terms for text and data mining.
    """

    id: str
    article: Article
    kept: Kept | None
    subjects: tuple[Subject, ...]
    is_whole: bool
    link: str | None
    image: str | None
    wishes: tuple[str, ...]
    terms: str | None
    groups: tuple[_Group, ...]
    voices: tuple[_Voice, ...]
    main: tuple[Entity, ...]
    tone: Tone | None
    shares: view.Shares | None
    abstained: str | None
    evidence: tuple[_Pole, ...]
    toward: tuple[tuple[int, Entity, str], ...]
    outcomes: tuple[tuple[int, Entity, str], ...]
    summary: tuple[_Line, ...]
    tags: tuple[Tag, ...]
    rule: str
    model: str
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]
    sentences: int
    paragraphs: tuple[tuple[Piece, ...], ...]


def sheet(anchor: str, digest: Digest, *, kept: Kept | None = None, is_whole: bool = True) -> Sheet:
    """Lay a digest out; where it is what is `shown` of a kept article, with that."""
    article, annotation = digest.article, digest.annotation
    layout = Layout(article.text, annotation)
    subjects = tuple(dict.fromkeys(kept.entities)) if kept else ()
    tone = None if isinstance(annotation.tone, Abstention) else annotation.tone
    return Sheet(
        id=anchor,
        article=article,
        kept=kept,
        subjects=subjects,
        is_whole=is_whole,
        link=view.safe_link(article.link),
        image=view.safe_link(article.image_url),
        wishes=view.wishes(article.opt_outs),
        terms=view.safe_link(article.opt_outs.tdm_policy),
        groups=_groups(layout, digest, subjects, read_as(kept) if kept else {}),
        voices=_voices(layout, digest),
        main=annotation.entities[:_FRONT_NAMES],
        tone=tone,
        shares=view.shares(tone) if tone else None,
        abstained=annotation.tone.reason if isinstance(annotation.tone, Abstention) else None,
        evidence=_poles(_lines(layout, annotation, tone.evidence), tone) if tone else (),
        toward=view.toward(annotation),
        outcomes=view.outcomes(annotation),
        summary=_lines(layout, annotation, annotation.summary),
        tags=annotation.tags,
        rule=_rule(annotation.entities),
        model=annotation.model,
        readings=tuple(each for each in _readings(annotation) if each.count),
        notes=annotation.notes,
        sentences=len(annotation.sentences),
        paragraphs=tuple(layout.paragraphs()),
    )


def _lines(layout: Layout, annotation: Annotation, numbers: Sequence[int]) -> tuple[_Line, ...]:
    """Sentences as they are quoted, with why they are in the summary."""
    reasons = view.reasons(annotation)
    chosen = ((number, annotation.sentences[number]) for number in numbers)
    return tuple(
        _Line(number=n, runs=layout.runs(each.start, each.end), sentence=each, why=reasons.get(n, ""))
        for n, each in chosen
    )


def _groups(
    layout: Layout, digest: Digest, subjects: Sequence[Subject], read: Mapping[int, tuple[str, ...]]
) -> tuple[_Group, ...]:
    annotation, naming = digest.annotation, layout.naming()

    def name(number: int, entity: Entity) -> _Name:
        scores = [mention.score for mention in entity.mentions] or [0.0]
        subject = subjects[number] if subjects else None
        return _Name(
            number=number,
            entity=entity,
            subject=subject,
            where=view.whereabouts(entity),
            lines=tuple(
                _Line(number=n, runs=_excerpt(layout, annotation.sentences[n], at), sentence=annotation.sentences[n])
                for n, at in naming.get(number, {}).items()
            ),
            hidden=sum(mention.start == mention.end for mention in entity.mentions),
            read_as=read.get(subject.id, ()) if subject else (),
            low=min(scores),
            high=max(scores),
        )

    return tuple(
        _Group(label=group.label, title=group.title, names=tuple(name(*each) for each in group.entities))
        for group in view.groups(annotation)
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
        _Voice(
            name=voice.name,
            entity=voice.entity,
            said=tuple(said(quote) for quote in voice.quotes if quote.start < quote.end),
            hidden=sum(quote.start == quote.end for quote in voice.quotes),
        )
        for voice in view.voices(digest.annotation, digest.article.text)
    )


def _poles(evidence: Sequence[_Line], tone: Tone) -> tuple[_Pole, ...]:
    """The evidence by the way it leans, in the order of `view.EVIDENCE`."""
    shares = {"positive": tone.positivity, "negative": tone.negativity}
    poles = []
    for way, title in view.EVIDENCE.items():
        leaning = [line for line in evidence if view.leaning(line.sentence.tone) == way]
        lines = tuple(line for line in leaning if line.runs)
        shown = max(1, round(_EVIDENCE * shares.get(way, 0)))
        if leaning:
            poles.append(_Pole(title=title, lines=lines, shown=shown, hidden=len(leaning) - len(lines)))
    return tuple(poles)


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


def _readings(annotation: Annotation) -> Iterator[Reading]:
    """How each sort of label came about."""
    entities, model = annotation.entities, annotation.model
    scores = [mention.score for entity in entities for mention in entity.mentions] or [0.0]
    sure = view.certainty(min(scores), max(scores))
    own = sum(tag.code is None for tag in annotation.tags)
    read_by, beside = f"the model {model}", "beside each"
    for label, count, by, score in (
        ("Names", len(entities), f"{read_by}; gathered by rules", f"{sure} sure of a mention"),
        ("Where places are", sum(e.place is not None for e in entities), "rules, over a table of places", _NO_SCORE),
        ("Who said what", len(annotation.quotes), "rules", _NO_SCORE),
        ("Tone of sentences", sum(s.tone is not None for s in annotation.sentences), read_by, beside),
        ("Tone toward names", sum(e.tone is not None for e in entities), read_by, beside),
        ("Good or bad news", sum(e.outcome is not None for e in entities), read_by, beside),
        ("Summary", len(annotation.summary), "a small fitted model, which says why", _NO_SCORE),
        ("Tags of one’s own", own, "a reader’s rules, which say why", _NO_SCORE),
        ("Media Topics", len(annotation.tags) - own, f"a model over {model}’s vectors", beside),
    ):
        yield Reading(label=label, count=count, by=by, score=score)
