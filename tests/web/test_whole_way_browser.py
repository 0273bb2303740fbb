"""The whole way of a reader, in a browser with scripts and without: from an address to a correction that holds."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from papers import SECRET, served
from playwright.sync_api import Browser, Locator, Page, expect

from gazetteer.annotate import Annotator
from gazetteer.archive import Archive
from gazetteer.config import Config
from gazetteer.intake import FetchSettings
from gazetteer.keeping import check_rule
from gazetteer.serving import Taking
from gazetteer.web import SiteSettings
from gazetteer.web.app import create
from tests.intake.websites import Site, reply

EXAMPLES = Path(__file__).parents[2] / "examples"
PASSWORD = "a ferry at dawn"
SECOND = b"""<!doctype html><html lang="en"><head><title>Kremlin names envoy to river talks - Quay Dispatch</title>
<meta property="article:published_time" content="2020-08-18T09:00:00Z"></head><body><article>
<h1>Kremlin names envoy to river talks</h1>
<p>The Kremlin said on Tuesday that it would send an envoy to the talks about the river, which begin in Minsk next
week.</p>
<p>Officials in Moscow had refused for two years to sit at one table with the fishermen. The Kremlin did not say what
had changed its mind, and its spokesman took no questions. "We come with an open hand," he told reporters.</p>
<p>The fishermen of the lower river, who lost their nets in the spring, said that they would believe it when they saw
it.</p>
<p>The talks are to last three days. Both sides have promised to publish what they agree on, if they agree on
anything.</p>
</article></body></html>"""


@pytest.fixture(scope="module")
def outlets() -> Iterator[Site]:
    """The web that is read, on this machine: two papers' pages."""
    web = Site()
    web.answers["/belarus"] = reply((EXAMPLES / "belarus.html").read_bytes())
    web.answers["/envoy"] = reply(SECOND)
    yield web
    web.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def pages(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, Page]]:
    """A page of an owner's private site, and one of the same archive's public site, which a reader sees."""
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.open(str(tmp_path / "news.sqlite"), create=True))
        archive.put_user("Wren", PASSWORD)
        settings = replace(Config(), intake=FetchSettings(allow_hosts=("127.0.0.1",), delay=0))
        take = stack.enter_context(Taking(archive, settings, lambda rules: Annotator(rules=rules)))
        shown = []
        for public in (False, True):
            app = create(archive, SiteSettings(public=public), secret=SECRET, take=take, check=check_rule)
            context = browser.new_context(
                base_url=stack.enter_context(served(app)),
                java_script_enabled=request.param,
                viewport={"width": 390, "height": 800},
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            shown.append(context.new_page())
        yield shown[0], shown[1]


def add(page: Page, address: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Add", exact=True).click()
    page.get_by_label("The article’s address").fill(address)
    page.get_by_role("button", name="Read and keep it").click()
    page.wait_for_url("**/articles/*")


def name_in(page: Page, name: str) -> Locator:
    """Give a name in a digest, which opens its sentences."""
    return page.locator("details.name", has=page.locator("summary > span", has_text=re.compile(f"^{re.escape(name)}$")))


def test_from_an_address_to_a_correction_that_holds(pages: tuple[Page, Page], outlets: Site) -> None:
    page, public = pages
    add(page, outlets.url("/belarus", "127.0.0.1"))
    article = page.url

    # its digest
    expect(page.get_by_role("heading", level=1)).to_have_text("With the Squares Against Him, Lukashenko Calls On Putin")
    expect(page.locator(".summary li")).not_to_have_count(0)
    expect(page.locator(".shares dd")).to_have_count(2)

    # a name: every sentence that names it
    name = name_in(page, "Vladimir V. Putin")
    mentions = int(name.locator(".count").inner_text().split()[0])
    name.locator("summary").click()
    expect(name.locator("blockquote mark").first).to_be_visible()
    assert name.locator("mark").count() == mentions > 1
    sentences = name.locator("blockquote").all_inner_texts()
    name.get_by_role("link", name="across the archive").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vladimir V. Putin")
    page.get_by_role("link", name="All sentences").click()
    assert sorted(page.locator("blockquote").all_inner_texts()) == sorted(sentences)

    # a search
    page.get_by_role("searchbox").fill('entity:"Vladimir V. Putin" -football')
    page.keyboard.press("Enter")
    expect(page.locator(".hits .title")).to_have_text(["With the Squares Against Him, Lukashenko Calls On Putin"])
    page.locator(".hits .title a").click()

    # a tag, which the next article that is added has too
    page.get_by_text("Make a tag", exact=True).click()
    page.get_by_label("The tag’s name").fill("Minsk watch")
    page.get_by_label("Given where an article names one of these").fill("Minsk")
    page.get_by_role("button", name="Make the tag").click()
    expect(page.locator(".rule-list h3")).to_have_text(["Minsk watch"])

    # a review
    page.goto(article)
    page.get_by_role("radio", name="4").check()
    page.get_by_label("Your review").fill("The squares are well told.")
    page.get_by_role("button", name="Keep the review").click()
    expect(page.locator(":target blockquote")).to_have_text("The squares are well told.")

    # two names are made one, here and in what comes later
    name_in(page, "Kremlin").locator("summary").click()
    page.get_by_role("link", name="Kremlin across the archive").click()
    page.get_by_text("It is the same as another").click()
    page.get_by_label("The other’s name").fill("russia")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("button", name="Make them one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Russia")
    expect(page.locator(".head .gloss")).to_contain_text("also as Kremlin")
    page.goto(article)
    expect(name_in(page, "Kremlin")).to_have_count(0)
    add(page, outlets.url("/envoy", "127.0.0.1"))
    russia = name_in(page, "Russia")
    russia.locator("summary").click()
    expect(russia.locator(".gloss").first).to_contain_text("Read here as Kremlin")
    expect(page.locator(".tags ul b")).to_contain_text(["Minsk watch"])
    russia.get_by_role("link", name="across the archive").click()
    expect(page.locator(".card .title")).to_have_count(2)

    # the same archive, shown to the public: a reader signs in on the way to a review, and out
    public.goto(article[article.index("/articles/") :])
    expect(public.locator(".reviews blockquote")).to_have_text(["The squares are well told."])
    assert public.get_by_text("across the archive").count()
    assert public.locator(".text").count() == 0
    public.get_by_role("link", name="Sign in to write a review").click()
    public.get_by_label("Name").fill("wren")
    public.get_by_label("Password").fill(PASSWORD)
    public.get_by_role("button", name="Sign in").click()
    public.get_by_label("Your review").fill("I read it twice.")
    public.get_by_role("button", name="Keep the review").click()
    expect(public.locator(":target")).to_contain_text("Wren")
    expect(public.locator(".reviews blockquote")).to_have_count(2)
    public.get_by_role("button", name="Sign out").click()
    expect(public.get_by_role("link", name="Sign in")).to_be_visible()
    public.go_back()
    public.reload()
    expect(public.get_by_label("Your review")).to_have_count(0)
