/* Small things that every module needs. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The words that scripts put on the screen, from `ui/words.py`. */
export const words = JSON.parse($("#pageqa-words")?.textContent || "{}");
export const say = (name, values = {}) =>
  (words[name] || "").replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));

const query = new URLSearchParams(location.search);
/** Inside a frame of another page: one column, and the focus is left where it is. */
export const embedded = query.has("embed");

const little = matchMedia("(max-width: 899px)");
export const narrow = () => embedded || little.matches;
export const onWidth = (act) => little.addEventListener("change", act);
/** A screen without a pointer: the focus in the box raises a keyboard. */
export const touched = () => matchMedia("(hover: none)").matches;
/** A wide screen with a pointer: the focus may go to the box without a keyboard rising over the page. */
export const roomy = () => !narrow() && !touched();

const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const scrolling = () => ({ behavior: calm.matches ? "auto" : "smooth" });

export function make(tag, values = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name === "text") element.textContent = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

/** Said to who listens: "said" when there is a pause, "alerted" at once. */
export function announce(id, text) {
  const region = document.getElementById(id);
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

/** HTML that our server made (escaped there) as one element. */
export function element(html) {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  return holder.firstElementChild;
}

/** What a line of the page's text stands in. */
export const BLOCKS = "p, li, pre, h2, h3, h4, h5, h6, td, th";
