"""The figures that ship with the model, for whoever reads an archive's site: `src/gazetteer/model/figures.json`.

What each is of, in words, is written there by hand; the numbers are taken from the report, by their keys.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parents[1] / "src" / "gazetteer" / "model" / "figures.json"


def brought_up_to(report: Mapping[str, float], shipped: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the figures that ship, each with the report's number."""
    return [
        {**each, "figure": round(report[each["key"]], 3), "peers": brought_up_to(report, each["peers"])}
        if "peers" in each
        else {**each, "figure": round(report[each["key"]], 3)}
        for each in shipped
    ]


def write(report: Mapping[str, float], path: Path = FIGURES) -> None:
    """Bring the file up to the report."""
    shipped = brought_up_to(report, json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(shipped, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
