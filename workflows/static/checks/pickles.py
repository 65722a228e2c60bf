"""Whether loading the weights would run anything else than rebuilding tensors."""

from collections.abc import Iterator

from workflows.describe.answer import Reference
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.given import given
from workflows.static.pickles import Found, pickles
from workflows.static.readers.opened import Unreadable, opened
from workflows.static.readers.pickle_names import verdict
from workflows.static.readers.pickle_scan import COMPUTED, Name
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_ROLES = frozenset({"weights/pytorch_state_dict", "weights/torchscript"})
_SUFFIXES = (".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".bin", ".joblib", ".dill")
_FIX = "Save the weights alone, with `torch.save(model.state_dict(), …)`, and upload that file."
_SHOWN = 5


def look(context: Context) -> Iterator[Finding]:
    """Each file once, however often it is named."""
    seen = set()
    for reference, path in given(context, _may_hold_pickles):
        if reference.source not in seen:
            seen.add(reference.source)
            try:
                with opened(path) as file:
                    found = list(pickles(file))
            except Unreadable:
                continue  # the check of weights tells it
            yield from _findings(reference, found)


def _may_hold_pickles(reference: Reference) -> bool:
    return reference.role in _ROLES or reference.source.split("?")[0].lower().endswith(_SUFFIXES)


def _findings(reference: Reference, found: list[Found]) -> Iterator[Finding]:
    names = dict.fromkeys(name for one in found for name in one.scan.names)
    verdicts = {name: verdict(name) for name in names}
    dangerous = [name for name in names if verdicts[name] == "dangerous"]
    unknown = [name for name in names if verdicts[name] == "unknown"]
    label = f"`{field(reference.pointer)}` {show(reference.source)}"
    if dangerous:
        message = f"{label} imports {_listed(dangerous)} when it is loaded, which can do anything to a computer."
        yield Finding("policy", "pickle", reference.pointer, message, _FIX)
    broken = next((one for one in found if one.scan.broken), None)
    if broken is not None:
        where = f"in {show(broken.where)} " if broken.where else ""
        message = f"{label} holds a pickle {where}that cannot be followed to its end: {broken.scan.broken}."
        yield Finding("policy", "pickle", reference.pointer, message, _FIX)
    if unknown:
        message = f"{label} imports {_listed(unknown)} when it is loaded: a maintainer has to look at it."
        yield Finding("warning", "pickle-import", reference.pointer, message, _FIX)


def _listed(names: list[Name]) -> str:
    shown = [_spelled(name) for name in names[:_SHOWN]]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(shown) + more


def _spelled(name: Name) -> str:
    if name == COMPUTED:
        return "something whose name it only computes"
    return show(f"{name[0]}.{name[1]}".replace("`", "'"))


CHECK = Check(
    look,
    (
        Rule(
            "pickle",
            "Weights that Python loads as a pickle rebuild tensors and do nothing else.",
            _FIX,
            ("policy",),
        ),
        Rule(
            "pickle-import",
            "What a pickle imports beyond tensors is looked at by a maintainer.",
            _FIX,
            ("warning",),
        ),
    ),
    families=frozenset({"model"}),
    files=True,
)
