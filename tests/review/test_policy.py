"""`collection/accession.yaml`: read strictly, every mistake named."""

from dataclasses import replace

import pytest

from bot import plain_json
from bot.errors import ConfigError
from bot.records.policy import DEFAULT_LIMITS, Person, Policy
from bot.review.policy import job_policy, read_policy

LEAST = """\
name: Zoo
keywords: [bioimage.io]
people:
- {id: 1, login: curator, mail: curator@zoo.example}
- {id: 2, login: second}
"""
ALL = (
    LEAST
    + """\
types: [model]
approvals: 2
mentions: 0
publish_branch: pages
evidence_branch: proof
evidence_days: 3
quotas: {per_owner: 1, open: 2}
minimum_format_version: {model: 0.5.0}
limits: {files: 7, by_type: {model: {box_seconds: 5}}}
tolerance: {relative_ceiling: 0.5, mismatch_ppm_ceiling: 3}
"""
)


def test_the_least_policy_takes_the_defaults():
    found = read_policy(LEAST.encode())
    people = (Person(1, "curator", "curator@zoo.example"), Person(2, "second", None))
    assert replace(found, digest="") == Policy("Zoo", ("bioimage.io",), people)
    assert found.mails == ("curator@zoo.example",)


def test_every_field_is_read():
    found = read_policy(ALL.encode())
    assert (found.types, found.approvals, found.mentions, found.publish_branch) == (("model",), 2, 0, "pages")
    assert (found.evidence_branch, found.evidence_days) == ("proof", 3)
    assert (found.per_owner, found.open, found.minimum_format_version) == (1, 2, {"model": "0.5.0"})
    assert found.limits == {**DEFAULT_LIMITS, "files": 7}
    assert found.limits_by_type == {"model": {"box_seconds": 5}}
    assert found.evidence_days == 3
    assert (found.relative_ceiling, found.mismatch_ppm_ceiling) == (0.5, 3)


def test_the_digest_follows_what_a_verdict_depends_on_and_nothing_else():
    first = read_policy(LEAST.encode()).digest
    assert read_policy(LEAST.replace("Zoo", "Park").replace("id: 2", "id: 3").encode()).digest == first
    assert (
        len({first, read_policy(ALL.encode()).digest, read_policy((LEAST + "types: [model]\n").encode()).digest}) == 3
    )
    assert read_policy(LEAST.encode() + b"evidence_days: 3\n").digest == first
    assert read_policy(LEAST.encode() + b"limits: {by_type: {model: {box_pids: 3}}}\n").digest != first


@pytest.mark.parametrize("text", [LEAST, ALL])
def test_the_job_part_fits_the_job_schema(text):
    part = job_policy(read_policy(text.encode()))
    job = {
        "schema": "accession/job/1",
        "verb": "prepare",
        "source": {"archive": "none", "concept": "x", "record": "", "files": []},
        "rdf_override": None,
        "policy": part,
    }
    assert plain_json.validate(job, "job") == job


BROKEN = {
    "people": LEAST.partition("people")[0],
    "name": LEAST.replace("name: Zoo\n", ""),
    "people/0/id": LEAST.replace("id: 1", "id: curator"),
    "people/0": LEAST.replace("login: curator, ", ""),
    "approvals": LEAST + "approvals: 0\n",
    "types/0": LEAST + "types: [poem]\n",
    "limits": LEAST + "limits: {wishes: 3}\n",
    "limits/by_type": LEAST + "limits: {by_type: {poem: {box_seconds: 3}}}\n",
    "limits/by_type/model": LEAST + "limits: {by_type: {model: {files: 3}}}\n",
    "limits/by_type/model/box_seconds": LEAST + "limits: {by_type: {model: {box_seconds: 0}}}\n",
    "quotas/open": LEAST + "quotas: {open: 0}\n",
    "evidence_branch": LEAST + "evidence_branch: a/b\n",
    "evidence_days": LEAST + "evidence_days: -1\n",
    "keywords": LEAST.replace("[bioimage.io]", "bioimage.io"),
}


@pytest.mark.parametrize("field", BROKEN)
def test_a_mistake_is_named_with_its_field(field):
    with pytest.raises(ConfigError) as found:
        read_policy(BROKEN[field].encode())
    assert found.value.reason == "policy"
    assert found.value.message.startswith("collection/accession.yaml: ")
    assert field.split("/")[0] in found.value.message


def test_the_branch_that_is_written_over_is_not_the_published_one():
    with pytest.raises(ConfigError, match="evidence_branch: it needs a branch of its own"):
        read_policy((LEAST + "publish_branch: pages\nevidence_branch: pages\n").encode())


def test_an_unknown_field_is_a_mistake():
    with pytest.raises(ConfigError, match="aprovals"):
        read_policy((LEAST + "aprovals: 2\n").encode())


def test_no_policy_says_what_to_write():
    with pytest.raises(ConfigError, match=r"has no collection/accession\.yaml") as found:
        read_policy(None)
    assert found.value.reason == "no-policy"


@pytest.mark.parametrize(
    "content",
    [
        b"name: [",
        b"name: a\nname: b\n",
        b"\xff\xfe\x00",
        b"- a\n",
        b"",
        b"name: 2001-99-99\n",
        b"x: &a [*b]\n",
        b"#" * 65_537,
    ],
    ids=["broken", "twice", "binary", "a list", "empty", "no date", "no anchor", "too large"],
)
def test_what_is_no_policy_is_a_sentence_and_never_a_traceback(content):
    with pytest.raises(ConfigError) as found:
        read_policy(content)
    assert "collection/accession.yaml" in found.value.message
