"""What the elements of HTML are to a reader: blocks, silent, emphasis; twins, anchors, pictures that speak."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urljoin

from index.page import MarkKind

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
SILENT = frozenset(
    "annotation annotation-xml area audio base button canvas col colgroup datalist embed head iframe input label link map meta meter "
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

_BOX = re.compile(
    r"callout|highlight|alert|notice|admonition|encart|encadr|card|accordion"
    r"|(?:^|\s)(?:note|tip|warning|caution|important|sidebar)(?:$|\s)",
    re.IGNORECASE,
)
_NOTE_NAME = re.compile(r"foot-?note|note-?ref|appel-?(?:de-)?note|renvoi", re.IGNORECASE)
_SUPER = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_NOTE_TARGET = re.compile(r"#_?(?:foot|fn|ftn|edn|end|nb|n\d|note|ref|cite|sdfoot|renvoi)", re.IGNORECASE)
_LONGEST_NOTE = 6
_MOST_FIGURES = 3
SEAMLESS = frozenset("b strong i em u sup sub code mark font abbr big small tt kbd var".split())
"""Elements that may stand inside a word."""
_NOTES = re.compile(r"\b(?:footnotes?|endnotes?|references)\b", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]")
_ANCHOR = re.compile(r"[#¶§🔗⚓↩↑^\u200b\ufe0e\ufe0f\s]*")
_PERMALINK = re.compile(r"anchor|permalink|headerlink|hash-?link|ancre|permalien|copy|copier", re.IGNORECASE)
_SIGNS = re.compile(r"^(?:#+\s+|[¶🔗⚓]\s*)|(?:\s+#+|\s*[¶🔗⚓]\ufe0f?)$")
"""Anchors that are typed, at either end of a heading; « C# » is a word."""
_DECORATION = re.compile(r"^(?:logo|icône|icone|image|photo|illustration|visuel|bannière|.*\.\w{3,4}$)", re.IGNORECASE)

_SIGN = re.compile(
    r"\[\w+\]|notes?|tips?|warning|caution|important|remarque|astuce|conseil|attention|avertissement|danger",
    re.IGNORECASE,
)
"""What the picture beside a note says: the kind of the note, or a word in brackets for who sees no pictures."""


def words_of(node: Any) -> str:
    """All that ``node`` says, on one line."""
    return " ".join("".join(node.itertext()).split())


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


def is_box(node: Any) -> bool:
    """Whether ``node`` is set apart from the text around it: a call-out, a card, a notice."""
    return _BOX.search(node.get("class", "")) is not None


def is_scope(node: Any) -> bool:
    """Whether the headings in ``node`` head nothing after it: a box, an article, an item."""
    return node.tag in SCOPES or is_box(node)


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
    return bool(words) and (_leads_to_note(node, words, before) or _NOTE_NAME.search(named) is not None)


def _leads_to_note(node: Any, number: str, before: str) -> bool:
    """Whether a link that is a ``number`` leads down to a note: « l’article L.123 » leads to an article."""
    target = node.get("href", "") if node.tag == "a" else ""
    if not target.startswith("#") or len(number) > _MOST_FIGURES or not before or before.isspace():
        return False
    return before not in "°.(/-" or _NOTE_TARGET.match(target) is not None


def is_struck(node: Any) -> bool:
    """Whether the words of ``node`` are struck out."""
    struck = "line-through" in node.get("style", "") or "line-through" in node.get("class", "").split()
    return node.tag in ("del", "s", "strike") or struck


def parting(node: Any) -> Literal["", "case", "space"]:
    """What parts the words before an element in a line, or in it, from those that follow: a space where it is shown as a
    block; a capital, but where elements of its kind stand inside words."""
    if _BLOCK.search(node.get("style", "")):
        return "space"
    return "" if node.tag in SEAMLESS else "case"


def sign_words(sign: Any, before: str) -> str:
    """What a drawn sign says to whoever does not see it, where it tells what the words ``before`` it ask, or is all that a
    cell of a table holds: « oui »."""
    if sign.tag == "img" or not (sign.tag == "svg" or sign.get("role") == "img"):
        return ""
    wanted = before.endswith(":") or (
        not before and sign.getparent() is not None and sign.getparent().tag in ("td", "th")
    )
    return " ".join(sign.get("aria-label", "").split()) if wanted else ""


def is_in_sentence(button: Any, before: str) -> bool:
    """Whether words that can be pressed are a part of the sentence around them, which begins with ``before``."""
    return bool(before and (button.tail or "").strip()) and before[-1] not in ".!?:"


def speaks(node: Any, before: str, in_line: bool) -> bool:
    """Whether ``node`` is a button that is no mere tool: all that a heading says, or a word of the sentence around it."""
    return node.tag == "button" and ((in_line and opens_alone(node)) or is_in_sentence(node, before))


def address_of(link: Any, base: str) -> str:
    """Where ``link`` leads, made whole against ``base``; nothing where that is no page, mail or telephone."""
    address = urljoin(base, link.get("href", "").strip())
    return address if address.startswith(("http://", "https://", "mailto:", "tel:")) else ""


def is_twin(node: Any, before: Any) -> bool:
    """Whether ``node`` says again what its neighbour ``before`` says, in a tree of the same shape."""
    if node.tag not in BLOCKS or node.tag in ("li", "tr", "td", "th", "dd", "dt") or before.tag != node.tag:
        return False
    if len(node) != len(before):
        return False
    words = "".join(node.itertext()).split()
    return len(" ".join(words)) >= LEAST_TWIN and words == "".join(before.itertext()).split()


def picture_words(node: Any, *, alone: bool, asked: bool) -> str:
    """The alternative text of a picture where it says something; beside other words, only a long one, or what they ask for:
    « Ascenseur : » and a tick."""
    words = " ".join(node.get("alt", "").split())
    if asked and not _DECORATION.match(words):
        return words
    if not words or _is_sign(node, words) or _said_beside(node, words):
        return ""
    return words if not _DECORATION.match(words) and (alone or len(words) > 2 * LEAST_TWIN) else ""


def _is_sign(node: Any, words: str) -> bool:
    """Whether a picture only says what kind of note it stands beside; alone in a cell it is what the cell says."""
    if not _SIGN.fullmatch(words):
        return False
    return words[0] == "[" or not node.xpath("ancestor::td|ancestor::th")


def _said_beside(node: Any, words: str) -> bool:
    """Whether the text around a picture says what its alternative text says: a card and its title."""
    for above in list(node.iterancestors())[:_NEAR]:
        text = words_of(above)
        if words in text:
            return True
        if len(text) > _LONGEST_CARD:
            break
    return False
