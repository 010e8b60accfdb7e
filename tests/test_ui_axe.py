"""axe-core finds nothing in any state, light and dark, at 320 pixels, at 400 %, in forced colours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.accessibility import CONDITIONS, FILE, STATES, Axe, examine
from tests.conftest import Live
from ui import words


@pytest.mark.parametrize("condition", [name for name, *_ in CONDITIONS])
def test_axe_finds_nothing(chromium: Any, server: Live, condition: str) -> None:
    """No violation of WCAG 2.1 A and AA, nor of axe's best practices."""
    pytest.importorskip("axe_playwright_python")
    looks = examine(chromium, server, condition, Axe())
    assert {state: found for state, found in looks.items() if found} == {}


def test_what_is_declared_is_what_is_tested() -> None:
    """The declaration of /accessibilite names the very states that are looked at here."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    states = [*(name for name, _ in STATES), *words.LEGAL_PAGES.values()]
    assert told["looks"] == {condition: {name: [] for name in states} for condition, *_ in CONDITIONS}
    assert told["found"] == 0
