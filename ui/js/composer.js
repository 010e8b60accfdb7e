/* The box where a question is typed. */

import { $, announce, say, touched } from "./dom.js";
import * as chat from "./chat.js";
import { setDraft, draft } from "./store.js";

let waiting = ""; // asked before the assistant was ready
let edited = 0; // the exchange whose question is being changed; 0 for none
let recalled = -1; // how far back ↑ has gone

const box = () => $("#question");

export function write(text) {
  box().value = text;
  fit();
  setDraft(text);
}

/** As high as its text, up to a third of the window. */
function fit() {
  box().style.height = "auto";
  const border = box().offsetHeight - box().clientHeight;
  box().style.height = Math.min(box().scrollHeight + border, Math.max(48, innerHeight / 3)) + "px";
}

function sayEmpty(shown) {
  $("#empty").hidden = !shown;
  box().setAttribute("aria-invalid", String(shown));
  if (shown) announce("alerted", $("#empty").textContent);
}

/** Enter and « Demander ». What is typed while an answer is under way stays. */
async function submit(ready) {
  const question = box().value.trim();
  if (chat.busy()) return announce("said", say("pending"));
  sayEmpty(!question);
  if (!question) return box().focus();
  if (!ready) return hold(question);
  await put(question, edited ? { before: edited - 1 } : {});
}

/** Asks; the box is cleared once the question is answered, unless another is being typed. */
export async function put(question, options = {}) {
  if (chat.busy()) return;
  recalled = -1;
  const asking = chat.ask(question, options);
  if (touched()) box().blur(); // no keyboard over the answer
  else box().focus({ preventScroll: true });
  const done = await asking;
  if (done) edit(0);
  if (done && box().value.trim() === question) write("");
  if (!done && !box().value.trim()) write(question);
}

/** Before the assistant is ready a question waits, and the first screen says how far it is. */
function hold(question) {
  waiting = question;
  $(".waiting").hidden = false;
  announce("said", $(".waiting").textContent);
}

export function ready() {
  $(".waiting").hidden = true;
  if (waiting) put(waiting);
  return !!waiting;
}

/** « Modifier »: the question goes back to the box; asked again, it comes after what came before it then. */
export function edit(number) {
  edited = number;
  $(".editing").hidden = !number;
  if (!number) return;
  write(chat.questions()[number - 1]);
  box().focus();
  box().setSelectionRange(box().value.length, box().value.length);
}

/** ↑ in an empty box: the last question, then those before it; ↓ comes back. */
function recall(event) {
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const asked = chat.questions().reverse();
  const untouched = recalled < 0 ? !box().value : box().value === asked[recalled];
  if (!step || !untouched || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = recalled + step;
  if (to < -1 || to >= asked.length) return;
  event.preventDefault();
  recalled = to;
  write(to < 0 ? "" : asked[to]);
}

export function listen(isReady) {
  write(draft());
  box().addEventListener("input", () => {
    fit();
    setDraft(box().value);
    if (box().value.trim()) sayEmpty(false);
  });
  box().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit(isReady());
    } else if (event.key === "Escape" && edited) {
      event.stopPropagation();
      edit(0);
      write("");
    } else recall(event);
  });
  $("#composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(isReady());
  });
  $(".editing button").addEventListener("click", () => {
    edit(0);
    write("");
    box().focus();
  });
  $("#stop").addEventListener("click", chat.stop);
  document.addEventListener("pageqa:back", (event) => {
    if (!box().value.trim()) write(event.detail);
    box().focus();
  });
  addEventListener("resize", fit);
  new ResizeObserver(fit).observe($("#composer")); // made narrow by the line between it and the page
}
