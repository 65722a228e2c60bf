"""Neither side of `bot/` opens contributed YAML, archives, pictures or arrays: it does not even import what could."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
READERS = {
    "yaml", "ruamel", "zipfile", "tarfile", "shutil.unpack_archive", "gzip", "bz2", "lzma", "PIL", "imageio", "tifffile", "numpy",
    "xarray", "h5py", "torch", "onnx", "onnxruntime", "keras", "tensorflow", "pickle", "marshal", "shelve", "cloudpickle", "dill",
    "joblib", "bioimageio", "pandas", "xml", "lxml", "workflows",
}  # fmt: skip
ALLOWED = {
    ("bot/gateways/policy_file.py", "ruamel"),
    ("bot/review/policy_file.py", "ruamel"),
    ("bot/review/policy.py", "ruamel"),
}
"""The policy is read from the base branch, which maintainers alone write."""


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "import_module"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def offences(path, name):
    return {
        (name, reader)
        for reader in READERS
        for module in imported(path)
        if module == reader or module.startswith(f"{reader}.")
    }


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: str(path.relative_to(BOT.parent)))
def test_no_reader_is_imported(path):
    assert offences(path, str(path.relative_to(BOT.parent))) - ALLOWED == set()


@pytest.mark.parametrize(
    "line",
    [
        "import numpy",
        "from ruamel.yaml import YAML",
        "import zipfile as z",
        "import importlib; importlib.import_module('pickle')",
    ],
)
def test_the_test_would_notice(tmp_path, line):
    path = tmp_path / "module.py"
    path.write_text(line)
    assert offences(path, "module.py")
