"""The reader of articles: every label of a batch of articles, each with its place in the text."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gazetteer.annotate import sentences, summary, tone, topics
from gazetteer.annotate.encoder import Encoder
from gazetteer.annotate.entities import entities_of, out_of_credits
from gazetteer.annotate.mentions import find
from gazetteer.annotate.tags import NO_RULES, TagRules, match, read_examples
from gazetteer.annotate.topics import Seen, Topics
from gazetteer.annotate.vectors import Encode, Floats
from gazetteer.errors import ConfigError
from gazetteer.types import Abstention, Annotation, Article, Entity, Sentence, SentenceTone, Tag, Tone

MODEL = Path(__file__).parent.parent / "model"
"""The folder of the model that ships with the package."""


class Annotator:
    """Reads articles with the model in the folder `model` and the reader's own tag `rules`."""

    def __init__(
        self,
        *,
        model: Path = MODEL,
        threads: int | None = None,
        rules: TagRules = NO_RULES,
        encode: Encode | None = None,
    ) -> None:
        """Load the model, to run on `threads` cores (all, where it is None). Raise ModelError if it is not whole.

        `encode` gives the vectors of texts; without it no Media Topics are given, and rules with examples are a
        ConfigError.
        """
        self._encoder = Encoder(model, threads=threads)
        self._encode = encode
        self._topics: Topics | None = None
        if encode is not None:
            self._topics, rules = topics.load(), read_examples(rules, encode)
        elif rules.have_examples:
            raise ConfigError("tags by example (like) need vectors of texts, which this model does not give")
        self._rules = rules

    @property
    def model(self) -> str:
        """The name and version of the model, as annotations carry it."""
        return self._encoder.version

    def annotate(self, articles: Sequence[Article]) -> list[Annotation]:
        """The annotation of each article. Names and tone are read in English alone; elsewhere a note says so."""
        return [self._annotation(article) for article in articles]

    def _annotation(self, article: Article) -> Annotation:
        spans = sentences.split(article.text)
        texts = [article.text[span.start : span.end] for span in spans]
        found: tuple[Entity, ...] = ()
        told: Tone | Abstention = Abstention(reason=f"tone is read in English only; this is “{article.language}”")
        tones: tuple[SentenceTone | None, ...] = (None,) * len(texts)
        english = _is_english(article)
        if english:
            mentions = out_of_credits(article.text, find(article.text, self._encoder.read(article.text)), spans)
            found = entities_of(article.text, mentions, headline=article.headline, authors=article.authors)
            tones = read = tone.tone_of(texts)
            told = tone.gather(read, [len(text) for text in texts])
        salience = summary.salience(texts, headline=article.headline)
        return Annotation(
            entities=found,
            sentences=tuple(
                Sentence(start=span.start, end=span.end, tone=its, salience=weight)
                for span, its, weight in zip(spans, tones, salience, strict=True)
            ),
            tone=told,
            summary=summary.choose(salience, texts),
            tags=self._tags(article, found, self._seen(article, texts) if english else None),
            model=self.model,
            notes=() if english else (f"Names are read in English only; this is “{article.language}”.",),
        )

    def _seen(self, article: Article, texts: Sequence[str]) -> Seen | None:
        """The article and its sentences `texts` with their vectors; None where nothing gives vectors."""
        if self._encode is None:
            return None
        headline, *rest = self._encode([article.headline, *texts])
        vectors: Floats = np.array(rest, dtype=np.float32).reshape(len(rest), len(headline))
        return Seen(
            headline=article.headline,
            sentences=tuple(texts),
            headline_vector=headline if article.headline.strip() else np.zeros_like(headline),
            sentence_vectors=vectors,
        )

    def _tags(self, article: Article, found: Sequence[Entity], seen: Seen | None) -> tuple[Tag, ...]:
        """The reader's own tags, and the Media Topics after them."""
        own = match(
            self._rules,
            headline=article.headline,
            text=article.text,
            names={entity.name: {article.text[m.start : m.end] for m in entity.mentions} for entity in found},
            vector=seen.vector if seen else None,
        )
        return (*own, *topics.tags(self._topics, seen)) if self._topics and seen else own


def _is_english(article: Article) -> bool:
    """Whether `article` is in English, or in no language that is known."""
    return article.language.split("-")[0].lower() in ("en", "und")
