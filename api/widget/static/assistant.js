// The conversation without reloading. The page works without this script: each form posts, the server renders all.
// The server renders messages here too; this script places them, announces them, and keeps what was typed.

const form = document.getElementById("ecrire");
const box = document.getElementById("texte");
const exchange = document.getElementById("echange");
const guide = document.getElementById("guide");
const label = document.getElementById("etiquette");
const error = document.getElementById("erreur");
const live = document.getElementById("annonces");
const sendButton = form.querySelector("button:not([name])");
const idField = form.elements.id_message;

const TIMEOUT_MS = 20000;
const CUT = "La connexion est coupée ou trop lente : votre message n'est peut-être pas arrivé. Il est dans la zone de texte. Envoyez-le de nouveau : il ne comptera qu'une fois.";
const REFUSED = "Votre message n'a pas pu être envoyé. Il est dans la zone de texte : envoyez-le de nouveau dans un instant.";
const EMPTY = "Écrivez votre question dans la zone de texte, puis envoyez-la.";

let sending = false;
let waiting = false; // Enter was pressed while a message was on its way
let failed = null; // {text, id}: what may be sent again as the same message

document.getElementById("aide").hidden = false;
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

function submit(button) {
  if (sending) {
    waiting = waiting || button === null;
    return;
  }
  const text = (button ? button.value : written()).trim();
  if (!text) {
    refuse(EMPTY);
    box.focus();
    return;
  }
  if (!button) {
    clear();
  }
  send(text, button);
}

/** The inputs and the words, as the form would send them. */
function written() {
  const values = [...guide.querySelectorAll("input, select")].map((input) => plainDate(input.value.trim()));
  const given = [...values, box.value.trim()].filter(Boolean);
  return given.length === 1 && box.value.trim() ? box.value : given.join(", ");
}

function plainDate(value) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : value;
}

function clear() {
  box.value = "";
  guide.querySelectorAll("input, select").forEach((input) => { input.value = ""; });
}

async function send(text, button) {
  const id = failed && failed.text === text ? failed.id : idField.value;
  sending = true;
  sendButton.setAttribute("aria-disabled", "true");
  forgive();
  const shown = [bubble("Vous", text, "learner"), bubble("Assistant", "L'assistant prépare sa réponse…", "assistant smalltalk attente")];
  exchange.append(...shown);
  keepInView(shown[1], "nearest");
  let reply = null;
  let reason = "";
  try {
    reply = await post(text, id);
  } catch (problem) {
    reason = problem.sentence || CUT;
  }
  shown.forEach((item) => item.remove());
  sending = false;
  sendButton.removeAttribute("aria-disabled");
  if (reply) {
    failed = null;
    place(reply, button);
  } else {
    giveBack(text, id, reason, button);
  }
}

async function post(text, id) {
  const response = await fetch("/assistant/messages", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ text, client_message_id: id }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) {
    return response.json();
  }
  const problem = new Error(String(response.status));
  problem.sentence = REFUSED;
  if ([413, 422, 429].includes(response.status)) {
    problem.sentence = `${(await response.json()).detail} Votre message est dans la zone de texte.`;
  }
  throw problem;
}

/** Put the turn at the end of the exchange, the right input by the box, and say each message once. */
function place(reply, button) {
  retire();
  const focused = document.activeElement;
  exchange.insertAdjacentHTML("beforeend", reply.exchange);
  guide.innerHTML = reply.guided.trim();
  label.textContent = reply.label;
  box.autocomplete = reply.autocomplete;
  idField.value = reply.next_message_id;
  document.getElementById("accueil")?.remove();
  document.querySelector(".recommencer").hidden = false;
  live.replaceChildren(...reply.messages.map(announcement));
  const first = exchange.children[exchange.children.length - Math.max(1, reply.messages.length)]; // none: a person answers
  keepInView(first.previousElementSibling ?? first, "start");
  if (button) {
    focusAfterButton(first);
  } else if (focused === document.body) {
    box.focus({ preventScroll: true });
  }
  if (waiting) {
    waiting = false;
    if (box.value.trim()) {
      submit(null);
    }
  }
}

/** What was pressed may be gone: on a keyboard, go on writing; on a touch screen, don't open its keyboard. */
function focusAfterButton(first) {
  const target = matchMedia("(pointer: coarse)").matches ? first : box;
  target.focus({ preventScroll: true });
}

/** The buttons of the former turns are no longer answers. */
function retire() {
  document.getElementById("dernier")?.removeAttribute("id");
  exchange.querySelectorAll(".propositions").forEach((item) => item.remove());
  exchange.querySelectorAll(".choix button").forEach((item) => item.replaceWith(item.value));
}

function giveBack(text, id, reason, button) {
  waiting = false;
  failed = { text, id };
  if (!button || !box.value.trim()) {
    box.value = box.value.trim() ? `${text}\n${box.value}` : text;
  }
  refuse(reason);
  box.focus();
}

function refuse(sentence) {
  error.textContent = sentence;
  error.hidden = false;
  box.setAttribute("aria-invalid", "true");
  live.replaceChildren(line(sentence));
}

function forgive() {
  error.hidden = true;
  error.textContent = "";
  box.removeAttribute("aria-invalid");
  live.replaceChildren();
}

function bubble(author, text, kind) {
  const item = document.createElement("li");
  item.className = `bulle ${kind}`;
  const who = document.createElement("p");
  who.className = "auteur";
  who.textContent = author;
  const said = line(text);
  said.dir = "auto";
  item.append(who, said);
  return item;
}

function announcement(message) {
  const choices = (message.choices || []).map((choice) => choice.question);
  return line([message.text, ...choices].join(" "));
}

function line(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}

function keepInView(item, block) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  item.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}
