"""Repair how a question is typed: text-message French, mistakes in the page's words, acronyms.

A word that exists, on the page or in a dictionary, is never changed; what is changed is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from index.words import STOP_WORDS, fold, terms
from rag.question import is_english
from rag.vocabulary import Vocabulary, spaced

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*", re.UNICODE)
_MIXED = re.compile(r"(?=\w*\d)(?=\w*[^\W\d])\w{5,}")
"""Letters and a digit: no dictionary has "AI4Health"."""
_CLOSE_WORD = 0.75
_CLOSE_NAME = 0.82

# Text-message spellings; whole words, in the order in which they are tried.
_TEXTED: tuple[tuple[str, str], ...] = (
    (r"c['’]?e?s?t?\s*(?:koi|quoi)", "c’est quoi"),
    (r"kes[kc]?[ie]|kest?[- ]?c?e?[- ]?ki", "qu’est-ce qui"),
    (r"kest?\s*ce\s*ke?|keske?|qu?esque?|kesako", "qu’est-ce que"),
    (r"esk[e']?|es\s+ke|est[- ]ske", "est-ce que"),
    (r"koi", "quoi"),
    (r"kel(le)?(s)?", r"quel\1\2"),
    (r"ki|qi", "qui"),
    (r"ke", "que"),
    (r"kan[dt]?|qd", "quand"),
    (r"pk|pkoi|prkoi|pq|pour?koi|pour?kwa", "pourquoi"),
    (r"cmt|coman|koman|commen", "comment"),
    (r"cb|kombien|combi1", "combien"),
    (r"fo|faudrai", "faut"),
    (r"ds", "dans"),
    (r"pr", "pour"),
    (r"dc", "donc"),
    (r"bcp", "beaucoup"),
    (r"tt", "tout"),
    (r"jvx|j\s?ve", "je veux"),
    (r"jveux", "je veux"),
    (r"stp|svp", "s’il vous plaît"),
    (r"msg", "message"),
    (r"pb", "problème"),
    (r"tjrs", "toujours"),
    (r"qqn", "quelqu’un"),
    (r"qqch", "quelque chose"),
    (r"kom", "comme"),
    (r"cest", "c’est"),
    (r"sa sert a", "ça sert à"),
)
# "ou se trouve": a question that opens with "or" asks where.
_WHERE = re.compile(
    r"^((?:(?:et|mais|alors|donc)\s+)?)(ou)(?=\s+(?:se|est|sont|a|ont|ça|ca|peut|peut-on|trouver|aller)\b)",
    re.IGNORECASE,
)
_TEXTED_PATTERNS = tuple(
    (re.compile(rf"(?<![\w’'-])(?:{a})(?![\w’'-])", re.IGNORECASE), b) for a, b in _TEXTED
)


class Repair:
    """Repairs questions about one page."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names = [n for n in vocabulary.names if len(_joined(n)) >= 6]
        self._joined = {_joined(n): n for n in self._names}
        self._targets = sorted(
            w for w in vocabulary.words if len(w) >= 4 and w.isalpha() and w not in STOP_WORDS
        )
        field: dict[str, list[str]] = json.loads((_DATA / "acronyms.json").read_text(encoding="utf-8"))
        self._forms = _acronym_forms(vocabulary, field)
        self._heads = _acronym_heads(vocabulary, field)

    def repair(self, question: str, english: bool = False) -> str:
        """The question as it is understood; the same text where nothing is to repair."""
        text = question if english else self._with_accents(self._untexted(question))
        text = self._name_by_name(text)
        text = self._word_by_word(self._acronyms(text))
        return text if english else _WHERE.sub(lambda m: m[1] + ("Où" if m[2] == "Ou" else "où"), text)

    def _untexted(self, text: str) -> str:
        for pattern, full in _TEXTED_PATTERNS:

            def written_out(match: re.Match[str], full: str = full) -> str:
                # "C'est quoi" is written as it should be: its capital and apostrophe stay.
                return match[0] if _joined(match[0]) == _joined(full) else match.expand(full)

            text = pattern.sub(written_out, text)
        return text

    def _with_accents(self, text: str) -> str:
        """A question typed without any accent gets those of words that cannot do without: "sante", "donnees"."""
        if fold(text) != text.lower().replace("’", "'") or is_english(text):
            return text

        def accented(match: re.Match[str]) -> str:
            word = match.group()
            low = word.lower()
            if not low.isalpha() or low in dictionary().plain:
                return word
            own = self.vocabulary.surface.get(low, "")
            if re.search(r"[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ]", own):
                return own  # a name such as "PariSanté"
            full = own.lower() if own.lower() not in ("", low) else dictionary().accented.get(low, word)
            return full.capitalize() if word[0].isupper() and word != word.upper() else full

        text = _WORD.sub(accented, text)
        # "a été lance": after "été" only a participle stands.
        return re.sub(
            r"(?<=\bété )(\w{2,}[^\We])e(?=s?\b)",
            lambda m: m[1] + ("é" if self._participle(m[1]) else "e"),
            text,
        )

    def _participle(self, stem: str) -> bool:
        return f"{stem}er" in dictionary().plain or f"{stem}er" in dictionary().accented.values()

    def _acronyms(self, text: str) -> str:
        """An acronym or long form that the page does not use gives way to the form that it uses."""
        for pattern, form in self._forms:
            text = pattern.sub(form, text)
        for pattern, short in self._heads:

            def named(match: re.Match[str], short: str = short) -> str:
                return f"{_ARTICLES.get(match[1], match[1])} {short}"

            text = pattern.sub(named, text)
        return text

    def _name_by_name(self, text: str) -> str:
        """Two to five words that nearly spell a name of the page become that name."""
        tokens = list(_WORD.finditer(text))
        best: tuple[float, int, int, str] | None = None
        for at in range(len(tokens)):
            for count in range(1, 6):
                if at + count > len(tokens):
                    break
                start, end = tokens[at].start(), tokens[at + count - 1].end()
                words = text[start:end]
                joined = _joined(words)
                exact = self._joined.get(joined)
                edges = {fold(tokens[at].group()), fold(tokens[at + count - 1].group())}
                if len(joined) < 6 or (exact is None and edges & STOP_WORDS):
                    continue
                if exact is not None:
                    # Typed without its spaces, capitals or accents.
                    if words == exact:
                        continue
                    score = 1.0
                    name = exact
                else:
                    if count == 1 and self._exists(words) and not _MIXED.fullmatch(words):
                        continue
                    known = all(
                        self._exists(t.group()) and not _MIXED.fullmatch(t.group())
                        for t in tokens[at : at + count]
                    )
                    found = process.extractOne(
                        joined,
                        list(self._joined),
                        scorer=DamerauLevenshtein.normalized_similarity,
                        score_cutoff=0.9 if known else _CLOSE_NAME,
                    )
                    if found is None or (known and count != len(self._joined[found[0]].split())):
                        continue
                    name, score = self._joined[found[0]], found[1]
                    if _numbers(words) != _numbers(name) or (known and terms(words) == terms(name)):
                        continue  # "institut 3IA" is the singular of "Instituts 3IA", no mistake
                if best is None or (score, count) > (best[0], best[2]):
                    best = (score, at, count, name)
        if best is None:
            return text
        _, at, count, name = best
        start, end = tokens[at].start(), tokens[at + count - 1].end()
        before, after = text[:start], text[end:]
        # One name at a time; the rest of the question may hold another.
        return self._name_by_name(before) + name + self._name_by_name(after)

    def _word_by_word(self, text: str) -> str:
        def repaired(match: re.Match[str]) -> str:
            word = match.group()
            folded = fold(word)
            surface = self.vocabulary.surface.get(folded, "")
            if len(surface) > 1 and surface.isupper() and word.islower() and folded not in STOP_WORDS:
                return word if folded in dictionary().plain else surface  # "snia"
            if len(folded) < 4 or not folded.isalpha() or self._exists(word):
                return word
            folded = re.sub(r"k(?=[ei]|$)", "qu", folded).replace("k", "c")  # "diabetik", "komune"
            found = process.extract(
                folded,
                self._targets,
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=_CLOSE_WORD,
                limit=3,
            )
            close = [(f[0], f[1]) for f in found if abs(len(f[0]) - len(folded)) <= 2]
            if not close or (len(folded) < 6 and close[0][1] < 0.79):
                return word
            # Of equally close words the one that sounds most alike.
            best = max(close, key=lambda c: (c[1], fuzz.ratio(c[0][:3], folded[:3])))
            return self.vocabulary.surface[best[0]]

        return _WORD.sub(repaired, text)

    def _exists(self, word: str) -> bool:
        folded = fold(word)
        if folded in self.vocabulary.words or folded in STOP_WORDS or len(folded) < 4 or not folded.isalpha():
            return True
        return folded in dictionary().folded


@dataclass(frozen=True)
class Dictionary:
    """``folded``: French and English words without accents; ``plain``: French words that have none;
    ``accented``: for letters that are no French word, the commonest word that they are without accents."""

    folded: frozenset[str]
    plain: frozenset[str]
    accented: dict[str, str]


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """pyspellchecker's lists."""
    from spellchecker import SpellChecker

    french, english = (SpellChecker(language=language).word_frequency.dictionary for language in ("fr", "en"))
    words = list(french)
    folded = fold("\n".join(words)).split("\n")  # folded as one text: 300,000 single calls take a second
    plain = frozenset(word for word, bare in zip(words, folded, strict=True) if word == bare)
    accented: dict[str, str] = {}
    for word, bare in zip(words, folded, strict=True):
        if word != bare and bare not in plain and french[word] > french.get(accented.get(bare, ""), 0):
            accented[bare] = word
    return Dictionary(frozenset(folded) | frozenset(fold("\n".join(english)).split("\n")), plain, accented)


def _joined(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", fold(text)))


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _acronym_forms(
    vocabulary: Vocabulary, field: Mapping[str, Sequence[str]]
) -> list[tuple[re.Pattern[str], str]]:
    """(what may be typed, what the page writes): the field's acronyms, and initials of the page's names."""
    page = {spaced(n) for n in vocabulary.names}
    forms: dict[str, str] = {}

    def on_page(form: str) -> bool:
        return spaced(form) in page or vocabulary.holds(terms(form) or [fold(form)])

    for short, longs in field.items():
        all_forms = [short, *longs]
        here = [f for f in all_forms if on_page(f)]
        for form in all_forms:
            if here and not on_page(form):
                forms[form] = here[0]
    for name in vocabulary.names:
        words = [w for w in re.findall(r"[^\W\d_]+", name) if fold(w) not in STOP_WORDS]
        initials = "".join(w[0] for w in words)
        if len(words) >= 3 and initials.isupper() and fold(initials) not in vocabulary.words:
            forms.setdefault(initials, name)
    ordered = sorted(forms.items(), key=lambda item: -len(item[0]))
    return [
        (
            re.compile(
                rf"(?<!\w){_loosely(a)}(?!\w)",
                re.IGNORECASE if len(a) > 3 else 0 if a.isupper() and len(a) < 3 else re.IGNORECASE,
            ),
            b,
        )
        for a, b in ordered
    ]


def _acronym_heads(
    vocabulary: Vocabulary, field: Mapping[str, Sequence[str]]
) -> list[tuple[re.Pattern[str], str]]:
    """ "la stratégie" alone, on a page that speaks of the SNIA only: the first word of a long name stands for it."""
    heads = []
    for short, longs in field.items():
        head, *rest = [t for t in re.findall(r"[^\W\d_]+", longs[0]) if fold(t) not in STOP_WORDS]
        if short in vocabulary.names and len(rest) > 1 and not any(vocabulary.holds(terms(a)) for a in longs):
            adjective = rf"(?:\s+{_loosely(rest[0])})?"
            name = f"{_loosely(head)}{adjective}"
            heads.append((re.compile(rf"\b([Ll][ae]|[Cc]e(?:tte)?)\s+(?i:{name}){_NO_COMPLEMENT}"), short))
    return heads


_ARTICLES = {"cette": "la", "Cette": "La", "ce": "le", "Ce": "Le"}
_NO_COMPLEMENT = r"(?!\w|\s+(?:(?:de|du|des|pour|en|à|sur|the|of)\b|d['’]|[«\"“A-ZÀ-Þ]|(?i:\w+(?:ale|elle|enne|ique|ive|aire|euse)s?\b)))"


def _loosely(form: str) -> str:
    """A pattern for ``form`` whatever the accents, apostrophes and spaces."""
    classes = {
        "a": "[aàâä]",
        "e": "[eéèêë]",
        "i": "[iîï]",
        "o": "[oôö]",
        "u": "[uùûü]",
        "c": "[cç]",
        "'": "['’]",
        "’": "['’]",
        " ": r"[\s-]+",
    }
    return "".join(classes.get(fold(c), re.escape(c)) for c in form)
