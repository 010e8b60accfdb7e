"""A question as it was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from index.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Intent = Literal["page", "smalltalk", "worry", "order", "reshape"]
"""About the page, small talk, worry about one's own health, order to the assistant, reshaping of the last answer."""

Form = Literal["fact", "list", "summary", "definition", "yes_no", "several"]
"""What kind of answer is wanted; "several" are things asked at once."""

Expected = Literal[
    "person", "organisation", "place", "date", "duration", "money", "number", "percentage",
    "reason", "manner", "condition", "document", "thing", "action", "statement",
]  # fmt: skip
"""What the short answer should be."""

INTENTS: tuple[Intent, ...] = get_args(Intent)
FORMS: tuple[Form, ...] = get_args(Form)
EXPECTED: tuple[Expected, ...] = get_args(Expected)


@dataclass(frozen=True)
class Question:
    """A question, typed and understood once.

    ``text`` is what was typed, on one line; ``repaired`` the same with the page's names spelt as the
    page does. ``types`` are the probabilities of what may be expected. ``previous`` is what this one leans on, "" where it stands alone: the repaired question before,
    after those that it leans on itself. ``follows`` are the first and the last of these, one where they are the same.
    ``subject`` are the stems of what is named, where whatever the page says of it is wanted and nothing more.
    ``kinds`` are the classes that the learnt heads believe, by head; "every" is the kind ("date") of which all that the page tells
    is wanted, "" for none, and "likeliest" the intent that is likelier than all others together, else "page", which a small
    talk or a worry that may be overrules. ``vector`` is the embedding of what is searched for, shape (dimension,). ``asking`` are the stems of the words by which one asks, whatever it is of ("donne-moi", "la page").
    """

    text: str
    repaired: str
    intent: Intent = "page"
    form: Form = "fact"
    expected: Expected = "statement"
    types: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)
    english: bool = False
    previous: str = ""
    follows: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    asking: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def searched(self) -> str:
        """The words to search with: those of the question that it leans on come first."""
        return f"{self.previous} {self.repaired}" if self.previous else self.repaired

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Stems of what is searched for."""
        return tuple(terms(self.searched))

    @cached_property
    def content(self) -> frozenset[str]:
        """Stems of what is asked about, the words by which one asks aside."""
        return frozenset(self.terms).difference(self.asking)
