"""All kinds of samples by name: what `python -m tests.samples` makes, and what tests ask for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.samples import framework_kinds as framework
from tests.samples import make, onnx_kinds
from tests.samples.sample import write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.samples.sample import Sample

OWN: Mapping[str, Callable[[Path, int, str], Path]] = {
    "good": make.make_good,
    "wrong": make.make_wrong_output,
    "mistakes": make.make_three_mistakes,
    "two-outputs": make.make_two_outputs,
    "torchscript": make.make_torchscript,
    "state-dict": make.make_state_dict,
}
"""Those with an RDF written by hand."""

FORMS: Mapping[str, Callable[[int], Sample]] = {
    "external-data": onnx_kinds.external_data,
    "batch-05": onnx_kinds.batch,
} | {
    f"{name}-{version.replace('.', '')}": partial(maker, version=version)
    for name, maker in {
        "two-inputs": onnx_kinds.two_inputs,
        "stepped": onnx_kinds.stepped,
        "cropped": partial(onnx_kinds.stepped, end="cropped"),
        "halved": partial(onnx_kinds.stepped, end="halved"),
        "halo": onnx_kinds.halo,
        "labels": onnx_kinds.labels,
        "binary": onnx_kinds.binary,
        "normalized": onnx_kinds.normalized,
        "ranged": onnx_kinds.ranged,
    }.items()
    for version in ("0.4", "0.5")
}
"""ONNX weights; they need nothing but numpy and onnx."""

IN_IMAGES: Mapping[str, tuple[str, Callable[[int], Sample]]] = {
    "keras-h5": ("tensorflow", framework.keras_hdf5),
    "keras-h5-old": ("tensorflow", partial(framework.keras_hdf5, library="tf_keras_h5")),
    "keras-v3": ("tensorflow", framework.keras_v3),
    "saved-model-04": ("tensorflow", partial(framework.saved_model, version="0.4")),
    "saved-model-05": ("tensorflow", partial(framework.saved_model, version="0.5")),
    "saved-model-two": ("tensorflow", framework.saved_model_two),
    "tfjs-04": ("tfjs", partial(framework.tensorflow_js, version="0.4")),
    "tfjs-05": ("tfjs", partial(framework.tensorflow_js, version="0.5")),
    "tfjs-zip": ("tfjs", partial(framework.tensorflow_js, version="0.5", packed=True)),
    "state-dict-04": ("torch", partial(framework.state_dict, version="0.4")),
    "state-dict-05": ("torch", partial(framework.state_dict, version="0.5")),
    "state-dict-library-04": ("torch", partial(framework.state_dict_library, version="0.4")),
    "state-dict-library-05": ("torch", partial(framework.state_dict_library, version="0.5")),
    "all-formats": ("torch tensorflow tfjs", framework.all_formats),
    "formats-differ": ("torch", partial(framework.all_formats, formats=("onnx", "torchscript"), off=("onnx",))),
}
"""Kind to the frameworks that have to be there (see in_images.py), and its maker."""

KINDS = (*OWN, *FORMS, *IN_IMAGES)


def make_sample(kind: str, folder: Path, seed: int = 0, github_user: str = "ada-sample") -> Path:
    """Make a sample of that kind in the folder, and return it.

    The same seed gives the same tensors and weights. Raises KeyError for a kind there is not, NoImageError where a
    framework is missing.
    """
    if kind in OWN:
        return OWN[kind](folder, seed, github_user)
    maker = FORMS[kind] if kind in FORMS else IN_IMAGES[kind][1]
    return write(maker(seed), folder, github_user)


def frameworks(kind: str) -> tuple[str, ...]:
    """What has to be there for a kind: of torch, tensorflow and tfjs."""
    if kind in IN_IMAGES:
        return tuple(IN_IMAGES[kind][0].split())
    return ("torch",) if kind in {"torchscript", "state-dict"} else ()
