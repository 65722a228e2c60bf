"""Branches (docs: REST, Branches)."""

from __future__ import annotations

from tests.world.github.call import Answer, Call, page
from tests.world.github.errors import not_found
from tests.world.github.routes import REPO, Routes
from tests.world.github.shapes import repositories as shapes
from tests.world.github.shapes.commits import commit

routes = Routes("branches/branches")
PROTECTION = {"enabled": True, "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []}}


@routes.add("GET", f"{REPO}/branches", need="read")
def branch_list(call: Call) -> Answer:
    names = {ref.removeprefix("refs/heads/"): sha for ref, sha in call.git.refs("refs/heads/").items()}
    asked = call.query("protected")
    listed = [name for name in names if not asked or (name in call.repo.protected) == (asked == "true")]
    return page(call, listed, lambda name: shapes.branch(call.core, call.repo, name, names[name]))


@routes.add("GET", f"{REPO}/branches/<path:branch>", need="read")
def branch(call: Call) -> Answer:
    name = call.args["branch"]
    sha = call.git.branch(name)
    if sha is None:
        raise not_found("Branch not found")
    url = f"{call.core.url}/repos/{call.repo.full_name}/branches/{name}"
    guarded = name in call.repo.protected
    extra = {
        "commit": commit(call.core, call.repo, sha),
        "_links": {"self": url, "html": f"{call.core.url}/{call.repo.full_name}/tree/{name}"},
        "protection": PROTECTION | {"enabled": guarded},
        "protection_url": url + "/protection",
    }
    return Answer(shapes.branch(call.core, call.repo, name, sha) | extra)
