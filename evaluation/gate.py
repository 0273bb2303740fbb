"""Figures held to their floors (and ceilings): what was reached is not lost by accident.

`floors.json` gives, for each figure, `at_least` or `at_most`. A figure that is missing fails as one that is too low
does. Floors are only ever raised here, by `raised`; to lower one takes an edit of the file, in a commit that says why.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")

Floors = Mapping[str, Mapping[str, float]]


def read(path: Path = FLOORS) -> Floors:
    """The floors by figure."""
    floors: Floors = json.loads(path.read_text(encoding="utf-8"))
    return floors


def failures(figures: Mapping[str, float], floors: Floors) -> list[str]:
    """In words, each figure that is missing, not a number, or on the wrong side of its floor or ceiling."""
    found = []
    for name, limits in floors.items():
        figure = figures.get(name)
        if figure is None or figure != figure:
            found.append(f"{name} was not measured")
        elif figure < limits.get("at_least", figure):
            found.append(f"{name} is {figure:.4f}, at least {limits['at_least']} is asked")
        elif figure > limits.get("at_most", figure):
            found.append(f"{name} is {figure:.4f}, at most {limits['at_most']} is asked")
    return found


def raised(figures: Mapping[str, float], floors: Floors, *, slack: float = 0.003) -> Floors:
    """`floors` with each brought up to `slack` under its figure, where that is higher than it was; none is lowered."""
    return {
        name: {**limits, "at_least": max(limits["at_least"], round(figures[name] - slack, 3))}
        if "at_least" in limits and name in figures
        else limits
        for name, limits in floors.items()
    }
