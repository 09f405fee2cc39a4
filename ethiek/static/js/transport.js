// Talking to the server: one answer of known shape, whatever happens on the way.
const PATIENCE = 20000; // ms
const KEEPALIVE_LIMIT = 60000; // bytes; browsers refuse larger requests that outlive the page

/**
 * Send a body to the form's address.
 * Gives {status, answer}: status 0 when nothing came back, answer {} when it was not JSON.
 * A redirect counts as 401: only the sign-in page redirects an answer that asks for JSON.
 */
export async function post(form, body, { keepalive }) {
  let response;
  try {
    response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      keepalive: keepalive && sizeOf(body) < KEEPALIVE_LIMIT,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { status: 0, answer: {} };
  }
  if (response.type === "opaqueredirect") return { status: 401, answer: {} };
  const answer = await jsonOf(response);
  // a page where JSON was asked for comes from something in between: not a confirmation
  return response.ok && !answer.saved ? { status: 502, answer } : { status: response.status, answer };
}

/** Fetch the CSRF token of this moment (or take the one in the answer); true when it is another than before. */
export async function csrfChanged(page, answer) {
  const field = page.form.elements.namedItem("csrf_token");
  const token = answer.csrf ?? (await currentCsrf(page.form.dataset.csrfUrl));
  if (!token || token === field.value) return false;
  page.setCsrf(token);
  return true;
}

async function currentCsrf(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? (await jsonOf(response)).csrf : null;
  } catch {
    return null;
  }
}

async function jsonOf(response) {
  try {
    return (await response.json()) ?? {};
  } catch {
    return {};
  }
}

function sizeOf(body) {
  return [...body].reduce((sum, [name, value]) => sum + name.length + 3 * value.length + 150, 0);
}
