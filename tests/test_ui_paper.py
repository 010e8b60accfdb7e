"""What a reader sees whole: rings of the focus, marks beside their words, the card of a mark, sheets of paper."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from tests.conftest import CAMPUS, HUB, NOT_SAID, Opener
from tests.test_ui_chat import flat
from ui import words

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

SIZES: tuple[ViewportSize, ...] = (
    {"width": 1440, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 256},
)

RING = """() => { const e = document.activeElement; if (e === document.body) return null;
  const style = getComputedStyle(e), grown = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
  const name = e.id || e.className || e.tagName;
  if (style.outlineStyle === 'none') return name + ': no ring';
  const edges = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  for (let box = e.parentElement; box; box = box.parentElement) {
    const s = getComputedStyle(box); if (s.overflowX === 'visible' || s.display === 'contents') continue;
    const r = box.getBoundingClientRect();
    edges.left = Math.max(edges.left, r.left); edges.right = Math.min(edges.right, r.right);
    edges.top = Math.max(edges.top, r.top); edges.bottom = Math.min(edges.bottom, r.bottom); }
  const r = e.getClientRects()[0];
  const whole = r.left - grown >= edges.left - 0.5 && r.right + grown <= edges.right + 0.5 &&
    (r.height > edges.bottom - edges.top || (r.top - grown >= edges.top - 0.5 && r.bottom + grown <= edges.bottom + 0.5));
  return whole ? '' : name + ': cut ' + JSON.stringify([r.left, r.top, r.right, r.bottom, grown, edges]) }"""


@pytest.mark.parametrize("size", SIZES)
def test_rings_of_the_focus_are_whole(reader: Opener, size: ViewportSize) -> None:
    """Tab through everything, conversation and page: the ring is seen, and on all its sides."""
    person = reader(viewport=size, reduced_motion="reduce")
    person.ask(HUB).locator("summary").click()
    person.js("document.activeElement.blur()")
    seen, cut = 0, set()
    for _ in range(60):
        person.page.keyboard.press("Tab")
        told = person.js(RING)
        if told is None and seen:
            break
        seen += told is not None
        cut |= {told} if told else set()
    assert seen > 10 and cut == set()
    if size["width"] < 900:
        person.js("document.querySelector('#open-page').click()")
        for _ in range(6):
            person.page.keyboard.press("Tab")
            assert not person.js(RING)


def test_no_line_begins_with_a_mark(reader: Opener) -> None:
    """Whatever the width, [1] stays with the last word that it supports."""
    person = reader(viewport={"width": 420, "height": 700})
    person.ask("Quelles sont les actions clés ?")
    alone = """() => [...document.querySelectorAll('.answer a.mark')].filter(mark => {
      const before = mark.previousSibling, range = document.createRange();
      const walker = document.createTreeWalker(mark.closest('.answer'), NodeFilter.SHOW_TEXT); let last = null;
      while (walker.nextNode()) { if (mark.contains(walker.currentNode)) break;
        if (walker.currentNode.data.trim()) last = walker.currentNode }
      const end = last.data.trimEnd().length; range.setStart(last, end - 1); range.setEnd(last, end);
      const word = range.getBoundingClientRect(), box = mark.getBoundingClientRect();
      return word.top > box.bottom || word.bottom < box.top }).length"""
    for width in range(420, 316, -7):
        person.page.set_viewport_size({"width": width, "height": 700})
        assert person.js(alone) == 0, width


@pytest.mark.parametrize("size", [(390, 844), (720, 450), (320, 256)])
def test_the_card_is_never_over_the_next_lines(reader: Opener, size: tuple[int, int]) -> None:
    """In one column it stands above the mark; where there is no room for it, there is none."""
    person = reader(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    turn = person.ask("Quelles sont les actions clés ?")
    card, view = person.page.locator("#card"), person.page.locator(".conversation")
    shown = 0
    for number in (0, 3, 5, 7):
        for block in ("start", "end"):
            mark = turn.locator("a.mark").nth(number)
            person.js("document.activeElement.blur()")
            mark.evaluate("(m, block) => m.scrollIntoView({ block })", block)
            person.page.wait_for_timeout(50)
            mark.evaluate("m => m.focus({ preventScroll: true })")
            if not card.is_visible():
                continue
            shown += 1
            box, place = card.bounding_box(), mark.bounding_box()
            assert box["y"] + box["height"] <= place["y"] and box["y"] >= view.bounding_box()["y"]
            assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
    assert shown >= 3 and view.is_visible()


def test_the_printed_sheets(reader: Opener) -> None:
    """Chromium's own printing: the whole conversation with its sources, then the page; nothing to press."""
    person = reader()
    for question in (CAMPUS, NOT_SAID):
        person.ask(question)
    person.ask(HUB).locator("a.mark").first.click()
    quotes = person.page.locator(".source blockquote").all_text_contents()
    near = person.page.locator(".nearby-text").first.text_content()
    blocks = person.page.locator(".page-text [data-start]").all_text_contents()
    with pdfplumber.open(BytesIO(person.page.pdf(format="A4", print_background=False))) as paper:
        sheets = [flat(sheet.extract_text()) for sheet in paper.pages]
        yellow = [r for sheet in paper.pages for r in sheet.rects if r.get("non_stroking_color") is not None]
    told = " ".join(sheets)
    letters = "".join(told.split())

    def printed(text: str | None) -> bool:
        return "".join((text or "").split()) in letters

    assert [part for part in (CAMPUS, NOT_SAID, HUB, near, *blocks) if not printed(part)] == []
    assert len(quotes) == 2 and all(letters.count("".join(quote.split())) >= 2 for quote in quotes)
    assert yellow  # the highlight, though a browser prints no grounds by itself
    assert sheets[-1]  # nothing is cut off, and no sheet is empty
    for button in (words.COPY_CITATION, words.REPORT, words.SUGGESTIONS, words.FIND, words.BACK):
        assert flat(button) not in told, button
