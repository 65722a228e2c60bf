"""What consumers see of a resource, copied out of its RDF and cut to the lengths of `schemas/description.schema.json`."""

from typing import Any

WEIGHTS = (
    "onnx",
    "torchscript",
    "pytorch_state_dict",
    "keras_hdf5",
    "keras_v3",
    "tensorflow_saved_model_bundle",
    "tensorflow_js",
)
TYPES = frozenset({"model", "dataset", "application", "notebook"})


def resource_type(data: dict[str, Any]) -> str:
    """The declared type; a file without one that has weights is a model (so are the RDFs of 0.1 to 0.3)."""
    kind = data.get("type")
    if kind is None and "weights" in data:
        return "model"
    return kind if isinstance(kind, str) else ""


def resource(data: dict[str, Any]) -> dict[str, Any]:
    """The `resource` part of a description."""
    return {
        "type": resource_type(data)[:32],
        "format_version": text(data.get("format_version"), 32) or "",
        "name": text(data.get("name"), 256) or "",
        "description": text(data.get("description"), 4096) or "",
        "version": text(data.get("version"), 64),
        "license": text(data.get("license"), 64),
        "tags": _texts(data.get("tags"), 128, 64),
        "authors": persons(data.get("authors")),
        "maintainers": persons(data.get("maintainers")),
        "packagers": persons(data.get("packaged_by")),
        "claimed_id": _claimed_id(data),
        "weights": weights(data),
        "covers": _texts([_source(cover) for cover in items(data.get("covers"))], 1024, 16),
        "documentation": text(_source(data.get("documentation")), 1024),
    }


def weights(data: dict[str, Any]) -> list[str]:
    """The weight formats that the boxes know, in the order of the RDF."""
    declared = data.get("weights")
    return [name for name in declared if name in WEIGHTS] if isinstance(declared, dict) else []


def persons(value: Any) -> list[dict[str, str | None]]:
    """Names and GitHub logins; old RDFs list plain names, or logins as urls."""
    found: list[dict[str, str | None]] = []
    for person in items(value)[:64]:
        if isinstance(person, dict):
            login = text(person.get("github_user"), 1000)
            login = login.removeprefix("https://github.com/")[:100] if login else None
            found.append({"name": text(person.get("name"), 256) or "", "github_user": login or None})
        elif isinstance(person, str):
            found.append({"name": person[:256], "github_user": None})
    return found


def items(value: Any) -> list[Any]:
    """A list, or nothing where something else stands."""
    return value if isinstance(value, list) else []


def text(value: Any, length: int) -> str | None:
    """A scalar as text of at most `length` characters; `None` for what is no scalar."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)[:length]


def _claimed_id(data: dict[str, Any]) -> str | None:
    """The id that the zoo gave, as bioimageio.spec reads it: the nickname wins over `id`."""
    config = data.get("config")
    zoo = config.get("bioimageio") if isinstance(config, dict) else None
    nickname = zoo.get("nickname") if isinstance(zoo, dict) else None
    return text(nickname, 128) or text(data.get("id"), 128) or None


def _texts(value: Any, length: int, count: int) -> list[str]:
    return [item for item in (text(entry, length) for entry in items(value)[:count]) if item]


def _source(value: Any) -> Any:
    return value.get("source") if isinstance(value, dict) else value
