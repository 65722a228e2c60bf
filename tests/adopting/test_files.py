"""What `accession init` writes: word for word, valid, and refused by the bot as long as a placeholder stands there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from ruamel.yaml import YAML

from bot.adopting import app_manifest, policy, workflow
from bot.adopting.adoption import Adoption, Curator, Source, curator, source
from bot.adopting.files import files
from bot.adopting.page import COMMAND, page
from bot.adopting.permissions import CALLS, events, permissions
from bot.adopting.say import report
from bot.adopting.secrets import SECRETS
from bot.adopting.write_files import Written
from bot.errors import ConfigError
from bot.records.policy import Policy
from bot.review.policy import PATH, read_policy
from tests.fakes.golden import golden

ROOT = Path(__file__).parents[2]
SOURCE = Source("bioimage-io/accession", "0123456789" * 4)
BARE = Adoption("zoo/collection", source=SOURCE)
FULL = Adoption(
    "zoo/collection",
    name='The "zoo": models',
    keywords=("zoo.example", "#zoo"),
    curators=(Curator("octocat", 583231), Curator("hubot", 480938)),
    publish_branch="published",
    source=SOURCE,
)
APP = Adoption("zoo/collection", mode="service", app=True, keywords=("zoo",), curators=FULL.curators)
TOKEN = Adoption("zoo/collection", mode="service")
WRITTEN = [
    Written(workflow.PATH, "written"),
    Written(policy.PATH, "kept"),
    Written("b", "replaced"),
    Written("c", "unchanged"),
]


def test_the_files_word_for_word() -> None:
    golden("adopting_workflow", files(BARE)[workflow.PATH])
    golden("adopting_policy_bare", files(BARE)[PATH])
    golden("adopting_policy_full", files(FULL)[PATH])
    golden("adopting_manifest", files(APP)[app_manifest.PATH])


def test_what_is_said_word_for_word() -> None:
    golden("adopting_actions", report(BARE, WRITTEN, dry_run=False))
    golden("adopting_actions_full", report(FULL, WRITTEN[:1], dry_run=True))
    golden("adopting_service_app", report(APP, WRITTEN[2:], dry_run=False))
    golden("adopting_service_token", report(TOKEN, [], dry_run=False))


def test_the_page_is_current() -> None:
    assert (ROOT / ".github/ADOPTING.md").read_text("utf-8") == page(), f"the data has changed: {COMMAND}"


def test_the_module_writes_the_page() -> None:
    done = subprocess.run([sys.executable, "-m", "bot.adopting"], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode() == page()


def test_each_mode_gets_its_files() -> None:
    assert list(files(BARE)) == [workflow.PATH, PATH]
    assert list(files(TOKEN)) == [PATH]
    assert list(files(APP)) == [app_manifest.PATH, PATH]
    assert policy.PATH == PATH


def test_a_filled_policy_is_taken_and_says_the_defaults() -> None:
    found = read_policy(files(FULL)[PATH].encode())
    assert (found.name, found.keywords) == (FULL.name, FULL.keywords)
    assert [(person.id, person.login) for person in found.people] == [(583231, "octocat"), (480938, "hubot")]
    default = Policy(found.name, found.keywords, found.people, publish_branch="published", digest=found.digest)
    assert found == default


@pytest.mark.parametrize(
    ("adoption", "field"),
    [
        (Adoption("zoo/collection", keywords=("zoo",)), "people/0/id"),
        (Adoption("zoo/collection", curators=FULL.curators), "keywords/0"),
        (Adoption("zoo/collection"), "keywords/0"),
    ],
    ids=["nobody", "no keyword", "neither"],
)
def test_a_placeholder_stops_the_bot_and_is_named(adoption: Adoption, field: str) -> None:
    with pytest.raises(ConfigError, match=f"^collection/accession.yaml: {field}: ") as refused:
        read_policy(policy.policy(adoption).encode())
    assert refused.value.reason == "policy"


@pytest.mark.parametrize("name", ["no", "a: b", "# c", "- d", "ünïcode", "'", "{e}", "@f", "1.0", "null", "\\"])
def test_a_name_is_what_was_given_whatever_yaml_would_make_of_it(name: str) -> None:
    adoption = Adoption("zoo/collection", name=name, keywords=(name,), curators=FULL.curators).check()
    found = read_policy(policy.policy(adoption).encode())
    assert (found.name, found.keywords) == (name, (name,))


def test_the_manifest_asks_for_what_the_calls_need_and_no_more() -> None:
    found = json.loads(app_manifest.manifest(APP))
    assert found["default_permissions"] == permissions("app")
    assert found["default_events"] == [event.name for event in events("app")]
    assert found["hook_attributes"] == {"url": "https://REPLACE-WITH-YOUR-HOST/webhook", "active": True}
    assert not found["public"]


def test_the_address_of_the_form_says_the_same_as_the_manifest() -> None:
    asked = parse_qs(urlsplit(app_manifest.registration(APP)).query, strict_parsing=True)
    assert {name: asked[name] for name in permissions("app")} == {n: [v] for n, v in permissions("app").items()}
    assert asked["events[]"] == [event.name for event in events("app")]
    assert asked["name"] == ["accession-zoo-collection"]


def test_a_long_repository_still_has_an_apps_name() -> None:
    name = json.loads(app_manifest.manifest(Adoption("a" * 39 + "/" + "b" * 100, mode="service", app=True)))["name"]
    assert len(name) <= 34
    assert name[-1].isalnum()


def test_every_job_of_the_workflow_gets_what_the_calls_need_and_the_named_secrets() -> None:
    jobs = YAML(typ="safe").load(files(BARE)[workflow.PATH])["jobs"]
    calling = {name: job for name, job in jobs.items() if "uses" in job}
    needs = {call.permission for call in CALLS if "actions" in call.by} - {"metadata"}
    for job in calling.values():
        assert {name.replace("-", "_") for name in job["permissions"]} == needs
        assert job["permissions"] == workflow.granted()
        assert job["uses"] == f"bioimage-io/accession/.github/workflows/accession.yml@{SOURCE.sha}"
        assert job["secrets"] == {one.name: f"${{{{ secrets.{one.name} }}}}" for one in SECRETS}
    assert set(jobs) - set(calling) == {"review"}
    assert jobs["review"]["permissions"] == {"actions": "write"}
    assert "secrets." not in json.dumps(jobs["review"])


def test_each_schedule_starts_exactly_one_job() -> None:
    found = YAML(typ="safe").load(files(BARE)[workflow.PATH])
    crons = [entry["cron"] for entry in found["on"]["schedule"]]
    assert len(set(crons)) == len(crons) == 6
    for cron in crons:
        assert sum(f"schedule == '{cron}'" in job["if"] for job in found["jobs"].values()) == 1
    for what in found["on"]["workflow_dispatch"]["inputs"]["what"]["options"]:
        assert sum(f"inputs.what == '{what}'" in job["if"] for job in found["jobs"].values()) == 1


def test_actions_mode_has_to_know_what_it_pins() -> None:
    with pytest.raises(ConfigError, match="name it with --accession") as refused:
        files(Adoption("zoo/collection"))
    assert refused.value.reason == "usage"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"repository": "zoo"}, "give it as OWNER/NAME"),
        ({"repository": "zoo/.."}, "give it as OWNER/NAME"),
        ({"repository": "zoo/a b"}, "give it as OWNER/NAME"),
        ({"repository": "-zoo/a"}, "give it as OWNER/NAME"),
        ({"repository": "zoo/a\n"}, "give it as OWNER/NAME"),
        ({"repository": "zoo/a; rm -rf ~"}, "give it as OWNER/NAME"),
        ({"publish_branch": "accession-evidence"}, "written over"),
        ({"publish_branch": "a..b"}, "no name of a branch"),
        ({"publish_branch": "a b"}, "no name of a branch"),
        ({"publish_branch": "-f"}, "no name of a branch"),
        ({"publish_branch": "a/"}, "no name of a branch"),
        ({"publish_branch": "a.lock"}, "no name of a branch"),
        ({"publish_branch": ""}, "no name of a branch"),
        ({"app": True}, "an App goes with --mode service"),
        ({"name": "a\nb"}, "on one line"),
        ({"name": "a" * 257}, "at most 256"),
        ({"keywords": ("",)}, "has not 1 to 64"),
        ({"keywords": ("a" * 65,)}, "has not 1 to 64"),
        ({"keywords": ("a\nb: c",)}, "has not 1 to 64"),
    ],
)
def test_what_would_not_work_later_is_refused_now(given: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        Adoption(**{"repository": "zoo/collection", **given}).check()
    assert refused.value.reason == "usage"


def test_curators_and_sources_are_read() -> None:
    assert curator("octo-cat:583231") == Curator("octo-cat", 583231)
    assert source(f"a-b/c.d@{SOURCE.sha}") == Source("a-b/c.d", SOURCE.sha)


@pytest.mark.parametrize("text", ["octocat", "octocat:", ":1", "octocat:0", "octocat:-1", "octocat:x", "o c:1", "@o:1"])
def test_a_curator_without_a_number_is_none(text: str) -> None:
    with pytest.raises(ConfigError, match="is not LOGIN:ID"):
        curator(text)


@pytest.mark.parametrize("text", ["a/b", "a/b@main", "a/b@" + "0" * 39, "a/b@" + "G" * 40, "b@" + "0" * 40])
def test_a_branch_or_tag_is_no_pin(text: str) -> None:
    with pytest.raises(ConfigError, match="40 digits"):
        source(text)
