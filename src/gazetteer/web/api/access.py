"""Who asks the API, what they may see, and how often they may ask."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from gazetteer.archive import Archive
from gazetteer.archive.values import Token
from gazetteer.web.origins import subscriber
from gazetteer.web.site import Site, site_of, to_wait

MINUTE = 60
STRANGERS = 120
"""How often one address may ask a public site in a minute, without a token."""

PROGRAMS = 1_200
"""How often a program may ask in a minute, with its token."""

ADDING = 60
"""How many articles a program may send in a minute."""

_JSON = ("application/json", "application/problem+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks of which site; `token` is None for strangers."""

    site: Site
    token: Token | None
    address: str

    @property
    def archive(self) -> Archive:
        """Give the archive that is asked."""
        return self.site.archive

    @property
    def sees_all(self) -> bool:
        """Whether they may read whole articles; else excerpts."""
        return self.token is not None or not self.site.settings.public


def asker(request: Request) -> Asker:
    """Tell who asks; raises where they may not, or too often."""
    _check_accept(request.headers.get("accept", ""))
    site = site_of(request)
    asks = Asker(
        site=site, token=token_of(request, site), address=subscriber(request.client.host if request.client else "")
    )
    if asks.token is not None:
        _check_rate(asks, f"api token {asks.token.name}", PROGRAMS)
    elif site.settings.public:
        _check_rate(asks, f"api {asks.address}", STRANGERS)
    return asks


def reader(asks: Annotated[Asker, Depends(asker)]) -> Asker:
    """Give who asks, where they may read whole articles."""
    if not asks.sees_all:
        raise unknown("This holds whole sentences of articles: it needs a token.")
    return asks


def writer(asks: Annotated[Asker, Depends(asker)]) -> Asker:
    """Give who asks, where they may change anything: with a token alone, so that no other site's page can."""
    if asks.token is None:
        raise unknown("This needs a token that may add: gazetteer token add NAME --may-add.")
    if not asks.token.may_add:
        raise HTTPException(HTTPStatus.FORBIDDEN, "This token may read, and may not add.")
    return asks


def tender(asks: Annotated[Asker, Depends(asker)]) -> Asker:
    """Give who asks, where they may see what only those see who may write: everybody, where the site is private."""
    return writer(asks) if asks.site.settings.public else asks


def adder(asks: Annotated[Asker, Depends(writer)]) -> Asker:
    """Give who asks, where they may add articles."""
    assert asks.token is not None
    if asks.site.take is None:
        raise HTTPException(HTTPStatus.FORBIDDEN, "Nothing is taken in here.")
    _check_rate(asks, f"api token adds {asks.token.name}", ADDING)
    return asks


Asks = Annotated[Asker, Depends(asker)]
Reads = Annotated[Asker, Depends(reader)]
Tends = Annotated[Asker, Depends(tender)]
Writes = Annotated[Asker, Depends(writer)]
Adds = Annotated[Asker, Depends(adder)]


def token_of(request: Request, site: Site) -> Token | None:
    """Give the token that is sent, None where none is; raises where it is none of the archive's."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    token = site.archive.token(secret.strip()) if scheme.lower() == "bearer" and secret else None
    if token is None:
        raise unknown("This is no token of this archive.")
    return token


def unknown(reason: str) -> HTTPException:
    """Say that a token is asked for; raise it."""
    return HTTPException(HTTPStatus.UNAUTHORIZED, reason, {"www-authenticate": "Bearer"})


def _check_rate(asks: Asker, key: str, most: int) -> None:
    if wait := to_wait(asks.site, key, most=most, seconds=MINUTE):
        reason = f"No more than {most:,} of these requests are answered in a minute."
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, reason, {"retry-after": str(wait)})


def _check_accept(header: str) -> None:
    """See that JSON may be answered with; a weight of nothing says that it may not (RFC 9110, 12.5.1)."""
    ranges = [each.lower().replace(" ", "").split(";") for each in header.split(",") if each.strip()]
    wanted = {name for name, *parameters in ranges if not {"q=0", "q=0.0", "q=0.00", "q=0.000"} & set(parameters)}
    if ranges and not wanted & {"*/*", "application/*", *_JSON}:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, "Answers are application/json.")
