"""What is said of a scivision catalog or entry that is published otherwise than it is written."""

import pytest

from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import only, said


@pytest.mark.parametrize(
    ("said_type", "message", "right"),
    [
        (..., "There is no `catalog_type`; it is taken for a scivision project catalog.", None),
        ("projects", "`catalog_type` 'projects' is not known; it is taken for a scivision project catalog.", '  "catalog_type": "scivision project catalog",'),
    ],
)  # fmt: skip
def test_a_catalog_that_does_not_say_of_what_it_is(said_type, message, right):
    data = {**samples.catalog("project", samples.PROJECT), "catalog_type": said_type}
    found = only({name: value for name, value in data.items() if value is not ...}, "scivision-catalog")
    assert (found.level, found.message, found.suggestion and found.suggestion.text) == ("warning", message, right)


@pytest.mark.parametrize(
    ("change", "message", "fix", "right"),
    [
        ({"format": "image"}, "`format` is a field of the first catalogs; scivision 0.7.4 refuses it.", "Remove it: it is left out of what is published.", "  ]"),
        ({"institution": "Garden"}, "`institution` is 'Garden', and is published as [\"Garden\"].", 'Write ["Garden"].', '  "institution": ["Garden"],'),
        ({"scivision_usable": "yes"}, "`scivision_usable` is 'yes', and is published as true.", "Write true.", '  "scivision_usable": true,'),
        ({"name": 5}, '`name` is 5, and is published as "5".', 'Write "5".', '  "name": "5",'),
        ({"institution": "G" * 90}, f"`institution` is '{'G' * 60}…', and is published as [\"{'G' * 78}….", f'Write ["{"G" * 78}….', f'  "institution": ["{"G" * 90}"],'),
    ],
)  # fmt: skip
def test_what_is_published_otherwise_is_a_warning_with_the_line_that_says_so(change, message, fix, right):
    found = only({**samples.MODEL, **change}, "scivision-form")
    assert (found.level, found.message, found.fix, found.suggestion.text) == ("warning", message, fix, right)


def test_yaml_is_taken_and_published_as_json():
    found = said("name: Shade\npkg_url: shade\n")
    assert found.valid
    assert found.of("warning", "scivision-form")[0].message == "scivision's client reads JSON only; the file is YAML."
