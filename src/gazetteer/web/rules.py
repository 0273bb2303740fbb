"""The reader's own tags: rules that the archive keeps, made from a few words or written in TOML."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.values import TagRule
from gazetteer.errors import ConfigError
from gazetteer.types import Entity
from gazetteer.view import printable
from gazetteer.web.shown import corrected
from gazetteer.web.site import Site, action, missing, number, page, render, see, site_of
from gazetteer.web.templating import sentence

FIELDS = {
    "any": "Any of these words or phrases",
    "all": "Every one of these",
    "none": "Not one of these",
    "entity": "Any of these names",
}
"""What a rule that is made of words may ask of an article, as docs/tags.md describes it."""

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule on its way: the tag's name, and the words of each of `FIELDS`, or else its TOML.

    `was` names the rule that it is to replace. `is_toml`: it is written as TOML, or cannot be told in words.
    """

    name: str = ""
    was: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    toml: str = ""
    is_toml: bool = False


def routes() -> Iterator[BaseRoute]:
    """Give the routes of tag rules."""
    yield page("/rules", rules)
    yield action("/rules", put_rule)
    yield action("/rules/remove", remove_rule)


def rules(request: Request) -> Response:
    """Show the rules, and the form of one: a new one, one to be changed, or one to begin with from an article."""
    return _shown(request, _begun(request))


def put_rule(request: Request, form: FormData) -> Response:
    """Keep a rule; one that is wrong comes back to its form."""
    site, draft = site_of(request), _written(form)
    if site.check is None:
        raise HTTPException(HTTPStatus.FORBIDDEN, "No rules can be made here.")
    try:
        _check(site, draft)
        site.check(draft.name, draft.toml)
    except ConfigError as error:
        return _shown(request, draft, wrong=error.reason, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with site.archive.together():
        if draft.was and draft.was != draft.name:
            site.archive.remove_tag_rule(draft.was)
        site.archive.put_tag_rule(draft.name, draft.toml, at=site.now())
    return see("/rules#rules")


def remove_rule(request: Request, form: FormData) -> Response:
    """Remove a rule."""
    if not site_of(request).archive.remove_tag_rule(str(form.get("name", ""))):
        raise missing("such rule")
    return see("/rules#rules")


def draft_of(entities: Sequence[Entity]) -> Draft:
    """Give a rule to begin with: one that an article meets which names these."""
    name = printable(entities[0].name).strip() if entities else ""
    return Draft(name=name[:LONGEST_NAME], words={"entity": (" ".join(name.split()),)} if name else {})


def toml_of(draft: Draft) -> str:
    """Give the TOML of a rule that is made of words."""
    asked = ((key, draft.words.get(key)) for key in FIELDS)
    return "\n".join(f"{key} = {json.dumps(words, ensure_ascii=False)}" for key, words in asked if words)


def draft_from(rule: TagRule) -> Draft:
    """Give a kept rule to be changed; in words where it is made of them alone."""
    draft = Draft(name=rule.name, was=rule.name, toml=rule.rule, is_toml=True)
    try:
        table = tomllib.loads(rule.rule)
    except (ValueError, RecursionError):
        return draft
    table.pop("name", None)
    if not table or not all(key in FIELDS and _is_words(value) for key, value in table.items()):
        return draft
    return Draft(name=rule.name, was=rule.name, words={key: tuple(table[key]) for key in table}, toml=rule.rule)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() == each for each in value)


def _begun(request: Request) -> Draft:
    archive, asked = site_of(request).archive, request.query_params
    if name := asked.get("name"):
        rule = next((rule for rule in archive.tag_rules() if rule.name == name), None)
        if rule is None:
            raise missing("such rule")
        return draft_from(rule)
    article = number(asked.get("article", ""))
    kept = None if article is None else archive.get(article)
    return draft_of(corrected(kept).annotation.entities) if kept else Draft()


def _written(form: FormData) -> Draft:
    """Read a form: of a rule in words, or in TOML."""

    def typed(key: str) -> str:
        return printable(str(form.get(key, ""))).strip()

    draft = Draft(
        name=" ".join(typed("name").split()),
        was=typed("was"),
        toml=str(form.get("toml", "")).replace("\r\n", "\n"),
        is_toml="toml" in form,
        words={key: tuple(filter(None, map(str.strip, typed(key).splitlines()))) for key in FIELDS},
    )
    return draft if draft.is_toml else replace(draft, toml=toml_of(draft))


def _check(site: Site, draft: Draft) -> None:
    """Hold a rule to what its parser does not know of."""
    if not draft.name:
        raise ConfigError("the tag needs a name")
    if len(draft.name) > LONGEST_NAME:
        raise ConfigError(f"the tag’s name has {len(draft.name)} characters; {LONGEST_NAME} are the most")
    if draft.name != draft.was and any(rule.name == draft.name for rule in site.archive.tag_rules()):
        raise ConfigError(
            f"there is a rule of the name “{draft.name}” already; change that one, or name this otherwise"
        )
    if not draft.toml.strip():
        raise ConfigError("the rule says not what to look for; write words into one of its fields")


def _shown(request: Request, draft: Draft, *, wrong: str | None = None, status: int = HTTPStatus.OK) -> Response:
    kept = site_of(request).archive.tag_rules()
    return render(
        request,
        "rules.html",
        status=status,
        rules=kept,
        draft=draft,
        fields=FIELDS,
        longest=LONGEST_NAME,
        wrong=wrong and sentence(wrong),
    )
