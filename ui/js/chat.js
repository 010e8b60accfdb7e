/* The conversation on the screen: asking, stopping, drawing, opening again. Kept by `store.js`. */

import { $, $$, announce, element, make, roomy, say, scrolling } from "./dom.js";
import { point, showCited } from "./pane.js";
import { call, peek } from "./server.js";
import * as store from "./store.js";

const MOST_HISTORY = 12;
const POLL = 400;

let conversation = null; // { id, name, at, turns }
let drawn = []; // by exchange number: { record, markdown }; a question that failed has no record
let heading = ""; // of the conversation as a file
let pending = null; // { id, question, number }
let ready = false;
let writes = false; // a language model phrases the answers
let undo = null;

const view = () => $(".conversation");
const turnOf = (number) => document.getElementById("turn-" + number);
export const busy = () => !!pending;
export const questions = () => drawn.map((turn) => turn.asked);

/** The page is there: questions can be answered. */
export function open(markdown, byModel) {
  ready = true;
  writes = byModel;
  heading = markdown;
  frame();
}

function begin() {
  conversation = { id: store.newId(), name: "", at: Date.now(), turns: [] };
  drawn = [];
  $(".turns").replaceChildren();
  point(0);
  frame();
}

/** What depends on whether anything was asked. */
function frame() {
  const none = !drawn.length && !pending;
  $(".intro").hidden = !none;
  $("#new").hidden = $("#download").hidden = $("#print").hidden = none;
  offerLast();
}

/** On the first screen, the last conversation: a closed browser loses nothing. */
function offerLast() {
  const box = $(".resume");
  const asked = !ready || drawn.length || pending; // then what is kept need not be read
  const last = asked ? null : store.all().find((c) => c.id !== conversation?.id);
  box.hidden = !last;
  if (!last) return;
  $("button", box).textContent = say("resume", { name: last.name });
  $("button", box).dataset.open = last.id;
}

/* ---------- asking ---------- */

/** `before`: how many exchanges the question comes after (all), `earlier`: questions that came before it elsewhere. */
export async function ask(question, { before = drawn.length, earlier = [] } = {}) {
  if (pending || !ready) return false;
  if (!conversation) begin();
  const number = drawn.length + 1;
  const mine = (pending = { id: store.newId(), question, number });
  tell(null);
  sketch(mine);
  const kept = drawn.slice(0, before).map((turn) => turn.record).filter(Boolean);
  const request = { id: mine.id, question, number, history: [...earlier, ...kept].slice(-MOST_HISTORY) };
  if (writes) follow(mine);
  const answer = await call("ask_page", request);
  if (pending !== mine) return false; // stopped, or another conversation
  pending = null;
  working(false);
  if (!answer || answer.state === "stopped" || answer.state === "loading") {
    turnOf(number)?.remove();
    frame();
    return false;
  }
  drawn.push({ asked: question, record: answer.record, markdown: answer.markdown || "" });
  draw(number, answer.html);
  if (answer.state !== "done") {
    announce("alerted", $(".error", turnOf(number)).textContent);
    return false;
  }
  keep(answer.record);
  finish(number);
  return true;
}

function sketch({ number, question }) {
  const asked = make("bdi", { text: question });
  const id = "turn-" + number;
  const head = make("h3", { class: "question", id: id + "-q" }, make("span", { class: "sr", text: say("asked") }), asked);
  const wait = make("p", { class: "pending", text: say("pending") });
  $(".turns").append(make("article", { class: "turn is-pending", id, "aria-labelledby": id + "-q" }, head, wait));
  working(true);
  frame();
  showTurn(number, "auto"); // the answer is a blink away: a glide would only take the machine's time from it
}

/** Checked sentences are shown while the rest is written. */
async function follow(mine) {
  for (let shown = ""; pending === mine; ) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const told = pending === mine && (await peek("so_far", { id: mine.id, number: mine.number }));
    if (pending !== mine || !told?.html || told.html === shown) continue;
    shown = told.html;
    const turn = turnOf(mine.number);
    $(".so-far", turn)?.remove();
    $(".pending", turn).before(element(shown));
    $(".pending", turn).textContent = say("writing");
  }
}

/** The page's sentences in place of the language model's, and back. */
export function showQuotes(button) {
  const alone = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(alone));
  const [written, quotes] = button.getAttribute("aria-controls").split(" ").map((id) => document.getElementById(id));
  written.hidden = alone;
  quotes.hidden = !alone;
}

function working(on) {
  $("#ask").hidden = on;
  $("#stop").hidden = !on;
}

export function stop() {
  if (!pending) return;
  const { id, number, question } = pending;
  pending = null;
  call("give_up", { id });
  working(false);
  turnOf(number)?.remove();
  frame();
  tell({ text: say("stopped") });
  document.dispatchEvent(new CustomEvent("pageqa:back", { detail: question }));
}

function draw(number, html) {
  const made = element(html);
  const old = turnOf(number);
  if (old) old.replaceWith(made);
  else $(".turns").append(made);
  frame();
  return made;
}

function showTurn(number, behavior = scrolling().behavior) {
  const question = $(".question", turnOf(number));
  const top = question.getBoundingClientRect().top - view().getBoundingClientRect().top + view().scrollTop;
  view().scrollTo({ top: top - 16, behavior });
}

function finish(number) {
  showTurn(number);
  point(number);
  showCited();
  const said = $$(".follows, .answer:not([hidden]) > *", turnOf(number)).map((part) => part.textContent.trim());
  announce("said", said.join(" "));
}

/* ---------- keeping ---------- */

function keep(record) {
  const turn = { record };
  conversation.turns.push(turn);
  drawn[drawn.length - 1].turn = turn;
  if (!conversation.name || conversation.greeted) {
    conversation.name = record.question.text;
    conversation.greeted = record.question.intent === "smalltalk"; // "salut" names none for long
  }
  save();
}

function save() {
  conversation.at = Date.now();
  store.setCurrent(conversation.id);
  if (!store.keep(conversation)) tell({ text: say("notKept") });
}

export const kept = (number) => drawn[number - 1];

/** The opinion on exchange `number` is remembered with it. */
export function remember(number, vote, key) {
  const { turn } = drawn[number - 1];
  Object.assign(turn, { vote, key });
  save();
}

/* ---------- conversations ---------- */

/** Opens a kept conversation; its exchanges are drawn again from the page as it is now. */
export async function restore(id) {
  const found = store.find(id);
  if (!found || !ready) return false;
  letGo();
  const answer = await call("restore_turns", { turns: found.turns.map((turn) => turn.record) });
  if (answer?.note) tell({ text: answer.note });
  if (!answer?.turns) return false;
  conversation = found;
  drawn = answer.turns.map((turn, n) => ({
    asked: found.turns[n].record.question.text,
    record: turn.record || found.turns[n].record,
    markdown: turn.markdown,
    turn: found.turns[n],
  }));
  $(".turns").replaceChildren(...answer.turns.map((turn) => element(turn.html)));
  drawn.forEach(({ turn }, n) => turn.vote && showVote(n + 1, turn.vote));
  store.setCurrent(id);
  frame();
  if (drawn.length) {
    showTurn(drawn.length);
    point(drawn.length);
    showCited();
  }
  return true;
}

export function showVote(number, vote) {
  for (const button of $$("button[data-vote]", turnOf(number))) {
    button.setAttribute("aria-pressed", String(button.dataset.vote === vote));
  }
}

/** A question under way belongs to a conversation that is left: its answer is not waited for. */
function letGo() {
  if (!pending) return;
  call("give_up", { id: pending.id });
  pending = null;
  working(false);
}

export function restart() {
  letGo();
  const left = drawn.some((turn) => turn.record) ? conversation.id : "";
  begin();
  store.setCurrent("");
  conversation = null;
  view().scrollTo({ top: 0 });
  if (left) tell({ text: say("restarted"), undo: () => restore(left) });
  focusBox();
}

/** Forgets conversations; the one on the screen goes with them. */
export function forget(ids) {
  const gone = store.forget(ids);
  const shown = conversation && ids.includes(conversation.id);
  if (shown) {
    letGo();
    begin();
    store.setCurrent("");
    conversation = null;
  }
  frame();
  const text = say(gone.length > 1 ? "forgottenAll" : "forgotten");
  tell({
    text,
    undo: () => {
      store.giveBack(gone);
      if (shown) restore(gone[0].id);
      frame();
    },
  });
}

/** A line above the conversation, with a way back where there is one. */
export function tell(notice) {
  const box = $(".notice");
  undo = notice?.undo || null;
  box.hidden = !notice;
  if (!notice) return;
  $("p", box).textContent = notice.text;
  $("button", box).hidden = !undo;
  announce("said", notice.text);
}

export function takeBack() {
  const act = undo;
  tell(null);
  act?.();
  focusBox();
}

export const focusBox = () => roomy() && $("#question").focus({ preventScroll: true });

/* ---------- taking away ---------- */

/** Made in the browser: the server writes no file of what was asked. */
export function download() {
  const text = heading + drawn.map((turn) => turn.markdown).filter(Boolean).map((m) => "\n" + m).join("");
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  make("a", { href: url, download: say("file") }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** The address that asks exchange `number` again, with the questions that it leans on. */
export function link(number) {
  const { question } = drawn[number - 1].record;
  const query = new URLSearchParams({ q: question.text });
  const before = question.follows?.length ? question.follows : [question.previous];
  before.filter(Boolean).forEach((asked) => query.append("after", asked));
  return location.origin + location.pathname + "?" + query;
}

/** Sources are shown on paper, whether or not they were opened. */
export function listenToPrint() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = $$("details.sources:not([open])");
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
}
