"""The measurement of a cold start: a real process, timed."""

import subprocess

import pytest

from evaluation import cold_start


def test_a_run_tells_what_the_process_took():
    took = cold_start.run(cold_start.PAGE)
    assert 0 < took.cpu < 60
    assert 0 < took.wall < 60
    assert took.megabytes > 20


def test_a_page_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        cold_start.run(tmp_path / "nothing.html")
