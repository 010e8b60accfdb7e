"""From evidence to an answer: verbatim sentences with their marks, the short answer in bold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.page import MISSING, Block, Page, Passage, Span
from index.words import fold
from rag import phrases
from rag.answer import Citation, Evidence
from rag.question import Asked
from rag.trim import trim, whole_words

FACT_CHARS = 380
ITEM_CHARS = 260
SUMMARY_CHARS = 1200
SHORT_CHARS = 140


class Quotes:
    """Collects citations and hands out their marks; the same quote keeps its number."""

    def __init__(self, page: Page, passages: Sequence[Passage]) -> None:
        self.page = page
        self.passages = passages
        self.citations: list[Citation] = []

    def quote(self, span: Span, passage: Passage | None = None) -> str:
        """The words of ``span`` with […] where they are cut, and their mark."""
        citation = self.cite(span, passage)
        return f"{self.shown(span)} [{citation.n}]"

    def cite(self, span: Span, passage: Passage | None = None) -> Citation:
        """The citation of ``span``. Raises ValueError where no passage holds it."""
        for known in self.citations:
            if (known.start, known.end) == span:
                return known
        home = passage or self.passage_of(span)
        citation = Citation.of(len(self.citations) + 1, self.page, home, span)
        self.citations.append(citation)
        return citation

    def passage_of(self, span: Span) -> Passage:
        for passage in self.passages:
            if passage.start <= span[0] and span[1] <= passage.end:
                return passage
        raise ValueError(f"no passage holds {span}")

    def shown(self, span: Span) -> str:
        """The words of ``span``, with […] where a sentence, or a gap, takes some away."""
        text = self.page.text
        block = next((b for b in self.page.blocks if b.start <= span[0] and span[1] <= b.end), None)
        words = " ".join(text[span[0] : span[1]].split())
        if block is None:
            return words
        before = text[block.start : span[0]].rstrip()
        begins = block.cut_start if not before else before[-1] not in ".!?…»"
        if span[1] == block.end:
            ends = block.cut_end and words[-1:] not in ".!?…"
        else:
            ends = words[-1:] not in ".!?…:"
        return f"{MISSING + ' ' if begins else ''}{words}{' ' + MISSING if ends else ''}"


def wants_short(asked: Asked) -> bool:
    """Whether a few words in bold in front help: a date, a number, a name, a place."""
    return asked.asks.expected in (
        "date",
        "number",
        "money",
        "duration",
        "percent",
        "place",
        "who",
        "name",
        "contact",
    )


def fact(asked: Asked, evidence: Evidence, quotes: Quotes, most: int = FACT_CHARS) -> str:
    """The short answer in bold where it helps, then the sentence that says so, in ``most`` characters."""
    page = quotes.page
    sentence = page.text[evidence.sentence[0] : evidence.sentence[1]]
    begin = evidence.sentence[0]
    a, b = whole_words(page.text, evidence.span)
    short = " ".join(page.text[a:b].split())
    bold = ""
    if wants_short(asked) and 0 < len(short) <= SHORT_CHARS and b - a < 0.75 * len(sentence):
        bold = f"**{_no_stars(short)}** — "
    room = most - len(bold) - 20
    if before := _antecedent(evidence, quotes):
        # "Il doit alors arbitrer": who, and when, stands in the sentence before.
        together = before[0] >= evidence.hit.passage.start
        begins = before[0] if together else begin
        whole = page.text[begins : evidence.sentence[1]]
        keep = (0, min(len(whole), max(b, begin + 1) - begins))
        left = room if together else room - (before[1] - before[0])
        if keep[1] > left and not bold:  # the end of a long answer may go, its beginning and its subject not
            keep = (0, min(len(whole), max(a, begin) - begins + min(b - a, 60)))
        if keep[1] <= left:
            first = "" if together else quotes.quote(before) + " "
            cut = trim(whole, keep, left)
            quoted = quotes.quote((begins, begins + cut[1]), evidence.hit.passage)
            return bold + first + quoted + _items_under(evidence, quotes)
    keep = (max(0, a - begin), min(len(sentence), b - begin))
    if keep[0] >= keep[1]:
        keep = (0, min(len(sentence), 1))
    cut = trim(sentence, keep, room)
    quoted = quotes.quote((begin + cut[0], begin + cut[1]), evidence.hit.passage)
    return bold + quoted + _items_under(evidence, quotes)


def either(asked: Asked, first: Evidence, second: Evidence, quotes: Quotes) -> str:
    """Two facts that are as likely, one under the other: the reader of the page will know."""
    opening = phrases.EITHER_EN if asked.english else phrases.EITHER
    room = FACT_CHARS - len(opening)
    other = second.sentence[1] - second.sentence[0] + SHORT_CHARS // 2
    above = fact(asked, first, quotes, max(room // 2, room - other))
    below = fact(asked, second, quotes, max(room // 2, room - len(above)))
    return f"{opening}\n- {above}\n- {below}"


LEANS = re.compile(
    r"(?:Une? tel(?:le)?|De tel(?:le)?s|Ce(?:t(?:te)?|s)?|Cela|Ceci|Celui-ci|Celle-ci|Ceux-ci|Celles-ci|Elles?|"
    r"Ils?(?! (?:s['’]agit|faut|existe|convient|est (?:possible|nécessaire|important|interdit)|y a|n['’]y a)\b))\b(?! (?:qu|n['’]est que))"
    r"|(?:[^\s,;]+ ){1,6}(?:alors|donc|dès lors)\b"
)


def _antecedent(evidence: Evidence, quotes: Quotes) -> Span | None:
    """The sentence before, if this one cannot be understood without it."""
    start, end = evidence.sentence
    passage = evidence.hit.passage
    if not LEANS.match(quotes.page.text[start:end]):
        return None
    before = [s for s in passage.sentences if s[1] <= start]
    if not before and not passage.cut_start:
        earlier = [p for p in quotes.passages if p.end <= passage.start and p.section == passage.section]
        before = list(earlier[-1].sentences) if earlier and not earlier[-1].cut_end else []
    return before[-1] if before else None


def _no_stars(text: str) -> str:
    return text.replace("*", "∗")


def _items_under(evidence: Evidence, quotes: Quotes) -> str:
    """The sub-bullets of a sentence that ends with a colon: without them it says nothing."""
    text = quotes.page.text[evidence.sentence[0] : evidence.sentence[1]]
    if not text.rstrip().endswith(":"):
        return ""
    under = [s for s in evidence.hit.passage.sentences if s[0] > evidence.sentence[0]]
    return "".join(f"\n- {quotes.quote(s, evidence.hit.passage)}" for s in under)


_NEGATION = re.compile(
    r"\b(?:ne|n['’]|pas|jamais|aucune?s?|sans|ni|non|nul(?:le)?|sauf|excepté|hors|exclu(?:e|s|es)?|interdit(?:e|s|es)?|"
    r"seule?s?|seulement|uniquement|opposition|contrairement|plutôt|impossible)(?:\b|(?<=['’]))",
    re.IGNORECASE,
)


_FLATLY = re.compile(r"\b(?:pas|jamais|ni|aucune?)\b", re.IGNORECASE)
_ONLY_BY = re.compile(
    r"\bn(?:e\b|['’])(?:(?!\b(?:pas|jamais|plus|ni|aucune?)\b)[^.;])*?\b(?:sans\b|qu(?:e\b|['’]))",
    re.IGNORECASE,
)

# "Only", "all", "before": one sentence that holds the rest does not affirm these.
_STRICT = re.compile(
    r"\b(?:seule?s?|seulement|uniquement|exclusivement|tou(?:s|te|tes)|chaque|toujours|jamais|aucune?s?|"
    r"plus|moins|mieux|antérieure?s?|postérieure?s?|avant|après|only|all|every|always|never|more|less|before|after)\b"
    r"|\bn(?:e\s|['’]).*\bqu(?:e\b|['’])",
    re.IGNORECASE,
)


# "a toutes les cartes en main pour devenir": what is not yet so does not affirm what is.
_NOT_YET = re.compile(r"\b(?:devenir|deviendr\w+|pourrai\w+|devrai\w+)\b", re.IGNORECASE)
_IS = re.compile(
    r"\b(?:est|sont)\b(?!-ce)|\b(?:est|sont)-(?:il|elle|ils|elles)\b|^(?:is|are)\b", re.IGNORECASE
)


def verdict(asked: Asked, page: Page, evidence: Evidence) -> bool | None:
    """True where the page affirms, False where it denies, None where that is not clear.

    A denial needs words that deny: the reader's opinion alone is not enough to say "Non". A question
    for all, for only or for a comparison needs the same words on the page.
    """
    start, end = evidence.sentence
    sentence = page.text[start:end]
    strict = {fold(m.group().split()[0]) for m in _STRICT.finditer(asked.text)}
    if strict and not strict & {fold(m.group().split()[0]) for m in _STRICT.finditer(sentence)}:
        return None
    if _NOT_YET.search(sentence) and not _NOT_YET.search(asked.text) and _IS.search(asked.text):
        return None
    denies = bool(_NEGATION.search(sentence))
    if _ONLY_BY.search(
        sentence
    ):  # "ne peut réussir sans", "n'est possible qu'en": that affirms what it takes
        if evidence.polarity <= 0.1 and _FLATLY.search(sentence):
            return False
        return True if evidence.polarity >= 0.5 else None
    if evidence.polarity >= (0.6 if denies else 0.25):
        return True
    return False if denies and evidence.polarity <= 0.35 else None


def yes_no(asked: Asked, evidence: Evidence, quotes: Quotes, yes: bool) -> str:
    """ "Oui" or "Non", then the sentence."""
    word = (
        (phrases.YES_EN if yes else phrases.NO_EN) if asked.english else (phrases.YES if yes else phrases.NO)
    )
    begin, end = evidence.sentence
    a, b = whole_words(quotes.page.text, evidence.span)
    cut = trim(quotes.page.text[begin:end], (max(0, a - begin), min(end - begin, b - begin)), FACT_CHARS)
    return f"**{word}** — {quotes.quote((begin + cut[0], begin + cut[1]), evidence.hit.passage)}"


def bullets(blocks: Sequence[Block], quotes: Quotes) -> str:
    """Bullets as a list, each with its mark, sub-bullets under theirs."""
    lines = []
    for block in blocks:
        indent = "  " * (max(1, block.level) - 1)
        lines.append(f"{indent}- {quotes.quote((block.start, block.end))}")
    return "\n".join(lines)


def sentences(spans: Sequence[Span], quotes: Quotes, most: int = ITEM_CHARS, keep: Span | None = None) -> str:
    """Sentences as a list, each with its mark, in ``most`` characters each; of ``keep`` what fits stays."""
    lines = []
    for start, end in spans:
        a, b = (max(keep[0], start) - start, min(keep[1], end) - start) if keep else (0, 1)
        cut = trim(quotes.page.text[start:end], (a, b) if 0 <= a < b <= a + most else (0, 1), most)
        lines.append(f"- {quotes.quote((start + cut[0], start + cut[1]))}")
    return "\n".join(lines)


def framed(text: str, asked: Asked) -> str:
    """An English question gets the French words in an English frame."""
    return f"{phrases.ACCORDING_EN} {text}" if asked.english else text
