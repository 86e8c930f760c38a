// Answers on their way to the server as they are given: kept in this browser until acknowledged, sent together,
// sent again when the network is back. Each change names the one it follows, so that what another tab or device
// has said since is never overwritten; see questionnaire/drafts.py. No clock takes part.

import { keysOf, newId, read, send, write } from "./store.js";

// Answers given within this time travel together: a respondent who answers briskly costs the server half as
// many writes. Until then they are in this browser, and leave with the page if it is closed.
const GATHER_MS = 1200;
const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
const TOGETHER = 30;

// `on` holds state(name): waiting, saving, saved, offline, unavailable; stale(entries); refused(outcome).
export class Keeper {
  constructor(url, token, on) {
    Object.assign(this, { url, token, on, writer: newId(), attempt: 0, paused: false, busy: [], kept: {} });
    // What a page that died has left behind goes first, in its order.
    this.queue = keysOf(`change:${token}:`).map(read).filter(Boolean).sort((one, other) => one.order - other.order);
    this.schedule(0);
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
  }

  // What the page shows: its stored answers under the changes that still wait. Also which changes a sending of
  // the page from elsewhere has overtaken.
  over(view, answers) {
    this.kept = { ...view.kept };
    const late = this.queue.filter((entry) => entry.page === view.code && entry.base_version < view.sent);
    late.forEach((entry) => this.remove(entry));
    const shown = { ...answers };
    for (const entry of this.waiting(view.code)) {
      if (entry.value === null) delete shown[entry.code];
      else shown[entry.code] = entry.value;
    }
    return { answers: shown, late };
  }

  waiting(page) {
    return this.queue.filter((entry) => entry.page === page);
  }

  change(view, code, value, seconds) {
    const before = this.waiting(view.code).filter((entry) => entry.code === code).pop();
    const replaced = before && before.writer === this.writer && !before.tried ? before : null;
    const follows = replaced ? replaced.follows : before ? before.id : this.kept[code] || "";
    if (replaced) this.remove(replaced);
    const last = this.queue[this.queue.length - 1];
    const entry = {
      id: newId(), follows, writer: this.writer, page: view.code, base_version: view.version, code, value, seconds,
      changes: replaced ? replaced.changes + 1 : 1, order: last ? last.order + 1 : 1,
    };
    this.queue.push(entry);
    write(this.key(entry), entry);
    this.on.state("waiting");
    if (this.attempt === 0) this.schedule(GATHER_MS);
  }

  // How often each answer was changed since the last change that was sent, for the step that sends the page.
  counts(page) {
    const counts = {};
    for (const entry of this.waiting(page)) {
      if (!this.busy.includes(entry)) counts[`${entry.code}.changes`] = (counts[`${entry.code}.changes`] || 0) + entry.changes;
    }
    return counts;
  }

  // The page's answers are stored as a whole: its single changes have nothing to add.
  drop(page) {
    this.queue.filter((entry) => page === undefined || entry.page === page).forEach((entry) => this.remove(entry));
  }

  pause(paused) {
    this.paused = paused;
    if (!paused) this.hurry();
  }

  hurry() {
    this.attempt = 0;
    this.schedule(0);
  }

  // The page goes away: one last send that outlives it. Sent before or after all is the same, by the ids.
  leave() {
    if (!this.queue.length || this.paused || !navigator.sendBeacon) return;
    navigator.sendBeacon(this.url, new Blob([JSON.stringify(this.message(this.queue.slice(0, TOGETHER)))], { type: "application/json" }));
  }

  schedule(wait) {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => { this.going = this.flush(); }, wait);
  }

  // Sends what waits, now; whether all of it has arrived.
  async settled() {
    await this.going;
    for (let before = Infinity; this.queue.length && this.queue.length < before;) {
      before = this.queue.length;
      this.going = this.flush();
      await this.going;
    }
    return !this.queue.length;
  }

  async flush() {
    if (this.busy.length || this.paused || this.closed || !this.queue.length) return;
    this.busy = this.queue.slice(0, TOGETHER);
    this.busy.forEach((entry) => { entry.tried = true; });
    this.on.state("saving");
    const { outcome, body } = await send(this.url, this.message(this.busy));
    const batch = this.busy;
    this.busy = [];
    if (outcome === "offline" || outcome === "unavailable") {
      if (this.queue.length) this.on.state(outcome);
      this.schedule(WAITS_MS[Math.min(this.attempt, WAITS_MS.length - 1)]);
      this.attempt += 1;
      return;
    }
    this.attempt = 0;
    const open = batch.filter((entry) => this.queue.includes(entry));
    batch.forEach((entry) => this.remove(entry));
    if (outcome !== "stored") {
      if (open.length) this.on.refused(outcome);
    } else {
      open.forEach((entry) => { this.kept[entry.code] = entry.id; });
      const stale = open.filter((entry) => (body.stale || []).includes(entry.id));
      if (stale.length) this.on.stale(stale);
      else if (open.length && !this.queue.length) this.on.state("saved");
    }
    this.schedule(this.queue.length ? GATHER_MS : 0);
  }

  message(entries) {
    return { token: this.token, changes: entries.map(({ order, tried, ...change }) => change) };
  }

  remove(entry) {
    this.queue = this.queue.filter((other) => other !== entry);
    write(this.key(entry), null);
  }

  key(entry) {
    return `change:${this.token}:${entry.id}`;
  }
}
