"""What the engine says while it happens: it remembers only its last events."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import docker

from bot.gateways.boxes_container import OWNER_LABEL

if TYPE_CHECKING:
    from typing import Self


class Watch:
    """Containers that were made and destroyed, by owner, and which of them had a volume; a context manager."""

    def __init__(self) -> None:
        self._client = docker.APIClient(version="auto", timeout=600)
        self._events = self._client.events(decode=True)
        self._seen: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._listen, name="engine-events")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._events.close()
        self._thread.join()
        self._client.close()

    def containers(self, action: str, owner: str) -> set[str]:
        """Ids of an owner's containers that were created (`create`) or removed (`destroy`)."""
        return {
            event["id"]
            for event in list(self._seen)
            if event.get("Type") == "container"
            and event["Action"] == action
            and event["Actor"]["Attributes"].get(OWNER_LABEL) == owner
        }

    def with_volumes(self) -> set[str]:
        """Ids of the containers into which a volume was mounted."""
        mounts = [event for event in list(self._seen) if (event.get("Type"), event["Action"]) == ("volume", "mount")]
        return {event["Actor"]["Attributes"]["container"] for event in mounts}

    def _listen(self) -> None:
        for event in self._events:
            self._seen.append(event)
