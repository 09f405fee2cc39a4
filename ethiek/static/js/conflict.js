// The panel with two versions of one answer, and what becomes of the fields for each choice.
import { ensureRow } from "./rows.js";

/**
 * Show both versions. choose: called with "mine", "theirs" or "both".
 * found: {by, at, theirs, yours} as the server gave them; only ever shown as text.
 */
export function showPanel(template, place, found, choose) {
  const panel = template.content.cloneNode(true).firstElementChild;
  for (const name of ["by", "at", "theirs", "yours"]) panel.querySelector(`[data-c-${name}]`).textContent = found[name] || "–";
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    if (!button) return;
    event.preventDefault();
    place.replaceChildren();
    choose(button.dataset.keep);
  });
  place.replaceChildren(panel);
  return panel;
}

/** Put the other person's values into the fields; what they left empty becomes empty. */
export function takeTheirs(block, theirs) {
  makeRows(block, theirs);
  for (const control of answerControls(block)) setValue(control, valuesOf(theirs, control.name));
}

/** Texts one below the other, theirs first. A choice stays as it is here, unless none was made. */
export function joinBoth(block, theirs) {
  makeRows(block, theirs);
  const untouched = new Set(answerControls(block).map((control) => control.name).filter((name) => isEmpty(block, name)));
  for (const control of answerControls(block)) {
    const values = valuesOf(theirs, control.name);
    if (untouched.has(control.name)) setValue(control, values);
    else if (control.tagName === "TEXTAREA" && values[0] && values[0] !== control.value) {
      control.value = `${values[0]}\n\n${control.value}`;
    }
  }
}

/** Controls that hold the answer, not the bookkeeping (revision, token) and not the buttons. */
export function answerControls(block) {
  return [...block.querySelectorAll("textarea, select, input:not([type=hidden])")].filter((control) => control.name);
}

function makeRows(block, theirs) {
  for (const name of Object.keys(theirs)) {
    const [, rows, index] = /^(.*-rows)-(\d+)-/.exec(name) ?? [];
    if (rows) ensureRow(block, rows, Number(index));
  }
}

const valuesOf = (fields, name) => [fields[name] ?? ""].flat().map(String);
const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

function isEmpty(block, name) {
  return answerControls(block).filter((control) => control.name === name)
    .every((control) => (isChoice(control) ? !control.checked : control.value === ""));
}

function setValue(control, values) {
  if (isChoice(control)) control.checked = values.includes(control.value);
  else [control.value] = values;
}
