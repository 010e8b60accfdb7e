"""The front matter of a Markdown file: its metadata before its text, in YAML, TOML, JSON or plain fields."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import yaml

from index.dates import date_in
from index.html.about import About

_FENCED = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\n(?P<inside>(?:(?!\s*\n).*?\n)?)(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_FIELDS = re.compile(
    r"\A(?=(?:.+\n)*?(?:title|titre|date)\s*:)((?:[A-Za-z][\w-]*:[ \t]+\S.*\n)+)[ \t]*\n", re.IGNORECASE
)
"""Lines « Title: … » at the very start, as some generators of sites have them."""
_NAME = re.compile(r"\w[\w.-]*")
_CHANGED = re.compile(r"updat|modif|lastmod|reviewed|mise_a_jour|maj")
"""In the names of fields that tell the day of the last change."""


def split_front(source: str) -> tuple[About, str]:
    """What the front matter of ``source`` says, and the Markdown after it."""
    for fields, length in (_fenced(source), _json(source), _plain(source)):
        if fields is not None:
            return _about(fields), source[length:]
    return About(), source


Found = tuple[dict[str, Any] | None, int]


def _fenced(source: str) -> Found:
    found = _FENCED.match(source)
    if found is None:
        return None, 0
    inside = found["inside"]
    try:
        fields = tomllib.loads(inside) if found["fence"] == "+++" else yaml.safe_load(inside)
    except (ValueError, RecursionError, yaml.YAMLError):
        # « title: Le prêt : conditions » is no YAML, and people write it
        fields = dict(re.findall(r"^(\w[\w.-]*)[ \t]*:[ \t]*(\S.*?)[ \t]*$", inside, re.MULTILINE)) or None
    if fields is None and not inside.strip(" \t\n#"):
        return {}, found.end()
    # a rule, a line « Note : … » and another rule are text
    named = isinstance(fields, dict) and all(_NAME.fullmatch(str(name)) for name in fields)
    return (fields, found.end()) if named else (None, 0)


def _json(source: str) -> Found:
    if not re.match(r"\{\s*\"", source):
        return None, 0
    try:
        fields, length = json.JSONDecoder().raw_decode(source)
    except (ValueError, RecursionError):
        return None, 0
    return fields, length


def _plain(source: str) -> Found:
    found = _FIELDS.match(source)
    if found is None:
        return None, 0
    return dict(line.split(":", 1) for line in found[1].splitlines()), found.end()


def _about(fields: dict[str, Any]) -> About:
    """Of the fields those that are known, where they are a word, a line or a day."""
    changed = fields.get("last_update")
    if isinstance(changed, dict):  # as Docusaurus has it
        fields = fields | {"last_update": changed.get("date")}
    said = {
        str(name).lower().replace("-", "_"): " ".join(str(value).split()).strip("\"'")
        for name, value in fields.items()
        if isinstance(value, (str, int, float)) or hasattr(value, "isoformat")
    }

    def first(*names: str) -> str:
        return next((said[name] for name in names if said.get(name)), "")

    days = [said[name] for name in said if _CHANGED.search(name)] + [first("date")]
    return About(
        title=first("title", "titre"),
        publisher=first("publisher", "organisation"),
        url=first("canonical", "url"),
        licence=first("licence", "license"),
        updated=next((day for text in days if (day := date_in(text))), ""),
    )
