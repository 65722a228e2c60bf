"""What a file is by its first bytes, in words that follow "it is"."""

HEAD = 4096
"""Bytes that are enough for `kind`."""

ZIP, HDF5, NPY, LFS = "a zip archive", "an HDF5 file", "a .npy array", "a Git LFS pointer and not the file itself"
PNG, GIF, JPEG, TIFF, WEBP, BMP = (f"a {name} picture" for name in ("PNG", "GIF", "JPEG", "TIFF", "WebP", "BMP"))
SVG, HTML, PDF, TAR, PICKLE = "an SVG drawing", "a web page", "a PDF", "a tar archive", "a pickle"
TEXT, JSON, BINARY = "a text", "a JSON text", "of a kind that is not known here"

_SIGNATURES = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89HDF\r\n\x1a\n", HDF5),
    (b"\x93NUMPY", NPY),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"%PDF", PDF),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"version https://git-lfs", LFS),
    (b"\x7fELF", "a program"),
)
_PICKLES = tuple(bytes([0x80, protocol]) for protocol in range(1, 6))
_TAR_BLOCK, _TAR_SUM = 512, slice(148, 156)
_UNPRINTABLE = frozenset(range(0x20)) - {9, 10, 12, 13}


def kind(head: bytes) -> str:
    """What begins so; at least the first `HEAD` bytes, or all there are."""
    signed = next((words for signature, words in _SIGNATURES if head.startswith(signature)), None)
    return signed or _checked_kind(head) or _text_kind(head)


def _checked_kind(head: bytes) -> str | None:
    """Kinds whose first bytes alone may begin a text, or anything."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return BMP
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        return "a Windows program"
    if is_tar(head):
        return TAR
    return PICKLE if head.startswith(_PICKLES) else None


def is_tar(head: bytes) -> bool:
    """Whether the first block's checksum is a tar's, as every reader of tars asks (POSIX.1 ustar, `chksum`)."""
    block = head[:_TAR_BLOCK]
    try:
        told = int(block[_TAR_SUM].strip(b" \0") or b"-", 8)
    except ValueError:
        return False
    return len(block) == _TAR_BLOCK and told == sum(block) - sum(block[_TAR_SUM]) + 8 * 0x20


def _text_kind(head: bytes) -> str:
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # a character cut off at the end is none of its faults
            return BINARY
        text = head[: error.start].decode("utf-8-sig")
    if any(ord(character) in _UNPRINTABLE for character in text):
        return BINARY
    start = text.lstrip()[:512].lower()
    if start.startswith(("<!doctype html", "<html", "<head")):
        return HTML
    if start.startswith("<svg") or (start.startswith(("<?xml", "<!--", "<!doctype svg")) and "<svg" in text.lower()):
        return SVG
    return JSON if start.startswith(("{", "[")) else TEXT
