"""Fields of a 0.5 model that are more than their form: its time, its parent, its evaluations."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.describe.facts import items
from workflows.document import pointer_of
from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.tensors_05 import counted, tensors_of
from workflows.static.words import field, show


def look(context: Context) -> Iterator[Finding]:
    """In the order of the specification."""
    yield from _parent(context.data)
    config = context.data.get("config")
    zoo = config.get("bioimageio") if isinstance(config, dict) else None
    if isinstance(zoo, dict):
        for index, one in enumerate(items(zoo.get("evaluations"))):
            if isinstance(one, dict):
                yield from _evaluation(pointer_of("config", "bioimageio", "evaluations", index), one)
        yield from _tolerance(context.data, zoo)


def _parent(data: Mapping[str, Any]) -> Iterator[Finding]:
    parent, own = data.get("parent"), data.get("id")
    if isinstance(parent, dict) and isinstance(own, str) and parent.get("id") == own:
        message = f"`parent.id` is {show(own)}, the id of this model itself."
        yield Finding("error", "parent-model", "/parent/id", message, "Name the model that this one was made from.")


def _evaluation(at: str, one: Mapping[str, Any]) -> Iterator[Finding]:
    """0.5 `config.bioimageio.evaluations`: one row of results for each metric, one value in it for each factor."""
    factors, metrics, rows = one.get("evaluation_factors"), one.get("metrics"), one.get("results")
    for key, short, long in (
        ("evaluation_factors", factors, one.get("evaluation_factors_long")),
        ("metrics", metrics, one.get("metrics_long")),
    ):
        if isinstance(short, list) and isinstance(long, list) and len(short) != len(long):
            message = f"`{field(at)}` has {len(short)} `{key}` and {len(long)} `{key}_long`."
            yield Finding("error", "evaluation", f"{at}/{key}_long", message, f"Write one for each of the `{key}`.")
    if not isinstance(rows, list):
        return
    if isinstance(metrics, list) and len(rows) != len(metrics):
        message = f"`{field(at)}.results` has {counted(len(rows), 'row')} for {len(metrics)} `metrics`."
        yield Finding("error", "evaluation", f"{at}/results", message, "Write one row for each metric.")
        return
    for index, row in enumerate(rows):
        if isinstance(factors, list) and isinstance(row, list) and len(row) != len(factors):
            message = f"`{field(at)}.results[{index}]` has {counted(len(row), 'value')} for {len(factors)} `evaluation_factors`."
            pointer = f"{at}/results/{index}"
            yield Finding("error", "evaluation", pointer, message, "Write one value for each factor.")


def _tolerance(data: Mapping[str, Any], zoo: Mapping[str, Any]) -> Iterator[Finding]:
    """Outputs and weights that the tolerance is for; bioimageio.spec takes any names."""
    outputs = [one.id for one in tensors_of(data) if one.group == "outputs"]
    weights = data.get("weights")
    known = {"output_ids": outputs, "weights_formats": list(weights) if isinstance(weights, dict) else []}
    for index, one in enumerate(items(zoo.get("reproducibility_tolerance"))):
        for key, names in known.items() if isinstance(one, dict) else ():
            for number, name in enumerate(items(one.get(key))):
                if isinstance(name, str) and name not in names:
                    at = pointer_of("config", "bioimageio", "reproducibility_tolerance", index, key, number)
                    message = f"`{field(at)}` {show(name)} is not in this model."
                    yield Finding("warning", "tolerance", at, message, f"Write one of {', '.join(map(str, names))}.")


CHECK = Check(
    look,
    (
        Rule(
            "parent-model",
            "The model that this one was made from is named by its id.",
            "Write `parent: {id: …}`, as the model's page shows it.",
            ("error", "warning"),
        ),
        Rule(
            "evaluation",
            "The results of an evaluation are a table of metrics and factors.",
            "Write one row for each metric, and one value in it for each factor.",
        ),
        Rule(
            "tolerance",
            "A tolerance is for outputs and weights of this model.",
            "Write their names, or leave the list out for all of them.",
            ("warning",),
        ),
    ),
    families=frozenset({"model-0.5"}),
)
