"""Definitions found in source that is never parsed or run."""

import pytest

from workflows.static.readers.python_source import MOST_BYTES, defines


@pytest.mark.parametrize(
    "source",
    [
        "class Net(torch.nn.Module):\n    pass\n",
        "@decorated\nclass Net[T]:\n",
        "def Net():\n",
        "async def Net():\n",
        "Net = UNet\n",
        "Net: type = UNet\n",
        "A, Net = 1, 2\n",
        "from a import Net\n",
        "from a import UNet as Net\n",
        "import Net\n",
        "from a import (\n    B,\n    Net,\n)\n",
        "from a import B, Net\n",
        "if x:\n    class Net:\n        pass\n",
        "try:\n    from a import Net\nexcept ImportError:\n    Net = None\n",
        "try:\n    import x\nexcept ImportError:\n    def Net():\n        pass\n",
        "x = 'it\\'s'\nclass Net: pass\n",
        "x = '''it's\n'''\nclass Net: pass\n",
        'x = """a "quoted" text"""\nclass Net: pass\n',
        "# it's\nclass Net: pass\n",
        "class Net:\r\n    pass\r\n",
        "x = (1,\n2)\nclass Net: pass\n",
    ],
)
def test_what_can_be_imported_is_found(source):
    assert defines(source, "Net") is True


@pytest.mark.parametrize(
    "source",
    [
        "",
        "class UNet: pass\n",
        "class Network: pass\n",
        "class Outer:\n    class Net: pass\n",
        "def f():\n    Net = 1\n",
        "# class Net: pass\n",
        "'''\nclass Net: pass\n'''\n",
        '"""\nclass Net: pass\n',
        "x = 'class Net:'\n",
        "print(Net)\n",
        "Net == 1\n",
        "class net: pass\n",
        "from Net import a\n",
    ],
)
def test_what_cannot_is_not(source):
    assert defines(source, "Net") is False


@pytest.mark.parametrize(
    "source", ["from a import *\n", "globals()['Net'] = 1\n", "exec(code)\n", "def __getattr__(name): ...\n"]
)
def test_what_only_running_it_tells_is_left_open(source):
    assert defines(source, "Net") is None


@pytest.mark.parametrize(
    "piece",
    [
        '"""',
        "'",
        "\\",
        "(",
        "a,",
        "import ",
        "if x:\n ",
        "#",
        "\n",
        " ",
        "class ",
        "Net,",
        "Net ",
        "=",
        '"\\',
        "as Net ",
        "\t",
    ],
)
def test_hostile_source_ends(piece):
    source = (piece * MOST_BYTES)[:MOST_BYTES]
    assert defines(source, "Missing") in {False, None}
    assert defines(source + '\n\'\n"""\n', "Missing") in {False, None}
