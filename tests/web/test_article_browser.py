"""What a reader does with an article's page, in a browser: on a phone and a desk, by day and night, without scripts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from barriers import barriers
from digests import FERRY, digest
from papers import NOW, SECRET, served
from playwright.sync_api import Browser, Page

from gazetteer.archive import Archive
from gazetteer.keeping import check_rule
from gazetteer.types import Capture, Digest
from gazetteer.web import SiteSettings
from gazetteer.web.app import create

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch" * 3
GIF = bytes.fromhex("474946383961020001008000001b6b67d8cfbd2c0000000002000100000202040a003b")
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => sum += each.value))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""

Open = Callable[..., Page]


def with_long_words() -> Digest:
    return digest(
        headline=LONG, authors=(LONG,), byline=LONG, publisher=LONG, section=LONG, canonical_url=f"https://a.example/{LONG}"
    )  # fmt: skip


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(str(tmp_path_factory.mktemp("site") / "archive.sqlite"), create=True) as archive:
        yield archive


@pytest.fixture
def show(browser: Browser, archive: Archive) -> Iterator[Open]:
    """Open a page of the site, and fail if it asks any other host for anything."""
    closing, asked = [], []

    def opened(
        path: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True, **settings: object
    ) -> Page:
        serving = served(
            create(
                archive,
                SiteSettings(images=True, **settings),  # type: ignore[arg-type]
                secret=SECRET,
                check=check_rule,
                picture=lambda address: Capture(source=address, content=GIF),
                now=lambda: NOW,
            )
        )
        address = serving.__enter__()
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        closing.extend((lambda: serving.__exit__(None, None, None), context.close))
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url.startswith(address)))
        page.goto(address + path)
        return page

    yield opened
    for close in reversed(closing):
        close()
    assert all(asked)


@pytest.fixture
def number(archive: Archive) -> int:
    """An article that was changed, reviewed, and has no tags."""
    number = archive.save(digest(tags=()), at=NOW).id
    text = FERRY.replace("4,000", "6,000").replace("a betrayal", "a mistake")
    archive.save(digest(headline="The Last Sailing", text=text, tags=()), at=NOW + timedelta(hours=1))
    archive.review(number, reviewer="Ann", rating=3, words="A fair account.", at=NOW)
    archive.put_tag_rule("Ferries", 'any = ["ferr*"]', at=NOW)
    return number


def test_nothing_about_articles_bars_anybody(show: Open, number: int) -> None:
    page = show(f"/articles/{number}")
    site = page.url.partition("/articles")[0]
    for path in ("/articles/{}", "/articles/{}/changes", "/rules?article={}", "/rules?name=Ferries"):
        page.goto(site + path.format(number))
        assert barriers(page) == [], path


@pytest.mark.parametrize("public", [True, False])
def test_the_longest_words_fit_a_phone(archive: Archive, show: Open, *, public: bool) -> None:
    number = archive.save(with_long_words(), at=NOW).id
    archive.review(number, reviewer=LONG, rating=3, words=LONG, at=NOW)
    archive.put_tag_rule(LONG[:100], f'any = ["{LONG}"]', at=NOW)
    page = show(f"/articles/{number}", width=360, public=public)
    for path in (f"/articles/{number}", f"/articles/{number}/changes", "/rules"):
        page.goto(page.url.partition("/articles")[0].partition("/rules")[0] + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_public_page_is_found_nothing_wrong_with(show: Open, number: int) -> None:
    assert barriers(show(f"/articles/{number}", public=True)) == []


def test_nothing_on_the_page_moves_as_it_comes(show: Open, number: int) -> None:
    page = show(f"/articles/{number}", width=360)
    page.locator(".picture img").evaluate("image => image.complete || new Promise(done => image.onload = done)")
    assert page.evaluate(SHIFT) == 0
    assert page.locator(".picture img").evaluate("image => image.naturalWidth") == 2


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_opens_a_name_reviews_and_reads_what_was_changed(
    archive: Archive, show: Open, number: int, *, scripts: bool
) -> None:
    page = show(f"/articles/{number}", scripts=scripts)
    page.locator("summary", has_text="Aldo Fenn").click()
    assert page.locator(f"#article-{number}-e1 mark").all_inner_texts() == ["Aldo Fenn", "Fenn"]
    page.get_by_role("button", name="Keep the review").click()
    assert page.get_by_role("alert").inner_text() == "Give a rating, or write something, or both."
    page.get_by_role("radio", name="5").check()
    page.get_by_label("Your review").fill("The waltz is a good touch.")
    page.get_by_role("button", name="Keep the review").click()
    assert page.locator(":target blockquote").inner_text() == "The waltz is a good touch."
    page.get_by_role("button", name="Remove this review of mine").click()
    assert archive.rating(number).reviews == 1
    page.get_by_role("link", name="what the publisher changed").click()
    assert page.locator(".body ins").all_inner_texts() == ["6", "mistake"]
    assert page.locator(".body del").all_inner_texts() == ["4", "betrayal"]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_makes_a_tag_from_an_article_changes_and_removes_it(
    archive: Archive, show: Open, number: int, *, scripts: bool
) -> None:
    page = show(f"/articles/{number}", scripts=scripts)
    page.get_by_label("The tag’s name").fill("Islanders")
    page.get_by_role("button", name="Make the tag").click()
    assert page.locator(".rule-list h3").all_inner_texts() == ["Ferries", "Islanders"]
    page.get_by_role("link", name="Change the rule Islanders").click()
    page.get_by_label("Any of these words or phrases").fill("isl*nd")
    page.get_by_role("button", name="Change the rule").first.click()
    assert "the * can only stand at the end of the last word" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Any of these words or phrases").input_value() == "isl*nd"
    page.get_by_label("Any of these words or phrases").fill("island*")
    page.get_by_role("button", name="Change the rule").first.click()
    assert [rule.rule for rule in archive.tag_rules()][1] == 'any = ["island*"]\nentity = ["Oona Tregear"]'
    page.get_by_role("button", name="Remove the rule Islanders").click()
    assert page.locator(".rule-list h3").all_inner_texts() == ["Ferries"]
