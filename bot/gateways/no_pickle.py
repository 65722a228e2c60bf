"""Nothing is ever unpickled: DBOS reads and writes JSON, and its own serializer is made unable to do anything else.

A row of DBOS's tables names its serializer. A row marked `py_pickle` is unpickled by the library whatever serializer is
configured, before any code of ours sees it: who can write into the database could run code. So the library's pickle
serializer is replaced, for all of its paths (arguments, results, errors, listings, schedules), on both sides, and each start
proves that it is.
"""

from __future__ import annotations

import json
from typing import Any

from dbos._serialization import DBOSDefaultSerializer, DefaultSerializer

from bot.errors import ConfigError

_HARMLESS = "gAVLAS4="
"""The number 1, pickled."""


class PickleRefusedError(ValueError):
    """A row asked for it."""


def refuse_pickle() -> None:
    """Once for a process, before DBOS is used; raises ConfigError where the library has changed so that it does not hold."""
    for name, method in (("deserialize", _refused), ("serialize", _as_text)):
        setattr(DefaultSerializer, name, method)
    try:
        DBOSDefaultSerializer.deserialize(_HARMLESS)
    except PickleRefusedError:
        return
    raise ConfigError("This version of DBOS would unpickle what stands in its database; install the pinned one.")


def _refused(_self: object, _data: str) -> Any:
    raise PickleRefusedError("This row is pickled. Nothing here unpickles.")


def _as_text(_self: object, data: Any) -> str:
    """Where the library ends a row marked `py_pickle` it writes an error in the row's own format: plain text, as JSON."""
    return json.dumps(str(data))
