"""Signing in and out."""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.accounts import LASTING
from gazetteer.web.site import SESSION, action, base, local, page, render, see, set_cookie, site_of, visit_of

_WINDOW = 15 * 60  # seconds
_TRIES_OF_NAME = 10
_TRIES_FROM_PLACE = 50
_WRONG = "The name or the password is wrong."
_TOO_OFTEN = "This was tried too often. Wait a quarter of an hour, and try again."


def routes() -> Iterator[BaseRoute]:
    """Give the routes of signing in and out."""
    yield page("/sign-in", signing_in)
    yield action("/sign-in", sign_in, strangers=True, is_slow=True)
    yield action("/sign-out", sign_out)


def signing_in(request: Request) -> Response:
    """Show the form, to whoever is not signed in."""
    to = local(request.query_params.get("to", "/").removeprefix(base(request)))
    return see(to) if visit_of(request).reader else render(request, "sign_in.html", name="", to=to, wrong=None)


def sign_in(request: Request, form: FormData) -> Response:
    """Sign somebody in, unless it was tried too often for that name, or from that place."""
    archive = site_of(request).archive
    name, to = str(form.get("name", "")), local(str(form.get("to", "/")))
    place = request.client.host if request.client else ""
    tries = ((f"sign in as {name}", _TRIES_OF_NAME), (f"sign in from {place}", _TRIES_FROM_PLACE))
    if not all(archive.allowed(key, most=most, seconds=_WINDOW) for key, most in tries):
        answer = _refused(request, name, to, _TOO_OFTEN, HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["retry-after"] = str(_WINDOW)
        return answer
    secret = archive.sign_in(name, str(form.get("password", "")))
    if secret is None:
        return _refused(request, name, to, _WRONG, HTTPStatus.FORBIDDEN)
    answer = see(to)
    set_cookie(request, answer, SESSION, secret, seconds=int(LASTING.total_seconds()))
    return answer


def sign_out(request: Request, _form: FormData) -> Response:
    """End a session."""
    site_of(request).archive.sign_out(request.cookies.get(SESSION, ""))
    answer = see("/")
    answer.delete_cookie(SESSION)
    return answer


def _refused(request: Request, name: str, to: str, wrong: str, status: HTTPStatus) -> Response:
    return render(request, "sign_in.html", status=status, name=name, to=to, wrong=wrong)
