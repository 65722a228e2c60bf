"""The stage: the worlds, the people, and what is going to be uploaded."""

from __future__ import annotations

import hashlib
import re
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.samples import make
from tests.world.faults import Faults
from tests.world.github import GitHubWorld
from tests.world.mail import Mailbox
from tests.world.server import serve
from tests.world.zenodo import ZenodoWorld

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPOSITORY = "sample-zoo/collection"
BOT_TOKEN = "demo-token-of-the-bot"
ZENODO_TOKEN = "zenodo-token"
STATE_KEY = "demo-state-key-that-signs-the-state"
CURATOR = "curator"

POLICY = """\
# The policy of the demo's collection; every field is described in schemas/config.schema.json.
name: Sample zoo
keywords: [bioimage.io]
people:
- {{id: {curator}, login: curator, mail: curator@zoo.example}}
approvals: 1
publish_branch: main
"""


@dataclass(frozen=True)
class Sample:
    """A folder to upload, and what should become of it."""

    title: str
    folder: Path
    accepted: bool


@dataclass(frozen=True)
class Stage:
    """Everything but the bot."""

    github: GitHubWorld
    zenodo: ZenodoWorld
    mail: Mailbox
    samples: tuple[Sample, ...]
    folder: Path

    def environ(self) -> dict[str, str]:
        """The bot's settings."""
        return {
            "ACCESSION_REPOSITORY": REPOSITORY,
            "ACCESSION_GITHUB_URL": self.github.url,
            "ACCESSION_GITHUB_TOKEN": BOT_TOKEN,
            "ACCESSION_STATE_KEY": STATE_KEY,
            "ACCESSION_ZENODO_URL": self.zenodo.url,
            "ACCESSION_CACHE": str(self.folder / "cache"),
            "ACCESSION_NOTIFY": self.mail.apprise_url("curator@zoo.example"),
            "ACCESSION_TRUSTED": str(self.folder / "trusted"),
        }


@contextmanager
def set_stage(folder: Path, model: str) -> Iterator[Stage]:
    """Start the worlds below `folder` and make the samples; `model` replaces the good one by a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    samples = _samples(folder / "uploads", model)
    _trust(folder, samples)
    github, zenodo = GitHubWorld(folder / "github"), ZenodoWorld(folder / "zenodo")
    with ExitStack() as stack:
        stack.callback(github.close)
        github.url = stack.enter_context(serve(Faults(github))).url
        zenodo.url = stack.enter_context(serve(Faults(zenodo))).url
        mail = stack.enter_context(Mailbox(folder / "mail"))
        zenodo.add_user("contributor", ZENODO_TOKEN)
        _people(github, samples)
        yield Stage(github, zenodo, mail, samples, folder)


def _samples(folder: Path, model: str) -> tuple[Sample, ...]:
    good = _given(Path(model), folder / "good") if model else make.make_good(folder / "good")
    return (
        Sample("A good model", good, accepted=True),
        Sample("The same with a wrong test output", make.make_wrong_output(folder / "wrong"), accepted=False),
        Sample("A description with three mistakes", make.make_three_mistakes(folder / "mistakes"), accepted=False),
    )


def _given(model: Path, folder: Path) -> Path:
    """A copy of a model folder with one description: the 0.4 one whose files all lie in the folder, where there are several."""
    if not model.is_dir():
        raise SystemExit(f"demo: ACCESSION_DEMO_MODEL={model} is no folder.")
    described = sorted(path for path in model.glob("*.yaml") if _is_rdf(path))
    if not described:
        raise SystemExit(f"demo: {model} has no rdf.yaml or *.bioimageio.yaml.")
    chosen = min(described, key=lambda path: (_remote(path), _version(path), path.name))
    others = set(described) - {chosen}
    shutil.copytree(model, folder, ignore=lambda _where, names: [name for name in names if model / name in others])
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _is_rdf(path: Path) -> bool:
    return "format_version:" in path.read_text(errors="replace")


def _remote(path: Path) -> bool:
    """It is built on another model, or a file of it lies elsewhere."""
    text = path.read_text()
    return (
        bool(re.search(r"source:\s*https?://|test_(in|out)puts:\s*\[?\s*-?\s*https?://", text))
        or "invalid" in path.name
    )


def _version(path: Path) -> tuple[int, ...]:
    """0.4 before 0.5, the newest of each first."""
    found = re.search(r"format_version:\s*['\"]?(\d+)\.(\d+)\.(\d+)", path.read_text())
    return (int(found[1]), int(found[2]), -int(found[3])) if found else (9,)


def _trust(folder: Path, samples: tuple[Sample, ...]) -> None:
    """Without an engine only the project's own samples run; these are their hashes."""
    files = (path for sample in samples for path in sorted(sample.folder.iterdir()) if path.is_file())
    lines = sorted({hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    (folder / "trusted").write_text("\n".join(lines) + "\n")


def _people(github: GitHubWorld, samples: tuple[Sample, ...]) -> None:
    """The bot, a maintainer of the collection, and whoever the descriptions name."""
    users: Mapping[str, int] = {login: github.add_user(login).id for login in ("sample-zoo", "accession-bot", CURATOR)}
    for sample in samples:
        for rdf in sample.folder.glob("*.yaml"):
            for login in re.findall(r"github_user:\s*['\"]?([A-Za-z0-9-]+)", rdf.read_text()):
                github.add_user(login)
    github.create_repository(
        REPOSITORY, {"README.md": "# Sample zoo\n", "collection/accession.yaml": POLICY.format(curator=users[CURATOR])}
    )
    github.add_collaborator(REPOSITORY, "accession-bot", "write")
    github.add_collaborator(REPOSITORY, CURATOR, "maintain")
    github.add_token("accession-bot", BOT_TOKEN)
