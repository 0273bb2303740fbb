"""Who and what articles share: a list of each kind, and a page for each name, author, publisher and tag."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from gazetteer.archive import Archive
from gazetteer.archive.names import Correction, Name, Rule
from gazetteer.archive.values import Kind, Page, Passage, Subject
from gazetteer.types import QuoteKind
from gazetteer.web.charts import chart
from gazetteer.web.site import Site, action, following, missing, page, render, see, site_of, subject_of
from gazetteer.web.templating import PLURALS, path

_LISTED = 60
_BESIDE = 12  # of those that a subject's articles share most
_AT_ONCE = 5  # articles whose sentences are shown beside a name's others
_LONGEST_NAME = 300
_SURE = "sure"  # the field of a form that was asked to be sent twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A correction in words, and when it was made."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Some sentences that name an entity, and some of its words, each with all that print it."""

    passages: tuple[tuple[Passage, ...], ...] = ()
    quotes: tuple[tuple[Passage, ...], ...] = ()


def routes() -> Iterator[BaseRoute]:
    """Give the routes of subjects, and of corrections to names."""
    for kind, plural in PLURALS.items():
        yield page(f"/{plural}", partial(listed, kind=kind))
        yield page(f"/{plural}/{{id:number}}", partial(one, kind=kind))
    yield page("/entities/{id:number}/sentences", sentences)
    yield page("/entities/{id:number}/quotes", quotes)
    yield action("/entities/{id:number}/merge", merge)
    yield action("/entities/{id:number}/split", split)
    yield action("/entities/{id:number}/rename", rename)
    yield page("/corrections", corrections)
    yield page("/corrections.json", exported)


def listed(request: Request, *, kind: Kind) -> Response:
    """List the subjects of a kind, those in most articles first."""
    found = site_of(request).archive.most(kind, cursor=request.query_params.get("cursor"), limit=_LISTED)
    after = following(request, found)
    return render(request, "subjects.html", kind=kind.value, subjects=found.rows, after=after)


def one(request: Request, *, kind: Kind) -> Response:
    """Show a subject: what is known of it, when and how it is written of, with what, and its articles."""
    subject = subject_of(request, kind)
    if subject.id != request.path_params["id"]:
        return see(path(subject))
    site, of = site_of(request), (kind, subject.id)
    cards = site.archive.browse(of=of, cursor=request.query_params.get("cursor"))
    is_entity = kind is Kind.ENTITY
    return render(
        request,
        "subject.html",
        kind=kind.value,
        subject=subject,
        cards=cards.rows,
        after=following(request, cards),
        is_first="cursor" not in request.query_params,
        chart=chart(site.archive.days(of)),
        profile=site.archive.profile(*of, limit=_BESIDE),
        aliases=site.archive.aliases(subject.id) if is_entity else (),
        said=_said(site, subject) if is_entity else Said(),
    )


def sentences(request: Request) -> Response:
    """Show the sentences that name an entity, those of the newest articles first."""
    return _passages(request, "Sentences that name", Archive.passages)


def quotes(request: Request) -> Response:
    """Show what an entity is quoted as saying."""
    return _passages(request, "Quoted from", Archive.quotes)


def merge(request: Request, form: FormData) -> Response:
    """Show an entity as another from now on: the one that has the name that was sent, or was chosen among several."""
    subject, archive = subject_of(request, Kind.ENTITY), site_of(request).archive
    name, chosen = _sent(form, "into"), _sent(form, "chosen")
    others = [each for each in archive.named(name, limit=_LISTED) if each.id != subject.id]
    known = {str(each.id): each for each in others}
    if chosen in known and _sent(form, _SURE):
        archive.merge(subject.id, known[chosen].id)
        return see(path(known[chosen]))
    return render(request, "merge.html", subject=subject, name=name, others=others)


def split(request: Request, form: FormData) -> Response:
    """Make one of an entity's names an entity of its own."""
    subject, archive = subject_of(request, Kind.ENTITY), site_of(request).archive
    alias = next((each for each in archive.aliases(subject.id) if str(each.id) == _sent(form, "alias")), None)
    if alias is None:
        raise missing("such name of it")
    archive.split(Name(name=alias.name, label=alias.label, country=alias.country))
    return see(path(subject))


def rename(request: Request, form: FormData) -> Response:
    """Show an entity under another name."""
    subject = subject_of(request, Kind.ENTITY)
    if name := _sent(form, "name"):
        site_of(request).archive.rename(subject.id, name)
    return see(path(subject))


def corrections(request: Request) -> Response:
    """List the corrections that were made to names, the newest first."""
    rules = site_of(request).archive.corrections()
    made = [Made(words=_words(rule), at=at) for rule, at in reversed(rules)]
    return render(request, "corrections.html", corrections=made)


def exported(request: Request) -> Response:
    """Give the corrections for other programs, in the order in which they were made."""
    rules = site_of(request).archive.corrections()
    return JSONResponse([{"kind": rule.kind.value, "made_at": at.isoformat(), **_named(rule)} for rule, at in rules])


def _said(site: Site, subject: Subject) -> Said:
    """Give sentences of an entity: none on a public site, which shows of articles their excerpts alone."""
    if site.settings.public:
        return Said()
    return Said(
        passages=_once(site.archive.passages(subject.id, limit=_AT_ONCE).rows),
        quotes=_once(site.archive.quotes(subject.id, limit=_AT_ONCE).rows),
    )


def _once(passages: Iterable[Passage]) -> tuple[tuple[Passage, ...], ...]:
    """Give those that have the same words, as reprints do, together."""
    found: dict[tuple[str, QuoteKind | None], list[Passage]] = {}
    for each in passages:
        found.setdefault((" ".join(each.words.split()), each.kind), []).append(each)
    return tuple(map(tuple, found.values()))


def _passages(request: Request, title: str, ask: Callable[..., Page[Passage]]) -> Response:
    subject, site = subject_of(request, Kind.ENTITY), site_of(request)
    if site.settings.public:
        raise missing("such page: a public site shows excerpts alone")
    found = ask(site.archive, subject.id, cursor=request.query_params.get("cursor"))
    after = following(request, found)
    return render(request, "passages.html", subject=subject, heading=title, passages=_once(found.rows), after=after)


def _sent(form: FormData, field: str) -> str:
    return str(form.get(field, ""))[:_LONGEST_NAME].strip()


def _words(rule: Rule) -> str:
    """Say a correction in words."""
    name = f"“{rule.name.name}”"
    if rule.kind is Correction.MERGE and rule.other is not None:
        return f"{name} is shown as “{rule.other.name}”"
    if rule.kind is Correction.SPLIT:
        return f"{name} is something of its own"
    return f"{name} is shown under the name “{rule.shown}”"


def _named(rule: Rule) -> dict[str, object]:
    """Give whom a correction is about, by name, label and country."""
    names = {"name": rule.name, "other": rule.other}
    told = {
        key: {"name": name.name, "label": name.label, "country": name.country or None}
        for key, name in names.items()
        if name is not None
    }
    return told | ({} if rule.shown is None else {"shown": rule.shown})
