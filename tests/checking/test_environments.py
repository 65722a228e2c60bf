"""Weights that declare dependencies: the stock image, one of their own after a maintainer's word, or the right reason."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot import plain_json
from bot.checking import environments
from bot.checking.check import check, verdict_key
from bot.checking.choose_image import image_for
from bot.checking.environments import Build, Stock, Untried, decide, declaration, wanted
from bot.checking.prepare import prepare_facts
from bot.checking.prepared import Prepared, Reference
from bot.errors import GatewayError
from bot.records.box import BoxEnd
from bot.records.environment import REQUIREMENT
from bot.work_bench import open_bench
from bot.work_settings import WorkSettings
from tests.conftest import ROOT
from tests.fakes.boxes import read_environment

DECLARED = ["weights/onnx/dependencies", "requirements.txt", None]


def answer(text, installed=("numpy",)):
    return plain_json.validate(read_environment(text, installed), "environment")


def reference(pointer):
    more = {"required": True, "url": None, "sha256": "0" * 64, "size": 1, "problem": None}
    return Reference(pointer, "e.yaml", "other", local="e.yaml", **more)


# --- pure ------------------------------------------------------------------------------------------------------------


def test_the_stock_image_serves_where_it_has_everything():
    assert decide(answer("numpy"), "onnx", allowed=False) == Stock()
    assert decide(answer(""), "onnx", allowed=True) == Stock()


def test_without_a_word_it_waits_and_says_for_what():
    step = decide(answer("numpy torch==1.9"), "pytorch_state_dict", allowed=False)
    assert (step.kind, step.awaits) == ("skipped", "ok-to-build")
    assert step.message == (
        "Declares dependencies that the stock boxes do not have: `torch==1.9`; a maintainer can have them built with "
        "`/accession ok-to-build`."
    )
    assert step.detail == "numpy\ntorch==1.9"


def test_many_are_counted():
    step = decide(answer(" ".join(f"p{n}" for n in range(30))), "onnx", allowed=False)
    assert "`p11` and 18 more;" in step.message
    assert len(step.detail.splitlines()) == 30


def test_with_a_word_it_is_built_with_all_that_is_declared():
    step = decide(answer("numpy six==1.16.0"), "onnx", allowed=True)
    assert isinstance(step, Build)
    assert step.requirements[:2] == ("numpy", "six==1.16.0")


def test_weights_that_no_package_runs_are_never_built_for():
    step = decide(answer("numpy six"), "tensorflow_js", allowed=True)
    assert (step.kind, step.awaits) == ("skipped", "")
    assert step.message == (
        "Declares dependencies that the stock boxes do not have: `six`; tensorflow_js weights are run in the stock boxes alone."
    )
    assert decide(answer("numpy"), "tensorflow_js", allowed=True) == Stock()


def test_another_python_is_not_built():
    step = decide(answer("python=3.7 six"), "onnx", allowed=True)
    assert step == Untried("skipped", "Declares Python ==3.7.*; the boxes have 3.11.2, and no others are built.")


def test_conda_packages_without_another_name_are_for_a_human():
    step = decide(answer("conda:vigra python=3.7 six"), "onnx", allowed=True)
    assert step.kind == "errored"
    assert "`vigra`" in step.message
    assert "Nothing is wrong with the upload" in step.message


def test_a_refused_file_is_the_contributors():
    step = decide(answer("refuse"), "onnx", allowed=True)
    assert (step.kind, step.awaits) == ("failed", "")
    assert "line 1 '-e .' has an option of pip" in step.message


@pytest.mark.parametrize(
    ("declared", "weights_format", "added"),
    [
        (["six"], "onnx", {"bioimageio-core==0.11.0", "numpy", "pydantic<2.14", "ruamel-yaml>=0.18", "onnxruntime"}),
        (["numpy==1.26", "torch==2.2"], "pytorch_state_dict", {"bioimageio-core==0.11.0", "pydantic<2.14", "ruamel-yaml>=0.18"}),
        (["onnxruntime-gpu>=1.20", "bioimageio-core"], "onnx", {"numpy", "pydantic<2.14", "ruamel-yaml>=0.18"}),
        (["tensorflow-cpu<2.16", "numpy[x]", "pydantic~=2.10", "ruamel-yaml"], "keras_hdf5", {"bioimageio-core==0.11.0"}),
        (["keras"], "tensorflow_saved_model_bundle", {"bioimageio-core==0.11.0", "numpy", "pydantic<2.14", "ruamel-yaml>=0.18", "tensorflow"}),
    ],
)  # fmt: skip
def test_what_running_needs_is_added_and_what_is_declared_wins(declared, weights_format, added):
    requirements = wanted(declared, weights_format)
    assert set(requirements) == {*declared, *added}
    assert all(REQUIREMENT.fullmatch(one) for one in requirements)


def test_what_every_image_needs_is_what_the_stock_image_has():
    pins = (ROOT / "workflows/requirements.txt").read_text().lower().replace(".core", "-core").splitlines()
    assert environments._OURS[0] in pins


@pytest.mark.parametrize(
    ("pointers", "weights_format", "found"),
    [
        (["/weights/onnx/dependencies"], "onnx", "/weights/onnx/dependencies"),
        (["/weights/onnx/dependencies/source"], "onnx", "/weights/onnx/dependencies/source"),
        (["/dependencies", "/weights/pytorch_state_dict/dependencies"], "pytorch_state_dict",
         "/weights/pytorch_state_dict/dependencies"),
        (["/dependencies"], "pytorch_state_dict", "/dependencies"),
        (["/dependencies"], "onnx", None),
        (["/dependencies"], "torchscript", None),
        (["/weights/onnx/dependencies"], "torchscript", None),
        ([], "onnx", None),
    ],
)  # fmt: skip
def test_which_declaration_speaks_for_which_weights(pointers, weights_format, found):
    prepared = Prepared({}, tuple(map(reference, pointers)))
    one = declaration(prepared, weights_format)
    assert (one.pointer if one else None) == found


@pytest.mark.parametrize(
    "text",
    [
        "six==${SECRET}",
        "--index-url",
        "-e",
        "six @ file",
        "./six",
        "https://x",
        "six\n",
        "six;x",
        "Six",
        "six===1",
        "",
        "six==",
    ],
)
def test_the_pattern_takes_no_options_addresses_paths_or_variables(text):
    assert not REQUIREMENT.fullmatch(text)
    if text:
        with pytest.raises(plain_json.NotPlainError):
            plain_json.validate(answer("numpy") | {"requirements": [text.replace("\n", " ")]}, "environment")


# --- with boxes and a builder that behave ----------------------------------------------------------------------------


@pytest.fixture
def declaring(upload):
    """An upload whose ONNX weights declare what the file says."""

    def declare(text):
        upload.files["requirements.txt"] = text.encode()
        if DECLARED not in upload.rdf["files"]:
            upload.rdf["files"].append(DECLARED)
        return upload

    return declare


@pytest.fixture
def checked(bench, upload):
    def run(*, allowed=False, build=""):
        job = upload.job()
        if allowed:
            build = prepare_facts(bench, job).submission["content_hash"]
        report = plain_json.validate(check(bench, replace(job, build=build)), "report")
        return report, {one["format"]: one for one in report["weights"]}

    return run


def answers(weights):
    return [weights[part]["outcome"] for part in ("loads", "runs", "reproduces")]


def test_satisfied_weights_run_in_the_stock_image(declaring, checked, boxes, builder):
    declaring("numpy torch")
    report, weights = checked(allowed=True)
    assert report["outcome"] == "passed"
    assert builder.asked == []
    assert {image for _, image, _ in boxes.ran} == {boxes.image}
    assert "awaits" not in weights["onnx"]


def test_the_declaration_is_read_once_for_a_file_and_an_image(declaring, checked, boxes, upload):
    declaring("numpy")
    checked()
    upload.limits = {"box_seconds": 77}
    checked()
    assert boxes.verbs().count("environment") == 1
    boxes.image = "sha256:other"
    checked()
    assert boxes.verbs().count("environment") == 2


def test_unsatisfied_weights_wait_while_others_are_tested(declaring, checked, builder):
    declaring("six==1.16.0")
    report, weights = checked()
    assert answers(weights["onnx"]) == ["skipped"] * 3
    assert weights["onnx"]["awaits"] == "ok-to-build"
    assert weights["onnx"]["loads"]["detail"] == "six==1.16.0"
    assert answers(weights["torchscript"]) == ["passed"] * 3
    assert report["outcome"] == "passed"
    assert builder.asked == []


def test_with_a_word_they_run_in_an_image_of_their_own(declaring, checked, boxes, builder):
    declaring("six==1.16.0")
    checked()
    report, weights = checked(allowed=True)
    (image,) = builder.images.values()
    assert answers(weights["onnx"]) == ["passed"] * 3
    assert weights["onnx"]["image"] == image
    assert [verb for verb, ran_in, _ in boxes.ran if ran_in == image] == ["produce"]
    assert report["outcome"] == "passed"
    assert "six==1.16.0" in builder.asked[0]


@pytest.mark.parametrize("build", ["0" * 64, "f" * 64])
def test_a_word_for_other_content_builds_nothing(declaring, checked, builder, build):
    declaring("six==1.16.0")
    _, weights = checked(build=build)
    assert weights["onnx"]["awaits"] == "ok-to-build"
    assert builder.asked == []


def test_where_nothing_waits_the_word_changes_nothing(declaring, checked, boxes):
    declaring("numpy torch")
    first, _ = checked()
    ran = len(boxes.ran)
    assert checked(allowed=True)[0] == first
    assert len(boxes.ran) == ran


def test_the_verdict_is_another_one_with_the_word_for_this_content(bench, upload):
    job = upload.job()
    keys = [verdict_key(bench, replace(job, build=build), "c" * 64) for build in ("", "0" * 64, "c" * 64)]
    assert keys[0] == keys[1] != keys[2]


def produced(boxes):
    return [job["format"] for job, _ in boxes.seen if job["verb"] == "produce"]


def test_after_the_word_the_waiting_weights_alone_are_run(declaring, checked, boxes):
    declaring("six==1.16.0")
    checked()
    assert produced(boxes) == ["torchscript"]
    report, _ = checked(allowed=True)
    assert sorted(produced(boxes)) == ["onnx", "torchscript"]
    assert [one["formats"] for one in report["comparisons"]] != []


@pytest.fixture
def beside(boxes, upload):
    """Keras weights beside the others, in an image of another kind: once that changes, the verdict is made anew."""
    boxes.others = {"tensorflow": "sha256:tensorflow"}
    upload.rdf["weights"] = ["onnx", "torchscript", "keras_hdf5"]
    upload.rdf["files"].append(["weights/keras_hdf5", "w.h5", None])
    upload.files["w.h5"] = b"3"


def test_weights_run_in_a_built_image_are_kept_under_its_digest(declaring, checked, boxes, builder, bench, beside):
    declaring("six==1.16.0")
    checked(allowed=True)
    boxes.others = {"tensorflow": "sha256:tensorflow-2"}
    report, weights = checked(allowed=True)
    assert produced(boxes).count("onnx") == 1
    assert produced(boxes).count("keras_hdf5") == 2
    builder.images = {lock: f"{image}-2" for lock, image in builder.images.items()}
    boxes.others = {"tensorflow": "sha256:tensorflow-3"}
    report, weights = checked(allowed=True)
    assert produced(boxes).count("onnx") == 2
    assert weights["onnx"]["image"] in builder.images.values()
    assert produced(boxes).count("torchscript") == 1
    assert report["outcome"] == "passed"


def test_the_image_of_the_weights_own_kind_is_asked_what_it_has(upload, checked, boxes, beside):
    upload.files["keras.txt"] = b"keras"
    upload.rdf["files"].append(["weights/keras_hdf5/dependencies", "keras.txt", None])
    boxes.installed = {"sha256:fake": {"torch"}, "sha256:tensorflow": {"keras"}}
    _, weights = checked()
    assert answers(weights["keras_hdf5"]) == ["passed"] * 3
    assert [image for verb, image, _ in boxes.ran if verb == "environment"] == ["sha256:tensorflow"]
    boxes.installed["sha256:tensorflow-2"] = {"numpy"}
    boxes.others = {"tensorflow": "sha256:tensorflow-2"}
    _, weights = checked()
    assert weights["keras_hdf5"]["awaits"] == "ok-to-build"


def test_the_box_that_runs_a_model_does_not_get_its_declaration(declaring, checked, boxes):
    declaring("numpy")
    checked()
    laid = {job["verb"]: set(files.values()) for job, files in boxes.seen}
    assert b"numpy" in laid["environment"]
    assert b"numpy" in laid["static"]
    assert b"numpy" not in laid["produce"] | laid["judge"]


def test_a_file_that_is_a_declaration_and_more_is_laid_in_for_that(declaring, checked, boxes, upload):
    declaring("numpy")
    upload.rdf["files"].append(["other", "requirements.txt", None])
    checked()
    assert b"numpy" in set().union(*(files.values() for job, files in boxes.seen if job["verb"] == "produce"))


def test_a_judge_that_is_not_ready_is_ours_whatever_image_ran_the_model(declaring, checked, boxes):
    declaring("six==1.16.0")
    boxes.trouble["judge"] = "not ready"
    report, weights = checked(allowed=True)
    assert report["outcome"] == "errored"
    assert answers(weights["onnx"]) == ["errored"] * 3


def test_pins_that_cannot_be_met_fail_with_the_resolvers_own_words(declaring, checked):
    declaring("six==99")
    report, weights = checked(allowed=True)
    assert answers(weights["onnx"]) == ["failed", "skipped", "skipped"]
    assert "No matching distribution found for six==99" in weights["onnx"]["loads"]["message"]
    assert weights["onnx"]["loads"]["detail"].startswith("ERROR: No matching distribution")
    assert report["outcome"] == "failed"


@pytest.mark.parametrize("transient", [True, False])
def test_a_registry_or_engine_that_fails_is_ours_and_not_remembered(declaring, checked, builder, transient):
    declaring("six==1.16.0")
    builder.trouble = GatewayError("the package registry did not answer", reason="registry", transient=transient)
    report, weights = checked(allowed=True)
    assert report["outcome"] == "errored"
    assert answers(weights["onnx"]) == ["errored"] * 3
    builder.trouble = None
    assert checked(allowed=True)[0]["outcome"] == "passed"


def test_without_an_engine_nothing_is_built_and_the_fault_is_ours(declaring, bench, upload):
    declaring("six==1.16.0")
    bench = replace(bench, builder=None)
    job = upload.job()
    report = check(bench, replace(job, build=prepare_facts(bench, job).submission["content_hash"]))
    assert report["outcome"] == "errored"
    assert "there is none" in report["message"]


def test_an_image_in_which_models_cannot_be_run_is_the_declarations_fault(declaring, checked, boxes, upload):
    declaring("six==1.16.0")
    _, weights = checked(allowed=True)
    boxes.trouble[weights["onnx"]["image"]] = "not ready"
    upload.limits = {"box_seconds": 77}
    report, weights = checked(allowed=True)
    assert answers(weights["onnx"]) == ["failed", "skipped", "skipped"]
    assert "cannot be run in it" in weights["onnx"]["loads"]["message"]
    assert "ImportError" in weights["onnx"]["loads"]["detail"]
    assert report["outcome"] == "failed"


def test_an_image_whose_box_is_late_is_not_said_to_be_of_no_use(declaring, checked, boxes, upload):
    declaring("six==1.16.0")
    _, weights = checked(allowed=True)
    boxes.trouble[weights["onnx"]["image"]] = "late"
    upload.limits = {"box_seconds": 77}
    report, weights = checked(allowed=True)
    assert answers(weights["onnx"]) == ["errored"] * 3
    assert "not loaded its libraries after 120 s" in weights["onnx"]["loads"]["message"]
    assert report["outcome"] == "errored"


@pytest.mark.parametrize(
    ("text", "kinds", "outcome"),
    [
        ("refuse", ["failed", "skipped", "skipped"], "failed"),
        ("conda:vigra", ["errored"] * 3, "errored"),
        ("python=3.7 six", ["skipped"] * 3, "passed"),
    ],
)
def test_what_cannot_be_built_is_said_by_the_right_answer(declaring, checked, builder, text, kinds, outcome):
    declaring(text)
    report, weights = checked(allowed=True)
    assert answers(weights["onnx"]) == kinds
    assert report["outcome"] == outcome
    assert "awaits" not in weights["onnx"]
    assert builder.asked == []


def test_a_file_that_is_not_there_is_the_contributors(declaring, checked, upload):
    declaring("numpy")
    del upload.files["requirements.txt"]
    report, weights = checked()
    assert answers(weights["onnx"]) == ["failed", "skipped", "skipped"]
    assert "'requirements.txt' is not as it should be" in weights["onnx"]["loads"]["message"]
    assert report["outcome"] == "failed"


@pytest.mark.parametrize("end", [BoxEnd.TIME, BoxEnd.MEMORY])
def test_a_file_that_hits_a_limit_is_the_contributors(declaring, checked, boxes, end):
    declaring("numpy")
    boxes.trouble["environment"] = end
    _, weights = checked()
    assert answers(weights["onnx"]) == ["failed", "skipped", "skipped"]
    assert end.value in weights["onnx"]["loads"]["message"]


@pytest.mark.parametrize("trouble", [BoxEnd.FAILED, "lies", "not ready"])
def test_a_reader_that_fails_is_ours(declaring, checked, boxes, trouble):
    declaring("numpy")
    boxes.trouble["environment"] = trouble
    report, weights = checked()
    assert answers(weights["onnx"]) == ["errored"] * 3
    assert report["outcome"] == "errored"
    boxes.trouble.clear()
    assert checked()[0]["outcome"] == "passed"


def test_two_builds_at_once_are_one(declaring, bench, upload, builder):
    declaring("six==1.16.0")
    builder.seconds = 0.2
    job = upload.job()
    prepared = prepare_facts(bench, job)
    job = replace(job, build=prepared.submission["content_hash"])
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: image_for(bench, job, prepared, "onnx", bench.image()), range(4)))
    assert found == set(builder.images.values())
    assert len(found) == 1


def test_a_work_side_without_an_engine_has_no_builder(tmp_path):
    with open_bench(WorkSettings(cache=tmp_path / "cache", box="process")) as bench:
        assert bench.builder is None
