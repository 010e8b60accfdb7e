"""The one sentence that says what is missing of a language model's words, and why; none where nothing is missing."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Checked
from rag.compose import phrases
from rag.compose.phrases import Phrase
from rag.generate.writer import Failure

NOT_UNSUPPORTED = frozenset(("again", "long", "language"))
"""Why a sentence is not shown that may well be true."""

_FAILED: dict[Failure, tuple[Phrase, Phrase]] = {
    "down": (phrases.GENERATOR_DOWN, phrases.WISH_DOWN),
    "refused": (phrases.GENERATOR_REFUSED, phrases.WISH_REFUSED),
    "slow": (phrases.GENERATOR_SLOW, phrases.WISH_SLOW),
    "cut": (phrases.GENERATOR_CUT, phrases.WISH_CUT),
}
"""What is said of an answer, and of one that is reshaped after a wish."""
_FAILED_AFTER = _FAILED | {
    "slow": (phrases.GENERATOR_SLOW_AFTER, phrases.WISH_SLOW_AFTER),
    "cut": (phrases.GENERATOR_CUT_AFTER, phrases.WISH_CUT_AFTER),
}
"""The same where sentences came before."""


def missing(failure: Failure | None, checked: Sequence[Checked], wish: str) -> Phrase | None:
    """What is said of an answer of whose model's sentences ``checked`` are all that came before its ``failure``, if any.

    The quotes stand for what is missing of a first answer. Nothing does of one that is reshaped after a ``wish``: it is told
    that it was not, or not wholly; a shorter one is the short quote where the model has none.
    """
    shown = any(one.shown for one in checked)
    doubted = any(not one.shown and one.reason not in NOT_UNSUPPORTED for one in checked)
    if failure:
        return (_FAILED_AFTER if shown else _FAILED)[failure][bool(wish)]
    if not wish:
        return phrases.GENERATOR_UNSUPPORTED if doubted and not shown else None
    if shown:
        return phrases.WISH_PARTLY if doubted and wish != "shorter" else None
    if doubted:
        return phrases.WISH_UNSUPPORTED
    return phrases.WISH_NOTHING if wish != "shorter" else None
