"""What all pages share: frame, colours, small pieces."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from tests.world.github.dates import iso
from tests.world.github.web.markdown import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.world.github.records import Label

CSS = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; color: #1f2328 }
header { border-bottom: 1px solid #d1d9e0; margin-bottom: 1rem } header a { font-weight: 600 }
a { color: #0969da; text-decoration: none } a:hover { text-decoration: underline }
h1 { font-size: 1.6rem; font-weight: 500 } h2 { font-size: 1.15rem; margin-top: 2rem }
.box { border: 1px solid #d1d9e0; border-radius: 6px; margin: 1rem 0; overflow: hidden }
.box > .head { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: .4rem .8rem; color: #59636e }
.box > .body { padding: .4rem .8rem; overflow-x: auto }
.label { border-radius: 1em; padding: .1em .7em; font-size: .8rem; font-weight: 600; margin-right: .3em }
.state { border-radius: 1em; padding: .2em .9em; color: #fff; font-weight: 600 }
.open { background: #1a7f37 } .closed { background: #cf222e } .merged { background: #8250df }
.success { color: #1a7f37 } .failure, .error { color: #cf222e } .pending, .neutral { color: #9a6700 }
table { border-collapse: collapse } td, th { border: 1px solid #d1d9e0; padding: .3rem .7rem; text-align: left }
pre { background: #f6f8fa; padding: .6rem; overflow-x: auto; border-radius: 6px } code { background: #f6f8fa }
pre.diff { padding: 0; margin: 0; font-size: .8rem } pre.diff span { display: block; padding: 0 .6rem; min-height: 1.2em }
.add { background: #dafbe1 } .del { background: #ffebe9 } .hunk { background: #ddf4ff; color: #59636e }
.plus { color: #1a7f37 } .minus { color: #cf222e } .file { border: 1px solid #d1d9e0; border-radius: 6px; margin: .6rem 0 }
summary { cursor: pointer; padding: .3rem .6rem } textarea { width: 100%; min-height: 5rem; font: inherit }
button { font: inherit; padding: .3rem .9rem; margin-right: .4rem; border: 1px solid #d1d9e0; border-radius: 6px }
button.go { background: #1f883d; color: #fff } button.no { color: #cf222e } img { max-width: 100% }
.problem { background: #ffebe9; border: 1px solid #cf222e; border-radius: 6px; padding: .5rem .8rem }
ul.plain { list-style: none; padding: 0 } ul.plain > li { border-bottom: 1px solid #d1d9e0; padding: .5rem 0 }
"""
HEX = re.compile(r"[0-9a-fA-F]{6}")


def frame(title: str, body: str, *, where: str = "", status: int = 200) -> Response:
    """A whole page. ``body`` is HTML, ``title`` and ``where`` are text."""
    place = f' / <a href="/{escape(where)}">{escape(where)}</a>' if where else ""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<style>{CSS}</style></head><body>"
        f'<header><p><a href="/">Local GitHub</a>{place}</p></header><main>{body}</main></body></html>'
    )
    response = Response(html, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; form-action 'self'"
    )
    return response


def missing() -> Response:
    return frame("Not found", "<h1>Not found</h1><p>There is nothing here.</p>", status=404)


def label(record: Label) -> str:
    color = record.color if HEX.fullmatch(record.color) else "ededed"
    red, green, blue = (int(color[i : i + 2], 16) for i in (0, 2, 4))
    ink = "#1f2328" if red * 0.299 + green * 0.587 + blue * 0.114 > 140 else "#fff"
    return f'<span class="label" style="background:#{color};color:{ink}">{escape(record.name)}</span>'


def box(head: str, body: str, anchor: str = "") -> str:
    """``head`` and ``body`` are HTML."""
    return f'<div class="box" id="{escape(anchor)}"><div class="head">{head}</div><div class="body">{body}</div></div>'


def said(who: str, verb: str, when: float, text: str, anchor: str = "") -> str:
    head = f"<b>{escape(who)}</b> {escape(verb)} <time>{iso(when)}</time>"
    return box(head, render(text) or "<p><i>No text.</i></p>", anchor)


def items(lines: Iterable[str]) -> str:
    return '<ul class="plain">' + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
