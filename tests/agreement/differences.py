"""Where `accession-check dynamic` and `bioimageio test` differ on purpose: as data, each recognised by what both say.

The bare tool is bioimageio.core 0.11.0 with bioimageio.spec 0.5.12. What its tests of a model find is compared with our
three answers; that it answers them all by one word (`valid-format` for a model that failed) is no difference here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.agreement.dynamic.sides import Bare, Ours

BUNDLE = "tensorflow_saved_model_bundle"
KERAS = frozenset({"keras_hdf5", "keras_v3"})
EXACT_FLOAT32 = 2**24
"""The largest integer up to which float32 knows all of them."""


@dataclass(frozen=True)
class Difference:
    """What either does, why we do otherwise, and how such a case is known from the two answers alone."""

    name: str
    bare: str
    ours: str
    why: str
    is_it: Callable[[Bare, Ours], bool]


def _tensors(ours: Ours) -> Iterator[dict[str, Any]]:
    yield from ours.entry["tensors"]


def _only_we_fail(bare: Bare, ours: Ours) -> bool:
    return (bare.verdict, ours.answers) == ("passed", ("passed", "passed", "failed"))


def _not_finite(tensor: dict[str, Any]) -> bool:
    worst = tensor["worst"] or {}
    spelled = any(isinstance(worst.get(side), str) for side in ("expected", "produced"))
    return spelled or tensor["nan"] + tensor["inf"] > 0 or "no finite element" in tensor["outcome"]["message"]


def not_a_number(bare: Bare, ours: Ours) -> bool:
    return _only_we_fail(bare, ours) and any(_not_finite(one) for one in _tensors(ours))


def ceiling(bare: Bare, ours: Ours) -> bool:
    return _only_we_fail(bare, ours) and "for human eyes" in ours.words


def merged_labels(bare: Bare, ours: Ours) -> bool:
    labels = [one for one in _tensors(ours) if one["kind"] == "label" and one["worst"]]
    return _only_we_fail(bare, ours) and any(abs(one["worst"]["expected"]) > EXACT_FLOAT32 for one in labels)


def partition(bare: Bare, ours: Ours) -> bool:
    renumbered = re.search(r"[1-9]\d* of \d+ labels renumbered", ours.words)
    return bare.where == {"output"} | (bare.where & {"sizes"}) and ours.verdict == "passed" and bool(renumbered)


def singletons(bare: Bare, ours: Ours) -> bool:
    return _only_we_fail(bare, ours) and "only axes of length 1 differ" in ours.words


def older_keywords(bare: Bare, ours: Ours) -> bool:
    sources = [one["tolerance"]["source"] for one in _tensors(ours)]
    return "output" in bare.where and ours.verdict == "passed" and any("test_kwargs" in one for one in sources)


def statistics(bare: Bare, ours: Ours) -> bool:
    """Its own exception is the name of an output; whatever we say, we do not blame the contributor."""
    names = re.findall(r": '(\w+)'(?: |$)", bare.words)
    return "output" in bare.where and bool(names) and "failed" not in ours.answers


def sizes(bare: Bare, ours: Ours) -> bool:
    return bare.where == {"sizes"} and ours.verdict == "passed"


def metadata(bare: Bare, ours: Ours) -> bool:
    return bare.where == {"format"} and ours.verdict == "passed"


def _fails_in_its_reader(bare: Bare, ours: Ours, words: str, *formats: str) -> bool:
    """The bare tool ends with these words of an exception (a pattern), where we reproduce."""
    theirs = [said for name, said in bare.failed if name.startswith("Reproduce")]
    reads = any(re.search(words, said) for said in theirs)
    return reads and ours.verdict == "passed" and ours.entry["format"] in formats


def _compares_otherwise(bare: Bare, ours: Ours) -> bool:
    """Both ran the model, and one found what was expected."""
    only_bare_fails = bare.where == {"output"} and "elements disagree with expected" in bare.words
    return _only_we_fail(bare, ours) or (only_bare_fails and ours.verdict == "passed")


def old_layers(bare: Bare, ours: Ours) -> bool:
    by_tf_keras = any("so tf-keras tries" in one for one in ours.entry["warnings"])
    return by_tf_keras and _fails_in_its_reader(bare, ours, "Error when deserializing|Unknown layer", "keras_hdf5")


def several_inputs(bare: Bare, ours: Ours) -> bool:
    words = "truth value of an array with more than one element|multiple values for argument 'training'"
    return _fails_in_its_reader(bare, ours, words, *KERAS, BUNDLE)


def other_keras_weights(bare: Bare, ours: Ours) -> bool:
    both = ours.entry["format"] == "keras_hdf5" and bare.formats >= KERAS
    return both and _compares_otherwise(bare, ours)


def order_of_outputs(bare: Bare, ours: Ours) -> bool:
    several = ours.entry["format"] == BUNDLE and len(ours.entry["tensors"]) > 1
    return several and _compares_otherwise(bare, ours)


def exported_by_keras(bare: Bare, ours: Ours) -> bool:
    """Its assertion has no words."""
    return _fails_in_its_reader(bare, ours, "^$", BUNDLE)


def bundle_in_a_folder(bare: Bare, ours: Ours) -> bool:
    return _fails_in_its_reader(bare, ours, r"SavedModel file does not exist at: \S*\.unzipped/", BUNDLE)


ANYWHERE = (
    Difference(
        "not a number",
        "an element that is NaN on either side, or infinite in the expectation, counts as equal: all-NaN passes",
        "NaN equals NaN, an infinity itself, anything else is a mismatch; where nothing is finite nothing is reproduced",
        "every comparison with NaN is false, and the tool asks which elements differ by more than allowed",
        not_a_number,
    ),
    Difference(
        "ceiling",
        "takes any tolerance that the file declares: `absolute_tolerance: 1e9` in `test_kwargs`, or a relative one on a"
        " pedestal (as `reproducibility_tolerance` bioimageio.spec bounds it by 1 % of the maximum)",
        "fails `reproduces` for human eyes where an error is beyond the collection's share of the expected range",
        "a contributor cannot set the bar by which the contribution is judged",
        ceiling,
    ),
    Difference(
        "labels beyond float32",
        "compares integers as float32, in which neighbours beyond 2^24 are one",
        "compares label maps in their own integers",
        "objects that were merged are not noticed otherwise",
        merged_labels,
    ),
    Difference(
        "labels as a partition",
        "compares label maps number by number, within the tolerance of floats",
        "passes where the same pixels belong together, whatever the numbers",
        "which number an object gets says nothing; which pixels it has says all",
        partition,
    ),
    Difference(
        "axes of length 1",
        "0.4: takes an expectation that lacks axes of length 1; 0.5: refuses it",
        "fails `reproduces` in both, and says that only axes of length 1 differ",
        "a consumer reads the axes that are declared",
        singletons,
    ),
    Difference(
        "tolerances of older files",
        "0.4: does not read `config.bioimageio.test_kwargs`, compares with 1e-3; 0.5: reads it without `decimal`",
        "0.4: honours them, `decimal` included, up to the ceiling",
        "the contributors wrote them for the tool's former versions, which read them",
        older_keywords,
    ),
    Difference(
        "statistics of an output",
        "raises KeyError where a step after the model takes statistics of an output, and calls that a failed model",
        "never `failed`: the step is done as specified, or the answer is `errored`, which is ours",
        "the fault is the tool's",
        statistics,
    ),
    Difference(
        "sizes beyond the test tensors",
        "0.5: fails the model where another declared size or batch does not run",
        "the three answers are of the test tensors; other sizes are checks of their own beside them",
        "a contributor has to know whether the test or the declaration is wrong",
        sizes,
    ),
    Difference(
        "metadata",
        "runs no model whose description or pictures have an error",
        "runs it; the static check tells these errors, with their lines",
        "one answer less for the contributor to wait for",
        metadata,
    ),
)
"""Whatever the framework."""

OF_TENSORFLOW = (
    Difference(
        "layers of Keras 2",
        "reads HDF5 files with Keras 3, which refuses old layers: a Conv2DTranspose, of which U-Nets are made, has `groups`",
        "reads with tf-keras what Keras 3 refuses",
        "the format is that of Keras 1 and 2; a file that runs with the version that it names is no broken file",
        old_layers,
    ),
    Difference(
        "several inputs",
        "hands the second input of Keras models over as the batch size, that of bundles as `training`: an exception",
        "hands over as many inputs as there are, by their names",
        "the fault is the tool's",
        several_inputs,
    ),
    Difference(
        "HDF5 beside Keras 3 weights",
        "runs the `keras_v3` weights of a model that has them when `keras_hdf5` is asked for",
        "runs the file that was asked for",
        "a wrong file passes otherwise, and a right one fails",
        other_keras_weights,
    ),
    Difference(
        "order of a bundle's outputs",
        "takes the outputs of a saved model in the order of a hash table, which is another one in another process",
        "takes each by the name that the description has for it",
        "by chance, swapped outputs pass otherwise, and right ones fail",
        order_of_outputs,
    ),
    Difference(
        "bundles that Keras exported",
        "calls their endpoint `serve`, expects names of outputs, and asserts: a model of one output has none there",
        "calls the signature, `serving_default`, whose outputs have names",
        "`model.export` is how Keras 3 writes a bundle",
        exported_by_keras,
    ),
    Difference(
        "bundles in a folder",
        "looks for `saved_model.pb` at the top of the zip alone",
        "finds the one folder of the zip that has it",
        "whoever packs a folder gets the folder in the zip",
        bundle_in_a_folder,
    ),
)
"""Of the formats that TensorFlow and Keras run."""

DIFFERENCES = (*ANYWHERE, *OF_TENSORFLOW)
