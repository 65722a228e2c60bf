"""Many pull requests that wait for a review, founded in the world itself: each is as the bot leaves it, and nobody waited for it.

The report comments are signed with the bot's own key over the bot's own words for them: one look at each writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.conftest import REPOSITORY, rdf

if TYPE_CHECKING:
    from tests.journeys.conftest import Little


def crowd(little: Little, count: int, *, first: int = 0) -> None:
    """By hand-made pull requests of contributors, each with an entry of its own; the bot has not seen them yet."""
    github = little.github
    with github.transaction():
        for number in range(first, first + count):
            folder = f"collection/entries/crowd-{number}/1"
            github.commit_files(
                REPOSITORY, f"add/{number}", {f"{folder}/rdf.yaml": rdf(name=f"Crowd {number}")}, author="ada"
            )
            github.open_pull(REPOSITORY, f"add/{number}", login="ada", title=f"Add crowd-{number}")
