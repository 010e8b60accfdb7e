"""The choices that a form of the content offers: a list under its question."""

from __future__ import annotations

import re
from typing import Any

_CHOICE = ".//input[@type='radio' or @type='checkbox']"
_OTHER_FORM = re.compile(
    r"search|recherche|filt(?:re|er)|facet|log-?in|connexion|newsletter|cookie|consent|rgpd|feedback|satisf|avis|theme|display",
    re.IGNORECASE,
)
"""In the names of forms that ask for the site's sake: none of their choices is told by the page."""
_ASKS_OPINION = re.compile(r"\b(?:utile|satisfait|satisfaction|avis|cookies?)\b", re.IGNORECASE)
_HINT = re.compile(r"\bhint|indice|\bhelp\b|aide-saisie", re.IGNORECASE)
_LEAST_CHOICES = 2


def list_choices(content: Any) -> None:
    """Make the labels of radio buttons and boxes to tick items of a list, where a legend says what they are choices of."""
    labelled = {label.get("for"): label for label in content.iter("label") if label.get("for")}
    for fieldset in content.xpath(f".//fieldset[legend][{_CHOICE}]"):
        question = "".join(fieldset.find("legend").itertext()).strip()
        if not question or _ASKS_OPINION.search(question) or _is_of_another_form(fieldset):
            continue
        labels = [label for choice in fieldset.xpath(_CHOICE) if (label := _label_of(choice, labelled)) is not None]
        if len(labels) >= _LEAST_CHOICES:
            for label in labels:
                _make_item(label)


def _is_of_another_form(fieldset: Any) -> bool:
    named = (f"{node.get('class', '')} {node.get('id', '')} {node.get('role', '')}" for node in _up_to_form(fieldset))
    return any(_OTHER_FORM.search(names) for names in named)


def _up_to_form(fieldset: Any) -> list[Any]:
    above = [fieldset]
    while (
        above[-1].tag != "form"
        and above[-1].getparent() is not None
        and above[-1].getparent().tag not in ("main", "body")
    ):
        above.append(above[-1].getparent())
    return above


def _label_of(choice: Any, labelled: dict[str, Any]) -> Any:
    return next(choice.iterancestors("label"), labelled.get(choice.get("id", "")))


def _make_item(label: Any) -> None:
    label.tag = "li"
    for hint in label.iter("span", "small"):
        if _HINT.search(hint.get("class", "")):
            hint.tag = "div"
