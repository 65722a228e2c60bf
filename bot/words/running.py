"""What is said about test runs beside the tables; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words.text import code, count, escape, line, prose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.records.verdict import Artefact, Check, Comparison, Tensor

_CHECKS = {
    "deterministic": "run twice on the test inputs",
    "varies": "mirrored and noised inputs",
    "smallest": "smallest declared input size",
    "stepped": "next declared input size",
}
_RUNS = {"test": "the test inputs", "flipped": "mirrored inputs", "noised": "noised inputs"}
_VERSIONS = 12
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


def branch_message() -> str:
    """Of every commit on the evidence branch."""
    return "Keep the evidence of test runs"


def branch_readme() -> str:
    """The evidence branch's first file."""
    return (
        "# Evidence of test runs\n\n"
        "Pictures and tensors of models that did not reproduce their test outputs, for the reports on pull requests to "
        "show. The folders are days. What is older than the collection's policy says (`evidence_days`) is dropped, and "
        "the branch is written anew without it: keep nothing here.\n"
    )


def check_said(check: Check) -> str:
    """What was asked beyond loads, runs and reproduces, and what came of it; a failure is a sentence of its own."""
    message, name = prose(check.outcome.message), _CHECKS.get(check.name) or escape(check.name, 40)
    if not message:
        return name
    return message if check.outcome.outcome == "failed" else f"{name}: {message}"


def comparison_said(comparison: Comparison) -> str:
    """Two formats against each other: the judge's sentence names both, and on what; otherwise the figures."""
    if comparison.outcome.message.strip():
        return prose(comparison.outcome.message)
    first, second = comparison.formats
    on = _RUNS.get(comparison.run) or escape(comparison.run, 40)
    share = f"{comparison.mismatch_ppm:,.0f} ppm of the elements differ"
    return f"{code(first)} and {code(second)} on {on}: largest difference {number(comparison.max_abs)}, {share}"


def number(value: object) -> str:
    """A figure with four digits, a word such as `NaN`, or a dash for none."""
    return f"{value:.4g}" if isinstance(value, int | float) else "–" if value is None else escape(str(value), 12)


def remarks(tensor: Tensor) -> list[str]:
    """Shape, data type and values that are no numbers, each where it is not as it should be."""
    said, name = [], code(tensor.name)
    if tensor.produced_shape is None and tensor.expected_shape is not None:
        said.append(f"{name} was not produced; its test output has the shape {_shape(tensor.expected_shape)}.")
    elif tensor.expected_shape is None and tensor.produced_shape is not None:
        said.append(f"{name} has no test output to compare with.")
    elif tensor.expected_shape != tensor.produced_shape:
        shapes = f"{_shape(tensor.produced_shape)}, its test output {_shape(tensor.expected_shape)}"
        said.append(f"{name} has the shape {shapes}.")
    if tensor.expected_dtype != tensor.produced_dtype and tensor.expected_dtype and tensor.produced_dtype:
        said.append(f"{name} is {code(tensor.produced_dtype, 32)}, its test output {code(tensor.expected_dtype, 32)}.")
    odd = [f"{tensor.nan:,} NaN"] if tensor.nan else []
    odd += [f"{tensor.inf:,} infinite"] if tensor.inf else []
    if odd:
        said.append(f"{name} has {' and '.join(odd)} of {count(tensor.elements, 'element')}.")
    return said


def _shape(lengths: tuple[int, ...] | None) -> str:
    return str(list(lengths or ()))


def picture_title(output: str) -> str:
    """Alternative text of a picture, and the words of a link to it."""
    return f"expected, produced and difference of {escape(output, 60)}"


def tensors_at(address: str, size: int, until: str) -> str:
    """Where the produced tensors can be had by everybody."""
    return f"[The produced tensors]({address}) ({bytes_said(size)}; kept until {until})."


def tensors_by_hand(artefact: Artefact) -> str:
    """Where they are for maintainers, and how everybody makes them."""
    return (
        f"The produced tensors ({bytes_said(artefact.size)}) are kept for the collection's maintainers: "
        f"`accession evidence {artefact.sha256}`. To have them on your machine, add `--keep DIR` to the command below."
    )


def declared_title(weights_format: str) -> str:
    """Above all that would be installed for weights that wait for a maintainer's word."""
    return f"What {weights_format} declares"


def repeat(command: str) -> str:
    """The same without the bot."""
    return f"The same on your machine: {code(command, 512)}"


def bytes_said(size: int) -> str:
    """`980 B`, `1.2 MB`; powers of 1,000."""
    value = float(size)
    for unit in _UNITS:
        if round(value) < _THOUSAND or unit == _UNITS[-1]:
            break
        value /= _THOUSAND
    return f"{value:.3g} {unit}"


def seconds_said(value: float | None) -> str:
    """`0.124 s`, `14.2 s`, a dash for none."""
    return "–" if value is None else f"{value:,.{3 if value < 1 else 1}f} s"


def versions_said(versions: Mapping[str, str]) -> str:
    """`numpy 1.26.4, onnxruntime 1.20.1`, in the order of their names."""
    named = [line(f"{name} {version}", 80) for name, version in sorted(versions.items())]
    more = f" and {len(named) - _VERSIONS} more" if len(named) > _VERSIONS else ""
    return ", ".join(code(name) for name in named[:_VERSIONS]) + more
