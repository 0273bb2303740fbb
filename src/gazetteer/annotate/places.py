"""Where the places of an article are, and which country its peoples belong to.

Every name is looked up in a table of places (GeoNames, ISO 3166; `training/atlas.py` makes it). A name that means
several places is settled by what the article says right beside it ("Paris, Texas"), by its other places and peoples,
and by how many people live where; where these don't tell, it has no place.
"""

import gzip
import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from gazetteer.annotate.names import place_words, words_of
from gazetteer.types import Entity, Mention, Place

ATLAS = Path(__file__).with_name("atlas.tsv.gz")
"""The table that ships with the package: what each name can mean, and which countries border on which."""

_COUNTRY, _SUBDIVISION, _CITY, _REGION, _PEOPLE = "C", "S", "P", "R", "D"

_ROUNDS = 3
_CLEAR, _CLEAR_ALONE = 0.5, 1.0  # how far ahead (tenfolds of people) the answer is, with and without other places
_CLEAR_LARGE, _LARGE = 0.7, 5.6  # the same alone for a city of so many people (tenfolds), which news names most often
_SELDOM_NAMED = 0.5  # how far a subdivision of fewer people falls behind such a city, where nothing speaks for it
_FAR_BEHIND, _FAR_BEHIND_NAMED = 1.75, 2.0  # what is not meant, elsewhere and in a country that the article names
_SAME_SUBDIVISION, _NEAR_A_CITY = 2.0, 0.5
_TOWN = 5.0  # tenfolds of people: below, a town is not believed in an article on other countries alone
_CITY_OVER_SUBDIVISION = 1.3
_LEAST_FOR_FACILITY = 5.0
_DIVIDED_TWICE = ("GB",)
"""Countries whose cities have the larger of two subdivisions: a smaller one of a city's name is around that city."""

_CAPITALS = r"[A-Z][\w’'-]*\.?(?:[ -](?:(?:of|and|the|de|del|do) )?[A-Z][\w’'-]*\.?){0,3}"
_WHERE = (
    r"(?:the\s+)?(?:(?:north|south|east|west|central|mid)\w*[ -]){0,2}"
    rf"(?P<where>(?:[A-Z]\.\s?){{2,3}}|{_CAPITALS})"
)
_AFTER = re.compile(rf"(?:(?P<comma>,\s+|\s+\()|,?\s+in\s+){_WHERE}")
_AFTER_LIST = re.compile(
    rf"(?:(?:,\s+{_CAPITALS}){{0,3}}|(?:,\s+{_CAPITALS}){{1,3}},)\s+and\s+(?P<last>{_CAPITALS})(?P<comma>)?"
    rf"\s+in\s+{_WHERE}"
)
_SOMEBODY = re.compile(r",\s+(?:an?|the|who|whose|\d\d)\b")
_CLOSED = re.compile(r"[,.;:)](?!\s+(?:and|or)\b)|\s*\Z")
_BEFORE = re.compile(
    rf"(?P<where>{_CAPITALS})(?:[’']s)?\s+(?:\w+\s)?(?:city|town|village|capital|port|suburb|district|province|state)"
    r"\s+(?:of\s+)?\Z"
)
_STATE_AFTER = re.compile(r"\s+(?:[Ss]tate|[Pp]rovince)\b(?!\s+(?:[A-Z]|(?:department|media|television)\b))")
_STATE_BEFORE = re.compile(r"\b(?:state|province)\s+of\s+\Z", re.IGNORECASE)
_POSTAL = re.compile(r"[A-Z]{2}")
_IES, _MEN = re.compile(r"ies\Z"), re.compile(r"men\Z")
_REACH = 60  # characters before and after a mention that are looked at
_GENERIC = re.compile(r" (?:state|province|region|oblast|prefecture|governorate|district|territory|department)\Z")
_COMMON = re.compile(
    r"(?:(?:north|south|east|west)\w*|central|coastal|capital|upper|lower|middle)"
    r" (?:province|region|district|state|governorate|division|department)\Z"
)
_DIRECTION = re.compile(
    r"\A(?:north|south|east|west|central|mid|upper|lower|greater|downtown|inner|rural)(?:ern)?"
    r"(?: ?(?:east|west)(?:ern)?)? "
)
_ERN = re.compile(r"\w+ern\b")
_FACILITY = re.compile(
    r" (?:(?:international |regional |central |main |city |metro |railway |train |bus |naval |air )*)"
    r"(?:airport|airfield|port|harbou?r|station|prison|jail|zoo|base|cathedral|stadium|refinery|nuclear power plant)\Z"
)
_OF_A_CITY = re.compile(r" (?:cathedral|stadium)\Z")


_SPELT = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_SPELT |= {full: short for short, full in _SPELT.items()}
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One thing that a name can mean: its kind, where it is, and the logarithm (base 10) of how likely it is meant."""

    kind: str
    country: str
    subdivision: str | None = None
    weight: float = 0.0
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Atlas:
    """What names of places and peoples can mean, by the words of the name, and the neighbours of each country."""

    lines: list[str]
    """In order, each a name, then all that it can mean, parted by tabs; `training/atlas.py` says what of."""

    @classmethod
    def read(cls, path: Path = ATLAS) -> "Atlas":
        """The table in the packed file `path`."""
        return cls(gzip.decompress(path.read_bytes()).decode().split("\n"))

    def neighbours(self, country: str) -> list[str]:
        """The countries that border on `country`."""
        return self._cells(f"={country}") or []

    def peoples(self, name: str) -> list[Sense]:
        """The countries and subdivisions whose people `name` can mean, in the singular or the plural."""
        words = " ".join(words_of(name))
        forms = (words, words.removesuffix("s"), _MEN.sub("man", _IES.sub("y", words)))
        return next((senses for form in dict.fromkeys(forms) if (senses := self._row(f"~{form}"))), [])

    def places(self, name: str) -> list[Sense]:
        """The places that `name` can mean."""
        whole = " ".join(words_of(name))
        for words in dict.fromkeys((whole, " ".join(place_words(name)))):
            cells = self._spelt(words)
            if cells is not None:
                return [_sense(each) for each in cells]
            if (bare := _GENERIC.sub("", words)) != words:
                return [sense for sense in self._row(bare) if sense.kind == _SUBDIVISION]
        if (bare := _DIRECTION.sub("", whole)) != whole:
            return [_part_of(sense) for sense in self._row(bare) if _has_parts(sense, whole)]
        first, _, last = whole.rpartition(" ")
        if not first:
            return []
        holders = {sense.country for sense in self._row(last) if sense.kind == _COUNTRY}
        return [sense for sense in self._row(first) if sense.country in holders] if holders else []

    def holders(self, name: str) -> list[Sense]:
        """The countries and subdivisions that `name` can mean as that in which another place is."""
        postal = self._row(f"+US-{name}") if _POSTAL.fullmatch(name) else []
        found = postal or self.places(name) or self.peoples(name)
        return [sense for sense in found if sense.kind != _CITY]

    def _row(self, key: str) -> list[Sense]:
        return [_sense(each) for each in self._cells(key) or ()]

    def _spelt(self, words: str) -> list[str] | None:
        """What `words` can mean, "st paul" the towns of "saint paul" too; None where it is not known."""
        cells = self._cells(words)
        other = _SHORTENED.sub(lambda found: _SPELT[found[0]], words)
        more = [cell for cell in (self._cells(other) or ()) if cell[0] == _CITY] if other != words else []
        return list(dict.fromkeys([*(cells or ()), *more])) if more else cells

    def _cells(self, key: str) -> list[str] | None:
        """All that `key` can mean, nothing for the name of what is in no one country; None where it is not known."""
        begins = f"{key}\t"
        n = bisect_left(self.lines, begins)
        if n == len(self.lines) or not self.lines[n].startswith(begins):
            return None
        return [cell for cell in self.lines[n].split("\t")[1:] if cell]


def _sense(written: str) -> Sense:
    kind, code, people, *rest = written.split(" ")
    weight = math.log10(int(people) + 1)
    if kind == _CITY:
        latitude, longitude, subdivision = float(rest[0]), float(rest[1]), rest[2] if len(rest) > 2 else None
        return Sense(
            kind=kind, country=code, subdivision=subdivision, weight=weight, latitude=latitude, longitude=longitude
        )
    return Sense(kind=kind, country=code[:2], subdivision=code if "-" in code else None, weight=weight)


def _has_parts(sense: Sense, name: str) -> bool:
    """Whether `name`, with a direction in it, is a part of `sense`: "northern" is of one, "North" of a name of its own
    where few live in what is called so.
    """
    return "downtown" in name if sense.kind == _CITY else sense.weight >= _TOWN or bool(_ERN.match(name))


def _part_of(sense: Sense) -> Sense:
    """What a part of the place `sense` means ("South Texas")."""
    return replace(sense, kind=_REGION, latitude=None, longitude=None)


@cache
def atlas() -> Atlas:
    """The table that ships with the package, read when it is first asked for."""
    return Atlas.read()


@dataclass(frozen=True, slots=True)
class _Around:
    """What the rest of an article tells: the countries of those named, of places in them, of subdivisions named, the
    subdivisions that are named, and those that are named or have a city in the article.
    """

    named: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    divided: frozenset[str] = frozenset()
    subdivisions: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Name:
    """An entity whose place is asked for: what it can mean, and what it means so far."""

    number: int
    label: str
    senses: list[Sense]
    is_settled: bool = False
    is_doubted: bool = False
    """Whether it is believed only where something else in the article is in the same country."""
    found: Sense | None = None
    evidence: list[Sense] = field(default_factory=list)


def located(text: str, entities: Sequence[Entity], table: Atlas) -> tuple[Entity, ...]:
    """`entities` of `text`, each that `table` can tell the place of with its place.

    Places, facilities named after a place, and peoples are looked up. Bodies and events named after one ("South
    Carolina Supreme Court") count as what the article is about. An entity that the text puts in two places is two.
    """
    entities = [part for entity in entities for part in _apart(text, entity, table)]
    names = [_name(text, number, entity, table) for number, entity in enumerate(entities)]
    short_names = _short_names(text, entities, names)
    for name, entity in zip(names, entities, strict=True):
        name.is_doubted = name.is_doubted or words_of(entity.name) in short_names
    for _ in range(_ROUNDS):
        told = [(name.number, name.evidence) for name in names]
        for name in names:
            if name.senses and not name.is_settled:
                around = _around(sense for number, senses in told if number != name.number for sense in senses)
                name.found = _choose(name, around, table)
                name.evidence = [name.found] if name.found else []
    return tuple(
        replace(entity, place=_place(name.found)) if name.found else entity
        for name, entity in zip(names, entities, strict=True)
    )


def _name(text: str, number: int, entity: Entity, table: Atlas) -> _Name:
    """What `entity` can mean, and whether that is settled by the words beside its mentions."""
    name = _Name(number=number, label=entity.label, senses=[])
    surfaces = list(dict.fromkeys([entity.name, *(text[m.start : m.end] for m in entity.mentions)]))
    if entity.label == "PERSON":
        return name
    if entity.label not in ("GPE", "LOC", "FAC", "NORP"):
        name.evidence = [sense for surface in surfaces for sense in _named_in(surface, table)]
        return name
    looked_up = (_senses(surface, entity.label, table) for surface in surfaces)
    name.senses = next((senses for senses in looked_up if senses), [])
    is_common = any(_COMMON.match(" ".join(words_of(surface))) for surface in surfaces)
    name.is_doubted = is_common or any(_is_elsewhere(text, mention, name.senses, table) for mention in entity.mentions)
    if not name.senses and entity.label == "GPE":
        name.senses = next(
            (table.holders(_longest(s.partition(",")[2], table.holders)) for s in surfaces if "," in s), []
        )
    told = [beside for each in entity.mentions if (beside := _beside(text, each, name.senses, table))]
    if told and entity.label in ("GPE", "LOC"):
        name.senses, name.is_settled = told[0], True
        name.found = _best_of_country(told[0], _Around(), certain=True)
        if not set.intersection(*({sense.subdivision for sense in senses} for senses in told)):
            name.found = Sense(kind=_REGION, country=told[0][0].country)  # two places of one country
        name.evidence = [name.found] if name.found else []
    return name


def _senses(name: str, label: str, table: Atlas) -> list[Sense]:
    if label == "NORP":
        return table.peoples(name)
    if label == "FAC":
        bare = _FACILITY.sub("", " ".join(words_of(name)))
        if bare == " ".join(words_of(name)):
            return []
        found = [_part_of(sense) for sense in table.places(bare) if sense.weight >= _LEAST_FOR_FACILITY]
        is_of_city = _OF_A_CITY.search(" ".join(words_of(name)))
        return [] if is_of_city and any(sense.kind == _COUNTRY for sense in table.places(bare)) else found
    found = table.places(name) or table.peoples(name)
    return [sense for sense in found if label == "GPE" or sense.kind != _CITY or sense.weight >= _TOWN]


def _named_in(name: str, table: Atlas) -> Iterator[Sense]:
    """The countries, subdivisions and peoples in the name of a body or event that can be no other."""
    words = name.split()
    for size in (1, 2, 3):
        for n in range(len(words) - size + 1):
            part = " ".join(words[n : n + size])
            senses = table.holders(part) if len(part) > 2 and part[0].isupper() else []
            if len(senses) == 1:
                yield senses[0]


def _beside(text: str, mention: Mention, senses: Sequence[Sense], table: Atlas) -> list[Sense]:
    """The `senses` that the words beside `mention` leave: what it is in ("Molde, Norway"), or a state."""
    before, after = text[max(mention.start - _REACH, 0) : mention.start], text[mention.end : mention.end + _REACH]
    is_state = _STATE_AFTER.match(after) or _STATE_BEFORE.search(before)
    if is_state and (states := [sense for sense in senses if sense.kind == _SUBDIVISION]):
        return states
    wheres = [found["where"] for found in (*_after(after, table), _BEFORE.search(before)) if found]
    _, comma, rest = text[mention.start : mention.end].partition(",")
    for where in wheres + ([rest.strip()] if comma else []):
        holder_name = _longest(where, table.holders)
        can_be_city = any(sense.kind == _CITY for sense in table.places(holder_name))
        for holder in table.holders(holder_name):
            inside = [sense for sense in senses if _is_in(sense, holder, senses)]
            if can_be_city and holder.subdivision:  # perhaps the next of a list ("León, Granada and Masaya")
                inside = [sense for sense in inside if sense.subdivision]
            if inside:
                return inside
    return []


def _after(after: str, table: Atlas) -> Iterator[re.Match[str]]:
    """What the words `after` a name say that it is in, by itself or as one of several ("Rome and Macon in Georgia")."""
    if alone := _AFTER.match(after):
        yield alone
    if " and " in after and " in " in after and (listed := _AFTER_LIST.match(after)) and table.places(listed["last"]):
        yield listed


def _is_elsewhere(text: str, mention: Mention, senses: Sequence[Sense], table: Atlas) -> bool:
    """Whether the words after `mention` put it in a subdivision of a country where none of `senses` is."""
    if any(sense.kind not in (_CITY, _SUBDIVISION) for sense in senses):
        return False
    after = text[mention.end : mention.end + _REACH]
    for found in _after(after, table):
        where = _longest(found["where"], table.places)
        is_address = not found["comma"] or _CLOSED.match(after, found.start("where") + len(where))
        holders = table.places(where) if is_address else []
        if holders and all(holder.kind == _SUBDIVISION for holder in holders):
            return not {sense.country for sense in senses} & {holder.country for holder in holders}
    return False


def _apart(text: str, entity: Entity, table: Atlas) -> list[Entity]:
    """`entity`, as several where the words beside its mentions put it in several countries ("Paris, Texas", "Paris,
    France"); a mention without such words is of the place that was named last.
    """
    if entity.label not in ("GPE", "LOC") or len(entity.mentions) == 1:
        return [entity]
    senses = _senses(entity.name, entity.label, table)
    if len({sense.country for sense in senses}) < 2:
        return [entity]
    parts: list[tuple[set[str], list[Mention]]] = []
    for mention in entity.mentions:
        beside = {sense.country for sense in _beside(text, mention, senses, table)}
        same = [n for n, (countries, _) in enumerate(parts) if not beside or not countries or beside & countries]
        countries, mentions = parts.pop(same[-1]) if same else (beside, [])
        parts.append((beside or countries, [*mentions, mention]))
    if len(parts) == 1:
        return [entity]
    return sorted((_part(text, entity, mentions) for _, mentions in parts), key=lambda part: part.mentions[0].start)


def _part(text: str, entity: Entity, mentions: Sequence[Mention]) -> Entity:
    """`entity` with `mentions` alone, under its own name where one of them has that."""
    names = [text[mention.start : mention.end] for mention in mentions]
    return replace(entity, name=entity.name if entity.name in names else names[0], mentions=tuple(mentions))


def _short_names(text: str, entities: Sequence[Entity], names: Sequence["_Name"]) -> set[tuple[str, ...]]:
    """The first and last words of people's names, and of what is read as an unknown place and told of like somebody."""
    full = (
        words_of(entity.name)
        for entity, name in zip(entities, names, strict=True)
        if entity.label == "PERSON"
        or (entity.label == "GPE" and not name.senses and any(_SOMEBODY.match(text, m.end) for m in entity.mentions))
    )
    return {name for words in full if len(words) > 1 for name in (words[:1], words[-1:])}


def _longest(where: str, look_up: Callable[[str], list[Sense]]) -> str:
    """The longest beginning of `where` that `look_up` finds; empty where there is none."""
    words = where.split()
    beginnings = (" ".join(words[:n]).rstrip(".") for n in range(len(words), 0, -1))
    return next((each for each in beginnings if look_up(each)), "")


def _is_in(sense: Sense, holder: Sense, senses: Sequence[Sense]) -> bool:
    """Whether the place `sense` is in `holder`; a name that can be a country's only where a subdivision holds it."""
    if sense.country != holder.country or sense.kind in (_COUNTRY, _PEOPLE):
        return False
    if holder.subdivision is None:
        return not any(each.kind == _COUNTRY for each in senses)
    return sense.kind != _SUBDIVISION and sense.subdivision in (None, holder.subdivision)


def _around(senses: Iterable[Sense]) -> _Around:
    listed = list(senses)
    return _Around(
        frozenset(s.country for s in listed if s.kind in (_COUNTRY, _PEOPLE) and s.subdivision is None),
        frozenset(s.country for s in listed if s.kind not in (_COUNTRY, _PEOPLE) or s.subdivision),
        frozenset(s.country for s in listed if s.kind == _SUBDIVISION),
        frozenset(s.subdivision for s in listed if s.subdivision and s.kind != _CITY),
        frozenset(s.subdivision for s in listed if s.subdivision),
    )


def _support(sense: Sense, rivals: frozenset[str], around: _Around, table: Atlas) -> float:
    """How much likelier the rest of the article makes `sense`, in tenfolds; `rivals` are where else the name can be."""
    named, within = sense.country in around.named, sense.country in around.within
    if sense.kind in (_COUNTRY, _PEOPLE) and sense.subdivision is None:
        others = around.named - rivals
        borders = not others.isdisjoint(table.neighbours(sense.country))
        return 2.0 * (named or within) + 0.7 * bool(others) + 0.5 * borders
    by_country = 2.0 if named and within else 1.5 * named or 1.0 * within
    if sense.kind == _SUBDIVISION:
        by_country += (sense.country in around.divided) - 0.5 * (named and not within)
    if sense.subdivision in (around.near if sense.kind == _SUBDIVISION else around.subdivisions):
        return by_country + _SAME_SUBDIVISION
    return by_country + _NEAR_A_CITY * (sense.subdivision in around.near)


def _choose(name: _Name, around: _Around, table: Atlas) -> Sense | None:
    """What `name` means, as far as `around` and how many people live where tell; None where they don't."""
    most = max(sense.weight for sense in name.senses)
    reach = dict.fromkeys(around.named, _FAR_BEHIND_NAMED)
    likely = [sense for sense in name.senses if sense.weight > most - reach.get(sense.country, _FAR_BEHIND)]
    is_large = _has_large_city(likely)
    by_country: dict[str, float] = {}
    countries = frozenset(sense.country for sense in likely)
    for sense in likely:
        support = _support(sense, countries, around, table)
        is_seldom_named = is_large and sense.kind == _SUBDIVISION and sense.weight < _LARGE and not support
        score = sense.weight + support - _SELDOM_NAMED * is_seldom_named
        by_country[sense.country] = max(score, by_country.get(sense.country, 0.0))
    country = max(by_country, key=lambda each: by_country[each])
    is_supported = country in around.named or country in around.within
    lead = by_country[country] - max((v for k, v in by_country.items() if k != country), default=-math.inf)
    senses = [sense for sense in likely if sense.country == country]
    alone = _CLEAR_LARGE if _has_large_city(senses) else _CLEAR_ALONE
    if lead < (_CLEAR if is_supported or around.named else alone):
        return None
    best = _best_of_country(senses, around, certain=is_supported)
    return best if best is None or is_supported or _is_believed(name, best, around) else None


def _has_large_city(senses: Iterable[Sense]) -> bool:
    return any(sense.kind == _CITY and sense.weight >= _LARGE for sense in senses)


def _is_believed(name: _Name, best: Sense, around: _Around) -> bool:
    """Whether `name` is `best` though nothing else in the article is in that country: a town or a facility is not where
    it is on other countries, and a river or a mountain is no city that it shares the name with.
    """
    is_small = name.label == "FAC" or (best.kind == _CITY and best.weight < _TOWN)
    is_far = is_small and bool(around.named or (around.within and (name.label == "FAC" or len(name.senses) > 1)))
    return not (name.is_doubted or is_far or best.weight == 0.0 or (name.label == "LOC" and best.kind == _CITY))


def _best_of_country(senses: list[Sense], around: _Around, *, certain: bool) -> Sense | None:
    """Which of the `senses`, all in one country, is meant: the country, a subdivision, a city; the country alone where
    it is `certain` and no more can be told.
    """
    if countries := [sense for sense in senses if sense.kind in (_COUNTRY, _PEOPLE)]:
        return countries[0] if len({sense.subdivision for sense in countries}) == 1 else None
    cities, others = [s for s in senses if s.kind == _CITY], [s for s in senses if s.kind != _CITY]
    if cities and others:
        largest = max(sense.weight for sense in cities)
        is_city = largest + _CITY_OVER_SUBDIVISION >= max(sense.weight for sense in others)
        capital = {sense.subdivision for sense in cities}
        senses = cities if is_city and (None in capital or not _elsewhere(others, capital)) else senses
        senses = others if not is_city else senses
    scored = sorted(
        ((sense.weight + _SAME_SUBDIVISION * (sense.subdivision in around.near), sense) for sense in senses),
        key=lambda each: -each[0],
    )
    score, best = scored[0]
    rivals = [sense for its, sense in scored[1:] if its > score - (_CLEAR if certain else _CLEAR_ALONE)]
    if all(sense.subdivision == best.subdivision for sense in rivals):
        is_one_city = not any(sense.kind == _CITY for sense in rivals)
        return best if is_one_city else replace(best, latitude=None, longitude=None)
    return Sense(kind=_REGION, country=best.country, weight=best.weight) if certain else None


def _elsewhere(others: list[Sense], subdivisions: set[str | None]) -> bool:
    """Whether one of `others` is none of the `subdivisions`."""
    return any(sense.subdivision not in subdivisions and sense.country not in _DIVIDED_TWICE for sense in others)


def _place(sense: Sense) -> Place:
    return Place(
        country=sense.country,
        subdivision=sense.subdivision,
        latitude=sense.latitude,
        longitude=sense.longitude,
        is_country=sense.kind == _COUNTRY and sense.subdivision is None,
    )
