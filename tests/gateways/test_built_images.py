"""Which images are one's own: by the label that only a builder's images have, and by digest."""

import pytest
from docker.errors import ImageNotFound

from bot.gateways.built_images import LABEL, BuiltImages

DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64


class Engine:
    def __init__(self, digest, labels):
        self.image = {"Id": digest, "Config": {"Labels": labels}}

    def inspect_image(self, name):
        if name not in {self.image["Id"], "accession-env:x"}:
            raise ImageNotFound(name)
        return self.image


@pytest.mark.parametrize(
    ("asked", "labels", "made"),
    [
        (DIGEST, {LABEL: "me"}, True),
        (DIGEST, {LABEL: "a neighbour"}, False),
        (DIGEST, {}, False),
        (DIGEST, None, False),
        (OTHER, {LABEL: "me"}, False),
        ("accession-env:x", {LABEL: "me"}, False),
    ],
)
def test_an_image_is_ours_by_label_and_digest(tmp_path, asked, labels, made):
    assert BuiltImages(Engine(DIGEST, labels), tmp_path, "me", most=1).made(asked) is made
