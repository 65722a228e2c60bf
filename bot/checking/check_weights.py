"""All weight formats of one model: each in its own image, side by side, none twice; then against each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import plain_json
from bot.checking import expected, weights_report
from bot.checking.check_dynamic import check_dynamic, seed
from bot.checking.choose_image import image_for
from bot.checking.compare_formats import comparable, compare_formats
from bot.checking.environments import Untried
from bot.checking.outputs import Tested
from bot.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.checking.bench import Bench
    from bot.checking.prepared import Prepared
    from bot.ports import Json
    from bot.records.job import Job

_FORMATS = "formats"
_MEND = "Not run: first mend the errors in inputs, outputs and weights."


@dataclass(frozen=True)
class Trial:
    """What is known before anything is run."""

    images: Mapping[str, str]
    """Digest by format, of those that can be tried."""
    obstacles: Mapping[str, str]
    """Sentence by format, of the others."""
    known: Mapping[str, Tested]
    """Of those that can be tried, what is on the shelf."""


def trial(bench: Bench, job: Job, prepared: Prepared) -> Trial:
    """Which formats can be run, and which need not."""
    there = bench.boxes.images()
    formats = prepared.submission["resource"]["weights"]
    obstacles = {name: said for name in formats if (said := expected.obstacle(prepared, name, there))}
    images = {name: there[expected.RUN_FORMATS[name]] for name in formats if name not in obstacles}
    found = {name: _known(bench, job, prepared, name, image, alone=len(images) == 1) for name, image in images.items()}
    return Trial(images, obstacles, {name: tested for name, tested in found.items() if tested is not None})


def warm_up(bench: Bench, job: Job, found: Trial) -> None:
    """Have the first box started that will run weights: what comes before that takes its time too."""
    for name, image in found.images.items():
        if name not in found.known:
            bench.boxes.prewarm("produce", job.limits.box(), image=image, formats=[name])
            return


def check_weights(
    bench: Bench, job: Job, prepared: Prepared, findings: Sequence[Json], found: Trial
) -> tuple[list[Json], list[Json]]:
    """The report's `weights` and its `comparisons`."""
    blocked = {name for name in found.images if expected.blocked(findings, name)}
    _warm_up_all(
        bench, job, prepared, {name: image for name, image in found.images.items() if name not in blocked}, found
    )

    def one(name: str) -> Tested:
        if name in found.obstacles:
            return Tested(weights_report.untried(name, found.obstacles[name]), {})
        if name in blocked:
            return Tested(weights_report.untried(name, _MEND), {})
        return found.known.get(name) or _in_its_image(bench, job, prepared, name, found)

    formats = prepared.submission["resource"]["weights"]
    at_once = bench.boxes.machine().at_once(job.limits.box())
    with ThreadPoolExecutor(at_once, thread_name_prefix="format") as pool:
        tested = dict(zip(formats, pool.map(one, formats), strict=True))
    alike = comparable(prepared, tested)
    comparisons = compare_formats(bench, job, prepared, alike) if alike else []
    return [one.weights for one in tested.values()], comparisons


def _warm_up_all(bench: Bench, job: Job, prepared: Prepared, images: Mapping[str, str], found: Trial) -> None:
    """The boxes after the first: the judge's, and of each image one more than can run at once."""
    wanted = {name: image for name, image in images.items() if name not in found.known}
    limits = job.limits.box()
    ahead = bench.boxes.machine().at_once(limits) + 1
    if wanted:
        bench.boxes.prewarm("judge", limits)
    for image in dict.fromkeys(wanted.values()):
        formats = [name for name, other in wanted.items() if other == image]
        bench.boxes.prewarm("produce", limits, image=image, formats=formats[:ahead])
    if wanted and prepared.plan and len(images) > 1:
        bench.boxes.prewarm("compare", limits)


def _in_its_image(bench: Bench, job: Job, prepared: Prepared, name: str, found: Trial) -> Tested:
    """What has no image is not kept by format: it may wait for a maintainer's word alone."""
    stock = found.images[name]
    try:
        image = image_for(bench, job, prepared, name, stock)
    except GatewayError as error:
        return Tested(weights_report.untried(name, error.message, kind="errored"), {})
    if isinstance(image, Untried):
        return Tested(weights_report.without_image(name, image), {})
    own = image != stock
    known = _known(bench, job, prepared, name, image, alone=len(found.images) == 1) if own else None
    return known or _checked(bench, job, prepared, name, image, own=own)


def _checked(bench: Bench, job: Job, prepared: Prepared, name: str, image: str, *, own: bool) -> Tested:
    tested = check_dynamic(bench, job, prepared, name, image, own=own)
    if not weights_report.is_errored(tested.weights):
        bench.shelf.put(_FORMATS, _key(bench, job, prepared, name, image), tested.as_json())
    return tested


def _known(bench: Bench, job: Job, prepared: Prepared, name: str, image: str, *, alone: bool) -> Tested | None:
    """Of no use where there are other formats to compare with, and the cache has let go of what this one produced."""
    value = bench.shelf.get(_FORMATS, _key(bench, job, prepared, name, image))
    tested = None if value is None else Tested.from_json(value)
    if tested is None or not (alone or all(bench.cache.path(blob) for blob in tested.blobs())):
        return None
    return tested


def _key(bench: Bench, job: Job, prepared: Prepared, name: str, image: str) -> str:
    """The image that runs them (built ones by digest too), and what judges them; the noise of formats that are compared must be the same."""
    content = prepared.submission["content_hash"]
    return plain_json.digest([content, name, image, bench.reading(), job.policy, seed(bench, prepared)])
