"""A digest in the terminal: the page's parts in the seed's order, as wide as the screen and 100 columns at most."""

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gazetteer import view
from gazetteer.types import Abstention, Annotation, Article, Digest, SentenceTone, Tone

_WIDEST = 100
_NARROW = 60  # columns: below, a group's heading stands above its names
_BLOCKS = (("█", "cyan"), ("░", "dim"), ("▓", "red"))


def print_digest(console: Console, digest: Digest) -> None:
    """Print the digest: headline, names, tags, tone, source, review, summary, text's length and credit.

    Nothing of the page acts on the terminal: escape sequences and control characters are dropped. The console decides
    whether there is colour (there is none where it is not a terminal).
    """
    width = min(console.width, _WIDEST)
    article, annotation = digest.article, digest.annotation
    text = article.text
    parts: list[RenderableType] = [
        Rule(style="dim", characters="━"),
        _headline(article),
        _section("Names", _names(annotation, width)),
        _section("Tags", _tags(annotation)),
        _section("Tone", _tone(annotation, text, width)),
        _section("Source", _source(article)),
        _section(
            "Summary",
            _quotes([text[s.start : s.end] for s in map(annotation.sentences.__getitem__, annotation.summary)]),
        ),
        _section("Credit", _credit(article, annotation)),
    ]
    console.print(Group(*parts), width=width, soft_wrap=False)


def _text(words: str, style: str = "") -> Text:
    return Text(" ".join(view.printable(words).split()), style=style)


def _section(title: str, body: RenderableType) -> RenderableType:
    return Padding(Group(Text(title, style="bold"), body), (1, 0, 0, 0))


def _link(words: str, address: str) -> Text:
    return _text(words, f"underline link {address}")


def _headline(article: Article) -> RenderableType:
    where = " · ".join(filter(None, (article.publisher, article.section)))
    return Group(_text(where, "magenta"), _text(article.headline, "bold")) if where else _text(article.headline, "bold")


def _names(annotation: Annotation, width: int) -> RenderableType:
    groups = view.groups(annotation)
    if not groups:
        return Text("The article names nobody and nothing.")
    grid = Table.grid(padding=(0, 2, 0, 0))
    heading_width = max(len(group.title) for group in groups)
    for group in groups:
        title = _text(group.title, "dim")
        names = Columns([_name(entity.name, len(entity.mentions)) for _, entity in group.entities], padding=(0, 2))
        if width < _NARROW:
            grid.add_row(Group(title, Padding(names, (0, 0, 0, 2))))
        else:
            grid.add_row(Padding(title, (0, heading_width - len(group.title), 0, 0)), names)
    return grid


def _name(name: str, count: int) -> Text:
    return _text(name, "bold").append(f" {count}", style="not bold dim")


def _tags(annotation: Annotation) -> RenderableType:
    if not annotation.tags:
        return Text("No matching tags")
    return Group(*(_text(tag.name, "bold").append_text(_text(f" – {tag.why}", "not bold")) for tag in annotation.tags))


def _tone(annotation: Annotation, text: str, width: int) -> RenderableType:
    tone = annotation.tone
    if isinstance(tone, Abstention):
        return _text(f"No answer: {tone.reason}.")
    shares = view.shares(tone)
    figures = Text.assemble(
        ("Positivity ", ""),
        (f"{shares.positivity}%", "bold cyan"),
        "   ",
        ("Negativity ", ""),
        (f"{shares.negativity}%", "bold red"),
        "   ",
        (f"{shares.neutral}% of the whole is neutral", "dim"),
    )
    carried = [annotation.sentences[number] for number in tone.evidence]
    quotes = _quotes([text[each.start : each.end] for each in carried], [_leaning(each.tone) for each in carried])
    return Group(figures, _bar(tone, width), quotes)


def _bar(tone: Tone, width: int) -> Text:
    charged = 1 - tone.neutral
    left = round(width * charged * tone.positivity)
    right = round(width * charged * tone.negativity)
    lengths = (left, max(0, width - left - right), right)
    return Text.assemble(*((block * length, style) for (block, style), length in zip(_BLOCKS, lengths, strict=True)))


def _leaning(tone: SentenceTone) -> tuple[str, str]:
    positive = tone.positive >= tone.negative
    return ("positive", "cyan") if positive else ("negative", "red")


def _source(article: Article) -> RenderableType:
    link = view.safe_link(article.link)
    when = [
        _text(f"{words} {view.moment(at)}")
        for words, at in (("Published", article.published_at), ("Changed", article.modified_at))
        if at
    ]
    return Group(
        _text(article.publisher or "A publisher that does not give its name"),
        _link(link, link) if link else _text(article.source),
        *when,
        _text(view.ACCESS[article.access].capitalize(), "dim"),
        Text("Full coverage: ").append_text(_link("Google News", view.coverage_link(article.headline))),
    )


def _quotes(sentences: list[str], leanings: list[tuple[str, str]] | None = None) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for number, sentence in enumerate(sentences):
        word, style = leanings[number] if leanings else ("", "")
        bar = Text("▏", style=style or "dim")
        quote = _text(sentence)
        if word:
            quote.append(f"  {word}", style=f"italic {style}")
        grid.add_row(Padding(bar, (0, 0)), Padding(quote, (0, 0, 1, 0)))
    return grid


def _credit(article: Article, annotation: Annotation) -> RenderableType:
    said = f"As said by {view.joined(article.authors)}" if article.authors else "No author is named"
    printed = [_text(f"Printed as “{article.byline}”", "dim")] if article.byline else []
    return Group(_text(said), *printed, _text(f"Read by {annotation.model}", "dim"))
