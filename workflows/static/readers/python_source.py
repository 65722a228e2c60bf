"""Which names a Python file defines at its top, found without parsing it.

`ast.parse` on hostile text can exhaust memory and stack, and a newer Python's syntax is no fault of the file. So texts and
comments are blanked out by one pass of a regular expression, and definitions looked for line by line.
"""

import re

MOST_BYTES = 1024**2
_STRINGS = re.compile(
    r"""\"{3}(?:[^"\\]++|\\.|"(?!""))*+(?:\"{3})?|'{3}(?:[^'\\]++|\\.|'(?!''))*+(?:'{3})?"""
    r"""|"(?:[^"\\\n]++|\\.)*+"?|'(?:[^'\\\n]++|\\.)*+'?|\#[^\n]*+""",
    re.DOTALL,
)
"""Every alternative matches once it has begun, so that no character is looked at from two beginnings."""
_DYNAMIC = re.compile(r"import[ \t(]*\*|\b(?:globals|locals|vars|setattr|exec|eval|__getattr__)\b")
_BLOCKS = ("if ", "if(", "elif", "else", "try", "except", "finally", "with ")


def defines(source: str, name: str) -> bool | None:
    """Whether the name is there after an import; `None` where only running it could tell."""
    text = _STRINGS.sub(lambda found: "\n" * found[0].count("\n") + " ", source)
    word = re.escape(name)
    definition = re.compile(
        rf"\s*(?:(?:async\s+def|def|class)\s+{word}\b|{word}\s*(?::[^=\n]*)?=(?!=)|(?:[\w.]+\s*,\s*)+{word}\s*=(?!=))"
    )
    imported = re.compile(rf"(?:import|as|,|\()\s*{word}\s*(?:,|\)|$|;|\\)|^\s*{word}\s*(?:,|\)|$)")
    inside = importing = False
    for line in text.split("\n"):
        if line[:1] not in {"", " ", "\t", ")", "]", "}", "@", "\r"}:
            inside, importing = not line.startswith(_BLOCKS), line.startswith(("from ", "import "))
        at_top = not inside or not line[:1].isspace()
        if (at_top and definition.match(line)) or (_is_import(line, importing=importing) and imported.search(line)):
            return True
    return None if _DYNAMIC.search(text) else False


def _is_import(line: str, *, importing: bool) -> bool:
    return importing or line.lstrip().startswith(("from ", "import "))
