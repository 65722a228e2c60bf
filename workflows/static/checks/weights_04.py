"""Whether the weights of a 0.4 model say where they come from, and with what they were made."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import field, show

_MADE_WITH = {
    "keras_hdf5": ("tensorflow_version", "2.11.0"),
    "onnx": ("opset_version", "15"),
    "pytorch_state_dict": ("pytorch_version", "2.1.0"),
    "tensorflow_js": ("tensorflow_version", "2.11.0"),
    "tensorflow_saved_model_bundle": ("tensorflow_version", "2.11.0"),
    "torchscript": ("pytorch_version", "2.1.0"),
}
_MANAGERS = ("conda", "maven", "pip")


def look(context: Context) -> Iterator[Finding]:
    """Each format, then how they were converted from each other."""
    weights = context.data.get("weights")
    if not isinstance(weights, dict):
        return
    known = {name: entry for name, entry in weights.items() if name in _MADE_WITH and isinstance(entry, dict)}
    if weights and not known and not weights.keys() - _MADE_WITH.keys() and not any(weights.values()):
        message = f"`weights` names {_listed(weights)}, but nothing stands below."
        yield Finding("error", "weights", "/weights", message, "Give at least one format with its `source`.")
    for name, entry in known.items():
        yield from _entry(pointer_of("weights", name), name, entry)
    yield from _parents(known)


def _entry(at: str, name: str, entry: Mapping[str, Any]) -> Iterator[Finding]:
    version, example = _MADE_WITH[name]
    if entry.get(version) is None:
        message = f"`{field(at)}` does not say its `{version}`: nobody can tell which programs read it."
        yield Finding(
            "warning", "weights-version", f"{at}/{version}", message, f"Add it, such as `{version}: {example}`."
        )
    dependencies = entry.get("dependencies")
    manager = dependencies.partition(":")[0].strip() if isinstance(dependencies, str) and ":" in dependencies else ""
    if manager and manager not in _MANAGERS:
        message = f"`{field(at)}.dependencies` begins with {show(manager)}, which is no manager that is known."
        fix = f"Begin it with one of {', '.join(_MANAGERS)}, as in conda:environment.yaml."
        yield Finding("warning", "dependencies", f"{at}/dependencies", message, fix)


def _parents(known: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Every format but the first names the one that it was converted from (0.4 `weights.parent`)."""
    parents = {name: entry["parent"] for name, entry in known.items() if isinstance(entry.get("parent"), str)}
    for name, parent in parents.items():
        if parent not in known and parent in _MADE_WITH:
            message = f"`weights.{name}.parent` is {show(parent)}, but there are no such weights here."
            yield Finding(
                "warning", "parent", f"/weights/{name}/parent", message, f"Add them, or write one of {_listed(known)}."
            )
        elif name != parent and name in _line(name, parents):
            message = f"`weights.{name}` comes from {show(parent)}, and so in the end from itself."
            yield Finding(
                "policy", "parent", f"/weights/{name}/parent", message, "Leave `parent` out of the first weights."
            )
    first = [name for name in known if name not in parents]
    if len(first) > 1:
        message = f"{_listed(first)} have no `parent`: which of them was trained, and which converted?"
        fix = "Add `parent` to all but the weights that were trained."
        yield Finding("warning", "parent", f"/weights/{first[1]}", message, fix)


def _line(name: str, parents: Mapping[str, str]) -> list[str]:
    """What weights come from, nearest first; ends where it would go round."""
    line: list[str] = []
    while (parent := parents.get(name)) is not None and parent not in line:
        line.append(parent)
        name = parent
    return line


def _listed(names: Mapping[str, Any] | list[str]) -> str:
    return ", ".join(list(names)[:8])


CHECK = Check(
    look,
    (
        Rule(
            "weights",
            "There is at least one format of weights, with its file.",
            "Give at least one format with its `source`.",
        ),
        Rule(
            "weights-version",
            "Weights say which version of their framework they were made with.",
            "Add `pytorch_version`, `tensorflow_version` or `opset_version`.",
            ("warning",),
        ),
        Rule(
            "dependencies",
            "Dependencies are a manager that is known and its file.",
            "Write it as in `conda:environment.yaml` or `pip:requirements.txt`.",
            ("warning",),
        ),
        Rule(
            "parent",
            "All weights but those that were trained name the format that they were converted from.",
            "Write one of the other formats as `parent`.",
            ("error", "policy", "warning"),
        ),
    ),
    families=frozenset({"model-0.4"}),
)
