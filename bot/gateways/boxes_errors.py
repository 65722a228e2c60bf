"""The engine's exceptions end here."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from docker import errors

from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVER_ERROR = 500


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Turn whatever docker-py raises into a `GatewayError` that says what was being done."""
    try:
        yield
    except errors.ImageNotFound:
        raise GatewayError(
            f"{doing}: the job image is not there", reason="no-image", transient=False, status=404
        ) from None
    except errors.APIError as error:
        status = error.status_code or _SERVER_ERROR
        words = str(error.explanation or "")[:500]
        raise GatewayError(
            f"{doing}: the engine answered {status}: {words}",
            reason="engine",
            transient=status >= _SERVER_ERROR,
            status=status,
        ) from None
    except (errors.DockerException, requests.RequestException, OSError) as error:
        raise GatewayError(
            f"{doing}: the container engine does not answer ({type(error).__name__})",
            reason="engine-down",
            transient=True,
        ) from None
