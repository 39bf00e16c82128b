// Who else has this ticket open. The page says that it is there every few seconds, and that somebody writes in it.
// Without it the page still says who was there when it was read, and two answers at once are refused by the service.

const place = document.getElementById("presence");
const WRITING_EVERY_MS = 3000;
let writtenAt = 0;
let shown = place.innerHTML.trim();

function body(more) {
  const { jeton, vu } = place.dataset;
  return new URLSearchParams({ jeton, vu, ...more });
}

async function beat(more = {}) {
  try {
    const response = await fetch(place.dataset.adresse, { method: "POST", body: body(more), credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const html = (await response.text()).trim();
    if (html !== shown) { // said once by a screen reader, not at each beat
      shown = html;
      place.innerHTML = html;
    }
  } catch {
    // the network is away: the next beat will tell
  }
}

beat();
setInterval(() => { if (!document.hidden) beat(); }, Number(place.dataset.battement) * 1000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
document.getElementById("reponse")?.addEventListener("input", () => {
  if (Date.now() - writtenAt < WRITING_EVERY_MS) return;
  writtenAt = Date.now();
  beat({ ecrit: "1" });
});
addEventListener("pagehide", () => navigator.sendBeacon(place.dataset.adresse, body({ parti: "1" })));
