"""How anything becomes HTML here: escaped, by Jinja's autoescape or by :func:`text`.

No Markdown library touches an answer: it is made of parts that say what they are.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from ui import words

CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Bidirectional and other controls: they could reorder the words around them, up to turning a refusal
into its contrary on the screen."""

_HELD = re.compile(r"(« \S{1,20}|(?<!« )\S{1,20} [;:!?»](?!\S))")


def plain(value: str) -> str:
    """``value`` without controls."""
    return CONTROLS.sub("", value)


def text(value: str) -> str:
    """``value`` as HTML text or attribute value, without controls."""
    return escape(plain(value), quote=True)


def prose(value: str) -> Markup:
    """``value`` as HTML text whose high punctuation never starts a line.

    The words stay as they are, without no-break spaces put in: what is selected, searched or
    compared is what was written.
    """
    return held(plain(value))


def held(value: str) -> Markup:
    """The same of words that may hold controls: each character stays in its place."""
    return Markup("").join(
        Markup('<span class="nb">{}</span>').format(piece) if number % 2 else piece
        for number, piece in enumerate(_HELD.split(value))
    )


def attributes(**values: object) -> Markup:
    """HTML attributes; ``data_n=3`` gives `` data-n="3"``, True a bare name, None and False nothing."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{text(str(value))}"')
    return Markup("".join(parts))


def _shown(value: Any) -> Any:
    """What a template prints: strings of others lose their controls, ours (Markup) are left alone."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def environment() -> jinja2.Environment:
    """The templates of ``ui/templates``."""
    folder = files("ui").joinpath("templates")
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        finalize=_shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["prose"] = prose
    made.filters["attributes"] = lambda values: attributes(**values)
    made.globals["words"] = words
    return made


def render(template: str, **values: Any) -> Markup:
    """The template with its values."""
    return Markup(environment().get_template(template).render(**values))
