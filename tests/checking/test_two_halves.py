"""A check in two halves on two machines: one runs the models and leaves records, the other judges and runs none.

What the first one leaves is read as a box is heard. Whoever wrote it otherwise gets nothing executed, nothing of ours read, and
no verdict.
"""

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from bot import plain_json
from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.check import check
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.checking.prepare import prepare_facts
from bot.checking.produce_weights import produce_weights, runnable
from bot.errors import GatewayError
from bot.gateways.boxes_recorded import RUN
from bot.records.box import BoxEnd
from bot.records.job import Job
from bot.work_bench import recording, replaying
from tests.fakes.boxes import Ended, FakeBoxes

IMAGES = {"onnx-torch": "accession-job:1", "tensorflow": "accession-job-tensorflow:1", "tfjs": "accession-job-tfjs:1"}
SECRET = b"of this run"


@pytest.fixture
def elsewhere(tmp_path, web, clock):
    """Another machine: nothing in its cache, the first image alone."""
    folder = tmp_path / "elsewhere"
    cache, evidence = BlobCache(folder, quota_bytes=10**9), Evidence(folder / "evidence", quota_bytes=10**9)
    return Bench(cache, JsonShelf(folder / "facts"), web, FakeBoxes(), clock, evidence, b"another secret")


@pytest.fixture
def produced(tmp_path):
    return tmp_path / "produced"


@pytest.fixture
def produce(bench, upload, produced):
    """Runs weight formats as the matrix does, each into a folder of its own."""

    def run(*formats):
        job = upload.job()
        for name in formats:
            produce_weights(recording(bench, produced / f"produced-{name}", SECRET), job, name)

    return run


@pytest.fixture
def judged(elsewhere, upload, produced):
    def run(secret=SECRET):
        report = check(replaying(elsewhere, produced, secret, IMAGES), upload.job())
        assert "produce" not in elsewhere.boxes.verbs()
        return plain_json.validate(report, "report")

    return run


def timeless(report):
    return report | {"seconds": {}, "weights": [one | {"seconds": {}} for one in report["weights"]]}


def by_format(report):
    return {one["format"]: one for one in report["weights"]}


def records(produced, name="onnx"):
    """The folder of a format's one record."""
    (found,) = [path.parent for path in (produced / f"produced-{name}").rglob(RUN)]
    return found


def test_whose_boxes_they_are_is_told_through_both(bench, elsewhere, upload, produce, judged, tmp_path):
    produce("onnx", "torchscript")
    judged()
    check(recording(bench, tmp_path / "record", SECRET), upload.job())
    for boxes in (elsewhere.boxes, bench.boxes):
        names = {whose for (verb, *_), whose in zip(boxes.ran, boxes.owners, strict=True) if verb == "judge"}
        assert len(names) == 1
        assert "" not in names


# --- the same as in one ---------------------------------------------------------------------------------------------------


def test_both_halves_say_what_the_whole_says(bench, upload, produce, judged):
    produce("onnx", "torchscript")
    halves = judged()
    whole = check(replace(bench, secret=SECRET), upload.job())
    assert halves["outcome"] == "passed", halves["message"]
    assert timeless(halves) == timeless(whole)
    assert halves["comparisons"] != []


def test_a_model_that_is_wrong_fails_in_halves_too(upload, produce, judged):
    upload.files["w.pt"] = b"4"
    produce("onnx", "torchscript")
    report = judged()
    assert report["outcome"] == "failed"
    assert by_format(report)["torchscript"]["reproduces"]["outcome"] == "failed"
    assert by_format(report)["onnx"]["reproduces"]["outcome"] == "passed"


def test_a_box_that_was_stopped_is_the_contributors_in_halves_too(boxes, produce, judged):
    boxes.trouble["produce"] = BoxEnd.TIME
    produce("onnx", "torchscript")
    runs = by_format(judged())["onnx"]["runs"]
    assert (runs["outcome"], "time limit" in runs["message"]) == ("failed", True)


def test_what_a_stopped_box_had_said_stands(boxes, produce, judged):
    boxes.trouble["produce"] = Ended("flipped", BoxEnd.MEMORY)
    produce("onnx", "torchscript")
    assert by_format(judged())["onnx"]["reproduces"]["outcome"] == "passed"


def test_the_judges_machine_needs_no_image_of_other_frameworks(boxes, upload, produce, judged):
    boxes.others = {"tensorflow": "sha256:tensorflow", "tfjs": "sha256:tfjs"}
    upload.rdf["weights"] = ["onnx", "keras_hdf5"]
    upload.rdf["files"][1] = ["weights/keras_hdf5", "w.pt", None]
    produce("onnx", "keras_hdf5")
    report = judged()
    assert report["outcome"] == "passed", report["message"]
    assert by_format(report)["keras_hdf5"]["image"] == IMAGES["tensorflow"]


def test_which_formats_there_are_to_run(elsewhere, upload, produced):
    bench = replaying(elsewhere, produced, b"", IMAGES)
    upload.rdf["weights"] = ["onnx", "torchscript", "keras_hdf5"]
    upload.rdf["files"].append(["weights/keras_hdf5", "w.h5", None])
    upload.files["w.h5"] = b"3"
    assert runnable(bench, upload.job()) == ["onnx", "torchscript", "keras_hdf5"]
    assert "produce" not in elsewhere.boxes.verbs()


def test_there_is_nothing_to_run_of_a_dataset(bench, upload):
    upload.rdf |= {"type": "dataset", "weights": []}
    assert runnable(bench, upload.job()) == []


def test_there_is_nothing_to_run_of_what_is_no_rdf(bench, upload):
    upload.rdf = b"no json"
    assert runnable(bench, upload.job()) == []
    assert not produce_weights(bench, upload.job(), "onnx")


def test_there_is_nothing_to_run_where_the_rules_themselves_hit_a_limit(bench, boxes, upload):
    boxes.trouble["static"] = BoxEnd.MEMORY
    assert runnable(bench, upload.job()) == []


def test_a_format_with_an_error_of_its_own_is_not_run(bench, boxes, upload, produced):
    upload.rdf["files"][0][2] = "0" * 64
    assert runnable(bench, upload.job()) == ["torchscript"]
    assert not produce_weights(recording(bench, produced, SECRET), upload.job(), "onnx")
    assert not produced.exists()


# --- declared dependencies --------------------------------------------------------------------------------------------------


@pytest.fixture
def declared(upload):
    upload.rdf["weights"] = ["onnx"]
    upload.rdf["files"].append(["weights/onnx/dependencies", "requirements.txt", None])
    upload.files["requirements.txt"] = b"six==1.16.0"
    return upload


def allowed(bench, upload):
    """The job with a maintainer's word for this content."""
    content = prepare_facts(bench, upload.job()).submission["content_hash"]
    return Job.from_json(upload.job_json() | {"build": content})


def test_weights_that_wait_for_a_word_wait_in_halves_too(declared, produce, judged):
    produce("onnx")
    assert by_format(judged())["onnx"]["awaits"] == "ok-to-build"


def test_an_image_is_built_where_the_model_runs_and_not_where_it_is_judged(bench, declared, elsewhere, produced):
    job = allowed(bench, declared)
    assert produce_weights(recording(bench, produced / "produced-onnx", SECRET), job, "onnx")
    report = check(replaying(elsewhere, produced, SECRET, IMAGES), job)
    assert report["outcome"] == "passed", report["message"]
    assert elsewhere.builder is None


@pytest.mark.parametrize("said", ['{"built": true, "image": 1, "lock": "x"}', "[]", "\x80\x04K\x01."])
def test_a_build_that_is_none_is_ours(said, bench, declared, elsewhere, produced):
    job = allowed(bench, declared)
    produce_weights(recording(bench, produced / "produced-onnx", SECRET), job, "onnx")
    (record,) = (path for path in (produced / "produced-onnx").iterdir() if path.is_file())
    record.write_text(said)
    report = check(replaying(elsewhere, produced, SECRET, IMAGES), job)
    assert report["outcome"] == "errored"


def test_pins_that_cannot_be_met_are_the_contributors_in_halves_too(bench, declared, elsewhere, produced):
    declared.files["requirements.txt"] = b"six==99"
    job = allowed(bench, declared)
    produce_weights(recording(bench, produced / "produced-onnx", SECRET), job, "onnx")
    report = check(replaying(elsewhere, produced, SECRET, IMAGES), job)
    assert report["outcome"] == "failed"
    assert "Resolving" in by_format(report)["onnx"]["loads"]["message"]


# --- what somebody else left --------------------------------------------------------------------------------------------------


def test_a_format_of_which_nothing_was_left_is_ours(produce, judged):
    produce("onnx")
    report = judged()
    assert report["outcome"] == "errored"
    assert by_format(report)["torchscript"]["runs"]["outcome"] == "errored"
    assert by_format(report)["onnx"]["reproduces"]["outcome"] == "passed"


def test_a_record_of_other_weights_is_not_taken(upload, produce, judged):
    upload.rdf["weights"] = ["onnx"]
    produce("onnx")
    upload.files["w.onnx"] = b"4"  # another upload has other files; this one's record would pass
    assert judged()["outcome"] == "errored"


def test_a_record_of_another_run_is_not_taken(produce, judged):
    produce("onnx", "torchscript")
    assert judged(secret=b"of another run")["outcome"] == "errored"


def test_only_the_producing_side_records(bench, boxes, upload, produced):
    produce_weights(recording(bench, produced, SECRET), upload.job(), "onnx")
    assert boxes.verbs() == ["describe", "static", "produce"]
    assert len(list(produced.iterdir())) == 1


def test_what_the_engine_fails_at_leaves_no_record(bench, boxes, upload, produced):
    boxes.trouble["produce"] = GatewayError("The engine is gone.", reason="engine", transient=True)
    with pytest.raises(GatewayError):
        produce_weights(recording(bench, produced, SECRET), upload.job(), "onnx")
    assert not list(produced.rglob(RUN))


class Bomb:
    """Unpickled, it would leave a mark."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def link(record: Path, name: str, target: Path) -> None:
    (record / name).unlink(missing_ok=True)
    (record / name).symlink_to(target)


def pipe(record: Path, name: str) -> None:
    (record / name).unlink()
    os.mkfifo(record / name)


HOSTILE = {
    "a link to a file of ours": lambda record, ours, mark: link(record, "tensor-0", ours),
    "a link as the end": lambda record, ours, mark: link(record, RUN, ours),
    "a link that leads nowhere": lambda record, ours, mark: link(record, "tensor-0", ours / "nowhere"),
    "a pipe that never ends": lambda record, ours, mark: pipe(record, "tensor-0"),
    "a folder as a frame": lambda record, ours, mark: (record / "tensor-7").mkdir(),
    "a name that nobody asked for": lambda record, ours, mark: (record / "verdict").write_bytes(b"{}"),
    "a name of odd letters": lambda record, ours, mark: (record / "-x y;$(touch z)").write_bytes(b""),
    "a frame beyond its limit": lambda record, ours, mark: (record / "produced").write_bytes(b"x" * 300_000),
    "a pickle as the end": lambda record, ours, mark: (record / RUN).write_bytes(pickle.dumps(Bomb(mark))),
    "an end that is none": lambda record, ours, mark: (record / RUN).write_text('{"end": "passed"}'),
    "an end without a number": lambda record, ours, mark: (record / RUN).write_text(
        '{"end":"done","exit_code":0,"limit":"","peak_memory_bytes":null,"ready":true,"seconds":NaN,"words":""}'
    ),
    "an end that is a list": lambda record, ours, mark: (record / RUN).write_text("[]"),
    "an endless end": lambda record, ours, mark: (record / RUN).write_bytes(b" " * 200_000 + b"{}"),
    "no end": lambda record, ours, mark: (record / RUN).unlink(),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_record_is_ours_and_nothing_of_it_is_believed(how, tmp_path, upload, produce, produced, judged):
    upload.rdf["weights"] = ["onnx"]
    produce("onnx")
    ours, mark = tmp_path / "ours.npy", tmp_path / "mark"
    ours.write_bytes(b"6")  # what would pass
    HOSTILE[how](records(produced), ours, mark)
    report = judged()
    assert report["outcome"] == "errored"
    assert by_format(report)["onnx"]["reproduces"]["outcome"] == "errored"
    assert not mark.exists()


def test_a_pickle_as_a_frame_is_bytes_that_are_no_answer(tmp_path, upload, produce, produced, judged):
    upload.rdf["weights"] = ["onnx"]
    produce("onnx")
    mark = tmp_path / "mark"
    (records(produced) / "produced").write_bytes(pickle.dumps(Bomb(mark)))
    report = judged()
    assert report["outcome"] == "failed"
    assert "not plain JSON" in by_format(report)["onnx"]["runs"]["message"]
    assert not mark.exists()


def test_a_folder_that_is_a_link_is_not_entered(tmp_path, upload, produce, produced, judged):
    upload.rdf["weights"] = ["onnx"]
    produce("onnx")
    real = (produced / "produced-onnx").rename(tmp_path / "real")
    (produced / "produced-onnx").symlink_to(real, target_is_directory=True)
    assert judged()["outcome"] == "errored"


def test_what_a_box_says_of_itself_is_no_verdict(upload, produce, produced, judged):
    upload.rdf["weights"], upload.files["w.onnx"] = ["onnx"], b"4"
    produce("onnx")
    assert b"passed" in (records(produced) / "produced").read_bytes()
    assert judged()["outcome"] == "failed"


def test_more_than_a_box_may_hand_out_is_not_read(upload, produce, produced, judged):
    upload.rdf["weights"], upload.limits = ["onnx"], {"box_output_bytes": 1_000_000}
    produce("onnx")
    with (records(produced) / "noised-3").open("wb") as file:
        file.truncate(2_000_000)
    assert judged()["outcome"] == "errored"
