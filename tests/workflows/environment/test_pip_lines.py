"""Lines of a requirements file: names with versions, and a sentence for each of the many other things pip takes."""

import pytest

from workflows.environment.declaration import RefusedError
from workflows.environment.pip_lines import read_lines, read_text


def requirements(text):
    return [str(one) for one in read_text(text).requirements]


def test_names_with_versions_comments_and_blank_lines():
    text = "# what it needs\nnumpy>=1.24\n\n  torch == 1.9.0  # the old one\nscikit-image[data] >=0.19,<1\nsix\n"
    assert requirements(text) == ["numpy>=1.24", "torch==1.9.0", "scikit-image[data]<1,>=0.19", "six"]


def test_a_line_that_goes_on_in_the_next():
    assert requirements("numpy\\\n>=1.24\nsix\\") == ["numpy>=1.24", "six"]


def test_a_marker_is_evaluated_for_the_box():
    declared = read_text("six; sys_platform == 'win32'\ncowsay; python_version >= '3.8'\n")
    assert [str(one) for one in declared.requirements] == ["cowsay"]
    assert declared.notes == ["`six; sys_platform == 'win32'` is not for the boxes' platform"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-e .", "has an option of pip"),
        ("-r more.txt", "has an option of pip"),
        ("--extra-index-url https://mirror.example/simple", "has an option of pip"),
        ("--index-url=https://mirror.example/simple", "has an option of pip"),
        ("-f wheels/", "has an option of pip"),
        ("six==1.16.0 --hash=sha256:00", "has an option of pip"),
        ("six --global-option=x", "has an option of pip"),
        ("six==${SECRET}", "has an environment variable"),
        ("${HOME}/six", "has an environment variable"),
        ("$HOME", "has an environment variable"),
        ("%APPDATA%", "has an environment variable"),
        ("https://files.example/six-1.16.0-py3-none-any.whl", "names an address"),
        ("six @ https://files.example/six.whl", "names an address"),
        ("six@https://files.example/six.whl", "names an address"),
        ("git+https://git.example/six", "names an address"),
        ("git+ssh://git@git.example/six", "names an address"),
        ("file:///etc/passwd", "names an address"),
        ("six @ file:local", "names an address"),
        ("./six", "names a file or folder"),
        ("/etc/passwd", "names a file or folder"),
        ("../six", "names a file or folder"),
        ("~/six", "names a file or folder"),
        ("C:\\six", "names a file or folder"),
        ("six-1.16.0-py3-none-any.whl", "names a file or folder"),
        ("folder/six", "names a file or folder"),
        ("six 1.16", "is no requirement"),
        ("six=1.16", "is no requirement"),
        ("six>=", "is no requirement"),
        ("six; python_version", "is no requirement"),
        ("two words", "is no requirement"),
        ("six===1.16", "compares versions as texts"),
        ("x" * 201, "has over 200 characters"),
    ],
)
def test_everything_else_is_refused_with_its_line_and_what_to_write(line, why):
    with pytest.raises(RefusedError) as refused:
        read_text(f"numpy\n{line}\n")
    assert str(refused.value).startswith("line 2 '")
    assert why in str(refused.value)
    assert "numpy>=1.26" in str(refused.value) or "write `==`" in str(refused.value)


def test_a_variable_in_a_comment_is_none():
    assert requirements("six # ${SECRET} -e . https://x.example\n") == ["six"]


def test_the_place_is_named_as_the_caller_says():
    with pytest.raises(RefusedError, match=r"dependencies/3/pip/0 '-e \.'"):
        read_lines([("dependencies/3/pip/0", "-e .")])
