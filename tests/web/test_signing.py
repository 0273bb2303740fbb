"""Who signs in has a session that is theirs alone, until they sign out; guessing soon ends."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from barriers import barriers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import NOW, SECRET, client, opened, parsed, served, site, texts, token
from playwright.sync_api import Browser, Page
from starlette.responses import Response
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.web import SiteSettings, signing
from gazetteer.web.app import create

PASSWORD = "a ferry at dawn"
WRONG = "The name or the password is wrong."
SECURE = {"address": "https://news.example"}


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("signing"), 1) as archive:
        archive.put_user("Wren", PASSWORD)
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(site(archive, public=True))


def sign_in(asked: TestClient, name: str = "Wren", password: str = PASSWORD, **more: str) -> Response:
    sent = {"token": token(asked, "/sign-in"), "name": name, "password": password, **more}
    answer: Response = asked.post("/sign-in", data=sent)  # type: ignore[assignment]
    return answer


def reader(asked: TestClient) -> str | None:
    """Give the name that a page shows of whoever signed in."""
    return next(iter(texts(parsed(asked.get("/").text), "//header//form[@action='/sign-out']//b")), None)


def test_whoever_signs_in_is_named_on_every_page_until_they_sign_out(asked: TestClient) -> None:
    assert reader(asked) is None
    assert parsed(asked.get("/search?q=a&b").text).xpath("//header//a[.='Sign in']/@href") == [
        "/sign-in?to=/search%3Fq%3Da%26b"
    ]
    answer = sign_in(asked, "wren", to="/search?q=a")
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=a")
    assert reader(asked) == "Wren"
    assert asked.get("/nowhere").headers["cache-control"] == asked.get("/").headers["cache-control"] == "no-store"
    assert asked.get("/sign-in", params={"to": "/about"}).headers["location"] == "/about"
    kept = dict(asked.cookies)
    answer = asked.post("/sign-out", data={"token": token(asked)})  # type: ignore[assignment]
    assert answer.headers["location"] == "/"
    assert set(kept) - set(asked.cookies) == {"gazetteer-session"}
    asked.cookies.update(kept)
    assert reader(asked) is None


def test_a_private_archive_asks_nobody_for_a_name_and_takes_one(archive: Archive) -> None:
    asked = client(site(archive))
    page = parsed(asked.get("/").text)
    assert not page.xpath("//header//*[@class='who']")
    assert asked.get("/").headers["cache-control"] == "private, no-cache"
    assert sign_in(asked).status_code == 303
    assert reader(asked) == "Wren"
    assert asked.get("/").headers["cache-control"] == "no-store"


def test_a_session_is_new_each_time_and_ends_where_another_begins(asked: TestClient, archive: Archive) -> None:
    asked.cookies.set("gazetteer-session", "planted", domain="localhost.local", path="/")
    secrets = []
    for _ in range(2):
        sent = {"token": token(asked), "name": "Wren", "password": PASSWORD} if secrets else None
        answer = asked.post("/sign-in", data=sent) if sent else sign_in(asked)
        assert answer.status_code == 303
        secrets.append(asked.cookies["gazetteer-session"])
    assert len({"planted", *secrets}) == 3
    assert [archive.signed_in(each, at=NOW) for each in ("planted", *secrets)] == [None, None, "Wren"]


def test_a_session_ends_in_time_and_with_its_password(asked: TestClient, archive: Archive) -> None:
    sign_in(asked)
    later = create(archive, SiteSettings(public=True), secret=SECRET, now=lambda: NOW + timedelta(days=30, seconds=1))
    after = client(later)
    after.cookies.update(asked.cookies)
    assert reader(after) is None
    assert reader(asked) == "Wren"
    archive.put_user("Wren", "another ferry")
    assert reader(asked) is None


def test_no_script_reads_a_cookie_and_no_other_site_sends_it(asked: TestClient) -> None:
    visit = asked.get("/sign-in").headers["set-cookie"]
    session = sign_in(asked).headers["set-cookie"]
    for cookie, name in ((visit, "gazetteer-visit"), (session, "gazetteer-session")):
        assert re.fullmatch(rf"{name}=[\w-]{{43}}; HttpOnly;( Max-Age=2592000;)? Path=/; SameSite=lax", cookie)
    assert ("Max-Age" in visit, "Max-Age" in session) == (False, True)


def test_under_https_a_cookie_is_of_this_host_alone(archive: Archive) -> None:
    asked = client(site(archive, public=True, **SECURE))
    asked.base_url = "https://news.example"  # type: ignore[assignment]
    answer = sign_in(asked)
    assert re.match(r"__Host-gazetteer-session=[\w-]{43}; HttpOnly; ", answer.headers["set-cookie"])
    assert {"Path=/", "Secure"} <= set(answer.headers["set-cookie"].split("; "))
    assert reader(asked) == "Wren"
    ended = asked.post("/sign-out", data={"token": token(asked)}).headers["set-cookie"]
    assert {"Max-Age=0", "Path=/", "Secure"} <= set(ended.split("; "))  # else the browser would keep it


def test_a_cookie_that_another_host_tossed_is_not_looked_at(archive: Archive) -> None:
    secret = archive.sign_in("Wren", PASSWORD, at=NOW)
    asked = client(site(archive, public=True, **SECURE))
    asked.base_url = "https://news.example"  # type: ignore[assignment]
    tossed = {"cookie": f"gazetteer-session={secret}; gazetteer-visit={'x' * 43}"}
    answer = asked.get("/", headers=tossed)
    assert "Signed in" not in answer.text
    assert "__Host-gazetteer-visit=" in answer.headers["set-cookie"]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_cookie_may_be_sent(asked: TestClient, cookie: str) -> None:
    for name in ("gazetteer-session", "gazetteer-visit"):
        answer = asked.get("/sign-in", headers={"cookie": f"{name}={cookie}".encode("latin-1")})
        assert answer.status_code == 200
        assert "Signed in" not in answer.text


@pytest.mark.parametrize(
    ("name", "password"),
    [("Wren", "a ferry at dusk"), ("nobody", PASSWORD), ("", ""), ("Wren", "x" * 5_000), ("<b>'\"", "\ud7ff")],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(asked: TestClient, name: str, password: str) -> None:
    answer = sign_in(asked, name, password, to="/about")
    assert answer.status_code == 403
    page = parsed(answer.text)  # type: ignore[attr-defined]
    assert texts(page, "//*[@role='alert']") == [WRONG]
    assert page.xpath("//main//input[@name='name']/@value") == [name]
    assert page.xpath("//main//input[@name='to']/@value") == ["/about"]
    assert not page.xpath("//input[@type='password']/@value")
    assert "gazetteer-session" not in asked.cookies


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_signing_in_leads_to_no_other_site(asked: TestClient, to: str) -> None:
    page = parsed(asked.get("/sign-in", params={"to": to}).text)
    assert page.xpath("//main//input[@name='to']/@value") == ["/"]
    assert sign_in(asked, to=to).headers["location"] == "/"
    assert asked.get("/sign-in", params={"to": to}).headers["location"] == "/"


def codes(asked: TestClient, names: list[str], password: str = "x" * 2_000) -> list[int]:
    """Try to sign in as each, with a password too long to be hashed."""
    sent = {"token": token(asked, "/sign-in"), "password": password}
    return [asked.post("/sign-in", data={**sent, "name": name}).status_code for name in names]


def test_guessing_a_readers_password_ends_however_the_name_is_written(asked: TestClient) -> None:
    names = ["Wren", "wren", " WREN ", "ｗｒｅｎ", "wren\t"] * 2
    assert codes(asked, names) == [403] * signing.OF_A_NAME_FROM_A_PLACE
    answer = sign_in(asked)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= signing.WINDOW
    assert "Try again in" in answer.text  # type: ignore[attr-defined]
    assert "gazetteer-session" not in asked.cookies
    assert codes(asked, ["nobody"] * 10) == [403] * 10
    assert codes(asked, ["nobody"]) == [429]


def test_guessing_names_ends_too(asked: TestClient) -> None:
    tried = codes(asked, [f"name {number}" for number in range(signing.FROM_A_PLACE + 1)])
    assert tried == [403] * signing.FROM_A_PLACE + [429]


def test_what_one_place_tried_locks_no_reader_out_elsewhere(archive: Archive) -> None:
    app = site(archive, public=True)
    places = [
        TestClient(app, base_url="http://localhost", client=(f"192.0.2.{number}", 1), follow_redirects=False)
        for number in range(12)
    ]
    assert codes(places[0], ["Wren"] * 11)[-1] == 429
    assert sign_in(places[1]).status_code == 303
    for place in places[2:]:
        codes(place, ["Wren"] * 10)
    assert codes(client(app), ["Wren"]) == [429]  # from many places, a name is tried no more than so often either


def test_who_asks_is_told_by_the_socket_and_not_by_a_header(asked: TestClient) -> None:
    for number in range(3):
        asked.headers["x-forwarded-for"] = f"192.0.2.{number}"
        tried = codes(asked, ["Wren"] * 5)
    assert tried == [429] * 5


def test_tries_are_counted_anew_after_a_while(archive: Archive) -> None:
    at = [NOW]
    asked = client(create(archive, SiteSettings(public=True), secret=SECRET, now=lambda: at[0]))
    assert codes(asked, ["Wren"] * 11)[-1] == 429
    at[0] += timedelta(seconds=signing.WINDOW)
    assert sign_in(asked).status_code == 303


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def shown(request: pytest.FixtureRequest, browser: Browser, archive: Archive) -> Iterator[Page]:
    """Give a public site's front page in a browser, which finds no fault with it."""
    with served(site(archive, public=True)) as address:
        context = browser.new_context(base_url=address, java_script_enabled=request.param)
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/")
        yield page
        context.close()
    assert [each for each in faults if not each.startswith("Failed to load resource")] == []


def enter(page: Page, password: str) -> None:
    """Fill the form, and send it as a keyboard does."""
    if "/sign-in" not in page.url:
        page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("wren")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.locator("form.who, [role=alert]").wait_for()


def test_a_reader_signs_in_and_out_in_a_browser(shown: Page) -> None:
    shown.goto("/?x=1")
    enter(shown, "a ferry at dusk")
    assert shown.get_by_role("alert").inner_text() == WRONG
    assert shown.get_by_label("Name").input_value() == "wren"
    shown.get_by_label("Password").fill(PASSWORD)
    shown.get_by_role("button", name="Sign in").click()
    shown.get_by_text("Signed in as Wren").wait_for()
    assert shown.url.endswith("/?x=1")
    cookies = {each["name"]: each for each in shown.context.cookies()}
    assert set(cookies) == {"gazetteer-session", "gazetteer-visit"}
    assert all(each["httpOnly"] and each["sameSite"] == "Lax" for each in cookies.values())
    shown.get_by_role("button", name="Sign out").click()
    shown.get_by_role("link", name="Sign in").wait_for()
    assert {each["name"] for each in shown.context.cookies()} == {"gazetteer-visit"}
    shown.go_back()
    assert shown.get_by_text("Signed in as Wren").count() == 0


def test_a_page_of_another_site_signs_nobody_out(shown: Page) -> None:
    enter(shown, PASSWORD)
    right = shown.locator("form.who input[name=token]").get_attribute("value")
    form = (
        f"<form method=post action='{shown.url}sign-out'><input name=token value={right}><button>Send</button></form>"
    )
    other = shown.context.new_page()
    other.route("http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    other.goto("http://evil.example/")
    other.get_by_role("button").click()
    assert "from another site" in other.inner_text("main")
    shown.reload()
    assert shown.get_by_text("Signed in as Wren").is_visible()


@pytest.mark.parametrize("shown", [True], indirect=True)
def test_signing_in_bars_nobody(shown: Page) -> None:
    for password, there in (("a ferry at dusk", WRONG), (PASSWORD, "Signed in as Wren")):
        enter(shown, password)
        shown.get_by_text(there).wait_for()
        assert barriers(shown) == []
