// What is new while a page is open, copy buttons, clocks that go, a few keys; without it everything else still works.
"use strict";

// The server tells that there is something new, and the parts of a page that show it are asked for again: soon, but
// not oftener than a person can read, whatever happens meanwhile.
const OFTEST_MS = 300;
const told = new Set();
let due = 0;
let stream = null;

function refresh() {
  due = 0;
  const shown = [...document.querySelectorAll("[data-on]")];
  const waiting = shown.filter((part) => part.dataset.on.split(" ").some((kind) => told.has(kind)));
  if (waiting.some((part) => part.classList.contains("htmx-request"))) return tell();
  if (told.has("reset") || told.has("dropped")) return location.reload();
  told.clear();
  for (const part of waiting) if (!isInUse(part)) part.dispatchEvent(new CustomEvent("news"));
}

function tell(...kinds) {
  for (const kind of kinds) told.add(kind);
  due ||= setTimeout(refresh, OFTEST_MS);
}

// Somebody is about to send a form of this part.
function isInUse(part) {
  return Boolean(document.activeElement?.closest("form") && part.contains(document.activeElement));
}

function follow() {
  if (stream || document.hidden || !document.body.dataset.events) return;
  let lost = true; // something may have happened since the page was written
  stream = new EventSource(document.body.dataset.events);
  stream.addEventListener("news", (event) => tell(...JSON.parse(event.data)));
  stream.addEventListener("open", () => { if (lost) tell(...everything()); lost = false; });
  stream.addEventListener("error", () => { lost = true; });
}

// A browser has six connections to a server for all its tabs together: those that nobody sees need none.
function pause() {
  stream?.close();
  stream = null;
}

function everything() {
  return [...document.querySelectorAll("[data-on]")].flatMap((part) => part.dataset.on.split(" "));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return pause();
  follow();
  tell(...everything());
});
addEventListener("pagehide", pause);
addEventListener("pageshow", (event) => { if (event.persisted) { follow(); tell(...everything()); } });
follow();

document.addEventListener("htmx:afterSwap", () => {
  for (const list of document.querySelectorAll("[data-most]")) {
    while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
  }
});

// The server has started again, or wants a new signing in.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) location.reload();
});

// Clocks go as fast as those of their sandboxes.
const begun = new WeakMap();
setInterval(() => {
  for (const clock of document.querySelectorAll("time[data-clock]")) {
    if (!begun.has(clock)) begun.set(clock, [Date.parse(clock.dateTime), performance.now()]);
    const [shown, since] = begun.get(clock);
    const now = new Date(shown + (performance.now() - since) * Number(clock.dataset.scale));
    const text = now.toISOString().replace("T", " ").slice(0, clock.dataset.clock === "minute" ? 16 : 19);
    if (clock.textContent !== text) clock.textContent = text;
  }
}, 500);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https, and not on this machine, browsers have no clipboard for scripts.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1200);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    const field = document.getElementById("q");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  }
  if (event.key === "j" || event.key === "k") {
    const rows = [...document.querySelectorAll(".rows > li > a")];
    const next = rows.indexOf(document.activeElement) + (event.key === "j" ? 1 : -1);
    rows[Math.max(0, Math.min(next, rows.length - 1))]?.focus();
  }
});
