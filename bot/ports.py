"""The doors: the smallest sets of verbs the road needs of each outside system.

Every gateway fulfils one Protocol; foreign exceptions stop in the gateway and leave as `GatewayError`
(`UnknownOutcomeError` for a write whose answer was lost). Tokens never appear in an error, a repr or a URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bot.records.box import FIRST, BoxLimits, BoxRun, Machine
from bot.records.event import Hint, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.records.environment import Built, Unsolved
    from bot.records.notice import Notice
    from bot.records.submission import Upload, UploadPage

Json = dict[str, Any]
NO_HINT = Hint()


class Archive(Protocol):
    """What the bot may ask of the archive uploads come from (Zenodo)."""

    def changed(self, keywords: Sequence[str], since: datetime | None) -> Iterator[UploadPage]:
        """Pages of uploads with one of the keywords changed since then, all versions; says whether it is complete."""

    def upload(self, record: str) -> Upload | None:
        """One record by id, also when the search does not show it yet; None where there is none."""


class Workshop(Protocol):
    """The work side as the key-holding side sees it: plain JSON in, schema-checked plain JSON out (at most 256 KB).

    A work side that is asked through a queue raises `PendingError` until its answer is there; asking again is asking once.
    """

    def prepare(self, job: Json) -> Json:
        """Fetch and describe an upload: an answer of `schemas/submission.schema.json`."""

    def check(self, job: Json) -> Json:
        """Run the boxes: an answer of `schemas/report.schema.json`."""

    def blob(self, sha256: str) -> bytes:
        """Opaque bytes of a fetched `rdf.yaml` or a report's picture (at most 1 MB), verified against the hash."""

    def environment(self) -> str:
        """Digest of the job images and of the rules' version: half of the verdict key."""


class Boxes(Protocol):
    """Sealed containers, as the work side sees them."""

    def images(self) -> Mapping[str, str]:
        """Digest by kind (`records.box.KINDS`) of the images that are there; raises `GatewayError` without the first one."""

    def machine(self) -> Machine:
        """What all boxes share."""

    def prewarm(self, verb: str, limits: BoxLimits, *, image: str = FIRST, formats: Sequence[str] = ()) -> None:
        """Start boxes ahead of their jobs, interpreter and libraries loaded, each for one job: one, or one for each format."""

    def run(
        self,
        job: Json,
        inputs: Mapping[str, Path],
        limits: BoxLimits,
        take: Callable[[str, Iterator[bytes], int], None],
        *,
        image: str = FIRST,
        whose: str = "",
    ) -> BoxRun:
        """Run one box for `job['verb']` with `inputs` (local name to host file) laid into its read-only folder.

        `image` is a kind, or the digest of any other image (`sha256:…`); a container is always made by digest.
        Each frame goes to `take(name, chunks, size)`, the end is in `BoxRun`; raises (`GatewayError`) for the engine's trouble alone,
        and where somebody else ended the box. It may wait for its turn, which goes by `whose` check it is (`Bench.whose`); its
        time begins with its job.
        """


class ImageBuilder(Protocol):
    """Makes images for models that declare dependencies of their own."""

    def build(self, requirements: Sequence[str]) -> Built | Unsolved:
        """The image that has all of `requirements` (each a `REQUIREMENT`); built once, however many ask at the same time.

        Raises `GatewayError` where the engine or the package registry did not do its part.
        """


class Notifier(Protocol):
    """Mail and messages to people named in policy, by channels that fail each by itself."""

    def channels(self) -> tuple[str, ...]:
        """A name for each, which is no secret and stays while the settings do."""

    def send(self, notice: Notice, channel: str) -> None:
        """Deliver by one of them, or raise `GatewayError`; `notice.key` names it for ever (it becomes the Message-ID)."""


class Clock(Protocol):
    """Time is a door too."""

    def now(self) -> datetime:
        """Aware, UTC."""

    def steady(self) -> float:
        """Seconds that only ever go forward at their own pace, whatever is done to the time of day."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Engine(Protocol):
    """Queue, schedule and takeover: who is told about a subject, sees to it that it is looked at."""

    def tell(self, subject: Subject, hint: Hint = NO_HINT, *, after: float = 0.0) -> None:
        """Have the subject looked at once more, in `after` seconds; durable when it returns.

        Told during a look, it is looked at exactly once more afterwards. Many tellings may become one look.
        """


class Store(Protocol):
    """The local database: queue, schedule and cache. Losing it loses nothing but time."""

    def get(self, room: str, key: str) -> Json | None:
        """The value kept under that key."""

    def put(self, room: str, key: str, value: Json) -> None:
        """Keep a value, replacing an older one; durable when it returns."""

    def drop(self, room: str, key: str) -> None:
        """Forget a value, also when there is none."""

    def change(self, room: str, key: str, change: Callable[[Json | None], Json | None]) -> Json | None:
        """Read, change and write in one step that no other process can come between; None forgets. What is kept then.

        `change` may be called more than once, and must do nothing but compute.
        """

    def items(self, room: str) -> Mapping[str, Json]:
        """All values of a room, sorted by key."""
