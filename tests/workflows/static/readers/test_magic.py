"""What a file is by its first bytes."""

import io
import tarfile

import pytest

from workflows.static.readers import magic


def tar():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("storages"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (tar(), magic.TAR),
        (b"\x80\x02" + tar()[2:148] + b"0" * 8 + tar()[156:], magic.PICKLE),
        (b"\x80\x04K\x01.", magic.PICKLE),
        (b"BM is the name of a model\n", magic.TEXT),
        (b"BM" + bytes(60), magic.BMP),
        (b"MZ is a name\n", magic.TEXT),
        (b"MZ\x90\0" + bytes(60), "a Windows program"),
        (b"\xef\xbb\xbf# Title\n", magic.TEXT),
        (("ü" * 5000).encode()[: magic.HEAD - 1], magic.TEXT),
        (b"\xfc" * 100, magic.BINARY),
        (b"a\0b", magic.BINARY),
        (b"", magic.TEXT),
        (b"  \n{", magic.JSON),
        (b"<?xml version='1.0'?><a/>", magic.TEXT),
        (b"<!-- by hand -->\n<svg/>", magic.SVG),
        (b"<HTML>", magic.HTML),
        (b"\x1f\x8b\x08", "a gzip archive"),
    ],
)
def test_kinds(raw, words):
    assert magic.kind(raw[: magic.HEAD]) == words
