"""The real files and what bioimageio.spec said of each; or freshly said, for files that nobody has seen before."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
REALDATA = ROOT.parent / "shared" / "realdata"
JOB_PYTHON = ROOT / ".venv-job" / "bin" / "python"


@dataclass(frozen=True)
class Peer:
    """The other validator's verdict: errors are pairs of location (`weights.onnx.sha256`) and message."""

    valid: bool
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """One file with the peer's verdict; `name` says where it comes from."""

    name: str
    raw: bytes
    kind: str
    version: str
    peer: Peer

    @property
    def family(self) -> str:
        """Type and minor format version, as the file declares them."""
        return f"{self.kind}-{'.'.join(self.version.split('.')[:2])}"


def cases() -> Iterator[Case]:
    """The recorded verdicts; files that the peer gave none for are left out."""
    for one in json.loads((REALDATA / "rdf_oracle.json").read_text("utf-8")):
        if one["status"] is not None:
            raw = (REALDATA / "rdf" / f"{one['sha256']}.yaml").read_bytes()
            peer = Peer(one["status"] != "failed", tuple((where, said) for where, said in one["errors"]))
            yield Case(one["sha256"][:12], raw, str(one["type"]), str(one["format_version"]), peer)


class LivePeer:
    """bioimageio.spec in a process of its own; a context manager."""

    def __init__(self, python: Path = JOB_PYTHON) -> None:
        self._process = subprocess.Popen(
            [str(python), str(Path(__file__).with_name("peer.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def verdict(self, text: str) -> Peer:
        """What it says of one document."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"text": text}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        return Peer(said["valid"], tuple((where, what) for where, what in said["errors"]))
