"""The README's screens are what the command says of the same three real files. `UPDATE_GOLDEN=1` writes them anew."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import REALDATA, ROOT
from workflows.cli import main

README = ROOT / "README.md"
SCREENS = re.compile(r"(?<=<!-- screens -->\n).*?(?=<!-- end of screens -->)", re.DOTALL)
SHOWN = {"multi-tensor.yaml": "148bdc08e8e1", "unet2d.yaml": "aa786a622317", "detectron.yaml": "24494d63bb5a"}
"""What the files are called here, and how their names begin there."""


def screen(name, capsys):
    assert main(["static", "--quiet", name]) == 1
    said = capsys.readouterr().out.rstrip()
    return f"```text\n$ accession-check static --quiet {name}\n{said}\n```\n"


@pytest.mark.realdata
def test_the_screens_are_what_the_command_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, beginning in SHOWN.items():
        (path,) = (REALDATA / "rdf").glob(f"{beginning}*.yaml")
        shutil.copyfile(path, Path(name))
    screens = "\n".join(screen(name, capsys) for name in SHOWN)
    text = README.read_text("utf-8")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        README.write_text(SCREENS.sub(lambda _: screens, text), "utf-8")
        text = README.read_text("utf-8")
    assert SCREENS.search(text)[0] == screens
