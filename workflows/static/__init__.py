"""The rules that need no model to run: what is wrong with an RDF, at which line, and what to write instead."""

from workflows.static.checks import CHECKS
from workflows.static.static import check_folder, run

__all__ = ["CHECKS", "check_folder", "run"]
