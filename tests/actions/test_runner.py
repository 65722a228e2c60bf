"""The runner of these tests: it knows GitHub's rules that the workflows stand on, and refuses what it does not know."""

from __future__ import annotations

import pytest

from tests.actions.expressions import Strict, UnknownError, condition, evaluate, fill
from tests.actions.stage import REPOSITORY, leaks, set_stage

CONTEXTS = {
    "needs": Strict({"a": {"result": "success", "outputs": {"list": '["x"]', "no": "false"}}}),
    "inputs": Strict({"pull": "12", "empty": ""}),
    "github": Strict({"event": {"issue": {"pull_request": {}}}, "event_name": "schedule"}),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("needs.a.result == 'SUCCESS'", True),
        ("needs.a.outputs.list != '[]'", True),
        ("needs.a.outputs.absent || 'else'", "else"),
        ("inputs.empty && 'yes' || 'no'", "no"),
        ("(inputs.pull || 0) == 12", True),
        ("!inputs.empty", True),
        ("fromJSON(needs.a.outputs.list)", ["x"]),
        ("contains('Say /Accession', '/accession')", True),
        ("contains(fromJSON('[1, 2]'), 2)", True),
        ("github.event.issue.pull_request != null", True),
        ("github.event.comment.body", None),
        ("'it''s'", "it's"),
        ("success()", True),
        ("failure() || cancelled()", False),
        ("always() && 1.5 == '1.5'", True),
    ],
)
def test_an_expression(text, value):
    assert evaluate(text, CONTEXTS) == value


@pytest.mark.parametrize(
    "text",
    ["needs.b.result", "inputs.other", "secrets.KEY", "hashFiles('x')", "1 + 1", "a b", "github..x", "'open", "(1"],
)
def test_an_expression_that_nobody_knows_is_refused(text):
    with pytest.raises(UnknownError):
        evaluate(text, CONTEXTS)


def test_texts_are_filled_and_whole_expressions_keep_their_type():
    assert fill("pull-${{ inputs.pull }}${{ inputs.empty }}", CONTEXTS) == "pull-12"
    assert fill("${{ fromJSON(needs.a.outputs.list) }}", CONTEXTS) == ["x"]
    with pytest.raises(UnknownError):
        fill("a ${{ fromJSON('[]') }}", CONTEXTS)


def test_what_was_skipped_skips_what_needs_it_unless_a_status_is_asked_for():
    assert not condition("true", CONTEXTS, "skipped")
    assert condition("!failure() && !cancelled()", CONTEXTS, "skipped")
    assert not condition("!failure()", CONTEXTS, "failure")
    assert condition("${{ always() }}", CONTEXTS, "failure")


def workflow(job, permissions="{}"):
    return f"on: {{schedule: [{{cron: x}}]}}\npermissions: {permissions}\njobs:\n{job}"


STEPS = "    runs-on: ubuntu-24.04\n    steps:\n"
REFUSED = {
    "a key of a workflow": "on: {schedule: [{cron: x}]}\ndefaults: {}\npermissions: {}\njobs: {}\n",
    "a key of a job": workflow("  a:\n    container: x\n" + STEPS + "      - run: ls\n"),
    "a key of a step": workflow("  a:\n" + STEPS + "      - run: ls\n        working-directory: x\n"),
    "an expression in a script": workflow("  a:\n" + STEPS + "      - run: echo ${{ github.event.x }}\n"),
    "an action": workflow("  a:\n" + STEPS + "      - uses: some/action@v1\n"),
    "an action that is not pinned": workflow("  a:\n" + STEPS + "      - uses: actions/checkout@v4\n"),
    "a permission": workflow("  a:\n    permissions: {everything: write}\n" + STEPS + "      - run: ls\n"),
    "no permissions": "on: {schedule: [{cron: x}]}\njobs:\n  a:\n" + STEPS + "      - run: ls\n",
    "a circle": workflow(
        "  a:\n    needs: b\n" + STEPS + "      - run: ls\n  b:\n    needs: a\n" + STEPS + "      - run: ls\n"
    ),
    "a job that is not needed": workflow("  a:\n    if: needs.b.result == 'x'\n" + STEPS + "      - run: ls\n"),
    "a called workflow that asks for more": workflow(
        "  a:\n    permissions: {contents: read}\n    uses: ./.github/workflows/accession.yml\n    with: {what: publish}\n"
    ),
    "a called workflow's input": workflow(
        "  a:\n    uses: OWNER/accession/.github/workflows/accession.yml@" + "a" * 40 + "\n    with: {wat: publish}\n"
    ),
    "a called workflow of a branch": workflow("  a:\n    uses: OWNER/accession/.github/workflows/accession.yml@main\n"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_workflow_that_nobody_knows_is_refused(what, tmp_path):
    from tests.actions.stage import workflows

    files = workflows() | {".github/workflows/bad.yml": REFUSED[what]}
    with set_stage(tmp_path, [], files) as stage, pytest.raises(UnknownError):
        stage.hub.schedule("bad.yml", "x")


LEAKY = """\
  work:
    permissions: {contents: read}
    runs-on: ubuntu-24.04
    env:
      SOME: GIVEN
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
        with: {persist-credentials: KEPT}
      - run: "true # accession actions judge"
"""


@pytest.mark.parametrize(
    ("kept", "given", "found"),
    [
        ("false", "nothing", 0),
        ("true", "nothing", 1),
        ("false", "${{ secrets.ACCESSION_STATE_KEY }}", 1),
        ("false", "${{ github.token }}", 1),
        ("false", "Bearer ${{ github.token }}", 1),
    ],
)
def test_a_secret_beside_contributed_content_is_found(kept, given, found, tmp_path):
    """What the journey asserts is absent would be seen if it were there."""
    text = workflow(LEAKY.replace("KEPT", kept).replace("GIVEN", given))
    with set_stage(tmp_path, [], {".github/workflows/leaky.yml": text}) as stage:
        run = stage.hub.schedule("leaky.yml", "x")
        assert len(leaks(stage, [run])) == found


def test_a_jobs_token_may_no_more_than_the_job_declares(tmp_path):
    step = """\
      - env:
          TOKEN: ${{ github.token }}
          API: ${{ github.api_url }}
        run: |
          curl --silent --output nothing --write-out '%{http_code}' --header "Authorization: Bearer $TOKEN" \\
            --request METHOD "$API/repos/zoo/collection/PATH"
"""
    for method, path, code in (("GET", "contents/README.md", "200"), ("POST", "pulls", "403")):
        job = "  a:\n    permissions: {contents: read}\n" + STEPS + step.replace("PATH", path).replace("METHOD", method)
        with set_stage(tmp_path / code, [], {".github/workflows/try.yml": workflow(job)}) as stage:
            run = stage.hub.schedule("try.yml", "x")
            assert run.jobs[0].steps[0].out == code


MANY = """\
  a:
    strategy:
      fail-fast: false
      matrix:
        n: ${{ fromJSON('[0, 1, 2]') }}
    env:
      N: ${{ matrix.n }}
    runs-on: ubuntu-24.04
    steps:
      - run: exit "$((N == 1))"
  b:
    needs: a
    runs-on: ubuntu-24.04
    steps:
      - run: ls
  c:
    needs: a
    if: needs.a.result == 'failure' && always()
    runs-on: ubuntu-24.04
    steps:
      - run: ls
"""


def test_a_matrix_fails_when_one_of_it_fails_and_the_others_go_on(tmp_path):
    with set_stage(tmp_path, [], {".github/workflows/many.yml": workflow(MANY)}) as stage:
        run = stage.hub.schedule("many.yml", "x")
        assert {name: one.result for name, one in run.results.items()} == {
            "a": "failure",
            "b": "skipped",
            "c": "success",
        }
        assert len([one for one in run.jobs if one.name == "a"]) == 3
        assert run.repository == REPOSITORY
