// The forms inside the messages and the menu, sent in place: opinions on answers, lines of the recap, erasing, starting again.

import { announce } from "./exchange.js";
import { forgetAll, framed, headers } from "./device.js";

const FAILED = "Cela n'a pas marché. Vérifiez votre connexion, puis réessayez.";
const ERASED = "Votre conversation est effacée. Une demande déjà envoyée reste au Cned, sans vos échanges avec l'assistant.";

/** `correct(name, root)` sends a corrected line; `reset(sentence)` empties the page. */
export function ownForms({ correct, reset }) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const action = form.dataset.action;
    if (action === "ligne") {
      event.preventDefault();
      correct(form.elements.ligne.value, form);
    } else if (action === "avis") {
      event.preventDefault();
      opinion(form, event.submitter);
    } else if (action === "effacer") {
      event.preventDefault();
      erase(form, reset);
    } else if (action === "recommencer") {
      if (framed) {
        event.preventDefault();
        send(form.getAttribute("action"), new URLSearchParams()); // a person who answers is told
        reset("");
      } else {
        forgetAll();
      }
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!framed || !link) {
      return;
    }
    if (link.hasAttribute("download")) {
      event.preventDefault();
      download(link);
    } else if (!link.getAttribute("href").startsWith("#")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
      event.preventDefault();
    }
  });
}

async function opinion(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const response = await send(form.getAttribute("action"), body);
  const place = form.closest(".utile");
  if (!response) {
    complain(place);
    return;
  }
  const thanks = document.createElement("p");
  thanks.className = "merci";
  thanks.tabIndex = -1;
  thanks.textContent = (await response.json()).said;
  place.replaceChildren(thanks);
  thanks.focus({ preventScroll: true });
}

async function erase(form, reset) {
  if (await send(form.getAttribute("action"), new URLSearchParams())) {
    reset(ERASED);
  } else {
    complain(form);
  }
}

/** In a frame there is no cookie: the file is asked for with the header, then given. */
async function download(link) {
  const response = await fetch(link.href, { headers: headers({}) }).catch(() => null);
  if (!response?.ok) {
    complain(link.closest(".menu-contenu"));
    return;
  }
  const address = URL.createObjectURL(await response.blob());
  const file = document.createElement("a");
  file.href = address;
  file.download = `conversation-cned.${link.href.endsWith("json") ? "json" : "html"}`;
  file.dispatchEvent(new MouseEvent("click"));
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

async function send(address, body) {
  const response = await fetch(address, { method: "POST", body, headers: headers({ accept: "application/json" }) }).catch(() => null);
  return response?.ok ? response : null;
}

function complain(place) {
  const already = place.querySelector(".erreur");
  const line = already || place.appendChild(document.createElement("p"));
  line.className = "erreur";
  line.textContent = FAILED;
  announce(FAILED);
}
