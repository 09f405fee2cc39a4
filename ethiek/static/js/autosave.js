// Autosave of the questionnaire page: one saver per question, one request at a time per page.
//
// Unsaved text lives in the page only: never in the browser's storage (ASVS 14.3.3). It stays until the server
// has confirmed it; meanwhile leaving the page asks first. The answers that the server may give:
//   200 saved, visible, progress, stops, outcome, token    409 conflict (or: can no longer be changed)
//   401 signed out    403/400 perhaps an old CSRF token    422 errors    428 no revision    5xx/none: try again
import { answerControls, joinBoth, showPanel, takeTheirs } from "./conflict.js";
import { startRows } from "./rows.js";
import { csrfChanged, post } from "./transport.js";
import { showOutcome } from "./conclusions.js";
import { showErrors, showProgress, showStops, showVisible } from "./outcome.js";

const PAUSE = 1200; // ms of rest after typing
const QUICK = 200; // ms after a choice or after leaving a field
const FIRST_RETRY = 2000; // ms, doubled at each failure
const LONGEST_RETRY = 60000;
const SIGNED_OUT_RETRY = 15000;
/** States that the user can end only by doing something: trying again by itself would not help. */
const WAITING_FOR_USER = new Set(["conflict", "invalid", "refused", "reload"]);
/** States in which we keep trying; they stay on screen until it works. */
const TRYING_AGAIN = new Set(["offline", "failed", "signin"]);

/** Start autosaving in a form of question_form(). */
export function startAutosave(form) {
  return new Page(form);
}

/** All questions of one form, and what they share: order of requests, leaving, submitting. */
class Page {
  constructor(form) {
    this.form = form;
    this.queue = Promise.resolve();
    this.submitting = false;
    this.flushing = false;
    this.announcer = document.querySelector("[data-announcer]");
    this.savers = [...form.querySelectorAll("[data-question]")].map((block) => new Saver(block, this));
    form.addEventListener("submit", (event) => this.onSubmit(event));
    addEventListener("pageshow", () => { this.submitting = false; });
    addEventListener("beforeunload", (event) => { if (!this.submitting && this.unsaved().length) event.preventDefault(); });
    addEventListener("online", () => this.retryAll());
    addEventListener("focus", () => this.retryAll("signin"));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leaving(); });
  }

  unsaved() {
    return this.savers.filter((saver) => saver.dirty());
  }

  retryAll(state) {
    for (const saver of this.unsaved()) if (!state || saver.state === state) saver.save();
  }

  leaving() {
    for (const saver of this.unsaved()) saver.save({ keepalive: true });
  }

  /** Requests go one after the other, so that progress and conditions never arrive out of order. */
  inTurn(task) {
    this.queue = this.queue.then(task, task);
    return this.queue;
  }

  /** Save what is typed first: a plain POST beside a running autosave would be a conflict with oneself. */
  async onSubmit(event) {
    if (this.submitting || this.flushing) { event.preventDefault(); return; }
    const server = event.submitter?.matches("[data-keep]"); // the panel on the page that answered 409
    if (server || !this.unsaved().length) { this.submitting = true; return; }
    event.preventDefault();
    await this.flush(event.submitter);
    const stuck = this.unsaved().find((saver) => !["refused", "reload"].includes(saver.state));
    if (stuck) stuck.show();
    else {
      this.leaveQuietly();
      this.form.requestSubmit(event.submitter);
    }
  }

  async flush(button) {
    this.flushing = true;
    button?.setAttribute("aria-disabled", "true");
    for (const saver of this.unsaved()) if (saver.state === "invalid") saver.state = "unsaved";
    await Promise.all(this.unsaved().map((saver) => saver.save()));
    button?.removeAttribute("aria-disabled");
    this.flushing = false;
  }

  noteShown() {
    const shown = this.form.elements.namedItem("shown");
    if (shown) shown.value = this.savers.filter(({ block }) => !block.hidden).map(({ key }) => key).join(" ");
  }

  leaveQuietly() {
    for (const saver of this.savers) saver.settle();
  }

  announce(text) {
    this.announcer.textContent = "";
    this.announcer.textContent = text;
  }

  setCsrf(token) {
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  }

  /**
   * What a successful save changes elsewhere on the page. A question that appears while the page is being
   * submitted was not seen: it stays out of the list of shown ones, so that the server brings its reader back to it.
   */
  apply(answer) {
    showVisible(answer.visible ?? {});
    if (!this.flushing) this.noteShown();
    showProgress(answer.progress);
    showStops(answer.stops);
    showOutcome(answer.outcome);
  }
}

/** One question: knows what the server has, and brings it what is on the screen. */
class Saver {
  constructor(block, page) {
    this.block = block;
    this.page = page;
    this.key = block.dataset.question;
    this.status = block.querySelector("[data-save-status]");
    this.text = block.querySelector("[data-save-text]");
    this.state = this.status.dataset.state;
    this.failures = 0;
    this.announced = false;
    this.saved = "unsaved" in block.dataset ? null : this.content(); // a 409 or 422 page shows text that is not saved
    this.sent = null; // the content that the present token stands for
    block.addEventListener("input", () => this.changed(PAUSE));
    block.addEventListener("change", () => this.changed(QUICK));
    block.addEventListener("focusout", () => { if (this.dirty()) this.plan(QUICK); });
    startRows(block, () => this.changed(QUICK));
  }

  field(name) {
    return this.page.form.elements.namedItem(`${this.key}-${name}`);
  }

  /** The names and values of this question's controls, without bookkeeping. */
  entries() {
    const names = new Set(answerControls(this.block).map((control) => control.name));
    return [...new FormData(this.page.form)].filter(([name]) => names.has(name));
  }

  content() {
    return JSON.stringify(this.entries());
  }

  dirty() {
    return this.content() !== this.saved;
  }

  changed(wait) {
    if (this.state === "conflict" || !this.dirty()) return;
    this.failures = 0;
    this.setUnlessTrying("unsaved");
    this.plan(wait);
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  save(options = {}) {
    clearTimeout(this.timer);
    return this.page.inTurn(() => this.attempt(options));
  }

  async attempt({ keepalive = false, secondTry = false } = {}) {
    if (WAITING_FOR_USER.has(this.state) || !this.dirty()) return;
    const content = this.content();
    this.renewToken(content);
    this.setUnlessTrying("saving");
    const response = await post(this.page.form, this.body(), { keepalive });
    const { status, answer } = response;
    if (status === 200 && answer.saved?.[this.key]) this.onSaved(content, answer);
    else if (status === 409 && answer.conflict?.[this.key]) this.onConflict(answer.conflict[this.key]);
    else if (status === 422 && answer.errors?.[this.key]) this.onInvalid(answer.errors[this.key]);
    else if (status === 401) await this.onSignedOut(answer, secondTry);
    else if ((status === 403 || status === 400) && !secondTry && (await csrfChanged(this.page, answer))) {
      await this.attempt({ keepalive, secondTry: true });
    } else this.onOther(status);
  }

  /** What is sent: this question, and the hidden fields that belong to the whole form. */
  body() {
    const body = new FormData();
    for (const shared of this.page.form.querySelectorAll("input[type=hidden]")) {
      if (!shared.closest("[data-question]")) body.append(shared.name, shared.value);
    }
    for (const [name, value] of this.entries()) body.append(name, value);
    for (const name of ["revision", "token"]) if (this.field(name)) body.append(`${this.key}-${name}`, this.field(name).value);
    return body;
  }

  /** The same content sent again carries the same token, so that the server can tell a repeat from a change. */
  renewToken(content) {
    if (this.sent !== null && this.sent !== content) this.setToken();
    this.sent = content;
  }

  setToken(value = randomToken()) {
    if (this.field("token")) this.field("token").value = value;
    this.sent = null;
  }

  setRevision(revision) {
    if (this.field("revision")) this.field("revision").value = revision;
  }

  onSaved(content, answer) {
    const saved = answer.saved[this.key];
    this.failures = 0;
    this.saved = content;
    if (String(saved.revision) !== this.field("revision")?.value) this.block.querySelector("[data-confirm]")?.remove(); // another answer: nothing left to confirm
    this.setRevision(saved.revision);
    this.setToken(answer.token?.[this.key]);
    showErrors(this.block, this.key, {});
    this.page.apply(answer);
    if (this.dirty()) { // typed on while the request was under way
      this.setState("unsaved");
      this.plan(PAUSE);
    } else this.setState("saved", { at: saved.at });
  }

  onConflict(found) {
    this.setState("conflict");
    const template = this.page.form.querySelector("[data-conflict-template]");
    const own = { yours: answerControls(this.block).find((control) => control.tagName === "TEXTAREA")?.value };
    this.panel = showPanel(template, this.block.querySelector("[data-conflict]"), { ...own, ...found }, (choice) => this.resolve(choice, found));
  }

  resolve(choice, found) {
    this.setRevision(found.revision);
    this.setToken();
    this.setState("unsaved");
    if (choice === "theirs") {
      takeTheirs(this.block, found.theirs_fields);
      this.saved = this.content();
      this.setState("saved", { at: found.at });
    } else {
      if (choice === "both") joinBoth(this.block, found.theirs_fields);
      this.saved = null; // also when both are alike: the new revision is ours
      this.save();
    }
    answerControls(this.block)[0]?.focus();
  }

  onInvalid(errors) {
    showErrors(this.block, this.key, errors);
    this.setState("invalid");
  }

  /** Signed out: perhaps the user is back by now, in another tab, with another CSRF token. */
  async onSignedOut(answer, secondTry) {
    if (!secondTry && (await csrfChanged(this.page, answer))) { await this.attempt({ secondTry: true }); return; }
    this.setState("signin", { link: answer.login_url || this.page.form.dataset.loginUrl });
    this.plan(SIGNED_OUT_RETRY);
  }

  onOther(status) {
    if (status === 428 || status === 400) this.setState("reload");
    else if (status >= 402 && status < 500 && status !== 408 && status !== 429) this.setState("refused");
    else {
      this.setState(status ? "failed" : "offline");
      this.plan(Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** this.failures));
      this.failures += 1;
    }
  }

  /** Bring the reader to what keeps this question from being saved. */
  show() {
    const target = this.state === "conflict" ? this.block.querySelector("[data-conflict-panel]")
      : this.block.querySelector("[aria-invalid=true]") ?? answerControls(this.block)[0];
    target?.focus();
    this.page.announce(this.text.textContent);
  }

  /** From here the plain form takes over. */
  settle() {
    clearTimeout(this.timer);
    this.saved = this.content();
  }

  setUnlessTrying(state) {
    if (!TRYING_AGAIN.has(this.state)) this.setState(state);
  }

  setState(state, { at = "", link = "" } = {}) {
    const texts = this.page.form.dataset;
    const text = (texts[`t${state[0].toUpperCase()}${state.slice(1)}`] ?? "").replace("{at}", at);
    if (state === this.state && this.text.textContent.startsWith(text)) return;
    this.state = state;
    this.status.dataset.state = state;
    this.text.replaceChildren(text);
    if (link) this.text.append(" ", signInLink(link, texts.tSigninLink));
    this.announceIfNews();
  }

  /** Speak of trouble, and of the first save (after trouble); not of every save. */
  announceIfNews() {
    const trouble = TRYING_AGAIN.has(this.state) || WAITING_FOR_USER.has(this.state);
    if (trouble || (this.state === "saved" && !this.announced)) this.page.announce(this.text.textContent);
    if (trouble || this.state === "saved") this.announced = !trouble;
  }
}

function signInLink(url, label) {
  const link = document.createElement("a");
  link.href = new URL(url, location.href).protocol.startsWith("http") ? url : "/";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = label;
  return link;
}

function randomToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
