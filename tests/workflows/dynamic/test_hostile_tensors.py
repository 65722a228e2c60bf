"""Odd and hostile tensors through the whole judge: each has its sentence, on either side, and none stops the verdict."""

import numpy as np
import pytest


def header(text):
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def declared(shape, descr="<f4", *, fortran=False):
    return header(f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n")


def pickled(tmp_path):
    np.save(tmp_path / "objects.npy", np.array([{}, []], object), allow_pickle=True)
    return (tmp_path / "objects.npy").read_bytes()


RAMP = np.arange(24, dtype=np.float32).reshape(2, 3, 4)

FINE = {
    "fortran": np.asfortranarray(RAMP),
    "big-endian": RAMP.astype(">f4"),
    "big-endian fortran": np.asfortranarray(RAMP.astype(">f4")),
    "0-d": np.array(3.5, np.float32),
    "0-d big-endian": np.array(3.5, ">f8"),
    "reversed view": RAMP[::-1],
    "bool": np.array([[True, False]]),
    "uint64": np.array([2**63 + 5, 1], np.uint64),
    "float16": np.array([1, 2], np.float16),
}


@pytest.mark.parametrize("name", FINE)
def test_what_is_only_stored_in_another_way_is_compared(scene, name):
    plain = np.ascontiguousarray(FINE[name]).astype(FINE[name].dtype.newbyteorder("=")).reshape(FINE[name].shape)
    scene.output("plain first", plain, FINE[name]).output("plain last", FINE[name], plain)
    verdict = scene.verdict()
    assert verdict["reproduces"]["outcome"] == "passed"
    assert "data type" not in verdict["reproduces"]["message"]
    assert [tensor["max_abs"] for tensor in verdict["tensors"]] == [0, 0]


def test_an_element_of_a_fortran_tensor_has_its_own_place(scene):
    wrong = np.asfortranarray(RAMP.astype(">f8"))
    wrong[1, 2, 0] += 5
    (tensor,) = scene.output("mask", RAMP, wrong).verdict()["tensors"]
    assert tensor["worst"] == {"index": [1, 2, 0], "expected": 20, "produced": 25}


def test_an_empty_tensor_shows_nothing(scene):
    scene.output("mask", np.zeros((0, 8)))
    assert scene.verdict()["reproduces"]["message"] == "output `mask`: it has no elements, so nothing is compared"


BROKEN = [
    ("a 4 GB tensor in 100 bytes", declared((1_000_000_000,)), "bytes where its header promises 4,000,000,0"),
    ("numbers without end", declared((2**62, 2**62)), "bytes where its header promises"),
    ("more axes than are compared", declared((1,) * 9) + b"0000", "has 9 axes, at most 8 are compared"),
    ("structures", declared((1,), "|V8") + b"0" * 8, "has the data type |V8, which is not compared"),
    ("structures of nothing", declared((10**12,), "|V0"), "has the data type |V0, which is not compared"),
    ("complex numbers", declared((1,), "<c8") + b"0" * 8, "has the data type complex64, which is not compared"),
    ("texts", declared((1,), "<U3") + b"0" * 12, "has the data type <U3, which is not compared"),
    ("a length below 0", declared((-1,)), "is not a .npy file"),
    ("code in the header", header("__import__('os').system('true')\n"), "is not a .npy file"),
    ("a header without end", b"\x93NUMPY\x01\x00\xff\xff{", "is not a .npy file"),
    ("a zip", b"PK\x03\x04" + b"0" * 99, "is not a .npy file"),
    ("nothing", b"", "is not a .npy file"),
    ("half a tensor", declared((4,)) + b"0" * 7, "bytes where its header promises"),
    ("more than a tensor", declared((1,)) + b"0" * 400, "bytes where its header promises"),
]


@pytest.mark.parametrize(("content", "words"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
@pytest.mark.parametrize("side", ["expected", "produced"])
def test_what_is_no_tensor_has_its_sentence(scene, content, words, side, check_definition):
    scene.output("broken", *((content, RAMP) if side == "expected" else (RAMP, content)))
    scene.output("sound", RAMP)
    verdict = scene.verdict()
    what = "the expected tensor" if side == "expected" else "the tensor from the box"
    assert verdict["reproduces"]["message"].startswith(f"output `broken`: {what} ")
    assert words in verdict["reproduces"]["message"]
    assert [tensor["outcome"]["outcome"] for tensor in verdict["tensors"]] == ["failed", "passed"]
    for tensor in verdict["tensors"]:
        check_definition(tensor, "tensor")


@pytest.mark.parametrize("side", ["expected", "produced"])
def test_objects_are_never_unpickled(scene, tmp_path, side):
    content = pickled(tmp_path)
    scene.output("mask", *((content, RAMP) if side == "expected" else (RAMP, content)))
    assert "holds Python objects, which are never unpickled: save numbers" in scene.verdict()["reproduces"]["message"]


@pytest.mark.parametrize(
    ("run", "check", "outcome"),
    [
        ("again", "deterministic", "failed"),
        ("flipped", "varies", "skipped"),
        ("noised", "varies", "skipped"),
        ("smallest", "smallest", "failed"),
        ("stepped", "stepped", "failed"),
    ],
)
@pytest.mark.parametrize("content", [one[1] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_in_a_further_run_it_takes_nothing_from_the_verdict(scene, run, check, outcome, content):
    spans = [[[2, 2], [3, 3], [4, 4]]]
    scene.plan = {
        "inputs": [],
        "runs": [{"name": name, "inputs": [[1]], "outputs": spans} for name in ("smallest", "stepped")],
    }
    scene.output("mask", RAMP).ran(run, 0, content)
    verdict = scene.verdict()
    assert verdict["reproduces"]["outcome"] == "passed"
    outcomes = {one["name"]: one["outcome"]["outcome"] for one in verdict["checks"]}
    assert outcomes[check] == outcome
