"""The rules, in the order in which they are asked and told."""

from workflows.static import (
    check_document,
    check_files,
    check_identifiers,
    check_licence,
    check_links,
    check_schema,
    check_tensors,
)
from workflows.static.finding import Check

CHECKS: tuple[Check, ...] = (
    Check(
        "document",
        "The RDF is one YAML 1.2 document in UTF-8, a mapping whose fields stand in it once.",
        "Correct the line that is named; an editor with YAML highlighting shows most of it.",
        check_document.look,
    ),
    Check(
        "schema",
        "The RDF has the fields that the specification of its type and format version asks for, of the right kind.",
        "Add, correct or remove the field that is named.",
        check_schema.look,
    ),
    Check(
        "identifiers",
        "Format version, name, ORCID iDs, DOIs, GitHub logins and tensor names are well-formed and unique.",
        "Copy identifiers from where they were issued, bare and complete.",
        check_identifiers.look,
    ),
    Check(
        "files",
        "Every file that the RDF names is there, can be fetched, and has the SHA-256 that the RDF says.",
        "Upload the missing file, or correct its name or hash; the report tells the real hash.",
        check_files.look,
    ),
    Check(
        "tensors",
        "There is a test array for each tensor, in .npy format, with the declared shape and type.",
        "Save the arrays with numpy.save, and correct the declared shapes.",
        check_tensors.look,
    ),
    Check(
        "licence",
        "The licence is a current SPDX identifier.",
        "Choose one from https://spdx.org/licenses/.",
        check_licence.look,
    ),
    Check(
        "links",
        "Tags, a citation and a cover picture help others to find and trust the resource.",
        "Add what is missing; none of it stops an entry.",
        check_links.look,
    ),
)
