"""Draw the map of the world that ships with the site: `python -m training.worldmap land-110m.json`.

From Natural Earth's land at 1:110 million (public domain), as the package world-atlas 2.0.2 (ISC) holds it: TopoJSON.
Plate carrée, a tenth of a degree, without Antarctica, so that a place lies at its longitude and minus its latitude.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "src" / "gazetteer" / "web" / "static" / "world.svg"
LEAST_AREA = 1.2
"""Square degrees of the least land that is drawn."""
SOUTH = -60
"""No land wholly south of this latitude is drawn."""

HALF = 180.0
"""Degrees from the middle of the map to either side."""

Point = tuple[float, float]
Ring = list[Point]


def rings(topology: dict[str, Any]) -> Iterator[Ring]:
    """Give the outlines of the land, in degrees (longitude, latitude)."""
    (scale_x, scale_y), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        steps = accumulate(arc, lambda a, b: [a[0] + b[0], a[1] + b[1]])
        arcs.append([(x * scale_x + left, y * scale_y + low) for x, y in steps])
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            for ring in polygon:
                yield from cut([point for n in ring for point in (arcs[n] if n >= 0 else arcs[~n][::-1])])


def cut(ring: Ring) -> list[Ring]:
    """Cut a ring at the antimeridian, so that no line of it leads across the map: one ring for each side of it."""
    turns, whole = 0, [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -HALF) - (x - before > HALF)
        whole.append((x + 2 * HALF * turns, y))
    west, east = min(x for x, _ in whole), max(x for x, _ in whole)
    nearest = range(round(west / (2 * HALF)), round(east / (2 * HALF)) + 1)
    sides = ([(x - 2 * HALF * turn, y) for x, y in whole] for turn in nearest)
    return [side for side in (mirrored(within(mirrored(within(each)))) for each in sides) if side]


def within(ring: Ring) -> Ring:
    """Give what of a ring lies west of 180°, by the algorithm of Sutherland and Hodgman (1974)."""
    kept: Ring = []
    for (x0, y0), (x1, y1) in pairwise([*ring, *ring[:1]]):
        if x0 <= HALF:
            kept.append((x0, y0))
        if (x0 < HALF) != (x1 < HALF) and HALF not in (x0, x1):
            kept.append((HALF, y0 + (y1 - y0) * (HALF - x0) / (x1 - x0)))
    return kept


def mirrored(ring: Ring) -> Ring:
    """Give a ring with east and west exchanged."""
    return [(-x, y) for x, y in ring]


def area(ring: Sequence[Point]) -> float:
    """Give the area of a ring, in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def path(ring: Ring) -> str:
    """Give a ring as a path in tenths of a degree, each point told from the one before."""
    points = [(round(x * 10), round(-y * 10)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    moved = [step for step in steps if step != (0, 0)]
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in moved[:-1]).replace(" -", "-") + "z"


def drawn(topology: dict[str, Any]) -> str:
    """Give the map as SVG, in one grey that serves on light and on dark."""
    kept = [ring for ring in rings(topology) if area(ring) >= LEAST_AREA and max(y for _, y in ring) > SOUTH]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1800 -840 3600 1420">'
        f'<path fill="#8a8577" fill-opacity=".45" d="{"".join(map(path, kept))}"/></svg>\n'
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("land", type=Path, help="land-110m.json of world-atlas")
    OUT.write_text(drawn(json.loads(parser.parse_args().land.read_text())))
