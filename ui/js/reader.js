/* The page as one reads it: outline, search, size of the text, width, hidden or shown. */

import { $, $$, BLOCKS, make, narrow, onWidth, say, scrolling } from "./dom.js";
import * as drawer from "./drawer.js";
import { choice, choose } from "./store.js";

const SIZES = [0.875, 1, 1.125, 1.25, 1.5, 1.75, 2];
const LEAST = 25;
const MOST = 75;

/* ---------- outline ---------- */

/** The page's headings, its title left out. */
export function outline() {
  const list = $("#outline ol");
  const headings = $$(".page-text :is(h3, h4, h5, h6)");
  list.replaceChildren(
    ...headings.map((heading) => {
      const button = make("button", { type: "button", class: "action", text: heading.textContent });
      button.addEventListener("click", () => {
        $("#outline").open = false;
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
        const view = $(".page-scroll");
        const top = heading.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
        view.scrollTo({ top: top - 16, ...scrolling() });
      });
      return make("li", { class: "level-" + heading.tagName[1] }, button);
    }),
  );
  $("#outline").hidden = !headings.length;
}

/* ---------- search ---------- */

let found = [];
let at = -1;

/** Letters without accents or case, one for one. */
const fold = (text) =>
  [...text].map((c) => c.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().slice(0, c.length) || c).join("");

function occurrences(wanted) {
  const needle = fold(wanted.trim()).replace(/\s+/g, " ");
  if (needle.length < 2) return [];
  const sought = needle.replace(/’/g, "'");
  const out = [];
  for (const nodes of lines()) {
    const text = fold(nodes.map((node) => node.data).join("")).replace(/\s/g, " ").replace(/’/g, "'");
    for (let from = text.indexOf(sought); from >= 0; from = text.indexOf(sought, from + sought.length)) {
      const range = document.createRange();
      range.setStart(...place(nodes, from, false));
      range.setEnd(...place(nodes, from + sought.length, true));
      out.push(range);
    }
  }
  return out;
}

/** The page's text nodes that can be seen, those of one block together. */
function lines() {
  const blocks = new Map();
  for (const leaf of $$(".page-text [data-start]:not(.carried)")) {
    const block = leaf.closest(BLOCKS);
    if (!blocks.has(block)) blocks.set(block, []);
    const walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) blocks.get(block).push(walker.currentNode);
  }
  return blocks.values();
}

function place(nodes, offset, end) {
  for (const node of nodes) {
    if (offset < node.length || (end && offset === node.length)) return [node, offset];
    offset -= node.length;
  }
  const last = nodes[nodes.length - 1];
  return [last, last.length];
}

function paint() {
  if (!("highlights" in CSS)) return;
  CSS.highlights.set("found", new Highlight(...found));
  CSS.highlights.set("found-now", new Highlight(...(found[at] ? [found[at]] : [])));
}

function search(step) {
  const wanted = $("#find input").value;
  found = occurrences(wanted); // anew: a highlighted quote may have split the text since
  if (!found.length) at = -1;
  else at = step ? (at + step + found.length) % found.length : 0;
  paint();
  const told = found.length ? say("found", { n: at + 1, count: found.length }) : wanted.trim().length > 1 ? say("notFound") : "";
  $("#find output").textContent = told;
  $$("#find button").forEach((button) => (button.disabled = found.length < 2));
  if (at < 0) return;
  const view = $(".page-scroll");
  const top = found[at].getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
  view.scrollTo({ top: top - view.clientHeight * 0.3, ...scrolling() });
}

/* ---------- size, width, hidden ---------- */

function resize(step) {
  const now = SIZES.indexOf(choice("size", 1));
  const size = SIZES[Math.min(Math.max((now < 0 ? 1 : now) + step, 0), SIZES.length - 1)];
  if (step) choose("size", size);
  keepingPlace(() => document.documentElement.style.setProperty("--page-size", size));
  $("#smaller").disabled = size === SIZES[0];
  $("#larger").disabled = size === SIZES[SIZES.length - 1];
}

/** Make a change that moves the words of the page: what was cited, or stood highest, stands where it stood. */
function keepingPlace(change) {
  const view = $(".page-scroll");
  const { top, bottom } = view.getBoundingClientRect();
  const seen = (element) => element.getBoundingClientRect().bottom > top && element.getBoundingClientRect().top < bottom;
  const held = $$(".page-text mark, .page-text .is-cited").find(seen) || $$(".page-text [data-start]").find(seen);
  const before = held?.getBoundingClientRect().top;
  change();
  if (held) view.scrollTop += held.getBoundingClientRect().top - before;
}

function widen(share, remember = true) {
  share = Math.round(Math.min(Math.max(share, LEAST), MOST));
  document.documentElement.style.setProperty("--chat-share", share + "fr");
  document.documentElement.style.setProperty("--page-share", 100 - share + "fr");
  $("#splitter").setAttribute("aria-valuenow", share);
  if (remember) choose("share", share);
}

function dragging(event) {
  const bar = event.currentTarget;
  bar.setPointerCapture(event.pointerId);
  const move = (e) => widen((100 * e.clientX) / innerWidth);
  bar.addEventListener("pointermove", move);
  bar.addEventListener("lostpointercapture", () => bar.removeEventListener("pointermove", move), { once: true });
}

function steering(event) {
  const now = Number($("#splitter").getAttribute("aria-valuenow"));
  const to = { ArrowLeft: now - 5, ArrowRight: now + 5, Home: LEAST, End: MOST }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  widen(to);
}

function setHidden(hidden) {
  document.documentElement.classList.toggle("page-hidden", hidden);
  $("#toggle-page").textContent = say(hidden ? "showPage" : "hidePage");
}

export function showPage() {
  setHidden(false);
  choose("hidden", false);
}

export function toggle() {
  const hidden = !document.documentElement.classList.contains("page-hidden");
  setHidden(hidden);
  choose("hidden", hidden);
}

/** To the page: the drawer in one column, the pane beside the conversation otherwise. */
export function visit(from) {
  if (narrow()) return drawer.open(from);
  showPage();
  $(".page-scroll").focus();
}

export function listen() {
  const column = () => document.documentElement.classList.toggle("one-column", narrow());
  column();
  onWidth(column);
  resize(0);
  widen(choice("share", 50), false);
  setHidden(choice("hidden", false));
  $("#smaller").addEventListener("click", () => resize(-1));
  $("#larger").addEventListener("click", () => resize(1));
  $("#splitter").addEventListener("pointerdown", dragging);
  $("#splitter").addEventListener("keydown", steering);
  $("#find").addEventListener("submit", (event) => {
    event.preventDefault();
    search(1);
  });
  // no submit button: Enter presses the first of those
  $("#find-previous").addEventListener("click", () => search(-1));
  $("#find input").addEventListener("input", () => search(0));
  $("#find input").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      search(-1);
    } else if (event.key === "Escape" && event.target.value) {
      event.stopPropagation();
      event.target.value = "";
      search(0);
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#outline")) $("#outline").open = false;
  });
}
