/* The server behind `gr.HTML`'s functions, and what is shown when it does not answer. */

import { $, announce } from "./dom.js";
import { lastRecovery, setRecovery } from "./store.js";

let functions = null;
let watching = 0;
let leaving = false;
const POLL = 1500;
const PATIENCE = 3000;
const TRIED = 15000;
const MOST_LATE = 12; // in a row, five seconds each

export const connect = (given) => (functions = given);

// The browser gives up the requests of a page that is left: no fault, and a reload would keep the reader here.
addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => (leaving = false), PATIENCE);
});

/** What the server gives for `request`; null where it could not be had, which is then said, but to a reader who leaves. */
export async function call(name, request = {}) {
  const watcher = new AbortController();
  try {
    const told = await Promise.race([functions[name](request), silence(watcher.signal)]);
    if (told == null) throw new Error("nothing"); // Gradio's client swallows what goes wrong
    calmDown();
    return told;
  } catch {
    if (leaving) return null;
    if ((await health()) !== "there") {
      trouble(".lost");
      watch();
    } else if (!recover()) trouble(".fault");
    return null;
  } finally {
    watcher.abort();
  }
}

/** The same for what may be missed: null where it could not be had, and nothing is said. */
export async function peek(name, request) {
  try {
    return await functions[name](request);
  } catch {
    return null;
  }
}

/** Fails when the server is gone: an answer may take its time. Many tabs that wait for theirs share six connections,
    and a question about its health waits behind them: late is not gone, unless it is late for a minute. */
async function silence(signal) {
  for (let late = 0, gone = 0; gone < 2 && late < MOST_LATE; ) {
    await new Promise((resolve) => setTimeout(resolve, gone ? 0 : PATIENCE));
    if (signal.aborted) return null;
    const found = await health();
    late = found === "late" ? late + 1 : 0;
    gone = found === "gone" ? gone + 1 : 0; // twice: a connection may break by itself
  }
  throw new Error("silence");
}

/** "there", "gone" (nobody listens), or "late". */
async function health() {
  try {
    await fetch("./health", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    return "there";
  } catch (error) {
    return error.name === "TimeoutError" ? "late" : "gone";
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
    if (watching && (await health()) === "there") recover();
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
