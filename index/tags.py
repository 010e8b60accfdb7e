"""What the elements of HTML are to a reader: blocks, silent, emphasis; twins, anchors, pictures that speak."""

from __future__ import annotations

import re
from typing import Any

from index.page import MarkKind

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
SILENT = frozenset(
    "area audio base button canvas col colgroup datalist embed head iframe input label link map meta meter "
    "noscript object option progress rp rt script select source style svg template textarea title track "
    "video".split()
)
"""What shows no words of the page. A button that opens a panel speaks as its heading."""
EMPHASIS: dict[str, MarkKind] = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "code": "code",
    "kbd": "code", "samp": "code", "tt": "code", "var": "em", "mark": "em",
}  # fmt: skip
SCOPES = frozenset("article aside blockquote details dialog dd fieldset figure li section".split())
"""Headings in these head nothing outside."""
LEAST_TWIN = 25
"""Fewest characters of two neighbours that are taken for one text shown twice (phone and desk)."""

LEAST_YEAR = 1000
"""An item with a number like this is not counted: « 1998. Le centre ouvre. »"""

_NEAR = 6
_LONGEST_CARD = 600

_BOX = re.compile(r"callout|highlight|alert|notice|admonition|encart|encadr|card|accordion", re.IGNORECASE)
_NOTE_NAME = re.compile(r"foot-?note|note-?ref|appel-?(?:de-)?note|renvoi", re.IGNORECASE)
_SUPER = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_LONGEST_NOTE = 6
_NOTES = re.compile(r"\b(?:footnotes?|endnotes?|references)\b", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]")
_ANCHOR = re.compile(r"[#¶§🔗⚓↩↑^\u200b\ufe0e\ufe0f\s]*")
_PERMALINK = re.compile(r"anchor|permalink|headerlink|hash-?link|ancre|permalien|copy|copier", re.IGNORECASE)
_SIGNS = re.compile(r"^(?:#+\s+|[¶🔗⚓]\s*)|(?:\s+#+|\s*[¶🔗⚓]\ufe0f?)$")
"""Anchors that are typed, at either end of a heading; « C# » is a word."""
_DECORATION = re.compile(r"^(?:logo|icône|icone|image|photo|illustration|visuel|bannière|.*\.\w{3,4}$)", re.IGNORECASE)


def heading_level(node: Any) -> int:
    """1 to 6 for a heading, 0 for what is none."""
    if _HEADING.fullmatch(node.tag):
        return int(node.tag[1])
    if node.get("role") != "heading":
        return 0
    level = node.get("aria-level", "2")
    return min(max(int(level), 1), 6) if level.isdigit() else 2


def has_heading(node: Any) -> bool:
    """Whether a heading is in ``node``."""
    return bool(node.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"))


def is_scope(node: Any) -> bool:
    """Whether the headings in ``node`` head nothing after it: a box, an article, an item."""
    return node.tag in SCOPES or _BOX.search(node.get("class", "")) is not None


def year_of(item: Any) -> str:
    """« 1998. » before an item of a list that is numbered by years; nothing before others."""
    above = item.getparent()
    if above is None or above.tag != "ol":
        return ""
    number, counted = item.get("value", ""), 0
    if not number and above.get("start", "").isdigit() and int(above.get("start")) >= LEAST_YEAR:
        counted = sum(1 for _ in item.itersiblings("li", preceding=True))
        number = str(int(above.get("start")) + counted)
    return f"{number}. " if number.isdigit() and int(number) >= LEAST_YEAR else ""


def is_notes(node: Any) -> bool:
    """Whether ``node`` holds the page's footnotes."""
    return node.get("role") == "doc-endnotes" or _NOTES.search(node.get("class", "")) is not None


def is_anchor(node: Any) -> bool:
    """Whether a link is only a sign that leads to the place where it stands, or back from a note."""
    if "#" not in node.get("href", ""):
        return False
    words = "".join(node.itertext())
    if _ANCHOR.fullmatch(words):
        return True
    above = next((a for a in node.iterancestors() if heading_level(a)), None)
    if above is None or "".join(above.itertext()).strip() == words.strip():
        return False
    own = {a.get("id") for a in (above, above.getparent()) if a is not None and a.get("id")}
    back = ("#", "#top", "#haut")
    target = node.get("href", "")
    return bool(_PERMALINK.search(node.get("class", ""))) or target in back or target.lstrip("#") in own


def opens_alone(button: Any) -> bool:
    """Whether a button is all that its heading says: it opens a panel; beside other words it does something."""
    above = next((a for a in button.iterancestors() if heading_level(a)), None)
    return above is not None and "".join(above.itertext()).split() == "".join(button.itertext()).split()


def without_signs(heading: str) -> str:
    """A heading's words without the anchors that stand at its ends."""
    return _SIGNS.sub("", heading).strip() or heading


def is_only_link(node: Any) -> bool:
    """Whether a link is in ``node``, or is around it and nothing else."""
    above = node.getparent()
    around = above is not None and above.tag == "a" and "".join(above.itertext()) == "".join(node.itertext())
    return around or bool(node.xpath(".//a[@href]"))


def is_raised(node: Any, before: str) -> bool:
    """Whether ``node`` is a superscript, or the number of a note that only its link or class tells."""
    if node.tag == "sup":
        return True
    if node.tag not in ("a", "span", "small", "font") or len("".join(node.itertext()).strip()) > _LONGEST_NOTE:
        return False
    if _SUPER.search(node.get("style", "")):
        return True
    words = "".join(node.itertext()).strip().strip("[]()*")
    if (words and not words.isdigit()) or node.find(".//sup") is not None:
        return False
    named = f"{node.get('class', '')} {node.get('role', '')}"
    is_link = node.tag == "a" and node.get("href", "").startswith("#") and not before.isspace() and before != ""
    return bool(words) and (is_link or _NOTE_NAME.search(named) is not None)


def is_struck(node: Any) -> bool:
    """Whether the words of ``node`` are struck out."""
    return node.tag in ("del", "s", "strike") or "line-through" in node.get("style", "")


def is_twin(node: Any, before: Any) -> bool:
    """Whether ``node`` says again what its neighbour ``before`` says, in a tree of the same shape."""
    if node.tag not in BLOCKS or node.tag in ("li", "tr", "td", "th", "dd", "dt") or before.tag != node.tag:
        return False
    if len(node) != len(before):
        return False
    words = "".join(node.itertext()).split()
    return len(" ".join(words)) >= LEAST_TWIN and words == "".join(before.itertext()).split()


def picture_words(node: Any, *, alone: bool) -> str:
    """The alternative text of a picture where it says something; beside other words, only a long one."""
    words = " ".join(node.get("alt", "").split())
    if not words or _said_beside(node, words):
        return ""
    return words if not _DECORATION.match(words) and (alone or len(words) > 2 * LEAST_TWIN) else ""


def _said_beside(node: Any, words: str) -> bool:
    """Whether the text around a picture says what its alternative text says: a card and its title."""
    for above in list(node.iterancestors())[:_NEAR]:
        text = " ".join("".join(above.itertext()).split())
        if words in text:
            return True
        if len(text) > _LONGEST_CARD:
            break
    return False
