"""How people type: the same French question without accents, with mistakes, as key words, politely."""

from __future__ import annotations

import random
import re

from index.words import STOP_WORDS, fold

_POLITE = (
    "Bonjour, {q}",
    "S'il vous plaît, {q}",
    "{q} Merci.",
    "Je voudrais savoir : {q}",
    "Dites-moi, {q}",
    "Bonjour, pouvez-vous me dire {q}",
    "J'aimerais savoir {q}",
    "{q} svp",
    "Salut, {q}",
    "une question : {q}",
)
_SMS = {
    "qu'est-ce que": "c koi", "c'est quoi": "c koi", "quel": "kel", "quelle": "kel", "qui": "ki", "que": "ke",
    "quand": "kan", "pourquoi": "pk", "combien": "cb", "est-ce que": "esk", "dans": "ds", "pour": "pr",
    "avec": "av", "comment": "cmt", "beaucoup": "bcp", "vous": "vs", "sont": "st", "c'est": "c",
}  # fmt: skip
_KEYS = {
    "a": "zqé", "e": "rzé", "i": "uo", "o": "ip", "u": "yi", "s": "qd", "r": "et", "t": "ry", "n": "bh",
    "l": "km", "m": "lp", "d": "sf", "c": "xv", "p": "om",
}  # fmt: skip


def noisy(question: str, rng: random.Random) -> str:
    """One way of typing ``question``; half the time as it is."""
    way = rng.random()
    if way < 0.5:
        return question
    if way < 0.62:
        return fold(question) if rng.random() < 0.7 else fold(question).rstrip(" ?")
    if way < 0.70:
        return question.lower().rstrip(" ?")
    if way < 0.80:
        return typos(question, rng)
    if way < 0.87:
        return key_words(question)
    if way < 0.94:
        return rng.choice(_POLITE).format(q=question[:1].lower() + question[1:])
    return text_message(question)


def typos(question: str, rng: random.Random) -> str:
    """One or two letters swapped, dropped, doubled or mistyped, in words of four letters or more."""
    words = question.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 3 and not any(c.isdigit() for c in word)]
    for index in rng.sample(long, min(len(long), rng.choice((1, 1, 2)))):
        word = words[index]
        at = rng.randrange(1, len(word) - 1)
        how = rng.randrange(4)
        if how == 0:
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif how == 1:
            word = word[:at] + word[at + 1 :]
        elif how == 2:
            word = word[:at] + word[at] + word[at:]
        else:
            word = word[:at] + rng.choice(_KEYS.get(word[at].lower(), "e")) + word[at + 1 :]
        words[index] = word
    typed = " ".join(words)
    return fold(typed) if rng.random() < 0.4 else typed


def key_words(question: str) -> str:
    """The words that carry meaning, alone."""
    kept = [w for w in re.findall(r"[\w’'-]+", question) if fold(w) not in STOP_WORDS and len(w) > 1]
    return " ".join(kept) if len(kept) > 1 else question


def text_message(question: str) -> str:
    """Text-message spelling, no accents."""
    typed = question.lower()
    for word, short in _SMS.items():
        typed = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", short, typed)
    return fold(typed).replace("-", " ").replace(" ?", "")
