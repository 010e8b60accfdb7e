"""Quoted parts: the page's words with their numbers, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.page import MISSING, Block, Page, Passage, Span
from index.sentences import split_sentences
from index.words import words
from rag.answer import OMITTED, Citation, Quoted
from rag.compose.connectives import LEADING_OVER
from rag.compose.trim import trim

_ENDS = ".!?…»"
_SIGNS = "-–—•*· "
"""What a page puts before an item by hand."""


def headings(passage: Passage) -> Iterator[str]:
    """The headings above a passage, the nearest first."""
    return (heading for heading in reversed(passage.section) if heading != MISSING)


class Quotes:
    """Collects citations and hands out quoted parts; the same quote keeps its number."""

    def __init__(self, page: Page, passages: Sequence[Passage]) -> None:
        self.page = page
        self.passages = passages
        self.citations: list[Citation] = []

    def quote(self, span: Span, passage: Passage | None = None) -> Quoted:
        """The words of ``span``, marked. Raises ValueError where no passage holds it."""
        citation = self.citation(span, passage)
        before, after = self._around(span)
        return Quoted(citation, *span, before=before, after=after)

    def whole(self, span: Span) -> tuple[Quoted, ...]:
        """All words of ``span``: one quote, or as many as the passages that it runs over."""
        held = [p for p in self.passages if p.start < span[1] and span[0] < p.end]
        return tuple(self.quote((max(span[0], p.start), min(span[1], p.end)), p) for p in held)

    def trimmed(self, span: Span, most: int, keep: Span | None = None, passage: Passage | None = None) -> Quoted:
        """The words of ``span`` shortened to ``most`` characters, those of ``keep`` first of all.

        A table's row keeps its beginning: what is said in it is said of that.
        """
        start, end = span
        a, b = keep or (start, start + 1)
        if any(block.kind == "row" and block.start == start for block in self.page.blocks):
            a = start
        inside = (max(a, start) - start, min(b, end) - start)
        cut = trim(self.page.text[start:end], inside if inside[0] < inside[1] else (0, 1), most)
        return self.quote((start + cut[0], start + cut[1]), passage)

    def named(
        self, span: Span, most: int, keep: Span | None = None, passage: Passage | None = None
    ) -> tuple[Quoted, ...]:
        """The same, after the name of the row that ``span`` stands in where it needs one."""
        name = self.row_name(span)
        return (*((self.quote(name),) if name else ()), self.trimmed(span, most, keep, passage))

    def short(self, span: Span, whole: Quoted) -> Quoted:
        """The short answer ahead of the sentence ``whole`` that holds it: same number, no mark of its own."""
        return Quoted(whole.citation, *span, strong=True, marked=False)

    def row_name(self, span: Span) -> Span | None:
        """What the row that ``span`` stands in begins with, its first cell or the first sentence of it, where ``span`` comes
        after that."""
        row = next((b for b in self.page.blocks if b.kind == "row" and b.start < span[0] < b.end), None)
        if row is None or not row.cells:
            return None
        told = (s for p in self.passages if p.start <= row.start < p.end for s in p.sentences)
        end = next((end for start, end in told if start == row.start), row.cells[0][1])
        return (row.start, end) if end <= min(span[0], row.cells[0][1]) else None

    def paragraph_before(self, start: int) -> list[Span]:
        """The sentences of the paragraph that stands just before the one that begins at ``start``; none where another
        heading, a list or words that the page lacks come between."""
        blocks = self.page.blocks
        pairs = ((b, a) for b, a in pairwise(blocks) if a.start == start and a.kind == b.kind == "paragraph")
        before = next((b for b, a in pairs if not (b.cut_end or a.cut_start or a.role or b.role)), None)
        return self._sentences(before) if before else []

    def announcing(self, start: int, always: bool = False) -> Span | None:
        """The sentence that the item that begins at ``start`` goes on: that of a list whose items end with a semicolon, or of an
        item in lower case, is one with what announces it. None where no passage holds it. ``always`` of any item."""
        block = self._above(start, always)
        told = self._sentences(block) if block else []
        return told[-1] if told else None

    def announcement(self, start: int, always: bool = False) -> str:
        """The words of that sentence, also where no passage holds it: it leads those of a long list. ``always`` of any item."""
        if (block := self._above(start, always)) is None:
            return ""
        words = self.page.text[block.start : block.end]
        return self.words((block.start + split_sentences(words)[-1][0], block.end)).lstrip(_SIGNS)

    def label(self, start: int, passage: Passage, always: bool = False) -> str:
        """The same as a label: a word that only leads over ("Ainsi :") is none, the heading above is."""
        told = self.announcement(start, always)
        return next(headings(passage), told) if set(words(told)) & LEADING_OVER and len(words(told)) == 1 else told

    def _above(self, start: int, always: bool = False) -> Block | None:
        """The block that ends with that sentence."""
        item = self.page.items.get(start)
        return item.lead if item and (always or item.goes_on) else None

    def item(self, start: int) -> Block | None:
        """The item of a list that begins at ``start``."""
        return item.block if (item := self.page.items.get(start)) else None

    def adjoin(self, before: Span, after: Span) -> bool:
        """Whether nothing stands between the two."""
        return not self.page.text[before[1] : after[0]].strip()

    def tell(self, span: Span) -> bool:
        """Whether the words of ``span`` are quoted already, there or where the page says them once more; of a row those of
        another are told of something else."""
        if self.quoted(span):
            return True
        told, others = self.words(span), (self.words((c.start, c.end)) for c in self.citations)
        return self.row_name(span) is None and any(told in other for other in others)

    def quoted(self, span: Span) -> bool:
        """Whether any of ``span`` is quoted already, there."""
        return any(citation.start < span[1] and span[0] < citation.end for citation in self.citations)

    def repeated(self, span: Span) -> Citation | None:
        """The quote that has just the words of ``span``."""
        return next((c for c in self.citations if self.words(span) == self.words((c.start, c.end))), None)

    def words(self, span: Span) -> str:
        """The words of ``span``, single spaces between them."""
        return " ".join(self.page.text[slice(*span)].split())

    def _sentences(self, block: Block) -> list[Span]:
        return [s for p in self.passages for s in p.sentences if block.start <= s[0] and s[1] <= block.end]

    def citation(self, span: Span, passage: Passage | None) -> Citation:
        for known in self.citations:
            if (known.start, known.end) == span:
                return known
        citation = Citation.of(len(self.citations) + 1, self.page, passage or self.home(span), span)
        self.citations.append(citation)
        return citation

    def home(self, span: Span) -> Passage:
        """The first passage that holds ``span``. Raises ValueError where none does."""
        for passage in self.passages:
            if passage.start <= span[0] and span[1] <= passage.end:
                return passage
        raise ValueError(f"no passage holds {span}")

    def passage_at(self, start: int) -> Passage:
        """The passage in which ``start`` stands. Raises ValueError where it is in none."""
        return self.home((start, start + 1))

    def _around(self, span: Span) -> tuple[str, str]:
        """What is shown before and after: words that the page lacks, or that a sentence has beyond the span."""
        text = self.page.text
        block = next((b for b in self.page.blocks if b.start <= span[0] < b.end), None)
        if block is None:
            return "", ""
        words = text[span[0] : span[1]].rstrip()
        before = text[block.start : span[0]].rstrip()
        left = (MISSING if block.cut_start else "") if not before else "" if before[-1] in _ENDS + ":" else OMITTED
        if span[1] > block.end:  # over several blocks
            return left, ""
        if span[1] == block.end:
            return left, MISSING if block.cut_end and words[-1:] not in _ENDS else ""
        return left, "" if words[-1:] in _ENDS + ":" else OMITTED
