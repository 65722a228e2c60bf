"""The process that holds a TensorFlow.js model, played by a script of a few lines in place of Node."""

import sys
from pathlib import Path

import pytest

from workflows.dynamic import formats
from workflows.dynamic.adapters import node

PLAYED = """
import json, os, sys
print(json.dumps({"backend": "wasm", "node": "24.0.0", "secret": os.environ.get("ACCESSION_SECRET")}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "die":
        os._exit(3)
    if asked["do"] == "fail":
        print(json.dumps({"error": "Unknown layer: Mine", "stack": "at deserialize"}), flush=True)
    else:
        print(json.dumps({"asked": asked}), flush=True)
"""


@pytest.fixture
def played(tmp_path, monkeypatch):
    """Node's place is taken; whatever was started is ended."""
    (tmp_path / "run.mjs").write_text(PLAYED)
    monkeypatch.setattr(formats, "node", lambda: sys.executable)
    monkeypatch.setattr(formats, "TFJS_SCRIPT", tmp_path / "run.mjs")
    yield monkeypatch
    node.end_all()


def test_a_question_has_its_answer(played):
    process = node.taken()
    assert process.hello["backend"] == "wasm"
    assert process.ask({"do": "run", "text": "ä\n"}) == {"asked": {"do": "run", "text": "ä\n"}}
    assert process.ask({"do": "run"}) == {"asked": {"do": "run"}}


def test_an_error_is_an_exception_that_begins_with_nodes_words(played):
    process = node.taken()
    with pytest.raises(node.TensorFlowJsError) as caught:
        process.ask({"do": "fail"})
    assert str(caught.value).splitlines() == ["Unknown layer: Mine", "at deserialize"]
    assert process.ask({"do": "run"})


def test_a_process_that_ends_is_told(played):
    process = node.taken()
    with pytest.raises(node.TensorFlowJsError, match="Node ended with exit code 3 before it answered"):
        process.ask({"do": "die"})
    with pytest.raises(node.TensorFlowJsError, match="exit code 3"):
        process.ask({"do": "run"})
    process = node.taken()
    process.process.kill()
    with pytest.raises(node.TensorFlowJsError, match="Node ended with signal 9"):
        process.ask({"do": "run"})


def test_the_waiting_one_is_taken_and_all_are_ended(played):
    node.prepare()
    node.prepare()
    waiting = node.taken()
    other = node.taken()
    assert waiting.process.pid != other.process.pid
    node.end_all()
    assert not Path(f"/proc/{waiting.process.pid}").exists()
    assert (waiting.process.returncode, other.process.returncode) == (-9, -9)
    node.end_all()


def test_nothing_of_the_boxs_surroundings_is_handed_on(played):
    played.setenv("ACCESSION_SECRET", "x")
    assert node.taken().hello["secret"] is None
