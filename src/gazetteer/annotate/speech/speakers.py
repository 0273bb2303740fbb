"""Who a speaker's words stand for: names, pronouns and descriptions to entities, as an attentive reader takes them.

A pronoun goes to who spoke or was the subject last, of those whose gender is not known to be another's; "the minister"
to the person who was called so; "the company" to the body that was named last.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from gazetteer.annotate.lexicon import TITLES
from gazetteer.annotate.names import person_words, words_of
from gazetteer.annotate.speech.phrases import Phrase
from gazetteer.annotate.speech.tokens import Named
from gazetteer.annotate.speech.words import (
    BODIES_BY_KIND,
    DOCUMENTS,
    GENERIC_BODIES,
    GIVEN,
    GROUP_NOUNS,
    HE,
    PEOPLE,
    SHE,
    TITLE_GENDER,
)
from gazetteer.types import Entity

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE = 60
_AFTER = re.compile(r",\s+(?:who (?:is|was) )?(?:(?:the|an?|its|their|his|her|former|then|current)\s+)([^,.;\n]{3,60})")
_LEFT = re.compile(
    r"\b(?:the|an?|its|their|our|his|her)\s+([^,.;\n]{3,60}),\s+(?:[A-Z]\w{1,3}\.?\s+)?\Z", re.IGNORECASE
)
_TOWARDS = re.compile(r"\b(?:to|with|told|tells)\s+\Z")
_NEAR = 10
_LONGEST_KIND = 3
_MOST_NAMED = 30
"""Names of a sentence that are kept in mind."""

_RECENT = 5
"""Sentences back that a pronoun may reach."""

_SUBJECTS = {"him": HE, "her": SHE, "them": "they"}
_KINDS = GROUP_NOUNS - GENERIC_BODIES
"""A body that has one of these in its name is called by it."""

_OWN = ("the", "its", "their", "his", "her", "our")


@dataclass(slots=True)
class Scene:
    """What a sentence left in mind: who spoke in it, whom it began with, and which bodies and people it names."""

    subject: Phrase | None = None
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
    genders: dict[int, str] = field(default_factory=dict)
    roles: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, entities: Sequence[Entity], named: Sequence[Named]) -> "Cast":
        """The cast before the first sentence."""
        cast = cls(text, entities, named)
        cast.genders = {n: g for n, e in enumerate(entities) if e.label == "PERSON" and (g := _gender(text, e))}
        cast.roles = _roles(text, named)
        return cast

    def enter(self, names: Sequence[Named], subject: Phrase | None) -> None:
        """Begin a sentence about `subject` that holds `names` outside of its quotations."""
        people = tuple(name for name in names[:_MOST_NAMED] if name.label == "PERSON")
        bodies = tuple(name for name in names[:_MOST_NAMED] if name.label == "ORG")
        self.scenes.append(Scene(subject=subject, people=people, bodies=bodies))
        del self.scenes[: -_RECENT - 1]

    def speaks(self, phrase: Phrase, entity: int | None) -> None:
        """Keep that the present sentence has this speaker."""
        self.scenes[-1].speaker, self.scenes[-1].speaker_entity = phrase, entity

    def who(self, phrase: Phrase) -> int | None:
        """The number of the entity that the phrase stands for, None where that is nobody named."""
        if phrase.entity is not None:
            return phrase.entity
        head = phrase.head
        if phrase.owner is not None and head in DOCUMENTS:
            return phrase.owner
        head = _SUBJECTS.get(head, head)
        if head in (HE, SHE):
            return self._person(head, phrase.start)
        if head in ("they", "it"):
            return self._body(phrase.start)
        if phrase.low[0] in _OWN or len(phrase.low) == 1:
            return self._role(phrase, head) if head in self.roles else self._group(phrase, head)
        return self._role(phrase, head) if phrase.low[0] not in ("a", "an", "one", "another", "some") else None

    def _role(self, phrase: Phrase, head: str) -> int | None:
        """Who was called by this noun last before the phrase, else first after it."""
        if head.endswith("s") and head not in ("boss",):
            return None
        called = self.roles.get(head, [])
        before = bisect_left(called, (phrase.start, 0))
        if before:
            return called[before - 1][1]
        return called[0][1] if called and phrase.low[0] in _OWN else None

    def _group(self, phrase: Phrase, head: str) -> int | None:
        """The body that "the ministry" or "the company" is."""
        if head not in GROUP_NOUNS:
            return None
        own = words_of(" ".join(phrase.low))
        place = bisect_left(self.named, phrase.start, key=lambda n: n.start)
        recent = self.named[max(0, place - 60) : place]
        for mention in reversed(recent):
            if mention.label == "ORG" and words_of(self.entities[mention.entity].name)[-len(own) :] == own:
                return mention.entity
        is_kind = phrase.low[0] in ("the", head) and len(phrase.low) <= _LONGEST_KIND
        if is_kind and head in GENERIC_BODIES | BODIES_BY_KIND:
            bodies = (mention.entity for mention in reversed(recent) if mention.label == "ORG")
            others = _KINDS - {head}
            return next((body for body in bodies if others.isdisjoint(words_of(self.entities[body].name))), None)
        return None

    def _person(self, pronoun: str, at: int) -> int | None:
        """Whom "he" or "she" is: in its own sentence whoever is named before, else in those before."""
        present = self.scenes[-1]
        if present.speaker and present.speaker.start < at and self._fits(present.speaker_entity, pronoun):
            return self._settled(present.speaker_entity, pronoun)
        for name in present.people:
            is_spoken_to = _TOWARDS.search(self.text, max(0, name.start - _NEAR), name.start)
            if name.start < at and not is_spoken_to and self._fits(name.entity, pronoun):
                return self._settled(name.entity, pronoun)
        for scene in reversed(self.scenes[:-1]):
            if scene.speaker and _is_one(scene.speaker) and self._fits(scene.speaker_entity, pronoun):
                return self._settled(scene.speaker_entity, pronoun)
            subject = scene.subject
            if subject and subject.entity is None and _is_one(subject) and subject.head not in (HE, SHE):
                return self._settled(self.who(subject), pronoun)
            for name in scene.people:
                if self._fits(name.entity, pronoun):
                    return self._settled(name.entity, pronoun)
        return None

    def _fits(self, entity: int | None, pronoun: str) -> bool:
        if entity is None:
            return True
        return self.entities[entity].label == "PERSON" and self.genders.get(entity, pronoun) == pronoun

    def _settled(self, entity: int | None, pronoun: str) -> int | None:
        if entity is not None:
            self.genders.setdefault(entity, pronoun)
        return entity

    def _body(self, at: int) -> int | None:
        """What "it" or "they" are: a body or group that spoke or was named last."""
        for scene in reversed(self.scenes):
            if scene.speaker and scene.speaker.start < at and not _is_person(self.entities, scene.speaker_entity):
                return scene.speaker_entity
            for name in scene.bodies:
                if name.start < at:
                    return name.entity
        return None


def _is_person(entities: Sequence[Entity], entity: int | None) -> bool:
    return entity is not None and entities[entity].label == "PERSON"


def _is_one(phrase: Phrase) -> bool:
    """Whether the phrase can stand for one person."""
    return (
        phrase.entity is not None
        or phrase.head in (HE, SHE, "one", "another")
        or (
            phrase.head in PEOPLE - {"person"}
            and not phrase.head.endswith("s")
            and phrase.head not in ("police", "government", "media")
        )
    )


def _gender(text: str, entity: Entity) -> str | None:
    """The pronoun that a person's titles or given name tell, where they do."""
    for mention in entity.mentions[:20]:
        before = _WORD.findall(text[max(0, mention.start - 12) : mention.start])
        if before and before[-1].lower() in TITLE_GENDER:
            return TITLE_GENDER[before[-1].lower()]
    words = person_words(entity.name)
    return GIVEN.get(words[0]) if len(words) > 1 else None


def _roles(text: str, named: Sequence[Named]) -> dict[str, list[tuple[int, int]]]:
    """For each noun that says what somebody is, who is called so and where ("Mayor Osei", "Osei, the mayor of …")."""
    roles: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for mention in named:
        if mention.label != "PERSON":
            continue
        for noun in _called(text, mention):
            roles[noun].append((mention.start, mention.entity))
    return dict(roles)


def _called(text: str, mention: Named) -> set[str]:
    before = text[max(0, mention.start - 2 * _BEFORE) : mention.start]
    nouns: set[str] = set()
    for word in reversed(_WORD.findall(re.split(r"[,.;:\"“”\n()]", before)[-1])[-4:]):
        if word.lower() in PEOPLE:
            nouns.add(word.lower())
        elif not word[0].isupper() and word.lower() not in TITLES:
            break
    for described in (_LEFT.search(before), _AFTER.match(text, mention.end, mention.end + 100)):
        if described:
            head = re.split(r"\b(?:of|for|at|in|from|to|who)\b", described[1])[0]
            nouns |= {word.lower() for word in _WORD.findall(head)[-1:] if word.lower() in PEOPLE}
    return nouns
