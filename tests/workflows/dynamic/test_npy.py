import numpy as np
import pytest

from workflows.dynamic.npy import NpyError, encode, open_tensor


def saved(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    return open_tensor(tmp_path / "a.npy")


@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype=">f4").reshape(2, 3, 4),
        np.asfortranarray(np.arange(24).reshape(2, 3, 4)),
        np.array(7, np.uint8),
        np.zeros((2, 0), np.float16),
        np.array([True, False]),
        np.zeros((1,) * 8),
    ],
)
def test_elements_come_in_c_order_in_blocks(tmp_path, array):
    tensor = saved(tmp_path, array)
    assert (tensor.shape, tensor.size) == (array.shape, array.size)
    blocks = list(tensor.blocks(5))
    assert [block.size for block in blocks] == [min(5, array.size - start) for start in range(0, array.size, 5)]
    assert [x for block in blocks for x in block.tolist()] == array.reshape(-1).tolist()


def test_an_index_belongs_to_a_position(tmp_path):
    assert saved(tmp_path, np.zeros((2, 3, 4), order="F")).index(17) == [1, 1, 1]
    assert saved(tmp_path, np.array(1.0)).index(0) == []


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((1,) * 9), "has 9 axes, at most 8"),
        (np.zeros(2, "complex64"), "data type complex64"),
        (np.zeros(2, "S3"), "data type"),
        (np.zeros(2, [("a", "f4")]), "data type"),
        (np.zeros(2, "M8[s]"), "data type datetime64"),
    ],
)
def test_what_is_not_compared_says_why(tmp_path, array, words):
    with pytest.raises(NpyError, match=words):
        saved(tmp_path, array)


def header(text: str, version: bytes = b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not a .npy file"),
        (b"PK\x03\x04 a zip", "is not a .npy file"),
        (header("__import__('os')"), "is not a .npy file"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"), "is not a .npy file"),
        (header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }") + b"cos\nsystem\n", "data type object"),
        (header("{'descr': '|V0', 'fortran_order': False, 'shape': (1000000000000,), }"), "data type"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }"), "promises 4,000,000,0"),
        (header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }") + b"12345", "bytes where its header"),
        (header("{}", b"\x03\x00"), "is not a .npy file"),
        (header("{}", b"\x09\x00"), "is not a .npy file"),
    ],
)
def test_hostile_files(tmp_path, content, words):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(NpyError, match=words):
        open_tensor(tmp_path / "a.npy")


def test_an_object_array_that_numpy_wrote(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(NpyError, match="data type object"):
        open_tensor(tmp_path / "a.npy")


def test_encoded_tensors_are_read_back(tmp_path):
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    (tmp_path / "a.npy").write_bytes(encode(array))
    tensor = open_tensor(tmp_path / "a.npy")
    assert not tensor.fortran
    assert np.array_equal(tensor.mapped(), array)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        encode(np.array([{}], object))
