"""A judge's folder, written by hand: outputs with their expectation, and what boxes handed out."""

import json

import numpy as np

from workflows.dynamic import compare, judge

CEILING = {"relative_ceiling": 0.01, "mismatch_ppm_ceiling": 1000}


class Scene:
    """Everything of one job, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.outputs, self.entries, self.plan, self.said = [], {}, None, None
        self.expected, self.runs = {}, {}
        self.number = 0

    def output(self, name, expected, produced=None, *, kind="float", axes="yx"):
        """An output with its expectation; the box gave the same, if nothing else is said."""
        index = len(self.outputs)
        self.outputs.append({"name": name, "kind": kind, "dtype": "float32", "axes": list(axes), "expected": None})
        if expected is not None:
            self.expected[str(index)] = self.saved(expected)
        self.ran("test", index, expected if produced is None else produced)
        return self

    def ran(self, run, index, array, weights_format="onnx"):
        """A tensor that a box gave in a run."""
        if array is not None:
            self.runs.setdefault(weights_format, {}).setdefault(run, {})[str(index)] = self.saved(array)
        return self

    def tolerance(self, weights_format="onnx", **numbers):
        entry = {"output": "*", "atol": 1e-5, "rtol": 1e-3, "ppm": 0, "source": "test", **numbers}
        self.entries[weights_format] = [entry]
        return self

    def saved(self, content):
        self.number += 1
        name = f"t{self.number}.npy"
        if isinstance(content, bytes):
            (self.folder / name).write_bytes(content)
        else:
            np.save(self.folder / name, np.asanyarray(content))
        return name

    def frames(self):
        """What the judge hands out."""
        job = self._job() | {"format": "onnx", "expected": self.expected, "produced": {}}
        mine = dict(self.runs.get("onnx", {}))
        job["produced"] = mine.pop("test", {})
        job |= {"runs": mine, "said": self.said}
        if self.plan is not None:
            (self.folder / "plan").write_text(json.dumps(self.plan))
            job["plan"] = "plan"
        return self._emitted(judge.run, job)

    def verdict(self):
        return json.loads(self.frames()["verdict"])

    def checks(self):
        """Outcome and message by check."""
        return {one["name"]: (one["outcome"]["outcome"], one["outcome"]["message"]) for one in self.verdict()["checks"]}

    def comparisons(self):
        return json.loads(self._emitted(compare.run, self._job() | {"formats": self.runs})["comparisons"])

    def _job(self):
        (self.folder / "spec").write_text(json.dumps({"outputs": self.outputs, "tolerance": self.entries}))
        return {"spec": "spec", "plan": None, "tolerance": CEILING}

    def _emitted(self, verb, job):
        got = {}

        def emit(name, payload):
            assert name not in got
            got[name] = payload

        verb(job, self.folder, emit)
        return got
