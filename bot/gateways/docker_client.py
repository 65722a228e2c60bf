"""The engine's client, made in one place; where it is, docker's own variables say (`DOCKER_HOST`)."""

from __future__ import annotations

from docker import APIClient
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from bot.errors import GatewayError

ENGINE_SECONDS = 120
"""Patience with one answer of the engine."""


def open_engine() -> APIClient:
    """To be closed by whoever asked; `GatewayError` where no engine answers."""
    try:
        return APIClient(version="auto", timeout=ENGINE_SECONDS, **kwargs_from_env())
    except DockerException:
        raise GatewayError("No container engine answers.", reason="engine-down", transient=True) from None
