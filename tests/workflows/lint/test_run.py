"""The command line as a process: what it writes, and how it ends."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflows.lint.helpers import BAD, GOOD, write_good
from workflows import cli
from workflows.lint import run as module

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "workflows", "static"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder in which the command runs, with a good package, and a lone file that is not valid."""
    monkeypatch.chdir(tmp_path)
    write_good(tmp_path / "good")
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path


def run(*arguments, capsys):
    code = cli.main(["static", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_nothing_to_change(here, capsys):
    assert run("good", capsys=capsys) == (0, "1 file, nothing to change\n", "")


def test_findings(here, capsys):
    code, out, err = run("good", "bad.yaml", capsys=capsys)
    assert (code, err) == (1, "")
    assert "bad.yaml:13:1: error: 'licence' is no field that is known. [unknown-field]\n   13 - licence: MIT\n" in out
    assert "One file names files that do not lie beside it" in out
    assert "2 files, 1 invalid: 1 error, 1 warning\n" in out


def test_warnings_count_when_they_are_asked_to(tmp_path, capsys):
    (tmp_path / "x.rdf.yaml").write_text(GOOD.replace("[https://example.org/cover.png]", "[]"))
    path = str(tmp_path / "x.rdf.yaml")
    code, out, _ = run(path, "--format", "jsonl", "--policy", _policy(tmp_path, {}), capsys=capsys)
    levels = {one["level"] for one in json.loads(out)["findings"]}
    assert levels == {"warning"}, out
    assert code == 0
    assert run(path, "--strict", capsys=capsys)[0] == 1


def _policy(folder, value):
    path = folder / "policy.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return str(path)


def test_a_policy_keeps_out_what_is_valid(here, capsys):
    floor = _policy(here, {"minimum_format_version": {"dataset": "0.3.0"}})
    code, out, _ = run("--format", "jsonl", "--policy", floor, "good", capsys=capsys)
    said = json.loads(out)
    assert (code, said["valid"], said["acceptable"]) == (1, True, False)


def test_the_collection_s_own_policy_file_is_taken_as_it_is(here, capsys):
    policy = _policy(here, "name: Zoo\nminimum_format_version:\n  dataset: 0.3.0\n")
    assert run("--policy", policy, "good", capsys=capsys)[0] == 1


def test_quiet_leaves_warnings_out_and_nothing_else(here, capsys):
    loud, quiet = (run("--format", "jsonl", *more, "bad.yaml", capsys=capsys) for more in ([], ["--quiet"]))
    loud_levels, levels = ({one["level"] for one in json.loads(said[1])["findings"]} for said in (loud, quiet))
    assert (loud[0], quiet[0]) == (1, 1)
    assert levels == loud_levels - {"warning"} != loud_levels
    assert "warning" not in run("--quiet", "bad.yaml", capsys=capsys)[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Not YAML"),
        ("[" * 100_000, "nested"),
        ("[]", "A policy is a mapping such as"),
        ('{"minimum_format_version": []}', "A policy is a mapping such as"),
        ('{"minimum_format_version": {"model": 0.4}}', "A policy is a mapping such as"),
        ('{"minimum_format_version": {"model": "new"}}', "A policy is a mapping such as"),
    ],
)
def test_a_policy_that_is_none(here, capsys, text, said):
    code, out, err = run("--policy", _policy(here, text), "good", capsys=capsys)
    assert (code, out) == (2, "")
    assert said in err
    assert run("--policy", "gone.json", "good", capsys=capsys) == (
        2, "", "accession-check: gone.json: There is no such file. Name a file that is there.\n"
    )  # fmt: skip


def test_what_cannot_be_judged_is_told_and_the_rest_is_judged(here, capsys):
    os.mkfifo("pipe")
    Path("empty").mkdir()
    code, out, err = run("gone\x1b.yaml", "pipe", "empty", "/dev/null", "bad.yaml", "--format", "jsonl", capsys=capsys)
    assert code == 2
    assert json.loads(out)["file"] == "bad.yaml"
    lines = err.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["gone\\x1b.yaml", "pipe", "empty", "/dev/null"]
    assert lines[0].endswith("There is no such file. Name a file that is there.")
    assert "There is no RDF in it or below" in lines[2]


def test_each_form_of_a_folder_of_many(here, capsys):
    for number in range(60):
        Path(f"z/{number:02}").mkdir(parents=True)
        Path(f"z/{number:02}/rdf.yaml").write_text(BAD)
    code, out, err = run("--format", "sarif", "z", "--jobs", "2", capsys=capsys)
    assert err == ""
    (sarif,) = json.loads(out)["runs"]
    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in sarif["results"]]
    assert uris == sorted(uris)
    assert len(set(uris)) == 60
    once = run("--format", "jsonl", "z", "--jobs", "2", capsys=capsys)
    assert once == run("--format", "jsonl", "z", "--jobs", "1", capsys=capsys)
    assert once[0] == code
    assert len(once[1].splitlines()) == 60
    assert run("--format", "github", "z", capsys=capsys)[1].startswith("::")


@pytest.mark.parametrize("argv", [["static"], ["static", "x", "--jobs", "0"], ["static", "x", "--format", "json"]])
def test_wrong_use(argv, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(argv)
    assert left.value.code == 2
    assert "usage: accession-check static" in capsys.readouterr().err


def test_colours_are_for_terminals_only(here):
    assert "\x1b[31merror" in _on_a_terminal({"TERM": "xterm"})
    assert "\x1b" not in _on_a_terminal({"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b" not in _on_a_terminal({"TERM": "dumb"})


def _on_a_terminal(environ):
    keeper, terminal = pty.openpty()
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environ}
    with subprocess.Popen([*COMMAND, "bad.yaml"], stdout=terminal, env=environ) as process:
        os.close(terminal)
        said = b""
        try:
            while part := os.read(keeper, 65536):
                said += part
        except OSError:
            pass  # the other end is closed
    os.close(keeper)
    assert process.returncode == 1
    return said.decode()


def test_a_reader_that_has_enough_ends_it_quietly(here):
    Path("z").mkdir()
    for number in range(200):
        Path(f"z/{number}.rdf.yaml").write_text(BAD)
    command = subprocess.Popen(
        [*COMMAND, "--jobs", "2", "z"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environ()
    )
    command.stdout.readline()
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait(60) == 141


def test_ctrl_c_ends_it_quietly(here, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "find", interrupt)
    assert run("good", capsys=capsys) == (130, "", "")


def test_ctrl_c_ends_its_processes_too(here):
    Path("z").mkdir()
    for number in range(3000):
        Path(f"z/{number}.rdf.yaml").write_text(BAD)
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background jobs inherit that it is ignored
    try:
        command = subprocess.Popen(
            [*COMMAND, "--jobs", "2", "z"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environ(),
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    command.stdout.readline()
    os.killpg(command.pid, signal.SIGINT)
    _, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (130, b"")


def test_words_that_the_terminal_s_alphabet_has_not_are_spelled_out(here):
    Path("ä.rdf.yaml").write_text(BAD.replace("human", "細胞"))
    done = subprocess.run(
        [*COMMAND, "ä.rdf.yaml"], capture_output=True, check=False, env={**_environ(), "PYTHONIOENCODING": "ascii"}
    )
    assert done.stderr == b""
    assert b"\\xe4.rdf.yaml" in done.stdout


def _environ():
    return {**os.environ, "PYTHONPATH": str(ROOT)}
