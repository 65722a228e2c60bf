"""Fields that a 0.5 model does not have, though 0.4 or a draft of 0.5 had them: where it has them instead."""

import re
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any

from workflows.describe.facts import items
from workflows.document import Document
from workflows.static.edits import with_key, with_text, without
from workflows.static.finding import Suggestion
from workflows.static.letters_05 import axis_lines
from workflows.static.schema_fault import Fault
from workflows.static.words import field, show

Told = tuple[str, str, Suggestion | None]
"""Message, fix, and the lines that are right."""
Change = Callable[[Document, str, Any], Suggestion | None]
_MOST_NAMES = 16  # channels that a suggestion names
_TYPE = re.compile(r"u?int(?:8|16|32|64)\Z|float(?:32|64)\Z")


def moved(fault: Fault, document: Document) -> Told | None:
    """What to say of a field that is not known; none where it never was."""
    for pattern, says, fix, change in _FIELDS:
        if pattern.fullmatch(fault.pointer):
            suggestion = change(document, fault.pointer, fault.found) if change else None
            return f"`{field(fault.pointer)}`: {says}", fix, suggestion
    return _of_step(fault, document) or _of_channels(fault, document)


def _to_id(document: Document, pointer: str, _found: Any) -> Suggestion | None:
    return with_key(document, pointer, "id")


def _remove(document: Document, pointer: str, _found: Any) -> Suggestion | None:
    return without(document, pointer)


def _data_type(document: Document, pointer: str, found: Any) -> Suggestion | None:
    """`data_type: uint8` with its range as `data: {type: uint8, range: [0, 255]}`; not where there is `data` already."""
    bounds = found.get("data_range")
    if "data" in found or (bounds is not None and not _bounds(bounds)) or not _TYPE.match(str(found.get("data_type"))):
        return None
    renamed = with_key(document, pointer, "data")
    text = f"{{type: {found['data_type']}{'' if bounds is None else f', range: {_bounds(bounds)}'}}}"
    valued = with_text(document, pointer, text)
    if renamed is None or valued is None:
        return None
    head = renamed.text[: renamed.text.index("data")]
    return Suggestion(valued.start_line, valued.end_line, head + "data" + valued.text[len(head) + len("data_type") :])


def _data_range(document: Document, pointer: str, found: Any) -> Suggestion | None:
    """Taken away where the data type takes it in."""
    taken = "data_type" in found and _data_type(document, pointer.replace("data_range", "data_type"), found)
    return without(document, pointer) if taken else None


def _bounds(bounds: Any) -> str:
    """Two numbers as YAML; nothing for what is none."""
    match items(bounds):
        case [int() | float() as low, int() | float() as high] if not {type(low), type(high)} & {bool}:
            return "" if isnan(low) or isnan(high) else f"[{_number(low)}, {_number(high)}]"
    return ""


def _number(number: float) -> str:
    return str(number) if isfinite(number) else ".inf" if number > 0 else "-.inf"


def _shape(document: Document, pointer: str, found: Any) -> Suggestion | None:
    """Taken away where the axes take it in."""
    axes = found.get("axes")
    return without(document, pointer) if isinstance(axes, str) and axis_lines(axes, found) else None


def _digest(document: Document, pointer: str, found: Any) -> Suggestion | None:
    """Taken away where the architecture takes it in."""
    own = found.get("architecture")
    return without(document, pointer) if isinstance(own, str) and re.match(r"[^\s:]+\.py:\w+\Z", own) else None


def _of_channels(fault: Fault, document: Document) -> Told | None:
    """A channel axis has no size, but names (0.5 `ChannelAxis`)."""
    if not re.fullmatch(r"/(?:in|out)puts/\d+/axes/\d+/size", fault.pointer) or fault.found.get("type") != "channel":
        return None
    size, message = (
        fault.found["size"],
        f"`{field(fault.pointer)}`: a channel axis has no size; its `channel_names` tell how many there are.",
    )
    if "channel_names" in fault.found:
        return message, "Remove it.", without(document, fault.pointer)
    fix = "Write `channel_names` instead, one name for each channel."
    if type(size) is not int or not 0 < size <= _MOST_NAMES:
        return message, fix, None
    names = ", ".join(f"channel{number}" for number in range(size))
    line = with_key(document, fault.pointer, "channel_names")
    text = re.sub(rf"(channel_names['\"]?\s*:\s*){size}\b", rf"\g<1>[{names}]", line.text) if line else ""
    return message, fix, Suggestion(line.start_line, line.end_line, text) if line and names in text else None


def _of_step(fault: Fault, document: Document) -> Told | None:
    """0.4 `zero_mean_unit_variance` had a mode; 0.5 has a step of its own for what is fixed, and axes for the rest."""
    if not re.fullmatch(r"/(?:in|out)puts/\d+/(?:pre|post)processing/\d+/kwargs/mode", fault.pointer):
        return None
    mode = fault.found["mode"]
    message = f"`{field(fault.pointer)}` is {show(mode)}; since 0.5 there is no `mode`."
    if mode == "fixed":
        return message, "Write `id: fixed_zero_mean_unit_variance`, and remove `mode`.", None
    if mode == "per_dataset":
        return message, "Remove it, and add batch to `axes`.", None
    return (
        message,
        "Remove it: each sample is computed by itself unless `axes` has batch.",
        without(document, fault.pointer),
    )


_TENSOR = r"/(?:in|out)puts/\d+"
_AT_AXES = "Give each axis its size: a number, `{min, step}`, or `{tensor_id, axis_id, offset}`."
_AT_TENSORS = "Write `test_tensor: {source: …, sha256: …}` at each of the inputs and outputs."
_ROWS: tuple[tuple[str, str, str, Change | None], ...] = (
    (f"{_TENSOR}/name", "since 0.5 tensors have an `id` instead of a name.", "Write `id`.", _to_id),
    (rf"{_TENSOR}/axes/\d+/name", "since 0.5 axes have an `id` instead of a name.", "Write `id`.", _to_id),
    (f"{_TENSOR}/shape", "since 0.5 each axis has its own `size`.", _AT_AXES, _shape),
    (rf"{_TENSOR}/axes/\d+/(?:min|step)", "it belongs below `size`.", "Write `size: {min: …, step: …}`.", None),
    (f"{_TENSOR}/halo", "since 0.5 each axis has its own `halo`.", "Write `halo` at the axes that have one.", None),
    (f"{_TENSOR}/data_type", "since 0.5 it is the `type` below `data`.", "Write `data: {type: …}`.", _data_type),
    (
        f"{_TENSOR}/data_range",
        "since 0.5 it is the `range` below `data`.",
        "Write `data: {type: …, range: […]}`.",
        _data_range,
    ),
    (f"{_TENSOR}/(?:values|range|unit)", "it belongs below `data`.", "Write it below `data`.", None),
    (
        r"/inputs/\d+/postprocessing",
        "inputs have preprocessing only.",
        "Move it to an output, or write `preprocessing`.",
        None,
    ),
    (
        r"/outputs/\d+/preprocessing",
        "outputs have postprocessing only.",
        "Move it to an input, or write `postprocessing`.",
        None,
    ),
    (
        rf"{_TENSOR}/reproducibility",
        "tolerances are not written at a tensor.",
        "Write them below `config.bioimageio.reproducibility_tolerance`.",
        None,
    ),
    ("/test_(?:in|out)puts", "since 0.5 each tensor has its own `test_tensor`.", _AT_TENSORS, None),
    (
        "/sample_(?:in|out)puts",
        "since 0.5 each tensor has its own `sample_tensor`.",
        _AT_TENSORS.replace("test", "sample"),
        None,
    ),
    (r"/weights/\w+/architecture_sha256", "it is the `sha256` below `architecture`.", "Move it there.", _digest),
    (r"/weights/\w+/kwargs", "they are the `kwargs` below `architecture`.", "Move them there.", None),
    (
        r"/weights/\w+/attachments",
        "since 0.5 weights have no attachments.",
        "List the files under `attachments` of the model.",
        None,
    ),
    (r"/parent/(?:uri|sha256)", "a parent is named by its `id` alone.", "Write `parent: {id: …}`.", None),
    ("/(?:badges|download_url|rdf_source)", "models of 0.5 have no such field.", "Remove it.", _remove),
    ("/dependencies", "dependencies belong to weights.", "Move it below the weights that need it.", None),
)
_FIELDS = tuple((re.compile(pattern), says, fix, change) for pattern, says, fix, change in _ROWS)
