"""What the released scivision client says of catalogs and entries: runs in `.venv-scivision`, imports nothing of this project.

One JSON object a line on stdin, `{"family": "scivision-model-catalog", "text": …}`; one on stdout,
`{"valid": …, "errors": [[location, message], …]}`. The client's package imports its plotting and loading libraries first; only its
catalog is asked here, so the package stands in as a bare folder.
"""

import importlib.util
import json
import sys
from types import ModuleType
from typing import Any


def catalog_module() -> Any:
    """`scivision.catalog` of the installed client."""
    spec = importlib.util.find_spec("scivision")
    assert spec
    package = ModuleType("scivision")
    package.__path__ = list(spec.submodule_search_locations or ())
    sys.modules["scivision"] = package
    return importlib.import_module("scivision.catalog")


def main() -> None:
    """Answer line by line, so that one process serves a whole comparison."""
    sink, sys.stdout = sys.stdout, sys.stderr
    client = catalog_module()
    judges = {
        "scivision-model-catalog": client.CatalogModels,
        "scivision-model-entry": client.CatalogModelEntry,
        "scivision-datasource-catalog": client.CatalogDatasources,
        "scivision-datasource-entry": client.CatalogDatasourceEntry,
        "scivision-project-catalog": client.CatalogProjects,
        "scivision-project-entry": client.CatalogProjectEntry,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        sink.write(json.dumps(verdict(judges[asked["family"]], asked["text"])) + "\n")
        sink.flush()


def verdict(judge: Any, text: str) -> dict[str, Any]:
    """What the class says that the client reads such a file with."""
    try:
        judge.parse_raw(text)
    except ValueError as error:
        told = error.errors() if hasattr(error, "errors") else [{"loc": (), "msg": str(error)}]
        return {"valid": False, "errors": [[".".join(map(str, one["loc"])), one["msg"][:500]] for one in told]}
    return {"valid": True, "errors": []}


if __name__ == "__main__":
    main()
