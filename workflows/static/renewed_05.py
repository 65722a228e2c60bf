"""What models of 0.4, and those of the drafts of 0.5, wrote otherwise: told with the form that 0.5 has instead."""

from dataclasses import replace

from workflows.document import Document
from workflows.static.fields_05 import moved
from workflows.static.finding import Finding
from workflows.static.schema_fault import Fault
from workflows.static.values_05 import rewritten


def renewed(told: Finding, fault: Fault, document: Document) -> Finding:
    """The schema's finding in better words, and with the lines that are right where they are known; as it was if no old form."""
    found = moved(fault, document) if fault.keyword == "unknown" else rewritten(fault, document)
    if found is None:
        return told
    message, fix, suggestion = found
    return replace(told, message=message, fix=fix, suggestion=suggestion or told.suggestion)
