"""A builder that behaves, without an engine: what is on its registry is built once, everything else cannot be solved.

`registry` maps a package to its one version; `trouble` is a `GatewayError` to raise. Two that ask for the same at the same
time wait for each other, as with the real one.
"""

import hashlib
import re
import threading
import time

from bot.errors import GatewayError
from bot.records.environment import REQUIREMENT, Built, Unsolved

OURS = ("bioimageio-core", "numpy", "pydantic", "ruamel-yaml", "onnxruntime", "torch", "tensorflow", "keras")


class FakeBuilder:
    def __init__(self, **registry):
        self.registry = dict.fromkeys(OURS, "0.11.0") | {"pydantic": "2.13"} | registry
        self.trouble = None
        self.asked = []
        self.images = {}
        self.seconds = 0.0
        self._lock = threading.Lock()

    def build(self, requirements):
        wanted = sorted(set(requirements))
        self.asked.append(wanted)
        if not wanted or not all(REQUIREMENT.fullmatch(one) for one in wanted):
            raise GatewayError("Those are no requirements for the builder.", reason="bad-requirements", transient=False)
        if self.trouble:
            raise self.trouble
        with self._lock:
            missing = [one for one in wanted if not self._met(one)]
            if missing:
                words = f"ERROR: No matching distribution found for {missing[0]}\n"
                return Unsolved(
                    f"Resolving the declared dependencies failed: {words[7:-1]}. What to do: pin others.", words
                )
            versions = {(name := _name(one)): self.registry[name] for one in wanted}
            lock = hashlib.sha256(repr(sorted(versions.items())).encode()).hexdigest()
            if lock not in self.images:
                time.sleep(self.seconds)
                self.images[lock] = f"sha256:{lock}"
            return Built(self.images[lock], lock)

    def _met(self, requirement):
        """As much of versions as the tests ask for: `==`, or anything."""
        version = self.registry.get(_name(requirement))
        pinned = re.search(r"==([^,*]+)(?:,|$)", requirement)
        return version is not None and (pinned is None or pinned[1] == version)


def _name(requirement):
    return re.match(r"[a-z0-9-]+", requirement)[0]
