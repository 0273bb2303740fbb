"""What bars somebody from a page, as axe finds it (WCAG 2.2 AA): by day and night, on a phone and a desk."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that other colours can break: most of the time that axe takes is theirs."""

PHONE, DESK = 360, 1280
OPENED = "document.querySelectorAll('details').forEach(each => each.open = true)"
RUN = "options => axe.run(options).then(found => found.violations)"  # all that it found takes seconds to be sent


def barriers(page: Page, *, repeats: str | None = None) -> list[str]:
    """Open all that can be opened, and give what bars somebody from the page, at either width and by day and night.

    `repeats` selects what is like what stands before it: it is left out, since contrast takes time for each element.
    The page's size and colours are as they were found afterwards.
    """
    size = page.viewport_size
    assert size is not None
    page.evaluate(OPENED)
    page.evaluate(SCRIPT)
    found = list(_too_wide(page))
    if repeats:
        page.evaluate("repeats => document.querySelectorAll(repeats).forEach(each => each.remove())", repeats)
    off = {rule: {"enabled": False} for rule in COLOURS}
    found += _violations(page, DESK, "light", {"runOnly": TAGS, "rules": off})
    found += _violations(page, PHONE, "light", {"runOnly": TAGS})
    found += _violations(page, PHONE, "dark", {"runOnly": COLOURS})
    page.emulate_media()
    page.set_viewport_size(size)
    return found


def _too_wide(page: Page) -> Iterator[str]:
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        if (needs := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"{width} wide: it needs {needs}"


def _violations(page: Page, width: int, scheme: Any, options: dict[str, object]) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for each in page.evaluate(RUN, options | {"resultTypes": ["violations"]}):
        for node in each["nodes"]:
            yield f"{width} wide, {scheme}: {each['help']}: {node['html'][:200]}: {node.get('failureSummary')}"
