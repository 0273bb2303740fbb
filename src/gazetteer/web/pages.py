"""Digests → one HTML page that needs nothing but itself: no script, no request, no file beside it."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files

from gazetteer.types import Digest, Failure
from gazetteer.web.sheet import sheet
from gazetteer.web.templating import environment


def render(
    digests: Sequence[Digest],
    *,
    failures: Sequence[Failure] = (),
    notice: str | None = None,
    untagged: str | None = None,
) -> str:
    """One HTML page of the digests, in their order; of several, with their contents first.

    `failures` are told at the end. `notice` is the words of the page's owner, shown above all and dismissable;
    `untagged` says why nothing is tagged, where there are no rules. The page holds the articles' whole text: it is
    for its owner's own reading.
    """
    pages = [sheet(f"a{number}", digest) for number, digest in enumerate(digests, start=1)]
    return alone("page.html", pages=pages, failures=failures, notice=notice, untagged=untagged)


def alone(template: str, **values: object) -> str:
    """One HTML page from its template, which is given the `style` that it holds, and the hash that allows it."""
    style = (files("gazetteer.web") / "static" / "page.css").read_text(encoding="utf-8")
    style_hash = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment().get_template(template).render(style=style, style_hash=style_hash, **values)
