"""What the tests of the work side need: a Python with the boxes' libraries, and the real models."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "realdata" / "models" / "unet2d_nuclei_broad"


@pytest.fixture(scope="session")
def job_python() -> str:
    """An interpreter that has what the boxes have; skips without one."""
    found = os.environ.get("ACCESSION_JOB_PYTHON") or str(ROOT / ".venv-job" / "bin" / "python")
    if not Path(found).exists():
        pytest.skip(f"no job interpreter at {found}: name one in ACCESSION_JOB_PYTHON")
    probe = subprocess.run([found, "-c", "import onnxruntime, bioimageio.core"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip(f"{found} lacks bioimageio.core or onnxruntime")
    return found


@pytest.fixture(scope="session")
def torch_python(job_python) -> str:
    """A job interpreter with torch."""
    if subprocess.run([job_python, "-c", "import torch"], capture_output=True, check=False).returncode:
        pytest.skip(f"{job_python} lacks torch")
    return job_python


@pytest.fixture(scope="session")
def unet2d() -> Path:
    """The real model's folder; skips where the real data is not there."""
    if not REAL.is_dir():
        pytest.skip(f"no real data at {REAL}")
    return REAL


@pytest.fixture(scope="session")
def report_schema() -> dict:
    """The schema of the report."""
    import json

    return json.loads((ROOT / "schemas" / "report.schema.json").read_text())


@pytest.fixture(scope="session")
def check_definition(report_schema):
    """A check of a value against one definition of the report's schema."""
    import jsonschema

    def check(value, definition):
        jsonschema.Draft202012Validator(
            {"$ref": f"#/$defs/{definition}", "$defs": report_schema["$defs"]},
        ).validate(value)

    return check
