"""A dry run: every write of the port is said and not made, every read goes through."""

import inspect

import pytest

from bot.gateways.dry_run import _ANSWERS, DryRunGitHub, DryRunNotifier
from bot.github_port import GitHub
from bot.records.github import Merge
from bot.records.notice import Notice
from tests.gateways.github_doors import ZOO, doors

VERBS = sorted(name for name, value in vars(GitHub).items() if inspect.isfunction(value) and not name.startswith("_"))
WRITES = sorted(
    name
    for name in VERBS
    if name.split("_")[0] in {"create", "update", "delete", "put", "close", "edit", "set", "merge", "dispatch", "keep"}
)


class Real:
    """Records what reaches it."""

    def __init__(self):
        self.reached = []

    def __getattr__(self, name):
        return lambda *args, **kwargs: self.reached.append(name) or name


def arguments(name):
    parameters = list(inspect.signature(getattr(GitHub, name)).parameters.values())[1:]
    plain = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = {p.name: f"a {p.name}" for p in parameters if p.kind is p.KEYWORD_ONLY}
    return [f"a {name}" for name in plain], named


def test_the_port_has_reads_and_writes():
    assert set(WRITES) == set(_ANSWERS)
    assert len(VERBS) > len(WRITES) > 10


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_said_and_not_made(name):
    real, lines = Real(), []
    plain, named = arguments(name)
    answer = getattr(DryRunGitHub(real, lines.append), name)(*plain, **named)
    assert real.reached == []
    (line,) = lines
    assert line.startswith(f"would {name.replace('_', ' ')}: ")
    assert all(value in line for value in (*plain, *named.values()))
    assert answer == _ANSWERS[name]


@pytest.mark.parametrize("name", sorted(set(VERBS) - set(WRITES)))
def test_a_read_goes_through_silently(name):
    real, lines = Real(), []
    plain, named = arguments(name)
    assert getattr(DryRunGitHub(real, lines.append), name)(*plain, **named) == name
    assert real.reached == [name]
    assert lines == []


def test_a_dry_merge_did_not_merge():
    assert DryRunGitHub(Real(), print).merge(5, sha="a", title="t") == Merge(merged=False, sha=None, reason="dry run")


def test_long_and_binary_arguments_are_shortened_to_one_line():
    lines = []
    github = DryRunGitHub(Real(), lines.append)
    github.create_comment(5, "a\nb" + "x" * 200)
    github.put_file(branch="main", path="p", content=b"\xff\n{}", message="m", old=None)
    github.create_commit(parent="p", files={"b": b"", "a": None}, message="m", when=None)
    assert lines[0] == "would create comment: 5, a b" + "x" * 76 + "…"
    assert "content=\ufffd {}" in lines[1]
    assert "files={a, b}" in lines[2]
    assert all("\n" not in line for line in lines)


def branches(refs):
    return {name: sha for name, sha in refs.items() if not name.startswith("refs/pull/")}


def test_nothing_changes_in_a_real_world(tmp_path):
    with doors(tmp_path) as hub:
        number, lines = hub.submission(), []
        dry = DryRunGitHub(hub.api, lines.append)
        writes, before = len(hub.world.writes), branches(hub.world.refs(ZOO))
        dry.create_comment(number, "x")
        dry.close_pull(number)
        dry.create_ref("heads/x", hub.main)
        dry.merge(number, sha=hub.main, title="x")
        assert dry.pull(number).state == "open"
        assert len(hub.world.writes) == writes
        assert branches(hub.world.refs(ZOO)) == before
        assert len(lines) == 4


def test_mail_is_said_and_not_sent():
    lines = []
    DryRunNotifier(lines.append).send(Notice("k", "Merged", "text", ("a@zoo.example",)), "narrated")
    DryRunNotifier(lines.append).send(Notice("k", "Merged", "text", ()), "narrated")
    assert lines == ["would tell a@zoo.example: Merged", "would tell the channels: Merged"]
