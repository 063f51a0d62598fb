// What is new while a page is open, refusals in their place, copy buttons, clocks that go, a few keys; without it
// everything else still works.
"use strict";

// The server tells that there is something new, and the parts of a page that show it are asked for again: soon, but
// not oftener than a person can read, whatever happens meanwhile.
const OFTEST_MS = 300;
const told = new Set();
const postponed = new Set(); // parts with news that somebody is about to send a form of
const sending = new Set(); // forms whose answers have not come yet
let refused = null; // the form that a refusal on the page is about
let leaving = false; // another page is on its way
let due = 0;
let stream = null;
const AGAIN_MS = 1000;

function refresh() {
  due = 0;
  if (leaving) return;
  const shown = [...document.querySelectorAll("[data-on]")];
  const isReset = told.has("reset"); // which changes everything
  const waiting = shown.filter((part) => isReset || part.dataset.on.split(" ").some((kind) => told.has(kind)));
  if (waiting.some((part) => part.classList.contains("htmx-request"))) return tell();
  // Whoever dropped this sandbox here is led to another one.
  if (sending.size) return tell();
  // Another sandbox stands under the name, or none, which the page then says.
  if (told.has("made") || told.has("dropped") || (isReset && !isTyped())) return location.reload();
  told.clear();
  for (const part of waiting) {
    if (part.matches("form")) catchUp(part);
    else if (isInUse(part)) postponed.add(part);
    else part.dispatchEvent(new CustomEvent("news"));
  }
}

function tell(...kinds) {
  for (const kind of kinds) told.add(kind);
  due ||= setTimeout(refresh, OFTEST_MS);
}

// Somebody has begun to fill in a form.
function isTyped() {
  return [...document.querySelectorAll("form[method=post]")].some((form) => [...form.elements].some(isChanged));
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (!field.options) return "defaultValue" in field && field.value !== field.defaultValue;
  const first = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(0, first);
}

// Somebody is about to send a form of this part.
function isInUse(part) {
  return Boolean(document.activeElement?.closest("form") && part.contains(document.activeElement));
}

document.addEventListener("focusout", () => {
  for (const part of postponed) tell(...part.dataset.on.split(" "));
  postponed.clear();
});

// A form follows field by field, and keeps what somebody has typed: what differs from what it showed.
async function catchUp(form) {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById(form.id)?.elements;
  for (const list of form.querySelectorAll("select[id], datalist[id]")) takeOverChoices(list, page.getElementById(list.id));
  chooseOperation();
  for (const shown of form.querySelectorAll("[name^='shown:']")) {
    const name = shown.name.replace("shown:", "");
    const same = now?.namedItem(name);
    if (same) takeOver(form.elements.namedItem(name), same, shown);
  }
}

// What is chosen stays, also where it is no choice any more: the server then refuses it, and says so.
function takeOverChoices(list, now) {
  if (!now || list.innerHTML === now.innerHTML) return;
  const chosen = list.selectedOptions?.[0];
  list.replaceChildren(...document.importNode(now, true).childNodes);
  if (!chosen) return;
  if (![...list.options].some((option) => option.value === chosen.value)) list.append(chosen);
  list.value = chosen.value;
}

function takeOver(field, now, shown) {
  if (now.value === shown.value) return;
  const isTyped = ![shown.value, now.value].includes(field.value);
  shown.value = now.value;
  if (!isTyped) field.value = now.value;
  sayMeanwhile(field, isTyped ? now : null);
}

// Somebody else has changed a field in which something else is typed.
function sayMeanwhile(field, now) {
  const id = `${field.name}-meanwhile`;
  document.getElementById(id)?.remove();
  if (!now) return;
  const text = now.selectedOptions?.[0].text ?? now.value;
  const note = Object.assign(document.createElement("p"), { id, className: "note meanwhile" });
  note.setAttribute("role", "status");
  const done = text ? `set this to ${text}` : "emptied this";
  note.append(`Somebody has ${done} meanwhile; what is written here would replace that.`);
  (field.closest("label") ?? field).after(note);
}

function follow() {
  if (stream || document.hidden || !document.body.dataset.events) return;
  let lost = true; // something may have happened since the page was written
  stream = new EventSource(document.body.dataset.events);
  stream.addEventListener("news", (event) => tell(...JSON.parse(event.data)));
  stream.addEventListener("open", () => {
    sayUnanswered(false);
    if (lost) tell(...everything());
    lost = false;
  });
  stream.addEventListener("error", () => {
    lost = true;
    if (stream?.readyState === EventSource.CLOSED) return followAgain();
    sayUnanswered(true);
  });
}

// A browser connects again by itself, but not after an answer that is no stream, such as the 401 of a server that has
// started again. The parts of the page get such an answer, too, and say what is to be done.
function followAgain() {
  pause();
  tell(...everything());
  setTimeout(follow, AGAIN_MS);
}

function sayUnanswered(unanswered) {
  document.getElementById("unanswered")?.toggleAttribute("hidden", !unanswered);
  if (!unanswered && document.querySelector("#refused[data-unanswered]")) forgetWhy();
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
function leave() {
  leaving = true;
  setTimeout(() => { leaving = false; if (told.size) tell(); }, 5000); // the navigation was cancelled
}

addEventListener("beforeunload", leave);
addEventListener("pagehide", pause);
addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted) { follow(); tell(...everything()); }
});
follow();

document.addEventListener("htmx:afterSwap", () => {
  for (const list of document.querySelectorAll("[data-most]")) {
    while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
  }
});

// A form that is refused stays as it is, with everything that was typed, and says why.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
  event.preventDefault();
  const question = event.submitter?.dataset.confirm;
  if (sending.has(form) || (question && !confirm(question))) return;
  sending.add(form);
  forget();
  const fields = new FormData(form, event.submitter);
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" } });
    const next = answer.headers.get("HX-Redirect");
    const page = next ? "" : await answer.text();
    if (!next) sayWhy(form, answer.status, page);
    else if (!leaving) {
      leave(); // now: news that comes before the browser says so would load this page again instead
      location.assign(next);
    }
  } catch {
    if (!leaving) sayWhy(form, 0, "");
  } finally {
    sending.delete(form);
  }
});

// What a filter shows is what its address shows, also after Back.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest("#filter");
  if (!form) return;
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
});

// What was said is not said again when the page is loaded later; news may load it once more at once.
const forgetAddress = () => history.replaceState(null, "", location.pathname);
if (new URLSearchParams(location.search).has("said")) setTimeout(forgetAddress, 5000);

function forgetSaid() {
  const said = document.getElementById("said");
  if (!said) return;
  said.remove();
  forgetAddress();
}

// "Saved." is over as soon as something is edited, tried or refused, and a refusal as soon as something is tried, or
// edited in another form: in its own form, its reader is still mending what it lists.
function forget() {
  forgetSaid();
  forgetWhy();
}

document.addEventListener("input", (event) => {
  if (event.target.form === refused) forgetSaid();
  else forget();
});
document.addEventListener("invalid", forget, true); // a form that the browser does not send, and says why
document.addEventListener("htmx:beforeRequest", (event) => { if (!event.detail.elt.dataset.on) forget(); });
document.addEventListener("htmx:responseError", (event) => {
  // What the whole page is about is gone, which the page then says.
  const isThisPage = event.detail.elt.dataset.on && event.detail.pathInfo.requestPath === location.pathname;
  if (event.detail.xhr.status === 404 && isThisPage) return leaving || location.reload();
  sayWhy(event.detail.elt, event.detail.xhr.status, event.detail.xhr.responseText);
});
document.addEventListener("htmx:sendError", (event) => {
  // Parts that ask by themselves ask again.
  if (!event.detail.elt.dataset.on) sayWhy(event.detail.elt, 0, "");
});

function sayWhy(asking, status, page) {
  const said = new DOMParser().parseFromString(page, "text/html").querySelector("[role=alert]");
  // The server has started again, or wants a new signing in.
  if (status === 401 && !said) return location.reload();
  forget();
  refused = asking.closest("form");
  const why = document.createElement("div");
  why.id = "refused";
  why.className = "note bad";
  why.setAttribute("role", "alert");
  why.toggleAttribute("data-unanswered", !status);
  why.append(...(said ? document.importNode(said, true).childNodes : [status ? failure(status, page) : "The server does not answer."]));
  putBeside(asking, why);
  if (asking.matches?.("[hx-target='#replayed']")) document.getElementById("replayed")?.replaceChildren(); // of another replay
  for (const item of why.querySelectorAll("[data-field]")) mark(asking, item.dataset.field);
  const first = asking.querySelector?.("[aria-invalid]");
  for (const shown of [why, first]) shown?.scrollIntoView({ block: "nearest" });
  first?.focus({ preventScroll: true });
}

// What is refused before a page is asked, such as a file that is too large, is told as a problem in JSON.
function failure(status, text) {
  let detail = "";
  try { ({ detail = "" } = JSON.parse(text)); } catch { /* something else, perhaps of a proxy */ }
  const remedy = status === 413 ? " The flag --max-body of the server allows more." : "";
  return `${detail || `That failed (${status}).`}${remedy}`;
}

function forgetWhy() {
  refused = null;
  document.getElementById("refused")?.remove();
  for (const field of document.querySelectorAll("[aria-errormessage=refused]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-errormessage");
  }
}

function putBeside(asking, why) {
  const row = asking.closest(".rows > li");
  if (row) return row.append(why);
  if (asking.matches("form")) {
    const around = asking.closest(".actions, .head, .line");
    return around ? around.after(why) : (asking.querySelector(".sticky") ?? asking).append(why);
  }
  if (asking.dataset.on) return asking.before(why);
  (asking.closest("p") ?? asking).after(why);
}

// A part of a field, such as the second line of a list, is marked at the field.
function mark(form, name) {
  for (let known = name; known; known = known.slice(0, Math.max(0, known.lastIndexOf(".")))) {
    const field = form.elements?.namedItem(known);
    if (!field?.setAttribute) continue;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", "refused");
    return;
  }
}

// Only what is possible in the chosen system, or for the chosen operation, is listed.
function chooseSystem() {
  const chosen = document.querySelector("select[name=system]");
  for (const one of document.querySelectorAll("p[data-system]")) one.hidden = one.dataset.system !== chosen?.value;
}
function chooseOperation() {
  const chosen = document.querySelector("select[name=operation]")?.value;
  for (const one of document.querySelectorAll("option[data-operations]")) {
    one.disabled = Boolean(chosen) && !one.dataset.operations.split(" ").includes(chosen);
  }
}
for (const choose of [chooseSystem, chooseOperation]) {
  document.addEventListener("change", choose);
  addEventListener("pageshow", choose);
}

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
