/* What Gradio's page does by itself and we mend; each has its contract test. */

import { $$ } from "./dom.js";

/** Gradio gives the document the browser's language; every word here is French. */
export function french() {
  const root = document.documentElement;
  const hold = () => root.lang !== "fr" && (root.lang = "fr");
  new MutationObserver(hold).observe(root, { attributes: true, attributeFilter: ["lang"] });
  hold();
}

/** Gradio wraps the whole application, header and page too, in one <main>: it becomes a plain box. */
export function landmarks(app) {
  for (const main of $$("main")) {
    if (!main.contains(app) || main === app) continue;
    const box = document.createElement("div");
    for (const { name, value } of main.attributes) box.setAttribute(name, value);
    box.append(...main.childNodes);
    main.replaceWith(box);
  }
}
