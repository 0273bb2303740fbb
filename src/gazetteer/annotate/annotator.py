"""The reader of articles: every label of a batch of articles, each with its place in the text."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from gazetteer.annotate import charge, sentences, summary, tone, topics
from gazetteer.annotate.encoder import Encoder, Reading
from gazetteer.annotate.entities import entities_of, out_of_credits
from gazetteer.annotate.mentions import find
from gazetteer.annotate.places import atlas, located
from gazetteer.annotate.quotes import is_quoted, quotes_of
from gazetteer.annotate.sentences import Span
from gazetteer.annotate.shipped import facts
from gazetteer.annotate.tags import NO_RULES, TagRules, match, read_examples
from gazetteer.annotate.topics import Seen
from gazetteer.annotate.vectors import Floats
from gazetteer.types import Abstention, Annotation, Article, Entity, Quote, Sentence, SentenceTone, Tag, Targets, Tone
from gazetteer.writing import is_latin

MODEL = Path(__file__).parent.parent / "model"
"""The folder of the model that ships with the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What the model reads in one article; `seen` is None, and so are tones, where it does not read the language."""

    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    tones: tuple[SentenceTone | None, ...]
    tone: Tone | Abstention
    seen: Seen | None = None
    targets: tuple[SentenceTone | None, ...] = ()


def version(model: Path = MODEL) -> str:
    """Give the name and version of a model without loading it. Raise ModelError where it is not there."""
    return facts(model).version


class Annotator:
    """Reads articles with the model in the folder `model` and the reader's own tag `rules`; summaries have `length`."""

    def __init__(
        self,
        *,
        model: Path = MODEL,
        threads: int = 1,
        rules: TagRules = NO_RULES,
        length: summary.Length = summary.TENTH,
    ) -> None:
        """Load the model, to run on `threads` cores. Raise ModelError if it is not whole."""
        self._encoder = Encoder(model, threads=threads)
        self._map: Callable[..., Iterator[Annotation]] = map if threads == 1 else ThreadPoolExecutor(threads).map
        sha256 = self._encoder.sha256
        self._topics = topics.load(model / topics.FILE, sha256=sha256.get(topics.FILE, ""))
        self._words = charge.load(model / charge.FILE, sha256=sha256.get(charge.FILE, ""))
        self._rules = read_examples(rules, self.vectors)
        self._length = length

    @property
    def model(self) -> str:
        """The name and version of the model, as annotations carry it."""
        return self._encoder.version

    def annotate(self, articles: Sequence[Article], *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """The annotation of each article: the same whatever else is annotated beside it, on however many cores.

        Names, quotations, tone and topics are read in English alone; elsewhere a note says so.

        `targets` are spans, for each article, toward which the tone is told besides. Raise ValueError where they are
        not as many.
        """
        asked = targets or [()] * len(articles)
        if len(asked) != len(articles):
            raise ValueError(f"targets for {len(asked)} articles, of {len(articles)}")
        return list(self._map(self._annotation, articles, asked))

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Where each of `texts`, read by itself, lies (texts, width), at unit length; all zeros without words."""
        heads, readings = self._encoder.heads, map(self._encoder.read, texts)
        made = [heads.sentences(each.hidden, np.array([[0, len(each.hidden)]])).vectors for each in readings]
        return np.concatenate(made) if made else np.empty((0, heads.width), dtype=np.float32)

    def seen(self, article: Article) -> Seen:
        """`article` and its sentences, with the vectors that its topics are told by."""
        spans, reading = sentences.split(article.text), self._encoder.read(article.text)
        told = self._encoder.heads.sentences(reading.hidden, reading.words.of(spans))
        return self._seen(article, spans, told.vectors)

    def _annotation(self, article: Article, targets: Targets) -> Annotation:
        spans = sentences.split(article.text)
        own = sentences.own(article.text, spans)
        english = _is_english(article)
        read = self._read(article, spans, own, targets) if english else _unread(article, len(spans), len(targets))
        told = summary.summarise(_material(article, spans, own, read), length=self._length)
        tags = self._tags(article, read)
        return Annotation(
            entities=_with_outcomes(read.entities, tags),
            sentences=tuple(
                Sentence(
                    start=span.start,
                    end=span.end,
                    tone=its,
                    salience=weight,
                    is_quoted=is_quoted(article.text, span.start, span.end, read.quotes),
                )
                for span, its, weight in zip(spans, read.tones, told.salience, strict=True)
            ),
            tone=read.tone,
            summary=told.chosen,
            summary_why=told.why,
            tags=tags,
            model=self.model,
            quotes=read.quotes,
            vector=tuple(float(x) for x in read.seen.vector.round(4)) if read.seen else (),
            targets=read.targets,
            notes=()
            if english
            else (f"Names, quotations, tone and topics are read in English only; this is {_other(article)}.",),
        )

    def _read(self, article: Article, spans: Sequence[Span], own: Sequence[bool], targets: Targets) -> _Read:
        """Read `article`, whose sentences are `spans`; those that are not its `own` bring no name, and no tone."""
        reading = self._encoder.read(article.text)
        mentions = out_of_credits(article.text, find(article.text, reading), spans, own)
        named = entities_of(article.text, mentions, headline=article.headline, authors=article.authors)
        told = self._encoder.heads.sentences(reading.hidden, reading.words.of(spans))
        valence = charge.valence(self._words, told.valence, [article.text[span.start : span.end] for span in spans])
        tones = tone.shares(valence, doubt=self._words.doubt)
        found = self._with_tones(located(article.text, named, atlas()), reading, spans)
        return _Read(
            entities=found,
            quotes=quotes_of(article.text, spans, found),
            tones=tones,
            tone=tone.gather(tones, [its * (span.end - span.start) for its, span in zip(own, spans, strict=True)]),
            seen=self._seen(article, spans, told.vectors),
            targets=tuple(each and each.toward for each in self._polarities(reading, spans, targets)),
        )

    def _seen(self, article: Article, spans: Sequence[Span], vectors: Floats) -> Seen:
        return Seen(
            headline=article.headline,
            sentences=tuple(article.text[span.start : span.end] for span in spans),
            headline_vector=self.vectors([article.headline])[0],
            sentence_vectors=vectors,
        )

    def _tags(self, article: Article, read: _Read) -> tuple[Tag, ...]:
        """The reader's own tags, and the Media Topics after them."""
        own = match(
            self._rules,
            headline=article.headline,
            text=article.text,
            names={e.name: {article.text[m.start : m.end] for m in e.mentions} for e in read.entities},
            vector=read.seen.vector if read.seen else None,
        )
        return (*own, *topics.tags(self._topics, read.seen)) if read.seen else own

    def _with_tones(self, entities: Sequence[Entity], reading: Reading, spans: Sequence[Span]) -> tuple[Entity, ...]:
        """`entities`, each with the tone toward it and, for bodies, the outcome: the means over its mentions."""
        places = [(mention.start, mention.end) for entity in entities for mention in entity.mentions]
        answers = iter(self._polarities(reading, spans, places))
        told = []
        for entity in entities:
            own = [answer for answer in islice(answers, len(entity.mentions)) if answer]
            outcome = tone.mean([each.outcome for each in own]) if entity.label in tone.BODIES else None
            told.append(replace(entity, tone=tone.mean([each.toward for each in own]), outcome=outcome))
        return tuple(told)

    def _polarities(
        self, reading: Reading, spans: Sequence[Span], places: Sequence[tuple[int, int]]
    ) -> tuple[tone.Polarity | None, ...]:
        """What is said of what stands at each of `places`, by the sentence where it begins; None where in none."""
        if not places:
            return ()
        starts = [span.start for span in spans]
        found = [int(n) for n in np.searchsorted(starts, [start for start, _ in places], side="right") - 1]
        inside = [n >= 0 and start < spans[n].end for n, (start, _) in zip(found, places, strict=True)]
        asked = [place for place, is_inside in zip(places, inside, strict=True) if is_inside]
        around = [spans[n] for n, is_inside in zip(found, inside, strict=True) if is_inside]
        scores = self._encoder.heads.mentions(reading.hidden, reading.words.of(asked), reading.words.of(around))
        told = map(tone.Polarity, tone.polarity(scores.toward), tone.polarity(scores.outcome))
        return tuple(next(told) if is_inside else None for is_inside in inside)


def _material(article: Article, spans: Sequence[Span], own: Sequence[bool], read: _Read) -> summary.Material:
    """What an article is summed up from."""
    seen = read.seen
    vectors = np.vstack([seen.sentence_vectors, seen.headline_vector]) if seen else None
    return summary.Material(
        text=article.text, headline=article.headline, spans=spans, own=own, entities=read.entities, vectors=vectors
    )


def _with_outcomes(entities: Sequence[Entity], tags: Sequence[Tag]) -> tuple[Entity, ...]:
    """`entities`, with outcomes only where the model has learned to tell them: in news of business."""
    if any(tag.code == topics.BUSINESS for tag in tags):
        return tuple(entities)
    return tuple(replace(entity, outcome=None) if entity.outcome else entity for entity in entities)


def _unread(article: Article, sentences: int, targets: int) -> _Read:
    """What there is of an article in a language that the model does not read."""
    return _Read(
        tones=(None,) * sentences,
        tone=Abstention(reason=f"tone is read in English only; this is {_other(article)}"),
        targets=(None,) * targets,
    )


def _is_english(article: Article) -> bool:
    """Whether `article` is in English, or in no language that is known, and in Latin letters."""
    return _can_be_english(article.language) and is_latin(article.text)


def _can_be_english(tag: str) -> bool:
    return tag.split("-", maxsplit=1)[0].lower() in ("en", "und")


def _other(article: Article) -> str:
    """What `article` is in, where that is not English."""
    return "in another writing" if _can_be_english(article.language) else f"“{article.language}”"
