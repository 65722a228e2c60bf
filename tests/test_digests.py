"""Names that follow from bytes agree with everybody else's."""

import subprocess

from bot.digests import blob_sha, digest, job_id


def test_a_blob_has_the_name_that_git_gives_it():
    for content in (b"", b"{}\n", bytes(range(256))):
        git = subprocess.run(["git", "hash-object", "--stdin"], input=content, capture_output=True, check=True)
        assert blob_sha(content) == git.stdout.decode().strip()


def test_a_digest_is_sha256_of_utf8():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("é") != digest("e")


def test_whose_turn_it_is_names_no_other_question():
    job = {"verb": "check", "rdf_override": None}
    turns = ({"contributor": "a", "kind": "new"}, {"contributor": "b", "kind": "retest"})
    assert {job_id(job | {"turn": turn}) for turn in turns} == {job_id(job)}
    assert job_id(job | {"attempt": "0.1"}) != job_id(job)
    assert job_id(job).startswith("check-")
