// What an answer of the server changes on the page. Texts only ever as text, never as HTML.

/** Show and hide questions: {key: bool}. */
export function showVisible(visible) {
  for (const [key, shown] of Object.entries(visible)) {
    const block = document.getElementById(key);
    if (block) block.hidden = !shown;
  }
}

/** Update the live progress bar: {done, total}. */
export function showProgress(progress) {
  const place = document.querySelector("[data-progress]");
  if (!place || !progress) return;
  const bar = place.querySelector("progress");
  bar.max = Math.max(progress.total, 1);
  bar.value = progress.done;
  place.querySelector("[data-progress-text]").textContent = place.dataset.tProgress
    .replace("{done}", progress.done).replace("{total}", progress.total);
}

/** Replace the list of stop rules: [{effect, reason}]; without the list nothing changes. */
export function showStops(stops) {
  const place = document.querySelector("[data-stops]");
  if (!place || !stops) return;
  const list = place.querySelector("[data-stop-list]");
  const wanted = stops.map(({ effect, reason }) => {
    const alert = place.querySelector(`[data-stop-template="${CSS.escape(effect)}"]`).content.cloneNode(true);
    alert.querySelector("[data-stop-reason]").textContent = reason;
    return alert.firstElementChild;
  });
  const text = (elements) => elements.map((element) => element.textContent).join("\n");
  if (text(wanted) !== text([...list.children])) list.replaceChildren(...wanted);
}

/** Put messages at the fields of a question, {field: [message]}, and take the old ones away. */
export function showErrors(block, key, errors) {
  for (const place of block.querySelectorAll(".et-error")) mark(block, place, []);
  for (const [field, messages] of Object.entries(errors)) {
    const place = document.getElementById(`${key}-${field}-error`) ?? block.querySelector(".et-error");
    if (place) mark(block, place, messages);
  }
}

function mark(block, place, messages) {
  place.replaceChildren(...messages.map((message) => {
    const line = document.createElement("p");
    line.textContent = message;
    return line;
  }));
  place.hidden = messages.length === 0;
  const control = document.getElementById(place.id.replace(/-error$/, ""));
  if (!control || !("value" in control)) return;
  if (messages.length) {
    control.setAttribute("aria-invalid", "true");
    describe(control, place.id);
  } else control.removeAttribute("aria-invalid");
}

function describe(control, id) {
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  control.setAttribute("aria-describedby", [...ids.add(id)].join(" "));
}
