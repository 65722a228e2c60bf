"""What tests ask for samples with."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`sample(kind, seed=0, into=None)`: a folder that is made once in a session and not to be changed; `into` takes a copy.

    Skips the test where a framework is missing, and fails it where an engine is required. Kinds: tests/samples/kinds.py.
    """
    from tests.samples.in_images import needs
    from tests.samples.kinds import frameworks, make_sample

    folders: dict[tuple[str, int], Path] = {}

    def get(kind: str, seed: int = 0, into: Path | None = None) -> Path:
        for framework in frameworks(kind):
            needs(framework)
        if (kind, seed) not in folders:
            folders[kind, seed] = make_sample(kind, tmp_path_factory.mktemp(kind), seed)
        return folders[kind, seed] if into is None else shutil.copytree(folders[kind, seed], into)

    return get
