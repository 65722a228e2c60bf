"""Running the static rules on a folder, and finding what they said."""

import json
from pathlib import Path

import jsonschema

from workflows.document import load
from workflows.static import check_folder, run
from workflows.static.static import context_of, look

REPORT = json.loads((Path(__file__).parents[3] / "schemas" / "report.schema.json").read_text("utf-8"))
FINDING = jsonschema.Draft202012Validator({"$ref": "#/$defs/finding", "$defs": REPORT["$defs"]})


def folder_findings(folder, name=None):
    found = check_folder(folder, name)
    for finding in found:
        FINDING.validate(finding)
    return found


def text_findings(text, rule=None, policy=None):
    """What is said of an RDF alone, without the missing files."""
    found = look(context_of(load(text.encode()), {}, ["in.npy"], policy or {}))
    found = [finding for finding in found if not finding.rule.startswith("file-")]
    for finding in found:
        FINDING.validate(finding.as_json())
    return [finding for finding in found if rule in {None, finding.rule}]


def box_findings(folder, rdf, files, listing=(), policy=None):
    """What the verb answers to a job."""
    frames = {}
    job = {
        "rdf": rdf,
        "files": files,
        "listing": [{"name": name, "size": 1} for name in listing],
        "policy": policy or {},
    }
    run(job, folder, frames.__setitem__)
    return json.loads(frames["findings"])
