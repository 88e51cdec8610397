// The search box, menus that close when left, and files that are too large before they are sent.
"use strict";

const search = document.getElementById("search");
const found = document.getElementById("found");

function options() {
  return [...found.querySelectorAll("[role=option]")];
}

function show(open) {
  found.hidden = !open;
  search.setAttribute("aria-expanded", String(open));
  if (!open) choose(null);
}

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    search.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    search.removeAttribute("aria-activedescendant");
  }
}

function move(by) {
  const all = options();
  if (!all.length) return;
  show(true);
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const from = at < 0 && by < 0 ? 0 : at;
  choose(all[(from + by + all.length) % all.length]);
}

if (search) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      if (found.hidden) search.value = "";
      event.preventDefault();
      show(false);
    } else if (event.key === "Enter") {
      const option = found.hidden ? null : found.querySelector("[aria-selected=true]");
      if (!option) return;
      event.preventDefault();
      option.click();
    }
  });
  search.addEventListener("input", () => {
    if (!search.value.trim()) show(false);
  });
  search.addEventListener("focus", () => {
    if (search.value.trim() && found.childElementCount) show(true);
  });
  search.form.addEventListener("focusout", (event) => {
    if (!search.form.contains(event.relatedTarget)) show(false);
  });
  // A press on an answer must not take the focus away before the click arrives.
  found.addEventListener("mousedown", (event) => event.preventDefault());
  found.addEventListener("htmx:afterSwap", () => {
    const typed = search.value.trim() !== "";
    show(typed && document.activeElement === search);
    choose(null);
    document.getElementById("found-count").textContent = typed ? `${options().length} 条` : "";
  });
  search.form.addEventListener("submit", (event) => {
    if (!search.value.trim()) event.preventDefault();
  });
}

// Menus that are pressed open: one at a time, and closed by Escape or by leaving them.
const menus = ".pick[open], .menu[open]";
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(menus)) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll(menus)) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(`${menus}, .acts .confirm[open]`);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// data-most: the largest file that will be taken, in bytes.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.type !== "file" || !field.dataset.most) return;
  const most = Number(field.dataset.most);
  const large = [...field.files].find((file) => file.size > most);
  const said = field.closest(".upload, .bring").querySelector(".picked");
  const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  field.setCustomValidity(large ? `${large.name} 有 ${size(large.size)}，最大 ${size(most)}` : "");
  said.classList.toggle("too-large", Boolean(large));
  said.textContent = field.validationMessage || [...field.files].map((file) => size(file.size)).join("、");
});
