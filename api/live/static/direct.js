// The agents' page kept up to date: it listens to changes and reads itself again, region by region, without moving the
// focus or what is being written. Everything works without it, with the page reloaded; being online needs it.

const main = document.getElementById("contenu");
const live = document.getElementById("annonces");
const token = main.dataset.jeton;
const LEAST_MS = 400; // between two readings
const TYPING_EVERY_MS = 3000;

let reading = false;
let again = false;
let typedAt = 0;
let connected = false;
let leaving = false; // a form of the page is on its way: nothing else may change the page

document.getElementById("aide")?.removeAttribute("hidden");
toEnd();
beat();
setInterval(beat, Number(main.dataset.battement));
setInterval(read, 15000); // who left, how long they wait: time passes without any change
listen();

function listen() {
  const source = new EventSource("/console/direct/flux");
  source.addEventListener("change", read);
  source.addEventListener("open", () => {
    if (connected) {
      read(); // what changed during the cut
    }
    connected = true;
  });
}

function beat() {
  fetch("/console/direct/presence/battement", { method: "POST", credentials: "same-origin", body: fields({}) }).catch(() => {});
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    beat();
    read();
  }
});

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) {
    leaving = true;
    setTimeout(() => { leaving = false; }, 10000); // the network gave up
  }
});

/** One reading at a time; what changes meanwhile is read after. */
async function read() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const response = await fetch(location.pathname, { credentials: "same-origin", headers: { accept: "text/html" } });
    if (response.redirected && !leaving) {
      location.reload(); // signed out
    } else if (response.ok) {
      place(await response.text(), false);
    } else if (response.status === 404 && !leaving) {
      location.replace("/console/direct?fait=effacee"); // its author erased it
    }
  } catch {
    // cut: the stream opens again and the page is read then
  }
  setTimeout(() => {
    reading = false;
    if (again) {
      again = false;
      read();
    }
  }, LEAST_MS);
}

/** Replace the regions that changed; say what came. `answered`: the page answers something that was done here. */
function place(html, answered) {
  if (leaving) {
    return;
  }
  const found = new DOMParser().parseFromString(html, "text/html");
  if ((found.getElementById("ecrire") === null) !== (document.getElementById("ecrire") === null)) {
    location.replace(location.pathname); // the conversation came or went: another page
    return;
  }
  const known = new Set([...document.querySelectorAll("[data-annonce]")].map((item) => item.id));
  for (const region of document.querySelectorAll("[data-region]")) {
    const fresh = found.getElementById(region.id);
    if (fresh && (answered || region.id !== "r-avis") && fresh.innerHTML !== region.innerHTML && !choosing(region)) {
      swap(region, fresh);
    }
  }
  const came = [...document.querySelectorAll("[data-annonce]")].filter((item) => !known.has(item.id));
  if (came.length) {
    live.replaceChildren(...came.map((item) => line(item.dataset.annonce)));
  }
}

/** A list in which somebody is choosing stays as it is. */
function choosing(region) {
  return region.contains(document.activeElement) && document.activeElement.tagName === "SELECT";
}

function swap(region, fresh) {
  const scrolled = region.classList.contains("defile");
  const atEnd = scrolled && region.scrollHeight - region.scrollTop - region.clientHeight < 40;
  const focused = region.contains(document.activeElement) ? marks(region).indexOf(document.activeElement) : -1;
  const name = focused >= 0 ? key(document.activeElement) : null;
  const opened = [...region.querySelectorAll("details[open] summary")].map((item) => item.textContent);
  region.innerHTML = fresh.innerHTML;
  for (const summary of region.querySelectorAll("details summary")) {
    summary.parentElement.open = opened.includes(summary.textContent);
  }
  if (name !== null) {
    const same = marks(region).find((item) => key(item) === name);
    (same ?? marks(region)[Math.min(focused, marks(region).length - 1)] ?? main).focus({ preventScroll: true });
  }
  if (atEnd) {
    region.scrollTop = region.scrollHeight;
  }
}

function marks(region) {
  return [...region.querySelectorAll("a, button, summary, input, select")];
}

function key(item) {
  return `${item.tagName} ${item.getAttribute("href") ?? item.form?.action ?? ""} ${item.value ?? ""} ${item.textContent}`;
}

const form = document.getElementById("ecrire");
const box = document.getElementById("texte");

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  });
  box.addEventListener("input", () => {
    if (Date.now() - typedAt > TYPING_EVERY_MS) {
      typedAt = Date.now();
      fetch(form.dataset.ecrit, { method: "POST", credentials: "same-origin", body: fields({}) }).catch(() => {});
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-texte]");
    if (button) {
      event.preventDefault();
      box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${button.dataset.texte}` : button.dataset.texte;
      box.focus();
    }
  });
}

async function send() {
  const text = box.value;
  const body = fields({ texte: text, id_message: form.elements.id_message.value });
  try {
    const response = await fetch(form.action, { method: "POST", credentials: "same-origin", headers: { accept: "text/html" }, body });
    const html = await response.text();
    if (response.ok && box.value === text) {
      box.value = "";
    }
    if (response.ok) {
      form.elements.id_message.value = new DOMParser().parseFromString(html, "text/html").getElementById("ecrire")?.elements.id_message.value ?? "";
    }
    typedAt = 0;
    place(html, true);
  } catch {
    live.replaceChildren(line("La connexion est coupée : votre message n'est pas parti. Il est dans la zone de texte."));
    const region = document.getElementById("r-avis");
    region.replaceChildren(line("La connexion est coupée : votre message n'est pas parti. Il est dans la zone de texte."));
    region.firstElementChild.className = "erreur";
  }
  box.focus();
}

function fields(values) {
  return new URLSearchParams({ jeton: token, ...values });
}

function line(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}

function toEnd() {
  const region = document.getElementById("r-echange");
  if (region) {
    region.scrollTop = region.scrollHeight;
  }
}
