"""Our reading of 780 real files equals ruamel's own."""

import datetime as dt
import math

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.workflows.rdf_sample import REALDATA
from workflows.document import load


def same(ours, theirs) -> bool:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [*ours] == [str(key) for key in theirs] and all(map(same, ours.values(), theirs.values()))
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, dt.date):
        return isinstance(ours, str)
    if isinstance(theirs, float) and math.isnan(theirs):
        return math.isnan(ours)
    return type(ours) is type(theirs) and ours == theirs


@pytest.mark.realdata
def test_real_files_read_as_ruamel_reads_them():
    paths = sorted((REALDATA / "rdf").glob("*.yaml"))[::8]
    if not paths:
        pytest.skip(f"no real files at {REALDATA}")
    for path in paths:
        document = load(path.read_bytes())
        try:
            theirs = YAML(typ="safe", pure=True).load(path)
        except YAMLError:
            assert not document.readable, path.name
        else:
            assert same(document.data, theirs), path.name
