"""The little world of the journeys, for looking at one step of the road at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.conftest import little_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Little


@pytest.fixture
def little(tmp_path: Path) -> Iterator[Little]:
    with little_world(tmp_path) as world:
        yield world
