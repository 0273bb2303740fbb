"""Pages of papers that we made up, for the tests of extraction."""

from collections.abc import Iterable
from dataclasses import dataclass

_TEXT = """
The old bridge at Hallow Ferry will stay closed until spring, the town council decided late on Monday, after a
survey found cracks in two of its five piers.

“Nobody wanted this,” said Marta Quine, who chairs the council’s works committee. “But we could not look
people in the eye and tell them that it was safe.”

About 4,000 people cross the river every day, most of them on foot, on their way to the mill and the two
schools on the northern bank.

A ferry that had been kept for visitors will carry them instead, every ten minutes from six in the morning,
and the council will pay for it.

Engineers expect the repairs to cost 2.3 million crowns, nearly twice what the town spends on its roads in a
year."""
PARAGRAPHS = tuple(" ".join(paragraph.split()) for paragraph in _TEXT.strip().split("\n\n"))
HEADLINE = "Hallow Ferry closes its bridge until spring"
NAVIGATION = (
    '<header class="site-header"><nav><ul>'
    + "".join(f'<li><a href="/{name}">{name.title()}</a></li>' for name in ("news", "sport", "culture", "weather"))
    + "</ul></nav></header>"
)
CONSENT = (
    '<div class="cookie-banner" role="dialog"><p>We and our 312 partners use cookies to store and access information '
    "on your device.</p><button>Accept all</button><p>Manage cookie preferences</p></div>"
)
RELATED = (
    '<aside class="related-stories"><h3>More from The Hallow Courier</h3><ul>'
    '<li><a href="/a">Mill takes on forty weavers</a></li><li><a href="/b">School choir wins in the capital</a></li>'
    "</ul></aside>"
)
FOOTER = "<footer><p>© 2025 The Hallow Courier. All rights reserved.</p><p>Contact us | Privacy policy</p></footer>"


def tags(name: str, texts: Iterable[str]) -> str:
    """Each text in an element of that name."""
    return "".join(f"<{name}>{text}</{name}>" for text in texts)


def page(body: str, *, title: str = HEADLINE, head: str = "", lang: str = "en") -> bytes:
    """A whole page around `body`."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Hallow Courier</title>'
        f"{head}</head><body>{body}</body></html>"
    ).encode()


def article(inner: str | None = None, *, head: str = "", around: str = "") -> bytes:
    """An article's page with all that stands around it; `inner` replaces its paragraphs."""
    text = tags("p", PARAGRAPHS) if inner is None else inner
    return page(
        f'{CONSENT}{NAVIGATION}<main><article class="story"><h1>{HEADLINE}</h1><p class="byline">By Ines Karlow</p>'
        f'<time>3 March 2025</time><div class="article-body">{text}</div>{around}</article>{RELATED}</main>{FOOTER}',
        head=head,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """A page in some publisher's manner, and the headline and paragraphs that it tells."""

    content: bytes
    headline: str
    text: tuple[str, ...]


def _paper(text: tuple[str, ...], headline: str) -> Manner:
    """A big American paper: a recording, buttons, a sign-off, a correction, who wrote it, the print edition."""
    top = (
        f'<header><h1 data-testid="headline">{headline}</h1><p id="article-summary">{text[0]}</p>'
        "<div><p>Listen to this article · 6:23 min <a href='/help'>Learn more</a></p></div>"
        "<div><p>Share full article</p></div><p>By <a href='/by/pell'>Dora Pell</a> and <a "
        "href='/by/m'>Ana Méndez</a></p>"
        "<p>Dora Pell reported from Ostby and Ana Lucía Méndez from Hallow.</p><time>March 3, 2025</time></header>"
    )
    end = (
        "<div><p>A correction was made on March 4, 2025: An earlier version of this article misstated the mill’s age. "
        "It is 90 years, not 80.</p><p>When we learn of a mistake, we acknowledge it with a correction. If you spot an "
        "error, please let us know at <a href='mailto:c@example.org'>c@example.org</a>.</p></div>"
        "<div><p><a href='/by/pell'>Dora Pell</a> covers rivers for The Courier, with a focus on dams. <a "
        "href='/by/pell'>"
        "More about Dora Pell</a></p></div><div><p>A version of this article appears in print on March 4, "
        "2025, Section A, "
        "Page 1 of the Norland edition with the headline: Mill. <a href='/r'>Order Reprints</a> | <a href='/t'>Today’s "
        "Paper</a> | <a href='/s'>Subscribe</a></p></div><div><p>Share full article</p></div>"
    )
    told = f'<section name="articleBody"><div class="css-1">{tags("p", text[1:])}</div></section>'
    return Manner(
        content=page(f'<main><article id="story">{top}{told}{end}</article></main>{FOOTER}', title=headline),
        headline=headline,
        text=text,
    )


def _british(text: tuple[str, ...], headline: str) -> Manner:
    """A British paper: a standfirst, a newsletter's offer in the midst, buttons below, an amendment."""
    parts = [f'<p class="dcr-1">{paragraph}</p>' for paragraph in text[1:]]
    offer = (
        '<aside class="dcr-2"><h2>Sign up to <span>Down River</span></h2><p>Free weekly '
        "newsletter</p><p>The week’s river "
        "news, the good, the bad and the wet</p><p>Privacy Notice: Newsletters may contain information about charities."
        "</p></aside>"
    )
    picture = (
        "<figure><p>View image in fullscreen</p><figcaption>The mill. Photograph: Ina Roth/Alamy</figcaption></figure>"
    )
    end = (
        '<div class="dcr-3"><p>This article was amended on 4 March 2025. An earlier version said that the mill had six '
        "floors.</p><p>Explore more on these topics</p><ul><li><a href='/rivers'>Rivers</a></li><li><a "
        "href='/n'>Norland"
        "</a></li></ul><p>Share</p><p>Reuse this content</p></div>"
    )
    body = (
        f'<main><article><h1>{headline}</h1><div data-gu-name="standfirst"><p>{text[0]}</p></div><address>Ines Karlow'
        f'</address><details><summary>Mon 3 Mar 2025 18.20 GMT</summary></details>{picture}<div class="article-body">'
        f"{''.join(parts[:2])}{offer}{''.join(parts[2:])}{end}</div></article></main>{FOOTER}"
    )
    return Manner(content=page(body, title=headline), headline=headline, text=text)


def _local(text: tuple[str, ...], headline: str) -> Manner:
    """A small town's paper on WordPress: its window's title says something else, and its plug-ins share and like."""
    body = (
        '<div id="page"><header id="masthead"><p class="site-title"><a href="/">Ostby Local News</a></p></header>'
        f'<main id="main"><article class="post hentry"><h1 class="entry-title">{headline}</h1><div class="entry-meta">'
        '<span class="posted-on">Posted on <time>March 3, 2025</time></span> by <a rel="author" '
        'href="/a">Jo Lind</a></div>'
        f'<div class="entry-content">{tags("p", text)}<div class="sharedaddy"><h3 class="sd-title">Share this:</h3><ul>'
        '<li><a href="?t">Twitter</a></li><li><a href="?f">Facebook</a></li></ul></div><p>Like '
        "this:</p><p>Loading...</p>"
        '</div><footer class="entry-footer">Posted in <a href="/c">News</a> Tagged <a '
        'href="/t">mill</a></footer></article>'
        '<nav class="post-navigation"><a href="/p">Previous: Choir sings for the mayor</a></nav><div id="comments">'
        '<h3 id="reply-title">Leave a Reply</h3><p>Your email address will not be published.</p></div></main>'
        "<footer><p>Proudly powered by WordPress</p></footer></div>"
    )
    head = "<!doctype html><html lang='en'><head><title>Weavers are wanted - Ostby Local News</title></head><body>"
    return Manner(content=f"{head}{body}</body></html>".encode(), headline=headline, text=text)


def _regional(headline: str) -> Manner:
    """A German region's paper: its kicker over the headline, a subscriber's offer, an agency's sign."""
    text = (
        "Die alte Brücke in Hallow bleibt bis zum Frühjahr gesperrt, das hat der Stadtrat am Montagabend beschlossen.",
        "Eine Prüfung hatte Risse in zwei der fünf Pfeiler gezeigt. Die Reparatur kostet wohl 2,3 Millionen Kronen.",
        "Kritik an der Verwaltung",
        "„Das hätte man früher sehen müssen“, sagte der Müller Jens Ohm. Er muss nun einen Umweg nehmen.",
        "Die Fähre fährt ab Dienstag alle zehn Minuten, der erste Bus hält um sechs Uhr am Ufer.",
    )
    body = (
        f'{CONSENT}<div class="main"><article><header><span class="kicker">Hallow</span><h1>{headline}</h1>'
        f'<p class="intro">{text[0]}</p><p class="meta">Von Ina Roth</p><time>03.03.2025, 18:20 Uhr</time></header>'
        f'<div class="content"><p>{text[1]}</p><h2>{text[2]}</h2><p>{text[3]}</p><div class="ad"><p>Anzeige</p></div>'
        f'<p>{text[4]}</p><p>Lesen Sie auch: <a href="/x">Der Winter am Fluss</a></p></div></article>'
        '<section class="teaser-list"><h3>Das könnte Sie auch interessieren</h3><ul><li><a href="/y">Chor gewinnt Preis'
        "</a></li></ul></section></div><footer><p>© 2025 Hallower Bote. Alle Rechte vorbehalten.</p></footer>"
    )
    head = (
        f"<!doctype html><html lang='de'><head><meta charset='utf-8'><title>{headline} - Hallower Bote</title></head>"
    )
    return Manner(content=f"{head}<body>{body}</body></html>".encode(), headline=headline, text=text)


def _broadcaster(text: tuple[str, ...], headline: str) -> Manner:
    """A public broadcaster: "Published" and "Share" over the text, topics and an invitation under it."""
    parts = "".join(f'<div data-component="text-block"><p class="ssrcss-1">{paragraph}</p></div>' for paragraph in text)
    body = (
        f'<main id="main-content"><article><div data-component="headline-block"><h1>{headline}</h1></div>'
        '<div data-component="byline-block"><p>Sam Berg</p><p>Reporter, '
        "Ostby</p></div><div><p>Published</p><time>3 March "
        "2025</time></div><div><p>Share</p><p>Share page</p><p>Copy link</p><p>About sharing</p></div>"
        '<div data-component="image-block"><figure><figcaption>The mill stands on the northern '
        "bank</figcaption></figure>"
        f'</div>{parts}<div data-component="text-block"><p>Listen to the best of Ostby Radio on the Waves app.</p>'
        "<p>Follow Ostby News on Facebook, X and Instagram. Send your story ideas to news@example.org.</p></div>"
        '<div data-component="tag-list"><h2>Related topics</h2><ul><li><a href="/m">Mills</a></li></ul></div>'
        '<div data-component="links-block"><h2>More on this story</h2><ul><li><a href="/n">Mill to open its doors to '
        "children in May</a></li></ul></div></article></main><footer><p>The broadcaster is not "
        "responsible for the content "
        "of external sites.</p></footer>"
    )
    return Manner(content=page(body, title=headline), headline=headline, text=text)


def _agency(text: tuple[str, ...], headline: str) -> Manner:
    """A wire agency: a dateline in the first paragraph, its sign-off, its standards."""
    first = f"OSTBY, March 3 (Wire) - {text[0]}"
    body = (
        f'<div id="main-content"><article><h1 class="heading">{headline}</h1><div class="info">By <a '
        'href="/a">Jo Lind</a>'
        "</div><time>March 3, 2025 6:20 PM UTC · Updated 2 hours ago</time>"
        f'<div class="paragraphs">{tags("p", (first, *text[1:]))}<p>Reporting by Jo Lind in Ostby; Editing '
        "by Sam Berg</p>"
        '<p>Our Standards: <a href="/s">The Wire’s Trust Principles.</a></p></div><p>Purchase Licensing '
        "Rights</p></article>"
        '<ul class="read-next"><li><a href="/1">Ostby’s choir wins a prize in the capital</a></li></ul></div>'
    )
    return Manner(content=page(body, title=headline), headline=headline, text=(first, *text[1:]))


def _magazine(text: tuple[str, ...], headline: str) -> Manner:
    """A magazine: a large first letter of its own, and quotes pulled from the text."""
    pulled = "<aside class='pullquote'><p>“The loom does not care who stands at it”</p></aside>"
    again = (
        "<blockquote class='pull'><p>They have come from both banks, and none of them had woven before</p></blockquote>"
    )
    parts = [f"<p>{paragraph}</p>" for paragraph in text]
    parts[0] = f'<p class="has-dropcap"><span class="dropcap">{text[0][0]}</span>{text[0][1:]}</p>'
    body = (
        f'<main><article><div class="rubric">Letter from Ostby</div><h1>{headline}</h1><div '
        'class="byline">By Ada Okafor'
        f'</div><div class="body">{parts[0]}{again}{parts[1]}{parts[2]}{pulled}{"".join(parts[3:])}<p>♦</p></div>'
        "<p>Published in the print edition of the March 10, 2025, issue.</p><p>Ada Okafor is a staff "
        "writer at The River."
        "</p></article></main>"
    )
    return Manner(content=page(body, title=headline), headline=headline, text=text)


_MILL = tuple(
    " ".join(paragraph.split())
    for paragraph in """
The mill at Ostby will take on forty weavers before the summer, the first that it has hired in eleven years.

Its owner, Karin Dahl, told the town’s council on Monday that orders for sailcloth had doubled since the ferries began
to run again, and that the looms would work in two shifts.

They have come from both banks, and none of them had woven before, she said of the first nine, who began in January
after a month at the town’s school.

“The loom does not care who stands at it,” said Per Holm, who taught them. “It wants quiet hands and somebody who
listens when the sound changes.”

The council will lend the mill 300,000 crowns for a new roof, which the old machines have needed since the storm
of 2019.
""".strip().split("\n\n")
)
MANNERS = {
    "an American paper": _paper(_MILL, "Mill That Was Silent Looks for Forty Weavers"),
    "a British paper": _british(_MILL, "‘It wants quiet hands’: the mill that is hiring again"),
    "a local paper": _local(_MILL, "Forty jobs at the old mill"),
    "a German region's paper": _regional("Brücke in Hallow bleibt bis zum Frühjahr gesperrt"),
    "a broadcaster": _broadcaster(_MILL, "Mill hires weavers after eleven years"),
    "an agency": _agency(_MILL, "Norland mill to hire forty as sailcloth orders double"),
    "a magazine": _magazine(_MILL, "The Quiet Hands of Ostby"),
}
"""Pages of seven quite different publishers."""
