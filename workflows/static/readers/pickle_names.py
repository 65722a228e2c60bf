"""What may stand in weights, what must not, and what a person has to look at: names that a pickle imports.

Loading a pickle calls what it imports, so a list of bad names can never be whole: what is on neither list is for human eyes.
`pickle_names.json` holds the lists: `harmless` attributes by module, names that are dangerous as any part of a name (`reach`), as a
module of their own or where a dotted name leads to them (`modules`), and whole names, for all that is below them too (`below`).
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from workflows.static.readers.pickle_scan import COMPUTED, Name

Verdict = Literal["harmless", "unknown", "dangerous"]
_LISTS = Path(__file__).with_name("pickle_names.json")
_SCRIPT = "__torch__"
"""TorchScript's own classes: their code is in the archive and is run by its interpreter, which has no imports."""


def verdict(name: Name) -> Verdict:
    """`harmless` and `dangerous` are known to be so; a name that is only computed while loading has no honest use."""
    module, attribute = name
    if name == COMPUTED:
        return "dangerous"
    if attribute in _lists()["harmless"].get(module, ()) or _numpy_type(module, attribute):
        return "harmless"
    if module == _SCRIPT or module.startswith(_SCRIPT + "."):
        return "harmless" if attribute.isidentifier() and not _is_hidden(attribute) else "dangerous"
    return "dangerous" if _is_dangerous(module, attribute) else "unknown"


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = json.loads(_LISTS.read_text("utf-8"))
    return lists


def _numpy_type(module: str, attribute: str) -> bool:
    return module == "numpy.dtypes" and attribute.isidentifier() and attribute.endswith("DType")


def _is_dangerous(module: str, attribute: str) -> bool:
    """A way counts like its goal: `torch.serialization` + `os.system` reaches what `os` + `system` does."""
    reach, modules = frozenset(_lists()["reach"]), frozenset(_lists()["modules"])
    parts, way = module.split("."), attribute.split(".")
    if reach & {*parts, *way} or parts[0] in modules or (len(way) > 1 and modules & set(way)):
        return True
    if any(_is_hidden(part) and part != "__main__" for part in (*parts, *way)) or (parts[0] == "" and module):
        return True
    return any(f"{module}.{attribute}.".startswith(f"{bad}.") for bad in _lists()["below"])


def _is_hidden(part: str) -> bool:
    """Python's own attributes, through which everything is reached."""
    return part.startswith("__") and part.endswith("__")
