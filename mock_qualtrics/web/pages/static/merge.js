// Merge a page that was fetched again into the one that is shown, so that nothing flickers.
//
// Elements are known again by their id; those without one by their kind, the first of a kind by the
// first. What somebody is using stays as it is: the field with the focus, an opened <details>, and
// each element with data-kept.

export function merge(shown, fetched) {
  mergeAttributes(shown, fetched);
  const known = keyed(shown);
  const wantedKeys = keyed(fetched);
  const wantedAs = new Map([...wantedKeys].map(([key, element]) => [element, key]));
  const stays = new Set([...known].filter(([key]) => wantedKeys.has(key)).map(([, one]) => one));
  let place = shown.firstChild;
  for (const wanted of [...fetched.childNodes]) {
    const same = wantedAs.has(wanted) ? known.get(wantedAs.get(wanted)) : textAt(place, wanted);
    if (!same) {
      shown.insertBefore(fresh(wanted), place);
      continue;
    }
    if (noneStays(place, same, stays)) place = removeUpTo(place, same);
    if (same === place) place = place.nextSibling;
    else shown.insertBefore(same, place);
    mergeNode(same, wanted);
  }
  removeUpTo(place, null);
}

// The child elements by what each is known again.
function keyed(parent) {
  const counts = new Map();
  const elements = new Map();
  for (const child of parent.children) {
    const kind = kindOf(child);
    const count = (counts.get(kind) || 0) + 1;
    counts.set(kind, count);
    elements.set(`${kind} ${count}`, child);
  }
  return elements;
}

// An option is known by its value, so that what is chosen stays so when others come before it.
function kindOf(element) {
  if (element.id) return `#${element.id}`;
  const names = element.nodeName === "OPTION" ? ["value"] : ["class", "name"];
  return [element.nodeName, ...names.map((name) => element.getAttribute(name) || "")].join(" ");
}

function textAt(place, wanted) {
  return place && place.nodeType === wanted.nodeType ? place : null;
}

// What is no longer wanted is removed rather than the rest moved, which would lose the focus.
function noneStays(place, end, stays) {
  for (let node = place; node !== end; node = node.nextSibling) {
    if (!node || stays.has(node)) return false;
  }
  return true;
}

function removeUpTo(place, end) {
  while (place !== end) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
  return end;
}

function mergeNode(shown, wanted) {
  if (shown.nodeType !== Node.ELEMENT_NODE) {
    if (shown.nodeValue !== wanted.nodeValue) shown.nodeValue = wanted.nodeValue;
    return;
  }
  if (shown.nodeName !== wanted.nodeName) shown.replaceWith(wanted);
  else if (!inUse(shown)) merge(shown, wanted);
}

function inUse(element) {
  if ("kept" in element.dataset) return true;
  return element.matches("input, select, textarea") && element === document.activeElement;
}

function mergeAttributes(shown, wanted) {
  const own = shown.nodeName === "DETAILS" ? "open" : "data-fresh"; // not the server's to change
  for (const { name } of [...shown.attributes]) {
    if (name !== own && !wanted.hasAttribute(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (name !== own && shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}

// A new row is marked for a moment (pages.css), through merges meanwhile.
function fresh(wanted) {
  if (wanted.nodeName === "TR") wanted.dataset.fresh = "";
  return wanted;
}
