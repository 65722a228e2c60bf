"""Boxes that behave, without an engine: they read what is laid into them and answer by the protocol.

An upload's "RDF" is JSON here (`{"type", "weights", "files": [[role, source, sha256 or null], …]}`), a "zip" is JSON of name to
text, a "model" multiplies: its weights hold a number, its test input another, and the test output is their product.
Weights `=6` give 6 whatever the input is, weights `?6` give 6, then 7, then 8 (`fake_model.py`).
`trouble` maps a verb to a `BoxEnd`, a `GatewayError`, the words of a false answer, or, as `Ended`, a run at which the box
ends; it may be changed at any time. Without a `plan` they are boxes of an image that knows no further runs.
"""

import hashlib
import json
import threading
from dataclasses import dataclass

from bot.errors import GatewayError
from bot.gateways.boxes_words import memory_limit, ready_limit, time_limit
from bot.records.box import FIRST, BoxEnd, BoxRun, Machine
from tests.fakes import fake_model
from tests.fakes.fake_model import OUTCOME

SENTENCES = {BoxEnd.TIME: time_limit(120), BoxEnd.MEMORY: memory_limit(4 * 1024**3)}
PLAN = {"runs": ["smallest", "stepped"]}


@dataclass(frozen=True)
class Ended:
    """A box that ends when it comes to this run, or to the frame of this name."""

    at: str
    end: BoxEnd


class FakeBoxes:
    def __init__(self, image="sha256:fake"):
        self.image = image
        self.others = {}
        self.room = Machine(cpus=8, memory_bytes=64 * 1024**3)
        self.plan = PLAN
        self.pictures = {}
        self.trouble = {}
        self.findings = []
        self.installed = {"sha256:fake": {"numpy", "torch"}}
        self.seen = []
        self.ran = []
        self.owners = []
        self.warmed = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def images(self):
        return {FIRST: self.image} | self.others

    def machine(self):
        return self.room

    def prewarm(self, verb, limits, *, image=FIRST, formats=()):
        self.warmed.append((verb, self.images().get(image, image), tuple(formats)))

    def close(self):
        pass

    def run(self, job, inputs, limits, take, *, image=FIRST, whose="", leash=None):
        digest = self.images().get(image, image)
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.ran.append((job["verb"], digest, limits))
            self.owners.append(whose)
        try:
            return self._run(job, inputs, take, digest)
        finally:
            with self._lock:
                self._at_once -= 1

    def _run(self, job, inputs, take, image):
        files = {local: path.read_bytes() for local, path in inputs.items()}
        with self._lock:
            self.seen.append((job, files))
        trouble = self.trouble.get(job["verb"])
        if isinstance(trouble, GatewayError):
            raise trouble
        if isinstance(trouble, BoxEnd):
            return BoxRun(trouble, None, 1.0, "last words", limit=SENTENCES.get(trouble, "It ended with exit code 1."))
        if "late" in {trouble, self.trouble.get(image)}:
            return BoxRun(BoxEnd.TIME, None, 120.0, "", limit=ready_limit(120), ready=False)
        if trouble == "not ready" or self.trouble.get(image) == "not ready":
            return BoxRun(BoxEnd.FAILED, 1, 0.1, "ImportError", ready=False)
        told = {"image": image} if job["verb"] == "environment" else {}
        for name, payload in getattr(self, f"_{job['verb']}")(job, files, **told):
            if isinstance(trouble, Ended) and name.startswith(trouble.at):
                return BoxRun(trouble.end, None, 1.0, "last words", limit=SENTENCES.get(trouble.end, "It crashed."))
            take(name, iter([payload[:3], payload[3:]]), len(payload))
        return BoxRun(BoxEnd.DONE, 0, 0.5, "some words", peak_memory_bytes=1000)

    def verbs(self):
        return [job["verb"] for job, _ in self.seen]

    def _describe(self, job, files):
        if self.trouble.get("describe") == "lies":
            yield "description", b'{"outcome": "described"}'
            return
        names = [file["name"] for file in job["listing"]]
        fetched = {file["name"]: files[file["local"]] for file in job["files"]}
        zipped = [name for name in names if name.endswith(".zip")]
        wanted = zipped[0] if zipped else next((name for name in names if name.endswith((".yaml", ".yml"))), None)
        if wanted is None and not job["override"]:
            yield refusal("no-rdf", "There is no RDF among the files.")
            return
        if wanted not in fetched and not (job["override"] and not zipped):
            yield refusal("need-file", wanted)
            return
        members = json.loads(fetched[wanted]) if zipped else {}
        raw = (
            files[job["override"]]
            if job["override"]
            else members.get("rdf.yaml", "").encode()
            if zipped
            else fetched[wanted]
        )
        try:
            rdf = json.loads(raw)
        except ValueError:
            yield refusal("not-yaml", "The RDF is not YAML at line 1.")
            return
        yield from described(rdf, raw, members)
        if self.plan is not None:
            yield "plan", json.dumps(self.plan).encode()

    def _environment(self, job, files, image):
        assert json.loads(files[job["rdf"]])["weights"]
        if self.trouble.get("environment") == "lies":
            yield "environment", b'{"outcome": "read", "requirements": ["--index-url"]}'
            return
        said = read_environment(files[job["file"]].decode(), self.installed.get(image, {"numpy"}))
        yield "environment", json.dumps(said).encode()

    def _static(self, job, files):
        assert files[job["rdf"]]
        findings = list(self.findings)
        for file in job["files"]:
            assert (file["local"] is None) == (file["problem"] is not None)
            if file["problem"]:
                findings.append(
                    finding(file["problem"]["rule"], "/weights/onnx/source" if "weights" in file["source"] else "/x")
                )
        yield "findings", json.dumps({"findings": findings, "left_out": 0}).encode()

    def _produce(self, job, files):
        rdf = json.loads(files[job["rdf"]])
        assert rdf["format"] == job["format"]
        assert job["files"].keys() <= files.keys()
        if self.trouble.get("produce") == "lies":
            yield "produced", b'{"loads": "yes"}'
            return
        plan = json.loads(files[job["plan"]]) if job["plan"] else None
        plan = plan if job["extra_seconds"] else None
        yield from fake_model.frames(files[rdf["weights"]], files[rdf["input"]], plan, job["seed"])

    def _judge(self, job, files):
        assert json.loads(files[job["spec"]])["outputs"] == 1
        if self.trouble.get("judge") == "lies":
            yield "verdict", b'{"reproduces": {"outcome": "passed", "message": "", "detail": ""}, "tensors": [{}]}'
            return
        expected, produced = (fake_model.number(files, job[side]) for side in ("expected", "produced"))
        difference = abs(expected - produced)
        outcome = OUTCOME if difference < 1e-6 else fake_model.failed(f"off by {difference}")
        runs = {run: fake_model.number(files, names) for run, names in job["runs"].items()}
        checks = fake_model.checks(produced, runs, job["said"]) if job["plan"] else []
        said = {"reproduces": outcome, "tensors": [tensor(difference, outcome)], "checks": checks}
        yield "verdict", json.dumps(said).encode()
        yield from self.pictures.items()

    def _compare(self, job, files):
        assert json.loads(files[job["spec"]])["outputs"] == 1
        if self.trouble.get("compare") == "lies":
            yield "comparisons", b'[{"formats": "all"}]'
            return
        numbers = {
            name: {run: fake_model.number(files, locals_) for run, locals_ in runs.items()}
            for name, runs in job["formats"].items()
        }
        yield "comparisons", json.dumps(fake_model.comparisons(numbers)).encode()


def read_environment(text, installed):
    """Lines of a fake file of dependencies: requirements, `python=…`, `conda:…` for what has no other name, `refuse …`."""
    lines = text.split()
    python = next((line.removeprefix("python=") for line in lines if line.startswith("python=")), None)
    untranslated = [line.removeprefix("conda:") for line in lines if line.startswith("conda:")]
    requirements = [line for line in lines if not line.startswith(("python=", "conda:"))]
    refused = lines[:1] == ["refuse"]
    return {
        "schema": "accession/environment/1",
        "outcome": "refused" if refused else "read",
        "message": "line 1 '-e .' has an option of pip: only names are taken." if refused else "",
        "python": f"=={python}.*" if python else None,
        "box_python": "3.11.2",
        "python_fits": python in {None, "3.11"},
        "requirements": [] if refused else requirements,
        "channels": [],
        "untranslated": untranslated,
        "unsatisfied": [] if refused else [line for line in requirements if line not in installed],
        "notes": [],
    }


def refusal(reason, message):
    said = {
        "outcome": "refused",
        "reason": reason,
        "message": message,
        "rdf": None,
        "resource": None,
        "references": [],
        "members": [],
    }
    return "description", json.dumps({"schema": "accession/description/1"} | said).encode()


def described(rdf, raw, members):
    references = [
        {
            "pointer": f"/{'test_outputs/0' if role == 'test_output' else role}",
            "source": source,
            "sha256": sha256,
            "role": role,
            "required": True,
            "local": f"file-{index}.bin",
        }
        for index, (role, source, sha256) in enumerate(rdf["files"])
    ]
    others = {name: text for name, text in members.items() if name != "rdf.yaml"}
    said = {
        "schema": "accession/description/1",
        "outcome": "described",
        "reason": "",
        "message": "",
        "rdf": {"name": "rdf.yaml", "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)},
        "resource": resource(rdf),
        "references": references,
        "members": [
            {"name": name, "size": len(text), "frame": f"member-{i}"} for i, (name, text) in enumerate(others.items())
        ],
    }
    yield "description", json.dumps(said).encode()
    yield "rdf", raw
    yield "judge-spec", b'{"outputs": 1}'
    local = {reference["role"]: reference["local"] for reference in references}
    for name in rdf["weights"]:
        copy = {"format": name, "weights": local.get(f"weights/{name}"), "input": local.get("test_input")}
        yield f"box-rdf-{name}", json.dumps(copy).encode()
    for i, text in enumerate(others.values()):
        yield f"member-{i}", text.encode()


def resource(rdf):
    empty = dict.fromkeys(("version", "license", "claimed_id", "documentation"))
    lists = {name: [] for name in ("tags", "authors", "maintainers", "packagers", "covers")}
    texts = {"format_version": "0.4.10", "name": "fake", "description": "", "type": rdf["type"]}
    return empty | lists | texts | {"weights": rdf["weights"]}


def finding(rule, pointer="/name", level="error"):
    return {
        "level": level,
        "rule": rule,
        "pointer": pointer,
        "line": None,
        "column": None,
        "message": "wrong",
        "fix": "right",
        "suggestion": None,
    }


def tensor(difference, outcome):
    return {
        "name": "out",
        "kind": "float",
        "expected_shape": [1],
        "produced_shape": [1],
        "expected_dtype": "float64",
        "produced_dtype": "float64",
        "elements": 1,
        "mismatched": 0,
        "mismatch_ppm": 0,
        "max_abs": difference,
        "max_rel": None,
        "nan": 0,
        "inf": 0,
        "worst": None,
        "tolerance": {"atol": 1e-6, "rtol": 0, "ppm": 0, "source": "test"},
        "outcome": outcome,
    }
