// Shortcuts; what a fact means, while its field has the focus; and unfolded reasons that stay so when results change.
"use strict";

const hint = document.getElementById("hint");
document.querySelector("form.facts").addEventListener("focusin", (event) => {
  const meaning = document.getElementById(`meaning-${event.target.dataset.fact}`);
  hint.hidden = !meaning;
  if (meaning) hint.textContent = `${meaning.textContent}：${meaning.nextElementSibling.textContent}`;
});

let unfolded = [];
document.body.addEventListener("htmx:beforeSwap", () => {
  unfolded = [...document.querySelectorAll("#results .because[open]")].map((part) => part.id);
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) {
    const part = document.getElementById(id);
    if (part) part.open = true;
  }
});

const shortcuts = { KeyN: "add", Digit0: "fill" };
document.addEventListener("keydown", (event) => {
  const button = event.altKey && !event.ctrlKey && document.getElementById(shortcuts[event.code]);
  if (!button) return;
  event.preventDefault();
  button.click();
});
