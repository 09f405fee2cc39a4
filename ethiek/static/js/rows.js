// Rows of a table question: add one by cloning the last, remove one, number them anew.

/** Make the buttons of all tables in a block work without loading the page. changed: called after each step. */
export function startRows(block, changed) {
  block.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=add_row], button[name=remove_row]");
    if (!button) return;
    event.preventDefault();
    const table = button.closest("[data-rows]");
    if (button.name === "add_row") firstControl(addRow(table)).focus();
    else removeRow(table, button.closest("[data-row]"));
    changed();
  });
}

/** Add rows until one with this index exists (for taking over somebody else's table). */
export function ensureRow(block, rowsName, index) {
  const table = [...block.querySelectorAll("[data-rows]")].find((each) => each.dataset.rows === rowsName);
  while (table && lastIndex(table) < index) addRow(table);
}

const rowsOf = (table) => [...table.querySelectorAll(":scope > [data-row]")];
const firstControl = (row) => row.querySelector("textarea, input:not([type=hidden]), select");
const lastIndex = (table) => Math.max(...rowsOf(table).map((row) => Number(row.dataset.row)));

function addRow(table) {
  const last = rowsOf(table).at(-1);
  const row = last.cloneNode(true);
  const index = lastIndex(table) + 1;
  renumber(row, `${table.dataset.rows}-${row.dataset.row}-`, `${table.dataset.rows}-${index}-`);
  const remove = row.querySelector("button[name=remove_row]");
  remove.value = remove.value.replace(/:\d+$/, `:${index}`);
  row.dataset.row = String(index);
  clear(row);
  last.after(row);
  refresh(table);
  return row;
}

function removeRow(table, row) {
  const rows = rowsOf(table);
  if (rows.length === 1) {
    clear(row);
    firstControl(row).focus();
    return;
  }
  const place = rows.indexOf(row);
  row.remove();
  firstControl(rows[place + 1] ?? rows[place - 1]).focus();
  refresh(table);
}

function renumber(row, from, to) {
  for (const element of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
    for (const attribute of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replaceAll(from, to));
    }
  }
}

function clear(row) {
  for (const control of row.querySelectorAll("textarea, input, select")) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = "";
    control.removeAttribute("aria-invalid");
  }
  for (const error of row.querySelectorAll(".et-error")) { error.replaceChildren(); error.hidden = true; }
}

function refresh(table) {
  const text = table.closest("form").dataset.tRow;
  const rows = rowsOf(table);
  rows.forEach((row, index) => {
    for (const title of row.querySelectorAll("[data-row-title]")) title.textContent = ` ${text.replace("{n}", index + 1)}`;
  });
  const most = Number(table.dataset.max);
  table.querySelector("button[name=add_row]").hidden = most > 0 && rows.length >= most;
}
