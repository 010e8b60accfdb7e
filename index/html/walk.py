"""One walk over a tree of HTML: what a person reads of a page, in order, as drafts of blocks.

Kept: headings with their levels, paragraphs, lists to any depth, terms with their definitions,
tables by the row, quotations, code, images' words, notes apart from what they follow. A panel is
headed by its summary or by the button that opens it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.draft import Draft, role_of
from index.html import tags
from index.html.content import is_hidden, opened_panels, repeats
from index.html.inline import Line
from index.html.tables import is_data, row_drafts
from index.page import Mark, Role


def walk(root: Any, base: str = "") -> list[Draft]:
    """The blocks under ``root``, an lxml element; links are made whole against ``base``."""
    walker = _Walker(root, base)
    walker.children(root)
    walker.flush()
    return walker.drafts


class _Item:
    """A list item or a definition: its first words make the bullet, what follows belongs to it."""

    def __init__(self, depth: int, lead: str = "") -> None:
        self.depth, self.lead = depth, lead
        self.draft: Draft | None = None


class _Walker:
    def __init__(self, root: Any, base: str) -> None:
        self.drafts: list[Draft] = []
        self.base = base
        self.line = Line()
        self.openers, self.panels = opened_panels(root)
        self.depth = 0
        self.item: _Item | None = None
        self.in_notes = False
        """Among footnotes, each a paragraph of its own."""
        self.flat = False
        """Inside a heading or a cell: blocks are parts of one line."""
        self.level = 1
        """Of the last heading; a panel's title stands one below."""
        self._under = 0
        self._closing: dict[Any, int] = {}
        self._explained: set[str] = set()

    # --- the tree

    def children(self, node: Any) -> None:
        """All that stands in ``node``."""
        self.line.add(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self.visit(child)
            self.line.add(child.tail)

    def visit(self, node: Any) -> None:
        """One element, by what it is."""
        tag = node.tag
        if is_hidden(node, self.panels) or repeats(node, self.panels):
            return
        text = "" if self.line.broken else self.line.text
        if words := tags.sign_words(node, text):
            self.line.add(f" {words}")
        elif tags.is_struck(node):
            self._struck(node)
        elif node in self.openers and not tags.is_in_sentence(node, text):
            self._opener(node)
        elif tag in tags.SILENT and not tags.speaks(node, text, self.flat):
            return
        elif level := tags.heading_level(node):
            self._heading(node, level)
        elif tag in tags.BLOCKS:
            self._block(node)
        else:
            self._inline(node)

    def _block(self, node: Any) -> None:
        if self.flat:
            self._within_line(node)
            return
        self.flush()
        if title := self.panels.get(node):
            self._append(Draft("heading", title, self.level + 1))
        with self._scope(node), self._set(in_notes=self.in_notes or tags.is_notes(node)):
            self._block_of(node)

    def _within_line(self, node: Any) -> None:
        """A block or a heading inside a heading or a cell."""
        self.line.break_(block=True)
        self.children(node)
        self.line.break_(block=True)

    def _block_of(self, node: Any) -> None:
        match node.tag:
            case "table" if is_data(node):
                self._table(node)
            case "ul" | "ol" | "menu" | "dl":
                with self._set(depth=self.depth + 1, item=None):
                    self._terms(node) if node.tag == "dl" else self.children(node)
                    self.flush()
            case "li" if not self.in_notes:
                with self._set(item=_Item(max(1, self.depth), tags.year_of(node))):
                    self.children(node)
                    self.flush()
            case "pre":
                self.line.add_lines("".join(node.itertext()))
                self.flush(role="code")
            case "blockquote":
                self._quotation(node)
            case "summary" if not tags.has_heading(node):
                self._heading(node, self.level + 1)
            case _:
                self.children(node)
                self.flush()

    def _inline(self, node: Any) -> None:
        tag = node.tag
        if tag == "br":
            if self.line.broken and not self.flat:
                self.flush()  # two in a row part paragraphs
            self.line.break_()
        elif tag == "img":
            self._image(node)
        elif tags.is_raised(node, self.line.text[-1:]):
            is_link = tag == "a" or tags.is_only_link(node)
            self.line.raised("".join(node.itertext()), is_link=is_link, after=node.tail or "")
        elif tag in ("mfrac", "msup") and len(node) > 1:
            self.visit(node[0])
            if tag == "msup":
                self.line.power("".join(node[1].itertext()))
            else:
                self.line.add("/")
                self.visit(node[1])
        elif tag == "q":
            self.line.add("« ")
            self.children(node)
            self.line.add(" »")
        else:
            self._spanned(node)

    def _spanned(self, node: Any) -> None:
        """Words in a line that look like something: bold, a link, an abbreviation."""
        tag = node.tag
        if tag == "a" and tags.is_anchor(node):
            return
        line, start = self.line, len(self.line.text)
        self.line.seam(tags.parting(node))
        if tag == "sub" and line.text[-1:].isdigit():
            line.space()
        self.children(node)
        self.line.seam(tags.parting(node))
        if self.line is not line:
            return  # blocks stood inside: the words are theirs
        if tag in tags.EMPHASIS:
            self.line.cover(tags.EMPHASIS[tag], start)
        elif tag == "a" and (address := tags.address_of(node, self.base)):
            self.line.cover("link", start, address)
        elif tag == "abbr":
            self._explain(node)
        if node.get("data-sheet"):
            self.line.put("page", node.get("data-sheet"))

    # --- blocks of their own making

    def flush(self, role: Role = "") -> None:
        """End the block under way."""
        line, self.line = self.line, Line()
        if not line.text:
            if line.marks and self.drafts:  # struck words alone: shown after what stands before
                self.drafts[-1].join("", line.marks, "")
        elif self.item is None:
            self._append(Draft("paragraph", line.text, role=role or role_of(line.text), marks=line.marks))
        elif self.item.draft is not None and self.item.draft is self.drafts[-1]:
            self.item.draft.join(line.text, line.marks)
        else:
            # words after an inner list or table belong to the item that holds it: its term says so again, else they stand below
            lead = self.item.lead
            level = self.item.depth + (self.item.draft is not None and not lead)
            marks = [Mark("strong", 0, len(lead) - 1)] if ":" in lead else []
            self.item.draft = Draft("bullet", lead, level, marks=marks)
            self.item.draft.join(line.text, line.marks, "")
            self._append(self.item.draft)

    def _append(self, draft: Draft) -> None:
        last = self.drafts[-1] if self.drafts else None
        twin = last and len(draft.text) >= tags.LEAST_TWIN and (last.kind, last.text) == (draft.kind, draft.text)
        if twin and draft.kind in ("paragraph", "heading"):
            return
        draft.under, self._under = self._under, 0
        self.drafts.append(draft)

    def _heading(self, node: Any, level: int) -> None:
        if self.flat:
            self._within_line(node)
            return
        self.flush()
        line = self._read(node, " ")
        if words := tags.without_signs(line.text):
            marks = [m for m in line.marks if m.kind != "strong" and words == line.text]
            self._append(Draft("heading", words, level, marks=marks))
            self.level = level

    def _opener(self, node: Any) -> None:
        """The button of a panel is its heading; a tab's words stand where its panel does."""
        self._closing[self.openers[node]] = self.level
        if self.flat:
            self.children(node)
        elif node.get("role") != "tab":
            self._heading(node, self.level + 1)

    @contextmanager
    def _scope(self, node: Any) -> Iterator[None]:
        """What follows a box or a panel does not stand under the headings in it."""
        level, first = self._closing.pop(node, self.level), len(self.drafts)
        yield
        self.flush()
        if node not in self.panels and not tags.is_scope(node):
            return
        kinds = [draft.kind for draft in self.drafts[first:]]
        if (node in self.panels and kinds) or ("heading" in kinds and kinds[-1] != "heading"):
            self.level = self._under = level

    def _terms(self, node: Any) -> None:
        """A definition list: « Terme : définition » as one item, whatever follows beneath it."""
        terms: list[str] = []
        said = False
        for child in node.iter("dt", "dd"):
            if next(child.iterancestors("dl")) is not node or is_hidden(child, self.panels):
                continue
            if child.tag == "dt":
                if said:
                    terms, said = [], False
                terms.append(self._read(child, " ").text.rstrip(" :"))
                continue
            said = True
            with self._set(item=_Item(self.depth, f"{', '.join(terms)} : " if any(terms) else "")):
                self.children(child)
                self.flush()
        for term in filter(None, () if said else terms):  # that nothing defines
            self._append(Draft("bullet", term, self.depth))

    def _quotation(self, node: Any) -> None:
        before = len(self.drafts)
        self.children(node)
        self.flush()
        for draft in self.drafts[before:]:
            draft.marks.append(Mark("quote", 0, len(draft.text)))

    def _table(self, node: Any) -> None:
        for caption in node.iter("caption"):
            self.children(caption)
            self.flush(role="caption")
        for draft in row_drafts(node, lambda cell: self._read(cell, " ; " if cell.tag == "td" else " ")):
            self._append(draft)

    def _read(self, node: Any, joint: str) -> Line:
        """The words of a heading, term or cell on one line."""
        with self._set(line=Line(joint), flat=True):
            self._struck(node) if tags.is_struck(node) else self.children(node)
            return self.line

    @contextmanager
    def _set(self, **values: Any) -> Iterator[None]:
        kept = {name: getattr(self, name) for name in values}
        self.__dict__.update(values)
        try:
            yield
        finally:
            self.__dict__.update(kept)

    # --- parts of a line

    def _struck(self, node: Any) -> None:
        self.line.put("struck", " ".join("".join(node.itertext()).split()))
        self.line.space()

    def _image(self, node: Any) -> None:
        if words := tags.picture_words(node, alone=not self.line, asked=self.line.text.endswith(":")):
            self.line.space()
            self.line.add(words)
            self.line.space()

    def _explain(self, node: Any) -> None:
        """« APA (allocation personnalisée d'autonomie) », where it is said first."""
        words, title = "".join(node.itertext()).strip(), " ".join(node.get("title", "").split())
        if title and words and words not in self._explained and title.lower() not in self.line.text.lower():
            self._explained.add(words)
            self.line.space()
            self.line.add(f"({title})")
