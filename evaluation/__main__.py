"""Measure everything, print it, write `evaluation/report.json`, bring the figures that ship up to it, and hold it to
the floors.

`python -m evaluation --data ../shared/data [--only NAME ...] [--raise-floors]`. Exit status 1 where a figure falls
short of its floor. With `--only`, only those measurements run, the report is not written, and the floors of other
figures are not asked for.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import figures as shipped
from evaluation import gate

MEASUREMENTS = (
    "bodies",
    "metadata",
    "feeds",
    "mentions",
    "names",
    "places",
    "noise",
    "tone",
    "summaries",
    "sentences",
    "topics",
    "quotes",
    "stories",
    "duplicates",
)
REPORT = Path(__file__).with_name("report.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=MEASUREMENTS, metavar="NAME")
    parser.add_argument("--raise-floors", action="store_true", help="bring floors up to just under what was measured")
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        parser.error(f"there is no folder {options.data}: name the one that holds the evaluation sets with --data")
    figures: dict[str, float] = {}
    for name in options.only:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures |= importlib.import_module(f"evaluation.{name}").measure(options.data)
    floors = gate.read(gate.FLOORS)
    for name, figure in figures.items():
        asked = " ".join(f"{side.replace('_', ' ')} {limit}" for side, limit in floors.get(name, {}).items())
        print(f"{name:45} {figure:10.4f}  {asked}")
    whole = set(options.only) == set(MEASUREMENTS)
    if whole:
        REPORT.write_text(json.dumps({k: round(v, 5) for k, v in figures.items()}, indent=1) + "\n", encoding="utf-8")
        shipped.write(figures)
    short = gate.failures(figures, floors if whole else {k: v for k, v in floors.items() if k in figures})
    for failure in short:
        print(f"FAILED: {failure}", file=sys.stderr)
    if options.raise_floors and whole:
        gate.FLOORS.write_text(json.dumps(gate.raised(figures, floors), indent=1) + "\n", encoding="utf-8")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
