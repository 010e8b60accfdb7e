/* Draws what the server sends (already escaped HTML), and links marks to places in the page.
   No word of a question, an answer or a page is ever parsed as HTML here. */
(() => {
  "use strict";
  document.documentElement.lang = "fr";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = () => matchMedia("(max-width: 899px)").matches;
  const scrolling = () => ({ behavior: calm() ? "auto" : "smooth" });

  let send = () => {};
  let conversation = null; // element of the conversation
  let pane = null; // element of the page
  let ready = false;
  let markdown = "";
  let sentAt = -Infinity; // when the last question left
  let current = 0; // the turn whose passages are numbered in the page
  let opener = null; // the mark that was followed last
  let drawerOpener = null;

  /* ---------- the conversation ---------- */

  const drawn = new Map(); // turn id -> { element, html }

  /** One exchange changes at a time; the others stay as they are, focus and opened sources included. */
  function drawConversation({ count, turn, markdown: text }) {
    for (const [id, { element }] of drawn) {
      if (id <= count) continue;
      element.remove();
      drawn.delete(id);
    }
    $$(".lost, .fault", conversation).forEach((box) => (box.hidden = true));
    isLost = false;
    if (turn) drawTurn(turn);
    if (text !== undefined || !count) markdown = text || "";
    $(".intro", conversation).hidden = count > 0;
    $("#new").hidden = !count;
    $("#download").hidden = !markdown;
    if (!count) point(0);
  }

  function drawTurn(turn) {
    const old = drawn.get(turn.id);
    if (old && old.html === turn.html) return;
    const holder = document.createElement("div");
    holder.innerHTML = turn.html;
    const element = holder.firstElementChild;
    const focusInside = old && old.element.contains(document.activeElement);
    if (old) old.element.replaceWith(element);
    else $(".turns", conversation).append(element);
    drawn.set(turn.id, { element, html: turn.html, state: turn.state });
    if (!old) showTurn(element);
    const note = $(".feedback-note", element);
    if (focusInside) (note || $("a, button", element)).focus();
    if (note) announce("said", note.textContent);
    if (turn.state !== "done" && turn.state !== "error") return;
    sentAt = -Infinity;
    if (old && old.state === turn.state) return; // an opinion was added
    if (turn.state === "done") finish(turn, element);
    else announce("alerted", $(".error", element).textContent);
  }

  function showTurn(element) {
    const view = $(".conversation", conversation);
    view.scrollTo({ top: $(".question", element).offsetTop - 20, ...scrolling() });
  }

  function finish(turn, element) {
    showTurn(element);
    point(turn.id);
    const cited = $(".passage.is-cited", pane);
    if (cited) scrollPage(cited);
    clearQuestion(turn.asked);
    const said = [...element.querySelectorAll(".follows, .answer > *")];
    announce("said", said.map((part) => part.textContent.trim()).join(" "));
  }

  /** The question is cleared once it is answered, unless another one is being typed. */
  function clearQuestion(asked) {
    const input = $("#question textarea");
    if (input && input.value.trim() === asked) write("");
  }

  /** As if it had been typed, so that Gradio's own copy of the value follows. */
  function write(words) {
    const input = $("#question textarea");
    input.value = words;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function announce(id, words) {
    const region = document.getElementById(id);
    region.textContent = "";
    setTimeout(() => (region.textContent = words), 50);
  }

  const KEPT = "pageqa.question";
  let isLost = false;

  /** The server does not answer. Gradio says so in English in a notice that fades, tries again every
      two seconds, and then reloads the page: the question must outlive that. */
  function trouble(kind) {
    if (kind === ".lost") isLost = true;
    const box = $(kind, conversation);
    for (const [id, old] of drawn) {
      if (!old.element.matches(".is-pending")) continue;
      old.element.remove();
      drawn.delete(id);
    }
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
    announce("alerted", box.textContent);
  }

  /* ---------- the page ---------- */

  function drawPage(value) {
    if (value.intro) $(".intro", conversation).innerHTML = value.intro;
    if (value.state !== "ready" || ready) return;
    ready = true;
    $$("#open-about, #open-page").forEach((button) => (button.hidden = false));
    $(".page-body", pane).innerHTML = value.page;
    $("#bottom .facts").innerHTML = value.facts;
    $("#about .about-body").innerHTML = value.about;
    $(".about-page").textContent = value.title;
    document.title = value.title + " – " + $("h1").textContent;
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept) return write(kept);
    const asked = new URLSearchParams(location.search).get("q");
    if (asked && asked.trim()) ask(asked.trim().slice(0, 4000));
  }

  const leaves = () => $$(".page-text [data-start]", pane);

  /** Text nodes of the page between two offsets, as [node, from, to]. Offsets count characters,
      JavaScript counts UTF-16 units: beyond the basic plane they differ. */
  function* ranges(start, end) {
    for (const leaf of leaves()) {
      const from = Number(leaf.dataset.start);
      const to = Number(leaf.dataset.end);
      if (to <= start || from >= end) continue;
      const walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT);
      const nodes = [];
      while (walker.nextNode()) nodes.push(walker.currentNode);
      let at = from;
      for (const node of nodes) {
        const chars = [...node.data];
        const a = Math.max(start - at, 0);
        const b = Math.min(end - at, chars.length);
        if (a < b) yield [node, chars.slice(0, a).join("").length, chars.slice(0, b).join("").length];
        at += chars.length;
      }
    }
  }

  function clearQuote() {
    for (const mark of $$("mark.quote", pane)) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
    $$(".back", pane).forEach((link) => link.remove());
    $$(".is-open", pane).forEach((span) => span.classList.remove("is-open"));
  }

  function highlight(start, end) {
    clearQuote();
    const marks = [];
    for (const [node, a, b] of [...ranges(start, end)]) {
      const range = document.createRange();
      range.setStart(node, a);
      range.setEnd(node, b);
      const mark = document.createElement("mark");
      mark.className = "quote";
      range.surroundContents(mark);
      marks.push(mark);
    }
    return marks;
  }

  /** Tint and number the passages that an answer cites. */
  function point(turn) {
    current = turn;
    $$(".chips", pane).forEach((chips) => chips.remove());
    $$(".is-cited", pane).forEach((span) => span.classList.remove("is-cited"));
    $$(".turn.is-current", conversation).forEach((element) => element.classList.remove("is-current"));
    const element = document.getElementById("turn-" + turn);
    if (!element) return clearQuote();
    element.classList.add("is-current");
    clearQuote();
    const numbers = new Map();
    for (const mark of $$("a.mark, .nearby-link", element)) {
      const { passage, n } = mark.dataset;
      if (!numbers.has(passage)) numbers.set(passage, new Map());
      if (!numbers.get(passage).has(n)) numbers.get(passage).set(n, mark);
    }
    for (const [passage, marks] of numbers) {
      const spans = $$('[data-passage="' + Number(passage) + '"]', pane).filter((e) => e.matches("span.passage"));
      if (!spans.length) continue;
      spans.forEach((span) => span.classList.add("is-cited"));
      const chips = document.createElement("span");
      chips.className = "chips";
      for (const [n, mark] of marks) {
        if (mark.matches(".nearby-link")) continue; // tinted, but nothing is cited
        chips.append(backLink("chip", mark, n));
      }
      if (chips.childNodes.length) spans[0].before(chips);
    }
  }

  function backLink(kind, mark, n) {
    const link = document.createElement("a");
    link.className = kind;
    link.href = "#turn-" + mark.dataset.turn;
    link.dataset.turn = mark.dataset.turn;
    link.dataset.n = n;
    const label = pageqa.words.back.replace("{n}", n);
    if (kind === "chip") link.textContent = n;
    else link.textContent = "↩ " + pageqa.words.backShort;
    link.setAttribute("aria-label", kind === "chip" ? label : pageqa.words.backShort + " (" + n + ")");
    return link;
  }

  /** A mark was pressed: show its words in the page and move there. */
  function follow(mark) {
    const { turn, n, start, end, passage } = mark.dataset;
    hideCard();
    if (narrow()) openDrawer(mark);
    if (Number(turn) !== current) point(Number(turn));
    const marks = highlight(Number(start), Number(end));
    opener = mark;
    if (!marks.length) return;
    $$('span.passage[data-passage="' + Number(passage) + '"]', pane).forEach((s) => s.classList.add("is-open"));
    const last = marks[marks.length - 1];
    last.closest("span[data-start]").after(backLink("back", mark, n));
    marks[0].tabIndex = -1;
    marks[0].focus({ preventScroll: true });
    scrollPage(marks[0]);
  }

  function scrollPage(element) {
    const view = $(".page-scroll", pane);
    const top = element.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
    view.scrollTo({ top: top - view.clientHeight * 0.25, ...scrolling() });
  }

  /** From the page back to the mark that led there, or to the answer that cites the passage. */
  function goBack(link) {
    const turn = document.getElementById("turn-" + link.dataset.turn);
    if (!turn) return;
    closeDrawer(false);
    const same = opener && turn.contains(opener) && opener.isConnected && opener.dataset.n === link.dataset.n;
    const mark = same ? opener : $('a.mark[data-n="' + Number(link.dataset.n) + '"], .to-page[data-n="' + Number(link.dataset.n) + '"]', turn);
    const target = mark || turn;
    const closed = target.closest("details:not([open])");
    if (closed) closed.open = true;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", ...scrolling() });
  }

  /* ---------- the drawer (phone) ---------- */

  const others = () => ["#top", "#chat", "#bottom"].map((s) => $(s)).filter(Boolean);

  function openDrawer(from) {
    const aside = $("#page");
    drawerOpener = from;
    if (aside.classList.contains("is-drawer")) return;
    aside.classList.add("is-drawer");
    aside.setAttribute("role", "dialog");
    aside.setAttribute("aria-modal", "true");
    others().forEach((element) => (element.inert = true));
    $("#close-page").focus();
  }

  function closeDrawer(giveBack = true) {
    const aside = $("#page");
    if (!aside.classList.contains("is-drawer")) return;
    aside.classList.remove("is-drawer");
    aside.setAttribute("role", "complementary");
    aside.removeAttribute("aria-modal");
    others().forEach((element) => (element.inert = false));
    if (giveBack && drawerOpener) {
      const target = drawerOpener.isConnected ? drawerOpener : $("#open-page");
      target.focus();
    }
  }

  /* ---------- the card of a mark ---------- */

  let cardOf = null;
  let cardTimer = 0;

  function showCard(mark) {
    clearTimeout(cardTimer);
    const card = $("#card");
    if (!mark.dataset.quote) return;
    cardOf = mark;
    card.textContent = mark.dataset.quote;
    card.hidden = false;
    mark.setAttribute("aria-describedby", "card");
    const where = mark.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.min(Math.max(8, where.left - 24), innerWidth - size.width - 8);
    // below, so that the sentence it supports stays in sight; above where the question would be covered
    const below = where.bottom + 6;
    const room = $("#composer").getBoundingClientRect().top - 4;
    const top = below + size.height <= room ? below : Math.max(8, where.top - size.height - 6);
    card.style.left = left + "px";
    card.style.top = top + "px";
  }

  function hideCard() {
    clearTimeout(cardTimer);
    if (cardOf) cardOf.removeAttribute("aria-describedby");
    cardOf = null;
    const card = $("#card");
    if (card) card.hidden = true;
  }

  const hideSoon = () => {
    clearTimeout(cardTimer);
    cardTimer = setTimeout(hideCard, 150); // time to move the pointer onto the card
  };

  /* ---------- copying and saving ---------- */

  async function copy(words, button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      done = copyTheOldWay(words); // no clipboard outside https and localhost
    }
    const note = done ? pageqa.words.copied : pageqa.words.copyFailed;
    announce("said", note);
    if (!button.dataset.label) button.dataset.label = button.textContent;
    button.textContent = note;
    setTimeout(() => (button.textContent = button.dataset.label), 1600);
  }

  function copyTheOldWay(words) {
    const area = document.createElement("textarea");
    area.value = words;
    area.style.position = "fixed";
    area.style.opacity = "0";
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

  /** Made in the browser: the server writes no file of what was asked. */
  function save() {
    const url = URL.createObjectURL(new Blob([markdown], { type: "text/markdown;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = pageqa.words.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /* ---------- events ---------- */

  function onClick(event) {
    const at = (selector) => event.target.closest && event.target.closest(selector);
    let found;
    if ((found = at("a.mark, a.to-page"))) {
      event.preventDefault();
      follow(found);
    } else if ((found = at("a.chip, a.back"))) {
      event.preventDefault();
      goBack(found);
    } else if ((found = at("[data-ask]"))) ask(found.dataset.ask);
    else if ((found = at("[data-copy]"))) copy(found.dataset.copy, found);
    else if ((found = at("[data-link]"))) {
      copy(location.origin + location.pathname + "?q=" + encodeURIComponent(found.dataset.link), found);
    } else if ((found = at("button[data-vote]"))) openOpinion(found);
    else if ((found = at("[data-cancel]"))) closeOpinion(found.closest("form"));
    else if (at("#new")) restart();
    else if (at("#download")) save();
    else if (at("#open-page")) narrow() ? openDrawer(at("#open-page")) : $(".page-scroll").focus();
    else if (at("#close-page")) closeDrawer();
    else if (at("#open-about")) $("#about").showModal();
    else if (at("#close-about") || event.target.id === "about") $("#about").close();
    else if ((found = at("a.skip"))) {
      event.preventDefault();
      if (found.getAttribute("href") === "#question") $("#question textarea")?.focus();
      else narrow() ? openDrawer(found) : $(".page-scroll").focus();
    }
  }

  /** One question at a time: two answers under way would take each other's place. */
  const busy = () => performance.now() - sentAt < 250 || !!$(".is-pending", conversation);

  function ask(question) {
    if (busy()) return;
    sentAt = performance.now();
    send("ask", { question });
    toQuestion();
  }

  /** Ready for the next question; on a phone that would open the keyboard over the answer. */
  function toQuestion() {
    $(narrow() ? ".conversation" : "#question textarea").focus({ preventScroll: true });
  }

  function restart() {
    if (busy()) return;
    send("restart", {});
    history.replaceState(null, "", location.pathname);
    toQuestion();
  }

  /** Before Gradio sees it: Enter and « Demander » wait for the answer under way; what is typed stays. */
  function hold(event) {
    const enter = event.key === "Enter" && !event.shiftKey && event.target.closest?.("#question");
    const press = event.type === "click" && event.target.closest?.("#ask");
    if (!enter && !press) return;
    if (busy()) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if ($("#question textarea").value.trim()) sentAt = performance.now();
  }

  function openOpinion(button) {
    const form = $("#feedback-" + Number(button.dataset.turn));
    const turn = button.closest(".turn");
    $$("button[data-vote]", turn).forEach((b) => {
      b.setAttribute("aria-expanded", String(b === button));
      b.classList.toggle("is-chosen", b === button);
    });
    form.dataset.vote = button.dataset.vote;
    form.hidden = false;
    $("input", form).focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest", ...scrolling() });
  }

  function closeOpinion(form) {
    form.hidden = true;
    const turn = form.closest(".turn");
    const button = $('button[data-vote="' + form.dataset.vote + '"]', turn);
    $$("button[data-vote]", turn).forEach((b) => {
      b.setAttribute("aria-expanded", "false");
      b.classList.remove("is-chosen");
    });
    button.focus();
  }

  function onSubmit(event) {
    const form = event.target.closest("form.feedback");
    if (!form) return;
    event.preventDefault();
    send("opinion", { turn: Number(form.dataset.turn), vote: form.dataset.vote, word: $("input", form).value });
  }

  function onKey(event) {
    if (event.key !== "Escape") return;
    if (!$("#card").hidden) hideCard();
    else if ($("#page").classList.contains("is-drawer")) closeDrawer();
    else if (pane && pane.contains(document.activeElement) && opener?.isConnected) {
      opener.focus({ preventScroll: true });
      opener.scrollIntoView({ block: "center", ...scrolling() });
    } else if (event.target.closest("form.feedback")) closeOpinion(event.target.closest("form.feedback"));
  }

  function listen() {
    document.addEventListener("keydown", hold, true);
    document.addEventListener("click", hold, true);
    document.addEventListener("click", onClick);
    document.addEventListener("submit", onSubmit);
    document.addEventListener("keydown", onKey);
    for (const name of ["mouseover", "focusin"]) {
      document.addEventListener(name, (event) => {
        const mark = event.target.closest?.("a.mark");
        if (mark) showCard(mark);
        else if (event.target.closest?.("#card")) clearTimeout(cardTimer);
      });
    }
    for (const name of ["mouseout", "focusout"]) {
      document.addEventListener(name, (event) => {
        if (event.target.closest?.("a.mark, #card")) hideSoon();
      });
    }
    // Gradio's notices come in a box that it makes after ours
    const watch = new MutationObserver(() => {
      const notice = $(".toast-wrap .error");
      if (notice && !isLost && /connection/i.test(notice.textContent)) trouble(".lost");
    });
    watch.observe(document.body, { childList: true, subtree: true });
    addEventListener("pagehide", () => {
      if (isLost) sessionStorage.setItem(KEPT, $("#question textarea").value);
    });
    addEventListener("resize", () => narrow() || closeDrawer(false));
    // iOS lays its keyboard over the page: only the visual viewport knows
    const fit = () => document.documentElement.style.setProperty("--height", visualViewport.height + "px");
    if (window.visualViewport) {
      visualViewport.addEventListener("resize", fit);
      fit();
    }
  }

  /** Landmarks. Gradio wraps the whole application, header and page too, in one <main>, and offers
      no other element: that <main> becomes a plain box, and our parts get their roles. */
  function landmarks() {
    for (const main of $$("main")) {
      const box = document.createElement("div");
      for (const { name, value } of main.attributes) box.setAttribute(name, value);
      box.append(...main.childNodes);
      main.replaceWith(box);
    }
    const give = (selector, role, label) => {
      const element = $(selector);
      if (!element) return;
      element.setAttribute("role", role);
      if (label) element.setAttribute("aria-label", label);
    };
    give("#top", "banner");
    give("#chat", "main");
    give("#page", "complementary", pageqa.words.pageLabel);
    give("#bottom", "contentinfo");
  }

  let listening = false;

  window.pageqa = {
    words: { ...JSON.parse(document.currentScript.dataset.words || "{}") },
    conversation(element, props, watch, trigger) {
      conversation = element;
      send = trigger;
      const draw = () => drawConversation(JSON.parse(JSON.stringify(props.value)));
      watch("value", draw);
      start();
    },
    page(element, props, watch) {
      pane = element;
      watch("value", () => drawPage(props.value || {}));
      start();
      drawPage(props.value || {});
    },
    trouble,
  };

  function start() {
    if (listening || !conversation || !pane) return;
    listening = true;
    landmarks();
    listen();
  }
})();
