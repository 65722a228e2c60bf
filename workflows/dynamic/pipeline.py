"""Somebody's model, loaded and run by bioimageio.core's recipe taken apart: *loads* and *runs* are answered separately.

Tried with bioimageio.core 0.11.0 for RDF 0.4.9, 0.4.10 and 0.5.4.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workflows.document import load as read_yaml
from workflows.dynamic.adapters.weights_files import WeightsFiles
from workflows.dynamic.formats import RUNNERS
from workflows.dynamic.npy import encode
from workflows.dynamic.processing import pipeline_around

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workflows.dynamic.npy import Array


class RefusedDescriptionError(ValueError):
    """The specification's library does not accept the box's copy of the RDF."""


@dataclass(frozen=True)
class Model:
    """A description, its loaded weights and a pipeline around them that is good for one sample."""

    description: Any
    adapter: Any
    pipeline: Any

    def renewed(self) -> Model:
        """The same weights with fresh statistics."""
        return replace(self, pipeline=pipeline_around(self.description, self.adapter))


def load(rdf: Path, weight_format: str, files: Mapping[str, str]) -> Model:
    """The weights on the CPU, their sha256 verified on the way; `files` are the job's: local name to source.

    Raises RefusedDescriptionError with the specification's own words where the description is not accepted.
    """
    description = described(rdf)
    adapter = adapted(description, weight_format, WeightsFiles(rdf.parent, files))
    return Model(description, adapter, pipeline_around(description, adapter))


def described(rdf: Path) -> Any:
    """The description as bioimageio.spec builds it, without any look at files.

    The file is read by the reader of `describe`, which wrote it: bioimageio.spec's own takes four fifths of its time
    for that. What is beyond the reader's limits is left to the latter.
    """
    from bioimageio.core import load_description
    from bioimageio.spec import InvalidDescr, ValidationContext, build_description

    document = read_yaml(rdf.read_bytes())
    if isinstance(document.data, dict):
        context = ValidationContext(root=rdf.parent, file_name=rdf.name, perform_io_checks=False)
        description = build_description(document.data, context=context)
    else:
        description = load_description(rdf, perform_io_checks=False)
    if isinstance(description, InvalidDescr):
        raise RefusedDescriptionError(f"bioimageio.spec does not accept the description: {refusal(description)}")
    return description


def adapted(description: Any, weight_format: str, files: WeightsFiles) -> Any:
    """The weights, loaded by our adapter where bioimageio.core lacks a right one."""
    module, _, name = RUNNERS[weight_format].adapter.partition(":")
    if module:
        adapter = getattr(importlib.import_module(f"workflows.dynamic.adapters.{module}"), name)
        return adapter(description, files)
    from bioimageio.core.backends import create_model_adapter

    return create_model_adapter(description, devices=["cpu"], weight_format_priority_order=[weight_format])


def inputs_of(model: Model) -> list[Array | None]:
    """The model's own test inputs in the RDF's order, before preprocessing; None for an optional one without any."""
    from bioimageio.core.digest_spec import get_axes_infos
    from bioimageio.core.io import load_array
    from bioimageio.core.tensor import Tensor

    inputs = model.description.inputs
    sources = getattr(model.description, "test_inputs", None) or [one.test_tensor for one in inputs]
    found: list[Array | None] = []
    for index, (one, source) in enumerate(zip(inputs, sources, strict=True)):
        if source is None and not one.optional:
            raise ValueError(f"input {index} has no test tensor, and is not optional")
        axes = get_axes_infos(one)
        found.append(None if source is None else Tensor.from_numpy(load_array(source), dims=axes).to_numpy())
    return found


def predict(model: Model, inputs: Sequence[Array | None]) -> dict[str, bytes | None]:
    """`.npy` bytes by output name, in the RDF's order; None for one that is missing. The inputs stay as they are."""
    from bioimageio.core.digest_spec import get_member_ids

    sample = _sample(model.description, inputs)
    model.pipeline.apply_preprocessing(sample)
    result = model.pipeline.predict_sample_without_blocking(
        sample,
        skip_preprocessing=True,
        skip_postprocessing=True,
        skip_input_padding=True,
        skip_output_cropping=True,
    )
    model.pipeline.apply_postprocessing(result)
    members = {str(name): tensor for name, tensor in result.members.items()}
    names = [str(name) for name in get_member_ids(model.description.outputs)]
    return {name: encode(members[name].to_numpy()) if name in members else None for name in names}


def _sample(description: Any, inputs: Sequence[Array | None]) -> Any:
    """A sample of its own, so that neither tensors nor statistics are shared between runs."""
    from bioimageio.core.digest_spec import get_axes_infos, get_member_ids
    from bioimageio.core.sample import Sample
    from bioimageio.core.tensor import Tensor

    axes = [tuple(axis.id for axis in get_axes_infos(one)) for one in description.inputs]
    given = zip(get_member_ids(description.inputs), inputs, axes, strict=True)
    members = {name: Tensor(array.copy(), dims=dims) for name, array, dims in given if array is not None}
    return Sample(members=members, stat={}, id="test-sample")


def spans(description: Any) -> list[tuple[float, float]]:
    """Least and most value of each input as the description declares them (`data_range` in 0.4, `data` in 0.5)."""
    return [_span(getattr(one, "data_range", None) or getattr(one, "data", None)) for one in description.inputs]


def _span(declared: Any) -> tuple[float, float]:
    """Several data descriptions are one for each channel: none of them holds for the whole tensor."""
    declared = getattr(declared, "range", declared)
    least, most = declared if isinstance(declared, tuple) and len(declared) == 2 else (None, None)  # noqa: PLR2004 - a range
    bounded = [float(one) if isinstance(one, int | float) else None for one in (least, most)]
    return -math.inf if bounded[0] is None else bounded[0], math.inf if bounded[1] is None else bounded[1]


def refusal(description: Any) -> str:
    """The first errors of a description that the specification's library does not accept."""
    errors = [error for detail in description.validation_summary.details for error in detail.errors]
    return "; ".join(f"{'.'.join(map(str, error.loc))}: {error.msg}" for error in errors[:3]) or "no reason given"
