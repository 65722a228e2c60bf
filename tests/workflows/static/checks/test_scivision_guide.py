"""Advice on scivision entries."""

import pytest

from tests.workflows.static.scivision import samples
from tests.workflows.static.scivision.ours import said


def advice(data, rule):
    """What is said by a rule; it never keeps an entry out."""
    found = said(samples.text(data))
    assert not found.of("policy")
    return [(one.message, one.fix, one.suggestion and one.suggestion.text) for one in found.of("warning", rule)]


@pytest.mark.parametrize("kind", samples.ENTRIES)
def test_nothing_is_said_of_a_good_entry(kind):
    assert said(samples.text(samples.ENTRIES[kind])).findings == ()
    assert said(samples.text(samples.catalog(kind, samples.ENTRIES[kind]))).findings == ()


def test_what_an_entry_does_not_say():
    data = {**samples.MODEL, "description": " ", "tags": []}
    fix = "Fill it in: people find and choose an entry by it."
    assert advice(data, "scivision-silent") == [("The entry says nothing in `description`, `tags`.", fix, None)]
    found = said(samples.text(samples.catalog("project", samples.PROJECT, samples.LEAST["project"])))
    (silent,) = found.of("warning", "scivision-silent")
    assert silent.message == "`entries[1]` says nothing in `description`, `page`, `tasks`, `institution`, `tags`."
    assert silent.pointer == "/entries/1"


@pytest.mark.parametrize("name", ["model-456", "Data_1", "my model", "test", "datasource"])
def test_a_name_that_tells_nothing(name):
    ((message, fix, _),) = advice({**samples.MODEL, "name": name}, "scivision-naming")
    assert message == f"`name` '{name}' does not tell what it is."
    assert fix == "Use one or two words, such as 'Leaf counter'."


@pytest.mark.parametrize("name", ["Leaf counter", "modeller", "example-model-1", "U-Net"])
def test_a_name_that_tells_something(name):
    assert advice({**samples.MODEL, "name": name}, "scivision-naming") == []


@pytest.mark.parametrize(
    ("package", "right"),
    [
        ("pip install shade", "shade"),
        ("python -m pip install -U shade", "shade"),
        ("pip install git+https://example.org/a.git@main", "git+https://example.org/a.git@main"),
        ("https://github.com/example/shade", "git+https://github.com/example/shade"),
        ("https://example.org/shade", None),
        ("", None),
        ("two words", None),
    ],
)
def test_a_package_that_pip_does_not_install(package, right):
    ((message, fix, line),) = advice({**samples.MODEL, "pkg_url": package}, "scivision-package")
    assert message == f"`pkg_url` '{package}' is nothing that pip installs."
    assert fix == (f'Write "{right}".' if right else "Write a package's name, or git+https://… with @ and the branch.")
    assert line == (f'  "pkg_url": "{right}",' if right else None)


@pytest.mark.parametrize(
    "package",
    ["shade", "shade==1.2", "shade[all] >= 1", "shade @ https://example.org/a.zip", "git+ssh://git@example.org/a@b", "https://example.org/a-1.whl#x"],
)  # fmt: skip
def test_a_package_that_pip_installs(package):
    assert advice({**samples.MODEL, "pkg_url": package}, "scivision-package") == []


def test_what_an_entry_needs_to_be_of_use():
    assert advice({**samples.MODEL, "url": None}, "scivision-use") == [
        ("`scivision_usable` is true, but there is no `url` to load it from.", "Add the web address of its .scivision/model.yml, or write false.", None)
    ]  # fmt: skip
    assert advice({**samples.DATASOURCE, "url": None}, "scivision-use") == [
        ("There is no `url`: nobody can load the data.", "Add the web address of the data.", None)
    ]
    assert advice({**samples.PROJECT, "models": [], "datasources": []}, "scivision-use") == [
        ("The project names no models and no datasources of the catalogs.", "Name at least one of each that it uses.", None)
    ]  # fmt: skip


def test_what_is_no_list_of_entries_is_left_to_others():
    for entries in (5, [5, None], {"a": 1}):
        data = {**samples.catalog("model"), "entries": entries}
        assert {one.rule for one in said(samples.text(data)).findings} == {"scivision-value"}
