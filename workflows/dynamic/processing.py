"""Pre- and postprocessing of a model: bioimageio.core's own, with the statistics of outputs where it lacks them.

bioimageio.core 0.11 computes every statistic before the model runs, and so raises KeyError for one of an output
(`scale_mean_variance` after the model). The specification allows it: a step sees the tensor as the step before left it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def pipeline_around(description: Any, adapter: Any) -> Any:
    """A prediction pipeline with statistics of its own, around weights that are loaded; made anew for each sample.

    A pipeline that is used again averages dataset statistics over all samples that it has met.
    """
    from bioimageio.core import PredictionPipeline
    from bioimageio.core.digest_spec import get_member_ids
    from bioimageio.core.proc_setup import setup_pre_and_postprocessing

    before, after = setup_pre_and_postprocessing(description, ())
    outputs = frozenset(map(str, get_member_ids(description.outputs)))
    if any(of_outputs(step, outputs) for step in after):
        before, after = [*_of_inputs(before, after, outputs)], [*_with_statistics(after, outputs)]
    return PredictionPipeline(
        name=str(description.name),
        model_description=description,
        preprocessing=before,
        postprocessing=after,
        model_adapter=adapter,
    )


def of_outputs(step: Any, outputs: frozenset[str]) -> set[Any]:
    """The statistics of outputs that a step needs."""
    return {measure for measure in step.required_measures if str(measure.member_id) in outputs}


def _of_inputs(before: Iterable[Any], after: Iterable[Any], outputs: frozenset[str]) -> Iterator[Any]:
    """The steps before the model, which compute the statistics of inputs alone."""
    from bioimageio.core.proc_ops import UpdateStats

    steps = [step for step in before if not isinstance(step, UpdateStats)]
    needed = {measure for step in (*steps, *after) for measure in {*step.required_measures} - of_outputs(step, outputs)}
    if needed:
        yield _computing(needed)
    yield from steps


def _with_statistics(after: Iterable[Any], outputs: frozenset[str]) -> Iterator[Any]:
    """The steps after the model, each behind the statistics of outputs that it needs."""
    for step in after:
        if needed := of_outputs(step, outputs):
            yield _computing(needed)
        yield step


def _computing(measures: set[Any]) -> Any:
    from bioimageio.core.proc_ops import UpdateStats
    from bioimageio.core.stat_calculators import StatsCalculator

    return UpdateStats(StatsCalculator(measures))
