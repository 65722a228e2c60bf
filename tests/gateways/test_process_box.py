"""Without an engine: a real subprocess that speaks the protocol, for trusted bytes alone."""

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import GatewayError
from bot.gateways.boxes_trust import read_trusted
from bot.gateways.process_box import ProcessBoxes
from bot.records.box import FIRST, BoxEnd, BoxLimits

HOSTILE = Path(__file__).parent / "hostile" / "run.py"
LIMITS = BoxLimits(seconds=20, memory_bytes=512 * 1024**2, output_bytes=64 * 1024**2)


class Taken(dict):
    def __call__(self, name, chunks, size):
        self[name] = b"".join(chunks)


def sha(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def make(tmp_path):
    """Boxes whose `workflows` is the hostile program."""
    package = tmp_path / "path" / "workflows"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(HOSTILE.read_text().replace('"/in', 'os.environ["ACCESSION_IN"] + "'))

    def made(*contents):
        return ProcessBoxes(sys.executable, frozenset(map(sha, contents)), tmp_path / "work", cwd=tmp_path / "path")

    return made


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "blob"
    path.write_bytes(b"sample")
    path.chmod(0o444)
    return path


def test_the_projects_own_sample_runs(make, source):
    taken = Taken()
    run = make(b"sample").run({"verb": "produce", "attack": "good"}, {"a.npy": source}, LIMITS, taken)
    assert run.end is BoxEnd.DONE, run
    assert json.loads(taken["produced"])["inputs"] == ["a.npy"]


@pytest.mark.parametrize("trusted", [(), (b"other",)])
def test_everything_else_is_refused(make, source, trusted):
    with pytest.raises(GatewayError) as raised:
        make(*trusted).run({"verb": "produce", "attack": "good"}, {"a.npy": source}, LIMITS, Taken())
    assert raised.value.reason == "untrusted-without-engine"
    assert "No container engine answers" in raised.value.message


def test_one_unknown_file_among_trusted_ones_is_enough(make, source, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"unknown")
    with pytest.raises(GatewayError):
        make(b"sample").run({"verb": "produce", "attack": "good"}, {"a": source, "b": other}, LIMITS, Taken())


def test_what_a_trusted_job_hands_out_is_trusted_also_by_the_next_process(make, source, tmp_path):
    taken = Taken()
    make(b"sample").run({"verb": "produce", "attack": "good", "size": 5}, {"a.npy": source}, LIMITS, taken)
    derived = tmp_path / "derived"
    derived.write_bytes(taken["tensor-0"])
    job = {"verb": "produce", "attack": "good"}
    assert make(b"sample").run(job, {"b.npy": derived}, LIMITS, Taken()).end is BoxEnd.DONE


def test_neither_settings_nor_tokens_are_handed_on(make, source, monkeypatch):
    monkeypatch.setenv("ACCESSION_ZENODO_TOKEN", "s3cret")
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    taken = Taken()
    make(b"sample").run({"verb": "produce", "attack": "secrets"}, {"a.npy": source}, LIMITS, taken)
    environ = json.loads(taken["produced"])["environ"]
    assert "s3cret" not in json.dumps(environ)
    assert [name for name in environ if name.startswith("ACCESSION")] == ["ACCESSION_IN"]


@pytest.mark.parametrize(
    ("attack", "end"),
    [
        ("loop", BoxEnd.TIME),
        ("sleepless", BoxEnd.FAILED),
        ("flood", BoxEnd.OUTPUT),
        ("silent", BoxEnd.PROTOCOL),
        ("garbage", BoxEnd.PROTOCOL),
        ("crash", BoxEnd.FAILED),
        ("memory", BoxEnd.FAILED),
        ("cut", BoxEnd.FAILED),
    ],
)
def test_limits_and_protocol_hold_here_too(make, source, attack, end):
    run = make(b"sample").run({"verb": "produce", "attack": attack}, {"a": source}, replace(LIMITS, seconds=2), Taken())
    assert run.end is end, run


def test_killed_by_somebody_else_is_nobodys_verdict(make, source):
    with pytest.raises(GatewayError) as raised:
        make(b"sample").run({"verb": "produce", "attack": "killed"}, {"a": source}, LIMITS, Taken())
    assert (raised.value.reason, raised.value.transient) == ("box-killed", True)


def test_nothing_is_left_behind(make, source, tmp_path):
    make(b"sample").run({"verb": "produce", "attack": "good"}, {"a.npy": source}, LIMITS, Taken())
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["derived"]


def test_the_one_image_may_be_called_by_its_digest(make, source):
    boxes = make(b"sample")
    job = {"verb": "produce", "attack": "good"}
    assert boxes.run(job, {"a": source}, LIMITS, Taken(), image=boxes.images()[FIRST]).end is BoxEnd.DONE


def test_there_is_no_other_image(make, source):
    boxes = make(b"sample")
    assert set(boxes.images()) == {FIRST}
    with pytest.raises(GatewayError) as raised:
        boxes.run({"verb": "produce", "attack": "good"}, {"a": source}, LIMITS, Taken(), image="tensorflow")
    assert raised.value.reason == "no-image"
    assert boxes.machine().at_once(LIMITS) >= 1


def test_the_digest_follows_the_sources(make, tmp_path):
    first = make().images()[FIRST]
    assert first.startswith("process-")
    (tmp_path / "path" / "workflows" / "rule.py").write_text("changed = True\n")
    assert make().images() != {FIRST: first}


def test_a_python_that_is_not_there_is_ours(tmp_path):
    with pytest.raises(GatewayError) as raised:
        ProcessBoxes("/nowhere/python", frozenset(), tmp_path / "work").images()
    assert raised.value.reason == "no-job-python"


def test_the_list_of_trusted_hashes(tmp_path):
    path = tmp_path / "trusted"
    path.write_text(f"{sha(b'a')}  a.npy\n\n# words\n{sha(b'b')}\nshort\n")
    assert read_trusted(path) == {sha(b"a"), sha(b"b")}
    assert read_trusted(tmp_path / "absent") == read_trusted(None) == frozenset()


def test_there_are_no_images_without_an_engine(make, source):
    boxes = make(b"sample")
    with pytest.raises(GatewayError) as refused:
        boxes.run({"verb": "produce"}, {"a.npy": source}, BoxLimits(), lambda *_: None, image="sha256:0")
    assert refused.value.reason == "no-image"
