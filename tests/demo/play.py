"""The play: start the bot, upload, watch, approve, and tell what happened."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from tests.demo.stage import CURATOR, REPOSITORY, ZENODO_TOKEN, set_stage
from tests.demo.watch import Journey, look, reasons, verdict, writes
from tests.world.publish import publish_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.demo.stage import Sample, Stage

PATIENCE = 180.0
_HANDED_ON = (
    "ACCESSION_BOX",
    "ACCESSION_JOB_IMAGE",
    "ACCESSION_JOB_IMAGE_TENSORFLOW",
    "ACCESSION_JOB_IMAGE_TFJS",
    "ACCESSION_JOB_PYTHON",
    "DOCKER_HOST",
    "HOME",
    "LANG",
    "PATH",
)


def play(folder: Path, environ: dict[str, str], *, keep: bool, out: TextIO) -> int:
    """Run the demo below `folder`; 0 when every upload ended as it should."""
    console = Console(file=out, width=None if out.isatty() else 130)
    with set_stage(folder, environ.get("ACCESSION_DEMO_MODEL", "")) as stage, bot(stage, environ):
        console.print(f"GitHub {stage.github.url}/{REPOSITORY}   Zenodo {stage.zenodo.url}   log .demo/accession.log")
        journeys: list[Journey] = []
        with Live(console=console, refresh_per_second=4, get_renderable=lambda: table(journeys)):
            first, *others = stage.samples
            travel(stage, journeys, [first], until_report=True)
            travel(stage, journeys, others)
        told = summary(stage, journeys)
        (folder / "summary.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        epilogue(console, stage, told)
        if keep:
            linger(console, stage)
    return 0 if as_expected(told, journeys) else 1


@contextmanager
def bot(stage: Stage, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The real `accession run` in a process of its own, as it would run on a server."""
    handed = {name: environ[name] for name in _HANDED_ON if name in environ}
    with (stage.folder / "accession.log").open("wb") as log:
        command = [sys.executable, "-m", "bot", "run", "--interval", "0.3"]
        process = subprocess.Popen(command, env={**handed, **stage.environ()}, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def travel(stage: Stage, journeys: list[Journey], samples: list[Sample], *, until_report: bool = False) -> None:
    """Upload, and play the maintainer until all arrived (or the first report is there)."""
    for sample in samples:
        record = publish_folder(
            sample.folder, zenodo=stage.zenodo.url, keyword="bioimage.io", token=ZENODO_TOKEN, title=sample.title
        )
        journeys.append(Journey(sample, str(record["id"])))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for journey in journeys:
            look(stage, journey)
            if journey.stage == "awaiting review":
                approve(stage, journey)
        if all(j.arrived or (until_report and j.seconds_to_report) for j in journeys):
            return
        time.sleep(0.1)


def approve(stage: Stage, journey: Journey) -> None:
    """What the maintainer does: read the report, and approve. Reviews carry whole seconds, hence the pause."""
    number = journey.pull or 0
    if not any(review.user == CURATOR for review in stage.github.reviews(REPOSITORY, number)):
        time.sleep(1.1)
        stage.github.approve(REPOSITORY, number, login=CURATOR)


def table(journeys: list[Journey]) -> Table:
    """The road so far."""
    shown = Table("upload", "record", "pull request", "stage", "to pull request", "to report", "to the end")
    for j in journeys:
        seconds = (f"{s:.1f} s" if s else "" for s in (j.seconds_to_pull, j.seconds_to_report, j.seconds_to_end))
        shown.add_row(j.sample.title, j.record, f"#{j.pull}" if j.pull else "", j.stage, *seconds)
    return shown


def summary(stage: Stage, journeys: list[Journey]) -> dict[str, object]:
    """What happened, as `.demo/summary.json` keeps it."""
    total, seen = writes(stage)
    told: dict[str, list[dict[str, object]]] = {"accepted": [], "rejected": []}
    for j in journeys:
        title = stage.github.pull(REPOSITORY, j.pull).title.split() if j.pull else ["", j.record]
        report = verdict(stage, j)
        line = {
            "id": title[0],
            "version": title[1],
            "pull_request": j.pull,
            "pull_requests": j.pulls,
            "stage": j.stage,
            "seconds_to_report": round(j.seconds_to_report, 2) if j.seconds_to_report else None,
            "reasons": [] if j.stage == "merged" else reasons(report),
            "seconds_to_pull_request": round(j.seconds_to_pull, 2) if j.seconds_to_pull else None,
            "seconds_of_check": dict(report.seconds) if report else {},
            "github_writes": {"until_report": seen.get(j.pull or 0), "in_all": total.get(j.pull or 0)},
        }
        told["accepted" if j.stage == "merged" else "rejected"].append(line)
    path = "collection/collection.json"
    collection = stage.github.file(REPOSITORY, path)
    (stage.folder / "collection.json").write_bytes(collection or b"")
    return {
        **told,
        "collection": str(stage.folder / "collection.json"),
        "mails": [str(m["Subject"]) for m in stage.mail.messages],
    }


def as_expected(told: dict[str, object], journeys: list[Journey]) -> bool:
    return all(j.arrived and (j.stage == "merged") == j.sample.accepted and j.pulls == 1 for j in journeys)


def epilogue(console: Console, stage: Stage, told: dict[str, object]) -> None:
    """Who was accepted, who was not and why."""
    for key in ("accepted", "rejected"):
        for line in told[key]:  # type: ignore[attr-defined]
            count = line["github_writes"]
            console.print(
                f"[bold]{key}[/] {line['id']} {line['version']} (#{line['pull_request']}), {count['until_report']} writes until the report, {count['in_all']} in all"
            )
            parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in line["seconds_of_check"].items())
            console.print(f"    check: {parts} s", markup=False)
            for reason in line["reasons"]:
                console.print(f"    {reason}", markup=False)
    console.print(f"mails: {', '.join(told['mails'])}", markup=False)  # type: ignore[arg-type]
    console.print(f"summary: {stage.folder / 'summary.json'}", markup=False)


def linger(console: Console, stage: Stage) -> None:
    """Leave everything up for a person to click through."""
    console.print(f"The pages stay up at {stage.github.url}/{REPOSITORY} until you press Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("Good-bye.")
