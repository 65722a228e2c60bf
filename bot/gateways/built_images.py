"""Images that were built for models: found by their address, used last when, and no more of them than the quota.

The engine does not say when an image was last used, so an empty file of its name does. Only images with this folder's label
are ever counted or removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from docker import errors

from bot.gateways.boxes_errors import engine_errors
from bot.gateways.builder_container import LABEL as BUILDER_LABEL

if TYPE_CHECKING:
    from pathlib import Path

    from docker import APIClient

log = structlog.get_logger(__name__)
NAME = "accession-env"
LABEL = "accession.environment"
_ADDRESS = 24
_ENTRYPOINT = 'ENTRYPOINT ["/opt/job/bin/python", "-m", "workflows", "box"]'
_CONFLICT = 409


class BuiltImages:
    """`accession-env:<address>` on one engine, and their times of use below `folder`."""

    def __init__(self, client: APIClient, folder: Path, owner: str, *, most: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._client = client
        self._folder = folder
        self._owner = owner
        self._most = most

    def made(self, digest: str) -> bool:
        """Whether that image is one of this folder's: nothing else on the engine has its label."""
        with engine_errors("a model's image could not be looked up"):
            try:
                image = self._client.inspect_image(digest)  # type: ignore[no-untyped-call]  # its stubs miss it
            except errors.ImageNotFound:
                return False
        return image["Id"] == digest and (image["Config"]["Labels"] or {}).get(LABEL) == self._owner

    def find(self, lock: str) -> str | None:
        """The digest of the image of that lock, marked as used now; None where there is none."""
        with engine_errors("a model's image could not be looked up"):
            try:
                image = self._client.inspect_image(tag(lock))  # type: ignore[no-untyped-call]  # its stubs miss it
            except errors.ImageNotFound:
                return None
        (self._folder / lock[:_ADDRESS]).touch()
        return str(image["Id"])

    def keep(self, container: str, lock: str) -> str:
        """Make the image of what a builder left in its container; its digest.

        A box inherits the labels of its image: the builder's own must not be among them, or it would be taken for one.
        """
        labels = {LABEL: self._owner, f"{LABEL}.lock": lock, BUILDER_LABEL: '""'}
        changes = [_ENTRYPOINT, "CMD []", *(f"LABEL {name}={value}" for name, value in labels.items())]
        with engine_errors("a model's image could not be made"):
            made = self._client.commit(container, repository=NAME, tag=lock[:_ADDRESS], changes=changes)
        (self._folder / lock[:_ADDRESS]).touch()
        return str(made["Id"])

    def make_room(self) -> list[str]:
        """Remove the least recently used ones beyond the quota; one that a box runs in right now stays."""
        with engine_errors("models' images could not be listed"):
            found = self._client.images(filters={"label": f"{LABEL}={self._owner}"})
        oldest = sorted(found, key=self._used)
        gone = [name for image in oldest[: max(len(found) - self._most, 0)] for name in self._removed(image)]
        if gone:
            log.info("models' images removed", images=gone)
        return gone

    def _used(self, image: dict[str, Any]) -> float:
        times = [path.stat().st_mtime for path in map(self._mark, _tags(image)) if path.exists()]
        return max(times, default=0.0)

    def _mark(self, name: str) -> Path:
        return self._folder / name.rpartition(":")[2]

    def _removed(self, image: dict[str, Any]) -> list[str]:
        names = _tags(image)
        with engine_errors("a model's image could not be removed"):
            try:
                for name in names or [image["Id"]]:
                    self._client.remove_image(name)
            except errors.APIError as error:
                if error.status_code != _CONFLICT:
                    raise
                return []
        for name in names:
            self._mark(name).unlink(missing_ok=True)
        return names or [image["Id"]]


def tag(lock: str) -> str:
    """The name of the image of that lock."""
    return f"{NAME}:{lock[:_ADDRESS]}"


def _tags(image: dict[str, Any]) -> list[str]:
    return [name for name in image["RepoTags"] or [] if name.startswith(f"{NAME}:")]
