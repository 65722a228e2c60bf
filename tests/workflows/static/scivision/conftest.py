"""The released client in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PYTHON = ROOT / ".venv-scivision" / "bin" / "python"


class Client:
    """Asks the client's catalog classes, one file after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(PYTHON), str(Path(__file__).with_name("client.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def errors(self, family: str, text: str) -> list[tuple[str, str]] | None:
        """Location and message of each error; none where it takes the file."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"family": family, "text": text}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        return None if said["valid"] else said["errors"]

    def takes(self, family: str, text: str) -> bool:
        """Whether it takes the file."""
        return self.errors(family, text) is None

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture(scope="session")
def client():
    if not PYTHON.exists():
        missing = "scivision's released client is not installed: make .venv-scivision"
        if os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
            pytest.fail(f"ACCESSION_REQUIRE_DOCKER=1, but {missing}", pytrace=False)
        pytest.skip(missing)
    asked = Client()
    yield asked
    asked.close()
