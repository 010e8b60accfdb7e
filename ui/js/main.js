/* Draws what the server sends (already escaped HTML), and links marks to places in the page.
   No word of a question, an answer or a page is ever parsed as HTML here. */

import { $, $$, embedded, say, scrolling } from "./dom.js";
import * as card from "./card.js";
import * as chat from "./chat.js";
import * as composer from "./composer.js";
import * as conversations from "./conversations.js";
import * as drawer from "./drawer.js";
import { french, landmarks } from "./gradio.js";
import * as pane from "./pane.js";
import * as reader from "./reader.js";
import { call, connect } from "./server.js";
import * as store from "./store.js";
import * as tools from "./tools.js";

const POLL = 400;
const MOST_QUESTION = 4000;
let ready = false;
let waiting = false;

french();
document.documentElement.classList.toggle("embedded", embedded);

function start(element, server) {
  connect(server);
  landmarks(element);
  for (const part of [reader, drawer, card, conversations]) part.listen();
  composer.listen(() => ready);
  chat.listenToPrint();
  document.addEventListener("click", onClick);
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  // iOS lays its keyboard over the page: only the visual viewport knows
  const fit = () => document.documentElement.style.setProperty("--height", visualViewport.height + "px");
  visualViewport?.addEventListener("resize", fit);
  if (window.visualViewport) fit();
  load();
}

/** Short requests until the assistant is there: a browser has six connections for all its tabs. */
async function load() {
  if (ready || waiting) return;
  waiting = true;
  const told = await call("start_up");
  waiting = false;
  if (!told) return;
  $(".intro").innerHTML = told.intro;
  if (told.state === "loading") setTimeout(load, POLL);
  if (told.state === "ready") await open(told);
}

async function open(told) {
  ready = true;
  $(".page-body").innerHTML = told.page;
  $$(".facts").forEach((facts) => (facts.innerHTML = told.facts));
  $("#about .about-body").innerHTML = told.about;
  $(".about-page").textContent = told.title;
  document.title = told.title + " – " + $("h1").textContent;
  $$("#open-about, #open-page, #open-list, #toggle-page").forEach((button) => (button.hidden = false));
  reader.outline();
  chat.open(told.markdown, told.writes);
  chat.tell(null);
  const query = new URLSearchParams(location.search);
  const asked = (query.get("q") || "").trim().slice(0, MOST_QUESTION);
  if (composer.ready()) return;
  if (asked) {
    const earlier = query.getAll("after").map((question) => question.slice(0, MOST_QUESTION));
    // asked once: a reload opens the conversation, and does not ask again
    ["q", "after"].forEach((name) => query.delete(name));
    history.replaceState(null, "", location.pathname + (query.size ? "?" + query : ""));
    await composer.put(asked, { earlier });
  } else if (!(await chat.restore(store.current()))) chat.tell(null);
  if (Date.now() - store.lastRecovery() < 5000) chat.tell({ text: say("foundAgain") });
  chat.focusBox();
}

function onClick(event) {
  const at = (selector) => event.target.closest?.(selector);
  const turn = () => Number(at(".turn").dataset.turn);
  const ways = [
    ["a.mark, a.to-page", (found) => (event.preventDefault(), card.hide(), pane.follow(found))],
    ["a.chip, a.back", (found) => (event.preventDefault(), pane.goBack(found), card.hide())], // the focus on the mark shows it
    ["[data-ask]", (found) => composer.put(found.dataset.ask)],
    ["[data-copy]", (found) => tools.copy(found.dataset.copy, found)],
    ["[data-link]", (found) => tools.copy(chat.link(turn()), found)],
    ["[data-quotes]", chat.showQuotes],
    ["[data-edit]", () => composer.edit(turn())],
    ["[data-vote]:not(form)", (found) => tools.openOpinion(found)],
    ["[data-cancel]", (found) => tools.closeOpinion(found.closest("form"))],
    [".resume button", (found) => chat.restore(found.dataset.open)],
    [".notice button", chat.takeBack],
    ["#new", chat.restart],
    ["#download", chat.download],
    ["#print", () => print()],
    ["#open-list", conversations.show],
    ["#open-page", (found) => reader.visit(found)],
    ["#toggle-page", reader.toggle],
    ["#close-page", () => (drawer.close(), card.hide())],
    ["#open-about", () => $("#about").showModal()],
    ["#close-about", () => $("#about").close()],
    ["#open-menu", (found) => menu(found.getAttribute("aria-expanded") !== "true")],
    ["a.skip", (found) => (event.preventDefault(), found.hash === "#question" ? $("#question").focus() : reader.visit(found))],
  ];
  if (!at("#open-menu")) menu(false);
  if (event.target.id === "about") return $("#about").close();
  const way = ways.find(([selector]) => at(selector));
  if (way) way[1](at(way[0]));
}

/** Sources that somebody opened are seen. */
function onToggle({ target }) {
  const pressed = target.matches("details.sources[open]") && target.contains(document.activeElement);
  if (pressed) target.scrollIntoView({ block: "nearest", ...scrolling() });
}

/** The header's buttons, behind one where there is little room. */
function menu(open) {
  $("#open-menu").setAttribute("aria-expanded", String(open));
  $("#menu").classList.toggle("is-open", open);
}

function onSubmit(event) {
  const form = event.target.closest("form.feedback");
  if (!form) return;
  event.preventDefault();
  tools.sendOpinion(form);
}

function onKey(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const form = event.target.closest?.("form.feedback");
  if (card.isShown()) card.hide();
  else if ($("#menu").classList.contains("is-open")) {
    menu(false);
    $("#open-menu").focus();
  } else if ($("dialog[open]")) return;
  else if (drawer.isOpen()) drawer.close();
  else if (form) tools.closeOpinion(form);
  else if (chat.busy()) chat.stop();
  else pane.leave();
}

// Gradio may have drawn before this module was there
const drawn = window.pageqa ?? [];
window.pageqa = { push: (given) => start(...given), say };
drawn.forEach((given) => start(...given));
