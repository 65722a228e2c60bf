"""What the engine calls our folder: mount tables of real containers, and an engine that knows one of them."""

from pathlib import Path

import pytest
from docker.errors import NotFound

from bot.errors import ConfigError
from bot.gateways.boxes_host import engine_path, own_container, translated

ID = "3f" * 32
TABLE = f"""\
1102 1088 0:52 / / rw,relatime master:402 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X
1120 1102 8:1 /var/lib/docker/containers/{ID}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/sda1 rw
1121 1102 8:1 /var/lib/docker/containers/{ID}/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw
"""
BARE = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
MOUNTS = [
    {"Type": "volume", "Source": "/var/lib/docker/volumes/a_boxes/_data", "Destination": "/var/lib/accession"},
    {"Type": "bind", "Source": "/srv/fast", "Destination": "/var/lib/accession/boxes"},
    {"Type": "bind", "Source": "/run/docker.sock", "Destination": "/run/docker.sock"},
    {"Type": "tmpfs", "Source": "", "Destination": "/tmp"},
]


class Engine:
    def __init__(self, known=ID):
        self.known = known

    def inspect_container(self, name):
        if not self.known.startswith(name):
            raise NotFound(name)
        return {"Id": self.known, "Mounts": MOUNTS}


def table(tmp_path, text):
    path = tmp_path / "mountinfo"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("mountinfo", "hostname", "found"),
    [(TABLE, "renamed", ID), (BARE, "3f3f3f3f3f3f", "3f3f3f3f3f3f"), (BARE, "workstation", None), (BARE, "abc", None)],
)
def test_which_container_this_is(mountinfo, hostname, found):
    assert own_container(mountinfo, hostname) == found


@pytest.mark.parametrize(
    ("folder", "seen"),
    [
        ("/var/lib/accession/inputs", "/var/lib/docker/volumes/a_boxes/_data/inputs"),
        ("/var/lib/accession/boxes", "/srv/fast"),
        ("/var/lib/accession/boxes/1/2", "/srv/fast/1/2"),
    ],
)
def test_by_the_innermost_mount(folder, seen):
    assert translated(Path(folder), MOUNTS) == Path(seen)


@pytest.mark.parametrize("folder", ["/var/lib/accession-2", "/tmp/boxes", "/home"])
def test_a_folder_in_no_volume_is_a_wrong_setting(folder):
    with pytest.raises(ConfigError, match="lies in no volume"):
        translated(Path(folder), MOUNTS)


def test_outside_of_containers_both_say_the_same(tmp_path):
    folder = Path("/var/lib/accession/boxes")
    assert engine_path(Engine(), folder, table(tmp_path, BARE)) == folder
    assert engine_path(Engine(known="ab" * 32), folder, table(tmp_path, TABLE)) == folder
    assert engine_path(Engine(), folder, table(tmp_path, TABLE)) == Path("/srv/fast")
