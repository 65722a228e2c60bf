"""The same ground under every test: no socket but loopback, no settings from outside, one answer to "is there an engine"."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import settings

from tests.fakes.postgres import Postgres, no_postgres, postgres_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ("tests.samples.fixtures",)

ROOT = Path(__file__).parents[1]
REALDATA = ROOT.parent / "shared" / "realdata"
"""Files from public sources, beside the repository; nothing of them is in it."""
OPENAPI = ROOT / ".octokit/node_modules/@octokit/openapi/generated/api.github.com.json"
"""Where `make test` puts GitHub's description."""

FROM_OUTSIDE = {
    "ACCESSION_REQUIRE_DOCKER",  # 1: a test without its engine fails instead of skipping
    "ACCESSION_REQUIRE_POSTGRES",  # 1: the same for a test without PostgreSQL
    "ACCESSION_JOB_IMAGE",  # the boxes' images, accession-job:latest, accession-job-tensorflow:latest ... by default
    "ACCESSION_JOB_IMAGE_TENSORFLOW",
    "ACCESSION_JOB_IMAGE_TFJS",
    "ACCESSION_JOB_PYTHON",  # an interpreter with the boxes' libraries
    "ACCESSION_GITHUB_OPENAPI",  # GitHub's OpenAPI description
}
"""The only `ACCESSION_*` that a test run takes from its surroundings."""


def pytest_configure() -> None:
    """Before anything is imported that could look: settings away, sockets guarded."""
    for name in [name for name in os.environ if name.startswith("ACCESSION_") and name not in FROM_OUTSIDE]:
        del os.environ[name]
    settings.register_profile("here", deadline=None)
    settings.register_profile("ci", deadline=None, derandomize=True)  # the same examples in every run
    settings.load_profile("ci" if os.environ.get("CI") else "here")
    if OPENAPI.is_file():
        os.environ.setdefault("ACCESSION_GITHUB_OPENAPI", str(OPENAPI))
    socket.socket.connect = _guarded(socket.socket.connect)
    socket.socket.connect_ex = _guarded(socket.socket.connect_ex)
    socket.getaddrinfo = _looked_up(socket.getaddrinfo)


class OutsideError(RuntimeError):
    """A test tried to leave the machine. Not an OSError: nothing that expects a network error may swallow it."""


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _loopback(address[0]):
            raise OutsideError(f"tests connect to loopback only, not to {address[0]}")
        return connect(self, address)

    return guarded


def _looked_up(getaddrinfo: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _loopback(name) and not _is_address(name):
            raise OutsideError(f"tests look up no name but localhost, not {name}")
        return getaddrinfo(host, *args, **kwargs)

    return guarded


def _is_address(host: str) -> bool:
    """Needs no look-up; the odd spellings of IPv4 that libc takes (127.1, 0x7f000001) included."""
    try:
        socket.inet_aton(host)
    except OSError:
        return ":" in host
    return True


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files with tests of the engine share one worker, and so do files of one `xdist_group`; every other test goes anywhere.

    They look at all containers and images of the engine, and memory is one. Decided by the file's text, because the controller
    has nothing else, and xdist's own groups rename tests in a way that this pytest takes no notice of.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(ROOT / nodeid.partition("::")[0]) or nodeid

    return ByGroup(config, log)


@cache
def _group(path: Path) -> str:
    """`docker`, the name of the file's group, or empty."""
    text = path.read_text() if path.is_file() else ""
    named = re.search(r'mark\.xdist_group\("([a-z-]+)"\)', text)
    return "docker" if re.search(r"mark\.docker\b", text) else named[1] if named else ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that cannot run skips with the reason; without an engine it fails where one is required."""
    if item.get_closest_marker("realdata") and not REALDATA.is_dir():
        pytest.skip("the files from public sources are not beside the repository")
    missing = no_boxes() if item.get_closest_marker("docker") else ""
    if missing and os.environ.get("ACCESSION_REQUIRE_DOCKER") == "1":
        pytest.fail(f"ACCESSION_REQUIRE_DOCKER=1, but {missing}", pytrace=False)
    if missing:
        pytest.skip(missing)


@cache
def no_boxes() -> str:
    """Why there can be no sealed boxes here; empty where there can."""
    image = os.environ.get("ACCESSION_JOB_IMAGE") or "accession-job:latest"
    if not _docker("version"):
        return "no container engine answers"
    if not _docker("image", "inspect", image):
        return f"there is no image {image}: make image"
    return ""


def _docker(*arguments: str) -> bool:
    """Whether the command line client succeeds; docker's library leaves a socket open where no engine answers."""
    try:
        return not subprocess.run(["docker", *arguments], capture_output=True, check=False, timeout=20).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.fixture(scope="session")
def postgres_here() -> Iterator[Postgres]:
    """One server for the test run (each process of it); skips without PostgreSQL, fails where it is required."""
    missing = no_postgres()
    if missing and os.environ.get("ACCESSION_REQUIRE_POSTGRES") == "1":
        pytest.fail(f"ACCESSION_REQUIRE_POSTGRES=1, but {missing}", pytrace=False)
    if missing:
        pytest.skip(missing)
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres(postgres_here: Postgres) -> str:
    """The url of a new, empty database."""
    return postgres_here.database()


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Logs go to the captured stderr, shown with a test that failed; what a test configures ends with it."""
    structlog.reset_defaults()
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
