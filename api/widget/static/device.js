// What this device keeps, and how it says whose conversation it is. On our own page a cookie that scripts can't read does it.
// In a frame on another site browsers refuse cookies: the same value stays in the frame's storage and goes in a header.

export const framed = document.documentElement.hasAttribute("data-cadre");
const VISITOR = "aiguillage.conversation";
const WAITING = "aiguillage.messages";
const TRIED = "aiguillage.essai";
const WEEK_MS = 7 * 24 * 3600 * 1000;
const memory = new Map(); // where storage is refused, the conversation lasts as long as the page

/** The headers of a request of this page. */
export function headers(more) {
  if (!framed) {
    return more;
  }
  const visitor = keptVisitor();
  return { ...more, "x-aiguillage-cadre": "1", ...(visitor ? { authorization: `Bearer ${visitor}` } : {}) };
}

export function keptVisitor() {
  const kept = read(localStorageOf(), VISITOR);
  return kept && kept.until > Date.now() ? kept.value : null;
}

export function keepVisitor(value) {
  write(localStorageOf(), VISITOR, { value, until: Date.now() + WEEK_MS });
}

/** False where the browser refuses storage to this frame: the conversation then lasts as long as the frame. */
export function remembers() {
  const storage = localStorageOf();
  try {
    storage.setItem(TRIED, "1");
    storage.removeItem(TRIED);
    return true;
  } catch { return false; }
}

/** The conversation is no more on this device. */
export function forgetAll() {
  remove(localStorageOf(), VISITOR);
  remove(sessionStorageOf(), WAITING);
}

/** Messages that did not leave yet: a reload of this tab finds them again. */
export function keptMessages() {
  return read(sessionStorageOf(), WAITING) || [];
}

export function keepMessages(messages) {
  if (messages.length) {
    write(sessionStorageOf(), WAITING, messages);
  } else {
    remove(sessionStorageOf(), WAITING);
  }
}

/** A random id (UUID v4); browsers give one only on secure pages. */
export function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function localStorageOf() {
  try { return window.localStorage; } catch { return null; }
}

function sessionStorageOf() {
  try { return window.sessionStorage; } catch { return null; }
}

function read(storage, key) {
  try { return JSON.parse(storage.getItem(key)) ?? memory.get(key); } catch { return memory.get(key); }
}

function write(storage, key, value) {
  memory.set(key, value);
  try { storage.setItem(key, JSON.stringify(value)); } catch { /* refused, or full: it stays in memory */ }
}

function remove(storage, key) {
  memory.delete(key);
  try { storage?.removeItem(key); } catch { /* nothing was kept */ }
}
