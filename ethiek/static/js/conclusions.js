// The panel "Outcome": what the question set concludes from the answers so far.

/** Show an outcome: {text, items: [{level, title, reason, url, link}]}; without it nothing changes. */
export function showOutcome(outcome) {
  const panel = document.querySelector("[data-outcome]");
  if (!panel || !outcome) return;
  const text = panel.querySelector("[data-outcome-text]");
  text.textContent = outcome.text;
  text.hidden = outcome.text === "";
  panel.querySelector("[data-outcome-list]").replaceChildren(...outcome.items.map((item) => itemOf(panel, item)));
}

function itemOf(panel, { level, title, reason, url, link }) {
  const template = panel.querySelector(`[data-outcome-template="${CSS.escape(level)}"]`);
  const item = template.content.cloneNode(true).firstElementChild;
  item.querySelector("[data-outcome-title]").textContent = title;
  item.querySelector("[data-outcome-reason]").textContent = reason;
  const anchor = item.querySelector("[data-outcome-link]");
  anchor.textContent = link;
  if (url) anchor.setAttribute("href", url);
  else anchor.parentElement.remove();
  return item;
}
