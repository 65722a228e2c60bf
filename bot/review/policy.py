"""`collection/accession.yaml` to `Policy`: the maintainers' own file on the base branch, the only YAML the key side reads."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import ConfigError
from bot.records.policy import DEFAULT_LIMITS, Person, Policy

PATH = "collection/accession.yaml"
_BYTES = 64 * 1024


def read_policy(content: bytes | None) -> Policy:
    """The policy; raises `ConfigError` naming the field and what it should be."""
    if content is None:
        raise ConfigError(f"The base branch has no {PATH}: write one (README.md, section Policy).", reason="no-policy")
    data = _parse(content)
    for error in sorted(_validator().iter_errors(data), key=lambda e: list(map(str, e.absolute_path))):
        where = "/".join(map(str, error.absolute_path)) or "the file"
        raise ConfigError(f"{PATH}: {where}: {error.message}", reason="policy")
    return _apart(_policy(data))


def _apart(policy: Policy) -> Policy:
    """The evidence branch is written over when old evidence is dropped, so nothing else may live there."""
    if policy.evidence_branch == policy.publish_branch:
        raise ConfigError(
            f"{PATH}: evidence_branch: it needs a branch of its own, not publish_branch.", reason="policy"
        )
    return policy


def _parse(content: bytes) -> Any:
    if len(content) > _BYTES:
        raise ConfigError(f"{PATH} is larger than {_BYTES} bytes.", reason="policy")
    try:
        return YAML(typ="safe", pure=True).load(BytesIO(content))
    except (YAMLError, ValueError) as error:
        raise ConfigError(f"{PATH} is not YAML: {error}", reason="policy") from error


def _policy(data: dict[str, Any]) -> Policy:
    tolerance, quotas, reminders = (data.get(name, {}) for name in ("tolerance", "quotas", "reminders"))
    default = Policy("", (), ())
    limits = dict(data.get("limits", {}))
    by_type = limits.pop("by_type", {})
    found = Policy(
        name=data["name"],
        keywords=tuple(data["keywords"]),
        people=tuple(Person(p["id"], p["login"], p.get("mail")) for p in data["people"]),
        types=tuple(data.get("types", default.types)),
        approvals=data.get("approvals", default.approvals),
        mentions=data.get("mentions", default.mentions),
        publish_branch=data.get("publish_branch", default.publish_branch),
        evidence_branch=data.get("evidence_branch", default.evidence_branch),
        evidence_days=data.get("evidence_days", default.evidence_days),
        per_owner=quotas.get("per_owner", default.per_owner),
        open=quotas.get("open", default.open),
        contributor_days=reminders.get("contributor_days", default.contributor_days),
        reviewer_days=reminders.get("reviewer_days", default.reviewer_days),
        most_reminders=reminders.get("most", default.most_reminders),
        stale_days=data.get("stale", {}).get("days", default.stale_days),
        minimum_format_version=data.get("minimum_format_version", default.minimum_format_version),
        limits={**DEFAULT_LIMITS, **limits},
        limits_by_type=by_type,
        relative_ceiling=tolerance.get("relative_ceiling", default.relative_ceiling),
        mismatch_ppm_ceiling=tolerance.get("mismatch_ppm_ceiling", default.mismatch_ppm_ceiling),
    )
    return _with_digest(found)


def job_policy(policy: Policy) -> dict[str, Any]:
    """The part that the work side needs, as in `schemas/job.schema.json`."""
    by_type = {kind: dict(limits) for kind, limits in policy.limits_by_type.items()}
    return {
        "limits": {**policy.limits, **({"by_type": by_type} if by_type else {})},
        "types": list(policy.types),
        "minimum_format_version": dict(policy.minimum_format_version),
        "tolerance": {"relative_ceiling": policy.relative_ceiling, "mismatch_ppm_ceiling": policy.mismatch_ppm_ceiling},
    }


def _with_digest(policy: Policy) -> Policy:
    from dataclasses import replace

    text = json.dumps(job_policy(policy), sort_keys=True)
    return replace(policy, digest=hashlib.sha256(text.encode()).hexdigest())


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(resources.files("schemas").joinpath("config.schema.json").read_text()))
