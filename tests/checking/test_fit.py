"""However much a box says, the answer fits 256 KB, keeps every verdict, and is of the schema."""

import pytest

from bot import plain_json
from bot.checking import weights_report
from bot.checking.expected import RUN_FORMATS
from bot.checking.fit import fit_report
from bot.checking.report_file import Frame, assemble
from tests.fakes.boxes import finding, tensor


def weights(name, letter):
    outcome = weights_report.outcome("failed", letter * 2000, letter * 8000)
    full = dict.fromkeys(weights_report.ANSWERS, outcome)
    passed = tensor(0.0, weights_report.outcome("passed", letter * 2000)) | {"name": letter * 256}
    tensors = [passed] * 31 + [passed | {"outcome": outcome, "name": "last"}]
    return weights_report.untried(name, "") | full | {
        "tensors": tensors,
        "words": letter * 4000,
        "warnings": [letter * 300] * 20,
        "versions": {f"{letter * 30}{n}": letter * 64 for n in range(32)},
        "checks": [{"name": check, "outcome": outcome} for check in ("deterministic", "varies", "smallest", "stepped") * 2],
        "pictures": [{"output": letter * 256, "sha256": "a" * 64, "size": 1}] * 32,
        "artefact": {"sha256": "b" * 64, "size": 1},
    }  # fmt: skip


def report(letter, findings=0):
    outcome = weights_report.outcome("passed", letter * 2000, letter * 8000)
    compared = {"formats": ["onnx", "keras_v3"], "run": "test", "outcome": outcome, "max_abs": 1, "mismatch_ppm": 0}
    wrong = compared | {"outcome": outcome | {"outcome": "failed"}}
    return assemble(
        Frame("0" * 64, "sha256:x", "3"),
        kind="model",
        findings=[finding("rule") | {"message": letter * 2000, "fix": letter * 2000} for _ in range(findings)],
        left_out=0,
        weights=[weights(name, letter) for name in RUN_FORMATS],
        comparisons=[compared] * 63 + [wrong],
        seconds={"total": 1.0},
    )


@pytest.mark.parametrize("letter", ["a", "é", "\U0001f9ea"])
@pytest.mark.parametrize("findings", [0, 500])
def test_the_longest_report_fits_and_keeps_every_verdict(letter, findings):
    whole = report(letter, findings)
    cut = plain_json.validate(fit_report(whole), "report")
    assert len(plain_json.dumps(cut)) <= plain_json.MAX_ANSWER_BYTES
    assert cut["outcome"] == "failed"
    assert len(cut["findings"]) + cut["findings_left_out"] == findings
    assert [one["format"] for one in cut["weights"]] == list(RUN_FORMATS)
    for one in cut["weights"]:
        assert [answer["outcome"] for answer in weights_report.answers(one)] == ["failed"] * 11
        assert one["artefact"] == {"sha256": "b" * 64, "size": 1}
        assert one["repeat"] == f"accession-check dynamic DIR --weights {one['format']}"
    assert cut["comparisons"][0]["outcome"]["outcome"] == "failed"
    assert cut["weights"][0]["tensors"][0]["name"] == "last"


def test_a_report_that_fits_is_left_as_it_is():
    small = report("a") | {"weights": [], "comparisons": []}
    assert fit_report(small) is small
