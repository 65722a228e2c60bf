"""What is asked of models of every version alike."""

import pytest

from tests.workflows.static import full_04, full_05

TIME_04 = next(line for line in full_04.FULL.splitlines() if line.startswith("timestamp:"))
SUM_04 = full_04.FULL.partition("sha256: ")[2][:64]


@pytest.mark.parametrize(
    ("model", "line", "digest"),
    [(full_04, TIME_04, SUM_04), (full_05, "timestamp: 2024-01-02T03:04:05Z", full_05.SHA256)],
    ids=["0.4", "0.5"],
)
class TestEveryModel:
    def test_a_bare_day_gets_a_time(self, model, line, digest):
        (told,) = model.found((line, "timestamp: 2024-01-02"), rule="timestamp")
        assert (told.level, told.message) == ("error", "`timestamp` 2024-01-02 is a day without a time.")
        assert told.suggestion.text == "timestamp: '2024-01-02T00:00:00Z'"
        assert model.said((line, "timestamp: '2024-01-02'"), rule="timestamp") == []

    def test_a_day_that_does_not_exist(self, model, line, digest):
        ((_, pointer, message, _),) = model.said((line, "timestamp: 2024-02-31T00:00:00"), rule="timestamp")
        assert (pointer, message) == (
            "/timestamp",
            "`timestamp` '2024-02-31T00:00:00' is day 31 of 2024-02, which does not exist.",
        )

    def test_a_hash_of_other_characters_keeps_it_out(self, model, line, digest):
        ((level, pointer, message, _), *_) = model.said((f"sha256: {digest}\n", f"sha256: {'g' * 64}\n"), rule="hash")
        assert level == "policy"
        assert pointer.startswith("/weights/")
        assert message.endswith("has characters other than 0-9 and a-f.")


@pytest.mark.parametrize("mode", ["{name: deepimagej}", "{name: 3}", "deepimagej", "null"])
def test_run_modes_that_are_known_or_the_schema_s(mode):
    assert full_05.said(("id: nuclei-finder\n", f"run_mode: {mode}\n"), rule="run-mode") == []


def test_another_run_mode():
    ((level, pointer, message, _),) = full_05.said(("id: nuclei-finder\n", "run_mode: {name: fiji}\n"))
    assert (level, pointer) == ("warning", "/run_mode/name")
    assert message == "`run_mode.name` 'fiji' is known to few programs; they may refuse the model."
