"""Whether the declared shapes of a 0.4 model fit their axes and each other."""

from collections.abc import Iterator, Mapping
from math import isfinite

from workflows.describe.facts import items
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.loose_numbers import real, wholes
from workflows.static.rule import Check, Rule
from workflows.static.tensors_04 import Implicit, Tensor, chain_of, smallest
from workflows.static.words import field, near, replace_value, show

_EACH = "Give one number for each axis."


def look(context: Context) -> Iterator[Finding]:
    """Each tensor by itself, then what it refers to, then what is left of the smallest output."""
    tensors = context.tensors_04
    named: dict[str, Tensor] = {}
    for tensor in tensors:
        named.setdefault(tensor.name, tensor)
    for tensor in tensors:
        yield from _endless(tensor)
        yield from _lengths(tensor)
        yield from _sizes(tensor)
        found = list(_reference(context, tensor, named))
        yield from found
        if all(finding.level != "error" for finding in found):
            yield from _smallest_output(tensor, named)


def _endless(tensor: Tensor) -> Iterator[Finding]:
    shape = tensor.data.get("shape")
    scale = items(shape.get("scale")) if isinstance(shape, dict) else []
    for number, factor in enumerate(map(real, scale)):
        if factor is not None and not isfinite(factor):
            pointer = f"{tensor.at}/shape/scale/{number}"
            message = f"`{field(pointer)}` is no number with an end."
            yield Finding(
                "error", "shape", pointer, message, "Write the factor by which the axis grows, or null for a new axis."
            )


def _lengths(tensor: Tensor) -> Iterator[Finding]:
    """One number for each axis; the specification itself only holds min to step, scale to offset, halo to shape."""
    at, place, rank = tensor.at, field(tensor.at), tensor.rank
    pairs = []
    if tensor.stepped:
        pairs.append(("min", len(tensor.stepped[0]), "step", len(tensor.stepped[1])))
    if tensor.implicit:
        pairs.append(("scale", len(tensor.implicit.scale), "offset", len(tensor.implicit.offset)))
    for one, size, other, length in pairs:
        if size != length:
            message = f"`{place}.shape` has {size} numbers in `{one}`, but {length} in `{other}`."
            yield Finding("error", "shape", f"{at}/shape/{other}", message, _EACH)
    halo = wholes(tensor.data.get("halo"))
    if halo and rank is not None and len(halo) != rank:
        message = f"`{place}.halo` has {len(halo)} numbers for a shape of {rank}."
        yield Finding("error", "halo", f"{at}/halo", message, _EACH)
    if rank is not None and tensor.axes and rank != len(tensor.axes):
        message = f"`{place}` has {len(tensor.axes)} axes ({tensor.axes[:20]}), but a shape of {rank}."
        yield Finding("policy", "shape", f"{at}/shape", message, _EACH)


def _sizes(tensor: Tensor) -> Iterator[Finding]:
    """Sizes are 1 and more, steps 0 and more (`shape = min + k * step`), and channels do not grow."""
    at, place = tensor.at, field(tensor.at)
    least, step = tensor.stepped or (tensor.exact or [], [])
    where = f"{at}/shape/min" if step else f"{at}/shape"
    small = [number for number, size in enumerate(least) if size < 1]
    if small and tensor.group == "inputs":
        message = f"`{field(where)}` gives {tensor.axis(small[0])} the size {show(least[small[0]])}."
        yield Finding("policy", "shape", where, message, "Sizes are 1 and more.")
    for number, by in enumerate(step):
        letter = tensor.axes[number : number + 1]
        if by < 0:
            message = f"`{place}.shape.step` makes {tensor.axis(number)} smaller ({show(by)})."
            yield Finding("policy", "shape", f"{at}/shape/step", message, "Steps are 0 and more.")
        elif by and letter == "c":
            message = f"`{place}.shape.step` lets the number of channels (axis c) grow by {show(by)}."
            yield Finding("warning", "shape", f"{at}/shape/step", message, "Write 0 for axis c.")


def _reference(context: Context, tensor: Tensor, named: Mapping[str, Tensor]) -> Iterator[Finding]:
    """0.4 ImplicitOutputShape: the reference exists, is not the tensor itself, and has as many axes."""
    implicit, at = tensor.implicit, f"{tensor.at}/shape"
    if implicit is None:
        return
    reference = named.get(implicit.reference)
    if reference is None:
        yield _unknown(context, tensor, implicit, named)
        return
    if _goes_round(list(chain_of(tensor, named))):
        message = f"`{field(at)}` refers to {show(implicit.reference)}, and so in the end to itself."
        yield Finding("error", "shape", f"{at}/reference_tensor", message, "Name one of the inputs.")
        return
    if reference.group == "outputs":
        message = f"`{field(at)}.reference_tensor` {show(implicit.reference)} is an output."
        yield Finding("warning", "shape", f"{at}/reference_tensor", message, "Name one of the inputs.")
    yield from _shifts(tensor, implicit)
    if reference.rank is not None and reference.rank != implicit.old_axes:
        message = (
            f"`{field(at)}.scale` has {implicit.old_axes} factors for the {reference.rank} axes of "
            f"{show(implicit.reference)}."
        )
        fix = "Give one factor for each axis of the reference, and null for each axis that is new."
        yield Finding("error", "shape", f"{at}/scale", message, fix)


def _goes_round(chain: list[Tensor]) -> bool:
    """Whether the last of a chain refers to one of it."""
    last = chain[-1].implicit
    return last is not None and last.reference in {tensor.name for tensor in chain}


def _unknown(context: Context, tensor: Tensor, implicit: Implicit, named: Mapping[str, Tensor]) -> Finding:
    pointer, guess = f"{tensor.at}/shape/reference_tensor", near(implicit.reference, filter(None, named))
    message = f"`{field(pointer)}` {show(implicit.reference)} is the name of no tensor."
    if guess is None:
        inputs = [show(one.name) for one in named.values() if one.group == "inputs" and one.name][:8]
        return Finding("error", "shape", pointer, message, f"Name one of the inputs: {', '.join(inputs)}.")
    suggestion = replace_value(context.document, pointer, implicit.reference, guess)
    return Finding("error", "shape", pointer, message, f"Did you mean {guess!r}?", suggestion)


def _shifts(tensor: Tensor, implicit: Implicit) -> Iterator[Finding]:
    """Offsets are halves, and not 0 where they are all that an axis is made of."""
    for number, (factor, shift) in enumerate(zip(implicit.scale, implicit.offset, strict=False)):
        pointer = f"{tensor.at}/shape/offset/{number}"
        if factor is None and not shift:
            message = f"`{field(tensor.at)}.shape` has a new {tensor.axis(number)} (scale null) without a size."
            fix = "Write half of its size as its offset: a new axis has the size 2 * offset."
            yield Finding("error", "shape", pointer, message, fix)
        elif shift % 0.5 and isinstance(tensor.data["shape"]["offset"][number], str):
            # of a number it is the schema that says so
            message = f"`{field(pointer)}` {shift:g} is no multiple of 0.5."
            yield Finding("error", "shape", pointer, message, "Offsets are counted in halves of a pixel.")


def _smallest_output(tensor: Tensor, named: Mapping[str, Tensor]) -> Iterator[Finding]:
    """Something is left of the smallest output once its halo is cropped; whole steps of the input make whole sizes."""
    least = smallest(tensor, named) if tensor.group == "outputs" else None
    if least is None:
        return
    halo = wholes(tensor.data.get("halo")) or [0] * len(least)
    number = next((at for at, (size, crop) in enumerate(zip(least, halo, strict=False)) if size - 2 * crop < 1), None)
    if number is not None:
        where = f"`{field(tensor.at)}` is {least[number]} long on {tensor.axis(number)} at its smallest"
        message = (
            f"{where}, which is nothing." if not halo[number] else f"{where}, and its halo crops {2 * halo[number]}."
        )
        fix = "Raise the smallest input shape, or correct `halo`, `scale` and `offset`."
        pointer = f"{tensor.at}/halo" if halo[number] else f"{tensor.at}/shape"
        yield Finding("error", "halo", pointer, message, fix)
    elif tensor.implicit and (source := named.get(tensor.implicit.reference)):
        yield from _whole_sizes(tensor, tensor.implicit, source)


def _whole_sizes(tensor: Tensor, implicit: Implicit, source: Tensor) -> Iterator[Finding]:
    least, step = source.stepped or (source.exact, [])
    for sizes, offset in ((least, implicit.offset), (step, (0.0,) * len(implicit.offset))):
        if sizes is None or len(sizes) != implicit.old_axes:
            continue
        exact = Implicit(implicit.reference, implicit.scale, offset).exact(sizes)
        for number, size in enumerate(exact):
            if not float(size).is_integer():
                message = (
                    f"`{field(tensor.at)}.shape` is no whole number on {tensor.axis(number)} for every input: {size:g}."
                )
                fix = "Let `min` and `step` of the input be multiples of what the model divides by."
                yield Finding("warning", "shape", f"{tensor.at}/shape/scale", message, fix)
                return


CHECK = Check(
    look,
    (
        Rule(
            "shape",
            "Axes, shape, scale and offset have one length, shapes refer to tensors that exist, and sizes are whole and positive.",
            _EACH,
            ("error", "policy", "warning"),
        ),
        Rule(
            "halo",
            "A halo has one number for each axis, and leaves something of the smallest output.",
            "Raise the smallest input shape (`shape.min`), or correct `halo`, `scale` and `offset`.",
        ),
    ),
    families=frozenset({"model-0.4"}),
)
