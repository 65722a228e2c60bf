import sys
import types
import warnings
from pathlib import Path

import pytest

from workflows.dynamic import warned as warned_of
from workflows.dynamic.warned import listening, shortened


def test_each_warning_once_with_its_kind_and_shown_as_before(monkeypatch):
    shown = []
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", lambda message, *_, **__: shown.append(str(message)))
        before = warnings.showwarning
        with listening() as warned:
            for _ in range(2):
                warnings.warn("old weights", UserWarning, stacklevel=1)
            warnings.warn("soon gone", FutureWarning, stacklevel=1)
            assert warned.tell() == ["UserWarning: old weights", "FutureWarning: soon gone"]
            assert warned.tell() == []
            warnings.warn("later", UserWarning, stacklevel=1)
        assert warned.tell() == ["UserWarning: later"]
        assert warnings.showwarning is before
    assert shown == ["old weights", "old weights", "soon gone", "later"]


def test_at_most_twenty_short_texts():
    with listening() as warned:
        for number in range(30):
            warned.hear(f"{number} " + "x" * 1000)
        texts = warned.tell()
    assert len(texts) == 20
    assert {len(text) for text in texts} == {300}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in /opt/job/lib/python3.11/site-packages/torch/nn.py: odd", "in torch/nn.py: odd"),
        ("cannot read /in/weights.pt", "cannot read weights.pt"),
        (f"from {sys.prefix}/lib/x.py", "from lib/x.py"),
        ("two\n  lines", "two lines"),
        ("a / b", "a / b"),
    ],
)
def test_paths_of_the_image_are_shortened(text, expected):
    assert shortened(text, [Path("/in"), Path("/")]) == expected


class MadeUpLogger:
    """As much of loguru's logger as is used."""

    def __init__(self):
        self.sinks = {0: None}
        self.enabled = set()

    def enable(self, name):
        self.enabled.add(name)

    def add(self, sink, **_):
        self.sinks[1] = sink
        return 1

    def remove(self, number):
        if number not in self.sinks:
            raise ValueError(number)
        del self.sinks[number]

    def warning(self, text):
        if self.enabled:
            for sink in self.sinks.values():
                sink(types.SimpleNamespace(record={"message": text}))


@pytest.fixture(autouse=True)
def unheard(monkeypatch):
    """A process that does not listen to loguru yet."""
    monkeypatch.setattr(warned_of, "_SINKS", [])


def test_what_loguru_says_is_heard_and_printed_the_tools_own_noise_is_not(monkeypatch, capsys):
    logger = MadeUpLogger()
    monkeypatch.setitem(sys.modules, "loguru", types.SimpleNamespace(logger=logger))
    warned_of.listen_to_loguru()
    with listening() as warned:
        logger.warning("Missing state dict keys: ['a']")
        logger.warning("Normalized axis id from 'b' to 'batch'.")
    assert warned.tell() == ["Missing state dict keys: ['a']"]
    assert capsys.readouterr().err == "Missing state dict keys: ['a']\n"
    with listening():
        assert list(logger.sinks) == [1]  # the default one is gone, and ours is there once


def test_without_loguru_pythons_own_are_heard(monkeypatch):
    monkeypatch.setitem(sys.modules, "loguru", None)
    with listening() as warned:
        warned.hear("a")
    assert warned.tell() == ["a"]
