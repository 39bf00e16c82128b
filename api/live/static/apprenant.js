// While a person answers, or will: the state above the box, their messages in the exchange, who is writing.
// It reads the conversation every two seconds, and only then; the page works without it (link to see what is new).

const exchange = document.getElementById("echange");
const box = document.getElementById("texte");
const live = document.getElementById("annonces");
const panel = document.getElementById("direct");
const sentence = document.getElementById("direct-texte");
const more = document.getElementById("direct-suite");
const leave = more.querySelector("button");

const EVERY_MS = 2000;
const ALARM_EVERY_MS = 5000; // after a safety message, a person may write first
const TYPING_EVERY_MS = 3000;
const RUNNING = ["waiting", "with_agent"];

let state = panel.dataset.etat;
let timer = 0;
let reading = false;
let typedAt = 0;

document.getElementById("direct-actualiser").hidden = true;
show(state, sentence.textContent);
schedule();

// A message was sent and answered by the script of the page: the hand-over may have begun.
new MutationObserver(() => {
  if (!reading && !document.querySelector(".attente")) {
    read();
  }
}).observe(exchange, { childList: true });

box.addEventListener("input", () => {
  if (state === "with_agent" && Date.now() - typedAt > TYPING_EVERY_MS) {
    typedAt = Date.now();
    fetch("/assistant/direct/ecrit", { method: "POST", credentials: "same-origin" }).catch(() => {});
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    schedule(0);
  }
});

panel.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await fetch("/assistant/direct/quitter", { method: "POST", credentials: "same-origin", redirect: "manual" });
  } catch {
    // cut: the next reading says where the conversation is
  }
  box.focus({ preventScroll: true });
  schedule(0);
});

function schedule(after = EVERY_MS) {
  clearTimeout(timer);
  if (RUNNING.includes(state)) {
    timer = setTimeout(read, after);
  } else if (exchange.querySelector(".safety")) {
    timer = setTimeout(read, ALARM_EVERY_MS);
  }
}

/** Read what is new. What is being sent is left alone: the next reading places it. */
async function read() {
  if (reading) {
    return;
  }
  reading = true;
  const after = lastId();
  try {
    const response = await fetch(`/assistant/direct?apres=${after}`, { credentials: "same-origin", signal: AbortSignal.timeout(10000) });
    if (response.ok && !document.querySelector(".attente") && after === lastId()) {
      place(await response.json());
    }
  } catch {
    // cut: the next reading tells
  }
  await Promise.resolve(); // let the observer see what was placed while `reading` holds
  reading = false;
  schedule();
}

function place(found) {
  const concerned = RUNNING.includes(state) || RUNNING.includes(found.state);
  if (concerned && found.new.length) {
    const known = [...exchange.children].filter((item) => !item.dataset.id);
    const said = known.map((item) => item.textContent.trim());
    known.forEach((item) => item.remove());
    document.getElementById("dernier")?.removeAttribute("id");
    retire();
    exchange.insertAdjacentHTML("beforeend", found.new.map((one) => one.html).join(""));
    const others = found.new.map((one) => exchange.querySelector(`[data-id="${one.id}"]`))
      .filter((item) => !item.classList.contains("learner") && !said.includes(item.textContent.trim()));
    if (others.length) {
      live.replaceChildren(...others.map(announcement));
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      exchange.lastElementChild.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
    }
  }
  show(found.state, found.banner);
}

function show(next, words) {
  state = next;
  document.body.dataset.direct = next;
  panel.dataset.etat = next;
  panel.hidden = !words;
  sentence.textContent = words;
  more.hidden = !RUNNING.includes(next);
  leave.textContent = next === "with_agent" ? "Quitter la discussion" : "Ne plus attendre";
}

/** The buttons of the former turns are no longer answers. */
function retire() {
  exchange.querySelectorAll(".propositions").forEach((item) => item.remove());
  exchange.querySelectorAll(".choix button").forEach((item) => item.replaceWith(item.value));
}

function lastId() {
  return Math.max(0, ...[...exchange.querySelectorAll("[data-id]")].map((item) => Number(item.dataset.id)));
}

function announcement(item) {
  const paragraph = document.createElement("p");
  paragraph.textContent = item.innerText.replace(/\s+/g, " ");
  return paragraph;
}
