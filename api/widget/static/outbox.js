// Messages leave one after the other, each under an id that makes it count once: after a reload, a cut, a double click.

import { headers, keepMessages, keptMessages, keepVisitor, newId } from "./device.js";

const TIMEOUT_MS = 25000;
const CUT = "Non envoyé : la connexion est coupée ou trop lente. Votre message ne comptera qu'une fois.";
const REFUSED = "Non envoyé : l'assistant ne répond pas pour le moment.";

/** `shown(message)`, `state(id, words, retry)`, `arrived(id, piece)`, `refused(message, sentence)`, `last()`. */
export function outbox({ shown, state, arrived, refused, last }) {
  const queue = keptMessages();
  let sending = false;

  queue.forEach((message) => shown(message));
  window.addEventListener("online", flush);

  function add(text) {
    if (queue.some((message) => message.text === text)) {
      return false; // a double click
    }
    const message = { id: newId(), text };
    queue.push(message);
    keepMessages(queue);
    shown(message);
    flush();
    return true;
  }

  async function flush() {
    if (sending) {
      return;
    }
    sending = true;
    queue.forEach((message) => state(message.id, "Envoi…"));
    while (queue.length) {
      const message = queue[0];
      let outcome;
      try {
        outcome = await post(message);
      } catch {
        outcome = { failed: CUT };
      }
      if (outcome.failed) {
        queue.forEach((each) => state(each.id, outcome.failed, flush));
        break;
      }
      queue.shift();
      keepMessages(queue);
      if (outcome.refused) {
        refused(message, outcome.refused);
      } else {
        arrived(message.id, outcome.piece);
      }
    }
    sending = false;
  }

  async function post(message) {
    const response = await fetch("/assistant/messages", {
      method: "POST",
      credentials: "same-origin",
      headers: headers({ "content-type": "application/json", accept: "application/json" }),
      body: JSON.stringify({ text: message.text, client_message_id: message.id, after: last() }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      const piece = await response.json();
      if (piece.visitor) {
        keepVisitor(piece.visitor);
      }
      return { piece };
    }
    if ([400, 413, 422].includes(response.status)) {
      return { refused: `${(await response.json()).detail} Votre message est dans la zone de texte.` };
    }
    if (response.status === 429) {
      return { failed: `Non envoyé. ${(await response.json()).detail}` };
    }
    return { failed: REFUSED };
  }

  return {
    add,
    flush,
    get busy() { return queue.length > 0; },
    clear() {
      queue.length = 0;
      keepMessages(queue);
    },
  };
}
