// One respondent's page in the browser: shows a view, keeps what is typed, sends a step, shows the next view.
// Everything that decides the way through the study is on the server; see questionnaire/journey.py.

import { Keeper } from "./keeping.js";
import { pressed } from "./keyboard.js";
import { mark, unmark } from "./marks.js";
import { answersIn, el, isBlank, render } from "./page.js";
import { partsOf } from "./parts.js";
import { deliver, newId, read, write } from "./store.js";

const mounted = new WeakMap();

const CONSENT_LAPSES_MS = 10 * 60 * 1000;

// `boot` is plain data: view, token (null for a newcomer), study, form, wave and base, the path from this page
// to the app's root. Mounting again with newer data updates the page in
// place; the same or older data leaves every element, and the focus, where they are.
export function mount(root, boot) {
  const survey = mounted.get(root);
  if (survey) survey.refresh(boot);
  else mounted.set(root, new Survey(root, boot));
  return () => {
    const current = mounted.get(root);
    if (current) current.close();
    mounted.delete(root);
  };
}

class Survey {
  constructor(root, boot) {
    this.boot = boot;
    this.token = boot.token;
    this.view = boot.view;
    // The Streamlit shell has a main landmark of its own around the component.
    this.page = el(root instanceof ShadowRoot ? "div" : "main", {});
    this.status = el("p", { class: "status", role: "status" });
    this.frame = el("div", { class: "survey" }, this.page, this.status);
    root.append(this.frame);
    this.onpop = () => this.visit(pageInUrl(), false);
    this.ononline = () => this.hasten();
    this.onhide = () => this.keeper && this.keeper.leave();
    window.addEventListener("popstate", this.onpop);
    window.addEventListener("online", this.ononline);
    window.addEventListener("pagehide", this.onhide);
    this.frame.addEventListener("keydown", (event) => { if (!this.sending) pressed(event, this.page); });
    if (this.token) this.keep();
    this.show(this.view, { focus: false });
    this.resend();
  }

  close() {
    window.removeEventListener("popstate", this.onpop);
    window.removeEventListener("online", this.ononline);
    window.removeEventListener("pagehide", this.onhide);
    if (this.keeper) this.keeper.close();
    this.frame.remove();
  }

  refresh(boot) {
    const newer = boot.token === this.token && boot.view.version > this.view.version;
    if (newer && !this.sending) this.show(boot.view, { focus: false });
  }

  // --- showing -------------------------------------------------------------------------------------

  show(view, { focus = true, said = "", state = "" } = {}) {
    this.view = view;
    this.asked = false;
    document.documentElement.lang = view.language;
    document.title = view.study_title;
    this.frame.lang = view.language;
    const { answers, late } = this.restored(view);
    this.answers = answers;
    this.shownAt = performance.now();
    this.times = {};
    this.page.replaceChildren(...render(view, this.answers, {
      change: (code, value) => this.change(code, value), next: () => this.next(),
      back: () => this.visit(view.index - 1, true), language: (code) => this.speak(code),
      receipts: new URL(`${this.boot.base}r/${encodeURIComponent(this.boot.study)}?lang=${view.language}`, document.baseURI).href,
    }));
    this.page.append(...partsOf(view, this).filter(Boolean));
    if (view.kind === "problem") this.say(view.words[view.reason], "problem", view.reason === "unavailable");
    else if (late.length) this.say(view.words.stale, "problem");
    else if (!said && view.kind === "page" && Object.keys(view.kept).length && !this.keeper.queue.length) this.kept("saved");
    else this.say(said || (view.kind === "page" && view.index === 0 ? view.words.draft : ""), state);
    if (["finished", "screened_out", "withdrawn"].includes(view.kind)) this.forget();
    if (focus) {
      window.scrollTo(0, 0);
      this.frame.scrollIntoView({ block: "start" });
      this.page.querySelector("h1").focus({ preventScroll: true });
    }
  }

  // What comes and goes with every answer is shown and not read out.
  say(text, state, retry = false, quiet = false) {
    this.status.dataset.state = state;
    this.status.setAttribute("aria-live", quiet ? "off" : "polite");
    this.status.replaceChildren(text);
    if (retry) {
      this.status.append(" ", el("button", { type: "button", class: "retry", onclick: () => this.again() }, this.view.words.retry));
    }
  }

  again() {
    if (this.sending || (this.keeper && this.keeper.queue.length)) this.hasten();
    else this.look(["page", "review"].includes(this.view.kind) ? { p: this.view.index + 1 } : {});
  }

  mark(problems) { mark(this.page, this.view, problems); }

  // --- answering -----------------------------------------------------------------------------------

  change(code, value) {
    if (isBlank(value)) delete this.answers[code];
    else this.answers[code] = value;
    this.times[code] = this.seconds();
    if (this.view.kind === "page") this.keeper.change(this.view, code, isBlank(value) ? null : value, this.times[code]);
    unmark(this.page, code);
  }

  keep() {
    this.keeper = new Keeper(this.url("drafts"), this.token, {
      state: (name) => this.kept(name), stale: (entries) => this.overtaken(entries),
      refused: (outcome) => this.say(this.view.words[outcome === "unknown" ? "unknown_token" : "refused"], "problem"),
    });
  }

  // Whether the answers on this page are saved, in words. A step on its way speaks for itself.
  kept(name) {
    if (this.sending) return;
    const words = this.view.words;
    if (name === "offline") this.say(words.waiting, "problem", true);
    else if (name === "unavailable") this.say(words.unavailable, "problem", true);
    else if (this.status.dataset.state !== "problem" || name === "saved") this.say(name === "saved" ? words.saved : words.saving, name === "saved" ? "saved" : "saving", false, true);
  }

  // Another tab or device has answered since: what it said is shown, and that it was.
  overtaken(entries) {
    if (this.view.kind === "page" && entries.some((entry) => entry.page === this.view.code)) {
      this.look({ p: this.view.index + 1 }, false, { said: this.view.words.stale, state: "problem" });
    }
  }

  restored(view) {
    const sent = answersIn(view);
    return this.keeper && view.kind === "page" ? this.keeper.over(view, sent) : { answers: sent, late: [] };
  }

  hasten() {
    if (this.hurry) this.hurry();
    if (this.keeper) this.keeper.hurry();
  }

  // --- stepping ------------------------------------------------------------------------------------

  next() {
    if (this.sending) return;
    if (this.view.kind === "consent") {
      if (this.answers.consent_level === undefined) return this.mark([{ code: "consent_level", reason: "required" }]);
      const { form, wave, panel, invitation } = this.boot;
      return this.step({ action: "consent", level: this.answers.consent_level, language: this.view.language, form, wave, panel, invitation });
    }
    const problems = this.view.entries.filter((entry) => isBlank(this.answers[entry.code])
      && (entry.required || (entry.kind === "rating" && !this.asked)))
      .map((entry) => ({ code: entry.code, reason: entry.required ? "required" : "unanswered" }));
    if (problems.length) {
      this.asked = true;
      return this.mark(problems);
    }
    const timings = { ...this.times, ...this.keeper.counts(this.view.code), shown: this.seconds() };
    return this.step({ action: "answers", page: this.view.index, answers: this.answers, timings, skip_unanswered: this.asked });
  }

  async speak(language) {
    if (this.sending || language === this.view.language) return;
    if (this.token) await this.step({ action: "language", language });
    else await this.look({ lang: language });
  }

  step(asked) {
    const step = { base_version: this.view.version, ...asked, submit_id: newId(), token: this.token };
    // Kept before it is sent: if the page dies now, the next one sends the same step again.
    write(this.pendingKey(), { step, page: this.view.code, at: Date.now() });
    return this.dispatch(step, this.view.code);
  }

  resend() {
    const pending = read(this.pendingKey());
    if (!pending) return;
    // An agreement that did not go out is not somebody else's agreement later on the same device.
    const lapsed = pending.step.action === "consent" && Date.now() - pending.at > CONSENT_LAPSES_MS;
    if (lapsed) write(this.pendingKey(), null);
    else this.dispatch(pending.step, pending.page);
  }

  async dispatch(step, page) {
    this.sending = true;
    if (this.keeper) this.keeper.pause(true);
    this.lock(true);
    this.say(this.view.words.saving, "saving");
    const tell = (outcome) => this.say(this.view.words[outcome === "offline" ? "not_saved" : "unavailable"], "problem", true);
    const result = await deliver(this.url("steps"), step, tell, (hurry) => { this.hurry = hurry; });
    write(this.pendingKey(), null);
    this.sending = false;
    this.lock(false);
    this.hurry = null;
    this.arrive(result, step, page);
    if (this.keeper) this.keeper.pause(false);
    return result.outcome;
  }

  arrive({ outcome, body }, step, page) {
    const words = this.view.words;
    if (outcome === "stored") {
      if (step.action === "consent") this.begun(body.token);
      if (step.action === "answers") this.keeper.drop(page);
      this.show(body.view, { said: body.view.words.saved, state: "saved" });
      this.address(step.action === "language");
    } else if (outcome === "stale" && body.view) {
      this.show(body.view, { said: body.view.words.stale, state: "problem" });
      this.address(true);
    } else if (outcome === "invalid") {
      this.asked = true;
      this.say("", "");
      this.mark(body.problems || []);
    } else {
      this.say(words[outcome === "unknown" ? "unknown_token" : "refused"], "problem");
    }
  }

  lock(busy) {
    this.frame.setAttribute("aria-busy", String(busy));
    for (const control of this.page.querySelectorAll("fieldset, .buttons button, .language")) control.disabled = busy;
  }

  // --- looking at another page ---------------------------------------------------------------------

  visit(index, push) {
    if (this.sending || !["page", "review"].includes(this.view.kind) || index === this.view.index) return;
    this.look({ p: index + 1 }, push);
  }

  // Reading changes nothing on the server, so Back and Forward need no step and cannot conflict.
  async look(query, push = false, saying = {}) {
    const who = this.token ? { t: this.token } : { i: this.boot.invitation };
    const parameters = new URLSearchParams({ lang: this.view.language, ...query, ...who });
    try {
      const response = await fetch(`${this.url("view")}?${parameters}`, { cache: "no-store" });
      const { view } = await response.json();
      if (!view || view.kind === "problem") throw new Error(String(response.status));
      this.show(view, saying);
      this.address(!push);
    } catch {
      this.say(this.view.words.offline, "problem", true);
    }
  }

  // --- addresses and keys --------------------------------------------------------------------------

  url(name) {
    return new URL(`${this.boot.base}api/${encodeURIComponent(this.boot.study)}/${name}`, document.baseURI).href;
  }

  address(replace) {
    if (!this.token) return;
    const url = new URL(window.location.href);
    url.searchParams.set("t", this.token);
    if (["page", "review"].includes(this.view.kind)) url.searchParams.set("p", this.view.index + 1);
    else url.searchParams.delete("p");
    if (replace || url.href === window.location.href) window.history.replaceState({}, "", url);
    else window.history.pushState({}, "", url);
  }

  pendingKey() { return `pending:${this.token || this.boot.study}`; }

  begun(token) {
    write(this.pendingKey(), null);
    this.token = token;
    this.keep();
    write(`begun:${this.boot.study}`, token);
  }

  forget() {
    if (this.keeper) this.keeper.drop();
    if (read(`begun:${this.boot.study}`) === this.token) write(`begun:${this.boot.study}`, null);
  }

  addressOf(token) {
    const url = new URL(window.location.href);
    url.searchParams.set("t", token);
    return url.href;
  }

  seconds() {
    return Math.round((performance.now() - this.shownAt) / 10) / 100;
  }
}

const pageInUrl = () => (Number(new URLSearchParams(window.location.search).get("p")) || 1) - 1;
