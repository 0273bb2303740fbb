"""What holds for every answer, whatever gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from gazetteer.web.answers import Said, Unchanged


def whole(_: Request) -> Response:
    return PlainTextResponse("words", headers={"cache-control": "public"})


def own(_: Request) -> Response:
    return PlainTextResponse("words", headers={"etag": '"mine"'})


def parts(_: Request) -> Response:
    return StreamingResponse(iter(["one ", "two"]), media_type="text/plain")


def gone(_: Request) -> Response:
    return PlainTextResponse("gone", status_code=410)


ROUTES = [Route(f"/{each.__name__}", each, methods=["GET", "POST"]) for each in (whole, own, parts, gone)]


@pytest.fixture(scope="module")
def asked() -> TestClient:
    return TestClient(Starlette(routes=ROUTES, middleware=[Middleware(Said), Middleware(Unchanged)]))


def test_an_answer_may_say_otherwise(asked: TestClient) -> None:
    assert asked.get("/whole").headers["cache-control"] == "public"
    assert asked.get("/own").headers["cache-control"] == "private, no-cache"


def test_only_who_asked_by_https_is_told_to_keep_to_it(asked: TestClient) -> None:
    name = "strict-transport-security"
    assert name not in asked.get("/own").headers
    assert asked.get("https://testserver/own").headers[name] == "max-age=31536000"
    assert asked.get("https://testserver/gone").headers[name]


def test_what_is_known_is_not_sent_again(asked: TestClient) -> None:
    for path in ("/whole", "/own"):
        first = asked.get(path)
        again = asked.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert "content-length" not in again.headers
        assert asked.get(path, headers={"if-none-match": "*"}).status_code == 304
        assert asked.get(path, headers={"if-none-match": '"other"'}).text == "words"
    assert asked.get("/own").headers["etag"] == '"mine"'


def test_what_comes_in_parts_is_not_held_back_and_errors_have_no_tag(asked: TestClient) -> None:
    assert asked.get("/parts", headers={"if-none-match": "*"}).text == "one two"
    for path in ("/parts", "/gone"):
        assert "etag" not in asked.get(path).headers
    assert asked.post("/whole", headers={"if-none-match": "*"}).status_code == 200


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_any_list_of_tags_may_be_sent(asked: TestClient, known: str) -> None:
    assert asked.get("/whole", headers={"if-none-match": known.encode("latin-1")}).status_code in (200, 304)
