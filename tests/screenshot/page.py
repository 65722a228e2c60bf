"""A comment as GitHub shows it, as near as a small stylesheet of our own comes."""

from __future__ import annotations

import base64
import re
from html import escape

from markdown_it import MarkdownIt

WIDTH = 880
"""Pixels; a pull request's conversation is about so wide."""
_PICTURE = re.compile(r'<img src="[^"]+/raw/[^"]+\.png"')
_CSS = """
* { box-sizing: border-box }
body { margin: 0; padding: 16px; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif, "Noto Color Emoji" }
.comment { border: 1px solid #d1d9e0; border-radius: 6px }
.head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e }
.head b { color: #1f2328 } .head i { font-style: normal; border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px;
  margin: 0 4px; font-size: 12px }
.body { padding: 16px } .body > :first-child { margin-top: 0 } .body > :last-child { margin-bottom: 0 }
p, ul, ol, table, pre, details { margin: 0 0 16px }
h3 { font-size: 1.25em; margin: 24px 0 16px } h4 { font-size: 1em; margin: 24px 0 16px }
h3, h4, th, strong { font-weight: 600 } a { color: #0969da; text-decoration: underline }
ul { padding-left: 2em } li + li { margin-top: .25em } sub { font-size: 75%; line-height: 0; color: #59636e }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: hidden }
td, th { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left } tr:nth-child(2n) td { background: #f6f8fa }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em;
  font: 85% ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", "Liberation Mono", monospace }
pre { background: #f6f8fa; border-radius: 6px; padding: 16px } pre code { background: none; padding: 0; font-size: 85% }
summary { display: list-item } img { max-width: 100%; display: block }
"""


def page(text: str, picture: bytes, author: str = "accession") -> str:
    """A whole page with one comment; every picture of the evidence branch is this PNG."""
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    body = _PICTURE.sub(lambda _: f'<img src="{source}"', made)
    head = f"<b>{escape(author)}</b><i>bot</i> commented now"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A report</title><style>{_CSS}</style></head>'
        f'<body><div class="comment"><div class="head">{head}</div><div class="body">{body}</div></div></body></html>'
    )
