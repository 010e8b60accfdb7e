/* The card of a mark: the passage's section, and the quote with the words around it. */

import { $, make, narrow, touched } from "./dom.js";
import { around } from "./pane.js";

const WORDS_AROUND = 90;
let shown = null;
let timer = 0;

function show(mark) {
  clearTimeout(timer);
  if (shown === mark) return;
  hide();
  const card = $("#card");
  const { start, end, passage, section } = mark.dataset;
  const [before, quote, after] = around(Number(start), Number(end), Number(passage), WORDS_AROUND);
  card.replaceChildren(
    make("p", { class: "source-path", text: section }),
    make("p", {}, before, make("strong", { text: quote || mark.dataset.quote }), after),
  );
  shown = mark;
  card.hidden = false;
  mark.setAttribute("aria-describedby", "card");
  put(card, mark);
}

const LEAST = 72; // a card of less height says nothing

/** Beside the answer, where there is room; else above the mark; nowhere without room. Never over the lines that
    come next. */
function put(card, mark) {
  const where = mark.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const column = mark.closest(".turns").getBoundingClientRect();
  const beside = column.right + 12;
  const fits = !narrow() && beside + size.width <= innerWidth - 8;
  const above = where.top - $(".conversation").getBoundingClientRect().top - 14; // never over the header
  if (!fits && above < LEAST) return hide();
  const left = fits ? beside : Math.min(Math.max(8, where.left - 24), innerWidth - size.width - 8);
  card.style.left = Math.max(8, left) + "px";
  card.style.maxHeight = fits ? "" : Math.min(256, above) + "px";
  card.classList.toggle("is-cut", card.scrollHeight > card.clientHeight + 1);
  const { height } = card.getBoundingClientRect();
  const top = fits ? Math.min(where.top - 8, innerHeight - height - 8) : where.top - height - 6;
  card.style.top = Math.max(8, top) + "px";
}

export function hide() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-describedby");
  shown = null;
  $("#card").hidden = true;
}

export const isShown = () => !!shown;

export function listen() {
  for (const name of ["mouseover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const mark = event.target.closest?.("a.mark");
      const given = name === "focusin" && touched(); // back from the page: a finger has no pointer to move away
      if (mark && !given) show(mark);
      else if (event.target.closest?.("#card")) clearTimeout(timer);
    });
  }
  for (const name of ["mouseout", "focusout"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.closest?.("a.mark, #card")) return;
      clearTimeout(timer);
      timer = setTimeout(hide, 150); // time to move the pointer onto the card
    });
  }
  $(".conversation").addEventListener("scroll", hide, { passive: true });
}
