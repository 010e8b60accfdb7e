"""Bars that lead to the pages before, after and above: part of a manual's binding, not of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from index.html.tags import words_of

_KEYS = frozenset("pnuh")
"""Access keys that manuals give to these links, whatever made them: previous, next, up, home."""
_DIRECTED = frozenset("p n u prev previous next up".split())
_RELATIONS = frozenset("prev previous next up home start first last top contents toc index".split())
_SIGNS = " \t\n\xa0[](){}|/•·*,;:.–—-<>«»‹›←→↑↓⇐⇒◀▶◄►▲△"
_LEFT = ("<", "«", "‹", "←", "⇐", "◀", "◄")
_RIGHT = (">", "»", "›", "→", "⇒", "▶", "►")
_DIRECTION = (
    r"(?:(?:page|chapitre|section|partie|article|fiche|rubrique|leçon|étape|sujet|(?:le |la )?pr\w+)\s+)?"
    r"(?:précédente?|suivante?)|niveau supérieur|(?:re)?monter|prev(?:ious)?(?:-tail)?|next|tail|front|up"
)
_PLACE = (
    r"(?:retour\s+(?:au|à la|à l['’]|en)\s*)?"
    r"(?:sommaire|tables? des matières|accueil|index|racine|début|haut(?: de (?:la )?page)?|home|contents|toc|top)|retour"
)
_IS_DIRECTION = re.compile(_DIRECTION, re.IGNORECASE)
_IS_STEP = re.compile(rf"(?:{_DIRECTION}|{_PLACE})", re.IGNORECASE)
_LABELS = re.compile(rf"(?<!\w)(?:{_DIRECTION}|{_PLACE})(?!\w)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"\w{2}\s?[.!?…]$")
_CANDIDATES = frozenset("table ul ol menu dl div section nav header footer center p address".split())
_HOLD_TITLES = frozenset("table ul ol menu dl".split())
"""Where the titles of the pages led to may stand beside the links, each in its own place."""
_BESIDE_LINKS = ".//text()[not(ancestor::a[@href])]"
_MOST_LINKS = 8
_MOST_AROUND = 12
_LONGEST_BAR = 500
_LONGEST_NAME = 20
_LONGEST_TITLE = 150


@dataclass
class _Bar:
    """What a block says in links and beside them."""

    directions: set[str] = field(default_factory=set)
    steps: int = 0
    signed: int = 0
    """Links that an attribute calls steps, not their words alone."""
    others: int = 0
    beside: list[str] = field(default_factory=list)
    mixed: bool = False
    """Whether an item or a cell has words beside its link."""

    @property
    def is_bare(self) -> bool:
        """Whether nothing but links stands there."""
        return not self.beside

    @property
    def is_labelled(self) -> bool:
        """« Suivant : … Précédent : … »: the words beside the links are names of steps."""
        names = {name.lower() for words in self.beside for name in _LABELS.findall(words)}
        rest = "".join(_LABELS.sub("", words) for words in self.beside).strip(_SIGNS)
        return not rest and sum(_IS_DIRECTION.fullmatch(name) is not None for name in names) > 1

    @property
    def holds_titles(self) -> bool:
        """Whether what stands beside the links may be the titles of pages."""
        return not self.mixed and all(
            len(words) <= _LONGEST_TITLE and not _SENTENCE_END.search(words) for words in self.beside
        )


def drop_bars(body: Any) -> None:
    """Take out of the tree the bars whose links all lead to the page before, after, above, or to the contents."""
    related = _related(body)
    dropped: set[Any] = set()
    for link in body.xpath(".//a[@href]"):
        if not (_is_step(link, related) or _is_announced(link)) or not dropped.isdisjoint(link.iterancestors()):
            continue
        bars = [node for node in _short_around(link) if _is_bar(node, related)]
        if bars:
            dropped.add(bars[-1])
            bars[-1].drop_tree()


def _short_around(link: Any) -> Iterator[Any]:
    """The blocks around a link, from the inside, that are no longer than a bar."""
    for node in islice(link.iterancestors(), _MOST_AROUND):
        if node.tag == "body" or len(words_of(node)) > _LONGEST_BAR:
            return
        if node.tag in _CANDIDATES:
            yield node


def _related(body: Any) -> frozenset[str]:
    """The addresses that the page's head calls its neighbours."""
    links = body.getroottree().xpath("/html/head/link[@rel and @href]")
    return frozenset(link.get("href") for link in links if _RELATIONS & set(link.get("rel").lower().split()))


def _is_bar(node: Any, related: frozenset[str]) -> bool:
    if node.xpath(".//main|.//h1"):
        return False
    bar = _bar(node, related)
    if bar.steps + bar.others > _MOST_LINKS:
        return False
    if bar.is_labelled:
        return True
    if bar.others or not bar.directions:
        return False
    if bar.is_bare:
        alone = bar.steps == 1 and bool(node.xpath("ancestor::li|ancestor::td|ancestor::dd|ancestor::dt"))
        return not alone and (bar.steps > 1 or bar.directions != {"sign"})
    sure = bar.signed > 0 or len(bar.directions - {"sign"}) > 1
    return sure and node.tag in _HOLD_TITLES and bar.holds_titles


def _bar(node: Any, related: frozenset[str]) -> _Bar:
    bar = _Bar()
    pointing = {"left": 0, "right": 0}
    for link in node.xpath(".//a[@href]"):
        if _is_step(link, related):
            bar.steps += 1
            bar.signed += _is_signed(link, related)
            bar.directions |= _directions(link)
        elif side := _points(link):
            pointing[side] += 1
            bar.steps += 1
        elif _names(link):
            bar.others += 1
    if max(pointing.values()) > 1:  # several links with the same sign are a list of links
        bar.others += sum(pointing.values())
    elif all(pointing.values()):
        bar.directions.add("sign")
    for text in node.xpath(_BESIDE_LINKS):
        if words := _bare(text):
            bar.beside.append(words)
            bar.mixed |= _shares_its_place(text)
    return bar


def _shares_its_place(text: Any) -> bool:
    """Whether the item or cell that holds ``text`` holds a link too."""
    above = text.getparent().getparent() if text.is_tail else text.getparent()
    held = above.xpath("ancestor-or-self::*[self::li or self::td or self::th or self::dd or self::dt][1]")
    return bool(held and held[0].xpath(".//a[@href]"))


def _is_step(link: Any, related: frozenset[str]) -> bool:
    """Whether a link is called one to a neighbour, by an attribute or by its words."""
    return _is_signed(link, related) or any(_IS_STEP.fullmatch(name) for name in _names(link))


def _is_signed(link: Any, related: frozenset[str]) -> bool:
    relations = set(link.get("rel", "").lower().split())
    return bool(link.get("accesskey", "").lower() in _KEYS or relations & _RELATIONS or link.get("href") in related)


def _directions(link: Any) -> set[str]:
    """The ways that a link says it leads, of those that no list of links has: back, on, up."""
    attributes = {link.get("accesskey", "").lower(), *link.get("rel", "").lower().split()}
    return attributes & _DIRECTED | {name.lower() for name in _names(link) if _IS_DIRECTION.fullmatch(name)}


def _is_announced(link: Any) -> bool:
    """Whether the words before a link name the step that it is: « Suivant : »."""
    before = "".join(link.xpath("preceding-sibling::node()[1]/descendant-or-self::text()")).rstrip()
    return before.endswith(":") and _IS_DIRECTION.search(_bare(before)[-_LONGEST_NAME:]) is not None


def _names(link: Any) -> list[str]:
    """What a link is called: its words, the first of them set apart, its picture's, its title."""
    pieces = [
        words_of(link),
        *link.itertext(),
        *link.xpath(".//img/@alt"),
        link.get("title", ""),
    ]
    return [name for piece in pieces if (name := _bare(piece.partition(":")[0]))]


def _points(link: Any) -> str:
    """The side to which a sign at one end of a link's words points."""
    words = "".join(link.itertext()).strip()
    left, right = words.startswith(_LEFT), words.endswith(_RIGHT)
    return "" if left == right else "left" if left else "right"


def _bare(words: str) -> str:
    return " ".join(words.split()).strip(_SIGNS)
