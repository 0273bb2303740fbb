import re
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.worldmap import OUT, area, cut

FIJI = [(178.0, -17.0), (-178.0, -17.0), (-178.0, -15.0), (178.0, -15.0), (178.0, -17.0)]


def bounds(ring):
    return min(x for x, _ in ring), max(x for x, _ in ring)


def test_a_ring_that_crosses_the_antimeridian_is_cut_in_two() -> None:
    east, west = cut(FIJI)
    assert bounds(east) == (178, 180)
    assert bounds(west) == (-180, -178)
    assert area(east) == area(west) == 4


def test_a_ring_elsewhere_is_left_as_it_is() -> None:
    ring = [(-10.0, 50.0), (20.0, 50.0), (20.0, 60.0)]
    assert cut(ring) == [ring]


def test_a_ring_that_touches_the_edge_is_not_cut() -> None:
    (ring,) = cut([(170.0, 0.0), (180.0, 0.0), (180.0, 5.0), (170.0, 5.0)])
    assert area(ring) == 50


@given(st.floats(-180, 180), st.floats(1, 150), st.floats(-80, 70))
def test_what_is_cut_adds_up(left: float, width: float, south: float) -> None:
    right = left + width
    ring = [(left, south), (right, south), (right, south + 10), (left, south + 10), (left, south)]
    wrapped = [((x + 180) % 360 - 180, y) for x, y in ring]
    assert sum(map(area, cut(wrapped))) == pytest.approx(10 * width)


def test_no_line_of_the_map_leads_across_it() -> None:
    """The widest land's own lines are short; one of a hundred degrees would be a streak."""
    rings = re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", OUT.read_text())
    assert len(rings) > 50
    for x, _, moves in rings:
        steps = list(map(int, re.findall(r"-?\d+", moves)))[::2]
        across = list(accumulate(steps, initial=int(x)))
        assert max(abs(a - b) for a, b in pairwise([*across, across[0]])) < 300
