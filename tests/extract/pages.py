"""Pages of papers that we made up, for the tests of extraction."""

from collections.abc import Iterable

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
