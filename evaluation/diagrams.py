"""Diagrams for the model card, as SVG from plain templates."""

from collections.abc import Mapping, Sequence
from html import escape

_SIDE, _EDGE = 240, 46
_TEXT = 'font-family="sans-serif" font-size="12" fill="#444"'


def reliability(tables: Mapping[str, Sequence[tuple[float, float, int]]]) -> str:
    """Of each table of (probability said, share that came true, of how many), a panel with the diagonal of the perfect.

    A point's area goes with how many it stands for.
    """
    panels = "".join(
        f'<g transform="translate({number * (_SIDE + _EDGE) + _EDGE} 30)">{_panel(title, table)}</g>'
        for number, (title, table) in enumerate(tables.items())
    )
    width, height = len(tables) * (_SIDE + _EDGE) + _EDGE, _SIDE + 80
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>Reliability: what was said against what came true</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{panels}</svg>\n'
    )


def _panel(title: str, table: Sequence[tuple[float, float, int]]) -> str:
    total = sum(count for _, _, count in table)
    points = "".join(
        f'<circle cx="{_SIDE * said:.1f}" cy="{_SIDE * (1 - true):.1f}" r="{3 + 14 * (count / total) ** 0.5:.1f}" '
        f'fill="#1b6ca8" fill-opacity="0.7"><title>said {said:.2f}, came true {true:.2f}, of {count}</title></circle>'
        for said, true, count in table
    )
    ticks = "".join(
        f'<text x="{_SIDE * at / 100:.0f}" y="{_SIDE + 16}" text-anchor="middle" {_TEXT}>{at}%</text>'
        f'<text x="-6" y="{_SIDE * (1 - at / 100) + 4:.0f}" text-anchor="end" {_TEXT}>{at}%</text>'
        for at in (0, 50, 100)
    )
    return (
        f'<text x="{_SIDE / 2}" y="-10" text-anchor="middle" {_TEXT}>{escape(title)}</text>'
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#bbb"/>'
        f'<path d="M0 {_SIDE}L{_SIDE} 0" stroke="#bbb" stroke-dasharray="4 4"/>{ticks}{points}'
        f'<text x="{_SIDE / 2}" y="{_SIDE + 34}" text-anchor="middle" {_TEXT}>said</text>'
    )
