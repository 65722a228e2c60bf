"""Lines that are right and wrong for each field that datasets, applications, notebooks and others have, by minor version."""

SHA256 = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
_PICTURE_02 = ("[a.gif]", "[a.JPEG, b.jpg, c/d.png]", "[a.svg, a.tif, a.tiff]", "[]", "['https://x.org/a.png?raw=1#b']",
               "['https://zenodo.org/api/records/1/files/a.png/content']")  # fmt: skip
_NO_PICTURE = (
    "[a.bmp]",
    "[a]",
    "[.png]",
    "a.png",
    "null",
    "[3]",
    "['https://x.org/a?b=a.png']",
    "['https://x.png']",
    "[{}]",
)
_URL = ("https://x.org/a b", "HTTP://x.org", "null", "http://u:p@x.org:80/?q#f", "'http://[::1]/'")
_NO_URL = ("a.zip", "ftp://x.org", "https://", "'http://a b/c'", "''", "3", "[]", "http://x:123456/")
_BADGES = (
    "[]",
    "[{label: l, url: 'https://x.org'}]",
    "[{label: l, url: 'https://x.org', icon: a.svg}]",
    "[{label: l, url: 'https://x.org', icon: null}]",
)
_NO_BADGES = (
    "null",
    "[{label: l}]",
    "[{url: 'https://x.org'}]",
    "[{label: l, url: x}]",
    "[{label: l, url: 'https://x.org', more: 1}]",
)
_PERSON = ("[]", "[{name: n}]", "[{name: n, affiliation: null, email: null, github_user: null, orcid: null}]",
           "[{name: n, orcid: 0000-0002-1694-233X, email: a.b+c@d-e.f.org}]", "[{name: n, email: 'N N <a@b.org>'}]")  # fmt: skip
_NO_PERSON = ("null", "{}", "[{}]", "[3]", "[{name: 3}]", "[{name: n, nick: m}]", "[{name: n, orcid: 0000-0002-1694-2330}]",
              *(f"[{{name: n, email: '{one}'}}]" for one in ("a", "a@b", "a@b.1", "a@b.local", "a..b@c.org", "a b@c.org", "a@-b.org", "")))  # fmt: skip
_MAINTAINER = ("[]", "[{github_user: a}]", "[{github_user: a, name: null, email: a@b.org}]")
_NO_MAINTAINER = ("null", "[{name: n}]", "[{github_user: null}]", "[a]", "[{github_user: a, url: b}]")
_UPLOADER = ("{email: a@b.org}", "{email: a@b.org, name: null}", "null")
_NO_UPLOADER = ("{name: n}", "{email: a}", "a@b.org", "{email: a@b.org, orcid: x}", "{email: null}")
_TEXTS = ("[]", "[a, 'b c']")
_NO_TEXTS = ("null", "a", "[1]", "[null]", "{}")
_VERSION = ("null", "1.2.0", "1", "0.1", "v1.0-beta.2", "1!2.0.post1+local.1", "true", "'1.0.dev3'")
_NO_VERSION = ("latest", "''", "1.2.x", "-1", ".inf", "1e30", "[]", "2020-01-02")
_NUMBER = ("3", "null", "1.0", "'7'", "true")
_NO_NUMBER = ("x", "1.5", "[]", "'1.5'")
_CONFIG = ("{}", "{a: {b: [1, 0.5, null, true, c]}}")
_FILES_03 = (
    "[]",
    "[{source: a.txt}]",
    f"[{{source: 'https://x.org/a', sha256: {SHA256}}}]",
    "[{source: a, sha256: null}]",
)
_NO_FILES_03 = (
    "null",
    "{files: [a]}",
    "[a.txt]",
    "[{sha256: null}]",
    "[{source: a, sha256: abc}]",
    "[{source: rdf.yaml}]",
    "[{source: a, more: 1}]",
    "[{source: /a}]",
)

FIELDS = {
    "0.2": {
        "attachments": (("null", "{}", "{files: [], more: 1}", "{files: [a, 'https://x.org/b']}"),
                        ("[]", "a", "{files: null}", "{files: [rdf.yaml]}", "{files: ['https://x.org/a.rdf.yaml?b']}", "{files: [/a]}", "{files: ['.']}")),
        "authors": ((*_PERSON, "[a, {name: b}]", "a", "[{name: a/b}]"), _NO_PERSON),
        "badges": (_BADGES, (*_NO_BADGES, "[{label: l, url: 'https://x.org', icon: model.yaml}]")),
        "cite": (("[]", "[{text: t, doi: 10.1234/a}]", "[{text: t, url: anything}]", "[{text: t, doi: null, url: u}]", "[{text: t, doi: 'https://doi.org/10.1234/a'}]"),
                 ("null", "[{text: t}]", "[{doi: 10.1234/a}]", "[{text: t, url: ''}]", "[{text: t, doi: x}]", "[{text: t, doi: 10.1}]", "[{text: t, url: u, year: 1}]", "[t]")),
        "config": (_CONFIG, ("null", "[]", "{a: .inf}", "{a: [{b: .nan}]}")),
        "covers": (_PICTURE_02, (*_NO_PICTURE, "[{source: a.png}]")),
        "description": (("''", "d"), ("null", "3", "[]")),
        "documentation": (("null", "README.md", "a.pdf", "https://x.org/a", "ftp://a", "'a:b'", "rdf.yaml"), ("''", "'.'", "/a.md", "3", "{source: a.md}", "'http://'")),
        "download_url": (_URL, _NO_URL),
        "git_repo": (("null", "anything"), ("3", "[]")),
        "icon": (("null", "a", "ab", "a.png", "'.'", "https://x.org/a"), ("''", "3", "/a/b", "[]")),
        "id": (("null", "a", "A/b-c_d.1", "."), ("''", "a b", "/a", "a/", "ä", "3")),
        "id_emoji": (("null", "x"), ("''", "xy", "3")),
        "license": (("null", "MIT", "whatever", "''"), ("3", "[MIT]", "{source: LICENSE}")),
        "links": (_TEXTS, _NO_TEXTS),
        "maintainers": (_MAINTAINER, _NO_MAINTAINER),
        "name": (("n", "'a/b'", "ä ü"), ("''", "null", "3")),
        "rdf_source": (("null", "a", "https://x.org/rdf.yaml"), ("''", "/a", "3")),
        "tags": (_TEXTS, _NO_TEXTS),
        "uploader": (_UPLOADER, _NO_UPLOADER),
        "version": (_VERSION, _NO_VERSION),
        "version_number": (_NUMBER, _NO_NUMBER),
        "root_path": ((), ("a", "null")),
        "parent": ((), ("a",)),
    },
    "0.3": {
        "attachments": (_FILES_03, _NO_FILES_03),
        "authors": (_PERSON, (*_NO_PERSON, "a", "[a]", "[{name: a/b}]", "[{name: 'a\\b'}]")),
        "badges": (_BADGES, _NO_BADGES),
        "cite": (("[]", "[{text: t, doi: 10.1234/a}]", "[{text: t, url: 'https://x.org'}]"),
                 ("null", "[{text: t}]", "[{text: t, url: anything}]", "[{text: t, doi: 'https://doi.org/10.1234/a'}]")),
        "config": ((*_CONFIG, "{a: .inf}", "{bioimageio: {a: .nan}}"), ("null", "[]", "{bioimageio: null}", "{bioimageio: []}")),
        "covers": (("[]", "[{source: a.png}]", f"[{{source: 'https://x.org/a.SVG', sha256: {SHA256}}}]"), ("null", "[a.png]", "[{source: a.tif}]", "[{source: a}]", "[{sha256: null}]")),
        "description": (("''", "d", "x" * 1024), ("null", "3", "x" * 1025)),
        "documentation": (("null", "{source: a/b.md}", "{source: 'https://x.org/a.md?b'}"), ("a.md", "{source: a.MD}", "{source: a.pdf}", "{source: 'https://x.org/a'}", "{}", "''")),
        "download_url": ((), ("https://x.org",)),
        "git_repo": (_URL, _NO_URL),
        "icon": (("null", "a", "ab", "{source: a.png}"), ("''", "abc", "a.png", "3", "{source: ''}")),
        "id": (("null", "a/b-c_d.1"), ("A", "''", "/a", "a/", "a b")),
        "id_emoji": (("null", "x", "xy"), ("''", "xyz")),
        "license": (("null", "MIT", "GPL-3.0", "{source: LICENSE}"), ("3", "mit", "''", "{source: model.yaml}", "LICENSE")),
        "links": (_TEXTS, _NO_TEXTS),
        "maintainers": (_MAINTAINER, (*_NO_MAINTAINER, "[{github_user: a, name: b/c}]")),
        "name": (("abcde", "Az 09_+-()", "x" * 128), ("abcd", "'a/bcd'", "abcdé", "null", "x" * 129, "'abcde.'")),
        "parent": (("null", "a/b"), ("A", "a b", "{id: a}")),
        "rdf_source": ((), ("a",)),
        "tags": (_TEXTS, _NO_TEXTS),
        "uploader": (_UPLOADER, _NO_UPLOADER),
        "version": (_VERSION, _NO_VERSION),
        "version_comment": (("null", "c", "x" * 512), ("3", "x" * 513)),
        "version_number": (("3", "null", "1.5", "'2.0'"), ("x", "[]", "''")),
    },
}  # fmt: skip
"""Field to values that are accepted and that are rejected, as text of YAML."""

SOURCES = {
    "dataset": (("https://x.org/a", "null"), _NO_URL),
    "generic": (("https://x.org/a", "null"), _NO_URL),
    "application": (("https://x.org/a", "a.html", "null"), ("rdf.yaml", "''", "/a", "{source: a}")),
    "notebook": (("a.ipynb", "https://x.org/a.ipynb?b"), ("a.IPYNB", "a.py", "null", "https://x.org/a", "''")),
}
"""What `source` is, by kind; the same in 0.2 and 0.3."""


def cases():
    """Text, and whether it is right."""
    for version, fields in FIELDS.items():
        for field, told in fields.items():
            for right, values in zip((True, False), told, strict=True):
                yield from ((with_line("dataset", version, field, value), right) for value in values)
        for kind, told in SOURCES.items():
            for right, values in zip((True, False), told, strict=True):
                yield from ((with_line(kind, version, "source", value), right) for value in values)


def with_line(kind, version, field, value):
    """The least description of a kind, with one field as given."""
    lines = {
        "type": kind,
        "format_version": {"0.2": "0.2.4", "0.3": "0.3.4"}[version],
        "name": "Cells",
        "description": "d",
    }
    lines |= {"source": "a.ipynb"} if kind == "notebook" else {}
    return "".join(f"{name}: {said}\n" for name, said in (lines | {field: value}).items())
