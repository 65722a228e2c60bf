"""Which further runs a declaration allows, in which lengths."""

import copy
import json
import subprocess
from pathlib import Path

import pytest

from tests.agreement.samples.model_05 import SAMPLES as SAMPLES_05
from tests.workflows.rdf_sample import LIMITS, MODEL_04, MODEL_05, REALDATA
from workflows.check import Target, describe
from workflows.describe import plan as plans
from workflows.describe.describe import run
from workflows.describe.plan import flip, plan
from workflows.document import load

PEER = Path(__file__).with_name("axis_sizes.py")
STEPPED_04 = {"min": [1, 1, 8, 12], "step": [0, 0, 4, 6]}


def model_04(shape=STEPPED_04, outputs=None, axes="bcyx", **more):
    halved = {"reference_tensor": "raw", "scale": [1, 1, 0.5, 1], "offset": [0, 0.5, 0, -2]}
    outputs = [{"name": "out", "axes": axes, "shape": halved}] if outputs is None else outputs
    return {
        "format_version": "0.4.10",
        "inputs": [{"name": "raw", "axes": axes, "shape": shape}],
        "outputs": outputs,
    } | more


def space(name, size, **more):
    return {"type": "space", "id": name, "size": size, **more}


def model_05(*axes, outputs=()):
    """One input with these axes below a batch, and outputs with theirs."""
    tensors = [{"id": f"out{index}", "axes": [{"type": "batch"}, *one]} for index, one in enumerate(outputs)]
    return {
        "format_version": "0.5.4",
        "inputs": [{"id": "raw", "axes": [{"type": "batch"}, *axes]}],
        "outputs": tensors,
    }


def runs(data):
    return [(one["name"], one["inputs"], one["outputs"]) for one in plan(data)["runs"]]


def exactly(*lengths):
    return [[length, length] for length in lengths]


STEPS = {"min": 8, "step": 4}
OF_Y = {"tensor_id": "raw", "axis_id": "y"}


def test_0_4_smallest_and_one_step_up():
    assert plan(model_04()) == {
        "inputs": [{"name": "raw", "axes": ["b", "c", "y", "x"], "flip": [3]}],
        "runs": [
            {"name": "smallest", "inputs": [[1, 1, 8, 12]], "outputs": [exactly(1, 2, 4, 8)]},
            {"name": "stepped", "inputs": [[1, 1, 12, 18]], "outputs": [exactly(1, 2, 6, 14)]},
        ],
    }


def test_0_4_new_axes_chains_fixed_outputs_and_halos():
    grown = {"reference_tensor": "raw", "scale": [1, 1, None, 1, 1], "offset": [0, 0, 1.5, 0, 0]}
    halved = {"reference_tensor": "grown", "scale": [1, 1, 1, 0.5, 0.5], "offset": [0, 0, 0, 0, 0]}
    outputs = [
        {"name": "grown", "axes": "bczyx", "shape": grown, "halo": [0, 0, 0, 2, 2]},
        {"name": "halved", "axes": "bczyx", "shape": halved},
        {"name": "fixed", "axes": "bc", "shape": [1, 3]},
    ]
    found = runs(model_04(outputs=outputs))
    assert found[0][2] == [exactly(1, 1, 3, 8, 12), exactly(1, 1, 3, 4, 6), exactly(1, 3)]
    assert found[1][2] == [exactly(1, 1, 3, 12, 18), exactly(1, 1, 3, 6, 9), exactly(1, 3)]


def test_0_3_names_its_reference_otherwise():
    data = model_04(format_version="0.3.2")
    data["outputs"][0]["shape"]["reference_input"] = data["outputs"][0]["shape"].pop("reference_tensor")
    assert [one[0] for one in runs(data)] == ["smallest", "stepped"]


def test_0_5_every_kind_of_size():
    x = space("x", OF_Y | {"offset": -1}, scale=4, unit="micrometer")
    data = model_05(
        {"type": "channel", "channel_names": ["a", "b"]},
        space("y", STEPS, scale=2, unit="micrometer"),
        x,
        {"type": "time", "size": {"min": 3, "step": 2}},
        outputs=[
            [{"type": "index", "size": {"min": 1, "max": 9}}, {"type": "index", "id": "j", "size": {"min": 2}}],
            [space("y", OF_Y, scale=1, unit="micrometer", halo=2), {"type": "channel", "channel_names": ["only"]}],
            [{"type": "time", "size": {"tensor_id": "raw", "axis_id": "time"}}, space("x", 7)],
        ],
    )
    assert runs(data) == [
        ("smallest", [[1, 2, 8, 3, 3]], [[[1, 1], [1, 9], [2, None]], exactly(1, 16, 1), exactly(1, 3, 7)]),
        ("stepped", [[1, 2, 12, 5, 5]], [[[1, 1], [1, 9], [2, None]], exactly(1, 24, 1), exactly(1, 5, 7)]),
    ]


@pytest.mark.parametrize(
    "data",
    [
        model_04(shape=[1, 1, 8, 8]),
        model_04(shape={"min": [1, 1, 8, 8], "step": [0, 0, 0, 0]}),
        model_05(space("y", 8), space("x", OF_Y)),
        {"format_version": "0.5.4"},
        {"format_version": "0.4.10", "inputs": 3, "outputs": "x"},
        {},
    ],
)
def test_sizes_that_leave_no_choice_are_those_of_the_test_inputs(data):
    assert plan(data)["runs"] == []


@pytest.mark.parametrize(
    "data",
    [
        # what refers to itself, at once or round a corner, to nothing, or to what is not known before
        model_05(space("y", STEPS), space("x", {"tensor_id": "raw", "axis_id": "x"})),
        model_05(space("y", STEPS), space("x", OF_Y | {"axis_id": "z"}), space("z", OF_Y | {"axis_id": "x"})),
        model_05(space("y", STEPS), space("x", OF_Y | {"axis_id": "absent"})),
        model_05(space("y", STEPS), space("x", OF_Y | {"axis_id": "batch"})),
        model_05(space("y", STEPS), space("x", {"min": 1, "max": 4})),
        model_05(space("y", STEPS), space("y", 4)),
        model_05(space("y", STEPS), space("x", OF_Y, unit="meter")),
        model_05(space("y", STEPS), space("x", OF_Y | {"offset": -99})),
        model_05(space("y", STEPS), space("x", OF_Y, scale=1e-300)),
        model_05(space("y", STEPS), space("x", OF_Y, scale=0)),
        model_05(space("y", STEPS), {"type": "depth", "size": 3}),
        model_05(space("y", STEPS), outputs=[[space("x", OF_Y | {"tensor_id": "absent"})]]),
        model_05(space("y", STEPS), outputs=[[space("x", 0)]]),
        model_05(space("y", {"min": 2**27, "step": 1})),
        model_05(*(space(f"y{index}", STEPS) for index in range(9))),
        model_05(space("y", STEPS)) | {"outputs": ["text"]},
        model_05(space("y", STEPS)) | {"outputs": [{"id": "raw", "axes": [{"type": "batch"}]}]},
        model_04(shape={"min": [1, 1, 8], "step": [0, 0, 4, 6]}),
        model_04(shape={"min": [1, 1, 8, 8], "step": [0, 0, 4, -6]}),
        model_04(shape={"min": [1, 1, 8, 10**400], "step": [0, 0, 4, 6]}),
        model_04(shape={"min": [1, 1, 8, 2**30], "step": [0, 0, 4, 6]}),
        model_04(axes="byx"),
        model_04(outputs=[{"name": "out", "axes": "bcyx", "shape": STEPPED_04 | {"reference_tensor": "out"}}]),
        model_04(outputs=[{"name": "out", "axes": "bcyx", "shape": [1, 1, 0, 1]}]),
        model_04(outputs=[{"name": "raw", "axes": "bcyx", "shape": [1, 1, 1, 1]}]),
        model_04(
            outputs=[
                {
                    "name": "out",
                    "axes": "bcyx",
                    "shape": {"reference_tensor": "raw", "scale": [1, 1, 1e14, 1], "offset": [0, 0, 0, -1e14]},
                }
            ]
        ),
    ],
)
def test_what_is_not_understood_is_not_run(data):
    assert plan(data)["runs"] == []
    assert len(plan(data)["inputs"]) == 1


def test_only_the_step_may_be_too_much():
    assert [one[0] for one in runs(model_05(space("y", {"min": 2**25, "step": 2**26})))] == ["smallest"]


@pytest.mark.parametrize(
    ("kinds", "longest", "axes"),
    [
        (["batch", "channel", "space", "space"], [1, 3, 8, 8], [3]),
        (["batch", "space", "space", "channel"], [1, 8, 8, 3], [2]),
        (["batch", "channel", "space", "space"], [1, 3, 8, 1], [2]),
        (["batch", "time", "channel"], [1, 8, 3], [1]),
        (["batch", "time", "space"], [1, 8, 1], [1]),
        (["batch", "channel"], [8, 8], []),
        (["batch", "space"], [], [1]),
        ([], [], []),
    ],
)
def test_the_axis_to_mirror(kinds, longest, axes):
    assert flip(kinds, longest) == axes


def test_an_axis_that_is_long_in_one_step_is_long():
    assert plan(model_05(space("y", {"min": 1, "step": 1})))["inputs"][0]["flip"] == [1]
    assert plan(model_05(space("y", 8), space("x", 1)))["inputs"][0]["flip"] == [1]


def test_inputs_that_are_none_keep_their_place():
    data = {"format_version": "0.5.4", "inputs": ["text", {"axes": "yx"}, {"id": "c", "axes": [space("y", 4)]}]}
    assert plan(data)["inputs"] == [
        {"name": "input", "axes": [], "flip": []},
        {"name": "input1", "axes": ["y", "x"], "flip": []},
        {"name": "c", "axes": ["y"], "flip": [0]},
    ]


def test_a_plan_that_is_too_long_is_none(monkeypatch):
    monkeypatch.setattr(plans, "MOST_BYTES", 20)
    assert plan(model_04()) == {"inputs": [], "runs": []}


def test_it_is_a_frame_for_models_alone(tmp_path):
    job = {"files": [{"local": "rdf.yaml", "name": "rdf.yaml", "size": 1}], "override": None, "limits": LIMITS}
    found = {}
    for text in (MODEL_05, "type: dataset\n"):
        (tmp_path / "rdf.yaml").write_text(text)
        frames = {}
        run({**job, "listing": [{"name": "rdf.yaml", "size": 1}]}, tmp_path, frames.__setitem__)
        found[text] = frames
    assert json.loads(found[MODEL_05]["plan"])["inputs"][0]["axes"] == ["batch", "channel", "y", "x"]
    assert "plan" not in found["type: dataset\n"]


def peer(python, texts):
    answer = subprocess.run(
        [python, PEER], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(answer.stdout)


def lengths(text):
    return [{key: one[key] for key in ("inputs", "outputs")} for one in plan(load(text.encode()).data)["runs"]]


def test_lengths_are_those_of_bioimageio_spec(job_python):
    """The samples of both formats, and every kind of reference in 0.5."""
    referring = MODEL_05.replace(
        "{type: space, size: 8}", "{type: space, scale: 0.4, size: {tensor_id: raw, axis_id: y, offset: 3}}"
    )
    halo = (
        MODEL_05.replace("scale: 2, size", "scale: 2, halo: 1, size")
        .replace("min: 4", "min: 12")
        .replace("step: 2", "step: 4")
    )
    stepped = MODEL_04.replace("shape: [1, 1, 8, 8]", "shape: {min: [1, 1, 8, 8], step: [0, 0, 2, 4]}")
    texts = [MODEL_05, referring, halo, stepped]
    theirs = peer(job_python, texts)
    assert None not in theirs
    assert [lengths(text) for text in texts] == theirs


def test_lengths_of_the_agreement_s_samples_are_those_of_bioimageio_spec(job_python):
    """All kinds of axes in 0.5; one of them has an axis of length 0 at its smallest, which is not run."""
    samples = [text for text in SAMPLES_05 if lengths(text)]
    (theirs,) = peer(job_python, samples)
    assert min(theirs[0]["inputs"][0]) == 0
    (ours,) = plan(load(samples[0].encode()).data)["runs"]
    assert ours.pop("name") == "stepped"
    assert ours == theirs[1]


@pytest.mark.realdata
def test_lengths_of_real_models_are_those_of_bioimageio_spec(job_python):
    """Every parametrized model that the library takes: 0.5, and 0.4 as the library converts it."""
    texts = []
    for path in sorted((REALDATA / "rdf").glob("*.yaml")):
        document = load(path.read_bytes())
        if document.readable and isinstance(document.data, dict) and "weights" in document.data:
            texts.append(path.read_text("utf-8"))
    if not texts:
        pytest.skip(f"no real files at {REALDATA}")
    texts = [text for text in texts if lengths(text) or "0.5" in text[:4000]]
    answered = [(lengths(text), theirs) for text, theirs in zip(texts, peer(job_python, texts), strict=True) if theirs]
    assert len(answered) > 50
    assert [pair for pair in answered if pair[0] != pair[1]] == []


def test_no_declaration_raises():
    """Any value of a declaration replaced by any other leaves a plan."""
    odd = [None, True, -1, 0, 1e300, float("inf"), float("nan"), "", "8", [], [[]], {}, {"min": "a"}, 10**400]
    sound = [load(MODEL_05.encode()).data, model_04(), model_04(format_version="0.3.2"), model_05(space("x", OF_Y))]
    for data in sound:
        for at in list(_places(data)):
            for value in odd:
                spoiled = copy.deepcopy(data)
                _put(spoiled, at, value)
                json.dumps(plan(spoiled), allow_nan=False)


def _places(value, at=()):
    if at:
        yield at
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if at or key in {"inputs", "outputs", "format_version"}:
            yield from _places(child, (*at, key))


def _put(value, at, new):
    for key in at[:-1]:
        value = value[key]
    value[at[-1]] = new


def test_on_the_contributor_s_own_machine(tmp_path):
    (tmp_path / "rdf.yaml").write_text(MODEL_05)
    assert [one["name"] for one in json.loads(describe(Target(tmp_path)).frames["plan"])["runs"]] == [
        "smallest",
        "stepped",
    ]
