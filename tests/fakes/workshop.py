"""A work side that behaves: it fetches the upload's rdf.yaml, describes it, and judges by what the file itself says.

`config: {verdict: passed | failed | errored | pictured}` in the RDF decides the report; everything else follows from the bytes.
`pictured` fails with a picture and with tensors, which the work side then keeps. `waits` declares dependencies that are built
once the job allows it for this content (it passes then); `waits beside` does so beside weights that pass. A line
`name: bad # write good` is a mistake with a suggestion, `# advise good` is advice with one, and `# take 2 lines` suggests that
this line and the next be taken away.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import requests
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import GatewayError
from tests.fakes.png import plain

TENSORS = b"PK of tensors"


class FakeWorkshop:
    """Fulfils `ports.Workshop`; `checks` counts the boxes that would have run."""

    def __init__(self, *, environment: str = "image-1") -> None:
        self.image = environment
        self.checks = 0
        self.broken = 0
        """How many of the next checks end errored."""
        self.refuse_checks = 0
        """How many of the next checks the work side cannot even begin."""
        self.asked: list[str] = []
        """Hashes of the blobs that were asked for."""
        self.builds: list[str] = []
        """For which content the job of each check allowed building."""
        self._blobs: dict[str, bytes] = {}

    def environment(self) -> str:
        return self.image

    def blob(self, sha256: str) -> bytes:
        self.asked.append(sha256)
        if sha256 not in self._blobs:
            raise GatewayError("a cached file is gone", reason="blob-gone", transient=True)
        return self._blobs[sha256]

    def keep(self, content: bytes) -> dict[str, Any]:
        """Keep a blob; its hash and size, as a report names them."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._blobs[sha256] = content
        return {"sha256": sha256, "size": len(content)}

    def evict(self) -> None:
        """The cache was too small: pictures and tensors are gone."""
        self._blobs = {
            sha: content for sha, content in self._blobs.items() if not content.startswith((b"\x89PNG", b"PK"))
        }

    def prepare(self, job: dict[str, Any]) -> dict[str, Any]:
        content = self._rdf(job)
        if content is None:
            return _refused("no-rdf", "The upload has no rdf.yaml: add one and publish a new version.")
        try:
            data = YAML(typ="safe", pure=True).load(content)
        except YAMLError:
            return _refused("not-yaml", "rdf.yaml is not YAML.")
        sha = hashlib.sha256(content).hexdigest()
        self._blobs[sha] = content
        files = [
            {"name": f["name"], "url": f["url"], "size": f["size"], "sha256": None, "roles": [], "problem": None}
            for f in job["source"]["files"]
        ]
        whole = json.dumps([sha, sorted((f["name"], f["size"]) for f in job["source"]["files"])])
        return {
            "schema": "accession/submission/1",
            "outcome": "described",
            "reason": "",
            "message": "",
            "rdf": {"name": "rdf.yaml", "sha256": sha, "size": len(content)},
            "resource": _resource(data),
            "files": files,
            "content_hash": hashlib.sha256(whole.encode()).hexdigest(),
        }

    def check(self, job: dict[str, Any]) -> dict[str, Any]:
        if self.refuse_checks:
            self.refuse_checks -= 1
            raise GatewayError("The work side is gone.", reason="work-gone", transient=True)
        self.checks += 1
        submission = self.prepare({**job, "verb": "prepare"})
        rdf = self._blobs[submission["rdf"]["sha256"]]
        data = YAML(typ="safe", pure=True).load(rdf)
        verdict = (data.get("config") or {}).get("verdict", "passed")
        if self.broken:
            self.broken -= 1
            verdict = "errored"
        self.builds.append(job.get("build", ""))
        if verdict.startswith("waits") and job.get("build") != submission["content_hash"]:
            return waiting(submission["content_hash"], verdict)
        if verdict.startswith("waits"):
            return report(submission["content_hash"], "passed")
        made = self._pictured(submission) if verdict == "pictured" else report(submission["content_hash"], verdict)
        return made if verdict == "errored" else with_mistakes(made, rdf.decode())

    def _pictured(self, submission: dict[str, Any]) -> dict[str, Any]:
        """A colour of its own for each content."""
        made = report(submission["content_hash"], "failed") | {"findings": []}
        red, green, blue = bytes.fromhex(submission["content_hash"])[:3]
        weights = made["weights"][0] | {
            "pictures": [{"output": "out"} | self.keep(plain((red, green, blue)))],
            "artefact": self.keep(TENSORS + submission["content_hash"].encode()),
        }
        return made | {"weights": [weights]}

    def close(self) -> None:
        """Nothing is open."""

    def _rdf(self, job: dict[str, Any]) -> bytes | None:
        if job["rdf_override"] is not None:
            return base64.b64decode(job["rdf_override"])
        url = next((f["url"] for f in job["source"]["files"] if f["name"] == "rdf.yaml"), None)
        if url is None:
            return None
        try:
            answer = requests.get(url, timeout=5)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise GatewayError("The archive did not hand out rdf.yaml.", reason="fetch", transient=True) from error
        return answer.content


def report(content_hash: str, verdict: str) -> dict[str, Any]:
    """A report of that outcome; a failed one has one finding and one output that differs."""
    failed = verdict == "failed"
    passed = {"outcome": "passed", "message": "", "detail": ""}
    differs = {"outcome": "failed", "message": "output `out` differs in 12 of 4,096 elements", "detail": ""}
    finding = {
        "level": "error",
        "rule": "license",
        "pointer": "/license",
        "line": 4,
        "column": 1,
        "message": "`MTI` is not an SPDX identifier.",
        "fix": "Write `MIT`.",
        "suggestion": {"start_line": 4, "end_line": 4, "text": "license: MIT"},
    }
    return {
        "schema": "accession/report/1",
        "content_hash": content_hash,
        "image": "sha256:" + "1" * 64,
        "rules": "1",
        "outcome": verdict,
        "message": "" if verdict != "errored" else "The engine did not answer.",
        "findings": [finding] if failed else [],
        "findings_left_out": 0,
        "weights": [_weights(passed, differs if failed else passed)] if verdict != "errored" else [],
        "comparisons": [],
        "seconds": {"static": 0.1, "produce": 0.5},
    }


def waiting(content_hash: str, verdict: str = "waits") -> dict[str, Any]:
    """A report on weights that wait for an image, alone or beside others that reproduce."""
    made = report(content_hash, "passed")
    skipped = {"outcome": "skipped", "message": "Declares dependencies: `torch==1.9`.", "detail": "torch==1.9\nsix"}
    waits = made["weights"][0] | dict.fromkeys(("loads", "runs", "reproduces"), skipped)
    waits |= {"format": "pytorch_state_dict", "awaits": "ok-to-build", "tensors": [], "checks": [], "image": ""}
    waits |= {"seconds": {}, "versions": {}, "peak_memory_bytes": None}
    beside = verdict != "waits"
    weights = [*made["weights"], waits] if beside else [waits]
    return made | {"weights": weights, "outcome": "passed" if beside else "failed"}


_MISTAKE = re.compile(r"(.*?)[^ ]* # (write|advise|take) (.*)")


def with_mistakes(made: dict[str, Any], text: str) -> dict[str, Any]:
    """The report with a finding for every marked line; those that are no advice make it fail."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = _MISTAKE.fullmatch(line)
        if mark:
            start, kind, new = mark.groups()
            end = number + (int(new.split()[0]) - 1 if kind == "take" else 0)
            suggestion = {"start_line": number, "end_line": end, "text": "" if kind == "take" else start + new}
            found.append(
                {
                    "level": "warning" if kind == "advise" else "error",
                    "rule": "wrong-value",
                    "pointer": f"/{line.partition(':')[0].strip()}",
                    "line": number,
                    "column": 1,
                    "message": f"{line.partition(':')[0].strip()} has a wrong value.",
                    "fix": "Write what is suggested.",
                    "suggestion": suggestion,
                }
            )
    failed = made["outcome"] == "failed" or any(finding["level"] == "error" for finding in found)
    return made | {"findings": [*made["findings"], *found], "outcome": "failed" if failed else made["outcome"]}


def _weights(passed: dict[str, str], reproduces: dict[str, str]) -> dict[str, Any]:
    return {
        "format": "onnx",
        "loads": passed,
        "runs": passed,
        "reproduces": reproduces,
        "tensors": [
            {
                "name": "out",
                "kind": "float",
                "expected_shape": [1, 1, 64, 64],
                "produced_shape": [1, 1, 64, 64],
                "expected_dtype": "float32",
                "produced_dtype": "float32",
                "elements": 4096,
                "mismatched": 0 if reproduces is passed else 12,
                "mismatch_ppm": 0.0 if reproduces is passed else 2929.7,
                "max_abs": 1e-7 if reproduces is passed else 0.25,
                "max_rel": 1e-7 if reproduces is passed else 0.5,
                "nan": 0,
                "inf": 0,
                "worst": {"index": [0, 0, 12, 40], "expected": 0.5, "produced": 0.75},
                "tolerance": {"atol": 1e-5, "rtol": 1e-3, "ppm": 0.0, "source": "the library's default"},
                "outcome": reproduces,
            }
        ],
        "seconds": {"import": 0.9, "load": 0.1, "first_run": 0.05, "steady": 0.02},
        "peak_memory_bytes": 212_000_000,
        "words": "",
        "versions": {"numpy": "2.4.6", "onnxruntime": "1.23.2"},
        "image": "sha256:" + "2" * 64,
        "warnings": [],
        "checks": [],
        "pictures": [],
        "artefact": None,
        "repeat": "accession-check dynamic DIR --weights onnx",
    }


def _refused(reason: str, message: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {"rdf": None, "resource": None, "files": [], "content_hash": None}
    return {"schema": "accession/submission/1", "outcome": "refused", "reason": reason, "message": message, **nothing}


def _resource(data: dict[str, Any]) -> dict[str, Any]:
    def people(key: str) -> list[dict[str, Any]]:
        return [{"name": p.get("name", ""), "github_user": p.get("github_user")} for p in data.get(key) or ()]

    return {
        "type": data.get("type", "model"),
        "format_version": str(data.get("format_version", "")),
        "name": str(data.get("name", "")),
        "description": str(data.get("description", "")),
        "version": None,
        "license": data.get("license"),
        "tags": list(data.get("tags") or ()),
        "authors": people("authors"),
        "maintainers": people("maintainers"),
        "packagers": people("packaged_by"),
        "claimed_id": data.get("id"),
        "weights": list(data.get("weights") or ()),
        "covers": [],
        "documentation": None,
    }
