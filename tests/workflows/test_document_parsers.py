"""libyaml and ruamel's own parser: what is read, and what is said of what cannot be read, does not depend on which there is."""

import copy
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from tests.workflows.rdf_sample import MODEL_04, MODEL_05, REALDATA
from workflows import document, events
from workflows.document import Document, load

ROOT = Path(__file__).parents[2]
PIECES = (
    'a·b·0·-1.5·~·é· ·\n·\n  ·\n- ·- ·: ·k: v\n·x:\n  ·"k": ·\'·"·\\n·\\/·[·]·{·}·, ·? ·?·:·http://x.y/z?q=1·'
    "&a ·*a ·!!str ·!!int ·! ·!t ·<<: ·#· #·\n|\n  ·: |-\n   ·: >\n  ·%YAML 1.2\n---\n·---·\n...\n·@·`·%·\t·\r\n·"
    "\x85·\u2028·\ufeff"
)

ACCEPTED = {
    # libyaml is right: these are YAML 1.2. BioImage.IO's reader takes the first also, and refuses the second
    "a block that begins with a blank line of fewer spaces": ("a: |\n \n  b\n", {"a": "\nb\n"}),
    "a quoted key without a space in a list": ('["k":1]', [{"k": 1}]),
    "a document that ends twice": ("a: b\n...\n...\n", {"a": "b"}),
    # ruamel's own parser says that a value with tag and anchor begins at the second of the two
    "an anchor behind a tag": ("- !!str &a b\n", ["b"]),
    # where a whole document is one block of text: never an RDF
    "a comment below an empty block": ("|\n#", ""),
}


@pytest.fixture
def both(monkeypatch):
    """What either parser reads."""

    def read(text: str) -> tuple[Document, Document]:
        found = []
        for fast in (True, False):
            monkeypatch.setattr(document, "FAST", fast)
            found.append(load(text.encode()))
        return found[0], found[1]

    return read


def same(one: Document, other: Document) -> bool:
    """Equal data (of equal types, in equal order), equal problems at equal places, and equal places but of empty values."""
    return (
        one.readable == other.readable
        and repr(one.data) == repr(other.data)
        and set(one.problems) == set(other.problems)
        and (one.mark is None or places(one.mark, one.data) == places(other.mark, one.data))
    )


def places(mark, data):
    """Where things begin. Where an empty value stands, ruamel's own parser tells where the next thing begins."""
    if isinstance(data, dict):
        below = [(name, places(child, data[name])) for name, child in mark.children.items()]
        return (mark.line, mark.column, below)
    if isinstance(data, list):
        below = [places(mark.children[str(n)], part) for n, part in enumerate(data) if str(n) in mark.children]
        return (mark.line, mark.column, below)
    return (mark.line, mark.column) if data not in {None, ""} else None


def test_libyaml_is_there():
    """Otherwise nothing here compares anything."""
    assert events.FAST


@pytest.mark.realdata
def test_all_real_files_are_read_alike(both):
    paths = sorted((REALDATA / "rdf").glob("*.yaml"))
    if not paths:
        pytest.skip(f"no real files at {REALDATA}")
    assert [path.name for path in paths if not same(*both(path.read_text()))] == []


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_read_alike(seed, both):
    chance = random.Random(seed)
    text = chance.choice([MODEL_04, MODEL_05])
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text))
        piece = chance.choice(
            [":", "-", "[", "}", "'", '"', "#", "  ", "\n", "\t", "&a ", "*a", "? ", "|", "%", "\u2028"]
        )
        text = text[:at] + piece + text[at + chance.choice([0, 0, 1, 5]) :]
    assert same(*both(text)), text


def accepted_by_one(text: str) -> bool:
    """What `ACCEPTED` lists: libyaml reads it, and ruamel's own parser refuses it or reads it differently."""
    if text.count("...") > 1 or re.search(r"!\S*\s+&", text):
        return True
    try:
        for _ in events.exact_events(text):
            pass
    except (YAMLError, document.Refused) as error:
        said = str(error)
        return "more indented follow up line" in said or "but got '<scalar>'" in said
    return "|" in text or ">" in text


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split("·")), min_size=1, max_size=14).map("".join))
def test_mixtures_are_read_alike(text):
    with pytest.MonkeyPatch.context() as patch:
        fast = load(text.encode())
        patch.setattr(document, "FAST", False)
        exact = load(text.encode())
    assert same(fast, exact) or (fast.readable and accepted_by_one(text)), (fast, exact)


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_not_read_alike(name, both):
    text, data = ACCEPTED[name]
    fast, exact = both(text)
    assert fast.data == data
    assert not same(fast, exact)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: [http://x.org/a?b, c:d]\n", {"a": ["http://x.org/a?b", "c:d"]}),
        ("{a: http://x.org}\n", {"a": "http://x.org"}),
        ("a: x\u2028y\n", {"a": "x\u2028y"}),
        ("a: x\x85y\n", {"a": "x y"}),
        ('a: "x\ty"\n', {"a": "x\ty"}),
        ("a: |\n  x\ty\n", {"a": "x\ty\n"}),
        ("%YAML 1.2\n---\na: yes\n", {"a": "yes"}),
        ("%YAML 1.1\n---\na: yes\n", {"a": "yes"}),
        ('{"a":"b","c":[1]}\n# x', {"a": "b", "c": [1]}),
        ("a: ! 1\nb: ! [1]\n", {"a": "1", "b": [1]}),
        ('a: "\\/\\x41\\u00e9"\n', {"a": "/Aé"}),
        ("é: 1\nb: ü\n", {"é": 1, "b": "ü"}),
        ("a: b\r\nc:\r\n  d: e\r\n", {"a": "b", "c": {"d": "e"}}),
        ("a: b\rc: d\r", {"a": "b", "c": "d"}),
    ],
)
def test_where_libyaml_is_another_yaml_it_is_not_believed(text, data, both):
    fast, exact = both(text)
    assert fast.data == exact.data == data
    assert same(fast, exact)


def test_columns_are_counted_in_characters(both):
    for read in both('é: "ü😀": x'):
        (problem,) = read.problems
        assert (problem.line, problem.column) == (1, 8)


def test_a_long_text_has_libyamls_word(monkeypatch):
    """Ruamel's own parser is too slow for more than the usual; the sentence says what to do all the same."""
    text = "a: [http://x.org]\n" + "# x\n" * 15_000
    (problem,) = load(text.encode()).problems
    assert problem.rule == "syntax"
    assert "found unexpected ':'" in problem.message
    assert (problem.line, problem.column) == (1, 9)


def test_the_guard_stands_before_the_slow_parser(monkeypatch):
    """A text with a tab is refused for its depth before ruamel's own parser sees it."""

    def never(text):
        raise AssertionError

    monkeypatch.setattr(document, "exact_events", never)
    assert load(b"[\t" * 1000).problems[0].rule == "too-deep"


def test_without_libyaml_everything_is_there():
    """In an interpreter that has never heard of it."""
    code = (
        "import sys; sys.modules['_ruamel_yaml'] = sys.modules['_ruamel_yaml_clibz'] = None\n"
        "from workflows import document\n"
        "assert not document.FAST\n"
        "print(document.load(b'a: [1, http://x]').data)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "{'a': [1, 'http://x']}\n"


def test_marks_cost_nothing_until_they_are_asked_for():
    read = load(MODEL_04.encode())
    assert "mark" not in vars(read)
    assert read.position("/name") == (3, 1)
    assert read.mark is read.mark
    assert copy.copy(read).position("/inputs/0/axes") == read.position("/inputs/0/axes")
