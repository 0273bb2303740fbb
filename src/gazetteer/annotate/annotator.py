"""The reader of articles: every label of a batch of articles, each with its place in the text."""

from collections.abc import Sequence
from pathlib import Path

from gazetteer.annotate import sentences, summary, tone
from gazetteer.annotate.encoder import Encoder
from gazetteer.annotate.entities import entities_of, out_of_credits
from gazetteer.annotate.mentions import find
from gazetteer.annotate.quotes import is_quoted, quotes_of
from gazetteer.annotate.tags import NO_RULES, TagRules, match
from gazetteer.types import Abstention, Annotation, Article, Entity, Quote, Sentence, SentenceTone, Tone

MODEL = Path(__file__).parent.parent / "model"
"""The folder of the model that ships with the package."""


class Annotator:
    """Reads articles with the model in the folder `model` and the reader's own tag `rules`."""

    def __init__(self, *, model: Path = MODEL, threads: int | None = None, rules: TagRules = NO_RULES) -> None:
        """Load the model, to run on `threads` cores (all, where it is None). Raise ModelError if it is not whole."""
        self._encoder = Encoder(model, threads=threads)
        self._rules = rules

    @property
    def model(self) -> str:
        """The name and version of the model, as annotations carry it."""
        return self._encoder.version

    def annotate(self, articles: Sequence[Article]) -> list[Annotation]:
        """The annotation of each article. Names, speech and tone are read in English alone; else a note says so."""
        return [self._annotation(article) for article in articles]

    def _annotation(self, article: Article) -> Annotation:
        spans = sentences.split(article.text)
        texts = [article.text[span.start : span.end] for span in spans]
        found: tuple[Entity, ...] = ()
        said: tuple[Quote, ...] = ()
        told: Tone | Abstention = Abstention(reason=f"tone is read in English only; this is “{article.language}”")
        tones: tuple[SentenceTone | None, ...] = (None,) * len(texts)
        english = _is_english(article)
        if english:
            mentions = out_of_credits(article.text, find(article.text, self._encoder.read(article.text)), spans)
            found = entities_of(article.text, mentions, headline=article.headline, authors=article.authors)
            said = quotes_of(article.text, spans, found)
            tones = read = tone.tone_of(texts)
            told = tone.gather(read, [len(text) for text in texts])
        salience = summary.salience(texts, headline=article.headline)
        return Annotation(
            entities=found,
            sentences=tuple(
                Sentence(
                    start=span.start,
                    end=span.end,
                    tone=its,
                    salience=weight,
                    is_quoted=is_quoted(article.text, span.start, span.end, said),
                )
                for span, its, weight in zip(spans, tones, salience, strict=True)
            ),
            tone=told,
            summary=summary.choose(salience, texts),
            tags=match(
                self._rules,
                headline=article.headline,
                text=article.text,
                names={entity.name: {article.text[m.start : m.end] for m in entity.mentions} for entity in found},
            ),
            model=self.model,
            quotes=said,
            notes=() if english else (f"Names and quotations are read in English only; this is “{article.language}”.",),
        )


def _is_english(article: Article) -> bool:
    """Whether `article` is in English, or in no language that is known."""
    return article.language.split("-")[0].lower() in ("en", "und")
