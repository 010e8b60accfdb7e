"""From the HTML of a page to a :class:`~index.page.Page`."""

from __future__ import annotations

from typing import Any

from lxml import html as lxml_html

from index.draft import Draft, ParseError, is_dateline, lay_out
from index.html.about import About, read_about
from index.html.bars import drop_bars
from index.html.boxes import unframe
from index.html.choices import list_choices
from index.html.content import apply_sheet, main_content, prune, standfirst
from index.html.contents import drop_contents, without_empty_titles
from index.html.walk import walk
from index.language import language_of
from index.page import Page

_LONGEST_TITLE = 120
_DEEPEST = 120
_OF_ROLE = {
    "list": "ul", "listitem": "li", "table": "table", "grid": "table", "rowgroup": "tbody", "row": "tr", "cell": "td",
    "gridcell": "td", "columnheader": "th", "rowheader": "th", "term": "dt", "definition": "dd",
}  # fmt: skip
_NOTHING = "cette page ne contient aucun texte à lire"


def parse_html(source: str, *, url: str = "", whole: bool = False, about: About | None = None) -> Page:
    """The content of an HTML page.

    ``whole`` says that nothing stands around the content: the HTML was made from a document.
    ``about`` is what is known of it besides; it goes before what the HTML says.

    Raises:
        ParseError: no words to read.
    """
    tree = _tree(source)
    said = read_about(tree, url)
    body = tree.find("body") if tree.find("body") is not None else tree
    apply_sheet(tree, body)
    _name_by_role(body)
    unframe(body)
    above: list[Any] = []
    if not whole:
        drop_bars(body)
        drop_contents(body)
        above = standfirst(body)
        prune(body)
    _flatten(body)
    content = body if whole else main_content(body)
    for paragraph in reversed(above):
        if content not in paragraph.iterancestors():
            content.insert(0, paragraph)
    list_choices(content)
    try:
        drafts = without_empty_titles(walk(content, said.url or url))
    except RecursionError as error:
        raise ParseError("cette page est imbriquée trop profondément pour être lue") from error
    if not drafts:
        raise ParseError(_NOTHING)
    _lower_datelines(drafts)
    known = about or About()
    title, drafts = _titled(known.title, said.title, drafts)
    return lay_out(
        title.text,
        [title, *drafts],
        breadcrumb=said.breadcrumb,
        url=url if known.url else said.url,
        publisher=known.publisher or said.publisher,
        licence=known.licence or said.licence,
        updated=known.updated or said.updated,
        language=language_of(" ".join(d.text for d in drafts)) or said.language,
    )


def _tree(source: str) -> Any:
    """The tree of ``source``; a declared encoding is past use once the text is decoded."""
    if not source.strip():
        raise ParseError(_NOTHING)
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except lxml_html.etree.ParserError as error:
        raise ParseError(_NOTHING) from error


def _name_by_role(body: Any) -> None:
    """Lists and tables made of ``div``, ``span`` or by Word are given the names of what they say they are."""
    for node in body.xpath(".//div[@role]|.//span[@role]|.//section[@role]"):
        node.tag = _OF_ROLE.get(node.get("role"), node.tag)
    for marker in body.xpath(".//*[contains(@style, 'mso-list:Ignore')]"):  # Word's own dots and numbers
        marker.drop_tree()
    for node in body.xpath(".//p[contains(@style, 'mso-list:')]"):
        node.tag = "li"


def _flatten(body: Any) -> None:
    """Take out wrappers deeper than any page needs: the walk goes as deep as the tree."""
    depths = {body: 0}
    deep = []
    for node in body.iterdescendants():
        depths[node] = depths[node.getparent()] + 1
        if depths[node] > _DEEPEST and node.tag in ("div", "span", "section", "font"):
            deep.append(node)
    for node in deep:
        node.drop_tag()


def _lower_datelines(drafts: list[Draft]) -> None:
    """« Date de publication : 31-01-2024 » heads nothing, however large it is written."""
    for draft in drafts:
        if draft.kind == "heading" and is_dateline(draft.text):
            draft.kind, draft.level, draft.role = "paragraph", 1, "updated"


def _titled(known: str, said: str, drafts: list[Draft]) -> tuple[Draft, list[Draft]]:
    """The title's block, and those under it: its own heading is not said twice, and no other is as high."""
    firsts = [draft.text for draft in drafts if draft.kind == "heading" and draft.level == 1]
    heading = next((draft.text for draft in drafts if draft.kind == "heading"), "")
    words = known or (firsts[0] if len(firsts) == 1 else said) or heading or _shortened(drafts[0].text)
    title = next((d for d in drafts if d.kind == "heading" and d.text == words), Draft("heading", words))
    title.level = 1
    rest = [draft for draft in drafts if draft is not title]
    for draft in rest:
        if draft.kind == "heading":
            draft.level = max(2, draft.level)
    return title, rest


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
