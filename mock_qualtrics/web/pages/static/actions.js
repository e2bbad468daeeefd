// Copy buttons, revealing of masked identities, and the keyboard.

function say(text) {
  document.getElementById("said").textContent = text;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    copyBySelection(button.dataset.copy); // without https a browser has no clipboard
  }
  const text = button.textContent;
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => (button.textContent = text), 1500);
}

function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

// Swap one element for the same one of the page that a link leads to.
async function swap(link) {
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wanted = page.getElementById(link.dataset.swap);
  if (!answer.ok || !wanted) location.href = link.href;
  else document.getElementById(link.dataset.swap).replaceWith(wanted);
  showButtons();
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

// "/" goes to the search box; "j" and "k" to the next and the previous row or page.
const KEYS = { j: "next", ArrowRight: "next", k: "prev", ArrowLeft: "prev" };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") {
    const box = document.querySelector("input[type=search]");
    if (box) {
      event.preventDefault();
      box.focus();
    }
    return;
  }
  const link = document.querySelector(`main a[rel=${KEYS[event.key] || "none"}]`);
  if (link) link.click();
  else if (event.key === "j" || event.key === "k") moveInRows(event.key === "j" ? 1 : -1);
}

function isTyping(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

function moveInRows(step) {
  const links = [...document.querySelectorAll("table.rows tbody tr a.opens")];
  const here = links.indexOf(document.activeElement);
  const next = links[here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step];
  if (next) next.focus();
}

function showButtons() {
  for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
}

export function startActions() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("merged", showButtons);
  showButtons();
}
