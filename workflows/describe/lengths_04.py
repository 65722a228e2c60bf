"""Lengths of a 0.4 model's axes: exact, `min + n * step`, or `shape(reference) * scale + 2 * offset`.

A halo takes nothing from them: it is cropped by who uses the model, and further runs are not cropped. The batch axis is as
declared.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from workflows.describe.facts import items
from workflows.describe.lengths import Lengths, Span, complete, whole_length
from workflows.static.tensors_04 import Tensor, chain_of

_SPACE, _NO_CONTENT = frozenset("zyx"), {"b": "batch", "c": "channel"}


def has_sizes(tensors: Sequence[Tensor]) -> bool:
    """Whether an input leaves a choice."""
    return any(step > 0 for tensor in tensors if tensor.stepped for step in tensor.stepped[1])


def lengths(tensors: Sequence[Tensor], n: int) -> Lengths | None:
    """All lengths after `n` steps up from the smallest; None where the RDF does not say them."""
    named: dict[str, Tensor] = {}
    for tensor in tensors:
        named.setdefault(tensor.name, tensor)
    shapes = {tensor.at: shape(tensor, named, n) for tensor in tensors}
    found = [known for known in shapes.values() if known is not None]
    if len(found) < len(shapes) or len(named) < len(tensors):
        return None
    inputs = tuple(found[: sum(tensor.group == "inputs" for tensor in tensors)])
    return Lengths(inputs, tuple(tuple(map(Span.exactly, one)) for one in found[len(inputs) :]))


def renamed(data: dict[str, Any]) -> dict[str, Any]:
    """With the reference of each output under its name of 0.4; 0.3 (and some files of 0.4.0) call it `reference_input`."""
    return {**data, "outputs": [_renamed(output) for output in items(data.get("outputs"))]}


def shape(tensor: Tensor, named: Mapping[str, Tensor], n: int) -> tuple[int, ...] | None:
    """One tensor's, through whatever it refers to."""
    chain = list(chain_of(tensor, named))
    found = _own(chain[-1], n)
    for reference, one in pairwise([chain[-1], *reversed(chain[:-1])]):
        implicit = one.implicit
        if found is None or implicit is None or reference.rank != implicit.old_axes:
            return None
        if len(implicit.scale) != len(implicit.offset):
            return None
        found = complete([whole_length(size) for size in implicit.exact(list(found))])
    return found if found is not None and len(found) == len(tensor.axes) else None


def kinds(tensor: Tensor) -> list[str]:
    """What each axis is: space, batch, channel, or its letter."""
    return ["space" if letter in _SPACE else _NO_CONTENT.get(letter, letter) for letter in tensor.axes]


def _renamed(output: Any) -> Any:
    shape = output.get("shape") if isinstance(output, dict) else None
    if not isinstance(shape, dict) or "reference_input" not in shape:
        return output
    return {**output, "shape": {"reference_tensor": shape["reference_input"], **shape}}


def _own(tensor: Tensor, n: int) -> tuple[int, ...] | None:
    if tensor.exact is not None:
        return complete([whole_length(size) for size in tensor.exact])
    least, step = tensor.stepped or ([], [])
    if not least or len(least) != len(step) or min(step) < 0:
        return None
    return complete([whole_length(size + n * by) for size, by in zip(least, step, strict=True)])
