// Selecting text on the page of a public copy brings the form to it and fills in the passage.

/** The form is one, and moves: `[data-entry]` is where it can stand, `[data-pointer]` a text in it. */
export function followSelection(form) {
  document.addEventListener("mouseup", () => bring(form));
  document.addEventListener("keyup", ({ shiftKey }) => { if (shiftKey) bring(form); });
}

function bring(form) {
  const selection = getSelection();
  const passage = String(selection).trim();
  const text = selection.anchorNode?.parentElement?.closest("[data-pointer]");
  const entry = text?.closest("[data-entry]");
  if (!passage || !entry || form.contains(selection.anchorNode)) return;
  if (form.parentElement !== entry) move(form, entry);
  form.elements.part.value = text.contains(selection.focusNode) ? text.dataset.pointer : entry.dataset.entry;
  form.elements.passage.value = passage;
}

function move(form, entry) {
  entry.append(form);
  form.action = form.action.replace(/\?plek=.*$|$/, `?plek=${encodeURIComponent(entry.id)}`);
  form.elements.document.value = entry.dataset.document;
  const all = new Option(form.dataset.tAll, entry.dataset.entry);
  const texts = [...entry.querySelectorAll("[data-pointer]")];
  form.elements.part.replaceChildren(all, ...texts.map(({ dataset }) => new Option(dataset.label, dataset.pointer)));
}
