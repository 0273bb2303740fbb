"""Search: what a query finds, with the words that were found, and its language explained."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive import Order
from gazetteer.errors import QueryError
from gazetteer.web.site import following, page, render, site_of

LANGUAGE = (
    ("ferry", "with this word in the headline or the text, whatever its case and accents"),
    ("protest*", "with a word that begins so"),
    ('"free and fair"', "with these words, one after another"),
    ("ferry harbour", "with both"),
    ("ferry OR boat", "with one of them, or both"),
    ("ferry -football", "with the first, and without the second"),
    ("ferry (strike OR walkout)", "as the parentheses group it"),
    ("title:ferry", "with it in the headline"),
    ("author:calloway publisher:courier", "by this author, in this paper"),
    ("tag:strikes", "tagged so"),
    ('entity:"Vladimir V. Putin"', "that name this, in whatever words"),
    ("lang:en", "in this language"),
    ("tone:negative", "told so: positive, negative, mixed or neutral"),
    ("after:2020-08-01 before:2020-09-01", "published on that day or later; before that day"),
)
"""Examples of the language of searches, and which articles each finds."""


def routes() -> Iterator[BaseRoute]:
    """Give the route of searches."""
    yield page("/search", search)


def search(request: Request) -> Response:
    """Show what a query finds; where it is written wrongly, say where."""
    query = request.query_params.get("q", "").strip()
    order = Order.NEWEST if request.query_params.get("order") == Order.NEWEST else Order.BEST
    found, error = None, None
    try:
        if query:
            cursor = request.query_params.get("cursor")
            found = site_of(request).archive.search(query, order=order, cursor=cursor)
    except QueryError as wrong:
        error = wrong
    return render(
        request,
        "search.html",
        status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
        query=query,
        order=order,
        error=error,
        hits=found and found.rows,
        after=following(request, found) if found else None,
        language=LANGUAGE,
        feed_query="?" + urlencode({"q": query}),
    )
