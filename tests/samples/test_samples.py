import struct
import zlib

import numpy as np
import pytest

from tests.samples import __main__ as command
from tests.samples import make
from tests.samples.network import BLUR, SHARPEN, Network, convolved
from tests.samples.png import grey_png


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_another_seed_another_model(tmp_path):
    first, again, other = (make.make_good(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert contents(first) == contents(again)
    differing = {name for name in contents(first) if contents(first)[name] != contents(other)[name]}
    assert differing == {"rdf.yaml", "README.md", "weights.onnx", "test_input.npy", "test_output.npy", "cover.png"}


def test_the_folder_is_complete_and_the_names_are_in_it(tmp_path):
    folder = make.make_good(tmp_path / "a", github_user="grace")
    assert set(contents(folder)) == {
        "rdf.yaml",
        "README.md",
        "weights.onnx",
        "test_input.npy",
        "test_output.npy",
        "cover.png",
    }
    assert "github_user: grace" in (folder / "rdf.yaml").read_text()
    assert "## Validation" in (folder / "README.md").read_text()


def test_the_wrong_sample_is_off_by_a_known_amount(tmp_path):
    good, wrong = make.make_good(tmp_path / "a"), make.make_wrong_output(tmp_path / "b")
    difference = np.load(wrong / "test_output.npy") - np.load(good / "test_output.npy")
    assert np.count_nonzero(difference) == 256
    assert difference.max() == pytest.approx(make.SHIFT, abs=1e-6)
    assert (good / "weights.onnx").read_bytes() == (wrong / "weights.onnx").read_bytes()


def test_a_two_output_sample_has_both_kinds(tmp_path):
    folder = make.make_two_outputs(tmp_path / "a")
    probability, mask = np.load(folder / "test_output.npy"), np.load(folder / "test_output_1.npy")
    assert (mask.dtype, mask.shape) == (bool, (1, 1, 64, 64))
    assert np.array_equal(mask, probability > 0.5)
    assert 0 < mask.mean() < 1


def test_a_convolution_against_a_hand_calculation():
    spot = np.zeros((5, 5))
    spot[2, 2] = 16
    assert convolved(spot, BLUR)[1:4, 1:4].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    edge = np.ones((3, 3))
    assert convolved(edge, SHARPEN).tolist() == [[3, 2, 3], [2, 1, 2], [3, 2, 3]]


def test_the_network_is_what_its_words_say():
    probability, mask = Network(4.0, -2.0).expected(np.zeros((1, 1, 4, 4), np.float32))
    assert probability == pytest.approx(1 / (1 + np.exp(2.0)))
    assert not mask.any()


def test_a_cover_is_a_png_of_two_to_one(tmp_path):
    png = (make.make_good(tmp_path / "a") / "cover.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (128, 64)


def test_a_png_holds_its_pixels():
    png = grey_png(np.array([[0.0, 0.5], [1.0, 7.0]]))
    start = png.index(b"IDAT") + 4
    size = struct.unpack(">I", png[start - 8 : start - 4])[0]
    assert zlib.decompress(png[start : start + size]) == bytes([0, 0, 128, 0, 255, 255])


def test_the_command_writes_those_that_need_no_framework(tmp_path, capsys):
    assert command.main([str(tmp_path), "--seed", "5"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(command.ALL)
    assert {"good", "mistakes", "two-outputs", "wrong", "halo-05"} <= set(command.ALL)
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / kind) for kind in command.ALL]
    assert command.main([str(tmp_path / "one"), "good"]) == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["good"]
    assert "name: Spot Finder 5\n" in (tmp_path / "good" / "rdf.yaml").read_text()


def test_an_unknown_kind_is_wrong_use(tmp_path):
    with pytest.raises(SystemExit) as left:
        command.main([str(tmp_path), "perfect"])
    assert left.value.code == 2
