// The assistant on any site, with one line:
//   <script src="https://…/widget.js" async data-position="right" data-label="Une question ?"></script>
// A button in the corner opens the assistant in a frame, which loads only then. The button lives in a closed shadow root,
// with styles set by script: nothing of the site's styles reaches it, and no `unsafe-inline` is needed.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.documentElement.hasAttribute("data-aiguillage")) {
    return; // a module has no current script; a second line changes nothing
  }
  document.documentElement.setAttribute("data-aiguillage", "");
  const origin = new URL(script.src, location.href).origin;
  const side = script.dataset.position === "left" ? "left" : "right";
  const label = (script.dataset.label || "Une question ?").slice(0, 40);
  const READY_MS = 15000;

  const BASE = { all: "initial", "box-sizing": "border-box", "font-family": "Marianne, system-ui, Arial, sans-serif", "line-height": "1.5", direction: "ltr" };
  const STYLES = {
    host: { ...BASE, position: "fixed", [side]: "16px", bottom: "16px", "z-index": "2147483647", display: "block", visibility: "visible", opacity: "1", width: "auto", height: "auto", "color-scheme": "light" },
    button: { ...BASE, display: "inline-flex", "align-items": "center", "min-height": "48px", "min-width": "48px", padding: "8px 20px", "font-size": "16px", "font-weight": "500", color: "#fff", "background-color": "#000091", border: "2px solid #fff", "border-radius": "24px", "box-shadow": "0 2px 8px rgba(0,0,0,.3)", cursor: "pointer" },
    panel: { ...BASE, display: "none", "flex-direction": "column", position: "fixed", [side]: "16px", bottom: "16px", width: "420px", "max-width": "calc(100vw - 32px)", height: "680px", "max-height": "calc(100vh - 32px)", "background-color": "#fff", border: "1px solid #3a3a3a", "box-shadow": "0 4px 24px rgba(0,0,0,.3)" },
    bar: { ...BASE, display: "flex", "flex-wrap": "wrap", "align-items": "center", "justify-content": "space-between", gap: "8px", padding: "4px 4px 4px 16px", "background-color": "#000091" },
    title: { ...BASE, "font-size": "16px", "font-weight": "700", color: "#fff" },
    close: { ...BASE, display: "inline-flex", "align-items": "center", "min-height": "44px", "min-width": "44px", padding: "8px 16px", "font-size": "16px", color: "#fff", cursor: "pointer", "text-decoration": "underline" },
    frame: { ...BASE, display: "block", flex: "1 1 auto", width: "100%", "min-height": "0", border: "0", "background-color": "#fff" },
    help: { ...BASE, display: "none", padding: "12px 16px", "font-size": "16px", color: "#161616" },
    link: { ...BASE, "font-size": "16px", color: "#000091", "text-decoration": "underline", cursor: "pointer" },
  };

  function make(name, style, attributes, text) {
    const element = document.createElement(name);
    dress(element, style);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text) {
      element.textContent = text;
    }
    return element;
  }

  /** Set by script and important: stronger than any rule of the site. */
  function dress(element, style) {
    Object.entries(style).forEach(([key, value]) => element.style.setProperty(key, value, "important"));
  }

  const host = make("aiguillage-widget", STYLES.host, {});
  const root = host.attachShadow({ mode: "closed" });
  const button = make("button", STYLES.button, { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" }, label);
  const panel = make("div", STYLES.panel, { role: "dialog", "aria-label": "Assistant du Cned" });
  const bar = make("div", STYLES.bar, {});
  const title = make("span", STYLES.title, {}, "Assistant du Cned");
  const close = make("button", STYLES.close, { type: "button" }, "Fermer");
  const help = make("p", STYLES.help, {}, "L'assistant ne s'affiche pas sur ce site. ");
  const link = make("a", STYLES.link, { href: `${origin}/assistant`, target: "_blank", rel: "noopener" }, "Ouvrir l'assistant dans un autre onglet");
  bar.append(title, close);
  help.append(link);
  panel.append(bar, help);
  root.append(button, panel);
  let frame = null;
  let ready = false;

  for (const each of [button, close, link]) {
    each.addEventListener("focus", () => dress(each, { outline: "3px solid #0a76f6", "outline-offset": "2px", "box-shadow": "0 0 0 3px #fff" }));
    each.addEventListener("blur", () => dress(each, { outline: "none", "box-shadow": each === button ? STYLES.button["box-shadow"] : "none" }));
  }
  button.addEventListener("click", open);
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      shut();
    }
  });
  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) {
      return;
    }
    const said = event.data && event.data.aiguillage;
    if (said === "close") {
      shut();
    } else if (said === "ready") {
      ready = true;
      dress(help, { display: "none" });
    }
  });
  const small = matchMedia("(max-width: 480px)");
  small.addEventListener("change", fit);
  fit();
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", show);
  } else {
    show();
  }

  /** Beside the body, so that what is done to the body doesn't move it. */
  function show() {
    document.documentElement.append(host);
    if (host.showPopover) { // above everything, and out of reach of transforms
      host.setAttribute("popover", "manual");
      host.showPopover();
    }
  }

  /** On a phone the panel is the whole screen. */
  function fit() {
    const edge = small.matches ? "0" : "16px";
    dress(panel, { [side]: edge, bottom: edge, width: small.matches ? "100vw" : "420px", height: small.matches ? "100vh" : "680px", "max-width": small.matches ? "100vw" : "calc(100vw - 32px)", "max-height": small.matches ? "100dvh" : "calc(100vh - 32px)" });
  }

  function open() {
    if (!frame) {
      frame = make("iframe", STYLES.frame, { title: "Assistant du Cned", src: `${origin}/assistant?cadre=1`, allow: "clipboard-write", referrerpolicy: "origin" });
      panel.append(frame);
      setTimeout(() => { if (!ready) { dress(help, { display: "block" }); } }, READY_MS);
    }
    dress(panel, { display: "flex" });
    dress(button, { display: "none" });
    button.setAttribute("aria-expanded", "true");
    close.focus();
    if (ready) {
      frame.contentWindow.postMessage({ aiguillage: "open" }, origin);
    }
  }

  function shut() {
    dress(panel, { display: "none" });
    dress(button, { display: "inline-flex" });
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
})();
