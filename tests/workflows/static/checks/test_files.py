"""Files that are missing, misspelt, elsewhere, empty or outside."""

import unicodedata

import pytest

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, write_model
from tests.workflows.static.helpers import box_findings, folder_findings
from workflows.static.checks.files import CHECK

RULES = {rule.name for rule in CHECK.rules}
REMOTE = "https://zenodo.org/api/records/1/files/weights.pt/content"


def told(folder, text):
    return [one for one in folder_findings(write_model(folder, text)) if one["rule"] in RULES]


def test_nothing_is_told_where_all_is_there(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x.npy").write_bytes(b"1")
    assert told(tmp_path, MODEL_04 + "attachments: {files: [./README.md, sub//x.npy]}\n") == []


@pytest.mark.parametrize(
    ("wrong", "right", "why"),
    [
        ("readme.md", "README.md", " Upper and lower case count."),
        ("docs/README.md", "README.md", " It is in another folder."),
        (" README.md", "README.md", None),
        ("REEDME.md", "README.md", ""),
        ("README.markdown", "README.md", ""),
        ("nothing.md", None, None),
    ],
)
def test_a_similar_name_is_suggested(tmp_path, wrong, right, why):
    found = told(tmp_path, MODEL_04.replace("documentation: README.md", f"documentation: '{wrong}'"))
    assert [one["rule"] for one in found] == ["file-missing"]
    if right is None:
        assert (found[0]["suggestion"], "Add the file" in found[0]["fix"]) == (None, True)
    else:
        assert found[0]["suggestion"]["text"] == f"documentation: '{right}'"
        assert why is None or found[0]["fix"] == f"Did you mean {right!r}?{why}"


def test_names_that_look_the_same_in_unicode_are_told_apart(tmp_path):
    name = "Zürich.npy"
    (tmp_path / unicodedata.normalize("NFD", name)).write_bytes(b"1")
    (finding,) = told(tmp_path, MODEL_04 + f"attachments: {{files: [{name}]}}\n")
    assert finding["fix"].endswith("Its letters look the same, but are other characters (Unicode).")
    assert unicodedata.is_normalized("NFD", finding["suggestion"]["text"])


def test_a_file_that_nothing_names_yet_is_suggested_first(tmp_path):
    (tmp_path / "test_input.npy").write_bytes(b"1")
    (finding,) = told(tmp_path, MODEL_04.replace("[in.npy]", "[test_inputs.npy]"))
    assert finding["fix"] == "Did you mean 'test_input.npy'?"


def test_one_of_two_that_are_alike_is_not_chosen(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "odd.bin").write_bytes(b"1")
    (finding,) = told(tmp_path, MODEL_04 + "attachments: {files: [c/odd.bin]}\n")
    assert finding["suggestion"] is None


@pytest.mark.parametrize(
    "path", ["/home/me/in.npy", "../in.npy", "C:\\\\in.npy", "a/../../in.npy", "~/in.npy", "..\\\\in.npy"]
)
def test_paths_that_lead_out_of_the_upload(tmp_path, path):
    (finding,) = told(tmp_path, MODEL_04.replace("[in.npy]", f'["{path}"]'))
    assert (finding["level"], finding["rule"]) == ("error", "file-path")


def test_an_empty_file(tmp_path):
    write_model(tmp_path)
    (tmp_path / "README.md").write_bytes(b"")
    (finding,) = [one for one in folder_findings(tmp_path) if one["rule"] in RULES]
    assert finding["message"] == "`documentation` 'README.md' is an empty file."


def fact(source, rule, sha256=None):
    problem = {"rule": rule, "message": "It is so.", "fix": "Mend it."}
    return {"source": source, "local": None, "size": sha256 and 5, "sha256": sha256, "problem": problem}


@pytest.mark.parametrize(
    ("source", "problem", "rule"),
    [
        (REMOTE, "gone", "file-fetch"),
        (REMOTE, "certificate", "file-fetch"),
        (REMOTE, "file-too-large", "file-too-large"),
        (REMOTE, "package-too-large", "file-too-large"),
        ("README.md", "missing-file", "file-missing"),
        ("README.md", "file-too-large", "file-too-large"),
    ],
)
def test_problems_of_the_work_side_are_told_under_rules_that_are_explained(tmp_path, source, problem, rule):
    write_model(tmp_path, MODEL_05)
    listing = ["in.npy", "out.npy", "in.png", "out.png", "cover.png", "weights.onnx", "readme.md"]
    others = [] if source == "README.md" else ["README.md"]
    found = box_findings(tmp_path, "rdf.yaml", [fact(source, problem)], [*listing, *others])["findings"]
    (finding,) = [one for one in found if one["rule"] in RULES]
    assert (finding["rule"], finding["level"]) == (rule, "error")
    if rule == "file-missing":
        assert finding["suggestion"]["text"] == "documentation: readme.md"
    else:
        assert finding["message"].endswith("It is so.")


def test_a_file_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    write_model(tmp_path)
    (tmp_path / "cover.png").unlink()
    (tmp_path / "cover.png").symlink_to("/proc/self/mem")
    found = [one for one in folder_findings(tmp_path) if one["pointer"] == "/covers/0"]
    assert {one["rule"] for one in found} <= {"file-fetch", "file-missing", "file-empty"}
    assert found
