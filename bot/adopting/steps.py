"""What is left to do in the repository's settings once the files are there: one chapter after the other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adopting import app_manifest, policy, workflow
from bot.adopting.branches import branch_rules, publishing
from bot.adopting.tables import events_table, permissions_table, secrets_list
from bot.records.stage import Stage

if TYPE_CHECKING:
    from bot.adopting.adoption import Adoption

Chapter = tuple[str, str]


def chapters(adoption: Adoption) -> tuple[Chapter, ...]:
    """Titles and Markdown, in the order of doing."""
    always = ("Rules of branches", _rules(adoption)), ("Labels", _labels())
    if adoption.mode == "actions":
        return (
            ("Policy", _policy(adoption)),
            ("As whom the bot speaks", _identity(adoption)),
            ("Actions", _actions(adoption)),
            ("Secrets", _secrets(adoption)),
            ("The boxes' libraries", _libraries(adoption)),
            *always,
            ("The schedule", _schedule(adoption)),
            ("Start", _start_actions(adoption)),
        )
    return (
        ("Policy", _policy(adoption)),
        ("As whom the bot speaks", _identity(adoption)),
        ("The webhook", _webhook(adoption)),
        *always,
        ("Start", _start_service(adoption)),
    )


def _policy(adoption: Adoption) -> str:
    missing = [
        what
        for what, there in (("a keyword", adoption.keywords), ("the people who approve", adoption.curators))
        if not there
    ]
    if missing:
        first = f"Replace what `REPLACE` stands beside in `{policy.PATH}`: {' and '.join(missing)}.\n"
        first += "Until then the bot stops with a sentence that names the field.\n"
    else:
        first = f"Read `{policy.PATH}`, which names who may approve.\n"
    return first + "Everybody named there needs write access. Commit the files to the default branch."


def _identity(adoption: Adoption) -> str:
    kind = {
        "app": f"""\
A GitHub App of your own. Register it with this address, which fills in GitHub's form (for an organisation put
`organizations/NAME/` before `settings`), or from the manifest `{app_manifest.PATH}`:

{app_manifest.registration(adoption)}

Generate a private key there, and install the App on `{adoption.repository}` alone.""",
        "token": f"""\
A machine user with write access to `{adoption.repository}`, and a fine-grained personal access token of that user for this
repository alone. The result of a check is then a commit status without annotations on lines, because only Apps may create
check runs.""",
        "actions": """\
The token of GitHub Actions, which every run gets by itself. It has 1,000 requests an hour, and what it does starts no other
workflows. It can be on no bypass list of branch rules. With `--mode service` the bot may speak as an App of your own.""",
    }[adoption.identity]
    granted = "The workflow grants it" if adoption.identity == "actions" else "It needs"
    return f"{kind}\n\n{granted}, and nothing else:\n\n{permissions_table(adoption.identity)}"


def _actions(adoption: Adoption) -> str:
    source = adoption.source.repository if adoption.source else "OWNER/accession"
    return f"""\
Settings, Actions, General:

* **Actions permissions:** where they are restricted, allow `actions/*` and `{source}/*`.
* **Workflow permissions:** *Read repository contents* is enough, the workflow file grants what its jobs need.
* **Allow GitHub Actions to create and approve pull requests:** on, because the bot opens pull requests. It approves none.
* **Approval for running fork pull request workflows:** as you like. Nothing of Accession runs from a pull request's files.

The workflow is pinned to a commit. Dependabot renews the pin where `.github/dependabot.yml` names `github-actions`, and the pin
alone. A release may need other permissions or inputs, which its entry in CHANGELOG.md says. With the old ones GitHub starts no job
at all and says why, *The nested job 'feedback' is requesting 'issues: write', but is only allowed 'issues: read'*, or names the input.
Then have that release of Accession write the file anew, and commit it:

`rm {workflow.PATH} && accession init {adoption.repository}`

It leaves your policy alone, and its exit code 1 says so; with `--force` it would write that anew too."""


def _secrets(adoption: Adoption) -> str:
    return f"""\
{secrets_list(adoption.repository)}

They reach jobs that never open a contributed file, and no others."""


def _libraries(adoption: Adoption) -> str:
    return f"""\
The boxes' images are built in your repository's runs, and kept in its cache. torch has to be a CPU build there: the one that pip
finds by itself does not load without CUDA's libraries, and the images' build ends with that sentence. Say once where pip finds
another, the address that PyTorch's start page (https://pytorch.org) shows for Linux, Pip and CPU:

`gh variable set PIP_EXTRA_INDEX_URL --repo {adoption.repository} --body ADDRESS`

Jobs that hold a token do not ask there."""


def _rules(adoption: Adoption) -> str:
    return f"{branch_rules()}\n\n{publishing(adoption)}"


def _labels() -> str:
    names = ", ".join(f"`{stage.value}`" for stage in Stage)
    return (
        f"The bot sets one of these labels on each pull request:\n{names}.\nOne that is not there yet is made. "
        "Labels are shown and never read: changing one changes nothing."
    )


def _schedule(adoption: Adoption) -> str:
    return f"""\
Schedules run from the default branch only, often some minutes late. In a public repository GitHub disables a workflow that has a
schedule after 60 days without activity (a commit counts, a comment does not) and mails whoever committed the file last. With it
goes everything that starts it: comments, reviews and starts by hand too. Once a day the workflow asks GitHub to enable it, which is
reported to begin the 60 days anew, and documented nowhere. One that you disable stays so. Where it is off, turn it on again:
`gh workflow enable {workflow.FILE} --repo {adoption.repository}`."""


def _start_actions(adoption: Adoption) -> str:
    run = f"gh workflow run {workflow.FILE} --repo {adoption.repository}"
    return f"""\
`{run}` takes in what was uploaded or changed in the last two days. What is new gets a
pull request, and each run says in its log what it did and why it waits. What is in the archive already comes in with

```
{run} --raw-field what=poll --raw-field days=0
```

20 uploads at a time, and no more than `quotas` of the policy allow: run it again, half an hour later, until nothing new comes. The
schedule does the same once a day."""


def _webhook(adoption: Adoption) -> str:
    where = (
        f"In the App's form replace `{app_manifest.HOST}` by where GitHub reaches the service. Events:"
        if adoption.app
        else f"""\
In the settings of `{adoption.repository}`, Webhooks: the address is your host's `/webhook`, the content type
`application/json`. Events:"""
    )
    return f"""\
Make a secret for it with `openssl rand -hex 32`: GitHub signs with it, and the service checks.

{where}

{events_table()}

Without a webhook everything still happens, at the next sweep."""


def _start_service(adoption: Adoption) -> str:
    keys = (
        "* `ACCESSION_GITHUB_APP_ID`, and `ACCESSION_GITHUB_APP_KEY`: the private key, or the path of its file"
        if adoption.app
        else "* `ACCESSION_GITHUB_TOKEN`: the machine user's token"
    )
    return f"""\
Give the service these settings:

* `ACCESSION_REPOSITORY={adoption.repository}`
{keys}
* `ACCESSION_STATE_KEY`: `openssl rand -hex 32` makes one; set it once and keep it
* `ACCESSION_WEBHOOK_SECRET`: see above

`accession --dry-run poll` shows what would happen. Then start `accession serve` and, on a machine with a container engine,
`accession work`. README.md of Accession lists all settings, `.github/DEPLOYING.md` shows both under systemd and in
containers."""
