"""What bioimageio.spec says of RDFs: runs in the boxes' environment, imports nothing of this project.

One JSON object a line on stdin, `{"text": …}`; one on stdout, `{"valid": …, "errors": [[location, message], …]}`.
"""

import json
import sys
import warnings
from io import StringIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any


def verdict(text: str) -> dict[str, Any]:
    """The verdict on a document as it declares itself, without looking at any file that it names."""
    from bioimageio.spec import ValidationContext, validate_format
    from ruamel.yaml import YAML

    try:
        data = YAML(typ="safe", pure=True).load(StringIO(text))
        with ValidationContext(root=Path(gettempdir()), file_name="rdf.yaml", perform_io_checks=False):
            summary = validate_format(data)
    except Exception as error:  # noqa: BLE001 - whatever it falls over is its answer
        return {"valid": False, "errors": [["", f"{type(error).__name__}: {error}"[:500]]]}
    errors = [
        [".".join(map(str, one.loc)), one.msg]
        for detail in summary.details
        for one in detail.errors
        if one.loc or one.msg
    ]
    return {"valid": summary.status != "failed", "errors": errors}


def main() -> None:
    """Answer line by line, so that one process serves a whole comparison."""
    warnings.simplefilter("ignore")
    sink, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        sink.write(json.dumps(verdict(json.loads(line)["text"])) + "\n")
        sink.flush()


if __name__ == "__main__":
    main()
