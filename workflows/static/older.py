"""What older patches of a format version mean in the words of the newest, as bioimageio.spec reads them."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workflows.static.schema_fault import Fault

_ZOO = ("config", "bioimageio")
_NICKNAMED = MappingProxyType({"0.2": 4, "0.4": 10})
"""Minor version to the first patch in which the zoo's nickname is no longer put in the place of the id."""
_NAMES = MappingProxyType({"nickname": "id", "nickname_icon": "id_emoji"})


def as_newest(data: dict[str, Any], version: str) -> dict[str, Any]:
    """The data with what the zoo gave, nickname and emoji, as `id` and `id_emoji`; the same data where nothing changes."""
    zoo = _zoo(data)
    if zoo is None or not _is_older(data, version):
        return data
    given = {new: zoo[old] for old, new in _NAMES.items() if zoo.get(old) is not None}
    return {**data, **given} if given else data


def as_written(fault: Fault, data: dict[str, Any], judged: dict[str, Any]) -> Fault:
    """A fault of what was put in place, told where it stands."""
    for old, new in _NAMES.items():
        if fault.pointer == f"/{new}" and judged.get(new) is not data.get(new):
            return replace(fault, pointer="/".join(("", *_ZOO, old)))
    return fault


def _zoo(data: dict[str, Any]) -> dict[str, Any] | None:
    config = data.get(_ZOO[0])
    zoo = config.get(_ZOO[1]) if isinstance(config, dict) else None
    return zoo if isinstance(zoo, dict) else None


def _is_older(data: dict[str, Any], version: str) -> bool:
    patch = str(data.get("format_version")).removeprefix(version + ".")
    return version in _NICKNAMED and patch.isdecimal() and int(patch[:9]) < _NICKNAMED[version]
