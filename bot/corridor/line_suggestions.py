"""Suggestions on the lines of a pull request: what stands there, posting what is missing, resolving what is done.

What is kept in the local store spares requests alone: that GitHub refused the blocks of a head, and that the threads were seen
to be as they should be. Losing it costs a try and a look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.errors import GatewayError
from bot.feedback.blocks import BLOCKS_A_REVIEW, block, block_key
from bot.records.suggestions import Block, offered, offers
from bot.review.corrections import lines_of
from bot.words import applying as words

if TYPE_CHECKING:
    from bot.corridor.desk import Desk
    from bot.records.decision import SettleThreads, Suggest
    from bot.records.facts import Checked, PullFacts
    from bot.records.github import Pull
    from bot.records.state import State

_SETTLED, _REFUSED = "threads settled", "blocks refused"

log = structlog.get_logger()


def standing(desk: Desk, number: int, state: State | None, checked: Checked | None) -> tuple[Block, ...]:
    """Our blocks, by author and signature; nothing is asked where there can be none."""
    if not (state and state.suggested) and not (checked and offered(checked.report)):
        return ()
    viewer, where = desk.github.viewer().user.id, desk.where(number)
    mine = (c for c in desk.github.review_comments(number) if c.author.id == viewer)
    keyed = ((c.id, block_key(c.body, desk.state_key, where)) for c in mine)
    return tuple(Block(comment, key) for comment, key in sorted(keyed) if key)


def settled(desk: Desk, number: int) -> str:
    """With which blocks and open suggestions the threads were last seen to be as they should be."""
    return str((desk.store.get(_SETTLED, str(number)) or {}).get("name", ""))


def refused(desk: Desk, pull: Pull) -> bool:
    """GitHub did not take blocks on this head."""
    return (desk.store.get(_REFUSED, str(pull.number)) or {}).get("sha") == pull.head_sha


def post(desk: Desk, facts: PullFacts, action: Suggest) -> None:
    """Reviews of at most 30 comments each; what cannot be posted is still in the numbered list."""
    if facts.checked is None or facts.place is None or facts.content.rdf is None:
        return
    if lines_of(desk.github.blob(facts.content.rdf)) is None:
        _give_up(desk, facts, "line ends that git does not know")
        return
    number, path = facts.pull.number, f"{facts.place.folder}/rdf.yaml"
    due = [offer for offer in offers(facts.checked.report) if offer.key in action.keys]
    made = [block(offer, path, desk.state_key, desk.where(number)) for offer in due]
    try:
        for start in range(0, len(made), BLOCKS_A_REVIEW):
            some = made[start : start + BLOCKS_A_REVIEW]
            desk.github.create_review(number, commit=facts.pull.head_sha, body=words.review_body(), comments=some)
    except GatewayError as error:
        if error.transient:
            raise
        _give_up(desk, facts, error.message)


def _give_up(desk: Desk, facts: PullFacts, why: str) -> None:
    """Not tried again on this head."""
    desk.store.put(_REFUSED, str(facts.pull.number), {"sha": facts.pull.head_sha})
    log.warning("suggestions_refused", pull=facts.pull.number, why=why)


def settle(desk: Desk, facts: PullFacts, action: SettleThreads) -> None:
    """Resolve what is done, open again what came back; what a person resolved stays resolved."""
    number, keys = facts.pull.number, {block.comment: block.key for block in facts.blocks}
    mine = desk.github.viewer().user.login.removesuffix("[bot]")
    try:
        threads = [thread for thread in desk.github.review_threads(number) if thread.comment in keys]
        done = [t.node_id for t in threads if keys[t.comment] not in action.open and not t.resolved]
        ours = [t for t in threads if t.resolved and (t.resolved_by or mine).removesuffix("[bot]") == mine]
        again = [t.node_id for t in ours if keys[t.comment] in action.open]
        if done or again:
            desk.github.set_threads(resolved=done, unresolved=again)
    except GatewayError as error:
        if error.transient:
            raise
        log.warning("threads_not_settled", pull=number, reason=error.reason, message=error.message)
    desk.store.put(_SETTLED, str(number), {"name": action.name})
