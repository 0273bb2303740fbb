from collections.abc import Iterator

import pytest
from websites import Site


@pytest.fixture
def site() -> Iterator[Site]:
    started = Site()
    yield started
    started.close()
