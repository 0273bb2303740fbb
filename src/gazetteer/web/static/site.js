// What the pages can do beside: every one of them works without it.
"use strict";

// Marks: their buttons are those of the list's form, sent without leaving the page.

async function mark(button) {
  const form = button.form;
  const wanted = button.value;
  const body = new URLSearchParams(new FormData(form));
  body.set(button.name, wanted);
  body.set("stay", "yes");
  try {
    const answer = await fetch(button.formAction, { method: "POST", body });
    if (answer.status !== 204) throw new Error();
  } catch {
    form.dataset.failed = "";
    form.requestSubmit(button); // leaving the page shows what is wrong
    return;
  }
  button.setAttribute("aria-pressed", String(wanted === "yes"));
  button.value = wanted === "yes" ? "no" : "yes";
}

addEventListener("submit", event => {
  const button = event.submitter;
  if (!event.target.matches("form.marking") || !button || "failed" in event.target.dataset) return;
  event.preventDefault();
  mark(button);
});

// Keys, as in feed readers.

const articles = () => [...document.querySelectorAll("main [data-article]")];
const here = () => document.activeElement?.closest("[data-article]") ?? document.querySelector("main article[data-article]");
const within = selector => here()?.querySelector(selector);

function step(by) {
  const all = articles();
  const at = all.indexOf(document.activeElement?.closest("[data-article]"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return;
  next.querySelector(".title a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function source() {
  const address = here()?.dataset.source;
  if (address) open(address, "_blank", "noopener,noreferrer");
}

const dialog = document.getElementById("keyboard");
const does = {
  j: () => step(1),
  k: () => step(-1),
  o: () => within(".title a")?.click(),
  v: source,
  m: () => within("button[name=read]")?.click(),
  s: () => within("button[name=starred]")?.click(),
  "/": () => document.getElementById("seek")?.select(),
  "?": () => dialog?.showModal(),
};

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key !== "j" && event.key !== "k") return;
  if (dialog?.open || event.target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]")) return;
  const act = does[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.querySelector("a.keys")?.addEventListener("click", event => {
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});
