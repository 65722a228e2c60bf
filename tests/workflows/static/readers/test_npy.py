"""Headers of .npy files, from the harmless to the absurd."""

import io

import numpy as np
import pytest

from tests.workflows.rdf_sample import npy, zipped
from workflows.static.readers.npy import Header, NotAnArray, read_header


def header(tmp_path, content):
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    return read_header(path)


def raw(text, version=1):
    body = text.encode("latin-1") + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(body).to_bytes(2 if version == 1 else 4, "little") + body


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["bool", "u1", "<i2", ">i2", "<u8", ">f4", "<f8", "f2"])
def test_what_numpy_writes_is_read(tmp_path, version, order, dtype):
    array = np.zeros((2, 3, 4), dtype, order=order)
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    size = len(buffer.getvalue())
    assert header(tmp_path, buffer.getvalue()) == Header(array.dtype.name, (2, 3, 4), size, size)


def test_no_axes_and_python_2_integers(tmp_path):
    assert header(tmp_path, npy((), "|b1")).shape == ()
    assert header(tmp_path, raw("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }")).shape == (2, 3)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(2, [("a", "f4"), ("b", "i4")]), "raw bytes or records"),
        (np.zeros(2, "V3"), "raw bytes or records"),
        (np.zeros(2, "U3"), "holds text"),
        (np.zeros(2, "S3"), "holds text"),
        (np.zeros(2, "M8[ns]"), "holds dates"),
        (np.zeros(2, "m8[s]"), "holds time spans"),
        (np.zeros(2, "c8"), "complex numbers"),
        (np.zeros(2, "g"), "data type 'f16' is none of bool, float16"),
        (np.array([{}, None]), "holds Python objects"),
    ],
)
def test_what_holds_no_plain_numbers_is_told(tmp_path, array, words):
    buffer = io.BytesIO()
    np.save(buffer, array)
    with pytest.raises(NotAnArray, match=words):
        header(tmp_path, buffer.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (zipped({"arr_0.npy": npy((1,))}), "a zip archive, as numpy.savez writes it"),
        (b"1,2,3\n", "it is a text, not in"),
        (b"II*\0" + bytes(100), "a TIFF picture"),
        (b"\x80\x04K\x01.", "a pickle"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        (b"\x93NUMPY\x01\x00", "ends within its header"),
        (b"\x93NUMPY\x01\x00\xff\x00{", "ends within its header"),
        (b"\x93NUMPY\x02\x00\x00\x00", "ends within its header"),
        (raw("{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), "does not describe"),
        (raw("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (2,)}"), "does not describe"),
        (raw("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}"), "does not describe"),
        (raw("{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}"), "does not describe"),
        (raw("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1, " * 2000 + ")}"), "2000 axes"),
        (raw("{'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}"), "absurd"),
        (raw("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}"), "does not describe"),
        (raw("{" * 5000, 2), "does not describe"),
    ],
)
def test_what_is_no_array_is_told(tmp_path, content, words):
    with pytest.raises(NotAnArray, match=words):
        header(tmp_path, content)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(NotAnArray, match="it cannot be read"):
        read_header(tmp_path / "none.npy")
