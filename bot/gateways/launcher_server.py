"""The launcher's socket: who may knock, how many at the same time, and an end for all of them.

Why not one of the proxies that filter the engine's API by path and verb: the one call that is needed, creating a container, is
the one that gives the host away. Its body may ask for `Privileged`, for `Binds: ["/:/host"]`, for the host's network or for a
device; nothing in path or verb tells. A filter of bodies would have to know every field of every version, present and to
come. So the socket speaks another language altogether, in which a mount, a capability, an image by name or a command line
cannot be said: `launcher_session.py` reads it, and `boxes_container.py` alone says what a container looks like.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import threading
import time
from typing import TYPE_CHECKING

import structlog

from bot.errors import ConfigError, GatewayError
from bot.gateways import launcher_forms
from bot.gateways.launcher_session import Session
from bot.gateways.launcher_wire import Wire, WireError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from bot.gateways.launcher_session import Bay

log = structlog.get_logger(__name__)
MODE = 0o660
"""Who may connect: the socket's owner and group."""
_LONGEST = 107
"""Bytes of a unix socket's path."""
_BACKLOG = 128
_LEAVE_SECONDS = 30.0


class LauncherServer:
    """Listens from construction on; `serve` answers until `stop`, `close` leaves nothing behind."""

    def __init__(self, path: Path, bay: Bay) -> None:
        """`path` is taken over from a launcher that is gone; `ConfigError` where one is there."""
        self._path = path
        self._bay = bay
        self._sessions: dict[Session, threading.Thread] = {}
        self._lock = threading.Lock()
        self._stopped = False
        claim = _claimed(path)
        try:
            _emptied(bay.folder)
            self._listener = _listening(path)
        except BaseException:
            os.close(claim)
            raise
        self._claim: int | None = claim

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def serve(self) -> None:
        """Answer whoever connects, each in a thread of its own."""
        log.info("the launcher listens", path=str(self._path))
        while not self._stopped:
            try:
                connected, _ = self._listener.accept()
            except OSError as error:
                if not self._stopped:
                    log.warning("a connection could not be taken", why=error.strerror)
                    time.sleep(0.1)
                continue
            self._admit(connected)

    def stop(self) -> None:
        """Take no further connection; may be called from another thread."""
        self._stopped = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End all connections, and with them their boxes; once is enough."""
        self.stop()
        if self._claim is None:
            return
        with self._lock:
            sessions = dict(self._sessions)
        for session in sessions:
            session.wire.shut()
        until = time.monotonic() + _LEAVE_SECONDS
        for thread in sessions.values():
            thread.join(max(0.0, until - time.monotonic()))
        self._listener.close()
        self._path.unlink(missing_ok=True)
        os.close(self._claim)
        self._claim = None

    def _admit(self, connected: socket.socket) -> None:
        if not self._bay.slots.connections.acquire(blocking=False):
            _turn_away(connected)
            return
        session = Session(connected, self._bay)
        thread = threading.Thread(target=self._attend, args=(session,), name="launcher-session", daemon=True)
        with self._lock:
            self._sessions[session] = thread
        thread.start()

    def _attend(self, session: Session) -> None:
        try:
            session.serve()
        except Exception:
            log.exception("a connection failed")
        finally:
            self._bay.slots.connections.release()
            with self._lock:
                del self._sessions[session]


def _turn_away(connected: socket.socket) -> None:
    """A fresh socket takes so few bytes at once: nobody can hold up the others here."""
    busy = GatewayError("The launcher has too many connections.", reason="launcher-busy", transient=True)
    wire = Wire(connected, limit=0, seconds=1)
    with contextlib.suppress(WireError):
        wire.say_json("error", launcher_forms.error_json(busy))
    wire.close()


def _claimed(path: Path) -> int:
    """A lock beside the socket that lives as long as this process."""
    if len(os.fsencode(path)) > _LONGEST:
        raise ConfigError(f"ACCESSION_LAUNCHER is longer than the {_LONGEST} bytes that a socket's path may have.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        claim = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"The launcher cannot make its socket at {path}: {error.strerror}.") from None
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(claim)
        raise ConfigError(f"Another launcher serves {path}.") from None
    return claim


def _listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        path.chmod(MODE)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigError(f"The launcher cannot make its socket at {path}: {error.strerror}.") from None
    return listener


def _emptied(folder: Path) -> None:
    """Copies that a killed launcher left: nobody else is in this folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
