"""Run somebody's model on its own test inputs: the box that meets foreign code and never the expected outputs.

The recipe is bioimageio.core's own, taken apart so that *loads* and *runs* are answered separately
(tried with bioimageio.core 0.11.0 for RDF 0.4.9, 0.4.10 and 0.5.4).

Measured on two cores: bioimageio.core 1.2 s, then onnxruntime 0.05 s or torch 1.1 s. Hence a box imports the first
before its job, and a framework before its job only where `ACCESSION_PRELOAD` names its format (a warm box has the time).
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflows.dynamic.blame import judge_exception, tail
from workflows.dynamic.formats import FRAMEWORK, versions, why_not
from workflows.dynamic.npy import encode
from workflows.dynamic.outcome import errored, failed, passed, skipped
from workflows.dynamic.production import Production
from workflows.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable


class RefusedDescriptionError(ValueError):
    """The specification's library does not accept the box's copy of the RDF."""


def preload() -> None:
    """Import what every job needs, and the frameworks of the formats in `ACCESSION_PRELOAD` (comma-separated)."""
    importlib.import_module("bioimageio.core")
    for weight_format in filter(None, os.environ.get("ACCESSION_PRELOAD", "").split(",")):
        import_framework(weight_format.strip())


def run(job: dict[str, Any], inputs: Path, emit: Callable[[str, bytes], None]) -> None:
    """One format of one model: the frame `produced`, then `tensor-<i>` for each output that came out.

    The job has `rdf` (local name) and `format`. Contributed exceptions are answers, not exceptions of this function.
    """
    watch = Stopwatch()
    production = produce(inputs / job["rdf"], job["format"], watch)
    emit("produced", production.frame(watch.seconds, versions(job["format"])))
    for index, tensor in production.tensors.items():
        emit(f"tensor-{index}", tensor)


def produce(rdf: Path, weight_format: str, watch: Stopwatch) -> Production:
    """Load, then run."""
    reason = why_not(weight_format)
    if reason:
        return Production(skipped(reason))
    try:
        with watch.part("import"):
            importlib.import_module("bioimageio.core")
            import_framework(weight_format)
    except Exception as error:  # noqa: BLE001 - a broken image is an answer too
        return Production(errored("the libraries of this image do not load", tail(error)))
    try:
        with watch.part("load"):
            pipeline = load(rdf, weight_format)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever foreign code raises is its answer
        return Production(judge_exception(error, "loading the weights", own_folders(rdf)))
    loads = passed(f"loaded in {watch.seconds['load']:.2f} s")
    try:
        with watch.part("first_run"):
            tensors = predict(pipeline)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
        return Production(loads, judge_exception(error, "running the model", own_folders(rdf)))
    return finished(loads, tensors, watch.seconds["first_run"])


def load(rdf: Path, weight_format: str) -> Any:
    """A prediction pipeline of bioimageio.core on the CPU; the weights' sha256 is verified on the way.

    The provider is named for onnx too: without, the weights are loaded once for each one that onnxruntime offers.

    Raises RefusedDescriptionError with the specification's own words where the description is not accepted.
    """
    from bioimageio.core import create_prediction_pipeline, load_description
    from bioimageio.spec import InvalidDescr

    description = load_description(rdf, perform_io_checks=False)
    if isinstance(description, InvalidDescr):
        raise RefusedDescriptionError(f"bioimageio.spec does not accept the description: {refusal(description)}")
    devices = ["CPUExecutionProvider"] if weight_format == "onnx" else ["cpu"]
    return create_prediction_pipeline(description, weights_format=weight_format, devices=devices)


def predict(pipeline: Any) -> dict[str, bytes | None]:
    """`.npy` bytes by output name, in the RDF's order, for the model's own test inputs; None for one that is missing."""
    from bioimageio.core.digest_spec import get_member_ids, get_test_input_sample

    description = pipeline.model_description
    sample = get_test_input_sample(description)
    pipeline.apply_preprocessing(sample)
    result = pipeline.predict_sample_without_blocking(
        sample,
        skip_preprocessing=True,
        skip_postprocessing=True,
        skip_input_padding=True,
        skip_output_cropping=True,
    )
    pipeline.apply_postprocessing(result)
    members = {str(name): tensor for name, tensor in result.members.items()}
    names = [str(name) for name in get_member_ids(description.outputs)]
    return {name: encode(members[name].to_numpy()) if name in members else None for name in names}


def finished(loads: Any, tensors: dict[str, bytes | None], seconds: float) -> Production:
    """The answer after a run that raised nothing: it still may lack outputs."""
    missing = [name for name, tensor in tensors.items() if tensor is None]
    runs = passed(f"ran in {seconds:.2f} s")
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        runs = failed(
            f"the model gave {len(tensors) - len(missing)} of {len(tensors)} declared outputs; missing: {names}"
        )
    return Production(loads, runs, {i: tensor for i, tensor in enumerate(tensors.values()) if tensor is not None})


def refusal(description: Any) -> str:
    """The first errors of a description that the specification's library does not accept."""
    errors = [error for detail in description.validation_summary.details for error in detail.errors]
    return "; ".join(f"{'.'.join(map(str, error.loc))}: {error.msg}" for error in errors[:3]) or "no reason given"


def own_folders(rdf: Path) -> tuple[Path, ...]:
    """Where contributed code may lie: the inputs, and the scratch folder that weights are unpacked into."""
    return rdf.parent.resolve(), Path.cwd().resolve()


def import_framework(weight_format: str) -> None:
    """Import what runs that format; a format without a framework here needs nothing."""
    if weight_format in FRAMEWORK:
        importlib.import_module(FRAMEWORK[weight_format])
