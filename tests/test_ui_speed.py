"""From pressing Enter to the first word on the screen, in the browser."""

from __future__ import annotations

import statistics
from typing import Any

from rag import Assistant
from tests.conftest import Opener

TIMER = """() => { window.firstWords = []; let pressed = 0, turn = '';
  addEventListener('keydown', e => { if (e.key === 'Enter') pressed = performance.now() }, true);
  new MutationObserver(() => { const last = [...document.querySelectorAll('.turn')].pop();
    if (!last || !pressed || last.id === turn || !last.querySelector('.answer')?.textContent.trim()) return;
    turn = last.id; requestAnimationFrame(() => { window.firstWords.push(performance.now() - pressed); pressed = 0 }) }
  ).observe(document.querySelector('.turns'), { childList: true, subtree: true }) }"""

SHAPES = (
    "Qu'est-ce que {} ?",
    "Que dit la page sur {} ?",
    "Où trouver {} ?",
    "Qui s'occupe de {} ?",
    "À quoi sert {} ?",
)


def questions(assistant: Assistant, count: int) -> list[str]:
    """Different questions made of words of the page."""
    subjects = [" ".join(p.text.split()[2:6]) for p in assistant.passages if not p.role]
    return [shape.format(subject) for shape in SHAPES for subject in subjects][:count]


def first_words_ms(person: Any, asked: list[str]) -> list[float]:
    """Milliseconds from Enter to the first word painted, one for each question; the bench uses it too."""
    person.js(TIMER)
    for number, question in enumerate(asked, 1):
        person.ask(question)
        person.page.wait_for_function("n => window.firstWords.length === n", arg=number)
    return [float(ms) for ms in person.js("window.firstWords")]


def test_first_word_within_400_ms(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    person.ask("Bonjour")
    times = first_words_ms(person, questions(assistant, 50))
    print(f"first word: median {statistics.median(times):.0f} ms, p95 {sorted(times)[47]:.0f} ms")
    assert len(times) == 50
    assert statistics.median(times) <= 400
