// The look-up box. Without this script the same form gives a page of results.
import { Expired, Questions, post } from "./questions.js";

const SETTLED_MS = 250; // without a key: the question is understood as a whole
const SHORTEST = 2;
const EXPIRED = "Votre session a expiré. Rechargez la page pour vous identifier de nouveau.";
const DOWN = "La recherche ne répond pas. Vos mots sont gardés : continuez à écrire, ou appuyez sur Entrée.";

class Box {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector("[data-chercher]");
    this.input = this.form?.elements.namedItem("q");
    this.results = root.querySelector("[data-resultats]");
    this.state = root.querySelector("[data-etat]");
    this.dialog = root.querySelector("[data-raccourcis]");
    this.atHand = document.querySelector("[data-sous-la-main]");
    this.taken = new Set();
    this.takeFirst = false;
    for (const hidden of root.querySelectorAll("[data-script]")) hidden.hidden = false;
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("submit", (event) => this.onSubmit(event));
    document.addEventListener("keydown", (event) => this.onPageKey(event));
    if (!this.form) return;
    this.questions = new Questions((html, last) => this.show(html, last), (error) => this.fail(error));
    this.input.addEventListener("input", () => this.typed());
    for (const list of this.filters) list.addEventListener("change", () => this.settle());
    this.remembered();
    if (this.input.value.trim() && !this.results.querySelector("[data-sequence]")) this.settle();
  }

  get filters() { return [...this.root.querySelectorAll("select[data-filtre]")]; }
  get summaries() { return [...this.results.querySelectorAll("details.hit > summary")]; }
  get text() { return this.input.value.trim(); }
  get token() { return this.root.querySelector("input[name=jeton]").value; }

  // --- asking

  typed() {
    clearTimeout(this.timer);
    this.takeFirst = false;
    if (this.text.length < SHORTEST) return this.clear();
    this.ask(false);
    this.timer = setTimeout(() => { if (!this.complete) this.settle(); }, SETTLED_MS);
  }

  settle() {
    clearTimeout(this.timer);
    if (this.text.length >= SHORTEST) this.ask(true);
  }

  ask(settled) {
    const data = new URLSearchParams(new FormData(this.form));
    data.set("pose", settled ? "1" : "0");
    this.complete = false;
    this.questions.ask(data);
  }

  show(html, last) {
    const inside = this.results.contains(document.activeElement);
    if (inside && !this.moved) return; // what is being read does not move under the fingers
    this.moved = false;
    this.results.innerHTML = html;
    if (inside) (this.summaries[0] ?? this.input).focus();
    for (const hidden of this.results.querySelectorAll("[data-script]")) hidden.hidden = false;
    if (this.atHand) this.atHand.hidden = true;
    const found = this.results.querySelector("[data-sequence]");
    const number = Number(found?.dataset.nombre ?? 0);
    this.say(number ? `${number} réponse${number > 1 ? "s" : ""}` : "Aucune réponse");
    if (!last) return;
    this.complete = found?.dataset.complet === "1";
    if (this.takeFirst) { this.takeFirst = false; this.take(this.summaries[0]); }
  }

  clear() {
    clearTimeout(this.timer);
    this.questions.abandon();
    this.results.replaceChildren();
    this.say("");
    if (this.atHand) this.atHand.hidden = false;
  }

  fail(error) { this.say(error instanceof Expired ? EXPIRED : DOWN); }
  say(text) { this.state.textContent = text; }

  // --- keys

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.dialog?.open) return;
    if (event.target === this.input) this.inBox(event);
    else if (this.results?.contains(event.target) || event.target.closest("[data-article]")) this.inResults(event);
  }

  inBox(event) {
    if (event.key === "ArrowDown" && this.summaries.length) { event.preventDefault(); this.summaries[0].focus(); }
    if (event.key === "Escape") { event.preventDefault(); this.input.value = ""; this.clear(); }
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.complete && this.summaries.length) this.take(this.summaries[0]);
      else { this.takeFirst = true; this.settle(); }
    }
  }

  inResults(event) {
    const hit = event.target.closest("details.hit, .hit.seul");
    if (event.key === "Escape" && this.input) { event.preventDefault(); return this.toBox(); }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && hit && this.input) {
      event.preventDefault();
      const place = this.summaries.indexOf(hit.querySelector("summary")) + (event.key === "ArrowDown" ? 1 : -1);
      if (place < 0) this.toBox();
      else this.summaries[Math.min(place, this.summaries.length - 1)].focus();
      return;
    }
    if (!this.letters || event.shiftKey) return;
    const button = {
      c: hit?.querySelector("[data-copier=texte]"), m: hit?.querySelector("[data-copier=courriel]"),
      f: hit?.querySelector("[data-favori] button"), t: this.results?.querySelector("[data-ticket]"),
      r: this.results?.querySelector("[data-rien] button"),
    }[event.key];
    if (button) { event.preventDefault(); button.click(); }
  }

  onPageKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.form || this.dialog.open) return;
    const list = this.filters.find((l) => l.dataset.filtre === event.key);
    if (list) { event.preventDefault(); return this.next(list, event.shiftKey ? -1 : 1); }
    if (event.key === "F9" && this.filters.length) { event.preventDefault(); return this.everybody(); }
    if (!this.letters || event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") { event.preventDefault(); this.toBox(); }
    if (event.key === "?") { event.preventDefault(); this.dialog.showModal(); }
  }

  toBox() { this.input.focus(); this.input.select(); }

  next(list, step) {
    list.selectedIndex = (list.selectedIndex + step + list.options.length) % list.options.length;
    this.moved = true;
    this.settle();
    this.say(`${list.labels[0].firstChild.textContent.trim()} : ${list.selectedOptions[0].label}`);
  }

  everybody() {
    for (const list of this.filters) list.selectedIndex = 0;
    this.moved = true;
    this.settle();
    this.say("Contexte effacé");
  }

  // --- answers

  take(summary) {
    if (!summary) return;
    summary.parentElement.open = true;
    summary.focus();
    this.count(summary.parentElement.dataset.article);
  }

  count(article) {
    if (this.taken.has(article)) return;
    this.taken.add(article);
    post("/crc/prendre", new URLSearchParams({ article, jeton: this.token })).catch(() => this.taken.delete(article));
  }

  onClick(event) {
    const summary = event.target.closest("details.hit > summary");
    if (summary && !summary.parentElement.open) this.count(summary.parentElement.dataset.article);
    if (event.target.closest("[data-effacer]")) this.everybody();
    if (event.target.closest("[data-aide]")) this.dialog.showModal();
    const copy = event.target.closest("[data-copier]");
    if (copy) this.copy(copy.closest("[data-article]"), copy.dataset.copier);
  }

  async copy(hit, kind) {
    const text = hit.querySelector(`[data-${kind}]`).textContent;
    const done = kind === "texte" ? "Texte copié." : "Courriel copié.";
    const focused = document.activeElement;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea"); // pages not served over HTTPS have no clipboard
      area.value = text;
      document.body.append(area);
      area.select();
      const copied = document.execCommand("copy");
      area.remove();
      focused?.focus();
      if (!copied) return this.say("La copie n'est pas possible ici. Sélectionnez le texte à la main.");
    }
    this.say(done);
    if (this.form) this.count(hit.dataset.article);
  }

  onSubmit(event) {
    const form = event.target;
    if (form === this.form) { event.preventDefault(); this.takeFirst = true; this.settle(); }
    if (form.matches("[data-favori]")) { event.preventDefault(); this.favourite(form); }
    if (form.matches("[data-rien]")) { event.preventDefault(); this.nothing(form); }
  }

  async favourite(form) {
    const data = new URLSearchParams(new FormData(form));
    data.set("script", "1");
    try { await post(form.getAttribute("action"), data); } catch (error) { return this.fail(error); }
    const kept = form.elements.garder.value === "1";
    form.elements.garder.value = kept ? "0" : "1";
    form.querySelector("[data-nom]").textContent = kept ? "Retirer des favoris" : "Ajouter aux favoris";
    this.say(kept ? "Ajouté à vos favoris." : "Retiré de vos favoris.");
  }

  async nothing(form) {
    const data = new URLSearchParams(new FormData(form));
    data.set("script", "1");
    const button = form.querySelector("button");
    if (button.getAttribute("aria-disabled") === "true") return;
    try { await post(form.getAttribute("action"), data); } catch (error) { return this.fail(error); }
    button.setAttribute("aria-disabled", "true");
    this.say("C'est noté. Les mots de cette question aideront à écrire la réponse qui manque.");
  }

  // --- shortcuts of one key can be turned off

  remembered() {
    const choice = this.dialog.querySelector("[data-lettres]");
    this.letters = choice.checked = localStorage.getItem("raccourcis") !== "non";
    choice.addEventListener("change", () => {
      this.letters = choice.checked;
      localStorage.setItem("raccourcis", this.letters ? "oui" : "non");
    });
  }
}

for (const root of document.querySelectorAll("[data-recherche]")) new Box(root);
