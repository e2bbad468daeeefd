// Merge a page that was fetched again into the one that is shown, so that nothing flickers.
//
// Elements are known again by their id, others by their place. What somebody is using stays as it
// is: the field with the focus, an opened <details>, and each element with data-kept.

export function merge(shown, fetched) {
  mergeAttributes(shown, fetched);
  const byId = new Map();
  for (const child of shown.children) if (child.id) byId.set(child.id, child);
  const ids = new Set([...fetched.children].map((child) => child.id).filter(Boolean));
  let place = shown.firstChild;
  for (const wanted of [...fetched.childNodes]) {
    const same = wanted.id ? byId.get(wanted.id) : unnamed(place, wanted);
    if (!same) {
      shown.insertBefore(fresh(wanted), place);
      continue;
    }
    if (noneIsWanted(place, same, ids)) place = removeUpTo(place, same);
    if (same === place) place = place.nextSibling;
    else shown.insertBefore(same, place);
    mergeNode(same, wanted);
  }
  removeUpTo(place, null);
}

// What is no longer wanted is removed rather than the rest moved, which would lose the focus.
function noneIsWanted(place, end, ids) {
  for (let node = place; node !== end; node = node.nextSibling) {
    if (!node || (node.id && ids.has(node.id))) return false;
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

function unnamed(place, wanted) {
  const fits = place && !place.id && place.nodeName === wanted.nodeName;
  return fits ? place : null;
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
  const keepsOpen = shown.nodeName === "DETAILS";
  for (const { name } of [...shown.attributes]) {
    if (!wanted.hasAttribute(name) && !(keepsOpen && name === "open")) shown.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (keepsOpen && name === "open") continue;
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}

function fresh(wanted) {
  if (wanted.nodeName === "TR") wanted.classList.add("fresh");
  return wanted;
}
