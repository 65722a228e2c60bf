"""The picture: well-formed, without anything that runs, the same twice, and with a sign in every cell."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retesting.heatmap import heatmap
from bot.retesting.levels import BY_NAME
from tests.retesting.rows import AT, ENVIRONMENT, made, many, results

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "title", "style", "rect", "text", "tspan", "line", "g"}
HOSTILE = (
    "</title><script>alert(1)</script><image href=\"x\" onload='a()'/>&amp;<![CDATA[ ]]> \x00\x1b\ufffe\ud800\u202e"
)


def tree(text: str) -> ET.Element:
    return ET.fromstring(text)


def texts(root: ET.Element, kind: str) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text") if one.get("class") == kind]


def tooltips(root: ET.Element) -> list[str]:
    return [one.findtext(f"{SVG}title") or "" for one in root.iter(f"{SVG}g")]


def harmless(root: ET.Element) -> bool:
    names = {one.tag.removeprefix(SVG) for one in root.iter()}
    attributes = {name for one in root.iter() for name in one.attrib}
    return names <= DRAWN and not {name for name in attributes if name.startswith("on") or "href" in name}


def test_title_has_date_environment_and_counts():
    said = " ".join(tree(heatmap(many(200))).itertext())
    assert f"Retest of Test zoo, {AT[:10]}" in said
    assert f"environment {ENVIRONMENT[:12]}" in said
    assert many(200).words in said


def test_every_cell_has_a_colour_and_a_sign():
    levels = [name for name in BY_NAME if name != "passes"]
    rows = [made(f"entry-{number}", rules="passes", onnx=level) for number, level in enumerate(levels)]
    root = tree(heatmap(results(*rows)))
    for row in rows:
        (cell,) = [
            one for one in root.iter(f"{SVG}g") if (one.findtext(f"{SVG}title") or "").startswith(f"{row.id} 7, onnx")
        ]
        level = BY_NAME[row.levels()["onnx"]]
        assert cell.find(f"{SVG}rect").get("fill") == level.fill
        assert cell.findtext(f"{SVG}text") == level.sign


def test_a_change_is_drawn_and_framed_where_it_is_worse():
    worse = made("worse", rules="passes", onnx="fails", before={"onnx": "reproduces"}, message="No file.")
    better = made("better", rules="passes", onnx="reproduces", before={"onnx": "loads"})
    root = tree(heatmap(results(worse, better)))
    cells = {one.findtext(f"{SVG}title"): one for one in root.iter(f"{SVG}g")}
    now = cells["worse 7, onnx: fails (was: reproduces). No file."]
    assert (now.findtext(f"{SVG}text"), now.find(f"{SVG}rect").get("stroke")) == ("✓→✕", "#1d2530")
    now = cells["better 7, onnx: reproduces (was: loads)"]
    assert (now.findtext(f"{SVG}text"), now.find(f"{SVG}rect").get("stroke")) == ("L→✓", None)


def test_the_legend_names_every_level():
    said = [one.text for one in tree(heatmap(results(made(rules="passes")))).iter(f"{SVG}text")]
    assert {name for name in BY_NAME if name != "passes"} <= set(said)


def test_trouble_stands_first():
    found = [tip.split()[0] for tip in tooltips(tree(heatmap(many(200)))) if ", rules" in tip]
    assert found == [row.id for row in many(200).rows]
    assert texts(tree(heatmap(many(200))), "s") == [
        "Worse than before",
        "Errored: our trouble, nothing is known",
        "Failing",
        "As it should be",
    ]


def test_columns_are_named_again_on_a_long_way_down():
    named = texts(tree(heatmap(many(200))), "k")
    assert named.count("rules") == 3 + 5  # three short sections, 167 rows in steps of 40


@pytest.mark.parametrize("size", [1, 12, 200])
def test_everything_is_drawn_inside_and_nothing_over_another(size):
    root = tree(heatmap(many(size)))
    width, height = int(root.get("width")), int(root.get("height"))
    boxes = [
        [float(one.get(name)) for name in ("x", "y", "width", "height")] for one in list(root.iter(f"{SVG}rect"))[1:]
    ]
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    assert all(float(one.get("y")) < height for one in root.iter(f"{SVG}text"))
    places = [(x, y) for x, y, _, _ in boxes]
    assert len(places) == len(set(places))


def test_the_same_result_gives_the_same_bytes():
    assert heatmap(many(200)) == heatmap(many(200))


def test_hostile_names_and_messages_stay_text():
    row = made("calm-seal", title=HOSTILE, message=HOSTILE, rules="fails", onnx="fails", before={"onnx": "reproduces"})
    text = heatmap(results(row, collection=HOSTILE))
    text.encode()
    root = tree(text)
    assert harmless(root)
    assert len([tip for tip in tooltips(root) if "</title><script>alert(1)</script>" in tip]) == 3
    assert "Retest of </title><script>" in " ".join(root.itertext())


@given(st.text(alphabet=st.characters(), max_size=80))
def test_no_text_breaks_the_file(text):
    row = made("calm-seal", title=text, message=text, rules="fails", onnx="runs")
    drawn = heatmap(results(row, collection=text))
    drawn.encode()
    assert harmless(tree(drawn))


def test_a_long_id_is_cut_in_the_picture_and_whole_in_its_tooltip():
    name = "a" * 64
    text = heatmap(results(made(name, "b" * 64, rules="passes")))
    labels = ["".join(one.itertext()) for one in tree(text).iter(f"{SVG}text") if one.find(f"{SVG}tspan") is not None]
    assert [len(label) <= 46 for label in labels] == [True]
    assert f"{name} {'b' * 64}: A model" in tooltips(tree(text))


def test_nothing_is_loaded_from_anywhere():
    text = heatmap(many(12))
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in text
    assert "@import" not in text
