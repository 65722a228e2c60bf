"""One door for each test; a server starts in some milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving.doors import Client, served

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client() -> Iterator[Client]:
    with served() as found:
        yield found
