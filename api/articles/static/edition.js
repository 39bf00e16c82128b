// The articles that say nearly what is being typed, looked for once nobody types. Without it, "Vérifier et voir" shows them.
const PAUSE_MS = 700;
const form = document.querySelector("[data-edition]");
const place = document.querySelector("[data-proches]");
let timer = 0;
let asked = 0;
let leaving = false;
let touched = false;

async function look() {
  const mine = ++asked;
  let response;
  try {
    response = await fetch("/console/articles/proches", { method: "POST", body: new URLSearchParams(new FormData(form)) });
  } catch {
    return; // the next pause asks again
  }
  if (mine !== asked || !response.ok || response.redirected) return; // an older answer never replaces a newer one
  const html = (await response.text()).trim();
  if (mine !== asked || place.dataset.vu === html) return;
  place.dataset.vu = html;
  place.innerHTML = html;
}

form.addEventListener("input", () => {
  touched = true;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE_MS);
});
form.addEventListener("submit", () => { leaving = true; });
addEventListener("beforeunload", (event) => {
  if (touched && !leaving) event.preventDefault(); // a text that is not kept
});
