"""`accession-check`: what the bot will say, on the contributor's own machine.

Exit codes: 0 nothing to change, 1 findings, or outputs that do not reproduce, 2 wrong use, or a file that cannot be judged.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.check import Target

BOX_VERBS = ("describe", "static", "produce", "judge", "compare", "environment", "resolve", "install")
FORMATS = ("text", "jsonl", "github", "sarif")
MOST_JOBS = 256
EXITS = "Exit codes: 0 nothing to change, 1 findings, 2 something named cannot be judged."
EPILOG = "The model is run on this machine, in a process of its own and not sealed: check what you trust."


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code; `argv` without the program's name."""
    options = parser().parse_args(argv)
    if options.command == "box":
        from workflows import box

        box.leave(box.main(options.verb))
    if options.command == "static":
        from workflows.lint.run import run

        return run(options)
    if options.command == "rules":
        from workflows.static.rulebook import CHECKS
        from workflows.static.rules_page import page

        sys.stdout.write(page(CHECKS))
        return 0
    from workflows.check import Target, UsageError

    try:
        good, said, lines = {"describe": _describe, "dynamic": _dynamic, "all": _all}[options.command](
            Target.named(options.path), options
        )
    except UsageError as error:
        sys.stderr.write(f"accession-check: {error}\n")
        return 2
    from workflows.report import as_json

    sys.stdout.write((as_json(said) if options.format == "json" else "\n".join(lines)) + "\n")
    return 0 if good else 1


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="accession-check", description="Check a resource as the bot will.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_static(commands)
    for name, what in (
        ("describe", "what the bot takes the resource for"),
        ("dynamic", "run each weight format, compare with the test outputs"),
        ("all", "static, then dynamic"),
    ):
        command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", epilog=EPILOG)
        command.add_argument("path", type=Path, metavar="DIR|RDF", help="a folder, or the RDF file in it")
        command.add_argument("--format", choices=("text", "json"), default="text", help="how to say it (default: text)")
        if name in {"dynamic", "all"}:
            command.add_argument(
                "--weights", action="append", default=[], metavar="FORMAT", help="only this format; may be repeated"
            )
            command.add_argument(
                "--keep", type=Path, metavar="DIR", help="write what each format gives: FORMAT/OUTPUT.npy and .png"
            )
    box = commands.add_parser("box", help="serve one job of the box protocol on stdin and stdout (.github/BOXES.md)")
    box.add_argument("verb", choices=BOX_VERBS, metavar="VERB", help=", ".join(BOX_VERBS))
    commands.add_parser("rules", help="write the page of all rules (.github/RULES.md) to stdout")
    return top


def _add_static(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = "the rules, without running anything: RDFs, packages, scivision catalogs, or folders full of them"
    command = commands.add_parser("static", help=what, description=f"{what[0].upper()}{what[1:]}.", epilog=EXITS)
    command.add_argument(
        "paths", type=Path, nargs="+", metavar="FILE|DIR", help="a file, a package, or a folder of files"
    )
    command.add_argument("--format", choices=FORMATS, default="text", help="how to say it (default: text)")
    command.add_argument(
        "--files", choices=("auto", "always", "never"), default="auto",
        help="whether to look at the files that an RDF names (default: where at least one lies beside it)",
    )  # fmt: skip
    command.add_argument("--policy", type=Path, metavar="FILE", help="a collection's policy, such as accession.yaml")
    command.add_argument("--quiet", action="store_true", help="leave warnings out")
    command.add_argument("--strict", action="store_true", help="warnings are findings too")
    command.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes for many files (default: one for each core)"
    )


def _jobs(text: str) -> int:
    number = int(text)
    if not 0 < number <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"1 to {MOST_JOBS}")
    return number


Answer = tuple[bool, Any, list[str]]
"""Whether there is nothing to change, and the same as JSON and as lines."""


def _describe(target: Target, _: argparse.Namespace) -> Answer:
    from workflows.check import describe

    description = describe(target).description
    return description["outcome"] == "described", description, _description_lines(description)


def _static(target: Target, _: argparse.Namespace) -> Answer:
    from workflows.report import blocking, finding_lines
    from workflows.static import check_folder

    findings = check_folder(target.folder, target.rdf)
    lines = list(finding_lines(findings, target.rdf or "rdf.yaml"))
    return not blocking(findings), {"findings": findings}, lines or ["nothing found"]


def _dynamic(target: Target, options: argparse.Namespace) -> Answer:
    from workflows.check import describe
    from workflows.keep import folder_to_keep, keep
    from workflows.local_box import environment
    from workflows.local_model import Model, dynamic
    from workflows.report import reproduced, unsound
    from workflows.report_text import weights_lines

    described = describe(target)
    if described.description["outcome"] != "described":
        return False, described.description, _description_lines(described.description)
    kept = folder_to_keep(options.keep) if options.keep else None
    model = Model(target, described, environment())
    tested, comparisons = dynamic(model, options.weights)
    weights = [one.entry for one in tested]
    lines = list(weights_lines(weights, comparisons)) or ["the resource has no weights to run"]
    if kept:
        lines += ["", *(f"kept: {path}" for path in keep(kept, model.outputs, tested))]
    good = not weights or (reproduced(weights) and not unsound(weights, comparisons))
    return good, {"weights": weights, "comparisons": comparisons}, lines


def _all(target: Target, options: argparse.Namespace) -> Answer:
    lawful, findings, lines = _static(target, options)
    good, weights, more = _dynamic(target, options)
    return lawful and good, {**findings, **weights}, lines + more


def _description_lines(description: dict[str, Any]) -> list[str]:
    if description["outcome"] != "described":
        return [f"{description['outcome']}: {description['message']} [{description['reason']}]"]
    resource = description["resource"]
    said = [f"{resource['type']} {resource['format_version']}: {resource['name']}"]
    said += [f"weights: {', '.join(resource['weights'])}"] if resource["weights"] else []
    return said + [f"{one['role']}: {one['source']}" for one in description["references"]]
