"""Which images there are: by the engine's word, believed for a moment."""

import pytest
from docker.errors import APIError, ImageNotFound

from bot.errors import GatewayError
from bot.gateways import boxes_images
from bot.gateways.boxes_images import Images
from bot.records.box import FIRST

NAMES = {FIRST: "job:latest", "tensorflow": "tf:latest"}


class Engine:
    def __init__(self, **there):
        self.there = there
        self.asked = 0
        self.trouble = None

    def inspect_image(self, name):
        self.asked += 1
        if self.trouble:
            raise self.trouble
        if name.removesuffix(":latest") not in self.there:
            raise ImageNotFound(name)
        return {"Id": self.there[name.removesuffix(":latest")]}


def test_those_that_are_there_by_kind():
    assert Images(Engine(job="sha256:a"), NAMES).digests() == {FIRST: "sha256:a"}
    assert Images(Engine(job="sha256:a", tf="sha256:b"), NAMES).digests() == {
        FIRST: "sha256:a",
        "tensorflow": "sha256:b",
    }


def test_an_image_that_was_built_for_a_model_is_none_of_them():
    images = Images(Engine(job="sha256:a", tf="sha256:b"), NAMES)
    images.digests()
    assert [images.is_job_image(digest) for digest in ("sha256:a", "sha256:b", "sha256:c")] == [True, True, False]
    assert images.digest("sha256:c") == "sha256:c"


def test_the_first_one_must_be_there():
    with pytest.raises(GatewayError) as raised:
        Images(Engine(tf="sha256:b"), NAMES).digests()
    assert (raised.value.reason, raised.value.transient) == ("no-image", False)


def test_an_engine_in_trouble_is_not_an_absent_image():
    engine = Engine(job="sha256:a")
    images = Images(engine, NAMES)
    engine.trouble = APIError("down")
    with pytest.raises(GatewayError) as raised:
        images.digests()
    assert raised.value.reason == "engine"


def test_a_kind_is_looked_up_and_a_digest_is_its_own():
    images = Images(Engine(job="sha256:a"), NAMES)
    assert images.digest(FIRST) == "sha256:a"
    assert images.digest("sha256:other") == "sha256:other"
    assert images.kind("sha256:a") == FIRST
    assert images.kind("sha256:other") == "sha256:other"
    with pytest.raises(GatewayError, match="tensorflow"):
        images.digest("tensorflow")


def test_an_answer_is_believed_for_a_moment_and_a_rebuilt_image_noticed_after_it(monkeypatch):
    engine = Engine(job="sha256:a")
    images = Images(engine, {FIRST: "job:latest"})
    for _ in range(20):
        images.digest(FIRST)
    assert engine.asked == 1
    engine.there["job"] = "sha256:newer"
    monkeypatch.setattr(boxes_images, "BELIEVED_SECONDS", -1.0)
    assert images.digest(FIRST) == "sha256:newer"
