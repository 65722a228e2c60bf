"""The static check's verdict is the specification's: as often as promised, on real files and on files made from them."""

import re

import pytest

from tests.agreement.__main__ import ASKED, documents, mutated
from tests.agreement.corpus import JOB_PYTHON, Case, Peer, cases
from tests.agreement.fields import field_of, same_field
from tests.agreement.mutate import texts
from tests.agreement.samples import own
from tests.agreement.table import compare, lines

PROMISED = 0.99
PROMISED_FIELDS = 0.95


def real_cases():
    return [one for one in cases() if re.search(ASKED, one.family)]


@pytest.mark.realdata
def test_real_files_are_judged_as_the_specification_judges_them():
    found = compare(real_cases())
    assert found.total > 600
    assert found.agreed >= PROMISED * found.total, "\n".join(lines(found, 50))
    assert found.named >= PROMISED_FIELDS * found.rejected, "\n".join(lines(found, 50))


@pytest.mark.realdata
@pytest.mark.skipif(not JOB_PYTHON.exists(), reason="the boxes' libraries are not installed: make .venv-job")
@pytest.mark.parametrize("seed", range(2))
def test_files_that_nobody_has_written_yet_are_judged_so_too(seed):
    found = compare(mutated([*documents(real_cases()), *own(ASKED)], 400, seed))
    assert found.agreed >= PROMISED * found.total, "\n".join(lines(found, 50))
    assert found.named >= PROMISED_FIELDS * found.rejected, "\n".join(lines(found, 50))


def test_a_location_is_read_without_the_branches_of_the_peer_s_model():
    data = {"inputs": [{"axes": [{"type": "channel"}]}], "weights": {"onnx": {}}}
    assert field_of("inputs.0.axes.0.channel.channel_names", data) == ("inputs", "0", "axes", "0", "channel_names")
    assert field_of("weights.onnx.source.function-after[a.b(), str]", data) == ("weights", "onnx")
    assert field_of("", data) == ()


@pytest.mark.parametrize(
    ("pointer", "where", "said", "same"),
    [
        ("/weights/onnx/sha256", "weights.onnx.sha256", "", True),
        ("/weights/onnx", "weights.onnx.sha256", "", True),
        ("/weights/onnx/source", "weights.onnx.sha256", "", False),
        ("/license", "weights.onnx.sha256", "", False),
        ("/outputs/0", "", "the output is too small", True),
        ("/license", "", "the output is too small", False),
        ("", "", "no mapping", True),
    ],
)
def test_when_two_validators_speak_of_one_field(pointer, where, said, same):
    data = {"weights": {"onnx": {"source": "a", "sha256": "b"}}, "license": "MIT"}
    assert same_field([pointer], Peer(valid=False, errors=((where, said),)), data) is same


def test_the_same_seed_makes_the_same_files():
    originals = [{"type": "model", "name": "a", "tags": ["x", "y"]}, {"type": "dataset", "name": "b"}]
    assert list(texts(originals, 20, 3)) == list(texts(originals, 20, 3))
    assert list(texts(originals, 20, 3)) != list(texts(originals, 20, 4))


def test_disagreements_are_counted_and_told():
    bad = b"type: dataset\nformat_version: 0.2.4\nname: 1\n"
    found = compare(
        [
            Case("one", bad, "dataset", "0.2.4", Peer(valid=True, errors=())),
            Case("two", bad, "dataset", "0.2.4", Peer(valid=False, errors=(("name", "no text"),))),
        ]
    )
    assert (found.total, found.agreed, found.rejected, found.named) == (2, 1, 1, 1)
    text = "\n".join(lines(found, 9))
    assert "one verdict for 1 of 2 files (50.00%)" in text
    assert "one dataset-0.2: only we reject: " in text
