"""The samples whose RDFs have steps before and after the model reproduce in bioimageio.core, which takes those steps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples.kinds import FORMS

ROOT = Path(__file__).parents[2]
JOB_PYTHON = os.environ.get("ACCESSION_JOB_PYTHON") or str(ROOT / ".venv-job" / "bin" / "python")
WITH_STEPS = [kind for kind in FORMS if kind.startswith(("binary", "normalized", "ranged"))]


@pytest.mark.skipif(not Path(JOB_PYTHON).exists(), reason="the boxes' libraries are not installed: make .venv-job")
@pytest.mark.parametrize("kind", WITH_STEPS)
def test_it_reproduces(kind, sample):
    command = [sys.executable, "-m", "workflows", "dynamic", str(sample(kind))]
    environ = {**os.environ, "ACCESSION_JOB_PYTHON": JOB_PYTHON}
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("onnx: reproduces\n")
