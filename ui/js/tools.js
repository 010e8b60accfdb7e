/* Under an answer: copying, the link to a question, opinions. */

import { $, $$, announce, say, scrolling } from "./dom.js";
import * as chat from "./chat.js";
import { call } from "./server.js";
import { newId } from "./store.js";

export async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyTheOldWay(text); // no clipboard outside https and localhost
  }
  const note = say(done ? "copied" : "copyFailed");
  announce("said", note);
  button.dataset.label ||= button.textContent;
  button.style.minWidth ||= button.offsetWidth + "px"; // what stands beside it stays where it is
  button.textContent = note;
  setTimeout(() => (button.textContent = button.dataset.label), 1600);
}

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0";
  area.setAttribute("aria-hidden", "true");
  document.body.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    /* said to the user by the caller */
  }
  area.remove();
  return done;
}

const formOf = (button) => $("form.feedback", button.closest(".turn"));

/** The little form of an opinion, by one of the two thumbs or « Signaler une erreur ». */
export function openOpinion(button) {
  const form = formOf(button);
  form.dataset.vote = button.dataset.vote;
  $$("[aria-expanded]", button.closest(".tools")).forEach((b) => b.setAttribute("aria-expanded", String(b === button)));
  $("label", form).textContent = say(button.matches(".report") ? "reportWord" : "feedbackWord");
  form.hidden = false;
  $("input", form).focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest", ...scrolling() });
}

export function closeOpinion(form) {
  const opener = $('[aria-expanded="true"]', form.closest(".tools"));
  form.hidden = true;
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
}

export async function sendOpinion(form) {
  const number = Number(form.closest(".turn").dataset.turn);
  const { record, turn } = chat.kept(number);
  const { vote } = form.dataset;
  const key = turn.key || newId();
  const told = await call("keep_opinion", { key, vote, word: $("input", form).value, record });
  if (!told) return;
  const note = $(".feedback-note", form.closest(".tools"));
  note.textContent = told.note;
  note.hidden = false;
  announce("said", told.note);
  if (!told.kept) return;
  chat.remember(number, vote, key);
  chat.showVote(number, vote);
  $("input", form).value = "";
  closeOpinion(form);
}
