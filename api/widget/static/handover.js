// While a person answers, or will: the line above the box. Its state is read again at each word of a change (the stream of the
// page), and every few seconds to say that somebody is there. Messages are placed by the page, as all others are.

import { headers } from "./device.js";

const THERE_MS = 10000; // the service takes a page not heard of for 30 s for gone
const TYPING_MS = 6500; // a sign of writing is good for six seconds
const TYPING_EVERY_MS = 3000;
const RUNNING = ["waiting", "with_agent"];

/** Gives `read`, to be called when something changed, and `reset`, when the conversation is no more. */
export function handover(box) {
  const panel = document.getElementById("direct");
  const sentence = document.getElementById("direct-texte");
  const leave = document.getElementById("direct-quitter");
  let state = panel.dataset.etat;
  let timer = 0;
  let reading = false;
  let again = false;
  let typedAt = 0;

  document.getElementById("direct-actualiser").hidden = true;
  show({ state, banner: sentence.textContent });
  // What scrolls stops below the banner, whatever its height.
  new ResizeObserver(() => document.documentElement.style.setProperty("--bandeau", `${panel.offsetHeight + 8}px`)).observe(panel);

  box.addEventListener("input", () => {
    if (state === "with_agent" && Date.now() - typedAt > TYPING_EVERY_MS) {
      typedAt = Date.now();
      tell("ecrit");
    }
  });
  leave.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await tell("quitter");
    box.focus({ preventScroll: true });
    read();
  });

  /** One reading at a time; what changes meanwhile is read after. */
  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    clearTimeout(timer);
    const response = await fetch("/assistant/direct", { headers: headers({ accept: "application/json" }), cache: "no-store" }).catch(() => null);
    const found = response?.ok ? await response.json().catch(() => null) : null;
    reading = false;
    if (again) {
      again = false;
      read();
    } else {
      show(found ?? { state, banner: sentence.textContent });
    }
  }

  function show(found) {
    state = found.state;
    document.body.dataset.direct = state;
    panel.dataset.etat = state;
    panel.hidden = !found.banner;
    sentence.textContent = found.banner;
    leave.hidden = !RUNNING.includes(state);
    leave.textContent = state === "with_agent" ? "Quitter la discussion" : "Ne plus attendre";
    clearTimeout(timer);
    if (RUNNING.includes(state)) {
      timer = setTimeout(read, found.typing ? TYPING_MS : THERE_MS);
    }
  }

  return { read, reset: () => show({ state: "bot", banner: "" }) };
}

function tell(what) {
  return fetch(`/assistant/direct/${what}`, { method: "POST", headers: headers({}), redirect: "manual" }).catch(() => {});
}
