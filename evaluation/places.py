"""Places, measured: `python -m evaluation.places [--show]`.

Passages of our own writing, in which each name is marked with its label and its place: `{Molde|GPE|NO}`. The place is
an ISO 3166 code (of a country, or of a subdivision where the passage tells it), or `-` where there is none or the
passage does not tell it. `places-develop.txt` is what rules were written by; `places-report.txt` was written before the
rules, and measures them.

Right are the names whose country (and subdivision, where it is marked) is found, and those without a place that are
left without one; wrong are those with another place.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from gazetteer.annotate.places import atlas, located
from gazetteer.types import Entity, Mention, Place

HERE = Path(__file__).parent
_MARKED = re.compile(r"\{([^|{}]+)\|([A-Z_]+)\|([A-Z0-9-]+)\}")


def passages(name: str) -> Iterator[tuple[str, list[Entity], list[str]]]:
    """The passages of the file `name`: text, its names as entities, and the code of each."""
    for marked in (HERE / name).read_text(encoding="utf-8").split("\n\n"):
        text, entities, codes, cursor = "", [], [], 0
        for found in _MARKED.finditer(marked):
            text += marked[cursor : found.start()]
            mention = Mention(start=len(text), end=len(text) + len(found[1]), score=1.0)
            entities.append(Entity(name=found[1], label=found[2], mentions=(mention,)))
            codes.append(found[3])
            text, cursor = text + found[1], found.end()
        yield text + marked[cursor:], entities, codes


def is_right(place: Place | None, code: str) -> bool:
    """Whether `place` is the one that `code` names."""
    if place is None or code == "-":
        return place is None and code == "-"
    return code in (place.country, place.subdivision)


def score(name: str, *, show: bool = False) -> tuple[float, float]:
    """The shares of the names in the file `name` that are right, and that have a wrong place."""
    right = wrong = count = 0
    for text, entities, codes in passages(name):
        for entity, code in zip(located(text, entities, atlas()), codes, strict=True):
            is_fine = is_right(entity.place, code)
            right, wrong, count = right + is_fine, wrong + (not is_fine and entity.place is not None), count + 1
            if show and not is_fine:
                print(f"{entity.name} ({entity.label}): {code} asked, {entity.place} found\n   {text.strip()}")
    return right / count, wrong / count


def measure(data: Path) -> dict[str, float]:  # noqa: ARG001 - the passages stand beside this file
    """The figures by name."""
    right, wrong = score("places-report.txt")
    return {"places_right": right, "places_wrong": wrong}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--show", action="store_true", help="print what is not right in the half to develop by")
    print("develop: right {:.4f}, wrong {:.4f}".format(*score("places-develop.txt", show=parser.parse_args().show)))
    print("report:  right {:.4f}, wrong {:.4f}".format(*score("places-report.txt")))
