"""Which function answers which path, what role it asks for, and the documentation page its errors name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.routing import BaseConverter, Map, Rule

from tests.world.github.call import Answer, Call

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

Handler = Callable[[Call], Answer]
PageHandler = Callable[..., "Response"]

REPO = "/repos/<owner>/<name>"
RESERVED = (
    "repos",
    "users",
    "user",
    "orgs",
    "app",
    "apps",
    "graphql",
    "search",
    "rate_limit",
    "_world",
    "installation",
)


class OwnerConverter(BaseConverter):
    """An owner in a page's path: anything but the API's own first words."""

    part_isolating = True
    regex = rf"(?!(?:{'|'.join(RESERVED)})/)[^/]+"


@dataclass(frozen=True)
class Endpoint:
    """A handler with the role it needs. ``git`` marks pushing, whose refusal is worded differently."""

    handler: Callable[..., Any]
    area: str = "api"  # api | web | world
    need: str | None = None
    git: bool = False
    docs: str = ""
    ledger: bool = True  # False for what only mints a credential


class Routes:
    """The routes of one module. ``docs`` is its page below docs.github.com/rest."""

    def __init__(self, docs: str = "", area: str = "api") -> None:
        self.docs = docs
        self.area = area
        self.rules: list[Rule] = []

    def add(
        self, method: str, *paths: str, need: str | None = None, git: bool = False, ledger: bool = True
    ) -> Callable[[Any], Any]:
        """Register a function for paths; ``need`` is the least role in the repository of the path."""

        def keep(handler: Any) -> Any:
            endpoint = Endpoint(handler, self.area, need, git, self.docs, ledger)
            self.rules += [Rule(path, methods=[method], endpoint=endpoint) for path in paths]
            return handler

        return keep


def build(modules: list[Routes]) -> Map:
    return Map(
        [rule for routes in modules for rule in routes.rules],
        converters={"page_owner": OwnerConverter},
        strict_slashes=False,
        merge_slashes=False,
    )


SHA = re.compile(r"[0-9a-f]{40}")
