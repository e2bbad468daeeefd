// Merge a page that was fetched again into the one that is shown, so that nothing flickers.
//
// Elements are known again by their id, others by their place. What somebody is using stays as it
// is: the field with the focus, an opened <details>, and each element with data-kept.

export function merge(shown, fetched) {
  mergeAttributes(shown, fetched);
  const byId = new Map();
  for (const child of shown.children) if (child.id) byId.set(child.id, child);
  let place = shown.firstChild;
  for (const wanted of [...fetched.childNodes]) {
    const same = wanted.id ? byId.get(wanted.id) : unnamed(place, wanted);
    if (!same) {
      shown.insertBefore(fresh(wanted), place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else shown.insertBefore(same, place);
    mergeNode(same, wanted);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
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
