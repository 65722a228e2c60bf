"""The rules that need no model to run: what is wrong with an RDF, at which line, and what to write instead.

The rulebook is loaded when it is asked for: who only reads declarations (`tensors_05`) does not wait for all rules.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflows.static.rulebook import CHECKS, RULES
    from workflows.static.static import check_folder, run

__all__ = ["CHECKS", "RULES", "check_folder", "run"]
_HOMES = {"CHECKS": "rulebook", "RULES": "rulebook", "check_folder": "static", "run": "static"}


def __getattr__(name: str) -> Any:
    """One of `__all__` from where it is made; AttributeError for anything else."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
