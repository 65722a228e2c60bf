"""The verdict of one check, as values; read from schema-checked JSON (`schemas/report.schema.json`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Outcome:
    """`passed`, `failed` (the contributor's), `skipped` (with its reason) or `errored` (ours)."""

    outcome: str
    message: str
    detail: str


@dataclass(frozen=True)
class Suggestion:
    """Replacement of whole lines, 1-based and inclusive."""

    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing a static rule found, at its line in `rdf.yaml`."""

    level: str
    rule: str
    pointer: str
    line: int | None
    message: str
    fix: str
    suggestion: Suggestion | None

    @property
    def blocks(self) -> bool:
        """Errors and policy findings stand in the way of a merge, warnings are advice."""
        return self.level in {"error", "policy"}


@dataclass(frozen=True)
class Tensor:
    """How one output compared with the contributor's own test output."""

    name: str
    outcome: Outcome
    elements: int
    mismatched: int
    mismatch_ppm: float
    max_abs: float | str | None
    max_rel: float | str | None
    worst: Mapping[str, Any] | None
    tolerance: Mapping[str, Any]
    expected_shape: tuple[int, ...] | None = None
    produced_shape: tuple[int, ...] | None = None
    expected_dtype: str = ""
    produced_dtype: str = ""
    nan: int = 0
    """Elements of the produced tensor that are no number."""
    inf: int = 0


@dataclass(frozen=True)
class Check:
    """Something asked of the weights beyond the three: run twice, other inputs, other declared shapes."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Picture:
    """A PNG of one output, kept on the work side under its sha256; size in bytes."""

    output: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Artefact:
    """The zip of the produced tensors, kept on the work side under its sha256; size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Comparison:
    """Weights of two formats against each other, on the test inputs or on the judge's own."""

    formats: tuple[str, str]
    run: str
    outcome: Outcome
    max_abs: float | str | None
    mismatch_ppm: float


@dataclass(frozen=True)
class Weights:
    """Three answers for one weight format."""

    format: str
    loads: Outcome
    runs: Outcome
    reproduces: Outcome
    tensors: tuple[Tensor, ...]
    seconds: Mapping[str, float]
    words: str
    repeat: str
    image: str = ""
    peak_memory_bytes: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    pictures: tuple[Picture, ...] = ()
    artefact: Artefact | None = None
    awaits: str = ""
    """The command of a maintainer without which these weights are not tried."""

    @property
    def answers(self) -> tuple[Outcome, ...]:
        """The three, in the order they are asked, then what was asked further."""
        return (self.loads, self.runs, self.reproduces, *(check.outcome for check in self.checks))

    @property
    def troubled(self) -> bool:
        """One of the answers failed, or could not be had through our fault."""
        return any(answer.outcome in {"failed", "errored"} for answer in self.answers)


@dataclass(frozen=True)
class Report:
    """The whole verdict; `outcome` is passed, failed or errored."""

    content_hash: str
    image: str
    rules: str
    outcome: str
    message: str
    findings: tuple[Finding, ...]
    findings_left_out: int
    weights: tuple[Weights, ...]
    seconds: Mapping[str, float]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that must be mended."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def awaits_build(self) -> str:
        """`some` where weights wait for a maintainer's ok-to-build, `all` where nothing else is in the way, else empty."""
        if not any(one.awaits == "ok-to-build" for one in self.weights):
            return ""
        disagree = any(one.outcome.outcome in {"failed", "errored"} for one in self.comparisons)
        wrong = self.blocking or disagree or any(one.troubled for one in self.weights)
        return "all" if self.outcome == "failed" and not wrong else "some"


def report(data: Mapping[str, Any]) -> Report:
    """From JSON that the schema has accepted."""
    return Report(
        content_hash=data["content_hash"],
        image=data["image"],
        rules=data["rules"],
        outcome=data["outcome"],
        message=data["message"],
        findings=tuple(_finding(item) for item in data["findings"]),
        findings_left_out=data["findings_left_out"],
        weights=tuple(_weights(item) for item in data["weights"]),
        seconds=data["seconds"],
        comparisons=tuple(_comparison(item) for item in data["comparisons"]),
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    found = data["suggestion"]
    suggestion = Suggestion(found["start_line"], found["end_line"], found["text"]) if found else None
    return Finding(data["level"], data["rule"], data["pointer"], data["line"], data["message"], data["fix"], suggestion)


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(data["outcome"], data["message"], data["detail"])


def _tensor(data: Mapping[str, Any]) -> Tensor:
    return Tensor(
        name=data["name"],
        outcome=_outcome(data["outcome"]),
        elements=data["elements"],
        mismatched=data["mismatched"],
        mismatch_ppm=data["mismatch_ppm"],
        max_abs=data["max_abs"],
        max_rel=data["max_rel"],
        worst=data["worst"],
        tolerance=data["tolerance"],
        expected_shape=_shape(data["expected_shape"]),
        produced_shape=_shape(data["produced_shape"]),
        expected_dtype=data["expected_dtype"],
        produced_dtype=data["produced_dtype"],
        nan=data["nan"],
        inf=data["inf"],
    )


def _shape(lengths: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if lengths is None else tuple(lengths)


def _weights(data: Mapping[str, Any]) -> Weights:
    return Weights(
        format=data["format"],
        loads=_outcome(data["loads"]),
        runs=_outcome(data["runs"]),
        reproduces=_outcome(data["reproduces"]),
        tensors=tuple(_tensor(item) for item in data["tensors"]),
        seconds=data["seconds"],
        words=data["words"],
        repeat=data["repeat"],
        image=data["image"],
        peak_memory_bytes=data["peak_memory_bytes"],
        versions=data["versions"],
        warnings=tuple(data["warnings"]),
        checks=tuple(Check(item["name"], _outcome(item["outcome"])) for item in data["checks"]),
        pictures=tuple(Picture(item["output"], item["sha256"], item["size"]) for item in data["pictures"]),
        artefact=Artefact(data["artefact"]["sha256"], data["artefact"]["size"]) if data["artefact"] else None,
        awaits=data.get("awaits", ""),
    )


def _comparison(data: Mapping[str, Any]) -> Comparison:
    first, second = data["formats"]
    return Comparison((first, second), data["run"], _outcome(data["outcome"]), data["max_abs"], data["mismatch_ppm"])
