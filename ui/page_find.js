/* The search box of the page: finds words whatever their accents and capitals, shows all places and goes
   from one to the next. Nothing of the page is changed: places are drawn by the CSS Custom Highlight API. */
(() => {
  "use strict";
  const LEAST = 2; // letters before anything is looked for

  let known = null; // the article that was read last: { article, text, nodes, starts }
  let found = [];
  let at = -1;

  /** One UTF-16 unit for one, so that a place in the folded text is a place in the page. */
  const fold = (text) =>
    Array.from(text, (c) => {
      const plain = c.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace("’", "'");
      return plain.length === c.length ? plain : c.toLowerCase().length === c.length ? c.toLowerCase() : c;
    })
      .join("")
      .replace(/\s/g, " ");

  function read(article) {
    if (known && known.article === article && article.isConnected) return known;
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    known = { article, text: "", nodes: [], starts: [] };
    const parts = [];
    let length = 0;
    let block = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const leaf = node.parentElement.closest("[data-start]");
      if (!leaf || leaf.matches(".carried")) continue;
      const own = leaf.closest("p, li, td, th, pre, h2, h3, h4, h5, h6");
      const between = own === block ? "" : "\n";
      block = own;
      known.nodes.push(node);
      known.starts.push(length + between.length);
      parts.push(between, fold(node.data));
      length += between.length + node.data.length;
    }
    known.text = parts.join("");
    return known;
  }

  function place({ nodes, starts }, offset) {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return [nodes[low], Math.min(offset - starts[low], nodes[low].data.length)];
  }

  function search(words) {
    const article = document.querySelector("#page .page-text");
    const wanted = fold(words.trim());
    found = [];
    at = -1;
    if (!article || wanted.length < LEAST) return;
    const page = read(article);
    for (let from = page.text.indexOf(wanted); from >= 0; from = page.text.indexOf(wanted, from + wanted.length)) {
      const range = document.createRange();
      range.setStart(...place(page, from));
      const [node, last] = place(page, from + wanted.length - 1);
      range.setEnd(node, last + 1);
      found.push(range);
    }
  }

  function draw(form) {
    const said = form.querySelector("[role=status]");
    const asked = form.elements[0].value.trim().length >= LEAST;
    said.textContent = found.length
      ? form.dataset.count.replace("{number}", at + 1).replace("{count}", found.length)
      : asked ? form.dataset.none : "";
    if (!window.Highlight) return;
    CSS.highlights.set("found", new Highlight(...found));
    CSS.highlights.set("found-here", new Highlight(...found.slice(at, at + 1)));
  }

  function go(form, step) {
    if (found.length) {
      at = (at + step + found.length) % found.length;
      const view = form.closest(".page-scroll");
      const top = found[at].getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
      view.scrollTo({ top: top - view.clientHeight * 0.3 });
    }
    draw(form);
  }

  document.addEventListener("input", ({ target }) => {
    const form = target.closest && target.closest(".page-find");
    if (!form) return;
    search(target.value);
    go(form, 1);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".page-find");
    if (!form) return;
    event.preventDefault();
    go(form, 1);
  });
})();
