"""The zoo's nickname in older patches."""

import pytest

from tests.workflows.static.helpers import text_findings
from workflows.static.older import as_newest, as_written
from workflows.static.schema_fault import Fault

ZOO = {"nickname": "affable-shark", "nickname_icon": "x"}


def data(version, zoo=None, **more):
    return {"format_version": version, "config": {"bioimageio": ZOO if zoo is None else zoo}, **more}


@pytest.mark.parametrize(("version", "minor"), [("0.2.3", "0.2"), ("0.2.0", "0.2"), ("0.4.9", "0.4"), ("0.4.0", "0.4")])
def test_until_then_the_nickname_is_the_id(version, minor):
    judged = as_newest(data(version, id="other"), minor)
    assert (judged["id"], judged["id_emoji"]) == ("affable-shark", "x")


@pytest.mark.parametrize(
    ("version", "minor"), [("0.2.4", "0.2"), ("0.4.10", "0.4"), ("0.3.0", "0.3"), ("0.2.x", "0.2")]
)
def test_later_it_is_not(version, minor):
    given = data(version, id="other")
    assert as_newest(given, minor) is given


@pytest.mark.parametrize("config", [None, [], {"bioimageio": None}, {"bioimageio": {"nickname": None}}])
def test_where_there_is_none_nothing_changes(config):
    given = {"format_version": "0.2.3", "config": config}
    assert as_newest(given, "0.2") is given


def test_a_fault_is_told_where_it_stands():
    given = data("0.2.3", {"nickname": "A B"}, id_emoji="yy")
    judged = as_newest(given, "0.2")
    assert as_written(Fault("/id", "pattern", "A B", {}), given, judged).pointer == "/config/bioimageio/nickname"
    assert as_written(Fault("/id_emoji", "maxLength", "yy", {}), given, judged).pointer == "/id_emoji"


def test_the_whole_check_follows():
    text = "type: dataset\nformat_version: 0.2.3\nname: n\ndescription: d\nid: Not An Id\nconfig: {bioimageio: {nickname: %s}}\n"
    assert [one for one in text_findings(text % "affable-shark") if one.level == "error"] == []
    (found,) = [one for one in text_findings(text % "'A B'") if one.level == "error"]
    assert (found.pointer, found.line) == ("/config/bioimageio/nickname", 6)
    (found,) = [one for one in text_findings((text % "a").replace("0.2.3", "0.2.4")) if one.level == "error"]
    assert found.pointer == "/id"
