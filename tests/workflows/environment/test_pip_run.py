"""The surroundings that pip has in the builder, and its limits; a small program stands in for it."""

import sys

from workflows.environment import pip_run
from workflows.environment.pip_run import run, settings


def program(text):
    """In the place of `python -m pip`; where the log goes is among its arguments."""
    return [sys.executable, "-I", f"-c{text}"]


def test_it_knows_nothing_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "s3cret")
    end = run(program("import os; print(sorted(os.environ))"), tmp_path, 30)
    assert end.code == 0
    assert "SECRET" not in end.words
    assert end.words.strip() == "['HOME', 'LANG', 'PATH', 'PIP_CONFIG_FILE', 'TMPDIR']"


def test_the_settings_are_files(tmp_path):
    pip = {
        "index-url": "https://a.example/simple",
        "extra-index-url": "https://b.example/s https://c.example/s",
        "cert": "PEM",
    }
    made = settings(tmp_path, pip).read_text()
    assert made == (
        "[global]\nindex-url = https://a.example/simple\nextra-index-url = https://b.example/s\n    https://c.example/s\n"
        f"cert = {tmp_path}/ca.pem\n"
    )
    assert (tmp_path / "ca.pem").read_text() == "PEM"


def test_a_setting_cannot_begin_another_line(tmp_path):
    assert settings(tmp_path, {"index-url": "https://a.example\nproxy = evil"}).read_text() == (
        "[global]\nindex-url = https://a.example proxy = evil\n"
    )
    assert settings(tmp_path, {}).read_text() == "[global]\n"


def test_one_that_hangs_is_stopped_and_its_words_are_kept(tmp_path):
    end = run(program("import time; print('Collecting six', flush=True); time.sleep(600)"), tmp_path, 1)
    assert (end.late, end.large, end.words) == (True, False, "Collecting six\n")


def test_one_that_writes_too_much_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(pip_run, "_LOOK_SECONDS", 0.1)
    text = "import time; open('big', 'wb').write(b'x' * 2_000_000); time.sleep(600)"
    end = run(program(text), tmp_path, 60, most_bytes=1_000_000)
    assert (end.late, end.large) == (False, True)


def test_only_the_end_of_what_it_says_is_kept(tmp_path):
    end = run(program("print('x' * 100_000); print('the end'); raise SystemExit(3)"), tmp_path, 30)
    assert (end.code, len(end.words)) == (3, pip_run.WORDS)
    assert end.words.endswith("the end\n")
