"""The rules that need no model to run: what is wrong with an RDF, at which line, and what to write instead."""

from workflows.static.rulebook import CHECKS, RULES
from workflows.static.static import check_folder, run

__all__ = ["CHECKS", "RULES", "check_folder", "run"]
