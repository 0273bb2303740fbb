"""Who a speaker's words stand for: names, pronouns and descriptions to entities, as an attentive reader takes them.

A pronoun goes to who spoke or was the subject last, of those whose gender is not known to be another's; "the minister"
to the person who was called so, else to whoever spoke or was the subject just before; "the ministry" to the body that
has it in its name, else to the one that was called so, else, like "the company", to the body that was spoken of last.
"""

import itertools
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gazetteer.annotate.lexicon import TITLES
from gazetteer.annotate.names import person_words, words_of
from gazetteer.annotate.speech.phrases import Phrase
from gazetteer.annotate.speech.tokens import Named
from gazetteer.annotate.speech.words import (
    ARTICLES,
    BODIES_BY_KIND,
    DEPUTIES,
    DOCUMENTS,
    GENERIC_BODIES,
    GIVEN,
    GROUP_NOUNS,
    HE,
    MEDIA,
    ONE_PERSON,
    PLACE_NOUNS,
    SAYING,
    SHE,
    TITLE_GENDER,
)
from gazetteer.types import Entity

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = 60
_AFTER = re.compile(
    r",\s+(?:who (?:is|was) )?(?:formerly )?(?:(?:the|an?|its|their|his|her|former|then|current)\s+)?([^,.;\n]{3,60})"
)
_LEFT = re.compile(r"\b(?i:the|an?|its|their|our|his|her)\s+([^,.;\n]{3,60}),\s+(?:[A-Z]\w{1,3}\.?\s+)?\Z")
_BRACKET = re.compile(r"[,.;:\"“”\n()]")
_COMPLEMENT = re.compile(r"\b(?:of|for|at|in|from|to|by|on|who|which|that|with)\b")
_OF = re.compile(r" of (?:the )?")
_TOWARDS = re.compile(r"\b(?:to|with|told|tells)\s+\Z")
_NEAR = 10
_LONGEST_KIND = 3
_LONGEST_TITLE = 4
_STEM = 5
_NOUNS = {"PERSON": ONE_PERSON, "ORG": GROUP_NOUNS}
_MOST_NAMED = 30
"""Names of a sentence that are kept in mind."""

_RECENT = 5
"""Sentences back that a pronoun may reach."""

_JUST_BEFORE = 2
"""Sentences back that "the actress" may reach where nobody was called so."""

_SOON_NAMED = 300
"""Characters."""

_SUBJECTS = {"him": HE, "his": HE, "her": SHE, "them": "they", "their": "they"}
_KINDS = GROUP_NOUNS - GENERIC_BODIES
"""A body that has one of these in its name is called by it."""

_OF_MEDIA = frozenset(
    ("newspaper", "paper", "magazine", "agency", "network", "outlet", "publication", "publisher", "company", "firm",
     "group", "organisation", "organization", "corporation")
)  # fmt: skip
"""What newspapers, broadcasters and news agencies may be called."""

_ONE = ONE_PERSON - {"person"} | {HE, SHE, "one", "another"}
_ANYBODY = frozenset((HE, SHE, "official", "spokesman", "spokeswoman", "spokesperson", "source", "man", "woman"))
_BYSTANDERS = frozenset(
    {
        *("source", "witness", "eyewitness", "bystander", "victim", "survivor", "resident", "person", "passenger"),
        *("owner", "foreman", "forewoman", "juror"),
    }
)
_INDEFINITE = ("a", "an", "one", "another", "some")
_BEFORE_NAMES = TITLES | {"of", "for", "and"}
_OFFICES = frozenset(("vice", "deputy", "prime", "assistant", "associate"))
"""Words that make another office of one: the vice president is not the president."""

_OWN = ("the", "its", "their", "his", "her", "our")


class Role(NamedTuple):
    """Where somebody is called something, who that is, and the words that do so."""

    start: int
    entity: int
    words: frozenset[str]


@dataclass(slots=True)
class Scene:
    """What a sentence left in mind: who spoke in it, whom it is about, and which bodies and people it names."""

    subject: Phrase | None = None
    subject_entity: int | None = None
    speaker: Phrase | None = None
    speaker_entity: int | None = None
    people: tuple[Named, ...] = ()
    bodies: tuple[Named, ...] = ()


@dataclass(slots=True)
class Cast:
    """Who is in an article, and who was in its last sentences."""

    text: str
    entities: Sequence[Entity]
    named: Sequence[Named]
    scenes: list[Scene] = field(default_factory=list)
    spelled: dict[str, int] = field(default_factory=dict)
    genders: dict[int, str] = field(default_factory=dict)
    roles: dict[str, list[Role]] = field(default_factory=dict)
    words: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, entities: Sequence[Entity], named: Sequence[Named]) -> "Cast":
        """The cast before the first sentence."""
        cast = cls(text, entities, named)
        cast.genders = {n: g for n, e in enumerate(entities) if e.label == "PERSON" and (g := _gender(text, e))}
        cast.roles = _roles(text, named)
        cast.spelled = _spelled(text, entities, named)
        return cast

    def enter(self, names: Sequence[Named], subject: Phrase | None) -> None:
        """Begin a sentence about `subject` that holds `names` outside of its quotations."""
        people = tuple(name for name in names[:_MOST_NAMED] if name.label == "PERSON")
        bodies = tuple(name for name in names[:_MOST_NAMED] if name.label == "ORG")
        scene = Scene(subject=subject, people=people, bodies=bodies)
        self.scenes.append(scene)
        scene.subject_entity = self.who(subject) if subject else None
        del self.scenes[: -_RECENT - 1]

    def speaks(self, phrase: Phrase, entity: int | None) -> None:
        """Keep that the present sentence has this speaker."""
        self.scenes[-1].speaker, self.scenes[-1].speaker_entity = phrase, entity
        if entity is not None and phrase.head in (HE, SHE):
            self.genders.setdefault(entity, phrase.head)

    def introduced(self) -> Named | None:
        """The one person whom the sentence before the present one names, where nobody speaks in it."""
        if len(self.scenes) < _JUST_BEFORE or self.scenes[-_JUST_BEFORE].speaker:
            return None
        people = self.scenes[-_JUST_BEFORE].people
        return people[0] if len({name.entity for name in people}) == 1 else None

    def who(self, phrase: Phrase) -> int | None:
        """The number of the entity that the phrase stands for, None where that is nobody named."""
        if phrase.entity is not None:
            return phrase.entity
        head = phrase.head.partition("'")[0]
        if head in DOCUMENTS and (author := self._author(phrase)) is not None:
            return author
        head = _SUBJECTS.get(head, head)
        if head in (HE, SHE):
            return self._person(head, phrase.start)
        if head in ("they", "it"):
            return self._body(phrase.start)
        unread = self._unread(phrase)
        return unread if unread is not None else self._described(phrase, head)

    def _described(self, phrase: Phrase, head: str) -> int | None:
        """Whom a description stands for: a place, a body, or a person who is called so."""
        if phrase.low == ("the", head) and head in PLACE_NOUNS:
            return self._place(phrase)
        is_definite = phrase.low[0] in _OWN or len(phrase.low) == 1
        if is_definite and (body := self._named_so(phrase)) is not None:
            return body
        if is_definite and head in GROUP_NOUNS:
            return self._group(phrase, head)
        if head not in ONE_PERSON or phrase.low[0] in _INDEFINITE:
            return None
        office = _office(phrase)
        is_called = any(_OFFICES & role.words == office for role in self.roles.get(head, ()))
        return self._called(phrase, head) if is_called or phrase.low[0] != "the" else self._just_before(phrase)

    def _author(self, phrase: Phrase) -> int | None:
        """Whose document the phrase is: "the Harbour Ministry's website", "the ministry's statement"."""
        owned = next((n for n, word in enumerate(phrase.low) if word.endswith("'s")), None)
        if phrase.owner is not None or owned is None:
            return phrase.owner
        words = (*phrase.low[:owned], phrase.low[owned].removesuffix("'s"))
        return self.who(phrase._replace(low=words)) if words[-1] else None

    def _unread(self, phrase: Phrase) -> int | None:
        """Whose name the phrase is, where it was not read as a name here but elsewhere."""
        past = len("the ") if phrase.low[0] == "the" else 0
        words = self.text[phrase.start + past : phrase.end]
        return self.spelled.get(words.lower()) if words[:1].isupper() else None

    def _called(self, phrase: Phrase, noun: str) -> int | None:
        """Who was called by this noun last before the phrase, else first after it; by its other words too, if any."""
        office = _office(phrase)
        roles = [role for role in self.roles.get(noun, []) if _OFFICES & role.words == office]
        place = bisect_left(roles, phrase.start, key=lambda role: role.start)
        roles = roles[max(0, place - _MOST_NAMED) : place + _MOST_NAMED]
        more = {word for low in phrase.low[:-1] for word in low.split()} - ARTICLES
        told_apart = [role for role in roles if _share(more, role.words)]
        is_anothers = more and (noun not in ONE_PERSON or not self.text[phrase.start + 1 : phrase.end].islower())
        roles = told_apart or ([] if is_anothers else roles)
        before = bisect_left(roles, phrase.start, key=lambda role: role.start)
        if before:
            return roles[before - 1].entity
        is_known = noun in ONE_PERSON or told_apart  # no body is "the company" before it is named
        return roles[0].entity if roles and phrase.low[0] in _OWN and is_known else None

    def _just_before(self, phrase: Phrase) -> int | None:
        """The person who spoke or was the subject just before, of whom the phrase can be another description."""
        if phrase.head in DEPUTIES or phrase.head in _BYSTANDERS or _OF.match(self.text, phrase.end):
            return None
        for scene in reversed(self.scenes[-1 - _JUST_BEFORE : -1]):
            for one, entity in ((scene.speaker, scene.speaker_entity), (scene.subject, scene.subject_entity)):
                if one and _is_person(self.entities, entity):
                    return entity
                if one and entity is None and (one.head == phrase.head or one.head in _ANYBODY):
                    return None
            people = {name.entity for name in scene.people}
            if people and scene.speaker:
                return None  # of whom a body spoke
            if people:
                return people.pop() if len(people) == 1 else None
        return None if any(scene.people for scene in self.scenes) else self._next(phrase.end)

    def _next(self, at: int) -> int | None:
        """The person whom the next sentence begins with, where an article's first describes them."""
        after = bisect_left(self.named, at, key=lambda name: name.start)
        near = itertools.takewhile(lambda name: name.start < at + _SOON_NAMED, self.named[after : after + _MOST_NAMED])
        name = next((name for name in near if name.label == "PERSON"), None)
        begins = name and self.text[max(0, name.start - _NEAR) : name.start].rstrip(" ").endswith(("\n", ".", "”", '"'))
        return name.entity if name and begins else None

    def _group(self, phrase: Phrase, head: str) -> int | None:
        """The body that "the ministry" or "the company" is."""
        called = self._called(phrase, head)
        if called is not None:
            return called
        is_kind = phrase.low[0] in ("the", head) and len(phrase.low) <= _LONGEST_KIND
        if is_kind and (head in GENERIC_BODIES or head in BODIES_BY_KIND):
            others = _KINDS - {head} if head in _OF_MEDIA else _KINDS - {head} | MEDIA
            bodies = self._before(phrase.start, "ORG")
            return next((body for body in bodies if others.isdisjoint(self._words(body))), None)
        return None

    def _named_so(self, phrase: Phrase) -> int | None:
        """The body that has all words of the phrase in its name: "the ministry", "the Swedish academy"."""
        own = set(phrase.low) - ARTICLES
        if not own or (len(phrase.low) == 1 and phrase.head not in GROUP_NOUNS):
            return None
        bodies = self._before(phrase.start, "ORG")
        return next((body for body in bodies if own <= self._words(body)), None)

    def _words(self, entity: int) -> frozenset[str]:
        if entity not in self.words:
            self.words[entity] = frozenset(words_of(self.entities[entity].name))
        return self.words[entity]

    def _before(self, at: int, label: str) -> Iterator[int]:
        """The entities with `label` that are named before `at`, the last first, among the names kept in mind."""
        place = bisect_left(self.named, at, key=lambda n: n.start)
        recent = self.named[max(0, place - 2 * _MOST_NAMED) : place]
        return (mention.entity for mention in reversed(recent) if mention.label == label)

    def _place(self, phrase: Phrase) -> int | None:
        """The place that "the country" is: the one in "the city of …", else the one named most of those before."""
        if of := _OF.match(self.text, phrase.end):
            named = bisect_left(self.named, of.end(), key=lambda n: n.start)
            is_named = named < len(self.named) and self.named[named].start == of.end()
            return self.named[named].entity if is_named else None
        places = Counter(self._before(phrase.start, "GPE"))
        return max(places, key=places.__getitem__, default=None)

    def _person(self, pronoun: str, at: int) -> int | None:
        """Whom "he" or "she" is: in its own sentence whoever is named before, else in those before."""
        present = self.scenes[-1]
        if present.speaker and present.speaker.start < at and self._fits(present.speaker_entity, pronoun):
            return present.speaker_entity
        for name in present.people:
            is_spoken_to = _TOWARDS.search(self.text, max(0, name.start - _NEAR), name.start)
            if name.start < at and not is_spoken_to and self._fits(name.entity, pronoun):
                return name.entity
        for scene in reversed(self.scenes[:-1]):
            if scene.speaker and _is_one(scene.speaker) and self._fits(scene.speaker_entity, pronoun):
                return scene.speaker_entity
            if scene.subject and self._is_subject(scene.subject, scene.subject_entity, pronoun):
                return scene.subject_entity
            for name in scene.people:
                if self._fits(name.entity, pronoun):
                    return name.entity
        return None

    def _is_subject(self, subject: Phrase, entity: int | None, pronoun: str) -> bool:
        """Whether the pronoun takes up the `subject` of a sentence before: another pronoun, a name or a description."""
        if subject.head in (HE, SHE) and (subject.head != pronoun or entity is None):
            return False
        return _is_one(subject) and self._fits(entity, pronoun)

    def _fits(self, entity: int | None, pronoun: str) -> bool:
        if entity is None:
            return True
        return self.entities[entity].label == "PERSON" and self.genders.get(entity, pronoun) == pronoun

    def _body(self, at: int) -> int | None:
        """What "it" or "they" are: a body or group that spoke or was named last."""
        for scene in reversed(self.scenes):
            if scene.speaker and scene.speaker.start < at and not _is_person(self.entities, scene.speaker_entity):
                return scene.speaker_entity
            for name in scene.bodies:
                if name.start < at:
                    return name.entity
        return None


def _office(phrase: Phrase) -> frozenset[str]:
    """What makes another office of the phrase's noun ("the ex-deputy president")."""
    return _OFFICES.intersection(itertools.chain.from_iterable(low.split("-") for low in phrase.low))


def _share(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of `words` is one of `others`, or of the same stem ("Egyptian", "Egypt's")."""
    stems = {word[:_STEM] for word in others}
    return any(word[:_STEM] in stems for word in words)


def _is_person(entities: Sequence[Entity], entity: int | None) -> bool:
    return entity is not None and entities[entity].label == "PERSON"


def _is_one(phrase: Phrase) -> bool:
    """Whether the phrase can stand for one person."""
    return phrase.entity is not None or phrase.head in _ONE


def _spelled(text: str, entities: Sequence[Entity], named: Sequence[Named]) -> dict[str, int]:
    """The names of people and bodies, and the initials of bodies, in small letters."""
    spelled = {
        initials.lower(): number
        for number, entity in enumerate(entities)
        if entity.label == "ORG" and len(initials := "".join(filter(str.isupper, entity.name))) > 2
    }
    names = {text[name.start : name.end].lower(): name.entity for name in named if name.label in _NOUNS}
    return spelled | names


def _gender(text: str, entity: Entity) -> str | None:
    """The pronoun that a person's titles or given name tell, where they do."""
    for mention in entity.mentions[:20]:
        before = _WORD.findall(text[max(0, mention.start - 12) : mention.start])
        if before and before[-1].lower() in TITLE_GENDER:
            return TITLE_GENDER[before[-1].lower()]
    words = person_words(entity.name)
    return GIVEN.get(words[0]) if len(words) > 1 else None


def _roles(text: str, named: Sequence[Named]) -> dict[str, list[Role]]:
    """For each noun that says what somebody is, who is called so and where ("Mayor Osei", "Osei, the mayor of …")."""
    roles: dict[str, list[Role]] = defaultdict(list)
    for mention in named:
        nouns = _NOUNS.get(mention.label, frozenset())
        for noun, words in _descriptions(text, mention, nouns) if nouns else ():
            roles[noun].append(Role(mention.start, mention.entity, words))
    return dict(roles)


def _descriptions(text: str, mention: Named, nouns: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Those of `nouns` that describe who is named, before the name and beside it after a comma; with their words."""
    before = text[max(0, mention.start - 2 * _BEFORE) : mention.start]
    title = _WORD.findall(_BRACKET.split(before)[-1])[-_LONGEST_TITLE:]
    words = frozenset(word.lower() for word in title)
    for word in reversed(title):
        if word.lower() in nouns:
            yield word.lower(), words
        elif not word[0].isupper() and word.lower() not in _BEFORE_NAMES:
            break
    for beside in (_LEFT.search(before), _AFTER.match(text, mention.end, mention.end + 100)):
        if beside:
            described = [word.lower() for word in _WORD.findall(_COMPLEMENT.split(beside[1])[0])]
            noun = next((word for word in reversed(described) if word in nouns), None)
            if noun and SAYING.keys().isdisjoint(described):
                yield noun, frozenset(word.lower() for word in _WORD.findall(beside[1]))
