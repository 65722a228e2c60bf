"""What the engine calls a folder of ours: with this process in a container, bind mounts name the host's paths.

The engine knows where each of our own mounts comes from, named volumes included, so nobody has to configure it.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docker import errors

from bot.errors import ConfigError
from bot.gateways.boxes_errors import engine_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docker import APIClient

_OURS = re.compile(r"/containers/([0-9a-f]{64})/")
_HOSTNAME = re.compile(r"[0-9a-f]{12}")
MOUNTS = Path("/proc/self/mountinfo")


def engine_path(client: APIClient, folder: Path, mounts: Path = MOUNTS) -> Path:
    """`folder` itself where this process is in no container of that engine; `ConfigError` where it lies in no mount."""
    own = own_container(mounts.read_text(encoding="utf-8", errors="replace"), socket.gethostname())
    if own is None:
        return folder
    with engine_errors("the launcher's own container could not be looked up"):
        try:
            found = client.inspect_container(own)
        except errors.NotFound:
            return folder
    if not str(found["Id"]).startswith(own):
        return folder
    return translated(folder, found["Mounts"])


def own_container(mountinfo: str, hostname: str) -> str | None:
    """The id of the container this is; the engine mounts files of the container's own folder (`/etc/hostname`)."""
    named = _OURS.search(mountinfo)
    if named is not None:
        return named[1]
    return hostname if _HOSTNAME.fullmatch(hostname) else None


def translated(folder: Path, mounts: Sequence[dict[str, Any]]) -> Path:
    """By the innermost mount that `folder` lies in."""
    around = [one for one in mounts if folder.is_relative_to(one["Destination"]) and one.get("Source")]
    if not around:
        raise ConfigError(f"{folder} lies in no volume of this container, so no box could be given its inputs.")
    mount = max(around, key=lambda one: len(str(one["Destination"])))
    return Path(mount["Source"]) / folder.relative_to(mount["Destination"])
