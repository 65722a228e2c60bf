"""Which job images there are: names are looked up in the engine, containers are made by digest."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from bot.errors import GatewayError
from bot.gateways.boxes_errors import engine_errors
from bot.records.box import FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docker import APIClient

BELIEVED_SECONDS = 5.0
"""How long a digest is believed: a check asks for it dozens of times, and a rebuilt image is noticed soon enough."""
_DIGEST = "sha256:"


class Images:
    """Digests by kind, asked for once in a while; used by several threads."""

    def __init__(self, client: APIClient, names: Mapping[str, str]) -> None:
        """`names` are what the engine knows the kinds by."""
        self._client = client
        self._names = dict(names)
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._asked = float("-inf")

    def digests(self) -> Mapping[str, str]:
        """Of those that are there; raises `GatewayError` for the engine, or where the first one is not there."""
        with self._lock:
            if time.monotonic() - self._asked > BELIEVED_SECONDS:
                self._found = self._ask()
                self._asked = time.monotonic()
            return dict(self._found)

    def digest(self, image: str) -> str:
        """Of a kind; a digest is its own. Raises `GatewayError` where the kind has no image."""
        if image.startswith(_DIGEST):
            return image
        try:
            return self.digests()[image]
        except KeyError:
            message = f"there is no job image of the kind {image}"
            raise GatewayError(message, reason="no-image", transient=False) from None

    def kind(self, image: str) -> str:
        """Of a digest, as far as it is one of ours; a kind is its own."""
        return next((kind for kind, digest in self._found.items() if digest == image), image)

    def is_job_image(self, digest: str) -> bool:
        """Whether it is one of ours as they were last seen, not one that was built for a model."""
        return digest in self._found.values()

    def _ask(self) -> dict[str, str]:
        found = {}
        for kind, name in self._names.items():
            try:
                found[kind] = self._look_up(name)
            except GatewayError as error:
                if kind == FIRST or error.reason != "no-image":
                    raise
        return found

    def _look_up(self, name: str) -> str:
        """The image's id: the hash of its configuration, layers included."""
        with engine_errors("the job image could not be looked up"):
            return str(self._client.inspect_image(name)["Id"])  # type: ignore[no-untyped-call]  # its stubs miss it
