"""A quiet repository's workflows are kept enabled, and nobody's own decision is undone."""

from __future__ import annotations

import pytest

from bot.errors import GatewayError
from tests.gateways.github_doors import ZOO, doors

FILE = "accession.yml"


@pytest.fixture
def hub(tmp_path):
    with doors(tmp_path, "actions") as hub:
        hub.world.commit_files(ZOO, "main", {f".github/workflows/{FILE}": "on:\n  workflow_dispatch:\n"}, author="zoo")
        yield hub


def test_what_is_enabled_is_enabled_once_more(hub):
    before = hub.world.workflow(ZOO, FILE)
    hub.api.keep_enabled(FILE)
    after = hub.world.workflow(ZOO, FILE)
    assert (before.state, after.state) == ("active", "active")
    assert after.updated > before.updated
    assert hub.counted("write") == 1


def test_what_github_disabled_is_on_again(hub):
    hub.world.disable_workflow(ZOO, FILE, why="inactivity")
    hub.api.keep_enabled(FILE)
    assert hub.world.workflow(ZOO, FILE).state == "active"


def test_what_somebody_disabled_stays_so(hub):
    hub.world.disable_workflow(ZOO, FILE)
    hub.api.keep_enabled(FILE)
    assert hub.world.workflow(ZOO, FILE).state == "disabled_manually"
    assert hub.counted("write") == 0


def test_one_that_is_not_there_is_an_error(hub):
    with pytest.raises(GatewayError) as found:
        hub.api.keep_enabled("none.yml")
    assert found.value.status == 404
