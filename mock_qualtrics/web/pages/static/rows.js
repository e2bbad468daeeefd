// Add and remove rows of a form in place: the server makes the group of rows anew, with what is
// typed, and the script swaps it in.

async function change(button) {
  const group = button.closest("fieldset");
  const adds = button.value.startsWith("add:");
  group.inert = true; // what is typed now would be lost
  const wanted = await answered(button.form, button, group.id).catch(() => null);
  group.inert = false;
  if (!wanted) return button.form.requestSubmit(button);
  group.replaceWith(wanted);
  const fields = wanted.querySelectorAll(".row:last-of-type input, .row:last-of-type select");
  (adds ? fields[0] : wanted.querySelector("button[value^='add:']")).focus();
}

async function answered(form, button, id) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return answer.ok ? page.getElementById(id) : null;
}

export function startRows() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-rows]");
    if (!button) return;
    event.preventDefault();
    change(button);
  });
}
