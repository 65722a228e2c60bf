"""The composition root: the only file that builds real (or dry-run) gateways."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.corridor.desk import Desk
from bot.gateways.clock import SystemClock
from bot.gateways.dry_run import DryRunGitHub, DryRunNotifier
from bot.gateways.engine_dispatch import DispatchEngine
from bot.gateways.fenced import FencedNotifier
from bot.gateways.github_api import GitHubApi
from bot.gateways.github_bodies import ACTIONS_BOT
from bot.gateways.github_transport import Transport, app_requester, token_requester
from bot.gateways.mail import AppriseNotifier
from bot.gateways.pacer import Pacer
from bot.gateways.store_overlay import OverlayStore
from bot.gateways.stores import open_store
from bot.gateways.work_files import WorkFiles
from bot.gateways.work_process import WorkProcess
from bot.gateways.zenodo_api import ZenodoApi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.gateways.call_ledger import CallLedger
    from bot.gateways.circuit import Circuit
    from bot.gateways.pacer import AnyPacer
    from bot.github_port import GitHub
    from bot.ports import Clock, Engine, Notifier, Store, Workshop
    from bot.settings import Settings


@dataclass(frozen=True)
class Given:
    """What the service brings along for its desk, and a single command makes for itself."""

    store: Store
    workshop: Workshop
    pacer: AnyPacer
    circuit: Circuit
    ledger: CallLedger
    fence: Callable[[], None]
    """Raises where another process took over this one's work; asked before each write and each mail."""


@contextmanager
def open_desk(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    narrate: Callable[[str], None] | None = None,
    given: Given | None = None,
    workshop: Workshop | None = None,
) -> Iterator[Desk]:
    """The desk of one process; everything it opened is closed at the end. `narrate` makes it a dry run.

    Without another `workshop` the work side is a child process.
    """
    with ExitStack() as stack:
        clock = SystemClock()
        store = given.store if given else _store(settings, stack, dry=narrate is not None)
        github: GitHub = _github(settings, store, clock, stack, given)
        notifier: Notifier = AppriseNotifier(settings.notify)
        if given:
            notifier = FencedNotifier(notifier, given.fence)
        if narrate:
            github, notifier = DryRunGitHub(github, narrate), DryRunNotifier(narrate)
        archive = ZenodoApi(settings.zenodo_url, token=settings.zenodo_token or None, clock=clock)
        stack.callback(archive.close)
        yield Desk(
            repository=settings.repository,
            state_key=settings.state_key,
            github=github,
            archive=archive,
            workshop=given.workshop if given else workshop or _workshop(environ, stack),
            notifier=notifier,
            store=store,
            clock=clock,
            public_url=settings.public_url,
            shelf=None if narrate else settings.cache / "retest",
        )


file_workshop = WorkFiles
"""The work side of GitHub Actions' jobs: asked and answering through files."""


def dispatching(github: GitHub, only: str) -> Engine:
    """Whoever is told about a subject starts a workflow; `only` names the one file that a repository may have them all in."""
    return DispatchEngine(github, only)


def _store(settings: Settings, stack: ExitStack, *, dry: bool) -> Store:
    database = open_store(settings.database)
    stack.callback(database.close)
    return OverlayStore(database) if dry else database


def _workshop(environ: Mapping[str, str], stack: ExitStack) -> Workshop:
    child = WorkProcess(environ)
    stack.callback(child.close)
    return child


def _github(settings: Settings, store: Store, clock: Clock, stack: ExitStack, given: Given | None = None) -> GitHubApi:
    """An App's installation, Actions' own token (`ghs_…`), or a personal token."""
    login: str | None = None
    if settings.github_app_id:
        requester, login = app_requester(
            settings.github_url, settings.github_app_id, settings.github_app_key, settings.repository
        )
    else:
        requester = token_requester(settings.github_url, settings.github_token)
        login = ACTIONS_BOT if settings.github_token.startswith("ghs_") else None
    pacer = given.pacer if given else Pacer(clock)
    more: dict[str, Any] = {"fence": given.fence, "circuit": given.circuit, "ledger": given.ledger} if given else {}
    transport = Transport(requester, settings.github_url, store=store, pacer=pacer, clock=clock, **more)
    stack.callback(transport.close)
    return GitHubApi(transport, settings.repository, bot_login=login)
