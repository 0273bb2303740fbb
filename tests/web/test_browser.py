"""What a reader does with a page, in a browser without scripts: on a phone and a desk, by day and by night."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gazetteer.types import Digest, Failure
from gazetteer.web.pages import render
from tests.digests import digest

WIDTHS = (320, 360, 1280)
SCHEMES = ("light", "dark")
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch" * 3

CONTRAST = """() => {
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parse(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push([element.className, walker.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return weak;
}"""
"""Every visible text whose contrast with what is behind it is below WCAG 2.2's 4.5 to 1."""

Open = Callable[..., Page]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page of digests in a browser that runs no scripts of it, and fail if it asks anything of the network."""
    contexts = []
    asked: list[str] = []

    def opened(
        *digests: Digest, width: int = 1280, scheme: str = "light", scripts: bool = False, **more: object
    ) -> Page:
        path = tmp_path / "page.html"
        path.write_text(render(digests, **more), encoding="utf-8")  # type: ignore[arg-type]
        size = {"width": width, "height": 800}
        context = browser.new_context(
            viewport=size, color_scheme=scheme, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert {each.partition("#")[0] for each in asked} <= {(tmp_path / "page.html").as_uri()}


def everything() -> tuple[Digest, ...]:
    long = digest(headline=LONG, authors=(LONG,), byline=LONG, publisher=LONG, section=LONG, source=LONG)
    return digest(), digest(abstained="too little is charged to say", tags=(), canonical_url=None, url=None), long


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_its_screen_and_is_legible(show: Open, width: int, scheme: str) -> None:
    failures = [Failure(source=LONG, reason=LONG)]
    page = show(*everything(), width=width, scheme=scheme, scripts=True, failures=failures, notice=LONG)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CONTRAST) == []


def test_a_name_opens_every_sentence_that_holds_it(show: Open) -> None:
    page = show(digest())
    panel = page.locator("#a1-e1")
    assert not panel.is_visible()
    page.locator("summary", has_text="Aldo Fenn").click()
    assert panel.is_visible()
    assert panel.locator("mark").all_inner_texts() == ["Aldo Fenn", "Fenn"]
    assert panel.locator("blockquote").count() == 1
    page.locator("summary", has_text="Aldo Fenn").click()
    assert not panel.is_visible()


def test_the_keyboard_reaches_and_opens_a_name(show: Open) -> None:
    page = show(digest())
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator("summary:focus", has_text="Oona Tregear").count():
            break
    page.keyboard.press("Enter")
    assert page.locator("#a1-e0").is_visible()
    page.keyboard.press("Tab")
    assert page.locator("#a1-e0 a:focus").count() == 1


def test_a_mention_in_the_text_opens_its_name(show: Open) -> None:
    page = show(digest())
    page.locator(".body a", has_text="Norway").first.click()
    assert page.locator("#a1-e7").is_visible()


def test_a_summary_sentence_leads_to_its_place(show: Open) -> None:
    page = show(digest(), width=360)
    link = page.locator(".summary .place").nth(1)
    sentence = page.locator(".summary blockquote").nth(1).inner_text()
    link.click()
    target = page.locator(":target")
    assert target.inner_text() == sentence
    box = target.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 800
    assert page.url.endswith("#a1-s2")


def test_the_contents_lead_to_each_article_and_back(show: Open) -> None:
    page = show(digest(headline="First"), digest(headline="Second"))
    page.locator(".card a", has_text="Second").click()
    assert page.locator(":target h2").first.inner_text() == "Second"
    page.locator(":target a", has_text="Back to the contents").click()
    assert page.url.endswith("#top")


@pytest.mark.parametrize("key", ["click", "keyboard"])
def test_the_notice_can_be_dismissed_and_hides_nothing(show: Open, key: str) -> None:
    page = show(digest(), width=360, notice="We set no cookies.")
    notice = page.locator(".notice")
    assert notice.is_visible()
    assert page.locator("h1").is_visible()
    if key == "click":
        page.locator(".notice label").click()
    else:
        page.locator("#dismissed").focus()
        page.keyboard.press("Space")
    assert not notice.is_visible()
    assert page.locator("h1").is_visible()


def test_a_screen_reader_hears_landmarks_headings_and_the_tone(show: Open) -> None:
    page = show(digest(), notice="We set no cookies.")
    heard = page.locator("body").aria_snapshot()
    for words in (
        "banner",
        'complementary "Notice from this page’s owner"',
        "main",
        'article "The Last Sailing of the Saint Brannoc"',
        'heading "The Last Sailing of the Saint Brannoc" [level=1]',
        'region "Summary"',
        'img "Of the whole, 62% neutral; of the rest, 35% positive and 65% negative"',
        'group "Countries and cities 2"',
        "contentinfo",
    ):
        assert words in heard
