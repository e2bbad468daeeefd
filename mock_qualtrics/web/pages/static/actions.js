// Copy buttons, revealing of masked identities, and the keyboard.

const labels = new WeakMap(); // of the buttons that say "Copied" for a moment

function say(text) {
  const said = document.getElementById("said");
  said.textContent = "";
  setTimeout(() => (said.textContent = text)); // the same text again is told again
}

async function copy(button) {
  const told = (await isCopied(button.dataset.copy)) ? "Copied" : "Not copied";
  if (!labels.has(button)) labels.set(button, button.textContent);
  button.textContent = told;
  say(told);
  setTimeout(() => (button.textContent = labels.get(button)), 1500);
}

async function isCopied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return isCopiedBySelection(text); // without https a browser has no clipboard
  }
}

function isCopiedBySelection(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before.focus({ preventScroll: true });
  return done;
}

// Swap one element for the same one of the page that a link leads to; otherwise go to that page.
async function swap(link) {
  const wanted = await part(link.href, link.dataset.swap).catch(() => null);
  const shown = document.getElementById(link.dataset.swap);
  if (!wanted || !shown) return (location.href = link.href);
  const hadFocus = shown.contains(document.activeElement);
  showButtons(wanted);
  shown.replaceWith(wanted);
  if (hadFocus) focusOn(wanted);
}

async function part(url, id) {
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return answer.ok ? page.getElementById(id) : null;
}

// So that the keyboard goes on from here, and a screen reader reads what came.
function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

// Who types the number of a choice means this choice.
function onInput(event) {
  const choice = event.target.closest(".choice");
  const radio = choice && choice.querySelector("input[type=radio]");
  if (radio) radio.checked = true;
}

function onClick(event) {
  const button = event.target.closest("button[data-copy]");
  if (button) copy(button);
  const link = event.target.closest("a[data-swap]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    swap(link);
  }
}

// "/" goes to the search box, "j" and "k" to the next and the previous row. A page without rows
// leads to the next and the previous one, by the arrows as well.
const KEYS = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const step = KEYS[event.key];
  if (event.key === "/") toSearch(event);
  else if (step) move(event, step);
}

function isTyping(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

function toSearch(event) {
  const box = document.querySelector("input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
}

function move(event, step) {
  const rows = [...document.querySelectorAll("main a.opens")];
  const isArrow = event.key.startsWith("Arrow");
  if (rows.length) return isArrow || moveInRows(rows, step);
  if (event.repeat || (isArrow && isTheBrowsers(event))) return;
  document.querySelector(`main a[rel=${step > 0 ? "next" : "prev"}]`)?.click();
}

// Arrows select text, and scroll what is wider than its place.
function isTheBrowsers(event) {
  if (event.shiftKey) return true;
  for (let element = event.target; element; element = element.parentElement) {
    if (element.scrollWidth > element.clientWidth && element.clientWidth) return true;
  }
  return false;
}

function moveInRows(rows, step) {
  const here = rows.findIndex((link) => link.closest("tr, li")?.contains(document.activeElement));
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
  if (next) next.focus();
}

// Without the script they are hidden.
function showButtons(part) {
  for (const button of part.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
}

export function startActions() {
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("keydown", onKey);
  document.addEventListener("fetched", (event) => showButtons(event.detail));
  showButtons(document);
}
