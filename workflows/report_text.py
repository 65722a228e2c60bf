"""The report of a local check for a person: a block for each weight format, then the formats against each other."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from workflows.dynamic.outcome import ppm_words
from workflows.report import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WIDTH, _INDENT = 118, "    "
_TRACEBACK = 12
"""Lines of a traceback's end."""
_PARTS = {"import": "import", "load": "load", "first_run": "first run", "steady": "steady"}
_ADVICE = {
    ("loads", "failed"): "load the weights yourself with {versions}, save them again, and give their new sha256",
    ("loads", "errored"): "nothing in the model: what runs it is at fault; ask the collection's maintainers",
    ("runs", "failed"): "run the model on its own test input with {versions}: the traceback says where it stops",
    ("runs", "errored"): "nothing in the model: what runs it is at fault; ask the collection's maintainers",
    ("reproduces", "failed"): (
        "make the test output again with exactly these weights and the declared pre- and postprocessing, or upload the "
        "weights that made it; --keep DIR writes what they give here"
    ),
    ("reproduces", "errored"): "nothing in the model: the judge is at fault; ask the collection's maintainers",
}
"""The first answer that is not passed, and what is to be done about it."""


def weights_lines(weights: Sequence[Mapping[str, Any]], comparisons: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Everything that is known, most important first."""
    for number, entry in enumerate(weights):
        yield from ([""] if number else [])
        yield from block(entry)
    if comparisons:
        yield from ("", "formats against each other")
        for one in comparisons:
            yield from _said(one["outcome"]["outcome"], one["outcome"]["message"])


def block(entry: Mapping[str, Any]) -> Iterator[str]:
    """One weight format."""
    yield f"{entry['format']}: {headline(entry)}"
    for question in QUESTIONS:
        answer = entry[question]
        yield from _said(question, f"{answer['outcome']}: {answer['message']}")
        yield from (f"{_INDENT * 2}| {line}" for line in answer["detail"].splitlines()[-_TRACEBACK:])
    if cost := costs(entry):
        yield from _said("took", cost)
    for tensor in entry["tensors"]:
        yield from _said("output", tensor_words(tensor))
    for check in entry["checks"]:
        yield from _said(check["name"], f"{check['outcome']['outcome']}: {check['outcome']['message']}")
    for warning in entry["warnings"]:
        yield from _said("warning", warning)
    if todo := advice(entry):
        yield from _said("to do", todo)
    yield f"{_INDENT}repeat: {entry['repeat']}"


def headline(entry: Mapping[str, Any]) -> str:
    """The whole in a few words."""
    first = next((question for question in QUESTIONS if entry[question]["outcome"] != "passed"), None)
    if first is None:
        bad = [check["name"] for check in entry["checks"] if check["outcome"]["outcome"] == "failed"]
        return f"reproduces, but failed: {', '.join(bad)}" if bad else "reproduces"
    outcome = entry[first]["outcome"]
    if outcome == "failed":
        return {"loads": "does not load", "runs": "does not run"}.get(first, "does not reproduce")
    return "not tried" if outcome == "skipped" else "not answered"


def costs(entry: Mapping[str, Any]) -> str:
    """Times by part, and memory, as far as they are known."""
    said = [f"{words} {entry['seconds'][part]:.3g} s" for part, words in _PARTS.items() if part in entry["seconds"]]
    if entry["peak_memory_bytes"] is not None:
        said.append(f"{entry['peak_memory_bytes'] / 1024**2:,.0f} MiB of memory")
    return ", ".join(said)


def tensor_words(tensor: Mapping[str, Any]) -> str:
    """By how much an output differs; the answer itself says where and what was expected."""
    shape = "x".join(map(str, tensor["produced_shape"])) if tensor["produced_shape"] else "no shape"
    said = [
        f"`{tensor['name']}` ({tensor['kind']}, {tensor['produced_dtype'] or 'no type'}, {shape}): {tensor['outcome']['outcome']}"
    ]
    said += [f"{ppm_words(tensor['mismatch_ppm'])} differ"] if tensor["elements"] else []
    for key, words in (("max_abs", "absolute"), ("max_rel", "relative")):
        if tensor[key] is not None:
            said.append(f"largest {words} error {_number(tensor[key])}")
    if tensor["nan"] or tensor["inf"]:
        said.append(f"{tensor['nan']:,} NaN, {tensor['inf']:,} infinite")
    return ", ".join(said)


def advice(entry: Mapping[str, Any]) -> str:
    """What to do about the first answer that is not passed, or about a check that failed; empty where nothing is to be done."""
    question = next((one for one in QUESTIONS if entry[one]["outcome"] != "passed"), "")
    outcome = entry[question] if question else {"outcome": "passed", "message": ""}
    if "for human eyes" in outcome["message"]:
        return (
            "lower the declared tolerance to what the model needs; above the collection's ceiling its maintainers look"
        )
    listed = ", ".join(f"{name} {version}" for name, version in entry["versions"].items())
    return _ADVICE.get((question, outcome["outcome"]), "").format(versions=listed or "the versions above")


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"


def _said(what: str, words: str) -> Iterator[str]:
    """`what: words`, folded."""
    lines = wrap(f"{what}: {words}", _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT * 2)
    yield from (line for line in lines if line.strip())
