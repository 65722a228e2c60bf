"""What an upload is: its RDF, its facts, its files, and the copies that the other boxes get."""

from workflows.describe.choose import candidates
from workflows.describe.describe import run

__all__ = ["candidates", "run"]
