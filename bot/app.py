"""The composition root: the only file that builds real (or dry-run) gateways."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bot.corridor.desk import Desk
from bot.gateways.clock import SystemClock
from bot.gateways.dry_run import DryRunGitHub, DryRunNotifier
from bot.gateways.engine_dispatch import DispatchEngine
from bot.gateways.github_api import GitHubApi
from bot.gateways.github_transport import Transport, app_requester, token_requester
from bot.gateways.mail import AppriseNotifier
from bot.gateways.pacer import Pacer
from bot.gateways.store_overlay import OverlayStore
from bot.gateways.store_sqlite import SqliteStore
from bot.gateways.work_files import WorkFiles
from bot.gateways.work_process import WorkProcess
from bot.gateways.zenodo_api import ZenodoApi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.ports import Clock, Engine, GitHub, Notifier, Store, Workshop
    from bot.settings import Settings

_ACTIONS_BOT = "github-actions[bot]"


@contextmanager
def open_desk(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    narrate: Callable[[str], None] | None = None,
    workshop: Workshop | None = None,
) -> Iterator[Desk]:
    """The desk of one process; everything it opened is closed at the end. `narrate` makes it a dry run.

    Without another `workshop` the work side is a child process.
    """
    with ExitStack() as stack:
        clock = SystemClock()
        database = SqliteStore(settings.cache / "accession.sqlite")
        stack.callback(database.close)
        store: Store = OverlayStore(database) if narrate else database
        github: GitHub = _github(settings, store, clock, stack)
        notifier: Notifier = AppriseNotifier(settings.notify)
        if narrate:
            github, notifier = DryRunGitHub(github, narrate), DryRunNotifier(narrate)
        archive = ZenodoApi(settings.zenodo_url, token=settings.zenodo_token or None, clock=clock)
        stack.callback(archive.close)
        yield Desk(
            repository=settings.repository,
            state_key=settings.state_key,
            github=github,
            archive=archive,
            workshop=workshop or _child(environ, stack),
            notifier=notifier,
            store=store,
            clock=clock,
        )


file_workshop = WorkFiles
"""The work side of GitHub Actions' jobs: asked and answering through files."""


def dispatching(github: GitHub, only: str) -> Engine:
    """Whoever is told about a subject starts a workflow; `only` names the one file that a repository may have them all in."""
    return DispatchEngine(github, only)


def _child(environ: Mapping[str, str], stack: ExitStack) -> WorkProcess:
    workshop = WorkProcess(environ)
    stack.callback(workshop.close)
    return workshop


def _github(settings: Settings, store: Store, clock: Clock, stack: ExitStack) -> GitHubApi:
    """An App's installation, Actions' own token (`ghs_…`), or a personal token."""
    login: str | None = None
    if settings.github_app_id:
        requester, login = app_requester(
            settings.github_url, settings.github_app_id, settings.github_app_key, settings.repository
        )
    else:
        requester = token_requester(settings.github_url, settings.github_token)
        login = _ACTIONS_BOT if settings.github_token.startswith("ghs_") else None
    transport = Transport(requester, settings.github_url, store=store, pacer=Pacer(clock), clock=clock)
    stack.callback(transport.close)
    return GitHubApi(transport, settings.repository, bot_login=login)
