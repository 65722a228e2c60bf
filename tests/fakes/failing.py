"""A model of two formats: onnx reproduces, torchscript does not. Everything a report can say of a test run is in it.

The figures of the output that differs are those that the judge finds of `tests/screenshot/picture.py`'s tensors.
"""

from __future__ import annotations

import hashlib
from typing import Any

from bot.records.verdict import Report, report
from tests.fakes.workshop import report as report_json

PASSED = {"outcome": "passed", "message": "", "detail": ""}
PICTURE = hashlib.sha256(b"picture").hexdigest()
ARCHIVE = hashlib.sha256(b"archive").hexdigest()
IMAGE = "sha256:" + "3f" * 32
DIFFERS = (
    "output `nuclei`: 12,288 of 65,536 elements (187,500 ppm) differ by more than the tolerance (atol 1e-05, rtol 0.001); "
    "worst at [0, 0, 168, 73]: expected 0.881293, got 0.715786; its data type is float64, expected float32"
)
VARIES = "the output changes with the input (mirrored and noised)"
SMALLEST = "on the smallest declared size ([1, 1, 64, 64]) the output is as declared: `nuclei` [1, 1, 64, 64]"
TWICE = (
    "run twice on the same input, it gives two outputs: output `nuclei`: 61 of 65,536 elements (931 ppm) differ by more than "
    "the tolerance: switch off what is random (dropout, sampling) before saving the weights"
)
WARNING = "UserWarning: torch.meshgrid: in an upcoming release, it will be required to pass the indexing argument."


def outcome(kind: str, message: str, detail: str = "") -> dict[str, str]:
    return {"outcome": kind, "message": message, "detail": detail}


def failing_json() -> dict[str, Any]:
    """As `schemas/report.schema.json`."""
    good, made = report_json("7c9e41d2a05b" + "0" * 52, "failed")["weights"][0], report_json("0" * 64, "failed")
    agrees = good["tensors"][0] | {
        "name": "nuclei",
        "mismatched": 0,
        "mismatch_ppm": 0.0,
        "max_abs": 2.4e-7,
        "max_rel": 3.1e-6,
        "worst": None,
        "elements": 65536,
        "expected_shape": [1, 1, 256, 256],
        "produced_shape": [1, 1, 256, 256],
        "outcome": outcome("passed", "output `nuclei`: all 65,536 elements agree"),
    }
    onnx = good | {
        "reproduces": PASSED,
        "tensors": [agrees],
        "image": IMAGE,
        "peak_memory_bytes": 231_000_000,
        "seconds": {"import": 0.91, "load": 0.12, "first_run": 0.084, "steady": 0.061},
        "checks": [
            {"name": "deterministic", "outcome": outcome("passed", "twice the same")},
            {"name": "varies", "outcome": outcome("passed", VARIES)},
            {"name": "smallest", "outcome": outcome("passed", SMALLEST)},
            {"name": "stepped", "outcome": outcome("skipped", "the time for further runs was over")},
        ],
        "repeat": "accession-check dynamic rdf.yaml --weights onnx",
    }
    return made | {
        "content_hash": "7c9e41d2a05b" + "0" * 52,
        "image": IMAGE,
        "findings": [],
        "weights": [onnx, _torchscript(good, agrees)],
        "comparisons": [
            _comparison("test", outcome("failed", disagree("the test inputs", "0.166")), 0.1655, 187_500.0),
            _comparison("flipped", outcome("failed", disagree("mirrored inputs", "0.17")), 0.1702, 187_500.0),
            _comparison("noised", outcome("passed", "onnx and torchscript agree on noised inputs"), 1.2e-6, 0.0),
        ],
        "seconds": {"total": 6.4},
    }


def _torchscript(good: dict[str, Any], agrees: dict[str, Any]) -> dict[str, Any]:
    differs = outcome("failed", DIFFERS)
    off = {
        "mismatched": 12288,
        "mismatch_ppm": 187500.0,
        "max_abs": 0.1655067580103874,
        "max_rel": 0.18780000000000005,
        "worst": {"index": [0, 0, 168, 73], "expected": 0.8812926411628723, "produced": 0.7157858831524849},
        "produced_dtype": "float64",
        "outcome": differs,
    }
    return good | {
        "format": "torchscript",
        "reproduces": differs,
        "tensors": [agrees | off],
        "seconds": {"import": 2.2, "load": 0.31, "first_run": 0.42, "steady": 0.19},
        "peak_memory_bytes": 642_000_000,
        "versions": {"numpy": "2.4.6", "torch": "2.13.0+cpu", "bioimageio.core": "0.11.0"},
        "image": IMAGE,
        "words": "loading the network ...\nfalling back to bilinear upsampling\n",
        "warnings": [WARNING],
        "checks": [
            {"name": "deterministic", "outcome": outcome("failed", TWICE)},
            {"name": "varies", "outcome": outcome("passed", VARIES)},
            {"name": "smallest", "outcome": outcome("passed", SMALLEST)},
        ],
        "pictures": [{"output": "nuclei", "sha256": PICTURE, "size": 48_211}],
        "artefact": {"sha256": ARCHIVE, "size": 214_776},
        "repeat": "accession-check dynamic rdf.yaml --weights torchscript",
    }  # fmt: skip


def _comparison(run: str, said: dict[str, str], largest: float | None, ppm: float) -> dict[str, Any]:
    return {
        "formats": ["onnx", "torchscript"],
        "run": run,
        "outcome": said,
        "max_abs": largest,
        "mismatch_ppm": ppm,
    }


def disagree(run: str, largest: str) -> str:
    return (
        f"onnx and torchscript differ on {run}: output `nuclei`: 12,288 of 65,536 elements (187,500 ppm) differ by more than "
        f"the tolerance, largest absolute difference {largest}: convert them again from the same weights"
    )


def failing_report() -> Report:
    return report(failing_json())
