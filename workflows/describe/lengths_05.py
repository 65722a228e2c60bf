"""Lengths of a 0.5 model's axes: fixed, `min + n * step`, taken from another axis, or known once the data are.

As bioimageio.spec's `ModelDescr.get_axis_sizes` has them for one `n` in all parametrized axes and a batch of 1. A halo takes
nothing from them: it is cropped by who uses the model, and further runs are not cropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflows.describe.lengths import Lengths, Span, complete, whole_length
from workflows.static.tensors_05 import Axis, OfData, Reference, Steps, Tensor

_LONGEST_CHAIN = 64

Axes = Mapping[tuple[str, str], Axis]


def has_sizes(tensors: Sequence[Tensor]) -> bool:
    """Whether an input leaves a choice."""
    return any(isinstance(axis.size, Steps) for tensor in tensors if tensor.group == "inputs" for axis in tensor.axes)


def lengths(tensors: Sequence[Tensor], n: int) -> Lengths | None:
    """All lengths after `n` steps up from the smallest; None where the RDF does not say them."""
    spans = Resolver(_by_id(tensors), n)
    found: dict[str, list[tuple[Span, ...]]] = {"inputs": [], "outputs": []}
    for tensor in tensors:
        known = [span for axis in tensor.axes if (span := spans.of(axis)) is not None]
        if not tensor.whole or len(known) < len(tensor.axes) or len({axis.id for axis in tensor.axes}) < len(known):
            return None
        found[tensor.group].append(tuple(known))
    exact = [complete([span.most if span.most == span.least else None for span in one]) for one in found["inputs"]]
    inputs = tuple(one for one in exact if one is not None)
    if len(inputs) < len(exact) or len({tensor.id for tensor in tensors}) < len(tensors):
        return None
    return Lengths(inputs, tuple(found["outputs"]))


@dataclass(frozen=True)
class Resolver:
    """Follows the references between axes, for one choice `n` of the parametrized ones."""

    axes: Axes
    n: int

    def of(self, axis: Axis, depth: int = 0) -> Span | None:
        """The lengths of one axis; None where it refers to nothing, to itself, or is not readable."""
        size = axis.size
        if axis.kind == "batch":
            return Span.exactly(1)
        if isinstance(size, OfData):
            return Span(size.least, size.most)
        if isinstance(size, Reference):
            return self._referred(axis, size, depth)
        if isinstance(size, Steps):
            size = size.least + self.n * size.step
        return None if size is None else Span.exactly(size)

    def _referred(self, axis: Axis, size: Reference, depth: int) -> Span | None:
        other = self.axes.get((size.tensor, size.axis))
        if other is None or other.kind == "batch" or other.unit != axis.unit or depth > _LONGEST_CHAIN:
            return None
        span = self.of(other, depth + 1)
        if span is None or span.most != span.least or other.scale is None or axis.scale is None:
            return None
        length = whole_length(span.least * other.scale / axis.scale + size.offset)
        return None if length is None else Span.exactly(length)


def kinds(tensor: Tensor) -> list[str]:
    """What each axis is, in the specification's words."""
    return [axis.kind for axis in tensor.axes]


def _by_id(tensors: Sequence[Tensor]) -> Axes:
    return {(tensor.id, axis.id): axis for tensor in tensors for axis in tensor.axes}
