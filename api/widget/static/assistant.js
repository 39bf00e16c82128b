// The conversation without reloading. The page works without this script: each form posts, the server renders all.
// The server renders messages here too; these scripts place them, announce them, and keep what did not leave yet.

import { forgetAll, framed, keepVisitor, keptVisitor, remembers } from "./device.js";
import { announce, empty, hideWaiting, keepInView, lastShown, place, removePending, setState, showPending, showWaiting } from "./exchange.js";
import { hostPage } from "./frame.js";
import { handover } from "./handover.js";
import { outbox } from "./outbox.js";
import { ownForms } from "./own_forms.js";
import { follow } from "./stream.js";

const form = document.getElementById("ecrire");
const box = document.getElementById("texte");
const guide = document.getElementById("guide");
const label = document.getElementById("etiquette");
const error = document.getElementById("erreur");
const notice = document.getElementById("avis-page");
const banner = document.getElementById("direct");
const menu = document.getElementById("menu");
const welcome = document.getElementById("accueil");
const blank = { guided: "", label: "Votre message", autocomplete: "off" };
const EMPTY = "Écrivez votre question dans la zone de texte, puis envoyez-la.";
const GONE = "Cette conversation n'est plus sur cet appareil : elle a été effacée, ou elle a plus de 7 jours. Vous pouvez en commencer une autre.";

const person = handover(box);
let line = null; // the stream, from the first message on
let pressed = false; // the message on its way is a button's: where the focus goes afterwards

const outgoing = outbox({
  shown(message) {
    const item = showPending(message);
    keepInView(item, "nearest");
  },
  state: setState,
  arrived(id, piece) {
    received(piece);
    removePending(id);
    if (!outgoing.busy) {
      hideWaiting();
    }
    listen();
  },
  refused(message, sentence) {
    removePending(message.id);
    hideWaiting();
    box.value = box.value.trim() ? `${message.text}\n${box.value}` : message.text;
    refuse(sentence);
  },
  last: lastShown,
});

document.getElementById("aide").hidden = false;
form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
document.addEventListener("focusin", (event) => showWhole(event.target));
document.getElementById("dernier")?.scrollIntoView({ block: "nearest", behavior: "auto" });
for (const each of [form, document.getElementById("repondre")]) {
  each.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.submitter?.name === "choix" ? event.submitter : null);
  });
}
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit(null);
  }
});
ownForms({
  correct: (name, root) => say(`${name} : ${written(root)}`, true, written(root)),
  reset,
});
hostPage(() => box);
if (framed && !remembers()) {
  document.getElementById("sans-memoire").hidden = false;
}
if (lastShown() || (framed && keptVisitor())) {
  listen();
}
if (outgoing.busy) {
  welcome?.remove();
  outgoing.flush();
}

function submit(button) {
  const text = (button ? button.value : written(guide, box)).trim();
  if (!text) {
    if (!outgoing.busy) {
      refuse(EMPTY);
    }
    return;
  }
  if (say(text, Boolean(button), text) && !button) {
    clear();
  }
}

/** Send; false when the same words are already on their way. */
function say(text, byButton, given) {
  if (!given.trim() || !outgoing.add(text)) {
    return false;
  }
  forgive();
  pressed = byButton;
  welcome?.remove();
  notice.hidden = true;
  menu.hidden = false;
  const waiting = showWaiting();
  keepInView(waiting, "nearest");
  if (byButton) {
    focusAfterButton(waiting.previousElementSibling);
  }
  return true;
}

/** The inputs and the words, as the form would send them. */
function written(root, words) {
  const values = [...root.querySelectorAll("input:not([type=hidden]), select")].map((input) => plainDate(input.value.trim()));
  const given = [...values, words?.value.trim()].filter(Boolean);
  return given.length === 1 && words?.value.trim() ? words.value : given.join(", ");
}

function plainDate(value) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : value;
}

function clear() {
  box.value = "";
  guide.querySelectorAll("input, select").forEach((input) => { input.value = ""; });
}

/** What came: by the stream, in answer to a message, or asked for. The same piece twice changes nothing. */
function received(piece) {
  const fresh = place(piece);
  if (!fresh.length) {
    return;
  }
  if (framed && keptVisitor()) {
    keepVisitor(keptVisitor()); // a week from now on
  }
  welcome?.remove();
  menu.hidden = false;
  const replies = fresh.filter((item) => !item.classList.contains("learner"));
  if (!replies.length) {
    return;
  }
  if ("guided" in piece) {
    offer(piece);
  }
  const first = fresh[0];
  keepInView(first.previousElementSibling?.classList.contains("learner") ? first.previousElementSibling : first, "start");
  if (!pressed && document.activeElement === document.body) {
    box.focus({ preventScroll: true });
  }
}

/** The right input by the box; what is being typed stays. */
function offer(piece) {
  if (!guide.contains(document.activeElement)) {
    guide.innerHTML = piece.guided.trim();
    label.textContent = piece.label;
    box.autocomplete = piece.autocomplete;
  }
}

/** What gets the focus is never behind the box, which may stay at the bottom of the window, nor the banner at its top. */
function showWhole(item) {
  const { top, bottom } = item.getBoundingClientRect();
  const roof = banner.hidden || banner.contains(item) || !item.closest("main, footer") ? 0 : banner.getBoundingClientRect().bottom;
  const floor = form.contains(item) || !item.closest("#echange") ? Infinity : form.getBoundingClientRect().top;
  if (top < roof || bottom > floor) {
    item.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
}

/** What was pressed is gone: on a keyboard, go on writing; on a touch screen, don't open its keyboard. */
function focusAfterButton(item) {
  const target = matchMedia("(pointer: coarse)").matches ? item : box;
  target?.focus({ preventScroll: true });
}

function listen() {
  line ??= follow({ last: lastShown, piece: received, signal: (name) => name === "live" && person.read(), gone: () => reset(GONE) });
}

/** Nothing of the conversation stays here. */
function reset(sentence) {
  line?.stop();
  line = null;
  outgoing.clear();
  person.reset();
  forgetAll();
  empty();
  offer(blank);
  menu.hidden = true;
  menu.open = false;
  if (welcome) {
    notice.after(welcome);
  }
  notice.textContent = sentence;
  notice.hidden = !sentence;
  announce(sentence);
  box.focus();
}

function refuse(sentence) {
  error.textContent = sentence;
  error.hidden = false;
  box.setAttribute("aria-invalid", "true");
  announce(sentence);
  box.focus();
}

function forgive() {
  error.hidden = true;
  error.textContent = "";
  box.removeAttribute("aria-invalid");
}
