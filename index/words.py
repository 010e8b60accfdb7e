"""Words of French text for BM25: folded, elisions cut, stemmed by Snowball."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu)'", re.UNICODE)
WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
"""A word, or an acronym with the full stops inside it: "l", "État", "D.U"."""
COMPOUND = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
"""The same with hyphens: "rendez-vous"."""
_TOKEN = re.compile(r"\w+(?:['’](?=\w))?|[^\w\s]")
_NOTE = re.compile(r"(?<=\d)[⁰¹²³⁴-⁹]+")
"""The number of a note after a figure: 480² is 480, never 4802."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})

STOP_WORDS = frozenset(
    """a ai aie ait alors as au aucun aussi autre aux avait avant avec avez avoir avons c ca ce cela ces
    cet cette ceux chez ci comme d dans de des donc du elle elles en encore entre est et etait etant etat-ce
    ete etes etre eu eux fait fut hors il ils j je jusque l la le les leur leurs lui m ma mais me meme
    mes moi mon n ne ni nos notre nous on ont or ou par parce pas pendant peu peut plus pour puis qu
    que quel quelle quelles quels qui quoi s sa sans se sera ses si son sont soit sous sur t ta te tes
    toi ton tous tout toute toutes tres tu un une vers via vos votre vous y""".split()
)


def fold(text: str) -> str:
    """Lower case without accents or ligatures, straight apostrophes. Not length preserving."""
    text = _NOTE.sub("", text.translate(_APOSTROPHES).lower())
    text = unicodedata.normalize("NFKD", text)
    text = text.replace("œ", "oe").replace("æ", "ae")
    for mark in filter(unicodedata.combining, set(text)):  # few, however long the text
        text = text.replace(mark, "")
    return text


def words(text: str) -> list[str]:
    """Folded words, elided articles cut off; "aujourd'hui" stays one word and "D.U." reads "d.u"."""
    folded = _ELISION.sub(" ", fold(text).replace("aujourd'hui", "aujourdhui"))
    return WORD.findall(folded)


def terms(text: str) -> list[str]:
    """Stems of the words that carry meaning: what BM25 counts."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def term_spans(text: str) -> list[tuple[int, int, str]]:
    """The same terms with their offsets in ``text``."""
    spans = ((m.start(), m.end(), _term(m.group())) for m in WORD.finditer(text))
    return [(start, end, term) for start, end, term in spans if term]


def token_spans(text: str) -> list[tuple[int, int, str]]:
    """Words and signs of ``text``, folded, with their offsets; an elided article keeps its apostrophe."""
    return [(*found.span(), fold(found[0])) for found in _TOKEN.finditer(text)]


@lru_cache(maxsize=65536)
def _term(word: str) -> str:
    folded = fold(word)
    return "" if folded in STOP_WORDS else stem(folded)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")
