// In the frame of the widget: what the page around it is told (nothing but "close" and "ready"), and what it may say ("open").

import { framed } from "./device.js";

/** `box()` gives where people write. */
export function hostPage(box) {
  if (!framed || window.parent === window) {
    return;
  }
  const tell = (what) => window.parent.postMessage({ aiguillage: what }, "*"); // nothing in it is anybody's secret
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.aiguillage === "open" && matchMedia("(pointer: fine)").matches) {
      box().focus({ preventScroll: true });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      tell("close");
    }
  });
  tell("ready");
}
