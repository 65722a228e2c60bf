"""`python -m tests.world`: the local world from the command line.

    github  --port P --state DIR                          a git-backed GitHub
    zenodo  --port P --state DIR [--open-token NAME:TOKEN]  a Zenodo
    mail    --port P --state DIR                          a mailbox that keeps its mail as .eml files
    publish DIR --zenodo URL --keyword bioimage.io        a folder as a record

The first three print one line with their url and run until SIGTERM or SIGINT. Port 0 takes a free one.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from .faults import Faults
from .mail import Mailbox
from .publish import publish_folder
from .server import HOST, free_port, serve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from wsgiref.types import WSGIApplication

DEFAULT_USER = "contributor:zenodo-token"
"""The Zenodo account that exists from the start, as NAME:TOKEN, so that `publish` works without an account."""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 where a server said no or is away, 2 for a wrong command line."""
    parser = _parser()
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except (requests.RequestException, OSError) as error:
        sys.stderr.write(f"{args.command}: {error}\n")
        return 1
    except ValueError as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.world", description="The local world, piece by piece.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="github|zenodo|mail|publish")
    for name, run, what in (
        ("github", _github, "a git-backed GitHub"),
        ("zenodo", _zenodo, "a Zenodo"),
        ("mail", _mail, "a mailbox over SMTP"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 (the default) takes a free one")
        command.add_argument("--state", type=Path, required=True, help="folder that keeps everything over a restart")
        command.set_defaults(run=run)
    commands.choices["zenodo"].add_argument(
        "--open-token",
        metavar="NAME:TOKEN",
        action="append",
        default=[],
        help=f"create an account with this token; may be repeated ({DEFAULT_USER} always exists)",
    )
    _add_publish(commands)
    return parser


def _add_publish(commands: Any) -> None:
    command = commands.add_parser("publish", help="publish a folder as a record")
    command.add_argument("folder", type=Path, metavar="DIR")
    command.add_argument("--zenodo", required=True, metavar="URL", help="as printed by the zenodo command")
    command.add_argument("--keyword", required=True, help="what the bot looks for, for instance bioimage.io")
    command.add_argument("--token", default=DEFAULT_USER.partition(":")[2], help="default: %(default)s")
    command.add_argument("--title", help="default: the folder's name")
    command.add_argument("--concept", help="publish the next version of this concept (or of this record)")
    command.set_defaults(run=_publish)


def _github(args: argparse.Namespace) -> int:
    from .github import GitHubWorld

    port = args.port or free_port()
    return _run(GitHubWorld(args.state, url=f"http://{HOST}:{port}"), port)


def _zenodo(args: argparse.Namespace) -> int:
    from .zenodo import ZenodoWorld

    port = args.port or free_port()
    world = ZenodoWorld(args.state, url=f"http://{HOST}:{port}")
    for account in [DEFAULT_USER, *args.open_token]:
        name, colon, token = account.partition(":")
        if not (name and colon and token):
            raise ValueError(f"--open-token wants NAME:TOKEN, not {account!r}")
        world.add_user(name, token)
    return _run(world, port)


def _mail(args: argparse.Namespace) -> int:
    with Mailbox(args.state, args.port) as mailbox:
        _say(f"{mailbox.url} keeps its mail in {args.state}")
        _wait()
    return 0


def _publish(args: argparse.Namespace) -> int:
    if not args.folder.is_dir():
        raise ValueError(f"{args.folder} is not a folder")
    record = publish_folder(
        args.folder,
        zenodo=args.zenodo,
        keyword=args.keyword,
        token=args.token,
        concept=args.concept,
        title=args.title,
    )
    _say(f"{record['id']} {record['links']['self_html']}")
    return 0


def _run(world: WSGIApplication, port: int) -> int:
    with serve(Faults(world), port) as served:
        _say(served.url)
        _wait()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _wait() -> None:
    """Until somebody says stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


if __name__ == "__main__":
    sys.exit(main())
