"""Signing in and out.

A session begins with a secret that is new, so that none that was planted in a browser can become one. An unknown name
and a wrong password are told alike. Tries are counted, whether they succeed or not: by where they come from, by the
name from there, and by the name from anywhere, which may be tried more often, so that no stranger soon locks a reader
out.
"""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive import identity
from gazetteer.archive.accounts import LASTING
from gazetteer.web.origins import local, subscriber
from gazetteer.web.site import SESSION, action, cookie, limit, page, render, see, set_cookie, site_of, visit_of

WINDOW = 15 * 60
"""The seconds in which tries are counted."""

FROM_A_PLACE = 30
OF_A_NAME_FROM_A_PLACE = 10
OF_A_NAME = 100

_WRONG = "The name or the password is wrong."


def routes() -> Iterator[BaseRoute]:
    """Give the routes of signing in and out."""
    yield page("/sign-in", signing_in)
    yield action("/sign-in", sign_in, strangers=True, is_slow=True)
    yield action("/sign-out", sign_out, strangers=True)


def signing_in(request: Request) -> Response:
    """Show the form; whoever has signed in goes on."""
    to = local(request.query_params.get("to", "/"))
    return see(to) if visit_of(request).reader else render(request, "sign-in.html", name="", to=to, wrong=None)


def sign_in(request: Request, form: FormData) -> Response:
    """Begin a session, and end the one that there was."""
    archive, at = site_of(request).archive, site_of(request).now()
    name, password, to = (str(form.get(each, "")) for each in ("name", "password", "to"))
    _count(request, name)
    secret = archive.sign_in(name, password, at=at)
    if secret is None:
        return render(request, "sign-in.html", status=HTTPStatus.FORBIDDEN, name=name[:200], to=local(to), wrong=_WRONG)
    _end(request)
    answer = see(local(to))
    set_cookie(request, answer, SESSION, secret, seconds=int(LASTING.total_seconds()))
    return answer


def sign_out(request: Request, _form: FormData) -> Response:
    """End the session, here and in the archive."""
    _end(request)
    answer = see("/")
    set_cookie(request, answer, SESSION, "", seconds=0)
    return answer


def _end(request: Request) -> None:
    if visit_of(request).reader:
        site_of(request).archive.sign_out(cookie(request, SESSION))


def _count(request: Request, name: str) -> None:
    place, user = subscriber(request.client.host if request.client else ""), identity.user(name)
    limit(request, f"sign in from {place}", most=FROM_A_PLACE, seconds=WINDOW)
    limit(request, f"sign in from {place} as {user}", most=OF_A_NAME_FROM_A_PLACE, seconds=WINDOW)
    limit(request, f"sign in as {user}", most=OF_A_NAME, seconds=WINDOW)
