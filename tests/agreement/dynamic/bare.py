"""What the bare `bioimageio test` says: runs in the boxes' environment, imports nothing of this project.

One JSON object a line on stdin, `{"rdf": path, "format": weight format}`; one on stdout, `{"status", "failed": [[name,
[message, …]], …], "formats": [weight format, …]}`. The status and the exit code of the command line follow from the same
call; it spares the seconds of starting it. What it leaves behind lies below the folder that is named.
"""

import json
import os
import sys
import tempfile
import warnings
from typing import Any


def verdict(rdf: str, weight_format: str) -> dict[str, Any]:
    """As `bioimageio test RDF --weight-format FORMAT` (bioimageio.core.commands.test)."""
    from bioimageio.core import test_description
    from bioimageio.spec import InvalidDescr, load_description

    description = load_description(rdf)
    invalid = isinstance(description, InvalidDescr)
    tested = description.validation_summary if invalid else test_description(description, weight_format=weight_format)
    failed = [[one.name, [error.msg[:500] for error in one.errors]] for one in tested.details if one.status == "failed"]
    formats = [] if invalid else [name for name, weights in description.weights if weights is not None]
    return {"status": tested.status, "failed": failed, "formats": formats}


def main() -> None:
    """Answer line by line, so that one process serves a whole comparison."""
    from loguru import logger

    logger.remove()
    warnings.simplefilter("ignore")
    sink, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        os.chdir(tempfile.mkdtemp(dir=sys.argv[1]))  # it unpacks weights where it stands, over those of the last model
        try:
            said = verdict(asked["rdf"], asked["format"])
        except Exception as error:  # noqa: BLE001 - whatever it falls over is its answer
            said = {
                "status": "failed",
                "failed": [["raised", [f"{type(error).__name__}: {error}"[:500]]]],
                "formats": [],
            }
        sink.write(json.dumps(said) + "\n")
        sink.flush()


if __name__ == "__main__":
    main()
