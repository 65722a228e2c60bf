"""The steps without a token as they run on GitHub: sealed boxes of the real engine, each step on a machine of its own."""

from __future__ import annotations

import json
import os

import pytest

from bot import cli, plain_json
from bot.digests import job_id
from tests.fakes.served import job_of, serving
from tests.samples import make

pytestmark = pytest.mark.docker
SEED = "0123456789abcdef"


def test_a_model_is_run_by_one_job_and_judged_by_another(tmp_path, capsys):
    sample = make.make_good(tmp_path / "good")
    with serving(sample) as url:
        job = job_of(url, sample)
        question = {**job, "verb": "prepare"}
        (tmp_path / "questions").mkdir()
        (tmp_path / f"questions/{job_id(question)}.json").write_text(plain_json.dumps(question))

        def step(verb, *arguments):
            """A machine that has seen nothing of the other steps."""
            settings = {name: value for name, value in os.environ.items() if name.startswith("ACCESSION_JOB_IMAGE")}
            settings |= {"ACCESSION_BOX": "docker", "ACCESSION_ZENODO_URL": url, "ACCESSION_KEEP_WARM": "0"}
            settings["ACCESSION_CACHE"] = str(tmp_path / verb)
            given = ["actions", verb, "--questions", str(tmp_path / "questions"), *arguments]
            assert cli.main(given, settings) == 0
            return capsys.readouterr().out

        out = step("formats", "--out", str(tmp_path / "nothing"))
        assert json.loads(out.partition("=")[2]) == [{"format": "onnx", "image": "onnx-torch"}]
        produced = tmp_path / "artifacts/produced-onnx"
        step("produce", "--format", "onnx", "--seed", SEED, "--out", str(produced))
        names = sorted(path.name for path in produced.rglob("*") if path.is_file())
        assert {"extras", "produced", "run.json", "tensor-0"} <= set(names)
        step("judge", "--produced", str(produced.parent), "--seed", SEED, "--out", str(tmp_path / "answers"))

    answer = tmp_path / "answers" / f"answer-{job_id({**question, 'verb': 'check'})}" / "answer.json"
    report = plain_json.validate(json.loads(answer.read_text()), "report")
    assert report["outcome"] == "passed", report["message"]
    (weights,) = report["weights"]
    assert [weights[part]["outcome"] for part in ("loads", "runs", "reproduces")] == ["passed"] * 3
    assert {check["name"]: check["outcome"]["outcome"] for check in weights["checks"]}["varies"] == "passed"
