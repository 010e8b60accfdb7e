/* « Mes conversations »: open, rename, delete one or all. They are in this browser only. */

import { $, make, say } from "./dom.js";
import * as chat from "./chat.js";
import * as store from "./store.js";

const dialog = () => $("#list");
const when = new Intl.DateTimeFormat("fr", { dateStyle: "long", timeStyle: "short" });

export function show() {
  $(".forgotten", dialog()).hidden = true;
  draw();
  if (!dialog().open) dialog().showModal();
}

function draw() {
  const kept = store.all();
  $(".kept-list", dialog()).replaceChildren(...kept.map(row));
  $(".none", dialog()).hidden = kept.length > 0;
  $("#forget-all").hidden = !kept.length;
  $(".unkept", dialog()).hidden = store.keeps;
}

function row(conversation) {
  const { id, name, at } = conversation;
  const shown = id === store.current();
  const open = make("button", { type: "button", class: "kept-open", "data-open": id, "aria-current": String(shown) });
  const told = when.format(at) + (shown ? " · " + say("onScreen") : "");
  open.append(make("span", { class: "kept-name", text: name }), make("span", { class: "kept-at", text: told }));
  const rename = make("button", { type: "button", class: "action", text: say("rename"), "aria-label": say("renameLabel", { name }) });
  const remove = make("button", { type: "button", class: "action", text: say("forget"), "aria-label": say("forgetLabel", { name }) });
  const item = make("li", {}, open, rename, remove);
  rename.addEventListener("click", () => item.replaceChildren(renaming(conversation)));
  remove.addEventListener("click", () => {
    chat.forget([id]);
    draw();
    $(".forgotten", dialog()).hidden = false;
    $(".forgotten button", dialog()).focus();
  });
  const field = () => $("input", item);
  rename.addEventListener("click", () => field().select());
  return item;
}

function renaming({ id, name }) {
  const label = make("label", { class: "sr", for: "new-name", text: say("renameLabel", { name }) });
  const input = make("input", { id: "new-name", value: name, maxlength: "120", autocomplete: "off" });
  const done = make("button", { type: "submit", class: "small-primary", text: say("renameDone") });
  const form = make("form", { class: "renaming" }, label, input, done);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (input.value.trim()) store.rename(id, input.value.trim());
    again(id);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    again(id);
  });
  return form;
}

function again(id) {
  draw();
  $('[data-open="' + id + '"]', dialog())?.focus();
}

export function listen() {
  dialog().addEventListener("click", (event) => {
    const open = event.target.closest("[data-open]");
    if (event.target.closest(".forgotten button")) {
      event.stopPropagation(); // taken back once
      chat.takeBack();
      show();
    } else if (open) {
      dialog().close();
      chat.restore(open.dataset.open);
    } else if (event.target.closest("#forget-all")) {
      chat.forget(store.all().map((c) => c.id));
      dialog().close();
    } else if (event.target === dialog() || event.target.closest(".close-dialog")) dialog().close();
  });
  addEventListener("storage", () => dialog().open && draw()); // another tab
}
