/* The server behind `gr.HTML`'s functions, and what is shown when it does not answer. */

import { $, announce } from "./dom.js";
import { lastRecovery, setRecovery } from "./store.js";

let functions = null;
let watching = 0;
const POLL = 1500;
const PATIENCE = 3000;
const TRIED = 15000;

export const connect = (given) => (functions = given);

/** What the server gives for `request`; null where it could not be had, which is then said. */
export async function call(name, request = {}) {
  const watcher = new AbortController();
  try {
    const told = await Promise.race([functions[name](request), silence(watcher.signal)]);
    if (told == null) throw new Error("nothing"); // Gradio's client swallows what goes wrong
    calmDown();
    return told;
  } catch {
    if (!(await healthy())) {
      trouble(".lost");
      watch();
    } else if (!recover()) trouble(".fault");
    return null;
  } finally {
    watcher.abort();
  }
}

/** Fails when the server says nothing at all: an answer may take its time, /health may not. */
async function silence(signal) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    if (signal.aborted) return null;
    if (!(await healthy())) throw new Error("silence");
  }
}

async function healthy() {
  try {
    await fetch("./health", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}

function trouble(kind) {
  calmDown();
  const box = $(kind);
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
  announce("alerted", box.textContent);
}

function calmDown() {
  clearInterval(watching);
  watching = 0;
  $(".lost").hidden = $(".fault").hidden = true;
}

/** Short requests, no open connection: a browser has six for all its tabs. */
function watch() {
  watching = setInterval(async () => {
    if (watching && (await healthy())) recover();
  }, POLL);
}

/** The server is there and is not the one that drew this page: begin anew with it. What was asked and what is
    typed are in the browser. False where that was just tried. */
function recover() {
  if (Date.now() - lastRecovery() < TRIED) return false;
  setRecovery(Date.now());
  location.reload();
  return true;
}
