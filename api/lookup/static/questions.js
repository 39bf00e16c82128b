// Asking the service while somebody types.

export class Expired extends Error {}

export async function post(path, data, signal) {
  const response = await fetch(path, { method: "POST", body: data, signal, headers: { Accept: "text/html" } });
  if (response.redirected) throw new Expired();
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

/** Answers in the order of the questions: an answer older than the one shown is dropped, and no longer waited for. */
export class Questions {
  constructor(show, fail) {
    this.show = show;
    this.fail = fail;
    this.asked = 0;
    this.shown = 0;
    this.waiting = new Map(); // sequence -> AbortController
  }

  async ask(data) {
    const sequence = ++this.asked;
    const controller = new AbortController();
    this.waiting.set(sequence, controller);
    data.set("sequence", String(sequence));
    try {
      const response = await post("/crc/resultats", data, controller.signal);
      const html = await response.text();
      if (sequence <= this.shown) return;
      this.shown = sequence;
      this.abandon(sequence);
      this.show(html, sequence === this.asked);
    } catch (error) {
      if (error.name !== "AbortError" && sequence === this.asked) this.fail(error);
    } finally {
      this.waiting.delete(sequence);
    }
  }

  abandon(before = ++this.asked) {
    this.shown = Math.max(this.shown, before);
    for (const [sequence, controller] of this.waiting) if (sequence < before) controller.abort();
  }
}
