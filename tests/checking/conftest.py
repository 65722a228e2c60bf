"""A bench with a real cache, boxes that behave and a web in memory; and a good upload to begin with."""

import hashlib
import json

import pytest

from bot import plain_json
from bot.checking.bench import Bench
from bot.checking.blob_cache import BlobCache
from bot.checking.evidence import Evidence
from bot.checking.json_shelf import JsonShelf
from bot.checking.prepare import prepare
from bot.records.job import Job
from tests.fakes.boxes import FakeBoxes
from tests.fakes.builder import FakeBuilder
from tests.fakes.clock import FakeClock
from tests.fakes.web import FakeWeb

BASE = "https://archive.example/files/"


def problem_of(submission, name):
    return next(file["problem"] for file in submission["files"] if file["name"] == name)


class Upload:
    """Files of an upload, and the job that names them."""

    def __init__(self, web):
        self._web = web
        self.files = {"w.onnx": b"3", "w.pt": b"3", "in.npy": b"2", "out.npy": b"6"}
        self.rdf = {
            "type": "model",
            "weights": ["onnx", "torchscript"],
            "files": [
                ["weights/onnx", "w.onnx", None],
                ["weights/torchscript", "w.pt", None],
                ["test_input", "in.npy", None],
                ["test_output", "out.npy", None],
            ],
        }
        self.limits = {}
        self.override = None
        self.zipped = False

    def job_json(self, verb="check"):
        rdf = json.dumps(self.rdf).encode() if isinstance(self.rdf, dict) else self.rdf
        files = dict(self.files) | ({} if rdf is None else {"rdf.yaml": rdf})
        if self.zipped:
            files = {"package.zip": json.dumps({name: content.decode() for name, content in files.items()}).encode()}
        self._web.pages |= {
            BASE + name: content for name, content in files.items() if BASE + name not in self._web.pages
        }
        listed = [
            {"name": name, "url": BASE + name, "size": len(content), "md5": hashlib.md5(content).hexdigest()}
            for name, content in files.items()
        ]
        return {
            "schema": "accession/job/1",
            "verb": verb,
            "source": {"archive": "zenodo", "concept": "1", "record": "2", "files": listed},
            "rdf_override": self.override,
            "policy": {
                "limits": self.limits,
                "types": ["model", "dataset"],
                "minimum_format_version": {},
                "tolerance": {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 100},
            },
        }

    def job(self):
        return Job.from_json(self.job_json())


@pytest.fixture
def web():
    return FakeWeb()


@pytest.fixture
def boxes():
    return FakeBoxes()


@pytest.fixture
def builder():
    return FakeBuilder(six="1.16.0")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def upload(web):
    return Upload(web)


@pytest.fixture
def bench(tmp_path, web, boxes, clock, builder):
    cache = BlobCache(tmp_path / "cache", quota_bytes=10**9)
    evidence = Evidence(tmp_path / "cache" / "evidence", quota_bytes=10**9)
    return Bench(cache, JsonShelf(tmp_path / "facts"), web, boxes, clock, evidence, b"secret", builder=builder)


@pytest.fixture
def prepared(bench, upload):
    def run():
        return plain_json.validate(prepare(bench, upload.job()), "submission")

    return run
