// The messages on the page: those on their way, those that came, each once; and what is said aloud of them, once too.

const list = document.getElementById("echange");
const live = document.getElementById("annonces");
const SAID_KEPT = 12;
let last = Math.max(0, ...[...list.querySelectorAll("[id^=m]")].map((item) => Number(item.id.slice(1)) || 0));

/** The id of the last message shown. */
export function lastShown() {
  return last;
}

/** Put what came at the end, but for what is already there. Gives the items that are new. */
export function place(piece) {
  const template = document.createElement("template");
  template.innerHTML = piece.exchange;
  const said = new Map(piece.said.map((each) => [String(each.id), each.text]));
  const fresh = [];
  for (const item of [...template.content.children]) {
    if (document.getElementById(item.id)) {
      continue;
    }
    item.querySelector("#dernier")?.remove();
    if (!item.classList.contains("assistant") || item.dataset.direct) {
      retire(); // with a person, what was proposed before is no answer any more
    }
    if (item.classList.contains("learner")) {
      pending(item.dataset.envoi)?.remove();
    } else {
      list.querySelectorAll(".attente").forEach((each) => each.remove());
    }
    insert(item);
    announce(said.get(item.id.slice(1)));
    fresh.push(item);
  }
  last = Math.max(last, piece.last);
  return fresh;
}

/** Messages on their way stay after those that came. */
function insert(item) {
  const waiting = list.querySelector(".en-route");
  if (waiting) {
    waiting.before(item);
  } else {
    list.append(item);
  }
}

/** Show a message that leaves; one that arrived though its answer was cut (a reload) is there already: nothing to show. */
export function showPending({ id, text }) {
  const there = list.querySelector(`[data-envoi="${CSS.escape(id)}"]`);
  if (there) {
    return there;
  }
  retire();
  const item = bubble("Vous", text, "learner en-route");
  item.dataset.envoi = id;
  item.append(state());
  list.append(item);
  setState(id, "Envoi…");
  return item;
}

/** What becomes of a message that leaves; `retry` gives it its button. */
export function setState(id, words, retry) {
  const item = pending(id);
  if (!item) {
    return;
  }
  const line = item.querySelector(".etat");
  line.replaceChildren(words);
  item.classList.toggle("rate", Boolean(retry));
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fr-btn fr-btn--secondary";
    button.textContent = "Réessayer";
    button.addEventListener("click", retry);
    line.append(button);
  }
}

export function removePending(id) {
  pending(id)?.remove();
}

/** The assistant prepares its answer: seen, not said. */
export function showWaiting() {
  hideWaiting();
  const item = bubble("Assistant", "L'assistant prépare sa réponse…", "assistant smalltalk attente");
  list.append(item);
  return item;
}

export function hideWaiting() {
  list.querySelectorAll(".attente").forEach((each) => each.remove());
}

/** The buttons of the former turns are no longer answers. */
export function retire() {
  list.querySelectorAll(".propositions, .corriger, .corriger-sujet").forEach((item) => item.remove());
  list.querySelectorAll(".choix button").forEach((item) => item.replaceWith(item.value));
}

/** Say something aloud, once. */
export function announce(text) {
  if (!text) {
    return;
  }
  while (live.children.length >= SAID_KEPT) {
    live.firstElementChild.remove();
  }
  live.append(line(text));
}

export function empty() {
  list.replaceChildren();
  last = 0;
}

/** At once: while a page glides, what people press is no longer under their finger. */
export function keepInView(item, block) {
  item.scrollIntoView({ block, behavior: "instant" });
}

function pending(id) {
  return id ? list.querySelector(`.en-route[data-envoi="${CSS.escape(id)}"]`) : null;
}

function bubble(author, text, kind) {
  const item = document.createElement("li");
  item.className = `bulle ${kind}`;
  item.tabIndex = -1;
  const who = document.createElement("p");
  who.className = "auteur";
  who.textContent = author;
  const said = line(text);
  said.dir = "auto";
  item.append(who, said);
  return item;
}

function state() {
  const item = document.createElement("p");
  item.className = "etat";
  return item;
}

function line(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}
