"""Which files are meant by what is named."""

import os
from pathlib import Path

import pytest

from workflows.lint import find as module
from workflows.lint.find import find
from workflows.lint.target import Target, Unusable


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Makes files by name; what is found is told relative to them."""
    monkeypatch.chdir(tmp_path)

    def make(*names, text="a: 1\n"):
        for name in names:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)

    return make


def found(*paths, files="auto"):
    return [
        (one.path.as_posix(), one.files) if isinstance(one, Target) else one.said
        for one in find(map(Path, paths), files)
    ]


def test_a_file_is_itself_whatever_it_is(files):
    files("x.txt")
    assert found("x.txt", "gone.yaml", files="never") == [("x.txt", "never"), ("gone.yaml", "never")]


def test_a_package_is_its_rdf_with_its_files(files):
    files("p/rdf.yaml", "p/model.yaml", "p/more/rdf.yaml")
    assert found("p") == [("p/rdf.yaml", "always")]
    assert found("p", files="never") == [("p/rdf.yaml", "never")]


def test_a_folder_of_many_is_all_of_them_in_order(files):
    files("z/b/rdf.yaml", "z/a/model.yaml", "z/a/one.rdf.yaml", "z/b/notes.yaml", "z/two.rdf.yaml", "z/one.rdf.yaml")
    assert found("z") == [
        ("z/one.rdf.yaml", "auto"), ("z/two.rdf.yaml", "auto"),
        ("z/a/model.yaml", "auto"), ("z/a/one.rdf.yaml", "auto"), ("z/b/rdf.yaml", "auto"),
    ]  # fmt: skip


def test_scivision_catalogs_are_found_by_what_they_hold(files):
    files("c/models.json", text='{"catalog_type": "scivision model catalog", "entries": []}')
    files("c/package.json", text="{}")
    assert found("c") == [("c/models.json", "auto")]


def test_where_nothing_is_named_as_an_rdf_any_yaml_and_json_is_one(files):
    files("d/a.yaml", "d/b.yml", "d/c.json", "d/README.md", "d/.hidden.yaml")
    assert found("d") == [("d/a.yaml", "auto"), ("d/b.yml", "auto"), ("d/c.json", "auto")]


def test_other_programs_folders_are_not_looked_into(files):
    files("e/.git/rdf.yaml", "e/node_modules/rdf.yaml", "e/env/pyvenv.cfg", "e/env/rdf.yaml", "e/__pycache__/rdf.yaml")
    files("e/.hidden/rdf.yaml", "e/real/rdf.yaml")
    assert found("e") == [("e/real/rdf.yaml", "auto")]


def test_links_to_folders_are_not_followed_and_lead_in_no_circle(files):
    files("f/a/rdf.yaml", "f/a/more/rdf.yaml")
    Path("f/a/again").symlink_to("..", target_is_directory=True)
    Path("f/rdf.link.yaml").symlink_to("rdf.link.yaml")
    os.mkfifo("f/x.rdf.yaml")
    assert found("f") == [("f/a/rdf.yaml", "auto"), ("f/a/more/rdf.yaml", "auto")]


def test_a_folder_without_any_says_what_was_looked_for(files):
    files("g/README.md")
    (said,) = found("g")
    assert said.startswith("There is no RDF in it or below: looked for rdf.yaml, ")


def test_a_folder_that_may_not_be_read(files, monkeypatch):
    files("h/rdf.yaml")

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert list(find([Path("h")], "auto")) == [Unusable(Path("h"), "The folder cannot be read: Permission denied.")]


def test_a_catalog_that_may_not_be_read_is_none():
    assert not module._is_catalog(Path("gone.json"))
