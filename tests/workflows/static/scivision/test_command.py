"""`accession-check static` on scivision's files."""

import json

import pytest

from tests.workflows.static.scivision import samples
from workflows.cli import main


@pytest.fixture
def catalogs(tmp_path):
    """A folder with a catalog of each kind; that of the datasources is in the first catalogs' form."""
    for kind, entry in {**samples.ENTRIES, "datasource": samples.FIRST_DATASOURCE}.items():
        (tmp_path / f"{kind}s.json").write_text(samples.text(samples.catalog(kind, entry)))
    (tmp_path / "package.json").write_text('{"name": "no catalog"}')
    return tmp_path


def told(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_catalog_and_an_entry_are_judged_by_name(catalogs, capsys):
    entry = catalogs / "entry.yaml"
    entry.write_text("name: Shade\npkg_url: shade\nweight: 5\n")
    assert main(["static", "--format", "jsonl", str(catalogs / "models.json"), str(entry)]) == 1
    model, refused = told(capsys)
    assert (model["valid"], model["acceptable"], model["findings"]) == (True, True, [])
    assert refused["valid"] is False
    assert [one["rule"] for one in refused["findings"] if one["level"] == "error"] == ["scivision-unknown"]


def test_the_catalogs_of_a_folder_are_found(catalogs, capsys):
    assert main(["static", "--format", "jsonl", str(catalogs)]) == 0
    found = told(capsys)
    assert [one["file"].rpartition("/")[2] for one in found] == ["datasources.json", "models.json", "projects.json"]
    assert {one["rule"] for one in found[0]["findings"]} == {"scivision-form"}
    assert all(one["valid"] for one in found)


def test_the_text_shows_the_line_that_is_published(catalogs, capsys):
    main(["static", str(catalogs / "datasources.json")])
    shown = capsys.readouterr().out
    assert '-       "labels_provided": "yes",' in shown
    assert '+       "labels_provided": true,' in shown
    removed = shown.partition('-       "format": "image",')[2].partition("fix:")[0]
    assert "+" not in removed
