"""Pickles in weights: what the contributor hears, whatever shell they come in. None is ever loaded."""

import hashlib
import pickle
import zipfile

import pytest

from tests.workflows.rdf_sample import MODEL_04, SCRIPT, write_model, zipped
from tests.workflows.static.helpers import folder_findings
from tests.workflows.static.pickle_asm import REDUCE, STACK_GLOBAL, TUPLE1, c, system, u
from workflows.static.checks.pickles import CHECK
from workflows.static.formats.torch import LEGACY

RULES = {rule.name for rule in CHECK.rules}
EVIL = system(c("posix", "system"))
GOOD = b"\x80\x02" + c("collections", "OrderedDict") + b")R."
WHOLE = b"\x80\x02" + c("torch.nn.modules.conv", "Conv2d") + b")\x81."
SYSTEM = "`weights.pytorch_state_dict.source` 'w.pt' imports 'posix.system' when it is loaded, which can do anything to a computer."


def told(folder, content, weights_format="pytorch_state_dict", name="w.pt"):
    entry = f"  {weights_format}:\n    source: {name}\n    sha256: {hashlib.sha256(content).hexdigest()}\n"
    entry += "    architecture: package.Net\n" if weights_format == "pytorch_state_dict" else ""
    write_model(folder, MODEL_04[: MODEL_04.index("  onnx:")] + entry)
    (folder / name).write_bytes(content)
    return [(one["level"], one["rule"], one["message"]) for one in folder_findings(folder) if one["rule"] in RULES]


def state(raw, name="m/data.pkl", method=zipfile.ZIP_STORED):
    return zipped({name: raw, "m/version": b"3"}, method)


@pytest.mark.parametrize(
    "content", [state(GOOD), GOOD, LEGACY + GOOD * 4 + bytes(100), (2).to_bytes(8, "little") + b"{}"]
)
def test_tensors_alone_are_silent(tmp_path, content):
    assert told(tmp_path, content) == []
    assert told(tmp_path, SCRIPT, "torchscript") == []


def spoiled(raw):
    """Wrong check sums, an encryption flag that lies, another local name: Python's zipfile refuses, torch loads."""
    raw = bytearray(raw)
    raw[14:18] = b"\0\0\0\0"
    raw[6] |= 0x20
    raw[30:32] = b"xx"
    return bytes(raw)


@pytest.mark.parametrize(
    "content",
    [
        state(EVIL),
        state(EVIL, method=zipfile.ZIP_DEFLATED),
        state(EVIL, name="m/DATA.PKL"),
        state(EVIL, name="deep/er/data.pkl"),
        spoiled(state(EVIL)),
        zipped({"m/data.pkl": GOOD, "m/other.pkl": EVIL}),
        EVIL,
        b"cposix\nsystem\n(S'id'\ntR.",
        GOOD + EVIL,
        LEGACY + GOOD + GOOD + EVIL + GOOD,
        LEGACY + EVIL,
        EVIL + zipped({"m/data.pkl": GOOD}),
        EVIL[:-1] + b"0" + GOOD,
        system(u("posix") + b"\x94" + u("system") + b"\x94" + b"00h\0h\1" + STACK_GLOBAL),
    ],
)
def test_what_runs_a_command_is_kept_out_in_every_shell(tmp_path, content):
    assert ("policy", "pickle", SYSTEM) in told(tmp_path, content)


def test_an_archive_with_code_is_scanned_too(tmp_path):
    content = zipped({"m/data.pkl": GOOD, "m/constants.pkl": EVIL, "m/code/a.py": b"", "m/version": b"3"})
    ((level, rule, message),) = told(tmp_path, content, "torchscript")
    assert (level, rule, "'posix.system'" in message) == ("policy", "pickle", True)
    content = zipped({"m/data.pkl": GOOD, "m/constants.pkl": GOOD, "m/code/a.py.debug_pkl": EVIL, "m/version": b"3"})
    assert told(tmp_path, content, "torchscript")[0][1] == "pickle"


def test_a_pickle_among_the_attachments_is_scanned_too(tmp_path):
    (tmp_path / "optimizer.pkl").write_bytes(EVIL)
    write_model(tmp_path, MODEL_04 + "attachments: {files: [optimizer.pkl, optimizer.pkl]}\n")
    (finding,) = [one for one in folder_findings(tmp_path) if one["rule"] in RULES]
    assert (finding["rule"], finding["pointer"]) == ("pickle", "/attachments/files/0")


def test_what_is_not_known_is_for_human_eyes(tmp_path):
    message = (
        "`weights.pytorch_state_dict.source` 'w.pt' imports 'torch.nn.modules.conv.Conv2d' when it is loaded: "
        "a maintainer has to look at it."
    )
    assert told(tmp_path, state(WHOLE)) == [("warning", "pickle-import", message)]


def test_many_names_are_cut_and_odd_ones_harmless_to_the_sentence(tmp_path):
    many = b"".join(c("lib", f"name{number}") for number in range(9)) + c("lib`", "@everyone" * 9)
    ((_, _, message),) = told(tmp_path, state(b"\x80\x02" + many + b"."))
    assert message.endswith("'lib.name4' and 5 more when it is loaded: a maintainer has to look at it.")


def test_a_computed_name_is_told(tmp_path):
    content = state(b"\x80\x04" + c("lib", "f") + u("x") + TUPLE1 + REDUCE + u("system") + STACK_GLOBAL + b".")
    assert "imports something whose name it only computes when" in told(tmp_path, content)[0][2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (state(EVIL[:5]), "holds a pickle in 'm/data.pkl' that cannot be followed to its end: it ends before its end."),
        (state(b"PK\x03\x04"), "byte"),
        (state(GOOD)[:-10], "the archive has no table of contents"),
        (b"\x80\x02\xff", "holds a pickle that cannot be followed to its end: byte 2 is no step of a pickle."),
    ],
)
def test_what_cannot_be_followed_is_kept_out(tmp_path, content, says):
    found = told(tmp_path, content)
    assert {one[:2] for one in found} == {("policy", "pickle")}
    assert any(says in message or says == "byte" for _, _, message in found)


def test_a_bomb_of_steps_ends(tmp_path):
    content = state(b"\x80\x02" + b"N0" * 700_000 + b".", method=zipfile.ZIP_DEFLATED)
    assert told(tmp_path, content)[0][2].endswith("there are over 1,000,000 steps.")


def test_a_deep_pickle_ends(tmp_path):
    assert "nested over 10,000 deep" in told(tmp_path, state(b"\x80\x02" + b"(" * 200_000))[0][2]


def test_text_that_follows_a_plain_pickle_is_no_second_one(tmp_path):
    raw = pickle.dumps({"a": 1}) + b"the end"
    assert told(tmp_path, raw) == []
