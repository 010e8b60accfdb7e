"""Forms of answer: a section's list, several sentences, a summary of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.page import MISSING, Block, Page, Passage, Span
from index.words import fold, terms
from rag.answer import Evidence
from rag.compose import LEANS, SUMMARY_CHARS, Quotes
from rag.expected import YEAR
from rag.question import Asked
from rag.trim import trim
from rag.vocabulary import Vocabulary

_LIST_WORDS = frozenset(
    terms(
        "liste lister cite citer citez énumère énumérer donne donner principales principaux mentionnées mentionnés citées cités "
        "évoquées présentées présentés page liste toutes tous différentes différents rubrique section points montre détaille "
        "article articles site associés associées indiqués indiquées donnés données section partie texte "
        "premier première deuxième second seconde troisième quatrième cinquième sixième septième huitième neuvième dixième dernier dernière "
        "deux trois quatre combien nombre "
        "what are the list main listed mentioned page give key"
    )
)
_SENTENCE_CHARS = 300


def section_blocks(asked: Asked, page: Page) -> list[Block]:
    """The bullets (or paragraphs) of the section whose heading the question names, if it names one."""
    wanted = {t for t in asked.terms if t not in _LIST_WORDS}
    if not wanted:
        return []
    found: list[tuple[int, tuple[str, ...]]] = []
    for block in page.blocks:
        if block.kind != "heading" or block.level < 2:
            continue
        heading = set(terms(page.text[block.start : block.end]))
        if heading and (
            wanted == heading
            or (wanted < heading and len(wanted) * 2 >= len(heading))
            or (heading < wanted and len(wanted - heading) <= 1 and len(heading) > 1)
        ):
            found.append((len(heading & wanted), (*block.section[:-1], page.text[block.start : block.end])))
    if not found:
        return []
    section = max(found, key=lambda f: f[0])[1]
    inside = [
        b for b in page.blocks if b.section[: len(section)] == section and b.kind in ("bullet", "paragraph")
    ]
    bullets = [b for b in inside if b.kind == "bullet"]
    return bullets if len(bullets) > 1 else inside


_ORDINALS = (
    "premi|1(?:er|re|ere)",
    "deuxiem|second|2n?d?e",
    "troisiem|3e",
    "quatriem|4e",
    "cinquiem|5e",
    "sixiem|6e",
    "septiem|7e",
    "huitiem|8e",
    "neuviem|9e",
    "dixiem|10e",
)
ORDINAL = re.compile(
    r"\b(?:l[ea]s? (?P<count>deux|trois|quatre|[2-4]) )?(?:"
    + "|".join(f"(?P<o{i}>(?:{o})\\w*)" for i, o in enumerate(_ORDINALS))
    + r"|(?P<last>dernier\w*))\b"
)
"""An ordinal of a folded question, with what it counts: "les deux dernières"."""
_COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "2": 2, "3": 3, "4": 4}


def picked(asked: Asked, blocks: list[Block]) -> list[Block]:
    """The items that an ordinal asks for ("la première", "les deux dernières") with their sub-items, else all."""
    found = ORDINAL.search(fold(asked.text))
    starts = [i for i, block in enumerate(blocks) if block.level == min(b.level for b in blocks)]
    if found is None:
        return blocks
    count = _COUNTS.get(found["count"], 1)
    place = next((i for i in range(len(_ORDINALS)) if found[f"o{i}"]), len(starts) - count)
    if not 0 <= place <= len(starts) - count:
        return []
    end = starts[place + count] if place + count < len(starts) else len(blocks)
    return blocks[starts[place] : end]


def listed_units(evidence: Evidence, *, siblings: bool = False) -> list[Span]:
    """The sentences or bullets that the span runs over, with the sub-bullets that a colon announces.

    ``siblings`` adds the other items announced by the same colon: a list is whole.
    """
    passage = evidence.hit.passage
    a, b = evidence.span
    first = passage.sentences[0] if passage.sentences else evidence.sentence
    opening = passage.text[first[0] - passage.start : first[1] - passage.start].rstrip()
    if siblings and len(passage.sentences) > 2 and opening.endswith(":"):
        return [s for s in passage.sentences if s != first]
    units = [s for s in passage.sentences if s[0] < b and s[1] > a]
    if units:
        last = passage.text[units[-1][0] - passage.start : units[-1][1] - passage.start]
        if last.rstrip().endswith(":"):
            units += [s for s in passage.sentences if s[0] >= units[-1][1]]
    return units


MARGIN = 1.4
"""How far (log odds) an item of a list may lie below the best one."""


def several(evidence: Sequence[Evidence], threshold: float, most: int = 6) -> list[Evidence]:
    """The evidence that answers a question for several things: sure enough, in the page's order."""
    least = max(e.log_odds for e in evidence) - MARGIN
    kept = [e for e in evidence if e.probability >= threshold and e.log_odds >= least][:most]
    return sorted(kept, key=lambda e: e.sentence)


def of_other_years(asked: Asked, text: str) -> bool:
    """Whether ``text`` is dated, and of no year that the question names."""
    wanted, told = set(YEAR.findall(asked.text)), set(YEAR.findall(text))
    return bool(wanted and told and not wanted & told)


def section_about(topic: str, page: Page) -> str:
    """The heading that ``topic`` means ("l’efficience du système", "les actions clés"), "" where none.

    Most of the heading's words, and of the topic's, must be in the other.
    """
    wanted = {t[:6] for t in terms(topic) if t not in _LIST_WORDS}
    best, most = "", 0.5
    for block in page.blocks:
        if block.kind == "heading" and block.level > 1:
            heading = page.text[block.start : block.end]
            stems = {t[:6] for t in terms(heading)}
            share = min(len(stems & wanted) / max(1, len(stems)), len(stems & wanted) / max(1, len(wanted)))
            if share > most:
                best, most = heading, share
    return best


_LINKED = re.compile(r"(?:Enfin|En effet|Par exemple|Ainsi|De plus|Cependant|On l)")
"""How a sentence goes on from the one before."""


def summary_spans(
    page: Page, passages: Sequence[Passage], vocabulary: Vocabulary, most: int = SUMMARY_CHARS
) -> list[Span]:
    """A telling sentence of each section, in the page's order: whole ones, not cut by a gap.

    A sentence tells by the words that the rest of the page uses too (mean inverse rarity); at most
    three of one section, fewer as the room runs out.
    """
    by_section: dict[str, list[tuple[float, Span]]] = {}
    for passage in passages:
        if passage.role or passage.section[:1] != passages[0].section[:1]:
            continue
        section = next((s for s in reversed(passage.section) if s != MISSING), "")
        for place, (start, end) in enumerate(passage.sentences):
            text = page.text[start:end]
            whole = not (passage.cut_start and start == passage.start) and not (
                passage.cut_end and end == passage.end
            )
            if not whole or not re.search(r"[.!?]$", text) or len(text) < 40:
                continue
            words = set(terms(text))
            told = sum(1 / vocabulary.weight(t) for t in words) / (len(words) + 3)
            opens = 0.15 if place == 0 else 0.0
            leans = -0.2 if LEANS.match(text) or _LINKED.match(text) else 0.0
            by_section.setdefault(section, []).append((told + opens + leans, (start, end)))
    ranked = [sorted(s, reverse=True) for s in by_section.values()]
    chosen: list[Span] = []
    used = 0
    for turn in range(3):
        for sentences in ranked:
            if turn < len(sentences):
                start, end = sentences[turn][1]
                length = min(end - start, _SENTENCE_CHARS)
                if used + length <= most and len(chosen) < 6:
                    chosen.append((start, end))
                    used += length
    return sorted(chosen)


def summary(spans: Sequence[Span], quotes: Quotes) -> str:
    """Sentences one after the other, each with its mark."""
    parts = []
    for start, end in spans:
        cut = trim(quotes.page.text[start:end], (0, 1), _SENTENCE_CHARS)
        parts.append("- " + quotes.quote((start + cut[0], start + cut[1])))
    return "\n".join(parts)
