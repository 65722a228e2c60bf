"""What runs and pulse of one process stand on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.gateways.engine_dbos_database import PATIENCE, EngineDatabase
from bot.gateways.engine_dbos_lease import LEASE, Lease
from bot.gateways.engine_dbos_tables import EngineTables

if TYPE_CHECKING:
    from bot.ports import Clock, Store

APPLICATION = "accession"


@dataclass(frozen=True)
class Pace:
    """All in seconds: until a silent process is taken over, between two looks into the queue, and for a database that hangs."""

    lease: float = LEASE
    polling: float = 0.1
    patience: float = PATIENCE


PACE = Pace()


@dataclass(frozen=True)
class Ground:
    """`name` is the process's, new at each start: nobody mistakes the work of its predecessor for its own."""

    name: str
    database: EngineDatabase
    tables: EngineTables
    lease: Lease
    store: Store
    clock: Clock


def ground_of(url: str, store: Store, clock: Clock, *, lanes: int, pace: Pace) -> Ground:
    """For this start of the process; nothing is opened yet."""
    name = f"{APPLICATION}-{uuid.uuid4().hex}"
    database = EngineDatabase(url, lanes=lanes, patience=pace.patience)
    lease = Lease(store, clock, name, seconds=pace.lease)
    return Ground(name, database, EngineTables(database), lease, store, clock)
