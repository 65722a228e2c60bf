import pytest

from workflows.lint.words import count, plain, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ~ and all", "plain text, ~ and all"),
        ("ä 細胞 – ➖", "ä 細胞 – ➖"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\tb\r\n", "a b\\x0d\\x0a"),
        ("\x85\u2028\u202e\ufeff\U000e0001", "\\x85\\u2028\\u202e\\ufeff\\U000e0001"),
        ("\ud800\ue000", "\\ud800\\ue000"),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("細胞", 4), ("a\u0301", 1), ("ä", 1)])
def test_columns_of_a_terminal(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(0, "file", "0 files"), (1, "file", "1 file"), (10_000, "file", "10,000 files"), (2, "policy", "2 policies")],
)
def test_counted_nouns(number, noun, words):
    assert count(number, noun) == words
