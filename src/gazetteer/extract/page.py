"""The entry: a capture's bytes in, the article that its publisher wrote out."""

from gazetteer import optouts
from gazetteer.errors import ExtractError
from gazetteer.extract import body, judge, language, metadata, tree
from gazetteer.types import Article, Capture


def extract(capture: Capture) -> Article:
    """The article on the page.

    Raises `ExtractError` where the bytes are no HTML page, or the page holds no article: it is empty, an index, an
    error page, or shows only a wall. Any bytes give one or the other, in time linear in their number.
    """
    page = tree.parse(capture.content, content_type=capture.content_type)
    declared = metadata.read(page, url=capture.url, now=capture.fetched_at)
    found = body.find(page, headline=declared.headline)
    refusal = judge.refusal(page, found, declared, url=capture.url)
    if refusal:
        raise ExtractError(refusal)
    return Article(
        source=capture.source,
        headline=declared.headline or found.text.split("\n", 1)[0],
        text=found.text,
        url=capture.url,
        canonical_url=declared.canonical_url,
        byline=declared.byline,
        authors=declared.authors,
        publisher=declared.publisher,
        published_at=declared.published_at,
        modified_at=declared.modified_at,
        section=declared.section,
        language=language.of(found.text, declared=declared.language),
        image_url=declared.image_url,
        access=judge.access(declared.access, found),
        opt_outs=optouts.merged(capture.opt_outs, declared.opt_outs),
    )
