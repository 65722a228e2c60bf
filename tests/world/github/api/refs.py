"""Git refs (docs: REST, Git database, References)."""

from __future__ import annotations

from tests.world.github.acts.pushes import push
from tests.world.github.call import NOTHING, Answer, Call
from tests.world.github.errors import ApiError, invalid, not_found
from tests.world.github.guard import may_move
from tests.world.github.routes import REPO, SHA, Routes
from tests.world.github.shapes import repositories as shapes

routes = Routes("git/refs")


@routes.add("GET", f"{REPO}/git/ref/<path:ref>", f"{REPO}/git/refs/<path:ref>", need="read")
def get(call: Call) -> Answer:
    name = f"refs/{call.args['ref']}"
    sha = call.git.ref(name)
    if sha is None:
        raise not_found()
    return Answer(shapes.ref(call.core, call.repo, name, sha))


@routes.add("GET", f"{REPO}/git/matching-refs/<path:ref>", f"{REPO}/git/matching-refs", need="read")
def matching(call: Call) -> Answer:
    found = call.git.refs(f"refs/{call.args.get('ref', '')}")
    return Answer([shapes.ref(call.core, call.repo, name, sha) for name, sha in found.items()])


@routes.add("POST", f"{REPO}/git/refs", need="write", git=True)
def create(call: Call) -> Answer:
    name, sha = call.need("Reference", "ref"), call.need("Reference", "sha")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise ApiError(422, "Reference name must start with 'refs/' and have at least two slashes.")
    if name.startswith("refs/pull/") or ".." in name or name.endswith((".lock", "/")) or set(name) & set(" ~^:?*[\\"):
        raise ApiError(422, f"{name} is not a valid ref name.")
    if not SHA.fullmatch(sha):
        raise invalid("The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if call.git.kind(sha) is None:
        raise ApiError(422, "Object does not exist")
    if call.git.ref(name):
        raise ApiError(422, "Reference already exists")
    may_move(call, name, sha)
    push(call.core, call.repo, name, sha, call.actor)
    return Answer(shapes.ref(call.core, call.repo, name, sha), 201)


@routes.add("PATCH", f"{REPO}/git/refs/<path:ref>", need="read")
def update(call: Call) -> Answer:
    name, sha = f"refs/{call.args['ref']}", call.need("Reference", "sha")
    may_move(call, name, sha)
    old = call.git.ref(name)
    if old is None:
        raise ApiError(422, "Reference does not exist")
    if call.git.kind(sha) is None:
        raise ApiError(422, "Object does not exist")
    if not call.body.get("force") and not call.git.contains(sha, old):
        raise ApiError(422, "Update is not a fast forward")
    push(call.core, call.repo, name, sha, call.actor)
    return Answer(shapes.ref(call.core, call.repo, name, sha))


@routes.add("DELETE", f"{REPO}/git/refs/<path:ref>", need="write", git=True)
def delete(call: Call) -> Answer:
    name = f"refs/{call.args['ref']}"
    may_move(call, name, None)
    if call.git.ref(name) is None:
        raise ApiError(422, "Reference does not exist")
    push(call.core, call.repo, name, None, call.actor)
    return NOTHING
