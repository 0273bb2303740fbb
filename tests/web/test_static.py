"""The site's own files are given, and no others."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import client, opened, served, site
from starlette.testclient import TestClient

from gazetteer.web.templating import static


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with opened(tmp_path_factory.mktemp("static")) as archive:
        yield client(site(archive, public=True))


@pytest.fixture(scope="module")
def address(asked: TestClient) -> Iterator[str]:
    with served(asked.app) as address:  # type: ignore[arg-type]
        yield address.removeprefix("http://")


def sent(address: str, path: str, method: str = "GET") -> tuple[HTTPResponse, str]:
    """Ask for a path as it stands, as no browser would."""
    connection = HTTPConnection(address)
    connection.request(method, path)
    answer = connection.getresponse()
    words = answer.read().decode()
    connection.close()
    return answer, words


@pytest.mark.parametrize(("name", "kind"), [("page.css", "text/css"), ("site.js", "text/javascript")])
def test_a_file_is_given_as_what_it_is_and_may_be_kept(asked: TestClient, name: str, kind: str) -> None:
    answer = asked.get(static(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert asked.head(static(name)).content == b""


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../app.py",
        "..%2fapp.py",
        "..%2Fstatic%2Fpage.css",
        "%2e%2e%2fstatic%2fpage.css",
        "%2e%2e/static/page.css",
        "..%5cstatic%5cpage.css",
        "..%252fstatic%252fpage.css",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "page.css%00",
        "%00.css",
        "a%00b.css",
        "a%0d%0aset-cookie:%20a=b.css",
        ".css",
        "x" * 5000 + ".css",
        "nowhere.css",
        "page.css/",
        "%ff.css",
        "page.css%2f",
        "..%2ftemplates%2fsite.html",
    ],
)
def test_no_name_leads_to_another_file(address: str, name: str) -> None:
    answer, words = sent(address, f"/static/{name}")
    if answer.status == 307:
        assert answer.headers["location"].endswith("/static/page.css")
    else:
        assert answer.status == 404
    assert "Traceback" not in words
    assert "a=b" not in str(answer.headers)


@given(st.text())
def test_any_name_may_be_asked_for(asked: TestClient, name: str) -> None:
    path = "".join(f"%{byte:02x}" for byte in name.encode("utf-8", "surrogatepass"))
    assert asked.get(f"/static/{path}.css").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "MADE-UP"])
def test_files_are_only_read(asked: TestClient, method: str) -> None:
    answer = asked.request(method, static("page.css"))
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
