"""Switches that make this GitHub misbehave the way the real one is known to."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass
class GitHubFaults:
    """All off by default, and again after a restart. Probabilities are 0..1 and drawn from a generator seeded with ``seed``."""

    stale_lists_seconds: float = 0.0  # lists do not show yet what is younger than this
    mergeable_null_reads: int = 0  # so many reads after a head or base change answer null
    rebind_reviews: bool = False  # on a head push existing reviews move to the new head
    stuck_suites: bool = False  # a check suite that was asked for again stays queued whatever is made
    drop_webhooks: float = 0.0
    double_webhooks: float = 0.0
    shuffle_webhooks: bool = False  # hold, and send in random order on flush
    hold_webhooks: bool = False
    rate_limit: int = 0  # size of the hourly allowance; 0: GitHub's own sizes
    secondary_points: int = 0  # points a minute (GET 1, write 5; GitHub's: 900); 0: off
    silent_limits: bool = False  # a secondary limit does not say for how long
    content_limits: bool = False  # 80 a minute and 500 an hour
    content_per_minute: int = 80
    content_per_hour: int = 500
    seed: int = 1

    def reset(self) -> None:
        self.update({spec.name: spec.default for spec in fields(self)})

    def update(self, values: dict[str, object]) -> None:
        """Set switches by name; an unknown name is a mistake of the caller.

        Raises KeyError with the unknown names.
        """
        unknown = set(values) - {spec.name for spec in fields(self)}
        if unknown:
            raise KeyError(*sorted(unknown))
        for name, value in values.items():
            setattr(self, name, value)
