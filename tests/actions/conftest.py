"""The little world of the journeys, for steps that are tried one by one."""

from tests.journeys.conftest import little

__all__ = ["little"]
