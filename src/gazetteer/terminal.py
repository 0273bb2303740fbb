"""A digest in the terminal, part by part in the seed's order, as wide as the screen and 100 columns at most."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from gazetteer import view
from gazetteer.types import Abstention, Annotation, Article, Digest, Entity, Tone

_WIDEST = 100
_NARROW = 60  # columns: below, a group's heading stands above its names
_STYLES = {"positive": "cyan", "negative": "red", "neutral": "dim"}


def print_digest(console: Console, digest: Digest, *, untagged: str | None = None) -> None:
    """Print the digest: headline, names, tags, tone, source, full coverage, summary, who said what, and credit.

    `untagged` says why nothing is tagged, where there are no rules. Nothing of the page acts on the terminal: escape
    sequences and control characters are dropped. The console decides whether there is colour (there is none where it
    is not a terminal).
    """
    screen = _Screen(console=console, width=max(1, min(console.width, _WIDEST)))
    article, annotation = digest.article, digest.annotation
    parts = (
        ("", _headline(screen, article)),
        ("Names", _names(screen, annotation)),
        ("Tags", _tags(screen, annotation, untagged=untagged)),
        ("Tone", _tone(screen, digest)),
        ("Source", _source(screen, article)),
        ("Summary", _quotes(screen, digest, annotation.summary, why=view.reasons(annotation))),
        ("Who said what", _voices(screen, digest)),
        ("Credit", _credit(screen, article, annotation)),
    )
    for title, lines in parts:
        console.print(Text(title, "bold") if title else Text("━" * screen.width, "dim"))
        for line in lines:
            console.print(line, soft_wrap=True)
        console.print()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    console: Console
    width: int

    def wrap(self, text: Text, *, indent: str = "", style: str = "") -> Iterator[Text]:
        """The text in lines that fit, each after the indent."""
        for line in text.wrap(self.console, max(2, self.width - cell_len(indent))):
            line.rstrip()
            yield Text.assemble((indent, style), line)


def _text(words: str, style: str = "") -> Text:
    """Words of a page, in one line that acts on nothing."""
    return Text(" ".join(view.printable(words).split()), style)


def _headline(screen: _Screen, article: Article) -> Iterator[Text]:
    where = " · ".join(filter(None, (article.publisher, article.section)))
    if where:
        yield from screen.wrap(_text(where, "magenta"))
    yield from screen.wrap(_text(article.headline, "bold"))


def _names(screen: _Screen, annotation: Annotation) -> Iterator[Text]:
    for note in annotation.notes:
        yield from screen.wrap(_text(note, "dim"))
    groups = view.groups(annotation)
    if not groups and not annotation.notes:
        yield from screen.wrap(Text("The article names nobody and nothing."))
    is_narrow = screen.width < _NARROW
    margin = 2 if is_narrow else max((cell_len(group.title) for group in groups), default=0) + 2
    for group in groups:
        names = [_name(entity) for _, entity in group.entities]
        title = Text(group.title, "dim")
        if is_narrow:
            yield from screen.wrap(title)
        for number, line in enumerate(_packed(screen, names, screen.width - margin)):
            head = title if number == 0 and not is_narrow else Text()
            yield Text.assemble(head, " " * (margin - head.cell_len), line)


def _name(entity: Entity) -> Text:
    """The name, what the place lies in, and how often it is named."""
    where = view.whereabouts(entity)
    return _text(entity.name).append(f"{f' {where}' if where else ''} {len(entity.mentions)}", "dim")


def _packed(screen: _Screen, names: Iterable[Text], width: int) -> Iterator[Text]:
    """Names side by side in lines that fit; none is broken that fits a line of its own."""
    line = Text()
    for name in (part for whole in names for part in whole.wrap(screen.console, max(2, width))):
        if line and line.cell_len + 2 + name.cell_len > width:
            yield line
            line = Text()
        line = Text.assemble(line, "  ", name) if line else name
    if line:
        yield line


def _tags(screen: _Screen, annotation: Annotation, *, untagged: str | None) -> Iterator[Text]:
    if not annotation.tags:
        yield from screen.wrap(Text("No matching tags"))
        if untagged:
            yield from screen.wrap(_text(untagged, "dim"))
    for tag in annotation.tags:
        code = ("  ", _text(tag.code)) if tag.code else ()
        yield from screen.wrap(Text.assemble(_text(tag.name, "bold"), *code, "  ", _text(tag.why, "dim")))


def _tone(screen: _Screen, digest: Digest) -> Iterator[Text]:
    tone = digest.annotation.tone
    if isinstance(tone, Abstention):
        yield from screen.wrap(_text(f"No answer: {tone.reason}"))
    else:
        yield from _told(screen, digest, tone)
    toward = view.toward(digest.annotation)
    if toward:
        yield from screen.wrap(Text("How it speaks of the main names", "dim"))
    for _, entity, words in toward:
        yield from screen.wrap(Text.assemble(_text(entity.name), "  ", _text(words, "dim")))


def _told(screen: _Screen, digest: Digest, tone: Tone) -> Iterator[Text]:
    """How the article is told, and the sentences that carry it."""
    shares = view.shares(tone)
    yield from screen.wrap(
        Text.assemble(
            "Positivity ",
            (f"{shares.positivity}%", "bold cyan"),
            "   Negativity ",
            (f"{shares.negativity}%", "bold red"),
            (f"   {shares.neutral}% of the whole is neutral", "dim"),
        )
    )
    yield _bar(tone, screen.width)
    for way, title in view.EVIDENCE.items():
        numbers = [each for each in tone.evidence if view.leaning(digest.annotation.sentences[each].tone) == way]
        if numbers:
            yield from screen.wrap(Text(title, "dim"))
            yield from _quotes(screen, digest, numbers, is_charged=True)


def _bar(tone: Tone, width: int) -> Text:
    positive = round(width * (1 - tone.neutral) * tone.positivity)
    negative = min(width - positive, round(width * (1 - tone.neutral) * tone.negativity))
    return Text.assemble(
        ("█" * positive, _STYLES["positive"]),
        ("░" * (width - positive - negative), _STYLES["neutral"]),
        ("▓" * negative, _STYLES["negative"]),
    )


def _source(screen: _Screen, article: Article) -> Iterator[Text]:
    link, coverage = view.safe_link(article.link), view.coverage_link(article.headline)
    yield from screen.wrap(_text(article.publisher or "A publisher that does not give its name", "bold"))
    if link or article.source != "-":
        yield from screen.wrap(_text(link, f"underline link {link}") if link else _text(article.source))
    for words, at in (("Published", article.published_at), ("Changed", article.modified_at)):
        if at:
            yield from screen.wrap(Text(f"{words} {view.moment(at)}"))
    yield from screen.wrap(Text(view.ACCESS[article.access].capitalize(), "dim"))
    shown = "Google News" if screen.console.is_terminal else coverage
    yield from screen.wrap(Text.assemble("Full coverage: ", (shown, f"underline link {coverage}")))


def _quotes(
    screen: _Screen,
    digest: Digest,
    numbers: Sequence[int],
    *,
    is_charged: bool = False,
    why: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Text]:
    """Sentences of the article, with their charge in words and colour where it `is_charged`, and `why` they stand
    there.
    """
    for order, number in enumerate(numbers):
        sentence = digest.annotation.sentences[number]
        style = _STYLES[view.leaning(sentence.tone) if is_charged else "neutral"]
        if order:
            yield Text()
        quote = _text(digest.article.text[sentence.start : sentence.end])
        if is_charged:
            quote.append(f"  {view.charge(sentence.tone)}", style)
        if is_charged and sentence.is_quoted:
            quote.append("  somebody’s words", "dim")
        yield from screen.wrap(quote, indent="▏ ", style=style)
        if why.get(number):
            yield from screen.wrap(_text(why[number], "dim"), indent="▏ ", style=style)


def _voices(screen: _Screen, digest: Digest) -> Iterator[Text]:
    """Each speaker's name above what they say, and how it is given where that is not in their words."""
    voices = view.voices(digest.annotation, digest.article.text)
    if not voices:
        yield from screen.wrap(Text("Nobody’s words are in the text."))
    for order, voice in enumerate(voices):
        if order:
            yield Text()
        yield from screen.wrap(_text(voice.name, "bold"))
        for quote in voice.quotes:
            words = _text(digest.article.text[quote.start : quote.end])
            if view.SPEECH[quote.kind]:
                words.append(f"  {view.SPEECH[quote.kind]}", "dim")
            yield from screen.wrap(words, indent="▏ ", style="dim")


def _credit(screen: _Screen, article: Article, annotation: Annotation) -> Iterator[Text]:
    said = f"By {view.joined(article.authors)}" if article.authors else "No author is named"
    yield from screen.wrap(_text(said))
    if article.byline:
        yield from screen.wrap(_text(f"Printed as “{article.byline}”", "dim"))
    yield from screen.wrap(_text(f"Names and tone read by the model {annotation.model}", "dim"))
