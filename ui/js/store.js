/* Conversations in the reader's own browser: nothing of them stays on the server.
   A conversation: { id, name, at, turns: [{ record, vote, key }] }, newest first. */

/** Several assistants may share a host, each under its path: each keeps its own. */
const here = (name) => "pageqa." + name + (location.pathname === "/" ? "" : location.pathname);
const KEPT = here("conversations");
const CURRENT = here("current");
const DRAFT = here("draft");
const RECOVERED = here("recovered");
const CHOICES = here("choices");
export const MOST = 20;

/** Storage that may be forbidden (private windows, frames): then for as long as the tab lives. */
function storage(kind) {
  try {
    const real = window[kind];
    real.setItem("pageqa.probe", "1");
    real.removeItem("pageqa.probe");
    return real;
  } catch {
    const values = new Map();
    return {
      lost: true,
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => values.set(key, value),
      removeItem: (key) => values.delete(key),
    };
  }
}

const long = storage("localStorage");
const short = storage("sessionStorage");
export const keeps = !long.lost;

function read(key, empty) {
  try {
    return JSON.parse(long.getItem(key)) ?? empty;
  } catch {
    return empty;
  }
}

const sound = (c) => c?.id && Array.isArray(c.turns) && c.turns.every((turn) => turn?.record?.question);

export function all() {
  const kept = read(KEPT, []);
  return Array.isArray(kept) ? kept.filter(sound) : [];
}

export const find = (id) => all().find((c) => c.id === id);

/** The newest first; the oldest go when there are too many, or no room for them. */
function write(list) {
  list = list.sort((a, b) => b.at - a.at).slice(0, MOST);
  for (;;) {
    try {
      if (list.length) long.setItem(KEPT, JSON.stringify(list));
      else long.removeItem(KEPT);
      return true;
    } catch {
      if (list.length < 2) return false;
      list.pop();
    }
  }
}

/** All are read once: this stands between an answer and its first word on the screen. */
export function keep(conversation) {
  const others = all();
  const known = others.findIndex((c) => c.id === conversation.id);
  const before = known >= 0 ? others.splice(known, 1)[0] : null;
  if (before?.renamed) Object.assign(conversation, { name: before.name, renamed: true });
  return write([conversation, ...others]);
}

export function rename(id, name) {
  write(all().map((c) => (c.id === id ? { ...c, name, renamed: true } : c)));
}

/** Forgets the conversations `ids`; gives them, so that it can be undone. */
export function forget(ids) {
  const list = all();
  write(list.filter((c) => !ids.includes(c.id)));
  return list.filter((c) => ids.includes(c.id));
}

export function giveBack(conversations) {
  const ids = conversations.map((c) => c.id);
  write([...conversations, ...all().filter((c) => !ids.includes(c.id))]);
}

/** Which conversation this tab shows, across a reload. */
export const current = () => short.getItem(CURRENT);
export const setCurrent = (id) => (id ? short.setItem(CURRENT, id) : short.removeItem(CURRENT));

/** What is typed and not yet asked. */
export const draft = () => short.getItem(DRAFT) || "";
export const setDraft = (text) => (text ? short.setItem(DRAFT, text) : short.removeItem(DRAFT));

/** How the page is shown: text size, width, hidden. */
export const choice = (name, otherwise) => read(CHOICES, {})[name] ?? otherwise;
export function choose(name, value) {
  try {
    long.setItem(CHOICES, JSON.stringify({ ...read(CHOICES, {}), [name]: value }));
  } catch {
    /* shown as chosen, and not remembered */
  }
}

/** Drawn at random: it tells one conversation or one opinion from another, and nothing else. */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** When the page was last loaded again because the server had changed. */
export const lastRecovery = () => Number(short.getItem(RECOVERED)) || 0;
export const setRecovery = (at) => short.setItem(RECOVERED, at);
