// What comes from the service as it comes: a stream of events read with fetch, so that nothing secret is in an address.
// Where a proxy holds streams back, or while the tab is hidden, the page asks every few seconds instead.

import { headers } from "./device.js";

const FIRST_WORD_MS = 8000; // the service speaks at once: later, something on the way holds it back
const SILENCE_MS = 40000; // it says something every 15 s
const POLL_MS = 4000;
const HIDDEN_POLL_MS = 20000;
const RETRY_MS = [500, 1000, 2000, 5000, 10000, 20000];
const TRY_STREAM_AGAIN_MS = 60000;

/** Follow the conversation. `last()` is the id of the last message shown; `piece(data)`, `signal(name, data)` and `gone()` hear. */
export function follow({ last, piece, signal, gone }) {
  let failures = 0;
  let heldBack = false;
  let stopped = false;
  let current = null;
  let timer = 0;

  function next(ms) {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  }

  async function run() {
    if (stopped) {
      return;
    }
    try {
      if (document.hidden || heldBack) {
        await poll();
        failures = 0;
        next(document.hidden ? HIDDEN_POLL_MS : POLL_MS);
      } else {
        await stream();
        next(RETRY_MS[0]);
      }
    } catch (problem) {
      if (problem.gone) {
        stopped = true;
        gone();
        return;
      }
      failures += 1;
      if (problem.heldBack) {
        heldBack = true;
        setTimeout(() => { heldBack = false; }, TRY_STREAM_AGAIN_MS);
      }
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1];
      next(problem.heldBack ? 0 : wait * (0.5 + Math.random()));
    }
  }

  async function poll() {
    const response = await fetch(`/assistant/fil?apres=${last()}`, { headers: headers({ accept: "application/json" }), cache: "no-store" });
    check(response);
    piece(await response.json());
    signal("live");
  }

  async function stream() {
    const cut = new AbortController();
    current = cut;
    let spoke = false;
    let watch = setTimeout(() => cut.abort(), FIRST_WORD_MS);
    try {
      const response = await fetch("/assistant/evenements", {
        headers: headers({ accept: "text/event-stream", "last-event-id": String(last()) }),
        cache: "no-store",
        signal: cut.signal,
      });
      check(response);
      signal("live"); // what changed before this line was open
      for await (const [name, data] of events(response.body, () => {
        spoke = true;
        failures = 0;
        clearTimeout(watch);
        watch = setTimeout(() => cut.abort(), SILENCE_MS);
      })) {
        hear(name, data);
      }
    } catch (problem) {
      if (!spoke && problem.name === "AbortError" && !stopped && !document.hidden) {
        problem = Object.assign(new Error("held back"), { heldBack: true });
      }
      throw problem;
    } finally {
      clearTimeout(watch);
      current = null;
    }
  }

  function hear(name, data) {
    if (name === "piece") {
      piece(data);
    } else if (name === "erased") {
      throw Object.assign(new Error("erased"), { gone: true });
    } else {
      signal(name, data);
    }
  }

  function wake() {
    current?.abort();
    next(0);
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  next(0);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      current?.abort();
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
    },
  };
}

function check(response) {
  if ([401, 404].includes(response.status)) {
    throw Object.assign(new Error("gone"), { gone: true });
  }
  if (!response.ok) {
    throw new Error(String(response.status));
  }
}

/** The events of a body: [name, data]. `alive` is called at each word, comments included. */
async function* events(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    alive();
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) {
        yield [name, JSON.parse(data)];
      }
    }
  }
}
