// Larger type, remembered on this device only; and printing with the reasons unfolded. Pages work without this file.
"use strict";

const KEY = "yihu-size";
const remembered = (() => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
})();
if (remembered === "large") document.documentElement.dataset.size = "large";

document.addEventListener("DOMContentLoaded", () => {
  const size = document.getElementById("size");
  const show = () => size.setAttribute("aria-pressed", String(document.documentElement.dataset.size === "large"));
  size.hidden = false;
  show();
  size.addEventListener("click", () => {
    const large = document.documentElement.dataset.size !== "large";
    if (large) document.documentElement.dataset.size = "large";
    else delete document.documentElement.dataset.size;
    try {
      localStorage.setItem(KEY, large ? "large" : "");
    } catch {
      // Without a memory the switch holds for this page.
    }
    show();
  });

  const print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
});

const folded = [];
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(".because:not([open]), .refused:not([open]), .windows:not([open])")) {
    part.open = true;
    folded.push(part);
  }
});
window.addEventListener("afterprint", () => {
  while (folded.length) folded.pop().open = false;
});
