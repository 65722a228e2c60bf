"""Datasets, applications, notebooks and others, of 0.2 and 0.3, with every field that there is."""

SOURCES = {
    "dataset": "https://example.com/cells.zip",
    "application": "https://example.com/run.imjoy.html",
    "notebook": "train.ipynb",
    "generic": "https://example.com/cells",
    "workflow": "https://example.com/flow",
}
SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"

_PEOPLE = """\
authors:
- name: Ada Lovelace
  affiliation: Analytical Society
  email: ada@example.org
  orcid: 0000-0002-1825-0097
  github_user: ada
- name: Charles B.
maintainers:
- github_user: ada
- name: Grace Hopper
  github_user: ghopper
  affiliation: null
  email: grace.hopper+zoo@navy.example.org
  orcid: 0000-0002-1694-233X
uploader:
  email: ada@example.org
  name: Ada
"""
_SHARED = """\
badges:
- label: Open in Colab
  icon: https://colab.research.google.com/assets/colab-badge.svg
  url: https://colab.research.google.com/github/a/b.ipynb
- label: Docs
  url: http://docs.example.com
cite:
- text: A paper
  doi: 10.5281/zenodo.5764892
- text: A page
  url: https://example.com/page
git_repo: https://github.com/a/b
id: fair/ada-cells.v1_2
id_emoji: \U0001f988
links: [ilastik/ilastik, deepimagej/deepimagej]
tags: [nuclei, fluorescence, 2d]
version: 1.2.0
"""


def _all_02(kind: str, patch: int) -> str:
    return f"""\
format_version: 0.2.{patch}
type: {kind}
name: Cells under a microscope
description: Cells, many of them.
attachments:
  files: [data/table.csv, https://example.com/a.txt]
  more: [1, two]
config:
  bioimageio: {{a: 1, b: [c, null, true, 0.5], d: 2024-01-02}}
covers: [cover.png, https://example.com/a/cover.JPG?raw=1]
documentation: README.md
download_url: https://example.com/all.zip
icon: icon.png
license: CC-BY-4.0
rdf_source: https://example.com/rdf.yaml
source: {SOURCES[kind]}
version_number: 3
{_PEOPLE}{_SHARED}"""


def _all_03(kind: str, patch: int) -> str:
    return f"""\
format_version: 0.3.{patch}
type: {kind}
name: Cells (under a microscope) + more_1-2
description: Cells, many of them.
attachments:
- source: data/table.csv
  sha256: {SHA256}
- source: https://example.com/a.txt
config:
  bioimageio: {{a: 1, b: [c, null, true, .inf]}}
  other: text
covers:
- source: cover.png
  sha256: null
- source: https://example.com/a/cover.JPG?raw=1
documentation:
  source: docs/README.md
  sha256: {SHA256}
icon:
  source: icon.svg
license: CC-BY-4.0
parent: ada/cells
source: {SOURCES[kind]}
version_comment: Now with more cells.
{_PEOPLE}{_SHARED}"""


def _plain_03(kind: str) -> str:
    """Before 0.3.4 documentation, covers and icon may be bare file names."""
    return f"""\
format_version: 0.3.2
type: {kind}
name: Cells
covers: [cover.png]
documentation: README.md
icon: icon.png
license: {{source: LICENSE.txt}}
source: {SOURCES[kind]}
version_number: 4
"""


def least(kind: str, version: str) -> str:
    return f"format_version: {version}\ntype: {kind}\nname: Cells\ndescription: d\nsource: {SOURCES[kind]}\n"


def _older(kind: str) -> str:
    """0.2.1: authors as bare text, slashes in names, prefixes of logins and DOIs, the zoo's nickname instead of an id."""
    return f"""\
format_version: 0.2.1
type: {kind}
name: Cells / nuclei
description: ''
authors: [Ada Lovelace, {{name: Charles / B.}}]
maintainers: [{{github_user: 'https://github.com/ada'}}]
cite: [{{text: A paper, doi: 'https://doi.org/10.5281/zenodo.5764892'}}]
config: {{bioimageio: {{nickname: affable-shark, nickname_icon: \U0001f988}}}}
id: Not An Id
license: MIT
source: {SOURCES[kind]}
"""


SAMPLES = tuple(
    text
    for kind in SOURCES
    for text in (
        _all_02(kind, 4),
        _all_02(kind, 2),
        least(kind, "0.2.3"),
        _older(kind),
        _all_03(kind, 4),
        _all_03(kind, 0),
        _plain_03(kind),
        least(kind, "0.3.4"),
        least(kind, "'0.3'"),
    )
)
"""All are valid by bioimageio.spec."""
