from pathlib import Path

import pytest

from workflows.dynamic import blame

SITE = "/opt/job/lib/python3.11/site-packages"


def raised(error: BaseException, *paths: str) -> BaseException:
    """The exception as if raised through source files of those names, outermost first."""
    source = "def call(rest, error):\n    if rest:\n        rest[0](rest[1:], error)\n    raise error\n"
    calls = []
    for path in paths or ("tool.py",):
        space: dict = {}
        exec(compile(source, path, "exec"), space)  # made-up frames
        calls.append(space["call"])
    try:
        calls[0](calls[1:], error)
    except BaseException as caught:  # noqa: BLE001 - that is what it is for
        return caught
    raise AssertionError


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{SITE}/onnxruntime/capi/session.py", True),
        (f"{SITE}/torch/jit/_serialization.py", True),
        ("/usr/lib/python3/dist-packages/torch/x.py", True),
        (f"{SITE}/bioimageio/core/tensor.py", False),
        (f"{SITE}/torchmetrics/x.py", False),
        (f"{SITE}/tensorflow/python/saved_model/load.py", True),
        (f"{SITE}/keras/src/saving/saving_lib.py", True),
        (f"{SITE}/tf_keras/src/x.py", True),
        (f"{SITE}/h5py/_hl/files.py", True),
        (f"{SITE}/keras_hub/x.py", False),
        (f"{SITE}", False),
        ("/in/architecture.py", True),
        ("/inside/architecture.py", False),
        ("code/__torch__/net.py", True),
        ("<string>", False),
    ],
)
def test_whose_file_it_is(path, expected):
    assert blame.is_foreign(path, [Path("/in")]) is expected


@pytest.mark.parametrize(
    ("error", "paths", "kind", "words"),
    [
        (
            RuntimeError("bad protobuf"),
            (f"{SITE}/onnxruntime/a.py",),
            "failed",
            "loading failed: RuntimeError: bad protobuf",
        ),
        (KeyError("layer"), ("/in/net.py",), "failed", "loading failed: KeyError: 'layer'"),
        (
            ValueError("SHA256 mismatch\nmore"),
            (f"{SITE}/bioimageio/spec/io.py",),
            "failed",
            "was refused: ValueError: SHA256 mismatch",
        ),
        (FileNotFoundError("x.npy"), (), "failed", "was refused"),
        (
            KeyError("stat"),
            (f"{SITE}/bioimageio/core/proc_ops.py",),
            "errored",
            "a fault of the tool that runs models: KeyError",
        ),
        (AssertionError(), (f"{SITE}/bioimageio/core/a.py",), "errored", "AssertionError"),
        (NotImplementedError("op"), (), "errored", "NotImplementedError: op"),
        (MemoryError(), (f"{SITE}/bioimageio/core/a.py",), "failed", "more memory than the box has"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), (), "failed", "more memory"),
        (
            OSError(28, "No space left on device"),
            (f"{SITE}/bioimageio/core/a.py",),
            "failed",
            "more files than the box",
        ),
        (RuntimeError("can't start new thread"), ("/in/net.py",), "failed", "more processes and threads"),
        (SystemExit(0), (), "failed", "ended the interpreter (exit code 0)"),
        (RuntimeError("Found no NVIDIA driver on your system"), (f"{SITE}/torch/a.py",), "skipped", "needs a GPU"),
        (RuntimeError("Attempting to deserialize object on a CUDA device but"), (), "skipped", "needs a GPU"),
    ],
)
def test_failed_errored_or_skipped(error, paths, kind, words):
    outcome = blame.judge_exception(raised(error, *paths), "loading", [Path("/in")])
    assert outcome.kind.value == kind
    assert words in outcome.message


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("bad marshal data (unknown type code)", "code that another Python stored"),
        ("marshal data too short", "code that another Python stored"),
        ("Unknown layer: 'Mine'. Please ensure", "a class or function that is not in the weights"),
        ("Unknown layer: MyOwn. This may be due to", "a class or function that is not in the weights"),
        ("Could not locate class 'Mine'. Make sure", "a class or function that is not in the weights"),
        ("Op type not registered 'PyFunc2'", "operations of another TensorFlow"),
        ("No OpKernel was registered to support Op", "operations of another TensorFlow"),
        ("Unknown op 'MyOwnOp'. File an issue", "an operation that TensorFlow.js does not have"),
        ("Kernel 'Bincount' not registered for backend 'cpu'", "an operation that TensorFlow.js does not have"),
        ("com.me:Mine(-1) is not a registered function/op", "operators that onnxruntime does not have"),
        ("Unknown builtin op: torchvision::nms.", "operators of another library"),
        ("No module named 'stardist'", "a library that is not in this image"),
    ],
)
def test_a_limit_of_the_boxes_is_skipped(words, limit):
    outcome = blame.judge_exception(raised(RuntimeError(words), f"{SITE}/torch/a.py"), "loading", [])
    assert outcome.kind.value == "skipped"
    assert outcome.message.startswith(f"needs {limit}")
    assert words in outcome.message


@pytest.mark.parametrize(
    "words", ["Unknown builtin op: aten::not_there", "unknown file type", "No module named 'mine'"]
)
def test_words_that_only_look_like_a_limit(words):
    assert blame.judge_exception(raised(RuntimeError(words), "/in/net.py"), "x", [Path("/in")]).kind.value == "failed"


def test_the_limit_is_told_in_the_words_that_named_it():
    error = raised(TypeError("'str' object is not callable"), f"{SITE}/tf_keras/a.py")
    error.__context__ = raised(ValueError("Unknown layer: 'Mine'"), f"{SITE}/keras/a.py")
    outcome = blame.judge_exception(error, "loading", [])
    assert outcome.message.endswith("ValueError: Unknown layer: 'Mine'")


def test_an_architecture_that_cannot_be_imported_by_its_name_is_the_descriptions():
    space: dict = {}
    source = "def import_callable():\n    raise ModuleNotFoundError(\"No module named 'mine'\")\n"
    exec(compile(source, f"{SITE}/bioimageio/core/digest_spec.py", "exec"), space)
    with pytest.raises(ModuleNotFoundError) as caught:
        space["import_callable"]()
    assert blame.judge_exception(caught.value, "loading", []).kind.value == "failed"
    elsewhere = raised(ModuleNotFoundError("No module named 'scipy'"), f"{SITE}/bioimageio/core/proc_ops.py")
    assert blame.judge_exception(elsewhere, "loading", []).kind.value == "errored"


def test_a_foreign_frame_above_our_own_counts():
    error = raised(KeyError("x"), f"{SITE}/bioimageio/core/a.py", "/in/net.py", f"{SITE}/numpy/a.py")
    assert blame.judge_exception(error, "loading", [Path("/in")]).kind.value == "failed"


def test_a_foreign_cause_counts():
    error = raised(KeyError("wrapped"), f"{SITE}/bioimageio/core/a.py")
    error.__cause__ = raised(RuntimeError("PytorchStreamReader failed"), f"{SITE}/torch/serialization.py")
    error.__cause__.__context__ = error  # a ring ends
    assert blame.judge_exception(error, "loading", []).kind.value == "failed"


def test_a_group_is_its_members():
    refusals = [raised(ValueError("SHA256 mismatch")), raised(OSError("gone"))]
    outcome = blame.judge_exception(ExceptionGroup("any device", refusals), "loading", [])
    assert (outcome.kind.value, outcome.message) == ("failed", "loading was refused: ValueError: SHA256 mismatch")
    mixed = ExceptionGroup("any device", [*refusals, KeyError("x")])
    assert blame.judge_exception(mixed, "loading", []).kind.value == "errored"


def test_a_type_error_on_purpose_is_a_refusal_one_by_accident_is_not(tmp_path):
    def purpose():
        raise TypeError("Model output[0] has unexpected type dict.")

    def accident():
        return None + 1

    kinds = []
    for call in (purpose, accident):
        try:
            call()
        except TypeError as error:
            kinds.append(blame.judge_exception(error, "running", []).kind.value)
    assert kinds == ["failed", "errored"]
    assert not blame.on_purpose(TypeError())


def test_the_detail_is_the_end_of_the_traceback():
    error = raised(ValueError("x" * 20_000 + "END"))
    outcome = blame.judge_exception(error, "running", [])
    assert len(outcome.detail) == 8000
    assert outcome.detail.endswith("END\n")
    assert len(outcome.message) < 600


def test_what_an_exception_was_raised_from_is_told_too():
    error = raised(ImportError("Failed to import architecture.py"), "/in/net.py")
    error.__cause__ = raised(KeyError("mine"), "/in/net.py")
    said = blame.judge_exception(error, "loading", [Path("/in")]).message
    assert said == "loading failed: ImportError: Failed to import architecture.py, from KeyError: 'mine'"
    error.__cause__.__cause__ = error  # a ring ends
    assert blame.words_with_cause(error).endswith("from KeyError: 'mine'")
