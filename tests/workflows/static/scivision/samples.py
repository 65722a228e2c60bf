"""The project's own scivision catalogs and entries, and what people write by mistake in them."""

import json
from typing import Any

MODEL = {
    "name": "Leaf counter",
    "description": "Counts the leaves of young plants.",
    "tasks": ["object-detection", "segmentation"],
    "url": "https://example.org/leaves/.scivision/model.yml",
    "pkg_url": "git+https://example.org/leaves.git@main",
    "scivision_usable": True,
    "institution": ["Botanic Garden"],
    "tags": ["plants", "2D"],
}
DATASOURCE = {
    "name": "Seedlings",
    "description": "Photographs of seedlings from above.",
    "tasks": ["segmentation"],
    "domains": ["optical-microscopy"],
    "url": "https://example.org/seedlings.zip",
    "labels_provided": True,
    "institution": ["Botanic Garden", "Ministry of Silly Leaves"],
    "tags": ["plants"],
}
PROJECT = {
    "name": "Greenhouse",
    "header": "A week in the greenhouse",
    "description": "How fast leaves appear.",
    "page": "We *counted* leaves.",
    "models": ["Leaf counter"],
    "datasources": ["Seedlings"],
    "tasks": ["segmentation"],
    "institution": ["Botanic Garden"],
    "tags": ["plants"],
}
ENTRIES = {"model": MODEL, "datasource": DATASOURCE, "project": PROJECT}
LEAST = {
    "model": {"name": "Shade", "pkg_url": "shade"},
    "datasource": {"name": "Light", "tasks": None},
    "project": {"name": "Dusk", "header": "Dusk", "tags": []},
}
"""As little as the client takes (and `tasks`, without which nobody could tell what it is)."""

# the examples of 1/Catalog, with the commas that it forgets
FIRST_MODEL = {
    "name": "Short name for this model",
    "description": "Longer, optional, description of this model",
    "tasks": ["segmentation"],
    "url": "https://example.org/my-model",
    "pkg_url": "git+https://example.org/my-model@master",
    "format": "image",
    "pretrained": True,
    "labels_required": True,
    "institution": "alan-turing-institute",
    "tags": ["help-needed", "3D", "cell", "cell-counting"],
}
FIRST_DATASOURCE = {
    "name": "Short name for this datasource",
    "description": "Longer, optional, description of this datasource",
    "tasks": ["object-detection", "segmentation"],
    "domains": ["optical-microscopy"],
    "url": "https://example.org/my_datasource/releases/download/0.3.0/demo.zip",
    "format": "image",
    "labels_provided": "yes",
    "institution": "alan-turing-institute",
    "tags": ["help-needed", "3D", "cell", "cell-counting"],
}
FIRST_ENTRIES = {"model": FIRST_MODEL, "datasource": FIRST_DATASOURCE}

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.0, 0.0, 0.5, 10**30, 1e300, "", " ", "x", "ä", "a" * 300, "1", "0", "2"),
    *([], {}, [[]], [{}], [None], [True], [1], [1.0], [""], ["x", "x"], {"a": 1}, {"name": "x"}, "a, b"),
    *("yes", "No", "ON", "off", "t", "F", "true", "FALSE", "ja", "yes ", "yes\n", "wahr", "on/off"),
    *("classification", "Classification", "object-detection", "object_detection", "segmentaton", "other"),
    *(["classification"], ["classification", "classification"], ["Segmentation"], ["other", None], [["other"]]),
    *("scivision model catalog", "scivision datasource catalog", "scivision project catalog", "model catalog"),
    *(
        "https://example.org",
        "http://",
        "file:///data",
        "a://b",
        "ab://c",
        "s3://bucket/key",
        "example.org/x",
        "//x",
        "https:/x",
    ),
    *(
        " https://example.org ",
        "https://exa mple.org",
        "https://example.org:65535/",
        "https://example.org:65536/",
        "https://x:y/",
    ),
    *(
        "https://-a.org",
        "https://a-.org",
        "https://a..b",
        "https://.a",
        "https://a.",
        "https://a_b.c",
        "https://[::1]/",
        "https://[::1",
    ),
    *(
        "https://user:word@host/x",
        "https://a@b@c/",
        "https://a?b@-c-",
        "https://a:b@c:d@e:80",
        "https://:80",
        "https://@",
        "https://u@:1",
    ),
    *(
        "https://1.2.3.4/",
        "https://999.1.1.1:1",
        "https://1.2.3.4.5",
        "https://bücher.example/",
        "https://\u2603.net",
        "https://\u0338a",
        "https://\u00ad.org",
        "https://u@\u0627a.org:80/x",
    ),
    *(
        "https://a.xn--b-",
        "https://" + "a" * 63 + ".org",
        "https://" + "a" * 64 + ".org",
        "https://a/b#c#d",
        "https://a#b?c",
        "git+ssh://a",
    ),
    *(
        "https://a/?q=1#f",
        "https://a?x y",
        "https://a\\b",
        "https://a/b\\c",
        "https://a|b/",
        "HTTPS://EXAMPLE.ORG",
        "1ab://c",
        "mailto:a@b.c",
    ),
    *(
        "image",
        "pip install x",
        "git+https://example.org/x",
        "x>=1",
        "model-1",
        {"format": "image"},
        ["alan-turing-institute"],
    ),
)
"""Values that stand where others belong; addresses of every shape among them."""


def catalog(kind: str, *entries: Any, **more: Any) -> dict[str, Any]:
    """A catalog of this kind."""
    return {"catalog_type": f"scivision {kind} catalog", "name": "greenhouse", "entries": list(entries), **more}


def originals(form: str) -> list[tuple[str, dict[str, Any]]]:
    """Family and data of whole `catalog`s or of each `entry`, all of which the client takes."""
    if form == "entry":
        return [(f"scivision-{kind}-entry", entry) for kind in ENTRIES for entry in (ENTRIES[kind], LEAST[kind])]
    return [(f"scivision-{kind}-catalog", catalog(kind, ENTRIES[kind], LEAST[kind])) for kind in ENTRIES]


def text(data: Any) -> str:
    """JSON as people write it."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
