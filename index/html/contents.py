"""Lists of contents: they name the page's own parts once more, or those of the manual around it."""

from __future__ import annotations

import re
from typing import Any

from index.draft import Draft
from index.html.tags import words_of

_TITLE = re.compile(
    r"(?:le |au )?sommaire|tables? des matières|table of contents|contents|(?:dans|sur) cette page|plan de la page",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:^|[\s_-])(?:toc\w*|table-?of-?contents|table-?des-?matieres|sommaire|side-?(?:bar|nav))(?:$|[\s_-])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?:(?:chapitre|annexe|partie|section)\s+)?(?:[\dIVX]+(?:[.-]\d+)*|[A-Z])\s*[.):–—-]*\s+")
_SENTENCE = re.compile(r"\w[^.!?]{5,}[.!?:;](?:\s|$)")
_WORD = re.compile(r"[^\W\d_]{2}")
_HEADINGS = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//*[@role='heading']|.//summary"
_LISTS = ("ul", "ol", "menu", "dl")
_OPENS = "@aria-controls or @data-toggle or @data-bs-toggle or @role='tab'"
_LEAST_REPEATED = 0.8
_LEAST_LINKS = 3


def drop_contents(body: Any) -> None:
    """Take out of the tree the lists of nothing but links that repeat the page's headings, or lead to its parts or its manual's
    beside the text, with the title that such a list has."""
    headings: set[str] = set()
    judged: set[Any] = set()
    with_words = _with_words(body)
    for node in list(body.iter(*_LISTS, "div", "section", "table", "aside")):
        if node in with_words or not judged.isdisjoint(node.iterancestors()) or not _may_be(node):
            continue
        if node.tag in _LISTS:
            judged.add(node)  # with the lists in it
        headings = headings or {_words(heading) for heading in body.xpath(_HEADINGS)}
        if (_is_contents(node, headings) or _is_beside(node)) and _has_text_around(node, body):
            judged.add(node)
            _drop_title(node)
            node.drop_tree()


def without_empty_titles(drafts: list[Draft]) -> list[Draft]:
    """``drafts`` without « Sommaire » where its list was dropped."""
    if all(draft.kind == "heading" or _TITLE.fullmatch(draft.text.strip(" :")) for draft in drafts):
        return drafts
    follows = [*drafts[1:], Draft("heading")]
    return [draft for draft, after in zip(drafts, follows, strict=True) if not _is_empty_title(draft, after)]


def _is_empty_title(draft: Draft, after: Draft) -> bool:
    if not _TITLE.fullmatch(draft.text.strip(" :")):
        return False
    if draft.kind == "paragraph":
        return after.kind in ("heading", "paragraph")
    return draft.kind == "heading" and draft.level > 1 and after.kind == "heading" and after.level <= draft.level


def _with_words(body: Any) -> set[Any]:
    """The elements that hold words beside those of links and titles of contents."""
    found: set[Any] = set()
    for text in body.xpath(".//text()"):
        if not _WORD.search(text) or _TITLE.fullmatch(" ".join(text.split()).strip(" :")):
            continue
        node = text.getparent().getparent() if text.is_tail else text.getparent()
        around = []
        while node is not None and node not in found and not _is_wordless(node):
            around.append(node)
            node = node.getparent()
        if node is None or node in found:
            found.update(around)
    return found


def _is_wordless(node: Any) -> bool:
    return node.tag in ("script", "style", "template") or (node.tag == "a" and node.get("href") is not None)


def _may_be(node: Any) -> bool:
    """Whether ``node`` is a list or named like one, of links that open nothing here."""
    if node.tag not in _LISTS and not _is_named(node):
        return False
    return len(node.xpath(".//a[@href]")) >= _LEAST_LINKS and not node.xpath(f".//a[{_OPENS}]|.//li[{_OPENS}]")


def _is_contents(node: Any, headings: set[str]) -> bool:
    """Whether the links lead to parts of this page: by their title or name, or as they repeat its headings."""
    links = [link for link in node.xpath(".//a[@href]") if _words(link)]
    here = all(link.get("href").startswith("#") for link in links)
    if here and (_is_named(node) or _titles_before(node)):
        return True
    repeated = sum(_words(link) in headings for link in links)
    inside = any("#" in link.get("href") for link in links)
    return inside and repeated >= _LEAST_REPEATED * len(links) > 0


def _is_beside(node: Any) -> bool:
    """Whether ``node`` lists the parts of a manual under a link to its top, all in links."""
    if not _is_named(node):
        return False
    tops = node.xpath(".//a[@href][not(ancestor::li or ancestor::dt)]")
    parts = node.xpath(".//li//a[@href]|.//dt//a[@href]")
    return bool(tops and parts)


def _has_text_around(node: Any, body: Any) -> bool:
    """Whether some sentence stands outside ``node``: a page of contents alone is read for them."""
    inside = set(node.iter())
    texts = body.xpath(".//text()[not(ancestor::a)]")
    return any(
        _SENTENCE.search(text)
        for text in texts
        if text.getparent() not in inside or (text.is_tail and text.getparent() is node)
    )


def _drop_title(node: Any) -> None:
    for title in _titles_before(node):
        title.drop_tree()


def _titles_before(node: Any) -> list[Any]:
    """The title of a list: just before it, or before the blocks that hold nothing else."""
    while node is not None and node.tag != "body":
        before = node.getprevious()
        if before is not None and not (before.tail or "").strip():
            return [before] if _TITLE.fullmatch(words_of(before).strip(" :")) else []
        above = node.getparent()
        if before is not None or above is None or (above.text or "").strip():
            return []
        node = above
    return []


def _is_named(node: Any) -> bool:
    return _NAME.search(f"{node.get('class', '')} {node.get('id', '')}") is not None


def _words(node: Any) -> str:
    """The words of a heading or of a link to it, without their number and signs."""
    return re.sub(r"\W+", " ", _NUMBER.sub("", words_of(node))).strip().lower()
