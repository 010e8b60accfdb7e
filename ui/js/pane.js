/* The page beside the conversation: passages that are cited, the quote that a mark opens, and back. */

import { $, $$, BLOCKS, make, narrow, say, scrolling } from "./dom.js";
import * as drawer from "./drawer.js";
import { showPage } from "./reader.js";

let current = 0; // the exchange whose passages are numbered in the page
let first = null; // where it points to first
let opener = null; // the mark that was followed last

const pane = () => $("#page");
export const leaves = () => $$(".page-text [data-start]", pane());

/** Text nodes of the page between two offsets, as [node, from, to]. Offsets count characters,
    JavaScript counts UTF-16 units: beyond the basic plane they differ. */
function* ranges(start, end) {
  for (const leaf of leaves()) {
    const from = Number(leaf.dataset.start);
    if (Number(leaf.dataset.end) <= start || from >= end) continue;
    const walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    let at = from;
    for (const node of nodes) {
      const chars = [...node.data];
      const a = Math.max(start - at, 0);
      const b = Math.min(end - at, chars.length);
      if (a < b) yield [node, chars.slice(0, a).join("").length, chars.slice(0, b).join("").length];
      at += chars.length;
    }
  }
}

/** The words of the page between two offsets; a line for each block. */
function words(start, end) {
  let out = "";
  let last = null;
  for (const [node, a, b] of ranges(start, end)) {
    const block = node.parentElement.closest(BLOCKS);
    if (last && block !== last) out += "\n";
    last = block;
    out += node.data.slice(a, b);
  }
  return out;
}

/** What stands before a quote, the quote, and what stands after it, within its passage. */
export function around(start, end, passage, most) {
  const spans = $$('span.passage[data-passage="' + passage + '"]', pane());
  if (!spans.length) return ["", "", ""];
  const from = Number(spans[0].dataset.start);
  const to = Number(spans[spans.length - 1].dataset.end);
  let before = words(from, start);
  let after = words(end, to);
  if (before.length > most) before = "… " + before.slice(-most).replace(/^\S*\s/, "");
  if (after.length > most) after = after.slice(0, most).replace(/\s\S*$/, "") + " …";
  return [before && before + " ", words(start, end), after && (/^[,.;:)]/.test(after) ? after : " " + after)];
}

function clearQuote() {
  for (const mark of $$("mark.quote", pane())) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
  $$(".back", pane()).forEach((link) => link.remove());
  $$(".is-open", pane()).forEach((span) => span.classList.remove("is-open"));
}

function highlight(start, end) {
  clearQuote();
  const marks = [];
  for (const [node, a, b] of [...ranges(start, end)]) {
    const range = document.createRange();
    range.setStart(node, a);
    range.setEnd(node, b);
    const mark = make("mark", { class: "quote" });
    range.surroundContents(mark);
    marks.push(mark);
  }
  return marks;
}

/** Tint and number the passages that exchange `turn` cites; none for 0. */
export function point(turn) {
  current = turn;
  $$(".chips", pane()).forEach((chips) => chips.remove());
  $$(".is-cited", pane()).forEach((span) => span.classList.remove("is-cited"));
  $$(".turn.is-current").forEach((element) => element.classList.remove("is-current"));
  clearQuote();
  const element = document.getElementById("turn-" + turn);
  if (!element) return;
  element.classList.add("is-current");
  const numbers = new Map();
  first = null;
  for (const mark of $$("a.mark, .nearby-link", element)) {
    const { passage, n } = mark.dataset;
    if (!numbers.has(passage)) numbers.set(passage, new Map());
    if (!numbers.get(passage).has(n)) numbers.get(passage).set(n, mark);
  }
  for (const [passage, marks] of numbers) {
    const spans = $$('span.passage[data-passage="' + Number(passage) + '"]', pane());
    if (!spans.length) continue;
    first ??= spans[0];
    spans.forEach((span) => span.classList.add("is-cited"));
    const chips = make("span", { class: "chips" });
    for (const [n, mark] of marks) {
      if (!mark.matches(".nearby-link")) chips.append(backLink("chip", mark, n)); // tinted, but nothing is cited
    }
    if (chips.childNodes.length) spans[0].before(chips);
  }
}

/** Move the page to the passage that the exchange points to first, which may not be the highest. */
export function showCited() {
  if (first?.isConnected) scrollTo(first);
}

function backLink(kind, mark, n) {
  const { turn } = mark.dataset;
  const chip = kind === "chip";
  const label = chip ? say("back", { n }) : say("backShort") + " (" + n + ")";
  const text = chip ? n : "↩ " + say("backShort");
  return make("a", { class: kind, href: "#turn-" + turn, "data-turn": turn, "data-n": n, "aria-label": label, text });
}

/** A mark was pressed: show its words in the page and move there. */
export function follow(mark) {
  const { turn, n, start, end, passage } = mark.dataset;
  if (narrow()) drawer.open(mark);
  else showPage();
  if (Number(turn) !== current) point(Number(turn));
  const marks = highlight(Number(start), Number(end));
  opener = mark;
  if (!marks.length) return;
  $$('span.passage[data-passage="' + Number(passage) + '"]', pane()).forEach((s) => s.classList.add("is-open"));
  marks[marks.length - 1].closest("span[data-start]").after(backLink("back", mark, n));
  marks[0].tabIndex = -1;
  marks[0].focus({ preventScroll: true });
  scrollTo(marks[0]);
}

export function scrollTo(target) {
  const view = $(".page-scroll", pane());
  const top = target.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
  view.scrollTo({ top: top - view.clientHeight * 0.25, ...scrolling() });
}

/** From the page back to the mark that led there, or to the answer that cites the passage. */
export function goBack(link) {
  const turn = document.getElementById("turn-" + link.dataset.turn);
  if (!turn) return;
  drawer.close(false);
  const n = Number(link.dataset.n);
  const same = opener?.isConnected && turn.contains(opener) && Number(opener.dataset.n) === n;
  const target = same ? opener : $('a.mark[data-n="' + n + '"], .to-page[data-n="' + n + '"]', turn) || turn;
  const closed = target.closest("details:not([open])");
  if (closed) closed.open = true;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", ...scrolling() });
}

/** Escape in the page: back to the mark. */
export function leave() {
  if (!pane().contains(document.activeElement) || !opener?.isConnected) return false;
  opener.focus({ preventScroll: true });
  opener.scrollIntoView({ block: "center", ...scrolling() });
  return true;
}
