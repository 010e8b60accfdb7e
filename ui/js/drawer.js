/* The page as a drawer over the conversation, in one column. « Back » closes it first. */

import { $, narrow, onWidth } from "./dom.js";

let opener = null;
let leaving = false; // the step back in the history is ours

const others = () => ["#top", "#chat", "#bottom"].map((s) => $(s));
export const isOpen = () => $("#page").classList.contains("is-drawer");

export function open(from) {
  opener = from;
  if (isOpen()) return;
  const aside = $("#page");
  aside.classList.add("is-drawer");
  aside.setAttribute("role", "dialog");
  aside.setAttribute("aria-modal", "true");
  others().forEach((element) => (element.inert = true));
  history.pushState({ drawer: true }, "");
  $("#close-page").focus();
}

export function close(giveBack = true) {
  if (!isOpen()) return;
  const aside = $("#page");
  aside.classList.remove("is-drawer");
  aside.setAttribute("role", "complementary"); // an <aside> may not become a dialog
  aside.removeAttribute("aria-modal");
  others().forEach((element) => (element.inert = false));
  if (history.state?.drawer) {
    leaving = true;
    history.back();
  }
  if (giveBack && opener) (opener.isConnected ? opener : $("#open-page")).focus();
}

export function listen() {
  if (history.state?.drawer) history.replaceState(null, "");
  addEventListener("popstate", () => {
    if (leaving) leaving = false;
    else close();
  });
  onWidth(() => narrow() || close(false));
}
