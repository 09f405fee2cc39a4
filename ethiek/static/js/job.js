// Follow a background job: {"state", "progress", "total", "label", "done_url"}.
const ENDED = new Set(["done", "failed", "dead"]);
const STEP = 1500; // ms between two looks
const LONGEST = 15000; // ms between two looks when the server does not answer

/** Keep a progress bar up to date; load the next page when the job has ended. */
export async function followJob(element) {
  const bar = element.querySelector("progress");
  const label = element.querySelector("[data-job-label]");
  for (let wait = STEP; ;) {
    await new Promise((resolve) => { setTimeout(resolve, wait); });
    const job = await look(element.dataset.jobUrl);
    wait = job ? STEP : Math.min(wait * 2, LONGEST);
    if (!job) continue;
    if (job.total) bar.max = job.total;
    if (Number.isFinite(job.progress)) bar.value = job.progress;
    if (job.label && label.textContent !== job.label) label.textContent = job.label;
    if (ENDED.has(job.state)) {
      if (job.done_url) location.assign(job.done_url); else location.reload();
      return;
    }
  }
}

async function look(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(10000) });
    return response.ok ? await response.json() : null;
  } catch {
    return null; // no connection, or not JSON: look again later
  }
}
