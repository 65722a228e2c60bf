"""Whose an end of pip is, by what it said; texts as pip 26 wrote them."""

import pytest

from workflows.environment.pip_run import PipEnd
from workflows.environment.pip_words import answer

CONFLICT = """\
Collecting six==1.16.0
ERROR: Cannot install six==1.16.0 and six>1.16 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested six==1.16.0
    The user requested six>1.16

ERROR: ResolutionImpossible: for help visit the documentation
"""
OLD = """\
ERROR: Ignored the following yanked versions: 2.4.0
ERROR: Could not find a version that satisfies the requirement numpy==1.19 (from versions: 1.23.2, 1.23.3, 2.4.6)
ERROR: No matching distribution found for numpy==1.19
"""
NONE = """\
ERROR: Could not find a version that satisfies the requirement nobody-has-this (from versions: none)
ERROR: No matching distribution found for nobody-has-this
"""
GONE = """\
WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NameResolutionError(...)': /simple/six/
ERROR: Could not find a version that satisfies the requirement six (from versions: none)
ERROR: No matching distribution found for six
"""


def said(words="", code=1, **more):
    return answer(PipEnd(code, words, **more), 600, "Resolving", [{"name": "six"}])


def test_done():
    assert said("Would install six", code=0) == {
        "outcome": "done", "message": "", "words": "Would install six", "lock": [{"name": "six"}],
    }  # fmt: skip


def test_done_after_a_retry_is_done():
    assert said(GONE.splitlines()[0], code=0)["outcome"] == "done"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (CONFLICT, "Cannot install six==1.16.0 and six>1.16 because"),
        (OLD, "numpy==1.19 (there are wheels for this Python of 1.23.2 to 2.4.6); No matching"),
        (OLD.replace(", 1.23.3, 2.4.6", ""), "(there are wheels for this Python of 1.23.2)"),
        (NONE, "(there is no such package, or no wheel of it for this Python)"),
        ("nothing useful", "failed: pip gave no reason."),
    ],
)
def test_pins_that_cannot_be_met_are_the_contributors_with_pips_own_words(words, says):
    found = said(words)
    assert found["outcome"] == "unsolved"
    assert says in found["message"]
    assert found["message"].startswith("Resolving failed: ")
    assert "What to do: pin fewer or other versions" in found["message"]
    assert (found["words"], found["lock"]) == (words, [])


@pytest.mark.parametrize(
    "words",
    [
        GONE,
        "ReadTimeoutError: Read timed out.",
        "ERROR: HTTP error 503 while getting six",
        "ERROR: 502 Server Error: Bad Gateway",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    ],
)
def test_a_registry_that_does_not_answer_is_ours(words):
    assert said(words)["outcome"] == "unreachable"


@pytest.mark.parametrize(
    ("log", "outcome"),
    [
        (
            "Could not fetch URL https://a.example/simple/six/: 503 Server Error: Busy for url: x - skipping",
            "unreachable",
        ),
        ("Could not fetch URL https://a.example/simple/six/: connection error: Max retries - skipping", "unreachable"),
        (
            (
                "Could not fetch URL https://a.example/simple/six/: HTTPSConnectionPool(): Max retries exceeded (Caused by ResponseError('too "
                "many 503 error responses')) - skipping"
            ),
            "unreachable",
        ),
        (
            "Could not fetch URL https://a.example/simple/six/: 429 Client Error: Too many for url: x - skipping",
            "unreachable",
        ),
        (
            "Could not fetch URL https://a.example/simple/six/: 404 Client Error: Not Found for url: x - skipping",
            "unsolved",
        ),
    ],
)
def test_what_only_the_log_says(log, outcome):
    assert said(NONE, log=log)["outcome"] == outcome


def test_limits():
    assert "stopped after 600 s" in said(code=-9, late=True)["message"]
    assert said(code=-9, late=True)["outcome"] == "unsolved"
    assert said(GONE, code=-9, late=True)["outcome"] == "unreachable"
    assert "larger than an image may be" in said(code=-9, large=True)["message"]
    assert said(code=-11) == {
        "outcome": "unreachable", "message": "Resolving: pip was ended by signal 11.", "words": "", "lock": [],
    }  # fmt: skip


def test_a_message_is_bounded():
    assert len(said("ERROR: " + "x" * 9000)["message"]) <= 2000
