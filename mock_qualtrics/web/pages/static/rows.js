// Add and remove rows of a form in place: the server makes the group of rows anew, with what is
// typed, and the script swaps it in.

async function change(button) {
  const { form } = button;
  const group = button.closest("fieldset");
  const adds = button.value.startsWith("add:");
  const typed = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: typed });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const wanted = page.getElementById(group.id);
  if (!answer.ok || !wanted) return form.requestSubmit(button);
  group.replaceWith(wanted);
  const fields = wanted.querySelectorAll(".row:last-of-type input, .row:last-of-type select");
  (adds ? fields[0] : wanted.querySelector("button[value^='add:']")).focus();
}

export function startRows() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-rows]");
    if (!button) return;
    event.preventDefault();
    change(button);
  });
}
