from collections.abc import Iterator

import pytest
from papers import client, opened, parsed, site, token
from starlette.testclient import TestClient

from gazetteer.archive import Archive

PASSWORD = "a ferry at dawn"


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("signing"), 3) as archive:
        archive.put_user("Wren", PASSWORD)
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(site(archive, public=True))


def signed_in(asked: TestClient, name: str = "Wren", password: str = PASSWORD, **more: str) -> object:
    return asked.post("/sign-in", data={"token": token(asked, "/sign-in"), "name": name, "password": password, **more})


def test_whoever_signs_in_may_write_until_they_sign_out(asked: TestClient, archive: Archive) -> None:
    number = archive.browse().rows[0].id
    before = token(asked, "/sign-in")
    answer = asked.post("/sign-in", data={"token": before, "name": "wren", "password": PASSWORD, "to": "/starred"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/starred")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    now = token(asked, "/")
    assert now != before
    assert asked.post(f"/articles/{number}/marks", data={"token": before, "read": "yes"}).status_code == 403
    assert asked.post(f"/articles/{number}/marks", data={"token": now, "read": "yes", "stay": ""}).status_code == 204
    assert archive.marks("Wren", [number])[number].is_read
    assert asked.get("/sign-in?to=/about").headers["location"] == "/about"
    kept = dict(asked.cookies)
    assert asked.post("/sign-out", data={"token": now}).headers["location"] == "/"
    assert asked.get("/starred").headers["location"].startswith("/sign-in")
    again = client(site(archive, public=True))
    again.cookies.update(kept)
    assert again.get("/starred").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(("name", "password"), [("Wren", "a ferry at dusk"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(asked: TestClient, name: str, password: str) -> None:
    answer = signed_in(asked, name, password)
    assert answer.status_code == 403  # type: ignore[attr-defined]
    page = parsed(answer.text)  # type: ignore[attr-defined]
    assert page.xpath("normalize-space(//*[@role='alert'])") == "The name or the password is wrong."
    assert page.xpath("//input[@name='name']/@value") == [name]
    assert password == "" or password not in answer.text  # type: ignore[attr-defined]
    assert "gazetteer-session" not in asked.cookies


def test_guessing_is_stopped_for_a_name_and_for_a_place(asked: TestClient) -> None:
    sent = {"token": token(asked, "/sign-in"), "password": "x" * 2000}  # too long to be hashed
    codes = [asked.post("/sign-in", data={**sent, "name": "wren"}).status_code for _ in range(11)]
    assert codes == [403] * 10 + [429]
    codes = [asked.post("/sign-in", data={**sent, "name": f"n{number}"}).status_code for number in range(45)]
    assert codes[-1] == 429
    answer = signed_in(asked)
    assert answer.headers["retry-after"] == "900"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("http://localhost/starred?x=1", "/starred?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("http://localhost//evil.example", "/"),
        ("http://localhost.evil.example/", "/"),
        ("/add", "/add"),
    ],
)
def test_signing_in_leads_back_and_nowhere_else(asked: TestClient, to: str, leads: str) -> None:
    page = parsed(asked.get("/sign-in", params={"to": to}).text)
    assert page.xpath("//main//input[@name='to']/@value") == [leads]
    assert signed_in(asked, to=to).headers["location"] == (leads if to.startswith("/") else "/")  # type: ignore[attr-defined]


def test_a_form_of_another_site_signs_nobody_in(asked: TestClient) -> None:
    sent = {"token": token(asked, "/sign-in"), "name": "Wren", "password": PASSWORD}
    assert asked.post("/sign-in", data=sent, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert asked.post("/sign-in", data={**sent, "token": ""}).status_code == 403
    assert client(site(asked.app.state.site.archive, public=True)).post("/sign-in", data=sent).status_code == 403  # type: ignore[attr-defined]
