// Small improvements that stand on their own.

/** Bring the reader to what went wrong; the browser's own jump to #main would miss it. */
export function focusErrorSummary() {
  document.querySelector("[data-error-summary]")?.focus();
}

/** The list of parts is closed on a narrow screen and open beside the questions on a wide one. */
export function openPartsWhenWide() {
  const wide = matchMedia("(min-width: 64rem)");
  const apply = () => {
    for (const details of document.querySelectorAll("details[data-open-when-wide]")) details.open = wide.matches;
  };
  wide.addEventListener("change", apply);
  apply();
}

/** "None of these" rules out the other ticks of its question, and the other way round. */
export function keepExclusive() {
  document.addEventListener("change", ({ target }) => {
    if (!target.checked || target.type !== "checkbox" || !target.form) return;
    const siblings = [...target.form.elements].filter((box) => box.name === target.name && box !== target);
    for (const box of siblings) {
      if ("exclusive" in target.dataset || "exclusive" in box.dataset) box.checked = false;
    }
  }, { capture: true });
}

/** One press, one request. The button stays focusable; a download leaves the page, so it opens again soon. */
export function preventDoubleSubmit(form) {
  const release = () => {
    delete form.dataset.submitted;
    for (const button of form.querySelectorAll("[type=submit]")) button.removeAttribute("aria-disabled");
  };
  form.addEventListener("submit", (event) => {
    if ("submitted" in form.dataset) { event.preventDefault(); return; }
    form.dataset.submitted = "";
    event.submitter?.setAttribute("aria-disabled", "true");
    setTimeout(release, 4000);
  });
  addEventListener("pageshow", release);
}

/** Ask before an ordinary form with typed text is left (form[data-guard]). */
export function guardUnsaved(form) {
  const content = () => new URLSearchParams(new FormData(form)).toString();
  const initial = content();
  let submitted = false;
  form.addEventListener("submit", () => { submitted = true; });
  addEventListener("pageshow", () => { submitted = false; });
  addEventListener("beforeunload", (event) => { if (!submitted && content() !== initial) event.preventDefault(); });
}

/** A checkbox with data-select-all="name" ticks all boxes of that name in its form. */
export function selectAll(box) {
  const others = [...box.form.elements].filter((other) => other.name === box.dataset.selectAll && other !== box);
  const show = () => {
    const ticked = others.filter((other) => other.checked).length;
    box.checked = others.length > 0 && ticked === others.length;
    box.indeterminate = ticked > 0 && ticked < others.length;
  };
  box.addEventListener("change", () => { for (const other of others) other.checked = box.checked; });
  for (const other of others) other.addEventListener("change", show);
  addEventListener("pageshow", show);
  for (let place = box; place && place !== box.form; place = place.parentElement) place.hidden = false;
}
