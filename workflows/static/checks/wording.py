"""Whether a name and a description tell a life scientist what it is (contributor guide, "Model naming"): advice, nothing required."""

import re
from collections.abc import Iterator

from workflows.static.context import Context
from workflows.static.finding import Finding
from workflows.static.rule import Check, Rule
from workflows.static.words import show

_FILE = re.compile(r"[^\s/]+\.(?:h5|hdf5|keras|npy|onnx|pb|pt|pth|py|tar|torchscript|ya?ml|zip)\Z", re.IGNORECASE)
_SLUG = re.compile(r"\w+(?:[-_]\w+)+\Z")
_PLACEHOLDER = re.compile(
    r"(?:my|new|the|a)?[\s_-]*(?:test|unnamed|untitled)?[\s_-]*(?:model|network|test|unnamed|untitled)?[\s_-]*v?\d*\Z"
)
_LEAST_WORDS = 5
_NAME_FIX = "Name the task, the tissue or structure and the modality, such as 'Neuron Segmentation in EM (Membrane Prediction)'."
_DESCRIPTION_FIX = (
    "Say in a sentence what it does, on which kind of images and for whom, such as "
    "'Segments nuclei in 2D fluorescence images of human cells; trained on the 2018 Data Science Bowl'."
)


def look(context: Context) -> Iterator[Finding]:
    """The name of a model (other resources have proper names), then the description of everything."""
    name, description = context.data.get("name"), context.data.get("description")
    if context.kind == "model" and isinstance(name, str) and (fault := _unreadable(name)):
        yield Finding("warning", "informative-name", "/name", f"`name` {show(name)} {fault}.", _NAME_FIX)
    if isinstance(description, str) and (fault := _poor(description, name)):
        yield Finding("warning", "description", "/description", f"`description` {fault}.", _DESCRIPTION_FIX)


def _unreadable(name: str) -> str | None:
    name = name.strip()[:200]
    if not name:
        return None
    if _FILE.match(name):
        return "is the name of a file"
    if _PLACEHOLDER.match(name.lower()):
        return "does not say what the model is for"
    return "is written for programs, not for people" if _SLUG.match(name) else None


def _poor(description: str, name: object) -> str | None:
    if not description.strip():
        return "is empty"
    if isinstance(name, str) and len(description) < 2 * len(name) and _folded(description) == _folded(name):
        return "only repeats the name"
    count = len(description.split(maxsplit=_LEAST_WORDS))
    return f"{show(description)} is very short" if count < _LEAST_WORDS else None


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text[:1000]).lower()


CHECK = Check(
    look,
    (
        Rule(
            "informative-name",
            "A model's name tells people what it does to which images; it is no file name or slug.",
            _NAME_FIX,
            ("warning",),
        ),
        Rule(
            "description",
            "A description says more than the name does.",
            _DESCRIPTION_FIX,
            ("warning",),
        ),
    ),
)
